"""FAQ entries that staff approved: every version of them, who approved it, when, and from which enquiry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, false, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant import audit, outbox
from assistant.database import Base, Database, Moment, is_to_be_made, now, open_database
from assistant.dates import local_day
from assistant.handover import HandoverRow
from assistant.outbox import Note
from corpus.catalogue import Approved
from corpus.errors import DeskError
from corpus.faq import Approval, Faq, FaqEntry, Quotation, Wording

_FIRST_NUMBER = 1001
"""Numbers below are those of the FAQ's files."""
_TOPIC = "staff"
_LOCK = 7274497
"""Of PostgreSQL's advisory locks, the one for changes of the entries."""


class OvertakenError(DeskError):
    """Somebody else has changed the entry meanwhile."""

    def __init__(self, newest: FaqVersionRow) -> None:
        super().__init__(f"version {newest.version} is by {newest.by}")
        self.newest = newest


class UnchangedError(DeskError):
    """The person has approved just that already."""

    def __init__(self, newest: FaqVersionRow) -> None:
        super().__init__(f"version {newest.version} says so")
        self.newest = newest


class FaqVersionRow(Base):
    """An FAQ entry as somebody approved it, or took it out; the newest version holds."""

    __tablename__ = "faq_versions"

    entry_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    enquiry_id: Mapped[str | None] = mapped_column(String(16), index=True)
    """The enquiry that it was the reply to; the entry outlives it."""
    instead_of: Mapped[str | None] = mapped_column(String(80))
    topic: Mapped[str] = mapped_column(String(80))
    wordings: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By language, a Wording."""
    quotations: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
    retired: Mapped[bool]

    def entry(self, zone: str) -> FaqEntry:
        """The entry, approved on the day that it was in a time zone."""
        return FaqEntry(
            number=self.number,
            id=self.entry_id,
            topic=self.topic,
            instead_of=self.instead_of,
            wordings={language: Wording.model_validate(wording) for language, wording in self.wordings.items()},
            quotations=tuple(Quotation.model_validate(quotation) for quotation in self.quotations),
            approval=Approval(by=self.by_name, on=local_day(self.at, zone), enquiry=self.enquiry_id),
        )


class StaffFaq:
    """What staff approved. Each change is on the audit log, and on the card of its enquiry."""

    def __init__(self, database: Database) -> None:
        self._session = database.session

    def save(self, enquiry_id: str, wordings: dict[str, Wording], quotations: tuple[Quotation, ...] = (), *,
             instead_of: str | None, by: str, name: str, seen: int | None = None) -> FaqVersionRow:  # fmt: skip
        """Approve an entry from an enquiry, or a new version of the one that it has led to.

        `seen` is the version that was changed, 0 if there was none. Raises UnchangedError if `by` has approved just
        that, OvertakenError if another one holds by now.
        """
        worded = {language: wording.model_dump(mode="json") for language, wording in wordings.items()}
        quoted = [quotation.model_dump(mode="json") for quotation in quotations]
        with self._session() as session:
            _one_by_one(session)
            before = _newest(session, _entry_id(enquiry_id))
            same = (by, worded, quoted, False)
            if before and (before.by, before.wordings, before.quotations, before.retired) == same:
                session.expunge(before)
                raise UnchangedError(before)
            if before and seen is not None and seen != before.version:
                session.expunge(before)
                raise OvertakenError(before)
            row = FaqVersionRow(
                entry_id=_entry_id(enquiry_id),
                version=before.version + 1 if before else 1,
                number=before.number if before else _next_number(session),
                enquiry_id=enquiry_id,
                instead_of=before.instead_of if before else instead_of,
                topic=_TOPIC,
                wordings=worded,
                quotations=quoted,
                by=by,
                by_name=name,
                at=now(),
                retired=False,
            )
            session.add(row)
            _show(session, row, by, "save_faq")
        return row

    def retire(self, entry_id: str, *, by: str, name: str) -> FaqVersionRow | None:
        """Take an entry out; None if there is none, or it is out already."""
        with self._session() as session:
            _one_by_one(session)
            before = _newest(session, entry_id)
            if before is None or before.retired:
                return None
            kept = ("entry_id", "number", "enquiry_id", "instead_of", "topic", "wordings", "quotations")
            row = FaqVersionRow(
                **{field: getattr(before, field) for field in kept},
                version=before.version + 1, by=by, by_name=name, at=now(), retired=True,
            )  # fmt: skip
            session.add(row)
            _show(session, row, by, "retire_faq")
        return row

    def of(self, enquiry_id: str) -> FaqVersionRow | None:
        """The newest version of the entry that an enquiry led to."""
        with self._session() as session:
            return _newest(session, _entry_id(enquiry_id))

    def history(self, entry_id: str) -> list[FaqVersionRow]:
        """Every version of an entry, the first one first."""
        with self._session() as session:
            versions = select(FaqVersionRow).where(FaqVersionRow.entry_id == entry_id)
            return list(session.scalars(versions.order_by(FaqVersionRow.version)))

    def approved(self, zone: str) -> Approved:
        """What a build takes over, with the days that it was in a time zone, and what it leaves out."""
        with self._session() as session:
            rows = session.scalars(select(FaqVersionRow).order_by(FaqVersionRow.number, FaqVersionRow.version))
            newest = {row.entry_id: row for row in rows}
        return Approved(
            entries=tuple(row.entry(zone) for row in newest.values() if not row.retired),
            retired=tuple(row.entry_id for row in newest.values() if row.retired),
        )


def approved_in(url: str, zone: str) -> Approved:
    """What staff approved, by the record in the database of `url`; nothing where there is no record yet.

    Raises SettingsError where there is one that cannot be read.
    """
    if is_to_be_made(url):
        return Approved()
    database = open_database(url)
    try:
        return StaffFaq(database).approved(zone)
    finally:
        database.close()


def is_indexed(approved: Approved, faq: Faq) -> bool:
    """Whether an indexed FAQ has just what staff approved, and nothing that they took out.

    Not which enquiry an entry came of, which time takes: that is no reason to build, or to end a rollback.
    """
    indexed = {entry.id: _words_of(entry) for entry in faq.entries if entry.approval}
    known = all(indexed.get(entry.id) == _words_of(entry) for entry in approved.entries)
    return known and not indexed.keys() & set(approved.retired)


def _words_of(entry: FaqEntry) -> FaqEntry:
    """An approved entry as staff see it."""
    return entry.without_enquiry().model_copy(update={"also_asked": {}})


def _entry_id(enquiry_id: str) -> str:
    return f"staff-{enquiry_id}"


def _one_by_one(session: Session) -> None:
    """Let others who change entries wait until this session ends: numbers and versions follow on each other."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    else:  # SQLite has one writer at a time, and this one is it from now on
        session.execute(update(FaqVersionRow).where(false()).values(version=0))


def _newest(session: Session, entry_id: str) -> FaqVersionRow | None:
    versions = select(FaqVersionRow).where(FaqVersionRow.entry_id == entry_id)
    return session.scalars(versions.order_by(FaqVersionRow.version.desc()).limit(1)).first()


def _next_number(session: Session) -> int:
    return max(_FIRST_NUMBER - 1, session.scalar(select(func.max(FaqVersionRow.number))) or 0) + 1


def _show(session: Session, row: FaqVersionRow, by: str, action: str) -> None:
    """Put a change on the log, and on the card."""
    audit.log(session, by, action, row.entry_id, f"version {row.version}")
    session.flush()
    handover = session.get(HandoverRow, row.enquiry_id) if row.enquiry_id else None
    if handover is not None:
        handover.version += 1
        outbox.put(session, handover.enquiry_id, Note.CARD, handover.version)
