"""Retention: what time takes from the record, table by table."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Delete, Update, and_, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from assistant.audit import AuditRow
from assistant.corrections import CorrectionRow
from assistant.database import Database, changed, now
from assistant.enquiries import RECEIVED, Delivery, EnquiryRow, Feedback
from assistant.handover import WITH_STAFF, HandoverRow
from assistant.holdings import SOMEONE
from assistant.orders import OrderRow
from assistant.outbox import Note, OutboxRow
from assistant.preferences import PreferenceRow
from assistant.staff_faq import FaqVersionRow
from assistant.uploads import Decision, UploadRow

WITH_WORDS = ("reject_reply", "send_document", "add_document")
"""Actions whose detail on the audit log is what somebody wrote: a note for a colleague, the name of a file."""


def expire(database: Database, days: int) -> int:
    """Delete, or detach from its people, what is older than `days`; returns how many enquiries went.

    With an enquiry goes all that came of it: feedback, handover, replies, review, notes. Those stay that wait for a
    reply, or for staff, or of which their asker is still to be told something. What staff approved stays, with who
    approved it.
    """
    limit = now() - timedelta(days=days)
    with_staff = select(HandoverRow.enquiry_id).where(HandoverRow.state.in_(WITH_STAFF))
    untold = select(OutboxRow.enquiry_id).where(OutboxRow.done_at.is_(None), OutboxRow.to_staff.is_(False))
    waits = or_(EnquiryRow.status == RECEIVED, EnquiryRow.id.in_(with_staff), EnquiryRow.id.in_(untold))
    enquiries = delete(EnquiryRow).where(EnquiryRow.received_at < limit, ~waits)
    others: list[Update | Delete] = [
        delete(Feedback).where(Feedback.given_at < limit),
        delete(Delivery).where(Delivery.received_at < limit),
        delete(UploadRow).where(UploadRow.received_at < limit, _is_over()),
        update(FaqVersionRow).where(FaqVersionRow.enquiry_id.not_in(select(EnquiryRow.id))).values(enquiry_id=None),
        update(CorrectionRow).where(CorrectionRow.at < limit).values(by=SOMEONE),
        update(CorrectionRow).where(CorrectionRow.at < limit, ~_is_to_be_sent()).values(text=""),
        update(AuditRow).where(AuditRow.at < limit, AuditRow.action.in_(WITH_WORDS)).values(detail=""),
        update(AuditRow).where(AuditRow.at < limit, _is_a_person(AuditRow.user)).values(user=SOMEONE),
        update(OrderRow)
        .where(OrderRow.ordered_at < limit, _is_a_person(OrderRow.by))
        .values(by=SOMEONE, channel=None, thread=None, ts=None),
        delete(PreferenceRow).where(PreferenceRow.set_at < limit, *_is_not_seen()),
    ]
    with database.session() as session:
        gone = changed(session, enquiries)
        for statement in others:
            session.execute(statement)
    return gone


def _is_over() -> ColumnElement[bool]:
    """Whether a file is decided on, and not just being added."""
    return and_(UploadRow.decision != Decision.OPEN, UploadRow.content.is_(None))


def _is_to_be_sent() -> ColumnElement[bool]:
    waiting = (OutboxRow.note == Note.CORRECTION, OutboxRow.occasion == CorrectionRow.id, OutboxRow.done_at.is_(None))
    return select(OutboxRow.id).where(*waiting).exists()


def _is_a_person(column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a column holds a Slack user ID: the desk orders builds, too."""
    return or_(column.startswith("U"), column.startswith("W"))


def _is_not_seen() -> tuple[ColumnElement[bool], ...]:
    """Whether nothing else is on record of a person; what is too old has gone before."""
    seen = (EnquiryRow.user, Feedback.user, AuditRow.user)
    return tuple(PreferenceRow.user.not_in(select(column)) for column in seen)
