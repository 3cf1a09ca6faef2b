"""Keys: texts to be recognised, in 64 bits each. Of so few texts as are here, two that differ are never alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]


def are_among(texts: Iterable[str], known: Keys) -> NDArray[np.bool_]:
    """Of each text, whether its key is among those `known`, which ascend."""
    keys = keys_of(texts)
    return np.searchsorted(known, keys, side="right") > np.searchsorted(known, keys, side="left")


def keys_of(texts: Iterable[str]) -> Keys:
    """A key for each text, in their order."""
    digests = [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(digests), dtype=np.uint64)
