"""The home of FAISS: unit vectors, found by inner product, all of them or, of many, those that are near."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from weakref import finalize

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
_AT_ONCE = 1024
"""So many vectors of a file are in memory together."""


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

    def only(self, kept: Sequence[bool] | NDArray[np.bool_]) -> VectorIndex:
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
        return _highest(self.scores(vector), count)


class ByteIndex(VectorIndex):
    """Exact search of rounded vectors, which stay in their file: those that are looked at are read from it.

    Each number takes a byte, in steps of a part of the vector's largest, and cosines are off by some .0005. Mapped into
    memory, the file would in time be there as a whole.
    """

    def __init__(self, path: Path) -> None:
        """Read what `write` wrote. The file may be deleted meanwhile, but not changed."""
        with path.open("rb") as file:
            np.lib.format.read_magic(file)
            (self._count,), _, self._row = np.lib.format.read_array_header_1_0(file)
            self._start = file.tell()
            self._file = os.dup(file.fileno())
        finalize(self, os.close, self._file)

    @staticmethod
    def write(vectors: Vectors, path: Path) -> None:
        """Write `vectors`, shape (n, dimension); n may be 0."""
        count, dimension = vectors.shape
        rows = np.empty(count, dtype=[("step", np.float32), ("codes", np.int8, (dimension,))])
        largest = np.abs(vectors).max(axis=1, initial=np.finfo(np.float32).eps)  # or nothing could not be divided
        rows["step"] = largest / np.iinfo(np.int8).max
        rows["codes"] = np.rint(vectors / rows["step"][:, None])
        np.save(path, rows)

    def __len__(self) -> int:
        return self._count

    def at(self, places: Places) -> ExactIndex:
        rows = self._read(places)
        vectors = rows["codes"] * rows["step"][:, None]
        return ExactIndex.of(vectors, vectors.shape[1])

    def scores(self, vector: Floats, places: Places | None = None) -> Floats:
        places = np.arange(len(self)) if places is None else places
        scores = np.zeros(len(places), dtype=np.float32)
        for start in range(0, len(places), _AT_ONCE):
            rows = self._read(places[start : start + _AT_ONCE])
            scores[start : start + len(rows)] = rows["codes"].astype(np.float32) @ vector * rows["step"]
        return scores

    def _nearest(self, vector: Floats, count: int) -> tuple[Places, Floats]:
        return _highest(self.scores(vector), count)

    def _read(self, places: Places) -> NDArray[np.void]:
        """The vectors at `places`, in their order; those that stand together are read together."""
        starts = np.flatnonzero(np.diff(places, prepend=-2) != 1)
        runs = zip(places[starts].tolist(), np.diff(starts, append=len(places)).tolist(), strict=True)
        size = self._row.itemsize
        read = [os.pread(self._file, length * size, self._start + first * size) for first, length in runs]
        return np.frombuffer(b"".join(read), dtype=self._row)


class ClusteredIndex(VectorIndex):
    """Search in memory, at half precision, of the clusters nearest to the question: .98 of the nearest 20 are found."""

    def __init__(self, index: faiss.IndexIVF) -> None:
        index.make_direct_map()  # by which vectors are found by their places
        self._index = index

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

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def at(self, places: Places) -> ExactIndex:
        return ExactIndex.of(_rows(self._index, places), self._index.d)

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


def index_of(vectors: Vectors, dimension: int) -> ExactIndex | ClusteredIndex:
    """An index of `vectors`, shape (n, dimension), of the type that suits their number."""
    return (ExactIndex if len(vectors) <= EXACT else ClusteredIndex).of(vectors, dimension)


def save_index(index: ExactIndex | ClusteredIndex, path: Path) -> None:
    """Write an index to a file. Raises OSError (which faiss.write_index does not)."""
    path.write_bytes(faiss.serialize_index(index._index).tobytes())


def load_index(path: Path) -> ExactIndex | ClusteredIndex:
    """Read what `save_index` wrote."""
    index = faiss.read_index(str(path))
    return ClusteredIndex(index) if isinstance(index, faiss.IndexIVF) else ExactIndex(index)


def _highest(scores: Floats, count: int) -> tuple[Places, Floats]:
    """Where the `count` highest of `scores` stand, the highest first, and they themselves."""
    places = np.argpartition(-scores, count - 1)[:count]
    places = places[np.argsort(-scores[places])]
    return places, scores[places]


def _rows(index: faiss.Index, places: Places) -> Vectors:
    if not len(places):
        return np.zeros((0, index.d), np.float32)
    return np.asarray(index.reconstruct_batch(np.ascontiguousarray(places, dtype=np.int64)), dtype=np.float32)
