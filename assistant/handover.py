"""Handovers: enquiries that a person takes, from open to claimed to replied to resolved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, String, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant import audit, outbox
from assistant.database import Base, Database, Moment, changed, now
from assistant.enquiries import EnquiryRow
from assistant.models import Citation
from assistant.outbox import Note
from corpus.errors import DeskError
from corpus.models import Frozen


class State(StrEnum):
    """How far a handover is."""

    HELD = "held"
    """The desk's reply waits until somebody of the staff has looked at it."""
    SENT = "sent"
    """It was sent; nobody has asked for a person."""
    OPEN = "open"
    CLAIMED = "claimed"
    REPLIED = "replied"
    RESOLVED = "resolved"


IN_REVIEW = (State.HELD, State.SENT)
TO_A_PERSON = tuple(state for state in State if state not in IN_REVIEW)
"""The states of what a person is to answer, or was."""
WITH_STAFF = (State.HELD, State.OPEN, State.CLAIMED)
"""In which somebody waits for staff: neither replied to nor closed."""


class StaffReply(Frozen):
    """What a member of staff replied to an asker."""

    text: str
    citations: tuple[Citation, ...] = ()
    faq_entry: str | None = None
    """The FAQ entry whose approved answer it gives, in the asker's language."""


class HandoverRow(Base):
    """Where a handover stands, and where its card does."""

    __tablename__ = "handovers"

    enquiry_id: Mapped[str] = mapped_column(ForeignKey("enquiries.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    since: Mapped[datetime] = mapped_column(Moment)
    """When it came into its present state."""
    asked_by: Mapped[str] = mapped_column(String(64))
    """Who wanted a person."""
    asked_at: Mapped[datetime] = mapped_column(Moment, index=True)
    holder: Mapped[str | None] = mapped_column(String(64))
    """Who has taken it."""
    resolved_by: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    """Counts its changes."""
    card_channel: Mapped[str | None] = mapped_column(String(64))
    card_ts: Mapped[str | None] = mapped_column(String(64))
    undelivered: Mapped[str | None] = mapped_column(String(200))
    """Why the asker could not be told, where that failed for good."""


class StaffReplyRow(Base):
    """A reply of a person."""

    __tablename__ = "staff_replies"

    enquiry_id: Mapped[str] = mapped_column(ForeignKey("enquiries.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    """The handover's, with this reply."""
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """A StaffReply."""

    @property
    def reply(self) -> StaffReply:
        return StaffReply.model_validate(self.content)


class StaleError(DeskError):
    """Somebody else was first, or the handover is not where the person thought it was."""

    def __init__(self, handover: HandoverRow | None) -> None:
        super().__init__(f"the handover is {handover.state}" if handover else "there is no such handover")
        self.handover = handover


class _RepeatedError(Exception):
    """The same reply by the same person, and nothing in between."""


Also = Callable[[Session, HandoverRow], None]
"""What else a change of a handover changes, in the same session."""


class Handovers:
    """All handovers. Each change is on the audit log and in the outbox from the same moment on."""

    def __init__(self, database: Database) -> None:
        self._session = database.session

    def open(self, enquiry_id: str, by: str) -> bool:
        """Hand an enquiry over to staff, or open it again; False if staff have it already."""
        moment = now()
        row = HandoverRow(
            enquiry_id=enquiry_id, state=State.OPEN, since=moment, asked_by=by, asked_at=moment, version=1
        )
        try:
            with self._session() as session:
                session.add(row)
                session.flush()
                self._tell(session, row, by, "ask_staff", Note.CARD, Note.ASKED)
        except IntegrityError:
            return self._open_again(enquiry_id, by)
        return True

    def _open_again(self, enquiry_id: str, by: str) -> bool:
        """Open what was reviewed only, or what is over; False if staff have it."""
        try:
            self.move(enquiry_id, by, "ask_staff", State.OPEN, _is(State.SENT), Note.ASKED,
                      asked_by=by, asked_at=now(), resolved_by=None)  # fmt: skip
        except StaleError:
            try:
                self.reopen(enquiry_id, by)
            except StaleError:
                return False
        return True

    def claim(self, enquiry_id: str, by: str) -> HandoverRow:
        """Take an open handover; who holds it already, holds it still. Raises StaleError."""
        held = self.get(enquiry_id)
        if held and held.state == State.CLAIMED and held.holder == by:
            return held
        return self.move(enquiry_id, by, "claim", State.CLAIMED, _is(State.OPEN), Note.CLAIMED, holder=by)

    def release(self, enquiry_id: str, by: str) -> HandoverRow:
        """Give a handover back that `by` holds. Raises StaleError."""
        mine = (*_is(State.CLAIMED), HandoverRow.holder == by)
        return self.move(enquiry_id, by, "release", State.OPEN, mine, holder=None)

    def reply(self, enquiry_id: str, by: str, reply: StaffReply) -> HandoverRow:
        """Reply to an asker, unless somebody else holds it; a form sent twice is one reply. Raises StaleError."""
        free = (
            *_is(State.OPEN, State.CLAIMED, State.REPLIED),
            or_(HandoverRow.holder.is_(None), HandoverRow.holder == by),
        )
        try:
            said = partial(self._put_reply, by, reply)
            return self.move(enquiry_id, by, "reply", State.REPLIED, free, Note.REPLY, also=said, holder=by)
        except _RepeatedError:  # Slack heard of the first too late, and asked them to try again
            with self._session() as session:
                return session.get_one(HandoverRow, enquiry_id)

    def resolve(self, enquiry_id: str, by: str) -> HandoverRow:
        """Close a handover. Raises StaleError if it is closed."""
        unresolved = _is(State.OPEN, State.CLAIMED, State.REPLIED)
        return self.move(enquiry_id, by, "resolve", State.RESOLVED, unresolved, Note.RESOLVED, resolved_by=by)

    def reopen(self, enquiry_id: str, by: str) -> HandoverRow:
        """Open a handover again that was replied to or closed. Raises StaleError if it is open."""
        over = _is(State.REPLIED, State.RESOLVED)
        return self.move(enquiry_id, by, "reopen", State.OPEN, over, Note.REOPENED, holder=None, resolved_by=None)

    def get(self, enquiry_id: str) -> HandoverRow | None:
        with self._session() as session:
            return session.get(HandoverRow, enquiry_id)

    def replies(self, enquiry_id: str) -> list[StaffReplyRow]:
        """What people replied, in order."""
        with self._session() as session:
            found = select(StaffReplyRow).where(StaffReplyRow.enquiry_id == enquiry_id)
            return list(session.scalars(found.order_by(StaffReplyRow.version)))

    def in_thread(self, channel: str, thread: str) -> int:
        """How many enquiries of a thread were handed over."""
        with self._session() as session:
            found = select(func.count()).select_from(HandoverRow).join(EnquiryRow)
            asked_there = (EnquiryRow.channel == channel, EnquiryRow.thread == thread)
            return session.scalar(found.where(*asked_there)) or 0

    def queue(self, *states: State) -> list[HandoverRow]:
        """The handovers in `states`, those that wait longest first."""
        with self._session() as session:
            found = select(HandoverRow).where(*_is(*states)).order_by(HandoverRow.asked_at)
            return list(session.scalars(found))

    def with_enquiries(self, *states: State, user: str | None = None) -> list[tuple[HandoverRow, EnquiryRow]]:
        """The handovers in `states` with what was asked, by `user` or by anybody, those that wait longest first."""
        with self._session() as session:
            found = select(HandoverRow, EnquiryRow).join(EnquiryRow, EnquiryRow.id == HandoverRow.enquiry_id)
            theirs = (EnquiryRow.user == user,) if user else ()
            rows = session.execute(found.where(*_is(*states), *theirs).order_by(HandoverRow.asked_at))
            return [(handover, enquiry) for handover, enquiry in rows]

    def carded(self, enquiry_id: str, channel: str, ts: str) -> None:
        """Note where a handover's card stands."""
        self._put(enquiry_id, card_channel=channel, card_ts=ts)

    def undelivered(self, enquiry_id: str, reason: str) -> None:
        """Note on the card that the asker could not be told."""
        with self._session() as session:
            change = update(HandoverRow).where(HandoverRow.enquiry_id == enquiry_id)
            session.execute(change.values(undelivered=reason, version=HandoverRow.version + 1))
            row = session.get_one(HandoverRow, enquiry_id)
            outbox.put(session, enquiry_id, Note.CARD, row.version)

    def remind(self, enquiry_id: str, occasion: int) -> None:
        """Remind staff of a handover, once for each `occasion`."""
        with suppress(IntegrityError), self._session() as session:  # another bot reminds of it at the same moment
            outbox.put(session, enquiry_id, Note.REMINDER, occasion)

    def _put(self, enquiry_id: str, **values: Any) -> None:
        with self._session() as session:
            session.execute(update(HandoverRow).where(HandoverRow.enquiry_id == enquiry_id).values(**values))

    def move(
        self, enquiry_id: str, by: str, action: str, state: State, if_: tuple[ColumnElement[bool], ...],
        note: Note | None = None, *, also: Also | None = None, detail: str = "", **values: Any,
    ) -> HandoverRow:  # fmt: skip
        """Bring a handover into `state`, if it is where the person thinks: the database lets one of several through.

        `also` is done with it. Raises StaleError.
        """
        with self._session() as session:
            change = update(HandoverRow).where(HandoverRow.enquiry_id == enquiry_id, *if_)
            values |= {"state": state, "since": now(), "version": HandoverRow.version + 1}
            if changed(session, change.values(**values)):
                row = session.get_one(HandoverRow, enquiry_id)
                if also:
                    also(session, row)
                self._tell(session, row, by, action, Note.CARD, *([note] if note else []), detail=detail)
                return row
        raise StaleError(self.get(enquiry_id))

    @staticmethod
    def _put_reply(by: str, said: StaffReply, session: Session, row: HandoverRow) -> None:
        content = said.model_dump(mode="json")
        last = session.get(StaffReplyRow, (row.enquiry_id, row.version - 1))
        if last and (last.by, last.content) == (by, content):
            raise _RepeatedError
        session.add(StaffReplyRow(enquiry_id=row.enquiry_id, version=row.version, by=by, at=row.since, content=content))

    @staticmethod
    def _tell(session: Session, row: HandoverRow, by: str, action: str, *notes: Note, detail: str = "") -> None:
        audit.log(session, by, action, row.enquiry_id, detail)
        for note in notes:
            once = note in {Note.ASKED, Note.CLAIMED}  # whoever takes it next, the asker knows that somebody has it
            outbox.put(session, row.enquiry_id, note, 0 if once else row.version)


def _is(*states: State) -> tuple[ColumnElement[bool], ...]:
    return (HandoverRow.state.in_(states),)
