"""Time takes from every table what it is to take, and leaves what staff have in hand and what they answer for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select

from assistant.audit import Audit
from assistant.corrections import Corrections
from assistant.database import Database
from assistant.enquiries import Record
from assistant.handover import Handovers
from assistant.holdings import SOMEONE
from assistant.orders import Orders
from assistant.outbox import Outbox
from assistant.preferences import PreferenceRow, Preferences
from assistant.retention import expire
from assistant.staff_faq import StaffFaq
from assistant.uploads import Uploads
from tests.assistant.people import ASKER, BOSS, LONGER, OTHER, SATO, SECRET, Peopled
from tests.assistant.test_forgetting import everything

DAYS = 30
THEN = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
YOUNG, OLD = THEN + timedelta(days=DAYS - 1), THEN + timedelta(days=DAYS + 1)


def tell_all(database: Database) -> None:
    """Slack takes what waits for it."""
    outbox = Outbox(database)
    for row in outbox.waiting():
        outbox.done(row)


@pytest.fixture
def peopled(database: Database) -> Peopled:
    with time_machine.travel(THEN, tick=False):
        return Peopled(database)


@pytest.fixture
def later(database: Database, peopled: Peopled) -> Iterator[Peopled]:
    """It is a day after the time is up, and everybody was told what there was to tell."""
    tell_all(database)
    with time_machine.travel(OLD, tick=False):
        yield peopled


def test_before_the_time_is_up_all_is_kept(database: Database, peopled: Peopled) -> None:
    before = everything(database)
    with time_machine.travel(YOUNG, tick=False):
        assert expire(database, DAYS) == 0
    assert everything(database) == before
    assert peopled.open


def test_enquiries_go_with_what_came_of_them_but_for_those_that_wait_for_staff(
    database: Database, later: Peopled
) -> None:
    assert expire(database, DAYS) == 2
    left = {row.id for row in Record(database).all()}
    assert left == {later.open, later.claimed, later.held, later.rejected}
    assert Handovers(database).get(later.replied) is None
    assert Handovers(database).replies(later.replied) == []
    assert Record(database).first_delivery("Ev1"), "forgotten"
    for enquiry in (later.open, later.claimed, later.rejected):
        Handovers(database).resolve(enquiry, SATO)
    assert expire(database, DAYS) == 0, "their askers are still to be told"
    tell_all(database)
    assert expire(database, DAYS) == 3
    assert [row.id for row in Record(database).all()] == [later.held]
    assert expire(database, DAYS) == 0


def test_the_audit_log_keeps_what_was_done_and_not_by_whom(database: Database, later: Peopled) -> None:
    audit = Audit(database)
    audit.log("declaration-desk", "refresh", "g1")
    before = [(row.at, row.action, row.subject) for row in audit.latest(1000)]
    with database.session() as session:
        session.execute(delete(PreferenceRow))
    expire(database, DAYS)
    rows = audit.latest(1000)
    assert [(row.at, row.action, row.subject) for row in rows] == before
    assert {row.user for row in rows} == {SOMEONE, "declaration-desk"}
    assert [row.detail for row in rows if row.action == "reject_reply"] == [""]
    assert [row.detail for row in rows if row.action == "save_faq"] == ["version 1"]
    assert later.open


def test_what_staff_approved_stays_with_who_approved_it_and_without_its_enquiry(
    database: Database, later: Peopled
) -> None:
    expire(database, DAYS)
    (entry,) = StaffFaq(database).approved("Asia/Tokyo").entries
    assert entry.approval is not None
    assert (entry.approval.by, entry.approval.enquiry) == ("Sato", None)
    assert StaffFaq(database).history(later.entry)[0].by == SATO


def test_preferences_of_people_who_are_not_seen_any_more_go(database: Database, later: Peopled) -> None:
    Preferences(database).put(LONGER, language="ko")
    expire(database, DAYS)
    assert preferences(database) == {ASKER, LONGER}, "one asked and waits, one has just set something"
    for enquiry in (later.open, later.rejected):
        Handovers(database).resolve(enquiry, BOSS)
    tell_all(database)
    expire(database, DAYS)
    assert preferences(database) == {LONGER}


def preferences(database: Database) -> set[str]:
    with database.session() as session:
        return set(session.scalars(select(PreferenceRow.user)))


def test_files_that_are_decided_on_go_and_those_that_wait_stay(database: Database, later: Peopled) -> None:
    uploads = Uploads(database)
    expire(database, DAYS)
    assert uploads.get(later.added) is None
    assert uploads.get(later.waiting) is not None
    uploads.expire(DAYS)
    expire(database, DAYS)
    assert uploads.get(later.waiting) is None


def test_a_correction_is_not_sent_again_and_its_words_and_sender_go(database: Database, later: Peopled) -> None:
    expire(database, DAYS)
    sent = Corrections(database).sent(later.offer)
    assert sent is not None
    assert (sent.by, sent.text) == (SOMEONE, "")


def test_a_correction_that_waits_to_be_sent_keeps_its_words(database: Database, peopled: Peopled) -> None:
    row = Record(database).get(peopled.open)
    assert row is not None
    offer = peopled.offer.model_copy(update={"number": 7})
    with time_machine.travel(THEN, tick=False):
        Corrections(database).send(offer, [row], "Not so", SATO)
    with time_machine.travel(OLD, tick=False):
        expire(database, DAYS)
    assert Corrections(database).text(7) == "Not so"


def test_an_order_that_nobody_saw_to_is_nobodys(database: Database, later: Peopled) -> None:
    expire(database, DAYS)
    (row,) = Orders(database).waiting()
    assert (row.id, row.by, row.order().place) == (later.order, SOMEONE, None)


def test_once_staff_are_done_nobody_is_left_but_who_answers_for_an_entry(database: Database, later: Peopled) -> None:
    Uploads(database).expire(DAYS)
    for enquiry in (later.open, later.claimed, later.rejected):
        Handovers(database).resolve(enquiry, BOSS)
    tell_all(database)
    with time_machine.travel(OLD + timedelta(days=DAYS + 1), tick=False):
        expire(database, DAYS)
        left = everything(database)
    assert SECRET not in left
    assert {user for user in (ASKER, LONGER) if user in left} == set()
    assert SATO in left, "approved an entry"
    assert OTHER in left, "their reply is held"


def test_a_question_that_has_no_reply_yet_is_not_deleted_before_it_has_one(database: Database) -> None:
    """As after a bot was away for longer than the time."""
    record = Record(database)
    with time_machine.travel(THEN, tick=False):
        enquiry = record.receive(channel="C1", ts="1.1", thread="1.1", user=ASKER, question="?")
        assert enquiry is not None
    with time_machine.travel(OLD, tick=False):
        assert expire(database, DAYS) == 0
        record.failed(enquiry, "no reply")
        assert expire(database, DAYS) == 1
