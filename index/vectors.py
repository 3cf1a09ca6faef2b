"""The home of FAISS: unit vectors, found by inner product, all of them or, of many, those that are near."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
"""Where vectors stand in the order in which they were given."""

EXACT = 50_000
"""Up to so many vectors, each is compared with a question: 4 ms (benchmarks/vector_stores.py)."""
_PROBED = 3
"""One in so many clusters is searched, or what holds so many times the vectors that are to be found."""
_LEARNT_FROM = 40
"""Vectors for each cluster that clusters are learnt from; FAISS warns below 39."""
_WIDER = 4


class VectorIndex(ABC):
    """Unit vectors in the order in which they were given."""

    is_exact = False
    """Whether so few that a question may be compared with all."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def at(self, places: Places) -> ExactIndex:
        """A copy in memory of the vectors at `places`, in their order."""

    @abstractmethod
    def _nearest(self, vector: Floats, count: int) -> tuple[Places, Floats]:
        """The `count` <= len(self) nearest or some fewer, nearest first, and their scores."""

    def scores(self, vector: Floats, places: Places | None = None) -> Floats:
        """The inner product of `vector` (dimension,) with those at `places`, in their order; with all if None."""
        return self.at(np.arange(len(self)) if places is None else places).scores(vector)

    def search(
        self, vector: Floats, count: int, wanted: Callable[[Places], NDArray[np.bool_]] | None = None
    ) -> tuple[Places, Floats]:
        """Where the `count` vectors stand that are nearest to `vector`, nearest first, and their inner products.

        `wanted` tells of places, with a truth value for each, which of them may be found.
        """
        reach = min(count, len(self))
        if not reach:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        while True:
            places, scores = self._nearest(vector, reach)
            exhausted = len(places) < reach or reach == len(self)
            if wanted is not None:
                kept = wanted(places)
                places, scores = places[kept], scores[kept]
            if len(places) >= count or exhausted:
                return places[:count], scores[:count]
            reach = min(_WIDER * reach, len(self))

    def only(self, kept: Sequence[bool]) -> VectorIndex:
        """An index of the vectors that are `kept`, one truth value a vector."""
        places = np.flatnonzero(np.array(kept, dtype=bool))
        return self.at(places) if self.is_exact else PartialIndex(self, places)


class ExactIndex(VectorIndex):
    """Exact search in memory."""

    is_exact = True

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        self._places = np.arange(index.ntotal, dtype=np.int64)

    @classmethod
    def of(cls, vectors: Vectors, dimension: int) -> ExactIndex:
        """An index of `vectors`, shape (n, dimension); n may be 0."""
        index = faiss.IndexFlatIP(dimension)
        if len(vectors):
            index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def at(self, places: Places) -> ExactIndex:
        return ExactIndex.of(_rows(self._index, places), self._index.d)

    def scores(self, vector: Floats, places: Places | None = None) -> Floats:
        places = self._places if places is None else np.ascontiguousarray(places, dtype=np.int64)
        scores = np.zeros(len(places), dtype=np.float32)
        if len(places):
            asked = np.ascontiguousarray(vector, dtype=np.float32)
            # `search` would sort all of them, which takes four times as long as the products.
            self._index.compute_distance_subset(  # type: ignore[attr-defined]  # flat indexes have it
                1, faiss.swig_ptr(asked), len(places), faiss.swig_ptr(scores), faiss.swig_ptr(places)
            )
        return scores

    def _nearest(self, vector: Floats, count: int) -> tuple[Places, Floats]:
        scores = self.scores(vector)
        places = np.argpartition(-scores, count - 1)[:count]
        places = places[np.argsort(-scores[places])]
        return places, scores[places]


class _StoredIndex(VectorIndex):
    """Vectors as an index of FAISS's has them, which gives them back one by one."""

    def __init__(self, index: Any) -> None:
        self._index = index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def at(self, places: Places) -> ExactIndex:
        return ExactIndex.of(_rows(self._index, places), self._index.d)


class HalfIndex(_StoredIndex):
    """Exact search at half precision, of vectors that stay in their file until they are looked at."""

    @classmethod
    def of(cls, vectors: Vectors, dimension: int) -> HalfIndex:
        """An index of `vectors`, shape (n, dimension); n may be 0."""
        index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        if len(vectors):
            index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def scores(self, vector: Floats, places: Places | None = None) -> Floats:
        places = np.arange(len(self)) if places is None else places
        wanted, scores = np.zeros(len(self), dtype=bool), np.zeros(len(self), dtype=np.float32)
        wanted[places] = True
        if len(places):
            bits = np.packbits(wanted, bitorder="little")
            # A fifteenth of the time that it takes to give the vectors back at full precision.
            reach = faiss.SearchParameters()
            reach.sel = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
            asked = np.ascontiguousarray(vector, dtype=np.float32)[None]
            found, where = self._index.search(asked, int(wanted.sum()), params=reach)
            scores[where[0]] = found[0]
        return scores[places]

    def _nearest(self, vector: Floats, count: int) -> tuple[Places, Floats]:
        found, places = self._index.search(np.ascontiguousarray(vector, dtype=np.float32)[None], count)
        return places[0], found[0]


class ClusteredIndex(_StoredIndex):
    """Search in memory, at half precision, of the clusters nearest to the question: .98 of the nearest 20 are found."""

    def __init__(self, index: faiss.IndexIVF) -> None:
        index.make_direct_map()  # by which vectors are found by their places
        super().__init__(index)

    @classmethod
    def of(cls, vectors: Vectors, dimension: int) -> ClusteredIndex:
        """An index of `vectors`, shape (n, dimension), n > 0; the same vectors give the same index."""
        clusters = max(1, min(int(4 * np.sqrt(len(vectors))), len(vectors) // _LEARNT_FROM))
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimension), dimension, clusters, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        sample = np.random.default_rng(0).permutation(len(vectors))[: _LEARNT_FROM * clusters]
        index.train(np.ascontiguousarray(vectors[np.sort(sample)], dtype=np.float32))
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def _nearest(self, vector: Floats, count: int) -> tuple[Places, Floats]:
        probed = np.ceil(self._index.nlist * max(1 / _PROBED, _PROBED * count / len(self)))
        reach = faiss.SearchParametersIVF()
        reach.nprobe = int(np.clip(probed, 1, self._index.nlist))
        asked = np.ascontiguousarray(vector, dtype=np.float32)[None]
        found, places = self._index.search(asked, count, params=reach)
        there = places[0] >= 0  # those probed may hold fewer
        return places[0][there], found[0][there]


class PartialIndex(VectorIndex):
    """Some vectors of an index that is too large to be copied."""

    def __init__(self, whole: VectorIndex, places: Places) -> None:
        """`places`, ascending, are those in `whole`."""
        self._whole, self._places = whole, places

    def __len__(self) -> int:
        return len(self._places)

    def at(self, places: Places) -> ExactIndex:
        return self._whole.at(self._places[places])

    def scores(self, vector: Floats, places: Places | None = None) -> Floats:
        return self._whole.scores(vector, self._places if places is None else self._places[places])

    def _nearest(self, vector: Floats, count: int) -> tuple[Places, Floats]:
        places, scores = self._whole.search(vector, count, lambda found: np.isin(found, self._places))
        return np.searchsorted(self._places, places), scores


FileIndex = ExactIndex | HalfIndex | ClusteredIndex
"""What has a file of its own."""


def index_of(vectors: Vectors, dimension: int) -> ExactIndex | ClusteredIndex:
    """An index of `vectors`, shape (n, dimension), of the type that suits their number."""
    return (ExactIndex if len(vectors) <= EXACT else ClusteredIndex).of(vectors, dimension)


def save_index(index: FileIndex, path: Path) -> None:
    """Write an index to a file. Raises OSError (which faiss.write_index does not)."""
    path.write_bytes(faiss.serialize_index(index._index).tobytes())


def load_index(path: Path) -> FileIndex:
    """Read what `save_index` wrote; of vectors at half precision, only where they stand in the file."""
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    if isinstance(index, faiss.IndexScalarQuantizer):
        return HalfIndex(index)
    index = faiss.read_index(str(path))
    return ClusteredIndex(index) if isinstance(index, faiss.IndexIVF) else ExactIndex(index)


def _rows(index: faiss.Index, places: Places) -> Vectors:
    if not len(places):
        return np.zeros((0, index.d), np.float32)
    return np.asarray(index.reconstruct_batch(np.ascontiguousarray(places, dtype=np.int64)), dtype=np.float32)
