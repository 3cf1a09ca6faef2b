"""The record: every enquiry with its reply and what people thought of it.

It also decides who handles what: an event that was delivered before, or a message that came as two
events, finds its row taken, whichever replica it reached.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, DateTime, Engine, Float, ForeignKey, String, Text, UniqueConstraint, delete, event, select
from sqlalchemy import create_engine as sqlalchemy_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from assistant.models import Reply
from assistant.settings import SettingsError

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

RECEIVED, REPLIED, FAILED = "received", "replied", "failed"
_LOCK_WAIT_MS = 10_000


class Base(DeclarativeBase):
    pass


class Delivery(Base):
    """An event that Slack delivered; Slack delivers some twice."""

    __tablename__ = "deliveries"

    event_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class EnquiryRow(Base):
    """A question, where and by whom it was asked, and what came back."""

    __tablename__ = "enquiries"
    __table_args__ = (UniqueConstraint("channel", "ts"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64))
    """The Slack channel, or "terminal"."""
    ts: Mapped[str] = mapped_column(String(64))
    """The message's timestamp, which names it within its channel."""
    thread: Mapped[str] = mapped_column(String(64), index=True)
    user: Mapped[str] = mapped_column(String(64), index=True)
    question: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16), index=True)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    replied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    language: Mapped[str | None] = mapped_column(String(35))
    outcome: Mapped[str | None] = mapped_column(String(16))
    confidence: Mapped[float | None] = mapped_column(Float)
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The reply as its JSON contract gives it."""
    generation: Mapped[str | None] = mapped_column(String(64))
    elapsed_ms: Mapped[float | None] = mapped_column(Float)
    """The desk's own time for the reply."""
    error: Mapped[str | None] = mapped_column(Text)


class Feedback(Base):
    """What a person thought of a reply; the last word counts."""

    __tablename__ = "feedback"

    enquiry_id: Mapped[str] = mapped_column(ForeignKey("enquiries.id", ondelete="CASCADE"), primary_key=True)
    user: Mapped[str] = mapped_column(String(64), primary_key=True)
    helpful: Mapped[bool]
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Record:
    """Enquiries in a database. Safe to share among threads; several processes may share one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    def first_delivery(self, event_id: str) -> bool:
        """Note an event; False if it was delivered before."""
        try:
            with self._session() as session:
                session.add(Delivery(event_id=event_id, received_at=_now()))
        except IntegrityError:
            return False
        return True

    def receive(self, *, channel: str, ts: str, thread: str, user: str, question: str) -> str | None:
        """Note a question; returns its id, or None if that message is already noted."""
        row = EnquiryRow(
            id=new_reference(),
            channel=channel,
            ts=ts,
            thread=thread,
            user=user,
            question=question,
            status=RECEIVED,
            received_at=_now(),
        )
        try:
            with self._session() as session:
                session.add(row)
        except IntegrityError:
            return None
        return row.id

    def replied(self, enquiry_id: str, reply: Reply) -> None:
        """Note the reply to an enquiry."""
        with self._session() as session:
            row = session.get_one(EnquiryRow, enquiry_id)
            row.status, row.replied_at = REPLIED, _now()
            row.language, row.outcome, row.confidence = reply.language, reply.outcome, reply.confidence
            row.reply = reply.model_dump(mode="json")
            row.generation, row.elapsed_ms = reply.generation, reply.elapsed_ms

    def failed(self, enquiry_id: str, error: str) -> None:
        """Note why an enquiry got no reply."""
        with self._session() as session:
            row = session.get_one(EnquiryRow, enquiry_id)
            row.status, row.error = FAILED, error

    def get(self, enquiry_id: str) -> EnquiryRow | None:
        with self._session() as session:
            return session.get(EnquiryRow, enquiry_id)

    def all(self) -> list[EnquiryRow]:
        """Every enquiry, in the order received."""
        with self._session() as session:
            return list(session.scalars(select(EnquiryRow).order_by(EnquiryRow.received_at)))

    def history(self, channel: str, thread: str, before: str) -> list[str]:
        """The questions asked earlier in a thread, oldest first."""
        with self._session() as session:
            return list(
                session.scalars(
                    select(EnquiryRow.question)
                    .where(EnquiryRow.channel == channel, EnquiryRow.thread == thread, EnquiryRow.ts < before)
                    .order_by(EnquiryRow.ts)
                )
            )

    def knows_thread(self, channel: str, thread: str) -> bool:
        """Whether somebody has asked the desk something in this thread."""
        with self._session() as session:
            found = select(EnquiryRow.id).where(EnquiryRow.channel == channel, EnquiryRow.thread == thread).limit(1)
            return session.scalar(found) is not None

    def give_feedback(self, enquiry_id: str, user: str, *, helpful: bool) -> bool:
        """Note what `user` thinks of a reply, in place of what they thought before; False if it is unknown."""
        if self.get(enquiry_id) is None:
            return False
        try:
            self._put_feedback(enquiry_id, user, helpful=helpful)
        except IntegrityError:  # two clicks at the same moment, and the other one was first
            self._put_feedback(enquiry_id, user, helpful=helpful)
        return True

    def _put_feedback(self, enquiry_id: str, user: str, *, helpful: bool) -> None:
        with self._session() as session:
            session.merge(Feedback(enquiry_id=enquiry_id, user=user, helpful=helpful, given_at=_now()))

    def feedback(self, enquiry_id: str) -> dict[str, bool]:
        """Who found the reply helpful and who did not."""
        with self._session() as session:
            rows = session.scalars(select(Feedback).where(Feedback.enquiry_id == enquiry_id))
            return {row.user: row.helpful for row in rows}

    def expire(self, days: int) -> int:
        """Delete what is older than `days`; returns how many enquiries went."""
        limit = _now() - timedelta(days=days)
        with self._session() as session:
            old = session.scalars(select(EnquiryRow.id).where(EnquiryRow.received_at < limit)).all()
            session.execute(delete(Feedback).where(Feedback.enquiry_id.in_(old)))
            session.execute(delete(EnquiryRow).where(EnquiryRow.id.in_(old)))
            session.execute(delete(Delivery).where(Delivery.received_at < limit))
        return len(old)

    def close(self) -> None:
        self._engine.dispose()


def open_record(url: str) -> Record:
    """The record in the database of `url`, brought to this version's schema.

    Raises SettingsError if the URL is malformed or the database cannot be reached.
    """
    from assistant.migrations import upgrade

    try:
        engine = _engine(url)
        upgrade(engine)
    except (ArgumentError, ImportError) as error:
        raise SettingsError(f"DESK_DATABASE_URL cannot be used for the record: {error}") from error
    except DBAPIError as error:
        raise SettingsError(f"DESK_DATABASE_URL: the record's database cannot be used: {error.orig}") from error
    except OSError as error:
        raise SettingsError(f"DESK_DATABASE_URL: no place for the record: {error}") from error
    return Record(engine)


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sqlalchemy_engine(parsed, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sqlalchemy_engine(parsed)

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


def _now() -> datetime:
    return datetime.now(UTC)
