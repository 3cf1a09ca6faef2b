"""The outbox: every note to one bot at a time, in its order, until it is said."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from assistant.database import Database, now, open_database
from assistant.enquiries import Record
from assistant.leases import LEASE, Watch
from assistant.outbox import Note, Outbox, OutboxRow, put
from tests.assistant.conftest import Clock


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


def enquiry(database: Database, ts: str = "1.1") -> str:
    made = Record(database).receive(channel="C1", ts=ts, thread=ts, user="U1", question="What is CityNet?")
    assert made is not None
    return made


def note(database: Database, enquiry_id: str, *notes: Note, occasion: int = 1) -> None:
    with database.session() as session:
        for each in notes:
            put(session, enquiry_id, each, occasion)


def taken(outbox: Outbox) -> OutboxRow:
    row = outbox.take()
    assert row is not None
    return row


def row_of(database: Database, row: OutboxRow) -> OutboxRow:
    with database.session() as session:
        return session.get_one(OutboxRow, row.id)


def pass_time(database: Database, **ago: timedelta) -> None:
    """Make moments of every note older: pass_time(database, leased_until=…)."""
    with database.session() as session:
        for row in session.scalars(select(OutboxRow)):
            for name, by in ago.items():
                moment = getattr(row, name)
                session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values({name: moment and moment - by}))


MINUTE = timedelta(minutes=1)


def test_a_note_is_put_once_for_each_occasion(database: Database, outbox: Outbox) -> None:
    one = enquiry(database)
    note(database, one, Note.CARD, Note.CARD)
    note(database, one, Note.CARD)
    note(database, one, Note.CARD, occasion=2)
    assert [(row.note, row.occasion) for row in outbox.waiting()] == [("card", 1), ("card", 2)]
    taken_one = taken(outbox)
    outbox.done(taken_one)
    note(database, one, Note.CARD)
    assert [row.occasion for row in outbox.waiting()] == [2], "what was said is not said again"


def test_what_one_audience_is_told_of_an_enquiry_goes_out_in_its_order(database: Database, outbox: Outbox) -> None:
    one = enquiry(database)
    for occasion in (1, 2):
        note(database, one, Note.CARD, Note.REPLY, occasion=occasion)
    first, second = taken(outbox), taken(outbox)
    assert {(row.note, row.occasion) for row in (first, second)} == {("card", 1), ("reply", 1)}
    assert outbox.take() is None, "the others wait for those before them"
    outbox.done(first)
    third = taken(outbox)
    assert (third.note, third.occasion) == (first.note, 2)
    outbox.done(third)
    assert outbox.take() is None
    outbox.done(second)
    assert taken(outbox).occasion == 2


def test_what_is_put_off_holds_up_only_what_comes_behind_it(database: Database, outbox: Outbox) -> None:
    one, other = enquiry(database), enquiry(database, "2.1")
    note(database, one, Note.CARD, Note.ASKED)
    note(database, one, Note.CARD, occasion=2)
    note(database, other, Note.CARD)
    outbox.put_off(taken(outbox), "ratelimited", MINUTE)
    rest = [taken(outbox), taken(outbox)]
    assert {(row.enquiry_id, row.note) for row in rest} == {(one, "asked"), (other, "card")}
    assert outbox.take() is None


def test_a_note_is_in_one_hand_until_that_lets_go_or_is_too_slow(
    database: Database, outbox: Outbox, clock: Clock
) -> None:
    note(database, enquiry(database), Note.CARD)
    first = taken(outbox)
    assert first.attempts == 0, "nobody can have said it before"
    other = Outbox(database, Watch(clock))
    assert other.take() is None
    clock.pass_by(LEASE.total_seconds())
    second = taken(other)
    assert second.id == first.id
    assert second.attempts == 1, "somebody may have said it before"

    assert not outbox.hold(first)
    outbox.put_off(first, "too late")
    outbox.let_wait(first, MINUTE)
    assert outbox.hold(second)
    assert outbox.take() is None
    assert row_of(database, second).error is None
    outbox.done(second)
    assert not outbox.hold(second)
    assert outbox.waiting() == []


def test_who_asks_whether_it_is_theirs_still_has_it_for_as_long_again(
    database: Database, outbox: Outbox, clock: Clock
) -> None:
    note(database, enquiry(database), Note.CARD)
    row, other = taken(outbox), Outbox(database, Watch(clock))
    for _ in range(4):
        assert other.take() is None
        clock.pass_by(15)
        assert outbox.hold(row)
        assert row_of(database, row).leased_until == row.leased_until


def test_what_was_put_off_before_a_clock_jumped_back_does_not_wait_until_it_is_that_late_again(
    database: Database, outbox: Outbox
) -> None:
    note(database, enquiry(database), Note.CARD)
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        outbox.put_off(taken(outbox), "ratelimited", timedelta(seconds=3))
        assert outbox.take() is None
    assert taken(outbox).error == "ratelimited"


@time_machine.travel(now(), tick=False)
def test_what_fails_is_tried_ever_more_seldom_but_every_few_minutes(database: Database, outbox: Outbox) -> None:
    note(database, enquiry(database), Note.CARD)
    waits = []
    for _ in range(12):
        row = taken(outbox)
        outbox.put_off(row, "internal_error")
        put_off = row_of(database, row)
        assert put_off.error == "internal_error"
        assert outbox.take() is None
        waits.append(round((put_off.due_at - now()).total_seconds()))
        pass_time(database, due_at=timedelta(minutes=10))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_slack_may_say_itself_how_long_to_wait(database: Database, outbox: Outbox) -> None:
    note(database, enquiry(database), Note.CARD)
    row = taken(outbox)
    outbox.put_off(row, "ratelimited", timedelta(seconds=40))
    assert (row_of(database, row).due_at - now()).total_seconds() == pytest.approx(40, abs=0.5)


def test_to_wait_for_ones_turn_is_no_attempt(database: Database, outbox: Outbox) -> None:
    """Or a busy hour would look like many failures, and Slack be asked time and again what stands there."""
    note(database, enquiry(database), Note.CARD)
    for _ in range(10):
        row = taken(outbox)
        assert row.attempts == 0
        outbox.let_wait(row, MINUTE)
        assert outbox.take() is None
        pass_time(database, due_at=2 * MINUTE)
    outbox.put_off(taken(outbox), "internal_error")
    pass_time(database, due_at=2 * MINUTE)
    row = taken(outbox)
    outbox.let_wait(row, MINUTE)
    pass_time(database, due_at=2 * MINUTE)
    assert taken(outbox).attempts == 1, "once tried, it may be there"


def test_all_that_waits_is_tried_at_once_when_something_has_changed(database: Database, outbox: Outbox) -> None:
    note(database, enquiry(database), Note.CARD, Note.ASKED)
    for _ in range(2):
        outbox.put_off(taken(outbox), "not_in_channel", timedelta(hours=1))
    assert outbox.take() is None
    outbox.hurry()
    assert {taken(outbox).note, taken(outbox).note} == {"card", "asked"}


def test_what_slack_never_takes_is_done_with_the_reason_and_lets_the_next_one_go(
    database: Database, outbox: Outbox
) -> None:
    one = enquiry(database)
    note(database, one, Note.CLAIMED, occasion=0)
    note(database, one, Note.REPLY)
    row = taken(outbox)
    outbox.done(row, "user_not_found")
    kept = row_of(database, row)
    assert kept.error == "user_not_found"
    assert kept.done_at is not None
    assert taken(outbox).note == "reply"


def test_the_first_note_of_a_kind_is_found(database: Database, outbox: Outbox) -> None:
    one = enquiry(database)
    assert outbox.first(one, Note.CARD) is None
    for occasion in (1, 2):
        note(database, one, Note.CARD, occasion=occasion)
    first = outbox.first(one, Note.CARD)
    assert first is not None
    assert first.occasion == 1


def test_of_several_bots_one_gets_each_note_and_none_is_left(database: Database, database_url: str) -> None:
    many = [enquiry(database, f"{number}.1") for number in range(40)]
    for one in many:
        note(database, one, Note.CARD, Note.ASKED)
        note(database, one, Note.CARD, occasion=2)
    bots = [open_database(database_url) for _ in range(3)]
    said: list[tuple[str, str, int]] = []

    def work(bot: Database) -> None:
        """Say notes until there are none for a while."""
        mine, idle = Outbox(bot), 0
        while idle < 20:
            row = mine.take()
            if row is None:
                idle += 1
                continue
            idle = 0
            assert mine.hold(row)
            said.append((row.enquiry_id, row.note, row.occasion))
            mine.done(row)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, bots))
    assert len(said) == len(set(said)) == 120
    for one in many:
        cards = [occasion for enquiry_id, kind, occasion in said if (enquiry_id, kind) == (one, "card")]
        assert cards == [1, 2]
    for bot in bots:
        bot.close()
