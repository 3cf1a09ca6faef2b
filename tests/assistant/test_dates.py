"""Relative dates in a document are shown with the year that they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assistant.dates import day, explain_relative_dates, local_day, minute, published
from corpus.models import Authority, Document, Kind


def document(when: str | None) -> Document:
    return Document(id="it", file="it.md", kind=Kind.OTHER, authority=Authority.OFFICIAL, title="It", language="ja",
                    published=when)  # fmt: skip


@pytest.mark.parametrize(
    ("when", "quote", "years"),
    [
        ("2025-11", "横浜市は、来年度、会議名称を変更します。", ["2026年度（2026年4月～2027年3月）"]),
        ("2026-02", "来年度から変更します。", ["2026年度（2026年4月～2027年3月）"]),
        ("2026-03-31", "来年度から変更します。", ["2026年度（2026年4月～2027年3月）"]),
        ("2026-04-01", "来年度から変更します。", ["2027年度（2027年4月～2028年3月）"]),
        ("2025-11", "今年度の予算です。", ["2025年度（2025年4月～2026年3月）"]),
        ("2026-01", "本年度の予算です。", ["2025年度（2025年4月～2026年3月）"]),
        ("2025-11", "昨年度の実績です。", ["2024年度（2024年4月～2025年3月）"]),
        ("2025-11", "再来年度に行います。", ["2027年度（2027年4月～2028年3月）"]),
        ("2025-11", "今年で 14 回目。", ["2025年"]),
        ("2025", "来年行います。", ["2026年"]),
        ("2025-11", "昨年始まり、来年終わります。", ["2024年", "2026年"]),
        ("2025-11", "再来年です。", ["2027年"]),
        ("2025-11", "Next year the sum is raised.", ["2026年"]),
        ("2025-11", "in the next fiscal year", ["2026年度（2026年4月～2027年3月）"]),
        ("2025-11", "this year and last year", ["2025年", "2024年"]),
        ("2025-11", "来年度、そして来年度も。", ["2026年度（2026年4月～2027年3月）"]),
        ("2025-11", "2026年度から変更します。", []),
        ("2025-11", "毎年行います。", []),
        ("2025", "来年度から変更します。", []),
        (None, "来年度から変更します。", []),
        ("2025-11", "", []),
    ],
)
def test_each_relative_date_is_explained_once(when: str | None, quote: str, years: list[str]) -> None:
    lines = explain_relative_dates(quote, document(when), "ja")
    assert len(lines) == len(years)
    for line, year in zip(lines, years, strict=True):
        assert year in line


def test_the_explanation_is_in_the_reader_s_language_and_names_the_words() -> None:
    (english,) = explain_relative_dates("来年度から変更します。", document("2025-11"), "en")
    assert "来年度" in english
    assert "fiscal 2026 (April 2026 to March 2027)" in english
    (japanese,) = explain_relative_dates("来年度から変更します。", document("2025-11"), "ja")
    assert "「来年度」" in japanese


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        ("2025-11", "en", "November 2025"),
        ("2025-11", "ja", "2025年11月"),
        ("2025", "en", "2025"),
        ("2025", "ja", "2025年"),
        ("2025-11-26", "en", "November 26, 2025"),
        ("2025-11-26", "ja", "2025年11月26日"),
        (None, "en", ""),
    ],
)
def test_a_date_is_shown_as_whole_as_it_is_known(value: str | None, language: str, shown: str) -> None:
    assert published(value, language) == shown


def test_a_day_and_a_minute_are_those_of_a_place() -> None:
    moment = datetime(2026, 11, 28, 16, 3, tzinfo=UTC)
    assert local_day(moment, "Asia/Tokyo") == date(2026, 11, 29)
    assert minute(moment, "Asia/Tokyo", "en") == "29 Nov 2026 01:03"
    assert minute(moment, "Asia/Tokyo", "ja") == "2026年11月29日 01:03"
    assert minute(moment, "Asia/Kathmandu", "en") == "28 Nov 2026 21:48"


def test_a_day_is_never_written_in_figures_alone() -> None:
    """3/4 is a day in March to some and in April to others."""
    assert day(date(2026, 4, 3), "en") == "3 Apr 2026"
    assert day(date(2026, 4, 3), "ja") == "2026年4月3日"
