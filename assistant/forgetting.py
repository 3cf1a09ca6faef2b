"""Forgetting: one person's data goes from every table, and what must stay, stays without them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, func, null, or_, select, update
from sqlalchemy.orm import Session

from assistant import outbox
from assistant.audit import AuditRow
from assistant.database import Database, changed, now
from assistant.enquiries import EnquiryRow
from assistant.handover import HandoverRow, State
from assistant.holdings import KEPT, SOMEONE, Holding, enquiries_of, naming, whole
from assistant.orders import OrderRow
from assistant.outbox import Note
from assistant.retention import WITH_WORDS
from assistant.staff_faq import FaqVersionRow


@dataclass(frozen=True)
class Step:
    """What was done to the rows of a table."""

    holding: Holding
    number: int
    what: str


def cards(database: Database, user: str) -> list[tuple[HandoverRow, EnquiryRow]]:
    """A person's enquiries that staff were shown, those that wait longest first."""
    with database.session() as session:
        found = select(HandoverRow, EnquiryRow).join(EnquiryRow).where(EnquiryRow.user == user)
        return [(handover, row) for handover, row in session.execute(found.order_by(HandoverRow.asked_at))]


def forget(database: Database, user: str) -> list[Step]:
    """Forget a person, in one transaction; what was done, table by table. There is nothing to do a second time."""
    with database.session() as session:
        steps = [
            _cut_notes(session, user),
            _cut_enquiries(session, user),
            *_delete_theirs(session, user),
            _give_back(session, user),
            *_detach(session, user),
            *_strike_out(session, user),
        ]
    return [step for step in steps if step.number]


def _cut_notes(session: Session, user: str) -> Step:
    """What staff noted about their enquiries goes from the audit log, and so does what they wrote; that somebody did
    something stays on it."""
    wrote = and_(AuditRow.user == user, AuditRow.action.in_(WITH_WORDS))
    about_them = or_(AuditRow.subject.in_(enquiries_of(user)), wrote)
    noted = update(AuditRow).where(about_them, AuditRow.detail != "")
    return Step(_holding(AuditRow), changed(session, noted.values(detail="")), "on what was theirs: kept, notes cut")


def _cut_enquiries(session: Session, user: str) -> Step:
    """What staff approved stays, and does not say any more which enquiry it came of."""
    approved = update(FaqVersionRow).where(FaqVersionRow.enquiry_id.in_(enquiries_of(user)))
    number = changed(session, approved.values(enquiry_id=null()))
    return Step(_holding(FaqVersionRow), number, "that came of their enquiries: kept, tied to none now")


def _delete_theirs(session: Session, user: str) -> list[Step]:
    """Delete what is theirs; what came of their enquiries goes first, so that it is counted."""
    enquiries, *others = KEPT
    order = (*others, enquiries)
    return [Step(each, changed(session, delete(each.table).where(each.is_theirs(user))), "deleted") for each in order]


def _give_back(session: Session, user: str) -> Step:
    """Open what they have claimed: nobody else could reply to it. Its card is told."""
    mine = (HandoverRow.holder == user, HandoverRow.state == State.CLAIMED)
    ids = session.scalars(select(HandoverRow.enquiry_id).where(*mine)).all()
    for enquiry_id in ids:
        again = {"state": State.OPEN, "holder": None, "since": now(), "version": HandoverRow.version + 1}
        session.execute(update(HandoverRow).where(HandoverRow.enquiry_id == enquiry_id).values(**again))
        outbox.put(session, enquiry_id, Note.CARD, session.get_one(HandoverRow, enquiry_id).version)
    return Step(_holding(HandoverRow), len(ids), "that they had taken: open again, for others to take")


def _detach(session: Session, user: str) -> list[Step]:
    """Put "someone" where they are said to have had to do with what is not theirs."""
    session.execute(update(FaqVersionRow).where(FaqVersionRow.by == user).values(by_name=SOMEONE))
    session.execute(update(OrderRow).where(OrderRow.by == user).values(channel=None, thread=None, ts=None))
    steps = []
    for holding in KEPT:
        involved = select(func.count()).select_from(holding.table).where(holding.names(user))
        steps.append(Step(holding, session.scalar(involved) or 0, f"kept, with {SOMEONE!r} in their place"))
        for column in map(holding.column, holding.people):
            session.execute(update(holding.table).where(column == user).values({column: SOMEONE}))
    return steps


def _strike_out(session: Session, user: str) -> list[Step]:
    """Put "someone" where their ID stands in what others wrote."""
    steps = []
    for holding in KEPT:
        named = naming(session, holding, user)
        for row, names in named:
            for name in names:
                setattr(row, name, _without(getattr(row, name), user))
        steps.append(Step(holding, len(named), f"that named them: kept, with {SOMEONE!r} there"))
    return steps


def _without(words: Any, user: str) -> Any:
    if isinstance(words, str):
        return whole(user).sub(SOMEONE, words)
    return json.loads(whole(user).sub(SOMEONE, json.dumps(words, ensure_ascii=False)))


def _holding(table: type) -> Holding:
    return next(holding for holding in KEPT if holding.table is table)
