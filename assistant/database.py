"""The database: where enquiries and all that becomes of them are kept, for one bot or for several."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import CursorResult, DateTime, Delete, Dialect, Engine, TypeDecorator, Update, event, func, select, text
from sqlalchemy import create_engine as sqlalchemy_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from assistant.settings import SettingsError
from corpus.errors import DeskError

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

_LOCK_WAIT_MS = 10_000
_PRIVATE = 0o600
"""People's questions are in it; what SQLite writes beside it has the same mode."""


class Base(DeclarativeBase):
    """Every table of the database."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, and gets it back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Database:
    """Sessions on one database. Safe to share among threads; several processes may share one database.

    What decides who does something is one UPDATE or INSERT, the first statement of its session: the database lets
    one through, whichever process it came from, and SQLite need not turn a reader into a writer.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session whose changes are kept if nothing is raised."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def queued_session(self, name: str) -> Iterator[Session]:
        """A session that waits until no other session of this name is open, in whichever process.

        Its first statement writes: with SQLite, that is what the others wait for.
        """
        with self.session() as session:
            if self.engine.dialect.name == "postgresql":
                session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
            yield session

    def check(self) -> None:
        """Raise SQLAlchemyError where the database does not answer."""
        with self.session() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


def changed(session: Session, statement: Update | Delete) -> int:
    """Execute a statement; how many rows it changed."""
    return cast(CursorResult[Any], session.execute(statement)).rowcount


class NoRecordError(DeskError):
    """There is no record where the settings say."""

    def __init__(self, url: str) -> None:
        place = _parsed(url).database or url
        super().__init__(f"there is no record at {place}; look at DESK_DATABASE_URL and DESK_DATA_DIR")


def is_to_be_made(url: str) -> bool:
    """Whether `url` names an SQLite database that is not there yet. Raises SettingsError if it is malformed."""
    parsed = _parsed(url)
    return parsed.get_backend_name() == "sqlite" and not (parsed.database and Path(parsed.database).exists())


def existing_database(url: str) -> Database:
    """The database of `url`, if it is there. Raises NoRecordError if not, and SettingsError as `open_database` does."""
    if is_to_be_made(url):
        raise NoRecordError(url)
    return open_database(url)


def open_database(url: str, *, debug: bool = False) -> Database:
    """The database of `url`, brought to this version's schema.

    With `debug`, its errors show what was to be written or looked for: people's words, too.
    Raises SettingsError if the URL is malformed or the database cannot be reached.
    """
    from assistant.migrations import upgrade

    try:
        engine = _engine(url, debug=debug)
        upgrade(engine)
    except (ArgumentError, ImportError) as error:
        raise _no_address(error) from error
    except DBAPIError as error:
        raise unusable(url, error) from error
    except OSError as error:
        raise SettingsError(
            f"no place for the record ({error.filename}: {error.strerror}); it is in DESK_DATA_DIR, unless "
            "DESK_DATABASE_URL says otherwise"
        ) from error
    return Database(engine)


def unusable(url: str, error: DBAPIError) -> SettingsError:
    """What to tell whoever runs the desk of a database that fails at its work."""
    return SettingsError(f"DESK_DATABASE_URL: the record's database cannot be used: {error.orig}{_cure(url, error)}")


def _cure(url: str, error: DBAPIError) -> str:
    """What to do about a file that is no record, or no longer; "" where what the database says tells enough."""
    if isinstance(error.orig, sqlite3.OperationalError) or not isinstance(error.orig, sqlite3.DatabaseError):
        return ""
    return f"; put a backup in its place (`run_bot.py restore`), or move {_parsed(url).database} away for a new record"


def _parsed(url: str) -> URL:
    """A database's URL in its parts. Raises SettingsError, which shows nothing of a password."""
    try:
        parsed = make_url(url)
    except ValueError:  # what stands where the port should may be half a password
        raise SettingsError(
            "DESK_DATABASE_URL: its port is no number; it goes like //USER:PASSWORD@HOST:PORT/NAME"
        ) from None
    except ArgumentError as error:
        raise _no_address(error) from error
    if "@" in (parsed.host or ""):
        raise SettingsError("DESK_DATABASE_URL: it has more than one @; write those of the password as %40")
    return parsed


def _no_address(error: Exception) -> SettingsError:
    """What to tell of a URL that names no database the record can be kept in, or one whose driver is not there."""
    return SettingsError(
        f"DESK_DATABASE_URL cannot be used for the record: {error}; give sqlite:///FILE or, after "
        "`pip install '.[postgresql]'`, postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME"
    )


def _engine(url: str, *, debug: bool) -> Engine:
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        return sqlalchemy_engine(parsed, pool_pre_ping=True, hide_parameters=not debug)
    if parsed.database:
        record = Path(parsed.database)
        record.parent.mkdir(parents=True, exist_ok=True)
        if not record.exists():
            record.touch(mode=_PRIVATE)
    engine = sqlalchemy_engine(parsed, hide_parameters=not debug)

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_LOCK_WAIT_MS}")
        with suppress(sqlite3.OperationalError):  # "locked": another connection is just switching to it
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")  # with WAL safe against all but a power cut's last moment
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    return engine


def new_reference() -> str:
    """A short number by which staff can find an enquiry, or what went wrong, in record and log."""
    return secrets.token_hex(4)


def now() -> datetime:
    return datetime.now(UTC)
