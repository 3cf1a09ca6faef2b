"""The home of FAISS: unit vectors, found by inner product."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors


class VectorIndex:
    """Exact search over unit vectors."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        self._labels = np.arange(index.ntotal, dtype=np.int64)

    @classmethod
    def of(cls, vectors: Vectors, dimension: int) -> VectorIndex:
        """An index of `vectors`, shape (n, dimension); n may be 0."""
        index = faiss.IndexFlatIP(dimension)
        if len(vectors):
            index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """Write the index to a file. Raises OSError (which faiss.write_index does not)."""
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    def only(self, kept: Sequence[bool]) -> VectorIndex:
        """An index of the vectors that are `kept`, one truth value a vector."""
        vectors = self._index.reconstruct_n(0, len(self)) if len(self) else np.zeros((0, self._index.d), np.float32)
        return VectorIndex.of(vectors[np.array(kept, dtype=bool)], self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def scores(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The inner product of every indexed vector with `vector` (dimension,), in index order."""
        scores = np.zeros(len(self), dtype=np.float32)
        if len(self):
            asked = np.ascontiguousarray(vector, dtype=np.float32)
            # `search` would sort all of them, which takes four times as long as the products.
            self._index.compute_distance_subset(  # type: ignore[attr-defined]  # flat indexes have it
                1, faiss.swig_ptr(asked), len(self), faiss.swig_ptr(scores), faiss.swig_ptr(self._labels)
            )
        return scores
