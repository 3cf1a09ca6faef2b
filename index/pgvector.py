"""The home of pgvector: unit vectors in tables of PostgreSQL, each written once, found by inner product."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import numpy as np
import psycopg
from pgvector import Vector
from pgvector.psycopg import register_vector
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, ProgrammingError
from sqlalchemy.pool import NullPool

from index.encoder import Vectors
from index.vector_store import LostVectorsError, Table, VectorsError
from index.vectors import ExactIndex, Floats, Places, VectorIndex

EXACT = 10_000
"""Up to so many rows are read into memory, 15 MB, and all compared; above, a graph (HNSW) leads to the nearest."""
_INDEXED = 2_000
"""Dimensions that pgvector's HNSW takes of a `vector`; longer ones are found by looking at all."""
_EF_SEARCH = 200
"""How many neighbours a search keeps in view: as many as are asked for, docs/decisions/0018."""
_OLDEST = (0, 8)
"""The first version that goes on searching until a LIMIT is reached."""
_PATIENCE = 5  # seconds to connect


class Tables:
    """The tables of one database that hold vectors; safe to share among threads.

    Every method raises VectorsError where the database does not do what it must.
    """

    def __init__(self, url: str) -> None:
        try:
            self._url = make_url(url)
            if self._url.get_backend_name() != "postgresql":
                raise VectorsError("DESK_VECTORS_URL must be a PostgreSQL URL: postgresql+psycopg://…")
            self._url = self._url.set(drivername="postgresql+psycopg")
            self._engine = create_engine(self._url, pool_pre_ping=True, connect_args={"connect_timeout": _PATIENCE})
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise VectorsError(f"DESK_VECTORS_URL cannot be used: {error}") from error
        event.listen(self._engine, "connect", _prepare)
        self._check_extension()

    def plan(self, name: str, vectors: Vectors, dimension: int) -> tuple[Table, list[Vector]]:
        """What a table for `vectors` will be, under a name of its own, and its rows."""
        rows = [Vector(vector) for vector in vectors]
        own = f"{name}_{secrets.token_hex(4)}"
        return Table(name=own, rows=len(rows), dimension=dimension, sha256=_digest(rows)), rows

    def write(self, table: Table, rows: Sequence[Vector], exact: int = EXACT) -> None:
        """Make a table and, if it has more rows than `exact`, its graph, in one transaction."""
        with self.connection() as connection:
            connection.execute(
                text(
                    f"CREATE TABLE {table.name} (place integer PRIMARY KEY, vector vector({table.dimension}) NOT NULL)"
                )
            )
            with (
                _raw(connection).cursor() as cursor,
                cursor.copy(f"COPY {table.name} FROM STDIN WITH (FORMAT BINARY)") as copy,
            ):
                copy.set_types(["int4", "vector"])
                for place, row in enumerate(rows):
                    copy.write_row((place, row))
            connection.execute(text(f"ANALYZE {table.name}"))
            if table.rows > exact and table.dimension <= _INDEXED:
                connection.execute(text(f"CREATE INDEX ON {table.name} USING hnsw (vector vector_ip_ops)"))

    def read(self, table: Table) -> VectorIndex:
        """The vectors of a table. Raises LostVectorsError if it is not there or has too few or too many rows."""
        with self.connection(table) as connection:
            last = connection.execute(text(f"SELECT max(place) FROM {table.name}")).scalar()
        _expect(table, (-1 if last is None else last) + 1 == table.rows)
        index = TableIndex(self, table)
        return index.at(np.arange(table.rows)) if table.rows <= EXACT else index

    def verify(self, table: Table) -> None:
        """Raise LostVectorsError if any row is not as it was written."""
        digests = f"SELECT string_agg(sha256(vector_send(vector)), ''::bytea ORDER BY place) FROM {table.name}"
        with self.connection(table) as connection:
            found = connection.execute(text(f"SELECT encode(sha256(coalesce(({digests}), ''::bytea)), 'hex')")).scalar()
        _expect(table, found == table.sha256)

    def delete(self, table: Table) -> None:
        with self.connection() as connection:
            connection.execute(text(f"DROP TABLE IF EXISTS {table.name}"))

    @contextmanager
    def connection(self, table: Table | None = None) -> Iterator[Connection]:
        """A transaction; LostVectorsError is raised in place of VectorsError if `table` is not there."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except ProgrammingError as error:
            if table is not None and isinstance(error.orig, psycopg.errors.UndefinedTable):
                raise LostVectorsError(f"the table {table.name} is gone") from error
            raise self._unusable(error) from error
        except (DBAPIError, psycopg.Error) as error:  # COPY is not SQLAlchemy's
            raise self._unusable(error) from error

    def _check_extension(self) -> None:
        """See that the database has pgvector, or gets it."""
        engine = create_engine(self._url, poolclass=NullPool, connect_args={"connect_timeout": _PATIENCE})
        try:
            with engine.begin() as connection:
                connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
                version = connection.execute(
                    text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
                ).scalar_one()
        except DBAPIError as error:
            if isinstance(error.orig, psycopg.OperationalError):
                raise self._unusable(error) from error
            raise VectorsError(
                f"DESK_VECTORS_URL: the database has no extension `vector` ({_first_line(error)}); install pgvector on "
                "its server and have an administrator run CREATE EXTENSION vector"
            ) from error
        if tuple(map(int, version.split(".")[:2])) < _OLDEST:
            oldest = ".".join(map(str, _OLDEST))
            raise VectorsError(f"DESK_VECTORS_URL: pgvector {oldest} or later is needed, the database has {version}")

    def _unusable(self, error: DBAPIError | psycopg.Error) -> VectorsError:
        where = self._url.render_as_string(hide_password=True)
        return VectorsError(f"DESK_VECTORS_URL: {where} cannot be used: {_first_line(error)}")


class TableIndex(VectorIndex):
    """The vectors of one table."""

    def __init__(self, tables: Tables, table: Table) -> None:
        self._tables, self._table = tables, table

    def __len__(self) -> int:
        return self._table.rows

    def at(self, places: Places) -> ExactIndex:
        rows = self._rows(
            "SELECT vector FROM unnest(CAST(:places AS integer[])) WITH ORDINALITY AS wanted (place, number) "
            f"JOIN {self._table.name} USING (place) ORDER BY number",
            places=places.tolist(),
        )
        vectors = [row[0].to_numpy() for row in rows]
        return ExactIndex.of(np.array(vectors, dtype=np.float32), self._table.dimension)

    def scores(self, vector: Floats, places: Places | None = None) -> Floats:
        which = "" if places is None else "WHERE place = ANY(:places)"
        rows = self._rows(
            f"SELECT place, -(vector <#> :vector) FROM {self._table.name} {which} ORDER BY place",
            vector=Vector(vector), **({} if places is None else {"places": places.tolist()}),
        )  # fmt: skip
        found = np.array([row[0] for row in rows], dtype=np.int64)
        scores = np.array([row[1] for row in rows], dtype=np.float32)
        return scores if places is None else scores[np.searchsorted(found, places)]

    def _nearest(self, vector: Floats, count: int) -> tuple[Places, Floats]:
        rows = self._rows(
            f"SELECT place, -(vector <#> :vector) FROM {self._table.name} ORDER BY vector <#> :vector LIMIT {count}",
            vector=Vector(vector),
        )
        return np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows], np.float32)

    def _rows(self, statement: str, **values: object) -> Sequence[Any]:
        with self._tables.connection(self._table) as connection:
            return connection.execute(text(statement), values).all()


def _prepare(connection: Any, _: object) -> None:
    """What every connection needs: the type, and how to search."""
    register_vector(connection)
    cursor = connection.cursor()
    cursor.execute(f"SET hnsw.ef_search = {_EF_SEARCH}")
    cursor.execute("SET hnsw.iterative_scan = strict_order")
    cursor.close()
    connection.commit()


def _raw(connection: Connection) -> psycopg.Connection[Any]:
    return cast(psycopg.Connection[Any], connection.connection.driver_connection)


def _digest(rows: Sequence[Vector]) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(row.to_binary()).digest() for row in rows)).hexdigest()


def _expect(table: Table, is_so: bool) -> None:
    if not is_so:
        raise LostVectorsError(f"the table {table.name} does not hold what was written")


def _first_line(error: DBAPIError | psycopg.Error) -> str:
    return str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
