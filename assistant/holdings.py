"""Holdings: what each table of the database keeps about people.

Where a table or a column is new, it is named here: a test compares this list with the tables. What is told to a person
(`assistant.personal_data`), and what goes when they are forgotten (`assistant.forgetting`), follows from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Text, and_, cast, false, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from assistant.audit import AuditRow
from assistant.channels import ChannelRow
from assistant.corrections import CorrectionRow
from assistant.database import Base
from assistant.digests import DigestRow
from assistant.enquiries import Delivery, EnquiryRow, Feedback
from assistant.handover import HandoverRow, StaffReplyRow
from assistant.orders import OrderRow
from assistant.outbox import OutboxRow
from assistant.preferences import PreferenceRow
from assistant.review import ReviewRow
from assistant.staff_faq import FaqVersionRow
from assistant.uploads import UploadRow

SOMEONE = "someone"
"""Stands for a person who is not kept any more."""
USER = re.compile(r"[UW][A-Z0-9]+")
"""A Slack user ID."""


@dataclass(frozen=True)
class Holding:
    """What a table keeps about people; each of its columns stands in one of the four lists, or is its owner."""

    table: type[Base]
    noun: str
    """What a row is, for operators."""
    owner: str | None = None
    """Names whose row it is: it goes when they are forgotten."""
    people: tuple[str, ...] = ()
    """Name who else had to do with it: the row stays, without them."""
    words: tuple[str, ...] = ()
    """What somebody wrote, or had written: it may name anybody."""
    askers_words: tuple[str, ...] = ()
    """The words of it that are for the asker of the enquiry and for nobody else who had to do with it."""
    plain: tuple[str, ...] = ()
    """What tells nothing of a person by itself."""

    @property
    def name(self) -> str:
        return str(self.table.__tablename__)

    @property
    def is_of_an_enquiry(self) -> bool:
        """Whether a row goes when its enquiry does."""
        return any(key.column.table is EnquiryRow.__table__ for key in self.table.__table__.foreign_keys)

    @property
    def texts(self) -> tuple[str, ...]:
        """All columns with words."""
        return self.words + self.askers_words

    def column(self, name: str) -> InstrumentedAttribute[Any]:
        found: InstrumentedAttribute[Any] = getattr(self.table, name)
        return found

    def is_theirs(self, user: str) -> ColumnElement[bool]:
        """Whether a row is of this person, or of an enquiry of theirs."""
        owned = self.column(self.owner) == user if self.owner else false()
        return or_(owned, self.column("enquiry_id").in_(enquiries_of(user))) if self.is_of_an_enquiry else owned

    def names(self, user: str) -> ColumnElement[bool]:
        """Whether a row that is not theirs says that this person had to do with it."""
        return and_(or_(false(), *(self.column(name) == user for name in self.people)), not_(self.is_theirs(user)))


KEPT = (
    Holding(
        EnquiryRow, "enquiry", owner="user", people=("approved_by",), askers_words=("question", "reply", "error"),
        plain=("id", "channel", "ts", "thread", "status", "received_at", "replied_at", "language", "outcome",
               "confidence", "generation", "elapsed_ms", "private", "overheard", "leased_until"),
    ),
    Holding(Feedback, "opinion", owner="user", plain=("enquiry_id", "helpful", "given_at")),
    Holding(
        HandoverRow, "handover", people=("asked_by", "holder", "resolved_by"),
        plain=("enquiry_id", "state", "since", "asked_at", "version", "card_channel", "card_ts", "undelivered"),
    ),
    Holding(StaffReplyRow, "staff reply", people=("by",), words=("content",), plain=("enquiry_id", "version", "at")),
    Holding(
        ReviewRow, "review", people=("by",), words=("text", "note"), askers_words=("content",),
        plain=("enquiry_id", "verdict", "at"),
    ),
    Holding(
        OutboxRow, "note", words=("error",),
        plain=("id", "enquiry_id", "note", "to_staff", "occasion", "due_at", "attempts", "leased_until", "done_at"),
    ),
    Holding(PreferenceRow, "preference", owner="user",
            plain=("language", "queue_state", "queue_language", "set_at")),
    Holding(
        UploadRow, "file", owner="user", people=("decided_by",), words=("name", "content", "fields"),
        plain=("id", "decision", "received_at"),
    ),
    Holding(AuditRow, "audit entry", people=("user",), words=("detail",),
            plain=("id", "at", "action", "subject")),
    Holding(
        OrderRow, "order", people=("by",), words=("title",),
        plain=("id", "channel", "thread", "ts", "force", "corrected", "ordered_at", "leased_until", "taken_over"),
    ),
    Holding(CorrectionRow, "correction", people=("by",), words=("text",), plain=("id", "subject", "at")),
    Holding(
        FaqVersionRow, "version", people=("by",), words=("by_name", "wordings", "quotations"),
        plain=("entry_id", "version", "number", "enquiry_id", "instead_of", "topic", "at", "retired"),
    ),
    Holding(Delivery, "event", plain=("event_id", "received_at")),
    Holding(
        DigestRow, "digest",
        plain=("week", "since", "until", "held_until", "attempts", "posted_ts", "done_at", "error"),
    ),
    Holding(ChannelRow, "channel",
            plain=("channel", "every_question", "private", "review_below", "language")),
)  # fmt: skip
"""Every table; what is of an enquiry stands after the enquiries."""


def enquiries_of(user: str) -> Any:
    """The ids of a person's enquiries."""
    return select(EnquiryRow.id).where(EnquiryRow.user == user)


def naming(session: Session, holding: Holding, user: str) -> list[tuple[Base, list[str]]]:
    """The rows that are not theirs in whose words a person's ID stands, each with the columns that have it."""
    searched = [name for name in holding.texts if not isinstance(holding.column(name).type, LargeBinary)]
    named = or_(false(), *(cast(holding.column(name), Text).contains(user) for name in searched))
    rows = session.scalars(select(holding.table).where(named, not_(holding.is_theirs(user)))).all()
    found = [(row, [name for name in searched if whole(user).search(str(getattr(row, name)))]) for row in rows]
    return [(row, names) for row, names in found if names]


def whole(user: str) -> re.Pattern[str]:
    """Finds a person's ID, and no longer one that begins with it."""
    return re.compile(rf"(?<![A-Z0-9]){re.escape(user)}(?![A-Z0-9])")
