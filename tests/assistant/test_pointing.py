"""Questions that lean on the one before them, and questions that stand alone."""

from __future__ import annotations

import pytest

from assistant.languages import SUPPORTED
from assistant.messages import pointing_phrases
from assistant.pointing import context, leans_on_thread


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "When was that?"),
        ("en", "And how much does it cost?"),
        ("ja", "それはいつですか"),
        ("ja", "では費用は？"),
        ("ko", "그곳은 어디인가요?"),
        ("zh-Hans", "那费用呢？"),
        ("th", "แล้วค่าใช้จ่ายล่ะ"),
        ("hi", "उसका मुख्यालय कहाँ है?"),
        ("vi", "Còn chi phí thì sao?"),
    ],
)
def test_a_question_that_points_back_leans(language: str, question: str) -> None:
    assert leans_on_thread(question, language)


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Which city signed first?"),
        ("en", "Italy and Italian cities"),
        ("ja", "参加費用はいくらですか"),
        ("hi", "मुख्यालय कहाँ है?"),
        ("hi", "वहाँगीर कौन है?"),
        ("th", "ค่าใช้จ่ายเท่าไร"),
        ("en", ""),
        ("ja", "？"),
    ],
)
def test_a_question_that_stands_alone_does_not(language: str, question: str) -> None:
    assert not leans_on_thread(question, language)


def test_what_points_at_the_beginning_only_does_not_elsewhere() -> None:
    assert leans_on_thread("And the fee?", "en")
    assert not leans_on_thread("fee and deadline", "en")


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_language_has_words_that_point_back(language: str) -> None:
    phrases = pointing_phrases(language)
    assert len(phrases) >= 10
    assert [phrase for phrase in phrases if not leans_on_thread(phrase.removesuffix("…"), language)] == []


@pytest.mark.parametrize(
    ("history", "leant_on"),
    [
        ((), ""),
        (("Where is ASCC held?",), "Where is ASCC held?"),
        (("Where is ASCC held?", "Who signed first?"), "Who signed first?"),
        (("Where is ASCC held?", "And what is its theme?"), "Where is ASCC held? And what is its theme?"),
        (("Who signed first?", "And when?", "And what is its theme?"), "And when? And what is its theme?"),
    ],
)
def test_what_a_question_leans_on_comes_with_what_that_leans_on(history: tuple[str, ...], leant_on: str) -> None:
    assert context(history, "en") == leant_on
