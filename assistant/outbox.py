"""The outbox: what is still to be said in Slack, kept with the change that calls for it until it is said.

A transactional outbox: a note stands in the database from the moment of the change on, and leaves it when Slack has
taken it. Whoever stops in between, this bot or another finds it. What staff are told of one enquiry goes out in its
order, and so does what its asker is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, Text, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from assistant.database import Base, Database, Moment, changed, now
from assistant.leases import Watch, is_unchanged, new_lease

_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=5)
_LOOKED_AT = 50
"""How many notes to look at for one that nobody has in hand; more than there ever are bots."""


class Note(StrEnum):
    """What there is to say about a handover."""

    CARD = "card"
    """To staff: the card, new or as it is now."""
    ASKED = "asked"
    CLAIMED = "claimed"
    HELD = "held"
    """To the asker: a person looks at the answer first."""
    ANSWER = "answer"
    """The desk's reply, once somebody has looked at it."""
    REPLY = "reply"
    """A person's."""
    CORRECTION = "correction"
    """To the asker: what they were told is wrong now."""
    RESOLVED = "resolved"
    REOPENED = "reopened"
    REMINDER = "reminder"
    """To staff, of a handover that waits too long."""


class OutboxRow(Base):
    """A note, and how far it got."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("enquiry_id", "note", "occasion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[str] = mapped_column(ForeignKey("enquiries.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(String(16))
    to_staff: Mapped[bool]
    occasion: Mapped[int]
    """Tells notes of one kind apart: the handover's version, or 0 for what is said once only."""
    due_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    error: Mapped[str | None] = mapped_column(Text)


def put(session: Session, enquiry_id: str, note: Note, occasion: int) -> None:
    """Put a note into the outbox, with the change that `session` makes; once, however often it is put."""
    same = select(OutboxRow.id).where(
        OutboxRow.enquiry_id == enquiry_id, OutboxRow.note == note, OutboxRow.occasion == occasion
    )
    if session.scalar(same) is None:
        to_staff = note in {Note.CARD, Note.REMINDER}
        session.add(
            OutboxRow(enquiry_id=enquiry_id, note=note, to_staff=to_staff, occasion=occasion, due_at=now(), attempts=0)
        )


class Outbox:
    """Notes that wait, for whichever bot takes them first."""

    def __init__(self, database: Database, watch: Watch | None = None) -> None:
        self._session = database.session
        self._watch = watch or Watch()

    def take(self) -> OutboxRow | None:
        """The first note that is due, in hand here from now on; None if there is none."""
        earlier = aliased(OutboxRow)
        goes_before = select(earlier.id).where(
            earlier.enquiry_id == OutboxRow.enquiry_id,
            earlier.to_staff == OutboxRow.to_staff,
            earlier.id < OutboxRow.id,
            earlier.done_at.is_(None),
        )
        with self._session() as session:
            due = select(OutboxRow).where(*_is_due(), ~goes_before.exists())
            waiting = session.scalars(due.order_by(OutboxRow.due_at).limit(_LOOKED_AT)).all()
        lapsed = self._watch.lapsed({row.id: row.leased_until for row in waiting})
        for row in waiting:
            if row.id in lapsed:
                take, lease = update(OutboxRow).where(*_is_in_hand(row), *_is_due()), new_lease()
                with self._session() as session:
                    if changed(session, take.values(leased_until=lease, attempts=OutboxRow.attempts + 1)):
                        row.leased_until = lease
                        return row
        return None

    def hold(self, row: OutboxRow) -> bool:
        """Whether a note is in hand here still, and then for as long again: ask before what cannot be taken back."""
        lease = new_lease()
        with self._session() as session:
            held = changed(session, update(OutboxRow).where(*_is_in_hand(row)).values(leased_until=lease)) > 0
        if held:
            row.leased_until = lease
        return held

    def first(self, enquiry_id: str, note: Note) -> OutboxRow | None:
        """The first note of a kind about an enquiry."""
        with self._session() as session:
            same = select(OutboxRow).where(OutboxRow.enquiry_id == enquiry_id, OutboxRow.note == note)
            return session.scalars(same.order_by(OutboxRow.id).limit(1)).first()

    def done(self, row: OutboxRow, error: str | None = None) -> None:
        """A note was taken by Slack; or never will be, and `error` says why."""
        with self._session() as session:
            session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(done_at=now(), error=error))

    def put_off(self, row: OutboxRow, error: str, wait: timedelta | None = None) -> None:
        """A note is to be tried again, after `wait` or, without one, ever more seldom."""
        later = wait or _FIRST_WAIT * 2 ** min(row.attempts, 16)
        self._put_back(row, due_at=now() + min(later, _LONGEST_WAIT), error=error)

    def let_wait(self, row: OutboxRow, wait: timedelta) -> None:
        """A note's turn has not come; it was not tried."""
        self._put_back(row, due_at=now() + wait, attempts=row.attempts)

    def _put_back(self, row: OutboxRow, **values: Any) -> None:
        """Let go of a note, unless another bot has taken it over."""
        with self._session() as session:
            session.execute(update(OutboxRow).where(*_is_in_hand(row)).values(leased_until=None, **values))

    def hurry(self) -> None:
        """Try again at once what waits: something has changed in Slack."""
        with self._session() as session:
            session.execute(update(OutboxRow).where(OutboxRow.done_at.is_(None)).values(due_at=now()))

    def waiting(self) -> list[OutboxRow]:
        """Notes that nobody has sent yet, the oldest first."""
        with self._session() as session:
            return list(session.scalars(select(OutboxRow).where(OutboxRow.done_at.is_(None)).order_by(OutboxRow.id)))


def _is_in_hand(row: OutboxRow) -> tuple[ColumnElement[bool], ...]:
    unchanged = is_unchanged(OutboxRow.leased_until, row.leased_until)
    return OutboxRow.id == row.id, OutboxRow.done_at.is_(None), unchanged


def _is_due() -> tuple[ColumnElement[bool], ...]:
    """What is put off for longer than any note ever is, was so before a clock jumped back."""
    moment = now()
    return OutboxRow.done_at.is_(None), or_(OutboxRow.due_at <= moment, OutboxRow.due_at > moment + _LONGEST_WAIT)
