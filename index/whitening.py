"""Whitening: scaling down the directions in which texts that mean the same differ, so that meaning is left.

Within-class covariance normalisation (Hatch, Kajarekar and Stolcke 2006), with the phrasings of an FAQ entry, in
every language, as a class: what varies among them is language, length and manner, not what is asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

Groups = NDArray[np.int64]
"""(n,) the group of each vector: 0 … k - 1, each of them at least once."""

_SHRINKAGE = 0.25
"""How far the covariance is drawn towards a sphere; golden questions see no difference between 0.1 and 0.5."""


def whitening(vectors: Vectors, groups: Groups) -> Vectors:
    """The matrix (dimension, dimension) that makes the covariance of `vectors` (n, dimension) within groups a sphere.

    The identity where no two vectors of a group differ.
    """
    dimension = vectors.shape[1]
    rest = (vectors - _means(vectors, groups)[groups]).astype(np.float64)
    rest /= np.sqrt(np.bincount(groups)[groups, None])  # each group counts the same, however many vectors it has
    covariance = rest.T @ rest
    variance = np.trace(covariance) / dimension
    if variance <= np.finfo(np.float32).eps:
        return np.eye(dimension, dtype=np.float32)
    sphere = np.eye(dimension)
    variances, directions = np.linalg.eigh((1 - _SHRINKAGE) * covariance / variance + _SHRINKAGE * sphere)
    return np.asarray((directions / np.sqrt(variances)) @ directions.T, dtype=np.float32)


def whiten(vectors: Vectors, matrix: Vectors) -> Vectors:
    """Unit vectors of what `matrix` makes of `vectors` (n, dimension) or of one vector (dimension,)."""
    whitened = vectors @ matrix
    norms = np.linalg.norm(whitened, axis=-1, keepdims=True)
    return np.asarray(whitened / np.maximum(norms, 1e-6), dtype=np.float32)


def _means(vectors: Vectors, groups: Groups) -> Vectors:
    sums = np.zeros((int(groups.max(initial=-1)) + 1, vectors.shape[1]), dtype=np.float64)
    np.add.at(sums, groups, vectors)
    return np.asarray(sums / np.bincount(groups)[:, None], dtype=np.float32)
