"""Personal data: all that the database keeps about one person."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, not_, or_, select
from sqlalchemy.orm import Session

from assistant.database import Database, now
from assistant.holdings import KEPT, SOMEONE, Holding, enquiries_of, naming

Json = dict[str, Any]


def count(database: Database, user: str) -> dict[str, int]:
    """By table, how many rows are about a person, or name them in what others wrote; only those with any."""
    with database.session() as session:
        found = {holding.name: _number(session, holding, user) for holding in KEPT}
    return {name: number for name, number in found.items() if number}


def _number(session: Session, holding: Holding, user: str) -> int:
    about = or_(holding.is_theirs(user), holding.names(user))
    number = session.scalar(select(func.count()).select_from(holding.table).where(about))
    return number or len(naming(session, holding, user))


def export(database: Database, user: str) -> Json:
    """All that is kept about a person, as JSON takes it.

    Other people stand in it as "someone", and what an enquiry of another asker says is left out.
    """
    with database.session() as session:
        return {
            "user": user,
            "exported_at": now().isoformat(),
            "enquiries": _enquiries(session, user),
            **_owned(session, user),
            "had_to_do_with": _involved(session, user),
            "named_in": _named(session, user),
        }


def _enquiries(session: Session, user: str) -> list[Json]:
    """Their enquiries, each with all that came of it."""
    enquiries, *others = KEPT
    parts = [holding for holding in others if holding.is_of_an_enquiry]
    found = []
    for row in _rows(session, enquiries, enquiries.is_theirs(user)):
        came = {part.name: _told_all(session, part, part.column("enquiry_id") == row.id, user) for part in parts}
        found.append({**_told(enquiries, row, user), **came})
    return found


def _owned(session: Session, user: str) -> Json:
    """What is theirs besides, by table."""
    found = {}
    for holding in KEPT[1:]:
        if holding.owner:
            owned = holding.column(holding.owner) == user
            if holding.is_of_an_enquiry:  # else it stands with that
                owned &= not_(holding.column("enquiry_id").in_(enquiries_of(user)))
            found[holding.name] = _told_all(session, holding, owned, user)
    return found


def _involved(session: Session, user: str) -> Json:
    """What is not theirs and they had to do with, by table."""
    return {
        holding.name: _told_all(session, holding, holding.names(user), user, leave_out=holding.askers_words)
        for holding in KEPT
        if holding.people
    }


def _named(session: Session, user: str) -> dict[str, int]:
    """How often their ID stands in what others wrote, by table."""
    found = {holding.name: len(naming(session, holding, user)) for holding in KEPT}
    return {name: number for name, number in found.items() if number}


def _told_all(
    session: Session, holding: Holding, which: ColumnElement[bool], user: str, leave_out: tuple[str, ...] = ()
) -> list[Json]:
    return [_told(holding, row, user, leave_out) for row in _rows(session, holding, which)]


def _rows(session: Session, holding: Holding, which: ColumnElement[bool]) -> list[Any]:
    keys = holding.table.__table__.primary_key
    return list(session.scalars(select(holding.table).where(which).order_by(*keys)))


def _told(holding: Holding, row: Any, user: str, leave_out: tuple[str, ...] = ()) -> Json:
    """A row as JSON takes it, without other people."""
    columns = [column.key for column in holding.table.__table__.columns]
    values = {name: getattr(row, name) for name in columns if name not in leave_out}
    for name in (*holding.people, *([holding.owner] if holding.owner else [])):
        if values[name] not in (None, user):
            values[name] = SOMEONE
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """A value as JSON takes it: a moment in ISO 8601, a file in Base64."""
    if isinstance(value, date):  # a moment is one, too
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
