"""Off topic: what the index learns from questions about other things."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from assistant.languages import SUPPORTED
from corpus.faq import Faq
from index.encoder import Encoder
from index.generation import Generation
from index.golden import read_golden
from index.off_topic import off_topic
from index.search import Searcher

ALL = off_topic(most=10**6)


def test_there_are_as_many_in_each_language_that_the_desk_speaks() -> None:
    counts = Counter(language for language, _ in ALL)
    assert set(counts) == set(SUPPORTED)
    assert len(set(counts.values())) == 1


def test_each_is_there_once_and_is_no_golden_question() -> None:
    texts = [text for _, text in ALL]
    assert len(set(texts)) == len(texts)
    assert not {golden.question for golden in read_golden()} & set(texts)


def test_few_are_of_all_languages_or_none() -> None:
    assert Counter(language for language, _ in off_topic(most=40)) == dict.fromkeys(SUPPORTED, 2)
    assert off_topic(most=15) == []


@pytest.mark.parametrize(
    ("question", "language", "likely"),
    [
        ("When does the swimming pool open?", "en", True),
        ("手機照片怎麼傳到電腦?", "zh-Hant", True),
        ("Whom do I contact about the declaration?", "en", False),
        ("宣言に加わるにはどうすればいいですか", "ja", False),
    ],
)
def test_a_question_is_known_to_be_about_something_else(
    searcher: Searcher, question: str, language: str, *, likely: bool
) -> None:
    assert (searcher.search(question, language).off_topic > -1) is likely


def test_where_no_entry_is_in_force_nothing_is_off_topic(generation: Generation, encoder: Encoder) -> None:
    none = np.zeros(len(generation.faq.entries), dtype=bool)
    without = replace(
        generation,
        faq=Faq(),
        phrasings=generation.phrasings.only(none),
        classifier=generation.classifier.only(np.append(none, True)),
        faq_lexical={},
    )
    assert Searcher(without, encoder).search("What is CityNet?", "en").off_topic == -4
