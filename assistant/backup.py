"""Backup and restore: the record and the documents in one archive that knows the digest of all it holds.

The record comes first and then the documents, so that whatever the record says was added is among them. What can be
made again is left out: what readers found, the encoder's engine and, unless it is wanted, the index.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, nullcontext
from datetime import UTC, datetime
from importlib.metadata import version
from io import BufferedReader
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError
from sqlalchemy.engine import make_url

from assistant.database import NoRecordError
from assistant.desk import open_store
from assistant.migrations import HEAD
from assistant.settings import Settings
from corpus import curation
from corpus.catalogue import load_catalogue
from corpus.errors import DeskError, one_line
from corpus.files import digest, flush
from corpus.models import Frozen

FORMAT = 1
MANIFEST = "manifest.json"
RECORD, DOCUMENTS, INDEX = "desk.sqlite3", "documents", "index"
"""What is in an archive: a file, and two folders."""
_ITS_OWN = {curation.LOCK, "LOCK"}
"""Files of folders that are no part of what they hold."""
_ASIDE = ".restore-"
_NAMED = 5
"""How many files a refusal names."""


class BackupError(DeskError):
    """A backup cannot be made, or is not what it should be, or would take the place of something."""


class Archived(Frozen):
    """What an archive says of itself."""

    format: int
    created: str
    """ISO 8601, UTC."""
    version: str
    """Of the desk that made it."""
    database: str
    """What keeps the record; it is in the archive if that is SQLite."""
    schema_revision: str | None
    """The record's; None without one."""
    files: dict[str, str]
    """sha256 of every other file, by its path."""

    def holds(self, part: str) -> bool:
        return any(Path(name).parts[0] == part for name in self.files)


def backup(settings: Settings, target: Path, *, with_index: bool = False) -> Archived:
    """Write an archive to `target`, whatever a running bot writes meanwhile.

    Raises BackupError, CorpusError, OSError; then there is no archive.
    """
    if target.exists():
        raise BackupError(f"{target} is there already; name another file")
    if not target.resolve().parent.is_dir():
        raise BackupError(f"{target.resolve().parent} is no folder; make it first, or name another place")
    with TemporaryDirectory(prefix=".backup-", dir=target.resolve().parent) as name:
        content, archive = Path(name, "content"), Path(name, "archive")
        content.mkdir()
        revision = _copy_record(settings, content / RECORD)
        _copy_documents(settings.desk_corpus_dir, content / DOCUMENTS)
        if with_index:
            with (store := open_store(settings)).lock():
                _copy(store.root, content / INDEX)
        archived = Archived(
            format=FORMAT,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            version=version("declaration-desk"),
            database=_backend(settings),
            schema_revision=revision,
            files={path.relative_to(content).as_posix(): digest(path) for path in _files(content)},
        )
        (content / MANIFEST).write_text(archived.model_dump_json(indent=1), encoding="utf-8")
        archive.touch(mode=0o600)  # people's questions are in it
        with tarfile.open(archive, "w:gz") as tar:
            for name in (MANIFEST, *archived.files):
                tar.add(content / name, name)
        flush(archive)
        archive.rename(target)
    return archived


def restore(settings: Settings, archive: Path, *, force: bool = False) -> Archived:
    """Put what an archive holds in its place; with `force`, in that of what is there.

    Raises BackupError with nothing changed: where the archive is damaged or fits these settings ill, where a bot
    has the record open and where, without `force`, anything would be lost. Also OSError, with nothing changed.
    """
    archived = _verified(archive)
    _check_fit(settings, archived)
    record = _record(settings)
    folders = {DOCUMENTS: settings.desk_corpus_dir, INDEX: open_store(settings).root}
    folders = {part: folder for part, folder in folders.items() if archived.holds(part)}
    if record is not None and _is_in_use(record):
        raise BackupError(f"{record} is open: stop the bot, and whatever else uses it, first; nothing was changed")
    if not force and (lost := list(_would_be_lost(record, folders, archived))):
        more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
        raise BackupError(
            f"what is there would be lost: {', '.join(map(str, lost[:_NAMED]))}{more}; nothing was changed. "
            "`--force` puts the backup in its place"
        )
    with ExitStack() as finally_gone:
        moves: list[tuple[Path, Path]] = []
        with tarfile.open(archive) as tar:
            for part, folder in folders.items():
                new, old = _places(folder, finally_gone)
                tar.extractall(new, [m for m in tar if Path(m.name).parts[0] == part], filter="data")
                moves += [(there, old / there.name) for there in _contents(folder)]
                moves += [(come, folder / come.name) for come in _contents(new / part)]
            if record is not None:
                new, old = _places(record.parent, finally_gone)
                tar.extract(RECORD, new, filter="data")
                for path in (record, *(record.with_name(record.name + end) for end in ("-wal", "-shm"))):
                    moves += [(path, old / path.name)] if path.exists() else []
                moves.append((new / RECORD, record))
        _move(moves)
    return archived


def dump_command(settings: Settings) -> str | None:
    """How to back the record up where it is in PostgreSQL; None where the archive has it."""
    if _record(settings) is not None:
        return None
    return f"pg_dump --format=custom --no-owner --file=desk.dump {_libpq(settings)}"


def undump_command(settings: Settings) -> str | None:
    """How to bring the record back into PostgreSQL; None where the archive has it."""
    if _record(settings) is not None:
        return None
    return f"pg_restore --clean --if-exists --no-owner --single-transaction --dbname={_libpq(settings)} desk.dump"


def _libpq(settings: Settings) -> str:
    """The database's address for PostgreSQL's own programs, without the password: they ask, or read ~/.pgpass."""
    url = make_url(settings.database_url).set(drivername="postgresql")._replace(password=None)
    return shlex.quote(url.render_as_string(hide_password=False))


def _backend(settings: Settings) -> str:
    return make_url(settings.database_url).get_backend_name()


def _record(settings: Settings) -> Path | None:
    """The record's file; None where it is in a database server."""
    url = make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _copy_record(settings: Settings, copy: Path) -> str | None:
    """Copy the record as it is at one moment, while others write; its revision."""
    if (record := _record(settings)) is None:
        return None
    if not record.is_file():
        raise NoRecordError(settings.database_url)
    try:
        with closing(sqlite3.connect(record, timeout=30)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            (verdict,) = target.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                raise BackupError(f"{record} is damaged: {verdict}")
            (revision,) = target.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{record} cannot be read: {error}") from error
    return str(revision)


def _copy_documents(folder: Path, copy: Path) -> None:
    """Copy the catalogue and its files as they are between two changes."""
    load_catalogue(folder)  # a folder that has none is told as such
    with curation.lock(folder) if os.access(folder, os.W_OK) else nullcontext():
        _copy(folder, copy)


def _copy(folder: Path, copy: Path) -> None:
    try:
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(*_ITS_OWN, f"{_ASIDE}*"))
    except shutil.Error as error:
        _, _, reason = error.args[0][0]
        raise BackupError(f"{folder} cannot be copied: {reason}") from error


def _verified(archive: Path) -> Archived:
    """Read an archive from beginning to end. Raises BackupError if it is not, to the last bit, what it says."""
    try:
        with tarfile.open(archive) as tar:
            archived = _read_manifest(tar)
            missing = dict(archived.files)
            for member in tar:
                if member.name == MANIFEST:
                    continue
                if tarfile.data_filter(member, str(archive.parent)).name != member.name or not member.isreg():
                    raise BackupError(f"{member.name!r} is not a file that a backup holds")
                if Path(member.name).parts[0] not in (RECORD, DOCUMENTS, INDEX):
                    raise BackupError(f"{member.name!r} is nothing that a backup holds")
                if missing.pop(member.name, None) != _digest(tar, member):
                    raise BackupError(f"{member.name} does not match its digest")
            if missing:
                raise BackupError(f"{min(missing)} is missing")
    except FileNotFoundError:
        raise
    except (
        BackupError,
        tarfile.TarError,
        zlib.error,
        EOFError,
        OSError,
        LookupError,
        ValidationError,
    ) as error:
        unread = isinstance(error, tarfile.ReadError)  # which tells what each of its readers said
        reason = "it is not a complete .tar.gz" if unread else error
        raise BackupError(one_line(f"{archive} is damaged, or no backup: {reason}; nothing was changed")) from error
    return archived


def _digest(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str | None:
    content = tar.extractfile(member)
    return hashlib.file_digest(content, "sha256").hexdigest() if isinstance(content, BufferedReader) else None


def _read_manifest(tar: tarfile.TarFile) -> Archived:
    first = tar.next()
    content = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if content is None:
        raise BackupError(f"it does not begin with {MANIFEST}")
    archived = Archived.model_validate_json(content.read())
    if archived.format != FORMAT:
        raise BackupError(f"its format is {archived.format}, this version reads {FORMAT}")
    return archived


def _check_fit(settings: Settings, archived: Archived) -> None:
    """Raise BackupError where an archive and the settings are about different databases, or schemas."""
    if archived.database != _backend(settings):
        raise BackupError(
            f"the backup was made beside {archived.database}, and DESK_DATABASE_URL names {_backend(settings)}; "
            "nothing was changed"
        )
    if _record(settings) is not None and RECORD not in archived.files:
        raise BackupError("the backup holds no record; nothing was changed")
    if archived.schema_revision is not None and archived.schema_revision > HEAD:
        raise BackupError(
            f"the backup's record has the schema {archived.schema_revision} of a later version ({archived.version}), "
            f"this one knows {HEAD}; restore it with that version; nothing was changed"
        )


def _is_in_use(record: Path) -> bool:
    """Whether any other process has a record open: while one has, SQLite lets nobody have it alone."""
    if not record.exists():
        return False
    with closing(sqlite3.connect(record, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:  # a damaged one is in nobody's use
            return "locked" in str(error)
    return False


def _would_be_lost(record: Path | None, folders: dict[str, Path], archived: Archived) -> Iterator[Path]:
    if record is not None and record.exists():
        yield record
    for part, folder in folders.items():
        for path in (path for top in _contents(folder) for path in _files(top)):
            name = f"{part}/{path.relative_to(folder).as_posix()}"
            if archived.files.get(name) != digest(path):
                yield path


def _contents(folder: Path) -> list[Path]:
    """What a folder holds, but for locks and what is being restored."""
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.name not in _ITS_OWN and not path.name.startswith(_ASIDE)]


def _files(top: Path) -> list[Path]:
    """A file, or every file in a folder."""
    return sorted(path for path in (top, *top.rglob("*")) if path.is_file())


def _places(folder: Path, finally_gone: ExitStack) -> tuple[Path, Path]:
    """Where to put what comes and what goes: in the folder itself, so that each moves in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(finally_gone.enter_context(TemporaryDirectory(prefix=_ASIDE, dir=folder)))
    new, old = aside / "new", aside / "old"
    new.mkdir()
    old.mkdir()
    return new, old


def _move(moves: list[tuple[Path, Path]]) -> None:
    """Make all moves; where one fails, none. Raises OSError."""
    done: list[tuple[Path, Path]] = []
    try:
        for there, place in moves:
            there.rename(place)
            done.append((there, place))
    except BaseException:  # whoever interrupts it too
        for there, place in reversed(done):
            place.rename(there)
        raise
