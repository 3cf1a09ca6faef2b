"""Orders of builds: in the hands of one bot while it keeps them, and of another when it does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.corrections import Source, Subject
from assistant.database import Database, open_database
from assistant.forgetting import forget
from assistant.holdings import SOMEONE
from assistant.leases import Watch
from assistant.orders import Order, Orders, Place
from tests.assistant.conftest import Clock

ORDER = Order(
    "U1", Place("C1", "1.2"), "It is being indexed.",
    corrected=(Subject(source=Source.FAQ, name="FAQ 1001", entry="staff-1", enquiry="1"),),
)  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = open_database(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    yield made
    made.close()


@pytest.fixture
def orders(database: Database) -> Orders:
    return Orders(database)


def test_an_order_is_on_record_as_it_was_given_until_it_is_done(orders: Orders) -> None:
    row = orders.put(ORDER)
    orders.told(row.id, "3.4")
    (found,) = orders.waiting()
    assert (found.order(), found.ts, found.taken_over) == (ORDER, "3.4", 0)
    orders.done(row.id)
    assert orders.waiting() == []


def test_an_order_is_taken_over_once_when_it_is_kept_no_more(database: Database, orders: Orders, clock: Clock) -> None:
    other = Orders(database, Watch(clock))
    kept, let_go, lost = (orders.put(Order("U1", None, title)).id for title in ("kept", "let go", "lost"))
    assert other.take_abandoned() == []
    clock.pass_by(15)
    orders.keep([kept])
    orders.let_go([let_go])
    assert [row.id for row in other.take_abandoned()] == [let_go]
    clock.pass_by(10)
    assert [(row.id, row.taken_over) for row in other.take_abandoned()] == [(lost, 1)]
    assert other.take_abandoned() == []


def test_who_is_forgotten_meanwhile_gave_no_order(database: Database, orders: Orders) -> None:
    ids = [orders.put(Order(by, None, "It is being indexed.")).id for by in ("U1", "U2", "U1")]
    assert orders.people(ids) == ["U1", "U2"]
    forget(database, "U1")
    assert orders.people(ids) == [SOMEONE, "U2"]
