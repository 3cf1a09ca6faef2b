"""Exact search over unit vectors, on disk and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.encoder import Vectors
from index.vectors import VectorIndex


def random(rows: int, dimension: int = 16) -> Vectors:
    made = np.random.default_rng(7).normal(size=(rows, dimension)).astype(np.float32)
    return np.asarray(made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-6), dtype=np.float32)


@pytest.mark.parametrize("rows", [0, 1, 2, 300])
def test_every_score_is_the_inner_product_in_the_order_given(tmp_path: Path, rows: int) -> None:
    vectors, question = random(rows), random(5)[4]
    VectorIndex.of(vectors, 16).save(tmp_path / "it.faiss")
    index = VectorIndex.load(tmp_path / "it.faiss")
    assert len(index) == rows
    scores = index.scores(question)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, vectors @ question, atol=1e-5)
