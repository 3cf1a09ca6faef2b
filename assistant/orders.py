"""Builds that were ordered in Slack: on record until they have ended and everybody knows, whichever bot sees to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from assistant.corrections import Subject
from assistant.database import Base, Database, Moment, changed, new_reference, now
from assistant.leases import Watch, is_unchanged, new_lease


@dataclass(frozen=True)
class Place:
    """Where to tell how it goes."""

    channel: str
    thread: str | None = None


@dataclass(frozen=True)
class Order:
    """A build that somebody wants."""

    by: str
    place: Place | None
    """None where nobody asked for word of it."""
    title: str
    """What is told before it begins."""
    force: bool = False
    corrected: tuple[Subject, ...] = ()
    """What is said otherwise from then on, or no more: staff are shown who was told it."""


class OrderRow(Base):
    """An order that has not ended."""

    __tablename__ = "orders"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    by: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str | None] = mapped_column(String(64))
    thread: Mapped[str | None] = mapped_column(String(64))
    ts: Mapped[str | None] = mapped_column(String(64))
    """The message that tells how it goes, once Slack has it."""
    title: Mapped[str] = mapped_column(Text)
    force: Mapped[bool]
    corrected: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    ordered_at: Mapped[datetime] = mapped_column(Moment)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    """The lease of the bot that took it on."""
    taken_over: Mapped[int]
    """How often another bot took it on."""

    def order(self) -> Order:
        return Order(
            by=self.by,
            place=Place(self.channel, self.thread) if self.channel else None,
            title=self.title,
            force=self.force,
            corrected=tuple(Subject.model_validate(subject) for subject in self.corrected),
        )


class Orders:
    """Orders that have not ended."""

    def __init__(self, database: Database, watch: Watch | None = None) -> None:
        self._session = database.session
        self._watch = watch or Watch()

    def put(self, order: Order) -> OrderRow:
        """Put an order on record, in hand here from now on."""
        row = OrderRow(
            id=new_reference(), by=order.by, title=order.title, force=order.force,
            channel=order.place.channel if order.place else None, thread=order.place.thread if order.place else None,
            corrected=[subject.model_dump(mode="json") for subject in order.corrected],
            ordered_at=now(), leased_until=new_lease(), taken_over=0,
        )  # fmt: skip
        with self._session() as session:
            session.add(row)
        return row

    def keep(self, ids: Iterable[str]) -> None:
        """Say that orders are still in hand here."""
        self._change(ids, leased_until=new_lease())

    def let_go(self, ids: Iterable[str]) -> None:
        """Leave orders to the bot that looks next."""
        self._change(ids, leased_until=None)

    def told(self, order_id: str, ts: str) -> None:
        """Note which message tells how it goes."""
        self._change([order_id], ts=ts)

    def _change(self, ids: Iterable[str], **values: Any) -> None:
        if ids := list(ids):
            with self._session() as session:
                session.execute(update(OrderRow).where(OrderRow.id.in_(ids)).values(**values))

    def take_abandoned(self) -> list[OrderRow]:
        """Orders that a bot took on and has let go of, the oldest first; from now on in hand here."""
        waiting = self.waiting()
        lapsed = self._watch.lapsed({row.id: row.leased_until for row in waiting})
        taken = []
        for row in waiting:
            if row.id in lapsed:
                unchanged = is_unchanged(OrderRow.leased_until, row.leased_until)
                take = update(OrderRow).where(OrderRow.id == row.id, unchanged)
                with self._session() as session:
                    if changed(session, take.values(leased_until=new_lease(), taken_over=OrderRow.taken_over + 1)):
                        row.taken_over += 1
                        taken.append(row)
        return taken

    def waiting(self) -> list[OrderRow]:
        """Every order that has not ended, whichever bot has it in hand, the oldest first."""
        with self._session() as session:
            return list(session.scalars(select(OrderRow).order_by(OrderRow.ordered_at)))

    def people(self, ids: Iterable[str]) -> list[str]:
        """Who gave these orders, each once, by what is on record now: somebody may have been forgotten meanwhile."""
        with self._session() as session:
            ordered = select(OrderRow.by).where(OrderRow.id.in_(list(ids))).order_by(OrderRow.ordered_at)
            return list(dict.fromkeys(session.scalars(ordered)))

    def done(self, order_id: str) -> None:
        """An order has ended."""
        with self._session() as session:
            session.execute(delete(OrderRow).where(OrderRow.id == order_id))
