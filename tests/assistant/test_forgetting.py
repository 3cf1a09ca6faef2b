"""A person is forgotten: no table names them any more, what others have stays, and a second time finds nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from assistant.database import Database
from assistant.enquiries import Record
from assistant.forgetting import forget
from assistant.handover import Handovers, State
from assistant.holdings import KEPT, SOMEONE, whole
from assistant.orders import Orders
from assistant.outbox import Outbox
from assistant.personal_data import count
from assistant.preferences import Preferences
from assistant.staff_faq import StaffFaq
from tests.assistant.people import ASKER, BOSS, LONGER, OTHER, SATO, SECRET, Peopled


@pytest.fixture
def peopled(database: Database) -> Peopled:
    return Peopled(database)


def everything(database: Database) -> str:
    """All that is in every column of every table."""
    with database.session() as session:
        rows = [row for holding in KEPT for row in session.execute(select(*holding.table.__table__.columns))]
    return "\n".join(map(str, rows))


@pytest.mark.parametrize("user", [ASKER, OTHER, SATO, BOSS, LONGER])
def test_no_table_names_them_any_more(database: Database, peopled: Peopled, user: str) -> None:
    assert whole(user).search(everything(database))
    others = {ASKER, OTHER, SATO, BOSS, LONGER} - {user}
    assert forget(database, user)
    left = everything(database)
    assert not whole(user).search(left)
    assert count(database, user) == {}
    assert forget(database, user) == [], "a second time"
    assert everything(database) == left
    assert {other for other in others if whole(other).search(left)} == others
    assert peopled.open


def test_nothing_of_what_an_asker_wrote_or_was_told_stays(database: Database, peopled: Peopled) -> None:
    steps = {(step.holding.name, step.what): step.number for step in forget(database, ASKER)}
    assert SECRET not in everything(database)
    assert steps["enquiries", "deleted"] == 3
    assert steps["handovers", "deleted"] == 3
    assert steps["staff_replies", "deleted"] == 1
    assert steps["feedback", "deleted"] == 3
    assert steps["audit", "on what was theirs: kept, notes cut"] == 1
    assert Record(database).get(peopled.claimed) is not None
    assert Preferences(database).of(LONGER).language == "ja"


def test_others_words_keep_all_but_the_person(database: Database, peopled: Peopled) -> None:
    forget(database, ASKER)
    row = Record(database).get(peopled.claimed)
    assert row is not None
    assert row.question == f"Did <@{SOMEONE}> or <@{LONGER}> ask?"
    assert row.reply is not None
    assert row.reply["question"] == row.question


def test_an_approved_entry_stays_without_its_enquiry_and_without_its_approver(
    database: Database, peopled: Peopled
) -> None:
    faq = StaffFaq(database)
    forget(database, ASKER)
    (entry,) = faq.approved("Asia/Tokyo").entries
    assert entry.approval is not None
    assert (entry.approval.by, entry.approval.enquiry) == ("Sato", None)
    forget(database, SATO)
    (entry,) = faq.approved("Asia/Tokyo").entries
    assert entry.approval is not None
    assert entry.approval.by == SOMEONE
    assert faq.retire(peopled.entry, by=BOSS, name="Boss") is not None


def test_what_they_had_taken_waits_for_others(database: Database, peopled: Peopled) -> None:
    before = Handovers(database).get(peopled.claimed)
    assert before is not None
    forget(database, SATO)
    after = Handovers(database).get(peopled.claimed)
    assert after is not None
    assert (after.state, after.holder, after.version) == (State.OPEN, None, before.version + 1)
    cards = [(row.enquiry_id, row.occasion) for row in Outbox(database).waiting() if row.note == "card"]
    assert (peopled.claimed, after.version) in cards
    assert Handovers(database).claim(peopled.claimed, BOSS).holder == BOSS
    replied = Handovers(database).get(peopled.replied)
    assert replied is not None
    assert (replied.state, replied.holder, replied.resolved_by) == (State.RESOLVED, SOMEONE, BOSS)


def test_a_build_that_they_ordered_is_made_and_told_to_nobody(database: Database, peopled: Peopled) -> None:
    forget(database, BOSS)
    (row,) = Orders(database).waiting()
    assert (row.id, row.by, row.order().place) == (peopled.order, SOMEONE, None)


def test_all_of_it_happens_or_nothing(database: Database, peopled: Peopled, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(database)

    def fail(*_: object) -> list[object]:
        raise RuntimeError

    monkeypatch.setattr("assistant.forgetting._strike_out", fail)
    with pytest.raises(RuntimeError):
        forget(database, ASKER)
    assert everything(database) == before
    assert peopled.open
