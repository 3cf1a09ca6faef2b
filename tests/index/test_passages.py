"""Passages beside a question: a large index finds the best that comparing all finds, and scores them alike."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.vector_stores import clustered
from index.encoder import Vectors
from index.passages import Beside, PassageVectors
from index.vectors import ClusteredIndex, ExactIndex
from tests.index.test_vectors import unit

SIZE = 64
PASSAGES = 6000
ANY = np.ones(PASSAGES, dtype=bool)
NONE = np.zeros(0, dtype=np.int64)


@pytest.fixture(scope="module")
def counts() -> list[int]:
    """How many sentences each passage has; some have none."""
    return [int(count) for count in np.random.default_rng(1).integers(0, 6, PASSAGES)]


@pytest.fixture(scope="module")
def vectors(counts: list[int]) -> tuple[Vectors, Vectors]:
    """Of paragraphs, and of sentences that are about what their paragraph is about."""
    paragraphs = clustered(PASSAGES, SIZE)
    owners = np.repeat(np.arange(PASSAGES), counts)
    strays = np.random.default_rng(2).standard_normal((len(owners), SIZE)) / SIZE**0.5
    return paragraphs, unit(paragraphs[owners] + 0.7 * strays)


@pytest.fixture(scope="module")
def exact(vectors: tuple[Vectors, Vectors], counts: list[int]) -> PassageVectors:
    return PassageVectors(ExactIndex.of(vectors[0], SIZE), ExactIndex.of(vectors[1], SIZE), counts)


@pytest.fixture(scope="module")
def large(vectors: tuple[Vectors, Vectors], counts: list[int]) -> PassageVectors:
    return PassageVectors(ClusteredIndex.of(vectors[0], SIZE), ClusteredIndex.of(vectors[1], SIZE), counts)


QUESTIONS = unit(clustered(PASSAGES, SIZE)[:40] + 0.1 * clustered(40, SIZE, seed=3))


def best(beside: Beside, eligible: NDArray[np.bool_] = ANY) -> list[int]:
    order = [place for place in beside.places[np.argsort(-beside.scores)].tolist() if eligible[place]]
    return order[:20]


def test_what_is_compared_is_the_mean_of_paragraph_and_best_sentence(
    exact: PassageVectors, vectors: tuple[Vectors, Vectors], counts: list[int]
) -> None:
    beside = exact.beside(QUESTIONS[0], ANY, NONE)
    first = 0
    for row, count in enumerate(counts):
        sentences = vectors[1][first : first + count] @ QUESTIONS[0]
        np.testing.assert_allclose(beside.sentences_of(row), sentences, atol=1e-5)
        paragraph = vectors[0][row] @ QUESTIONS[0]
        assert beside.cosines[row] == pytest.approx((paragraph + max(sentences, default=-1)) / 2, abs=1e-5)
        first += count
    assert abs(beside.scores.mean()) < 1e-3
    assert beside.scores.std() == pytest.approx(1, abs=1e-3)


def test_a_large_index_finds_the_same_and_scores_it_alike(exact: PassageVectors, large: PassageVectors) -> None:
    found = 0
    for question in QUESTIONS:
        all_, some = exact.beside(question, ANY, NONE), large.beside(question, ANY, NONE)
        assert len(some.places) < PASSAGES / 5
        found += len(set(best(all_)) & set(best(some)))
        row = {place: row for row, place in enumerate(some.places.tolist())}
        for place in set(best(all_)) & row.keys():
            assert some.scores[row[place]] == pytest.approx(all_.scores[place], abs=0.35)
            np.testing.assert_allclose(some.sentences_of(row[place]), all_.sentences_of(place), atol=2e-3)
    assert found >= 0.98 * 20 * len(QUESTIONS)


def test_passages_that_may_not_be_shown_crowd_none_out(exact: PassageVectors, large: PassageVectors) -> None:
    for question in QUESTIONS[:10]:
        nearest = exact.beside(question, ANY, NONE)
        eligible = ANY.copy()
        eligible[nearest.places[np.argsort(-nearest.scores)][:2000]] = False
        assert len(best(large.beside(question, eligible, NONE), eligible)) == 20


def test_passages_that_are_likely_for_another_reason_are_compared_too(large: PassageVectors) -> None:
    likely = np.array([5, 4000, 17], dtype=np.int64)
    assert set(likely.tolist()) <= set(large.beside(QUESTIONS[0], ANY, likely).places.tolist())
