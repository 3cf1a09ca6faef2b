"""Weekly digests: when one is due, which period it is of, and which of several bots sends it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Date, String, Text, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from assistant.database import Base, Database, Moment, changed, now
from assistant.enquiries import EnquiryRow
from assistant.workdays import is_working_day

_HOUR = time(9)
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_LONGEST = timedelta(days=28)
"""A digest makes up for those that no bot was there to send, up to so long a period."""
_LEASE = timedelta(minutes=3)
"""How long a digest is in the hands of the bot that took it."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=10)


class DigestRow(Base):
    """A digest, and how far it got."""

    __tablename__ = "digests"

    week: Mapped[date] = mapped_column(Date, primary_key=True)
    """The Monday of the week in which it is sent."""
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    """Until when it is in a bot's hands, or to be left alone; afterwards, any bot may take it."""
    attempts: Mapped[int] = mapped_column(default=0)
    posted_ts: Mapped[str | None] = mapped_column(String(64))
    """Names the message with its text, once that is posted."""
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str | None] = mapped_column(Text)


class Week(NamedTuple):
    """A week whose digest is due: its Monday, and the moment at which it begins where staff work."""

    monday: date
    begins: datetime


def week_due(moment: datetime, zone: str, country: str) -> Week:
    """The week whose digest should have been sent by `moment`: on its first working day at nine o'clock.

    A week that is all weekend and public holidays of `country` (ISO 3166) has its digest in the week after.
    """
    here = ZoneInfo(zone)
    local = moment.astimezone(here)
    monday = local.date() - local.weekday() * _DAY
    while not any(
        is_working_day(day, country) and datetime.combine(day, _HOUR, here) <= local
        for day in (monday + number * _DAY for number in range(7))
    ):
        monday -= _WEEK
    return Week(monday, datetime.combine(monday, time(), here))


class Digests:
    """The digests of a database; several bots may share it."""

    def __init__(self, database: Database) -> None:
        self._session = database.session

    def take(self, week: Week) -> DigestRow | None:
        """The digest of `week`, in hand here from now on; None if it is sent, or in other hands."""
        with self._session() as session:
            known = session.get(DigestRow, week.monday)
        if known is None:
            return self._first(week)
        moment = now()
        free = (
            DigestRow.week == week.monday,
            DigestRow.done_at.is_(None),
            or_(DigestRow.held_until.is_(None), DigestRow.held_until < moment),
        )
        with self._session() as session:
            take = update(DigestRow).where(*free)
            if changed(session, take.values(held_until=moment + _LEASE, attempts=DigestRow.attempts + 1)):
                return session.get_one(DigestRow, week.monday)
        return None

    def has_history(self, until: datetime) -> bool:
        """Whether anybody has asked the desk anything before `until`."""
        with self._session() as session:
            return session.scalar(select(EnquiryRow.id).where(EnquiryRow.received_at < until).limit(1)) is not None

    def posted(self, row: DigestRow, ts: str) -> None:
        """The text was taken by Slack."""
        self._put(row, posted_ts=ts)

    def done(self, row: DigestRow, error: str | None = None) -> None:
        """All of it was taken by Slack; or some never will be, and `error` says why."""
        self._put(row, done_at=now(), error=error)

    def put_off(self, row: DigestRow, error: str) -> None:
        """It is to be tried again, ever more seldom."""
        wait = min(_FIRST_WAIT * 2 ** min(row.attempts, 16), _LONGEST_WAIT)
        self._put(row, held_until=now() + wait, error=error)

    def _first(self, week: Week) -> DigestRow | None:
        """The digest of a week that no bot has taken before; None if another one is just quicker."""
        try:
            with self._session() as session:
                row = DigestRow(
                    week=week.monday,
                    since=week.begins - _WEEK,
                    until=week.begins,
                    held_until=now() + _LEASE,
                    attempts=1,
                )
                session.add(row)
                session.flush()
                sent = (
                    DigestRow.week < week.monday,
                    or_(DigestRow.done_at.is_not(None), DigestRow.posted_ts.is_not(None)),
                )
                last = select(DigestRow.until).where(*sent).order_by(DigestRow.week.desc())
                before = session.scalars(last.limit(1)).first()
                if before is not None and week.begins - before <= _LONGEST:
                    row.since = before
                return row
        except IntegrityError:
            return None

    def _put(self, row: DigestRow, **values: object) -> None:
        with self._session() as session:
            session.execute(update(DigestRow).where(DigestRow.week == row.week).values(**values))
