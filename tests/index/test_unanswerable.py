"""Unanswerable: what the index learns from questions that no entry answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from assistant.languages import SUPPORTED
from benchmarks.fit_evidence import CALIBRATION
from corpus.catalogue import Corpus
from corpus.faq import Faq
from index.encoder import Encoder, Vectors
from index.generation import Generation
from index.golden import read_golden
from index.search import Searcher
from index.unanswerable import near_misses, off_topic, still_unanswered, unanswerable

OFF_TOPIC = off_topic(most=10**6)


@pytest.fixture(scope="module")
def near(corpus: Corpus) -> list[tuple[str, str]]:
    return list(chain.from_iterable(near_misses({entry.id: 10**6 for entry in corpus.faq.entries})))


def test_off_topic_has_as_many_in_each_language_that_the_desk_speaks() -> None:
    """But for a few that two writers thought of."""
    counts = Counter(language for language, _ in OFF_TOPIC)
    assert set(counts) == set(SUPPORTED)
    assert max(counts.values()) - min(counts.values()) <= 2


def test_every_entry_that_answers_has_near_misses_and_every_language_has_many(
    corpus: Corpus, near: list[tuple[str, str]]
) -> None:
    for entry in corpus.faq.entries:
        assert bool(near_misses({entry.id: 1})) is not entry.gap, entry.id
    assert set(Counter(language for language, _ in near)) == set(SUPPORTED)
    assert min(Counter(language for language, _ in near).values()) > 100


def test_each_is_there_once_and_is_no_phrasing_nor_what_models_are_fitted_to_or_judged_by(
    corpus: Corpus, near: list[tuple[str, str]]
) -> None:
    texts = [text for _, text in (*OFF_TOPIC, *near)]
    assert len(set(texts)) == len(texts)
    phrasings = {text for entry in corpus.faq.entries for _, text in entry.phrasings()}
    golden = {golden.question for golden in (*read_golden(), *read_golden(sorted(CALIBRATION.glob("*.jsonl"))))}
    assert set(texts) & (golden | phrasings) == set()


def test_few_are_of_all_languages_or_none() -> None:
    assert Counter(language for language, _ in off_topic(most=40)) == dict.fromkeys(SUPPORTED, 2)
    assert off_topic(most=15) == []
    (near,) = near_misses({"citynet-seat": 10, "no-such-entry": 10})
    assert len({language for language, _ in near}) == 10


def test_a_small_faq_is_not_drowned() -> None:
    assert unanswerable({"citynet-seat": 100}) == []
    strange, near = unanswerable({"citynet-seat": 60, "joining-fee": 100})
    assert (len(strange), len(near)) == (16, 12)


@pytest.mark.parametrize(
    ("question", "language", "kind", "likely"),
    [
        ("When does the swimming pool open?", "en", "off_topic", True),
        ("手機照片怎麼傳到電腦?", "zh-Hant", "off_topic", True),
        ("Whom do I contact about the declaration?", "en", "off_topic", False),
        ("宣言に加わるにはどうすればいいですか", "ja", "off_topic", False),
        ("UCLG membership total?", "en", "near_miss", True),
        ("How many members has CityNet, please?", "en", "near_miss", False),
        ("서명식 사진을 찍은 사진작가가 누구예요?", "ko", "near_miss", True),
        ("어느 도시가 가장 먼저 서명했는지 알려 주세요", "ko", "near_miss", False),
        ("circularcitiesdeclaration.euの最終更新日はいつでしょうか", "ja", "near_miss", True),
    ],
)
def test_a_question_that_no_entry_answers_is_known_for_what_it_is(
    searcher: Searcher, question: str, language: str, kind: str, *, likely: bool
) -> None:
    """Near misses of calibration, from which nothing is learnt."""
    assert (getattr(searcher.search(question, language), kind) > -1) is likely


def test_what_an_entry_that_staff_approved_answers_is_no_near_miss_any_more(
    encoder: Encoder, near: list[tuple[str, str]]
) -> None:
    def vectors(*questions: str) -> Vectors:
        encoded = np.concatenate([encoder.encode_query([question]) for question in questions])
        return np.asarray(encoded - middle, dtype=np.float32)

    middle = encoder.encode_query([question for language, question in near if language == "en"]).mean(axis=0)
    strange = vectors(
        "How many members has UCLG?", "Does CityNet pay a salary?", "Where is the seat of CityNet's bank?"
    )
    strange /= np.linalg.norm(strange, axis=1, keepdims=True)
    asked = vectors("What is the number of UCLG's members?", "Where is the seat of CityNet?")
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    assert still_unanswered(strange, asked, np.array([True, False])).tolist() == [False, True, True]
    assert still_unanswered(strange, asked, np.array([False, False])).all()
    assert not still_unanswered(strange[:1], asked[:1], np.array([True])).any()


def test_where_no_entry_is_in_force_nothing_is_off_topic(generation: Generation, encoder: Encoder) -> None:
    none = np.zeros(len(generation.faq.entries), dtype=bool)
    others = generation.classifier.size - len(none)
    without = replace(
        generation,
        faq=Faq(),
        phrasings=generation.phrasings.only(none),
        classifier=generation.classifier.only(np.pad(none, (0, others), constant_values=True)),
        faq_lexical={},
    )
    findings = Searcher(without, encoder).search("What is CityNet?", "en")
    assert (findings.off_topic, findings.near_miss) == (-4, -4)
