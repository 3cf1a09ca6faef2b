"""A recorded quotation shown where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.context import in_context
from assistant.desk import Desk
from assistant.models import Enquiry


@pytest.fixture(scope="module")
def recorded(desk: Desk) -> list[dict[str, Any]]:
    """The citations of a reply as the record keeps them."""
    reply = desk.reply(Enquiry(question="最初に署名した都市はどこですか？"))
    citations: list[dict[str, Any]] = reply.model_dump(mode="json")["citations"]
    return citations


def test_a_quotation_is_found_with_its_neighbours(desk: Desk, recorded: list[dict[str, Any]]) -> None:
    first, *_ = in_context(recorded, desk.generation, "ja")
    assert first.citation.quote in first.passage.text
    assert first.before is not None
    assert first.after is not None
    assert first.before.start < first.passage.start < first.after.start
    assert first.before.headings == first.passage.headings == first.after.headings


def test_the_faq_entry_has_no_context(desk: Desk, recorded: list[dict[str, Any]]) -> None:
    assert recorded[-1]["kind"] == "faq"
    assert all(context.citation.kind != "faq" for context in in_context(recorded, desk.generation, "ja"))


def test_the_source_is_named_in_the_reader_s_language(desk: Desk, recorded: list[dict[str, Any]]) -> None:
    (english, *_), (japanese, *_) = (in_context(recorded, desk.generation, language) for language in ("en", "ja"))
    assert english.citation.source == "Press release, City of Yokohama"
    assert japanese.citation.source == "記者発表資料、横浜市"


def test_neighbours_are_of_the_same_section(desk: Desk) -> None:
    """A footnote of one paragraph has none."""
    reply = desk.reply(Enquiry(question="What is CityNet?")).model_dump(mode="json")
    footnote = next(c for c in in_context(reply["citations"], desk.generation, "en") if "※ 3" in c.passage.headings[0])
    assert (footnote.before, footnote.after) == (None, None)


@pytest.mark.parametrize("changes", [{"quote": "Words that stand nowhere."}, {"document": "gone"}], ids=str)
def test_what_no_longer_stands_is_left_out(desk: Desk, recorded: list[dict[str, Any]], changes: dict[str, str]) -> None:
    assert in_context([recorded[0] | changes], desk.generation, "en") == []
