"""Where generations live: which there are, which one is current, and switching between them."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from filelock import FileLock, Timeout

from corpus.errors import DeskError
from corpus.files import flush, write_whole
from index.vector_store import VectorsError, VectorStore

_log = logging.getLogger(__name__)

_ID = re.compile(r"^(\d{6})-[0-9a-f]{8}$")
_PATIENCE = 600  # seconds; a first build of a large corpus takes minutes
_UNFINISHED, _LEAVING = ".building-", ".leaving-"
"""What folders are called before they are generations, and after."""


class NoIndexError(DeskError):
    """Nothing has been built yet."""

    def __init__(self) -> None:
        super().__init__("there is no index yet; run `index build`")


class UnknownGenerationError(DeskError):
    """No generation of that id exists."""


class DamagedPointerError(DeskError):
    """CURRENT does not name a generation."""


class BusyError(DeskError):
    """Somebody else is building or switching generations."""


class StorageError(DeskError):
    """The index folder cannot be written."""


class Store:
    """The folder of generations, and the file CURRENT that names one of them."""

    def __init__(self, root: Path, vectors: VectorStore | None = None) -> None:
        """`vectors` keeps the vectors of new generations: in their folders, if it is None."""
        self.vectors = vectors or VectorStore()
        self.root = root
        self._generations = root / "generations"
        self._pointer = root / "CURRENT"
        self._lock_file = root / "LOCK"

    def folder(self, generation: str) -> Path:
        return self._generations / generation

    def ids(self) -> list[str]:
        """All generations, oldest first."""
        if not self._generations.is_dir():
            return []
        return sorted(path.name for path in self._generations.iterdir() if _ID.match(path.name))

    def current(self) -> str | None:
        """The id of the generation that serves, None before the first build.

        Raises DamagedPointerError if CURRENT names no generation, and StorageError where it cannot be read.
        """
        try:
            name = self._pointer.read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            if not self.ids():
                return None
            name = ""
        except OSError as error:
            raise StorageError(f"{self._pointer}: {error.strerror}; DESK_DATA_DIR must be a folder of ours") from error
        if name not in self.ids():
            raise DamagedPointerError(
                f"{self._pointer} names no generation, but {name!r}; name one with `index rollback ID` "
                f"({', '.join(self.ids()) or 'there is none'}), or run `index build`"
            )
        return name

    def trusted(self) -> str | None:
        """The current generation; None where there is none, or where CURRENT is damaged and a build mends it."""
        try:
            return self.current()
        except DamagedPointerError:
            return None

    def previous(self) -> str | None:
        """The newest generation older than the current one; raises DamagedPointerError."""
        current = self.current()
        older = [name for name in self.ids() if current is not None and name < current]
        return older[-1] if older else None

    def next_id(self, content: str) -> str:
        """An id after all existing ones: a running number, for clocks can be set back, and what it holds."""
        numbers = [int(name[:6]) for name in self.ids()]
        return f"{max(numbers, default=0) + 1:06d}-{content[:8]}"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One build or switch at a time, across processes; others wait.

        Raises BusyError after ten minutes, and StorageError where the disk refuses what is done meanwhile.
        """
        try:
            self._generations.mkdir(parents=True, exist_ok=True)
            with self._waiting():
                self._sweep()
                yield
        except Timeout as error:
            raise BusyError("another build is under way; try again when it has ended") from error
        except OSError as error:
            raise StorageError(
                f"the index folder {self._generations.parent} cannot be written: {error.strerror or error}; what "
                "served before still does. Make room (`index prune` deletes old generations), or set DESK_DATA_DIR "
                "to a folder that can be written"
            ) from error

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """The lock, with a word to whoever has to wait for it."""
        lock = FileLock(self._lock_file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            _log.warning("another build is under way; waiting for it to end")
            lock.acquire(timeout=_PATIENCE)
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A folder to build in; gone afterwards unless it was adopted."""
        folder = Path(mkdtemp(prefix=_UNFINISHED, dir=self._generations))
        try:
            yield folder
        finally:
            self._clear(folder)

    def adopt(self, folder: Path, generation: str) -> None:
        """Make a finished folder a generation: flushed to disk, then renamed in one step."""
        for path in (*folder.rglob("*"), folder):
            flush(path)
        folder.chmod(0o755)
        folder.rename(self.folder(generation))
        flush(self._generations)

    def known(self, generation: str) -> str:
        """`generation`, if there is one of that id. Raises UnknownGenerationError."""
        if generation not in self.ids():
            raise UnknownGenerationError(f"no generation {generation!r}; there are: {', '.join(self.ids()) or 'none'}")
        return generation

    def activate(self, generation: str) -> None:
        """Make a generation current, in one step. Raises UnknownGenerationError."""
        self.known(generation)
        write_whole(self._pointer, f"{generation}\n".encode())

    def prune(self, keep: int, is_sound: Callable[[Path], bool]) -> list[str]:
        """Delete all but the newest `keep` sound generations and the current one; returns what went."""
        sound = [name for name in self.ids() if is_sound(self.folder(name))]
        keeping = {*sound[-keep:], self.current()}  # a damaged pointer must not cost what it meant
        gone = [name for name in self.ids() if name not in keeping]
        for name in gone:  # in one step, lest a crash leave half a generation
            self.folder(name).rename(self._generations / f"{_LEAVING}{name}")
        self._sweep()
        return gone

    def _sweep(self) -> None:
        """Delete what was not finished, and what was to be deleted, when somebody crashed."""
        for prefix in (_UNFINISHED, _LEAVING):
            for left_over in self._generations.glob(f"{prefix}*"):
                self._clear(left_over)

    def _clear(self, folder: Path) -> None:
        """Delete a folder, first what it has elsewhere; where that cannot be reached, the next one to sweep does it."""
        try:
            self.vectors.delete(folder)
        except VectorsError as error:
            _log.warning("%s is left for now: %s", folder, error)
            return
        shutil.rmtree(folder, ignore_errors=True)
