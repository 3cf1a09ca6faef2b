"""Review: replies of the desk that somebody of the staff looks at before they are sent.

A held reply is a handover in a state of its own, so that cards, notes and first clicks are the same machinery.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant import outbox
from assistant.database import Base, Database, Moment, changed, now
from assistant.enquiries import HELD, RECEIVED, EnquiryRow, put_finding, put_reply
from assistant.handover import HandoverRow, Handovers, State
from assistant.models import Reply
from assistant.outbox import Note


class Verdict(StrEnum):
    """What became of a held reply."""

    SENT = "sent"
    EDITED = "edited"
    """Sent, with its text changed; its quotations stay."""
    REJECTED = "rejected"


class ReviewRow(Base):
    """A held reply, and who decided what about it."""

    __tablename__ = "reviews"

    enquiry_id: Mapped[str] = mapped_column(ForeignKey("enquiries.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The whole Reply, as the desk made it."""
    verdict: Mapped[str | None] = mapped_column(String(16))
    by: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime | None] = mapped_column(Moment)
    text: Mapped[str | None] = mapped_column(Text)
    """The reply's text, where somebody changed it."""
    note: Mapped[str | None] = mapped_column(Text)
    """Why it was rejected."""

    @property
    def reply(self) -> Reply:
        """The reply as it is, or would be, sent."""
        made = Reply.model_validate(self.content)
        return made if self.text is None else made.model_copy(update={"text": self.text, "unreviewed": False})


class Reviews:
    """All reviews. What is decided first, in whichever bot, holds."""

    def __init__(self, database: Database, handovers: Handovers) -> None:
        self._session = database.session
        self._handovers = handovers

    def hold(self, enquiry_id: str, reply: Reply, *, tell: bool) -> bool:
        """Keep a reply until it is reviewed, and `tell` its asker so; False if the enquiry has its reply already."""
        moment = now()
        with self._session() as session:
            waits = update(EnquiryRow).where(EnquiryRow.id == enquiry_id, EnquiryRow.status == RECEIVED)
            if not changed(session, waits.values(status=HELD)):
                return False
            row = session.get_one(EnquiryRow, enquiry_id)
            put_finding(row, reply)
            session.add(ReviewRow(enquiry_id=enquiry_id, content=reply.whole()))
            session.add(HandoverRow(
                enquiry_id=enquiry_id, state=State.HELD, since=moment, asked_by=row.user, asked_at=moment, version=1
            ))  # fmt: skip
            for note in (Note.CARD, *([Note.HELD] if tell else [])):
                outbox.put(session, enquiry_id, note, 1)
        return True

    def send(self, enquiry_id: str, by: str, text: str | None = None) -> HandoverRow:
        """Send a held reply, with another `text` if one is given. Raises StaleError if that was decided already."""

        def decide(session: Session, row: HandoverRow) -> None:
            review = session.get_one(ReviewRow, enquiry_id)
            review.verdict = Verdict.SENT if text is None else Verdict.EDITED
            review.by, review.at, review.text = by, row.since, text
            enquiry = session.get_one(EnquiryRow, enquiry_id)
            put_reply(enquiry, review.reply)
            enquiry.approved_by = by

        action = "send_reply" if text is None else "edit_reply"
        held = (HandoverRow.state == State.HELD,)
        return self._handovers.move(enquiry_id, by, action, State.SENT, held, Note.ANSWER, also=decide, resolved_by=by)

    def reject(self, enquiry_id: str, by: str, note: str) -> HandoverRow:
        """Leave the enquiry to a person, with a note for them. Raises StaleError if that was decided already."""

        def decide(session: Session, row: HandoverRow) -> None:
            review = session.get_one(ReviewRow, enquiry_id)
            review.verdict, review.by, review.at, review.note = Verdict.REJECTED, by, row.since, note

        held = (HandoverRow.state == State.HELD,)
        return self._handovers.move(
            enquiry_id, by, "reject_reply", State.OPEN, held, Note.ASKED, also=decide, detail=note
        )

    def get(self, enquiry_id: str) -> ReviewRow | None:
        """The review of an enquiry's reply, if it was held."""
        with self._session() as session:
            return session.get(ReviewRow, enquiry_id)
