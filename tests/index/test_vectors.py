"""Search over unit vectors, on disk and back: exact for few, approximate for many, and the same in parts."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks.vector_stores import clustered
from index.encoder import Vectors
from index.vectors import EXACT, ByteIndex, ClusteredIndex, ExactIndex, VectorIndex, index_of, load_index, save_index

SIZE = 16


def random(rows: int, dimension: int = SIZE, seed: int = 7) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(rows, dimension)))


def unit(rows: NDArray[np.floating[Any]]) -> Vectors:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), dtype=np.float32)


@pytest.mark.parametrize("rows", [0, 1, 2, 300])
def test_every_score_is_the_inner_product_in_the_order_given(tmp_path: Path, rows: int) -> None:
    vectors, question = random(rows), random(5)[4]
    save_index(index_of(vectors, SIZE), tmp_path / "it.faiss")
    index = load_index(tmp_path / "it.faiss")
    assert index.is_exact
    assert len(index) == rows
    scores = index.scores(question)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, vectors @ question, atol=1e-5)


def same_as_numpy(index: VectorIndex, vectors: Vectors, question: Vectors, count: int, atol: float = 1e-5) -> None:
    """An index of few vectors finds what sorting all products finds, but for ties."""
    products = vectors @ question
    places, scores = index.search(question, count)
    assert len(set(places.tolist())) == len(places) == min(count, len(vectors))
    np.testing.assert_allclose(scores, products[places], atol=atol)
    np.testing.assert_allclose(scores, -np.sort(-products)[:count], atol=atol)
    np.testing.assert_allclose(index.scores(question), products, atol=atol)
    some = np.flatnonzero(products > 0)[::-1]
    np.testing.assert_allclose(index.scores(question, some), products[some], atol=atol)
    np.testing.assert_allclose(index.at(some).scores(question), products[some], atol=atol)
    among, _ = index.search(question, count, lambda found: found % 2 == 0)
    evens = np.arange(0, len(vectors), 2)
    np.testing.assert_allclose(products[among], -np.sort(-products[evens])[:count], atol=atol)


@given(rows=st.integers(0, 120), count=st.integers(1, 150), seed=st.integers(0, 2**32 - 1))
def test_an_exact_index_agrees_with_numpy(rows: int, count: int, seed: int) -> None:
    vectors, question = random(rows, seed=seed), random(1, seed=seed + 1)[0]
    same_as_numpy(index_of(vectors, SIZE), vectors, question, count)


@given(rows=st.integers(0, 120), count=st.integers(1, 150), seed=st.integers(0, 2**32 - 1))
def test_an_index_of_rounded_vectors_agrees_with_numpy(rows: int, count: int, seed: int) -> None:
    vectors, question = random(rows, seed=seed), random(1, seed=seed + 1)[0]
    with TemporaryDirectory() as folder:
        ByteIndex.write(vectors, Path(folder) / "it.npy")
        index = ByteIndex(Path(folder) / "it.npy")
    # The file is gone by now, as that of a generation that was pruned while it served.
    same_as_numpy(index, vectors, question, count, atol=6e-3)
    kept = (np.random.default_rng(seed).random(rows) < 0.3).tolist()
    same_as_numpy(index.only(kept), vectors[kept], question, count, atol=6e-3)


def test_a_vector_of_nothing_is_near_nothing(tmp_path: Path) -> None:
    """As the only phrasing of a language is, centred."""
    vectors = random(3)
    vectors[1] = 0
    ByteIndex.write(vectors, tmp_path / "it.npy")
    assert ByteIndex(tmp_path / "it.npy").scores(vectors[0])[1] == 0


def test_an_index_of_rounded_vectors_stays_in_its_file(tmp_path: Path) -> None:
    vectors, path = random(40_000, 384), tmp_path / "it.npy"
    ByteIndex.write(vectors, path)
    before = psutil.Process().memory_info().rss
    index = ByteIndex(path)
    some = np.array([39_999, 5, 700, 5])
    np.testing.assert_allclose(index.scores(vectors[5], some), vectors[some] @ vectors[5], atol=2e-3)
    for start in range(0, 40_000, 400):  # all are looked at, some at a time
        index.scores(vectors[5], np.arange(start, start + 20))
    assert psutil.Process().memory_info().rss - before < vectors.nbytes / 8


@given(rows=st.integers(2, 79), count=st.integers(1, 150), seed=st.integers(0, 2**32 - 1))
def test_part_of_an_index_agrees_with_numpy(rows: int, count: int, seed: int) -> None:
    """So few are one cluster, of which nothing is left out."""
    vectors, question = random(rows, seed=seed), random(1, seed=seed + 1)[0]
    kept = np.random.default_rng(seed).random(rows) < 0.3
    part = ClusteredIndex.of(vectors, SIZE).only(kept.tolist())
    assert not part.is_exact
    same_as_numpy(part, vectors[kept], question, count, atol=2e-3)  # at half precision
    both = [place % 2 == 0 for place in range(len(part))]
    same_as_numpy(part.only(both), vectors[kept][both], question, count, atol=2e-3)


@pytest.fixture(scope="module")
def many() -> Vectors:
    """One more vector than are searched exactly, and a hundred to ask for."""
    return clustered(EXACT + 101, 384)


@pytest.fixture(scope="module")
def large(many: Vectors, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    path = tmp_path_factory.mktemp("large") / "it.faiss"
    save_index(index_of(many[:-100], 384), path)
    assert path.stat().st_size < 0.6 * many.nbytes
    return load_index(path)


def test_the_type_of_an_index_goes_by_its_size(many: Vectors, large: VectorIndex) -> None:
    assert isinstance(index_of(many[:EXACT], 384), ExactIndex)
    assert isinstance(large, ClusteredIndex)
    assert len(large) == EXACT + 1


def recall(index: VectorIndex, vectors: Vectors, questions: Vectors, count: int = 20) -> float:
    """Of the nearest vectors, how many are found."""
    found = 0
    for question in questions:
        nearest = np.argpartition(-(vectors @ question), count)[:count]
        found += len(set(nearest.tolist()) & set(index.search(question, count)[0].tolist()))
    return found / count / len(questions)


def test_above_the_bound_nearly_all_of_the_nearest_are_found(many: Vectors, large: VectorIndex) -> None:
    assert recall(large, many[:-100], many[-100:]) >= 0.98


def test_a_large_index_scores_at_half_precision(many: Vectors, large: VectorIndex) -> None:
    question, places = many[-1], np.array([EXACT, 7, 7, 0])
    np.testing.assert_allclose(large.scores(question, places), many[places] @ question, atol=1e-3)


def test_what_is_wanted_is_found_however_rare(many: Vectors, large: VectorIndex) -> None:
    rare = {int(place) for place in np.argsort(many[:-100] @ many[-1])[-2000:-1900]}
    places, _ = large.search(many[-1], 20, lambda found: np.isin(found, list(rare)))
    assert len(places) == 20
    assert set(places.tolist()) <= rare


def test_the_same_vectors_give_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "other"):
        save_index(ClusteredIndex.of(clustered(3000, SIZE), SIZE), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
