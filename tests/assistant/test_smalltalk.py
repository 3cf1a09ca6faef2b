"""Courtesy gets help; a question that comes with courtesy is still a question."""

from __future__ import annotations

import pytest

from assistant.languages import SUPPORTED, identify, spoken_before
from assistant.messages import smalltalk_phrases
from assistant.smalltalk import is_smalltalk, smalltalk_language

COURTESY = [
    "hello",
    "Hello!",
    "HI",
    "ｈｅｌｌｏ",
    "hi there :)",
    "Thank you very much!",
    "thanks, that was helpful",
    "Hello, good morning!",
    "what can you do?",
    "Help",
    "help me please",
    "who are you",
    "こんにちは",
    "こんにちは！何ができますか？",
    "ありがとうございます。",
    "お世話になっております。よろしくお願いいたします。",
    "使い方を教えてください",
    "助けて",
    "?",
    "…",
    "🙂",
    "👍👍",
]
QUESTIONS = [
    "Hello, how do we join?",
    "Thanks! What is CityNet?",
    "help us join the declaration",
    "What is this declaration?",
    "how does this work for prefectures",
    "hit",
    "Who are your members?",
    "great cities",
    "こんにちは、参加するにはどうすればいいですか？",
    "ありがとう。費用は？",
    "これは何の宣言ですか",
    "使い方を定めたロゴの規則は？",
    "ok 2025",
    "5",
    "fee",
    "費用",
]


@pytest.mark.parametrize("text", COURTESY)
def test_courtesy_and_calls_for_help_are_smalltalk(text: str) -> None:
    assert is_smalltalk(text)


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_no_smalltalk_however_polite(text: str) -> None:
    assert not is_smalltalk(text)


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_language_has_phrases_and_each_is_known(language: str) -> None:
    phrases = smalltalk_phrases(language)
    assert len(phrases) >= 20
    assert [phrase for phrase in phrases if not is_smalltalk(phrase)] == []
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize(
    ("text", "thread", "language"),
    [
        ("謝謝", [], "zh-Hant"),
        ("Halo", [], "id"),
        ("नमस्कार", ["कुन सहर पहिलो हो?"], "ne"),
        ("नमस्कार", [], "hi"),
        ("hello", ["会議の名称は？"], "ja"),
        ("ありがとう", ["Which city signed first?"], "ja"),
    ],
)
def test_a_courtesy_is_returned_in_its_language(text: str, thread: list[str], language: str) -> None:
    spoken = identify(text, thread)
    assert smalltalk_language(text, spoken, spoken_before(thread)) == language


@pytest.mark.parametrize("text", ["hello " * 300, "ー" * 2000, "a" * 2000])
def test_a_long_text_is_told_quickly(text: str) -> None:
    assert not is_smalltalk(text)
