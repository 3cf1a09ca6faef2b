"""The record: every enquiry once, whoever delivers it how often, and what people thought of the reply."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from assistant.database import now
from assistant.enquiries import Delivery, EnquiryRow, Record, open_record
from assistant.models import Outcome
from assistant.retention import expire
from assistant.settings import SettingsError
from tests.assistant.samples import reply
from tests.conftest import ROOT


@pytest.fixture
def record(database_url: str) -> Iterator[Record]:
    made = open_record(database_url)
    yield made
    made.close()


def receive(record: Record, ts: str = "1.1", *, channel: str = "C1", thread: str = "1.1", user: str = "U1",
            question: str = "What is CityNet?") -> str | None:  # fmt: skip
    return record.receive(channel=channel, ts=ts, thread=thread, user=user, question=question)


def received(record: Record, ts: str = "1.1", **more: str) -> str:
    enquiry = receive(record, ts, **more)
    assert enquiry is not None
    return enquiry


def test_a_question_is_noted_with_who_where_and_when(record: Record) -> None:
    enquiry = received(record)
    row = record.get(enquiry)
    assert row is not None
    assert (row.channel, row.ts, row.thread, row.user) == ("C1", "1.1", "1.1", "U1")
    assert (row.question, row.status) == ("What is CityNet?", "received")
    assert abs(datetime.now(UTC) - row.received_at.replace(tzinfo=UTC)) < timedelta(minutes=5)
    assert (row.reply, row.replied_at, row.error) == (None, None, None)


def test_its_reply_is_noted_with_outcome_citations_generation_and_time(record: Record) -> None:
    enquiry = received(record)
    record.replied(enquiry, reply())
    row = record.get(enquiry)
    assert row is not None
    assert (row.status, row.language, row.outcome, row.confidence) == ("replied", "en", "answered", 0.9)
    assert (row.generation, row.elapsed_ms) == ("000001-0123abcd", 12.5)
    assert row.replied_at is not None
    assert row.reply == reply().model_dump(mode="json") | {"entries": []}
    assert row.reply["citations"][0]["quote"] == "Yokohama signed first."


def test_why_there_is_none_is_noted_too(record: Record) -> None:
    enquiry = received(record)
    record.failed(enquiry, "RuntimeError: no more threads")
    row = record.get(enquiry)
    assert row is not None
    assert (row.status, row.error) == ("failed", "RuntimeError: no more threads")


def test_an_unknown_enquiry_is_none(record: Record) -> None:
    assert record.get("nobody") is None
    assert record.give_feedback("nobody", "U1", helpful=True) is False
    assert record.feedback("nobody") == {}


def test_an_event_is_new_once(record: Record) -> None:
    assert [record.first_delivery("Ev1") for _ in range(3)] == [True, False, False]
    assert record.first_delivery("Ev2")


def test_a_message_is_received_once_whichever_event_brings_it(record: Record) -> None:
    first = received(record, "1.1")
    assert receive(record, "1.1", user="U2") is None
    other = received(record, "1.1", channel="C2")
    later = received(record, "1.2")
    assert len({first, other, later}) == 3


def test_the_record_outlives_the_process(database_url: str) -> None:
    record = open_record(database_url)
    enquiry = received(record)
    record.first_delivery("Ev1")
    record.close()
    again = open_record(database_url)
    assert again.get(enquiry) is not None
    assert not again.first_delivery("Ev1")
    assert receive(again) is None
    again.close()


def test_of_many_threads_one_is_first(database_url: str) -> None:
    """As when replicas of the desk, each with its own connection, are sent the same event."""
    records = [open_record(database_url) for _ in range(4)]
    with ThreadPoolExecutor(16) as pool:
        for event in range(5):
            deliveries = pool.map(lambda n, e=event: records[n % 4].first_delivery(f"Ev{e}"), range(16))
            assert sorted(deliveries) == [False] * 15 + [True]
            ids = pool.map(lambda n, e=event: receive(records[n % 4], f"{e}.1"), range(16))
            assert sum(enquiry is not None for enquiry in ids) == 1
    assert len(records[0].all()) == 5
    for record in records:
        record.close()


def test_many_threads_may_open_a_new_record_at_once(tmp_path: Path) -> None:
    """Several times over, for a race is not lost each time."""
    with ThreadPoolExecutor(8) as pool:
        for attempt in range(20):
            url = f"sqlite:///{tmp_path / str(attempt)}.sqlite3"
            records = list(pool.map(lambda _, url=url: open_record(url), range(8)))
            received(records[0])
            assert len(records[-1].all()) == 1
            for record in records:
                record.close()


def test_processes_may_open_a_new_record_at_once(database_url: str) -> None:
    opened = f"open_record({database_url!r})"
    code = f"from assistant.enquiries import open_record; {opened}.first_delivery('Ev1') and print('first')"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    ended = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], ended
    assert sorted(out for out, _ in ended) == ["", "", "first\n"]


def test_the_last_word_of_each_person_counts(record: Record) -> None:
    enquiry = received(record)
    record.replied(enquiry, reply())
    for user, helpful in (("U1", True), ("U2", True), ("U1", False), ("U1", False)):
        assert record.give_feedback(enquiry, user, helpful=helpful)
    assert record.feedback(enquiry) == {"U1": False, "U2": True}


def test_two_clicks_at_once_are_no_error(record: Record) -> None:
    with ThreadPoolExecutor(8) as pool:
        for message in range(10):
            enquiry = received(record, f"{message}.1")
            given = pool.map(lambda n, e=enquiry: record.give_feedback(e, "U1", helpful=n % 2 == 0), range(8))
            assert list(given) == [True] * 8
            assert set(record.feedback(enquiry)) == {"U1"}


def test_history_is_a_thread_s_earlier_questions_oldest_first(record: Record) -> None:
    for ts, question in (("3.1", "third"), ("1.1", "first"), ("2.1", "second")):
        receive(record, ts, question=question)
    receive(record, "2.5", thread="9.9", question="of another thread")
    receive(record, "2.5", channel="C2", question="of another channel")
    assert record.history("C1", "1.1", before="3.1") == ["first", "second"]
    assert record.history("C1", "1.1", before="1.1") == []
    assert record.history("C9", "1.1", before="3.1") == []


def test_a_thread_is_known_once_something_was_asked_in_it(record: Record) -> None:
    receive(record)
    assert record.knows_thread("C1", "1.1")
    assert not record.knows_thread("C1", "2.2")
    assert not record.knows_thread("C2", "1.1")


def test_all_is_in_the_order_received(record: Record) -> None:
    for ts in ("9.1", "1.1", "5.1"):
        receive(record, ts)
    assert [row.ts for row in record.all()] == ["9.1", "1.1", "5.1"]


def test_what_is_too_old_is_deleted_with_what_was_thought_of_it(record: Record) -> None:
    old, young = received(record, "1.1"), received(record, "2.1")
    for enquiry in (old, young):
        record.failed(enquiry, "no reply")
        record.give_feedback(enquiry, "U1", helpful=True)
    record.first_delivery("EvOld")
    age(record, days=31, enquiry=old)
    record.first_delivery("EvNew")

    assert expire(record.database, 30) == 1
    assert record.get(old) is None
    assert record.feedback(old) == {}
    assert record.get(young) is not None
    assert record.feedback(young) == {"U1": True}
    assert record.first_delivery("EvOld"), "forgotten"
    assert not record.first_delivery("EvNew")
    assert expire(record.database, 30) == 0


def age(record: Record, *, days: int, enquiry: str) -> None:
    """Make an enquiry, and all deliveries so far, `days` older."""
    then = now() - timedelta(days=days)
    with record.database.session() as session:
        session.execute(update(EnquiryRow).where(EnquiryRow.id == enquiry).values(received_at=then))
        session.execute(update(Delivery).values(received_at=then))


@pytest.mark.parametrize("question", ["💬 絵文字", "x" * 2000, "'; DROP TABLE enquiries; --", "line\nbreak"])
def test_a_question_comes_back_as_it_was_put_in(record: Record, question: str) -> None:
    row = record.get(received(record, question=question))
    assert row is not None
    assert row.question == question


def test_every_outcome_fits_its_column(record: Record) -> None:
    for number, outcome in enumerate(Outcome):
        enquiry = received(record, f"{number}.1")
        record.replied(enquiry, reply(outcome=outcome, citations=reply().citations if outcome == "answered" else ()))
    assert [row.outcome for row in record.all()] == [str(outcome) for outcome in Outcome]


@pytest.mark.parametrize(
    "url",
    [
        "no url at all",
        "nosuchdatabase://localhost/desk",
        "postgresql+psycopg://user:hunter2@127.0.0.1:1/desk",
        "sqlite:////dev/null/desk.sqlite3",
        "sqlite:///{folder}",
        "sqlite:///{folder}/broken.sqlite3",
        "sqlite:///{folder}/newer.sqlite3",
    ],
)
def test_a_database_that_cannot_be_used_is_told_by_its_setting(tmp_path: Path, url: str) -> None:
    (tmp_path / "broken.sqlite3").write_text("this is no database at all\n" * 50)
    database = sqlite3.connect(tmp_path / "newer.sqlite3")
    with database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
    database.close()
    with pytest.raises(SettingsError, match="DESK_DATABASE_URL") as refusal:
        open_record(url.format(folder=tmp_path))
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("url", ["postgres://user:hunter2@127.0.0.1/desk", "mysql://127.0.0.1/desk"])
def test_an_address_of_another_kind_is_told_with_how_one_looks(url: str) -> None:
    with pytest.raises(SettingsError, match=r"give sqlite:///FILE or, after .* postgresql\+psycopg://USER:") as refusal:
        open_record(url)
    assert "hunter2" not in str(refusal.value)
