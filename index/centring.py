"""Centring: taking the mean of its language from a vector, so that what is left tells texts apart.

The vectors of one language share a large common part; in an index of several languages it outweighs
what a text is about, and raw cosines put passages of the wrong language first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.encoder import Vectors

_PRIOR = 20
"""A language with fewer texts than this leans on the mean of all languages."""


def means(vectors: Vectors, languages: Sequence[str]) -> dict[str, Vectors]:
    """The mean vector (dimension,) of each language, and of all texts under ""; {} without texts."""
    if not len(vectors):
        return {}
    overall = vectors.mean(axis=0)
    result = {"": overall}
    for language in sorted(set(languages)):
        own = vectors[[i for i, name in enumerate(languages) if name == language]]
        result[language] = (own.sum(axis=0) + _PRIOR * overall) / (len(own) + _PRIOR)
    return result


def centre(vectors: Vectors, languages: Sequence[str], centres: dict[str, Vectors]) -> Vectors:
    """Unit vectors (n, dimension) of what is left when each language's mean is taken away."""
    if not len(vectors) or not centres:
        return vectors
    centred = vectors - np.stack([centres.get(language, centres[""]) for language in languages])
    norms = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(norms, 1e-6), dtype=np.float32)
