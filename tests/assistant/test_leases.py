"""Leases: whatever the clocks of two bots say, work is taken over when it is renewed no more, and by one of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from assistant.database import Database, now
from assistant.enquiries import Record
from assistant.leases import LEASE, Watch, new_lease
from tests.assistant.conftest import Clock

SECONDS = LEASE.total_seconds()


def received(record: Record) -> str:
    enquiry = record.receive(channel="C1", ts="1.1", thread="1.1", user="U1", question="What is CityNet?")
    assert enquiry is not None
    return enquiry


def taken(record: Record) -> list[str]:
    return [row.id for row in record.take_abandoned()]


@pytest.mark.parametrize(
    "ahead", [timedelta(0), timedelta(days=-400), timedelta(hours=-1), timedelta(hours=1)], ids=str
)
def test_a_bot_keeps_what_it_has_whatever_its_clock_says(database: Database, clock: Clock, ahead: timedelta) -> None:
    holder, other = Record(database), Record(database, Watch(clock))
    with time_machine.travel(now() + ahead) as jumping:
        enquiry = received(holder)
        for _ in range(8):
            assert taken(other) == []
            clock.pass_by(SECONDS - 1)
            jumping.shift(5)
            holder.keep([enquiry])
        assert taken(other) == []
    clock.pass_by(SECONDS)
    assert taken(other) == [enquiry]


def test_what_was_let_go_of_is_free_at_once_and_what_is_new_has_a_whole_lease(clock: Clock) -> None:
    watch, lease = Watch(clock), new_lease()
    assert watch.lapsed({"let go": None, "held": lease}) == {"let go"}
    clock.pass_by(SECONDS - 1)
    assert watch.lapsed({"held": lease, "new": lease}) == set()
    clock.pass_by(1)
    assert watch.lapsed({"held": lease, "new": lease}) == {"held"}


def test_a_bot_that_slept_looks_again_before_it_takes_anything(clock: Clock) -> None:
    watch = Watch(clock)
    assert watch.lapsed({"held": new_lease()}) == set()
    clock.pass_by(3600)
    assert watch.lapsed({"held": new_lease()}) == set()


def test_of_several_that_take_over_one_does(database: Database, clock: Clock) -> None:
    enquiry, others = received(Record(database)), [Record(database, Watch(clock)) for _ in range(3)]
    assert [taken(other) for other in others] == [[], [], []]
    clock.pass_by(SECONDS)
    assert [taken(other) for other in others] == [[enquiry], [], []]
