"""Where the vectors of generations are kept: FAISS files in their folders or, where an operator says so, PostgreSQL."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import StringConstraints, ValidationError

from corpus.errors import DeskError
from corpus.models import Frozen
from index.encoder import Vectors
from index.vectors import VectorIndex, index_of, load_index, save_index

if TYPE_CHECKING:
    from index.pgvector import Tables

_FILE, _TABLE = ".faiss", ".table.json"


class VectorsError(DeskError):
    """The PostgreSQL of DESK_VECTORS_URL cannot be used."""

    exit_status = 2


class LostVectorsError(DeskError):
    """The vectors that a generation names are not there, or not as they were built."""


class Table(Frozen):
    """What a generation's folder says of vectors that are not in it."""

    name: Annotated[str, StringConstraints(pattern=r"^desk_[0-9a-z_]+$")]
    rows: int
    dimension: int
    sha256: str
    """Of the sha256 of every vector, one after another, each as PostgreSQL sends it."""


class VectorStore:
    """Reads vectors from wherever a generation says that they are; writes new ones to PostgreSQL if it has a URL.

    Raises VectorsError where PostgreSQL is needed and not at hand, LostVectorsError where it has not what it should.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = url
        self._opened: Tables | None = None

    @property
    def kind(self) -> str:
        """Where new vectors go."""
        return "files" if self._url is None else "postgresql"

    def check(self) -> None:
        """Raise VectorsError where new vectors could not be kept."""
        if self._url is not None:
            _ = self._tables

    def write(self, folder: Path, generation: str, name: str, vectors: Vectors, dimension: int) -> None:
        """Keep `vectors`, shape (n, dimension), for the generation that is being built in `folder`, under a name."""
        if self._url is None:
            save_index(index_of(vectors, dimension), folder / f"{name}{_FILE}")
            return
        table, packed = self._tables.plan(f"desk_{generation}_{name}".replace("-", "_"), vectors, dimension)
        (folder / f"{name}{_TABLE}").write_text(table.model_dump_json())  # first, so that no crash leaves it nameless
        self._tables.write(table, packed)

    def read(self, folder: Path, name: str) -> VectorIndex:
        """The vectors that were written under a name."""
        path = folder / f"{name}{_TABLE}"
        return self._tables.read(_table(path)) if path.exists() else load_index(folder / f"{name}{_FILE}")

    def verify(self, folder: Path) -> None:
        """Check what of a generation is not in its folder; what is there has digests in the manifest."""
        for path in folder.glob(f"*{_TABLE}"):
            self._tables.verify(_table(path))

    def delete(self, folder: Path) -> None:
        """Delete what of a generation is not in its folder."""
        for path in folder.glob(f"*{_TABLE}"):
            with suppress(ValidationError):  # cut off while it was written: the table was not made yet
                self._tables.delete(_table(path))

    @property
    def _tables(self) -> Tables:
        if self._url is None:
            raise VectorsError(
                "a generation keeps its vectors in PostgreSQL; set DESK_VECTORS_URL to that database, or run "
                "`index build` for one that keeps them in files"
            )
        if self._opened is None:
            try:
                from index.pgvector import Tables
            except ImportError as error:
                raise VectorsError(
                    f"DESK_VECTORS_URL needs more packages ({error}): pip install '.[postgresql]'"
                ) from error
            self._opened = Tables(self._url)
        return self._opened


def _table(path: Path) -> Table:
    return Table.model_validate_json(path.read_bytes())
