"""Exact and approximate search, in FAISS and in PostgreSQL: `python -m benchmarks.vector_stores`.

The vectors are random, with some structure: about fifty around each of many centres, as far from it as that is from
nothing (to encode a million texts would take hours). Questions are drawn like them. PostgreSQL runs on the same two
cores, and its HNSW is left out for a million vectors.
Results go to benchmarks/results/vector_stores.json, with the commit.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import create_engine, make_url, text

from benchmarks.results import save
from index.encoder import Vectors
from index.pgvector import TableIndex, Tables
from index.vectors import ClusteredIndex, ExactIndex, Places, VectorIndex, save_index
from tests.conftest import new_database, postgresql_in

Made = TypeVar("Made")
_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_DIMENSION, _QUESTIONS, _NEAREST = 384, 100, 20
_MOST_IN_A_GRAPH = 100_000
_GRAPH_MEMORY = "1GB"
"""PostgreSQL's maintenance_work_mem; with its default of 64 MB, a graph of 100,000 vectors is built on disk."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="desk-pg-") as folder:
        server = postgresql_in(Path(folder) / "server")
        try:
            url = make_url(new_database(server.get_uri()))
            url = url.update_query_dict({"options": f"-c maintenance_work_mem={_GRAPH_MEMORY}"})
            measured = {f"{size:,}": _measure(size, url.render_as_string(hide_password=False)) for size in _SIZES}
        finally:
            server.cleanup()
    save("vector_stores", {"dimension": _DIMENSION, "questions": _QUESTIONS, "vectors": measured})


def clustered(rows: int, dimension: int, seed: int = 7) -> Vectors:
    """Unit vectors, about fifty of them around each of many centres."""
    chance = np.random.default_rng(seed)
    centres = chance.standard_normal((max(rows // 50, 1), dimension), dtype=np.float32)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    made = chance.standard_normal((rows, dimension), dtype=np.float32) / np.float32(dimension**0.5)
    made += centres[chance.integers(0, len(centres), rows)]
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return np.asarray(made, dtype=np.float32)


def _measure(size: int, url: str) -> dict[str, Any]:
    made = clustered(size + _QUESTIONS, _DIMENSION)
    vectors, questions = made[:size], made[size:]
    exact, seconds = _timed(lambda: ExactIndex.of(vectors, _DIMENSION))
    expected = [exact.search(question, _NEAREST)[0] for question in questions]
    measured = {"FAISS flat": {"build s": seconds, "MB": _megabytes(exact), **_asked(exact, questions, expected)}}
    clusters, seconds = _timed(lambda: ClusteredIndex.of(vectors, _DIMENSION))
    measured["FAISS IVF, half precision"] = {
        "build s": seconds, "MB": _megabytes(clusters), **_asked(clusters, questions, expected)
    }  # fmt: skip
    del exact, clusters
    return {**measured, **_in_postgresql(url, vectors, questions, expected)}


def _in_postgresql(url: str, vectors: Vectors, questions: Vectors, expected: list[Places]) -> dict[str, Any]:
    """Of a table as it is, all of which is looked at, and of one with a graph."""
    tables, engine, measured = Tables(url), create_engine(url), {}
    ways = {"pgvector exact": len(vectors), "pgvector HNSW": 0}
    for name, exact in ways.items() if len(vectors) <= _MOST_IN_A_GRAPH else [("pgvector exact", len(vectors))]:
        table, rows = tables.plan("desk_bench", vectors, _DIMENSION)
        start = time.perf_counter()
        tables.write(table, rows, exact)
        seconds = round(time.perf_counter() - start, 2)
        with engine.connect() as connection:
            size = connection.execute(text(f"SELECT pg_total_relation_size('{table.name}')")).scalar_one() / 2**20
        asked = _asked(TableIndex(tables, table), questions, expected)
        measured[name] = {"build s": seconds, "MB": round(size, 1), **asked}
        tables.delete(table)
    engine.dispose()
    return measured


def _timed(make: Callable[[], Made]) -> tuple[Made, float]:
    start = time.perf_counter()
    made = make()
    return made, round(time.perf_counter() - start, 2)


def _megabytes(index: ExactIndex | ClusteredIndex) -> float:
    with tempfile.NamedTemporaryFile() as file:
        save_index(index, Path(file.name))
        return round(Path(file.name).stat().st_size / 2**20, 1)


def _asked(index: VectorIndex, questions: Vectors, expected: list[Places]) -> dict[str, float]:
    """Milliseconds of a search for the nearest, and how many of them are found."""
    index.search(questions[0], _NEAREST)
    times, found = [], 0
    for question, places in zip(questions, expected, strict=True):
        start = time.perf_counter()
        nearest, _ = index.search(question, _NEAREST)
        times.append(1000 * (time.perf_counter() - start))
        found += len(set(nearest.tolist()) & set(places.tolist()))
    return {
        "median ms": round(statistics.median(times), 2),
        "p95 ms": round(float(np.percentile(times, 95)), 2),
        "recall@20": round(found / _NEAREST / len(questions), 3),
    }


if __name__ == "__main__":
    main()
