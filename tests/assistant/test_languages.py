"""The question's language decides the reply's."""

from __future__ import annotations

import pytest

from assistant.languages import FALLBACK, SUPPORTED, identify


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Which city signed first?", "en"),
        ("最初に署名した都市はどこですか？", "ja"),
        ("参加費用", "ja"),
        ("署名都市 一覧", "ja"),
        ("法的効力", "ja"),
        ("目的", "ja"),
        ("国際的評価", "ja"),
        ("行為者一覧", "ja"),
        ("会議終了時刻", "ja"),
        ("ﾖｺﾊﾏｼ", "ja"),
        ("CityNetとは", "ja"),
        ("CityNet 本部", "ja"),
        ("ASCC 2025", "en"),
        ("What does 来年度 mean in the press release?", "en"),
        ("哪个城市第一个签署？", "en"),
        ("如何加入宣言？", "en"),
        ("宣言是什麼？", "en"),
        ("有多少城市參加了？", "en"),
        ("เมืองใดลงนามเป็นเมืองแรก", "en"),
        ("မည်သည့်မြို့", "en"),
        ("Thành phố nào ký đầu tiên?", "en"),
        ("कौन सा शहर?", "en"),
        ("도시", "en"),
        ("?", "en"),
        ("", "en"),
        ("12345", "en"),
    ],
)  # fmt: skip
def test_a_question_s_language_is_known_by_its_script(question: str, language: str) -> None:
    assert identify(question) == language


@pytest.mark.parametrize(
    ("question", "thread", "language"),
    [
        ("ASCC?", ["会議の名称は？"], "ja"),
        ("2025?", ["会議はいつですか？", "ASCC?"], "ja"),
        ("ASCC?", ["What is the conference called?"], "en"),
        ("And where?", ["会議の名称は？"], "en"),
        ("どこですか？", ["What is CityNet?"], "ja"),
        ("2025?", [], "en"),
        ("?", ["!", "2025"], "en"),
    ],
)
def test_a_follow_up_without_words_is_in_its_thread_s_language(question: str, thread: list[str], language: str) -> None:
    assert identify(question, thread) == language


def test_what_the_desk_does_not_speak_is_answered_in_english() -> None:
    assert FALLBACK == "en"
    assert set(SUPPORTED) >= {"en", "ja"}
