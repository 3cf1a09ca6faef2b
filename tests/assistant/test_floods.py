"""Floods: of one person's questions, as many a minute are taken as the setting says, by all bots together."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pydantic import ValidationError

from assistant.database import Database
from assistant.enquiries import REFUSED, FloodError, Record, open_record
from assistant.languages import FALLBACK, SUPPORTED
from assistant.settings import Settings
from assistant.wording import too_many_questions

MOST = 20
NOON = datetime(2027, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
def record(database: Database) -> Record:
    return Record(database)


def ask(record: Record, number: int, *, user: str = "U1", overheard: bool = False) -> str:
    """Put a question; what became of it: taken, refused, or refused as the first of its flood."""
    ts = f"{number}.0"
    try:
        assert record.receive(
            channel="C1", ts=ts, thread=ts, user=user, question="Which city?", overheard=overheard, most=MOST
        )
    except FloodError as flood:
        row = record.get(flood.enquiry_id)
        assert row is not None
        assert (row.ts, row.status, row.error) == (
            ts,
            REFUSED,
            f"more than {MOST} questions of one person within a minute",
        )
        return "first" if flood.first else "refused"
    return "taken"


@pytest.fixture
def at_noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_what_comes_too_much_is_on_record_as_refused_and_one_of_it_is_the_first(
    record: Record, at_noon: time_machine.Traveller
) -> None:
    assert [ask(record, n) for n in range(MOST + 3)] == ["taken"] * MOST + ["first", "refused", "refused"]
    assert len(record.all()) == MOST + 3
    assert ask(record, 100, user="U2") == "taken", "others are not held up"


def test_what_a_clock_that_was_ahead_has_put_on_record_is_no_flood(
    record: Record, at_noon: time_machine.Traveller
) -> None:
    at_noon.move_to(NOON + timedelta(hours=1))
    assert [ask(record, n) for n in range(MOST)] == ["taken"] * MOST
    at_noon.move_to(NOON)
    assert [ask(record, 100 + n) for n in range(MOST)] == ["taken"] * MOST
    assert ask(record, 200) == "first"


def test_what_was_refused_is_not_counted_and_a_minute_later_all_is_well(
    record: Record, at_noon: time_machine.Traveller
) -> None:
    """Somebody who asks three questions every two seconds has as many taken each minute as anybody else."""
    outcomes = []
    for second in range(0, 180, 2):
        at_noon.move_to(NOON + timedelta(seconds=second))
        outcomes += [ask(record, 3 * second + n) for n in range(3)]
    minutes = [outcomes[start : start + 90].count("taken") for start in (0, 90, 180)]
    assert minutes == [MOST, MOST, MOST]
    assert outcomes.count("first") == 1


def test_a_flood_that_goes_on_is_one_flood(record: Record, at_noon: time_machine.Traveller) -> None:
    outcomes = []
    for second in range(300):
        at_noon.move_to(NOON + timedelta(seconds=second))
        outcomes.append(ask(record, second))
    assert (outcomes.count("first"), outcomes.count("taken")) == (1, 5 * MOST)
    at_noon.move_to(NOON + timedelta(seconds=400))
    assert [ask(record, 1000 + n) for n in range(MOST + 1)] == ["taken"] * MOST + ["first"]


def test_what_was_overheard_is_counted_and_leaves_the_first_to_what_is_asked(
    record: Record, at_noon: time_machine.Traveller
) -> None:
    assert [ask(record, n, overheard=n % 2 == 0) for n in range(MOST)] == ["taken"] * MOST
    assert ask(record, 100, overheard=True) == "first"
    assert ask(record, 101) == "first"
    assert [ask(record, 102), ask(record, 103, overheard=True)] == ["refused", "refused"]


def test_a_message_that_comes_twice_in_a_flood_counts_once(record: Record, at_noon: time_machine.Traveller) -> None:
    for n in range(MOST):
        ask(record, n)
        assert record.receive(channel="C1", ts=f"{n}.0", thread="x", user="U1", question="?", most=MOST) is None
    assert ask(record, 100) == "first"
    assert record.receive(channel="C1", ts="100.0", thread="x", user="U1", question="?", most=MOST) is None


def test_of_what_came_at_once_to_several_bots_exactly_as_many_are_taken(database_url: str) -> None:
    records = [open_record(database_url) for _ in range(4)]
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda n: ask(records[n % 4], n), range(3 * MOST)))
    assert sorted(outcomes) == ["first"] + ["refused"] * (2 * MOST - 1) + ["taken"] * MOST
    for each in records:
        each.close()


def test_where_nobody_limits_them_all_are_taken(record: Record) -> None:
    """In the terminal, hundreds may be piped in."""
    taken = [
        record.receive(channel="terminal", ts=f"{n}", thread="1", user="terminal", question="?") for n in range(100)
    ]
    assert None not in taken


def test_fewer_than_twenty_cannot_be_set() -> None:
    assert Settings(_env_file=None).desk_questions_a_minute == 30
    assert Settings(_env_file=None, desk_questions_a_minute=20).desk_questions_a_minute == 20
    with pytest.raises(ValidationError, match="20"):
        Settings(_env_file=None, desk_questions_a_minute=19)


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_language_says_how_many(language: str) -> None:
    told = too_many_questions(language, 37)
    assert "37" in told
    assert (told == too_many_questions(FALLBACK, 37)) == (language == FALLBACK)
    assert len(told) < 250
