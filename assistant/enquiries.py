"""The record: every enquiry with its reply and what people thought of it.

It also decides who handles what: an event that was delivered before, or a message that came as two
events, finds its row taken, whichever replica it reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Float,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    false,
    func,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant.database import Base, Database, Moment, changed, new_reference, now, open_database
from assistant.leases import Watch, is_unchanged, new_lease
from assistant.models import Reply
from corpus.errors import DeskError

RECEIVED, HELD, REPLIED, FAILED, REFUSED = "received", "held", "replied", "failed", "refused"
"""How far an enquiry is; one whose reply is held, waits for review; one of a flood is refused."""
_FLOOD = timedelta(minutes=1)
"""Within how long a person's questions are counted."""


class FloodError(DeskError):
    """More questions from one person in a minute than are taken. What came too much is on record as refused."""

    def __init__(self, enquiry_id: str, *, first: bool) -> None:
        """`first` says that none of this flood was refused before it, but for what was overheard."""
        super().__init__(f"enquiry {enquiry_id} is one too many of its asker's")
        self.enquiry_id, self.first = enquiry_id, first


class Delivery(Base):
    """An event that Slack delivered; Slack delivers some twice."""

    __tablename__ = "deliveries"

    event_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(Moment)


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
    received_at: Mapped[datetime] = mapped_column(Moment, index=True)
    replied_at: Mapped[datetime | None] = mapped_column(Moment)
    language: Mapped[str | None] = mapped_column(String(35))
    outcome: Mapped[str | None] = mapped_column(String(16))
    confidence: Mapped[float | None] = mapped_column(Float)
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The reply that was sent, as its JSON contract gives it."""
    generation: Mapped[str | None] = mapped_column(String(64))
    elapsed_ms: Mapped[float | None] = mapped_column(Float)
    """The desk's own time for the reply."""
    error: Mapped[str | None] = mapped_column(Text)
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the reply goes to the asker alone."""
    overheard: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it was said in a channel, and not put to the desk."""
    approved_by: Mapped[str | None] = mapped_column(String(64))
    """Who of the staff had a held reply sent."""
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    """The lease of the bot that took it on."""

    @property
    def citations(self) -> list[dict[str, Any]]:
        """What the reply that was sent cites, as its JSON contract gives it."""
        return list(self.reply["citations"]) if self.reply else []


class Feedback(Base):
    """What a person thought of a reply; the last word counts."""

    __tablename__ = "feedback"

    enquiry_id: Mapped[str] = mapped_column(ForeignKey("enquiries.id", ondelete="CASCADE"), primary_key=True)
    user: Mapped[str] = mapped_column(String(64), primary_key=True)
    helpful: Mapped[bool]
    given_at: Mapped[datetime] = mapped_column(Moment)


class Record:
    """Enquiries in a database. Safe to share among threads; several processes may share one database."""

    def __init__(self, database: Database, watch: Watch | None = None) -> None:
        self.database = database
        self._session = database.session
        self._watch = watch or Watch()

    def first_delivery(self, event_id: str) -> bool:
        """Note an event; False if it was delivered before."""
        try:
            with self._session() as session:
                session.add(Delivery(event_id=event_id, received_at=now()))
        except IntegrityError:
            return False
        return True

    def receive(
        self, *, channel: str, ts: str, thread: str, user: str, question: str, private: bool = False,
        overheard: bool = False, most: int | None = None,
    ) -> str | None:  # fmt: skip
        """Note a question, in hand here; returns its id, or None if that message is already noted.

        Raises FloodError if `most` questions of its asker were taken within the minute before.
        """
        row = EnquiryRow(
            id=new_reference(),
            channel=channel,
            ts=ts,
            thread=thread,
            user=user,
            question=question,
            status=RECEIVED,
            received_at=now(),
            private=private,
            overheard=overheard,
            leased_until=new_lease(),
        )
        try:
            with self.database.queued_session(f"questions of {user}") as session:
                session.add(row)
                session.flush()
                flood = _refused(session, row, most) if most is not None else None
        except IntegrityError:
            return None
        if flood:
            raise flood
        return row.id

    def keep(self, enquiry_ids: Iterable[str]) -> None:
        """Say that enquiries are still in hand here."""
        with self._session() as session:
            held = update(EnquiryRow).where(EnquiryRow.id.in_(list(enquiry_ids)), EnquiryRow.status == RECEIVED)
            session.execute(held.values(leased_until=new_lease()))

    def let_go(self, enquiry_id: str) -> None:
        """Leave an enquiry that has no reply yet to the bot that looks next."""
        with self._session() as session:
            left = update(EnquiryRow).where(EnquiryRow.id == enquiry_id, EnquiryRow.status == RECEIVED)
            session.execute(left.values(leased_until=None))

    def take_abandoned(self) -> list[EnquiryRow]:
        """Enquiries that a bot took on and has let go of without a reply; from now on in hand here."""
        with self._session() as session:
            waiting = session.scalars(select(EnquiryRow).where(EnquiryRow.status == RECEIVED)).all()
        lapsed = self._watch.lapsed({row.id: row.leased_until for row in waiting})
        taken: list[EnquiryRow] = []
        for row in waiting:
            if row.id in lapsed:
                unchanged = is_unchanged(EnquiryRow.leased_until, row.leased_until)
                take = update(EnquiryRow).where(EnquiryRow.id == row.id, EnquiryRow.status == RECEIVED, unchanged)
                with self._session() as session:
                    if changed(session, take.values(leased_until=new_lease())):
                        taken.append(row)
        return taken

    def replied(self, enquiry_id: str, reply: Reply) -> None:
        """Note the reply to an enquiry."""
        with self._session() as session:
            put_reply(session.get_one(EnquiryRow, enquiry_id), reply)

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

    def latest_questions(self, user: str, count: int) -> list[str]:
        """The last questions of a person that could be answered, oldest first."""
        with self._session() as session:
            theirs = select(EnquiryRow.question).where(EnquiryRow.user == user, EnquiryRow.language.is_not(None))
            return list(session.scalars(theirs.order_by(EnquiryRow.received_at.desc()).limit(count)))[::-1]

    def askers(self, since: datetime) -> int:
        """How many people have asked something from `since` on."""
        with self._session() as session:
            found = select(func.count(EnquiryRow.user.distinct())).where(EnquiryRow.received_at >= since)
            return session.scalar(found) or 0

    def knows_thread(self, channel: str, thread: str) -> bool:
        """Whether somebody has put a question to the desk in this thread."""
        return self._has_in_thread(channel, thread, EnquiryRow.overheard.is_(False))

    def has_asked(self, user: str, channel: str, thread: str) -> bool:
        """Whether the desk has taken up a question of this person in this thread."""
        return self._has_in_thread(channel, thread, EnquiryRow.user == user)

    def _has_in_thread(self, channel: str, thread: str, which: ColumnElement[bool]) -> bool:
        with self._session() as session:
            in_thread = (EnquiryRow.channel == channel, EnquiryRow.thread == thread)
            return session.scalar(select(EnquiryRow.id).where(*in_thread, which).limit(1)) is not None

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
            session.merge(Feedback(enquiry_id=enquiry_id, user=user, helpful=helpful, given_at=now()))

    def feedback(self, enquiry_id: str) -> dict[str, bool]:
        """Who found the reply helpful and who did not."""
        with self._session() as session:
            rows = session.scalars(select(Feedback).where(Feedback.enquiry_id == enquiry_id))
            return {row.user: row.helpful for row in rows}

    def close(self) -> None:
        self.database.close()


def open_record(url: str, *, debug: bool = False) -> Record:
    """The record in the database of `url`. Raises as open_database does."""
    return Record(open_database(url, debug=debug))


def put_finding(row: EnquiryRow, reply: Reply) -> None:
    """Note what the desk found, sent or not."""
    row.language, row.outcome, row.confidence = reply.language, reply.outcome, reply.confidence
    row.generation, row.elapsed_ms = reply.generation, reply.elapsed_ms


def put_reply(row: EnquiryRow, reply: Reply) -> None:
    """Note the reply that the asker got."""
    put_finding(row, reply)
    row.status, row.replied_at = REPLIED, now()
    row.reply = reply.recorded()


def _refused(session: Session, row: EnquiryRow, most: int) -> FloodError | None:
    """Refuse a question that came within a minute after `most` others of its asker's, not counting refused ones."""
    minute = (  # and not what a clock that was far ahead has put on record
        EnquiryRow.received_at > row.received_at - _FLOOD, EnquiryRow.received_at < row.received_at + _FLOOD,
    )  # fmt: skip
    theirs = select(func.count()).where(EnquiryRow.user == row.user, EnquiryRow.id != row.id, *minute)
    if (session.scalar(theirs.where(EnquiryRow.status != REFUSED)) or 0) < most:
        return None
    told = session.scalar(theirs.where(EnquiryRow.status == REFUSED, EnquiryRow.overheard.is_(False)))
    row.status, row.error = REFUSED, f"more than {most} questions of one person within a minute"
    return FloodError(row.id, first=not told)
