"""Vectors in PostgreSQL: found as numpy finds them, verified, deleted, missed, read again when the server is back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, make_url, text

from benchmarks.vector_stores import clustered
from index.encoder import Vectors
from index.pgvector import EXACT, TableIndex, Tables
from index.vector_store import LostVectorsError, Table, VectorsError, VectorStore
from index.vectors import ExactIndex
from tests.conftest import new_database, postgresql_in
from tests.index.test_vectors import SIZE, random, recall, same_as_numpy


@pytest.fixture(scope="module")
def url(postgresql: str) -> str:
    return new_database(postgresql)


@pytest.fixture(scope="module")
def tables(url: str) -> Tables:
    return Tables(url)


def run(url: str, statement: str) -> list[object]:
    engine = create_engine(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        rows = [row[0] for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def names(url: str) -> list[object]:
    return run(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")


def written(tables: Tables, vectors: Vectors) -> Table:
    table, rows = tables.plan("desk_test", vectors, vectors.shape[1])
    tables.write(table, rows)
    return table


@settings(max_examples=20)
@given(rows=st.integers(0, 120), count=st.integers(1, 150), seed=st.integers(0, 2**32 - 1))
def test_a_table_agrees_with_numpy(tables: Tables, rows: int, count: int, seed: int) -> None:
    vectors, question = random(rows, seed=seed), random(1, seed=seed + 1)[0]
    table = written(tables, vectors)
    same_as_numpy(TableIndex(tables, table), vectors, question, count)
    same_as_numpy(tables.read(table), vectors, question, count)
    kept = np.random.default_rng(seed).random(rows) < 0.3
    same_as_numpy(TableIndex(tables, table).only(kept.tolist()), vectors[kept], question, count)
    tables.delete(table)


def test_what_is_read_into_memory_is_what_was_written(tables: Tables) -> None:
    vectors = random(500)
    index = tables.read(written(tables, vectors))
    assert isinstance(index, ExactIndex)
    np.testing.assert_array_equal(index.scores(vectors[3]), ExactIndex.of(vectors, SIZE).scores(vectors[3]))


@pytest.fixture(scope="module")
def many() -> Vectors:
    return clustered(EXACT + 101, 48)


@pytest.fixture(scope="module")
def large(tables: Tables, many: Vectors) -> TableIndex:
    index = tables.read(written(tables, many[:-100]))
    assert isinstance(index, TableIndex)
    return index


def test_above_the_bound_nearly_all_of_the_nearest_are_found(many: Vectors, large: TableIndex, url: str) -> None:
    assert recall(large, many[:-100], many[-100:]) >= 0.98
    name = large._table.name
    plan = run(
        url, f"EXPLAIN SELECT place FROM {name} ORDER BY vector <#> (SELECT vector FROM {name} LIMIT 1) LIMIT 200"
    )
    assert "Index Scan using" in str(plan), "by the graph, not by looking at all"


def test_more_are_found_than_a_search_keeps_in_view(many: Vectors, large: TableIndex) -> None:
    places, scores = large.search(many[-1], 1500)
    assert len(places) == 1500
    assert (np.diff(scores) <= 1e-6).all()


def test_what_is_wanted_is_found_however_far(many: Vectors, large: TableIndex) -> None:
    far = np.argsort(-(many[:-100] @ many[-1]))[1500:1600]
    places, _ = large.search(many[-1], 20, lambda found: np.isin(found, far))
    assert len(places) == 20
    assert set(places.tolist()) <= set(far.tolist())


# Tables that are not as they were


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE {} SET vector = (SELECT vector FROM {} WHERE place = 3) WHERE place = 4",
        "UPDATE {} SET place = 199 - place",
        "DELETE FROM {} WHERE place = 7",
        "DELETE FROM {} WHERE place = 99",
        "DELETE FROM {}",
        "DROP TABLE {}",
    ],
)
def test_a_table_that_is_not_as_it_was_written_is_told(tables: Tables, url: str, harm: str) -> None:
    table = written(tables, random(100))
    tables.verify(table)
    run(url, harm.replace("{}", table.name))
    with pytest.raises(LostVectorsError, match=table.name):
        tables.verify(table)


@pytest.mark.parametrize("harm", ["DELETE FROM {} WHERE place = 99", "DELETE FROM {}", "DROP TABLE {}"])
def test_a_table_without_its_rows_is_not_read(tables: Tables, url: str, harm: str) -> None:
    table = written(tables, random(100))
    run(url, harm.format(table.name))
    with pytest.raises(LostVectorsError, match=table.name):
        tables.read(table)


def test_an_empty_table_is_verified(tables: Tables) -> None:
    tables.verify(written(tables, random(0)))


# Databases that cannot be used


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:///desk", "must be a PostgreSQL URL"),
        ("nonsense", "cannot be used"),
        ("postgresql+psycopg://desk:secret@127.0.0.1:1/desk", "127.0.0.1"),
    ],
)
def test_what_is_no_database_is_told_without_its_password(url: str, told: str) -> None:
    with pytest.raises(VectorsError, match=told) as refusal:
        Tables(url)
    assert "DESK_VECTORS_URL" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_who_may_not_add_the_extension_is_told_to_have_it_added(postgresql: str) -> None:
    url = new_database(postgresql)
    run(url, "DROP ROLE IF EXISTS official")
    run(url, "CREATE ROLE official LOGIN")
    with pytest.raises(VectorsError, match="CREATE EXTENSION vector"):
        Tables(make_url(url).set(username="official").render_as_string(hide_password=False))


@pytest.fixture
def own_server(postgresql_folder: Path) -> Iterator[Path]:
    folder = postgresql_folder / "comes-and-goes"
    yield folder
    postgresql_in(folder).cleanup()


def test_a_database_that_goes_while_searching_is_told_and_used_again_when_it_is_back(own_server: Path) -> None:
    server = postgresql_in(own_server)
    tables = Tables(new_database(server.get_uri()))
    vectors = random(100)
    index = TableIndex(tables, written(tables, vectors))
    assert index.search(vectors[5], 1)[0].tolist() == [5]
    server.cleanup()
    with pytest.raises(VectorsError, match="cannot be used"):
        index.search(vectors[5], 1)
    postgresql_in(own_server)
    assert index.search(vectors[5], 1)[0].tolist() == [5]


# Where a generation's vectors are


def test_a_folder_names_its_tables_before_they_are_there(tables: Tables, url: str, tmp_path: Path) -> None:
    store, before = VectorStore(url), names(url)
    with pytest.raises(VectorsError):
        store.write(tmp_path, "000001-0a1b2c3d", "paragraphs", random(3), SIZE + 1)
    assert names(url) == before
    assert [path.name for path in tmp_path.iterdir()] == ["paragraphs.table.json"]
    store.delete(tmp_path)


def test_a_name_that_was_cut_off_hinders_no_deleting(url: str, tmp_path: Path) -> None:
    (tmp_path / "paragraphs.table.json").write_text('{"name": "desk_')
    VectorStore(url).delete(tmp_path)


def test_files_are_read_whatever_is_set(url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    vectors = random(30)
    with caplog.at_level(logging.WARNING):
        VectorStore().write(tmp_path, "000001-0a1b2c3d", "paragraphs", vectors, SIZE)
        index = VectorStore(url).read(tmp_path, "paragraphs")
    np.testing.assert_allclose(index.scores(vectors[0]), vectors @ vectors[0], atol=1e-5)
    assert not caplog.records
