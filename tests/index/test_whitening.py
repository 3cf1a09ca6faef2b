"""Whitening: what varies within a group counts for less, what tells groups apart for more."""

from __future__ import annotations

import numpy as np
import pytest

from index.encoder import Vectors
from index.whitening import whiten, whitening

GROUPS = np.array([0, 0, 0, 1, 1, 1], dtype=np.int64)


@pytest.fixture
def vectors() -> Vectors:
    """Two groups, apart by a little in x; in each, much varies in y, the manner of asking."""
    rows = [(0.3, 0.9, 0.1), (0.3, -0.8, 0.1), (0.3, 0.1, 0.1), (-0.3, 0.8, 0.1), (-0.3, -0.9, 0.1), (-0.3, 0.2, 0.1)]
    return np.array(rows, dtype=np.float32)


def test_what_varies_within_groups_counts_for_less(vectors: Vectors) -> None:
    def apart(rows: Vectors) -> float:
        """How much nearer vectors are to their own group than to the other."""
        cosines = rows @ rows.T / np.outer(np.linalg.norm(rows, axis=1), np.linalg.norm(rows, axis=1))
        same = GROUPS[:, None] == GROUPS
        return float(cosines[same].mean() - cosines[~same].mean())

    assert apart(whiten(vectors, whitening(vectors, GROUPS))) > 1.5 * apart(vectors) > 0


def test_the_result_is_of_unit_length(vectors: Vectors) -> None:
    matrix = whitening(vectors, GROUPS)
    np.testing.assert_allclose(np.linalg.norm(whiten(vectors, matrix), axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(whiten(vectors[0], matrix)), 1, rtol=1e-5)


def test_every_group_counts_the_same(vectors: Vectors) -> None:
    twice = np.concatenate([vectors, vectors[:3]])
    np.testing.assert_allclose(
        whitening(twice, np.append(GROUPS, [0, 0, 0])), whitening(vectors, GROUPS), rtol=1e-4, atol=1e-4
    )


def test_a_group_of_one_says_nothing_of_what_varies(vectors: Vectors) -> None:
    np.testing.assert_array_equal(whitening(vectors[:2], np.array([0, 1])), np.eye(3))


def test_nothing_to_learn_from_leaves_vectors_as_they_are() -> None:
    nothing = np.zeros((0, 3), dtype=np.float32)
    nobody = np.zeros(0, dtype=np.int64)
    np.testing.assert_array_equal(whitening(nothing, nobody), np.eye(3))
