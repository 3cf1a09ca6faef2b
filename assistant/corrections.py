"""Corrections: who was told what is wrong now, and the word that staff send them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field
from sqlalchemy import String, Text, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from assistant import audit, outbox
from assistant.database import Base, Database, Moment, now
from assistant.enquiries import EnquiryRow
from assistant.handover import StaffReplyRow
from assistant.outbox import Note
from corpus.models import Frozen, Kind

_NUMBERS = 2**31
"""As many as an INTEGER of PostgreSQL counts."""


class Source(StrEnum):
    """What a reply may rest on that is corrected later."""

    FAQ = "faq"
    DOCUMENT = "document"


class Subject(Frozen):
    """What was corrected or taken out."""

    source: Source
    name: str
    """An FAQ entry's locator, as "FAQ 1001"; a document's id."""
    entry: str | None = None
    """The FAQ entry's id."""
    enquiry: str | None = None
    """The enquiry whose reply became that entry."""


class Offer(Frozen):
    """A correction that staff may send."""

    number: int = Field(default_factory=lambda: secrets.randbelow(_NUMBERS))
    subject: Subject


class CorrectionRow(Base):
    """A correction that staff sent."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    """The offer's number: what is offered is sent once."""
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)


class Corrections:
    """Finds who was told, and tells them."""

    def __init__(self, database: Database) -> None:
        self._session = database.session

    def told(self, subject: Subject) -> list[EnquiryRow]:
        """The enquiries whose reply, by the desk or by a person, rests on `subject`, the latest first.

        Those of the terminal are left out: nobody there can be written to.
        """
        with self._session() as session:
            enquiries = session.scalars(select(EnquiryRow).order_by(EnquiryRow.received_at.desc())).all()
            said = session.scalars(select(StaffReplyRow)).all()
        by_people = {row.enquiry_id for row in said if _rests_on(row.content, subject)} | {subject.enquiry}
        return [
            row
            for row in enquiries
            if row.channel != "terminal" and (row.id in by_people or (row.reply and _rests_on(row.reply, subject)))
        ]

    def send(self, offer: Offer, enquiries: Iterable[EnquiryRow], text: str, by: str) -> CorrectionRow:
        """Send a correction to the threads of enquiries, unless somebody has sent the offered one; what was sent."""
        row = CorrectionRow(id=offer.number, subject=offer.subject.name, text=text, by=by, at=now())
        try:
            with self._session() as session:
                session.add(row)
                session.flush()
                ids = [enquiry.id for enquiry in enquiries]
                for enquiry_id in ids:
                    outbox.put(session, enquiry_id, Note.CORRECTION, row.id)
                audit.log(session, by, "correct", row.subject, f"{len(ids)} threads")
        except IntegrityError:  # two forms, and the other one was first
            with self._session() as session:
                return session.get_one(CorrectionRow, offer.number)
        return row

    def sent(self, offer: Offer) -> CorrectionRow | None:
        """The correction that was sent as offered; None while nobody has."""
        with self._session() as session:
            return session.get(CorrectionRow, offer.number)

    def text(self, correction: int) -> str:
        """The words of a correction."""
        with self._session() as session:
            return session.get_one(CorrectionRow, correction).text


def _rests_on(reply: dict[str, Any], subject: Subject) -> bool:
    """Whether a recorded reply cites a document or an FAQ entry, or gives that entry's answer."""
    if subject.source is Source.DOCUMENT:
        return any(citation["document"] == subject.name for citation in reply["citations"])
    located = {citation["locator"] for citation in reply["citations"] if citation["kind"] == Kind.FAQ}
    by_a_person = subject.entry is not None and reply.get("faq_entry") == subject.entry
    return by_a_person or subject.name in located.union(reply.get("entries", ()))
