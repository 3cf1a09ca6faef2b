"""A held reply: kept whole, decided once, whoever decides at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.audit import Audit
from assistant.enquiries import HELD, REPLIED, EnquiryRow, Record, open_record
from assistant.handover import HandoverRow, Handovers, StaffReply, StaleError, State
from assistant.models import Reply
from assistant.outbox import Outbox
from assistant.review import Reviews, Verdict
from tests.assistant.samples import citation, reply

HEADS = 8
"""Of the staff, who decide at the same moment."""


@pytest.fixture
def record(database_url: str) -> Iterator[Record]:
    made = open_record(database_url)
    yield made
    made.close()


@pytest.fixture
def handovers(record: Record) -> Handovers:
    return Handovers(record.database)


@pytest.fixture
def reviews(record: Record, handovers: Handovers) -> Reviews:
    return Reviews(record.database, handovers)


@pytest.fixture
def enquiry(record: Record, reviews: Reviews) -> str:
    """An enquiry whose reply is held."""
    made = record.receive(channel="C1", ts="1.1", thread="1.1", user="U1", question="Which city signed first?")
    assert made is not None
    assert reviews.hold(made, reply(), tell=True)
    return made


def noted(record: Record) -> list[tuple[str, int]]:
    return [(row.note, row.occasion) for row in Outbox(record.database).waiting()]


def on_record(record: Record, enquiry: str) -> EnquiryRow:
    row = record.get(enquiry)
    assert row is not None
    return row


def test_a_reply_is_kept_with_all_that_is_shown_of_it() -> None:
    made = reply(citations=(citation(), citation(2)), unreviewed=True, examples=("What is CityNet?",))
    assert Reply.model_validate(made.whole()) == made
    assert set(made.whole()) == set(Reply.model_fields)


def test_a_held_reply_is_not_on_record_as_given(record: Record, reviews: Reviews, enquiry: str) -> None:
    row = on_record(record, enquiry)
    assert (row.status, row.reply, row.replied_at) == (HELD, None, None)
    assert (row.outcome, row.confidence, row.language) == ("answered", 0.9, "en")
    assert noted(record) == [("card", 1), ("held", 1)]
    assert record.take_abandoned() == []


def test_a_reply_is_held_once(record: Record, reviews: Reviews, enquiry: str) -> None:
    """As when two bots took the enquiry, one of which was asleep."""
    assert not reviews.hold(enquiry, reply(text="Another."), tell=True)
    found = reviews.get(enquiry)
    assert found is not None
    assert found.reply.text == "Yokohama did."
    assert noted(record) == [("card", 1), ("held", 1)]


def test_what_has_its_reply_is_not_held(record: Record, reviews: Reviews) -> None:
    made = record.receive(channel="C1", ts="2.1", thread="2.1", user="U1", question="?")
    assert made is not None
    record.replied(made, reply())
    assert not reviews.hold(made, reply(), tell=True)
    assert reviews.get(made) is None


@pytest.mark.parametrize(("text", "verdict"), [(None, Verdict.SENT), ("Yokohama.", Verdict.EDITED)])
def test_what_is_sent_is_the_reply_on_record_and_who_approved_it(
    record: Record, reviews: Reviews, enquiry: str, text: str | None, verdict: Verdict
) -> None:
    handover = reviews.send(enquiry, "U2", text)
    assert (handover.state, handover.resolved_by) == (State.SENT, "U2")
    row, found = on_record(record, enquiry), reviews.get(enquiry)
    assert (row.status, row.approved_by) == (REPLIED, "U2")
    assert row.reply is not None
    assert row.reply["text"] == (text or "Yokohama did.")
    assert row.reply["citations"] == [citation().model_dump(mode="json")]
    assert found is not None
    assert (found.verdict, found.by, found.reply.text) == (verdict, "U2", row.reply["text"])
    assert noted(record)[2:] == [("card", 2), ("answer", 2)]
    assert found.content["text"] == "Yokohama did.", "what the desk said stays on record"


def test_a_rejected_reply_leaves_an_open_handover(
    record: Record, reviews: Reviews, handovers: Handovers, enquiry: str
) -> None:
    handover = reviews.reject(enquiry, "U2", "It is about another city.")
    assert (handover.state, handover.holder) == (State.OPEN, None)
    assert noted(record)[2:] == [("card", 2), ("asked", 0)]
    (row,) = Audit(record.database).latest(1)
    assert (row.user, row.action, row.subject, row.detail) == (
        "U2",
        "reject_reply",
        enquiry,
        "It is about another city.",
    )
    handovers.reply(enquiry, "U3", StaffReply(text="It was Yokohama."))
    assert on_record(record, enquiry).reply is None


def test_of_all_who_decide_at_once_one_does(record: Record, reviews: Reviews, enquiry: str) -> None:
    def decide(number: int) -> HandoverRow | None:
        by = f"U{number}"
        try:
            return reviews.send(enquiry, by) if number % 2 else reviews.reject(enquiry, by, "No.")
        except StaleError:
            return None

    with ThreadPoolExecutor(HEADS) as heads:
        won = [row for row in heads.map(decide, range(HEADS)) if row]
    assert len(won) == 1
    found = reviews.get(enquiry)
    assert found is not None
    (logged,) = Audit(record.database).latest(9)
    assert logged.user == found.by
    assert [name for name, _ in noted(record)[2:]] in (["card", "answer"], ["card", "asked"])


def test_nothing_else_moves_what_is_in_review(handovers: Handovers, reviews: Reviews, enquiry: str) -> None:
    moves = [handovers.claim, handovers.resolve, handovers.release, handovers.reopen]
    for move in moves:
        with pytest.raises(StaleError):
            move(enquiry, "U2")
    with pytest.raises(StaleError):
        handovers.reply(enquiry, "U2", StaffReply(text="It was Yokohama."))
    assert not handovers.open(enquiry, "U1")
    reviews.send(enquiry, "U2")
    with pytest.raises(StaleError):
        reviews.reject(enquiry, "U3", "No.")


def test_who_was_answered_may_still_want_a_person(
    record: Record, handovers: Handovers, reviews: Reviews, enquiry: str
) -> None:
    reviews.send(enquiry, "U2")
    assert handovers.open(enquiry, "U1")
    handover = handovers.get(enquiry)
    assert handover is not None
    assert (handover.state, handover.asked_by, handover.resolved_by) == (State.OPEN, "U1", None)
    assert noted(record)[-1] == ("asked", 0)
    assert not handovers.open(enquiry, "U1")
