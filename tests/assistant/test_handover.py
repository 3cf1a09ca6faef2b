"""Handovers: which change is possible when, by whom; one winner each; what is told and put on the audit log."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from assistant.audit import Audit
from assistant.database import Database, now, open_database
from assistant.enquiries import EnquiryRow, Record
from assistant.handover import Handovers, StaffReply, StaleError, State
from assistant.outbox import Outbox
from assistant.retention import expire
from tests.assistant.samples import citation

SATO, MORI, ASKER = "U0SATO", "U0MORI", "U1"
REPLY = StaffReply(text="There is none.", citations=(citation(),), faq_entry="joining-fee")


@pytest.fixture
def handovers(database: Database) -> Handovers:
    return Handovers(database)


@pytest.fixture
def enquiry(database: Database) -> str:
    return ask(database)


def ask(database: Database, ts: str = "1.1") -> str:
    made = Record(database).receive(channel="C1", ts=ts, thread=ts, user=ASKER, question="What does it cost?")
    assert made is not None
    return made


def told(database: Database, enquiry: str) -> list[tuple[str, int]]:
    """What waits to be said of it; the card's changes left out."""
    rows = Outbox(database).waiting()
    return [(row.note, row.occasion) for row in rows if row.enquiry_id == enquiry and row.note != "card"]


def cards(database: Database, enquiry: str) -> int:
    return len([row for row in Outbox(database).waiting() if (row.enquiry_id, row.note) == (enquiry, "card")])


def bring(handovers: Handovers, enquiry: str, state: State | None) -> None:
    """Bring a new handover into a state; Sato holds it, if anybody does."""
    steps: list[Callable[[], object]] = [
        lambda: handovers.open(enquiry, ASKER),
        lambda: handovers.claim(enquiry, SATO),
        lambda: handovers.reply(enquiry, SATO, REPLY),
        lambda: handovers.resolve(enquiry, SATO),
    ]
    order = [None, State.OPEN, State.CLAIMED, State.REPLIED, State.RESOLVED]
    for step in steps[: order.index(state)]:
        step()


def act(handovers: Handovers, enquiry: str, action: str, by: str) -> object:
    if action == "reply":
        return handovers.reply(enquiry, by, StaffReply(text="I have asked: there is none."))
    return getattr(handovers, action)(enquiry, by)


STALE = "stale"
CHANGES = {  # state before: {action: state after, for Sato, who holds it if anybody does, and for Mori}
    None: dict.fromkeys(["claim", "release", "reply", "resolve", "reopen"], (STALE, STALE)),
    State.OPEN: {
        "claim": (State.CLAIMED, State.CLAIMED),
        "release": (STALE, STALE),
        "reply": (State.REPLIED, State.REPLIED),
        "resolve": (State.RESOLVED, State.RESOLVED),
        "reopen": (STALE, STALE),
    },
    State.CLAIMED: {
        "claim": (State.CLAIMED, STALE),
        "release": (State.OPEN, STALE),
        "reply": (State.REPLIED, STALE),
        "resolve": (State.RESOLVED, State.RESOLVED),
        "reopen": (STALE, STALE),
    },
    State.REPLIED: {
        "claim": (STALE, STALE),
        "release": (STALE, STALE),
        "reply": (State.REPLIED, STALE),
        "resolve": (State.RESOLVED, State.RESOLVED),
        "reopen": (State.OPEN, State.OPEN),
    },
    State.RESOLVED: {
        "claim": (STALE, STALE),
        "release": (STALE, STALE),
        "reply": (STALE, STALE),
        "resolve": (STALE, STALE),
        "reopen": (State.OPEN, State.OPEN),
    },
}
CASES = [
    (before, action, by, after)
    for before, actions in CHANGES.items()
    for action, afters in actions.items()
    for by, after in zip((SATO, MORI), afters, strict=True)
]


@pytest.mark.parametrize(
    ("before", "action", "by", "after"), CASES, ids=[f"{before}-{action}-{by[2:]}" for before, action, by, _ in CASES]
)
def test_what_may_be_done_when_and_by_whom(
    database: Database, handovers: Handovers, enquiry: str, before: State | None, action: str, by: str, after: str
) -> None:
    bring(handovers, enquiry, before)
    was, notes = handovers.get(enquiry), told(database, enquiry)
    changes, logged = cards(database, enquiry), len(Audit(database).latest(100))
    if after == STALE:
        with pytest.raises(StaleError) as error:
            act(handovers, enquiry, action, by)
        found = error.value.handover
        assert (found and (found.state, found.holder)) == (was and (was.state, was.holder))
    else:
        act(handovers, enquiry, action, by)
    row = handovers.get(enquiry)
    assert (row.state if row else None) == (before if after == STALE else after)
    if was is None or row is None:
        return
    is_new = after != STALE and (before, action) != (State.CLAIMED, "claim")
    assert row.version == was.version + is_new
    assert cards(database, enquiry) == changes + is_new
    assert len(Audit(database).latest(100)) == logged + is_new
    assert len(told(database, enquiry)) - len(notes) == (is_new and action != "release")
    if is_new:
        (latest,) = Audit(database).latest(1)
        assert (latest.user, latest.action, latest.subject) == (by, action, enquiry)
        assert row.since > was.since
        holder = {"claim": by, "reply": by, "release": None, "reopen": None}.get(action, was.holder)
        assert row.holder == holder
        assert row.resolved_by == (by if action == "resolve" else None)


@pytest.mark.parametrize(
    ("before", "opened", "after"),
    [
        (None, True, State.OPEN),
        (State.OPEN, False, State.OPEN),
        (State.CLAIMED, False, State.CLAIMED),
        (State.REPLIED, True, State.OPEN),
        (State.RESOLVED, True, State.OPEN),
    ],
)
def test_to_ask_a_person_opens_what_no_person_has_in_hand(
    handovers: Handovers, enquiry: str, before: State | None, opened: bool, after: State
) -> None:
    bring(handovers, enquiry, before)
    assert handovers.open(enquiry, "U2") is opened
    row = handovers.get(enquiry)
    assert row is not None
    assert row.state == after
    assert row.asked_by == ("U2" if before is None else ASKER)


def test_the_asker_is_told_of_each_step_once(database: Database, handovers: Handovers, enquiry: str) -> None:
    bring(handovers, enquiry, State.CLAIMED)
    assert told(database, enquiry) == [("asked", 0), ("claimed", 0)]
    handovers.release(enquiry, SATO)
    handovers.claim(enquiry, MORI)
    assert told(database, enquiry) == [("asked", 0), ("claimed", 0)], "somebody has it: that is known"
    handovers.reply(enquiry, MORI, REPLY)
    handovers.resolve(enquiry, ASKER)
    handovers.reopen(enquiry, ASKER)
    handovers.reply(enquiry, SATO, REPLY)
    notes = [note for note, _ in told(database, enquiry)]
    assert notes == ["asked", "claimed", "reply", "resolved", "reopened", "reply"]
    assert cards(database, enquiry) == 8


def test_a_reply_is_kept_as_it_was_given(handovers: Handovers, enquiry: str) -> None:
    bring(handovers, enquiry, State.REPLIED)
    (row,) = handovers.replies(enquiry)
    assert (row.by, row.version) == (SATO, 3)
    assert row.reply.text == REPLY.text
    assert row.reply.faq_entry == REPLY.faq_entry
    assert [c.model_dump() for c in row.reply.citations] == [c.model_dump() for c in REPLY.citations]


def test_a_reply_sent_twice_is_one_but_the_same_words_may_be_said_again_later(
    database: Database, handovers: Handovers, enquiry: str
) -> None:
    bring(handovers, enquiry, State.REPLIED)
    again = handovers.reply(enquiry, SATO, REPLY)
    assert (again.state, again.version) == (State.REPLIED, 3)
    assert len(handovers.replies(enquiry)) == 1
    assert [note for note, _ in told(database, enquiry)].count("reply") == 1
    handovers.reply(enquiry, SATO, StaffReply(text="Something else."))
    handovers.reopen(enquiry, ASKER)
    handovers.reply(enquiry, SATO, REPLY)
    assert [row.reply.text for row in handovers.replies(enquiry)] == [REPLY.text, "Something else.", REPLY.text]


def test_whom_slack_does_not_reach_is_noted_and_shown(database: Database, handovers: Handovers, enquiry: str) -> None:
    bring(handovers, enquiry, State.REPLIED)
    before = cards(database, enquiry)
    handovers.undelivered(enquiry, "user_not_found")
    row = handovers.get(enquiry)
    assert row is not None
    assert (row.undelivered, row.state) == ("user_not_found", State.REPLIED)
    assert cards(database, enquiry) == before + 1


def test_where_the_card_stands_is_kept(handovers: Handovers, enquiry: str) -> None:
    bring(handovers, enquiry, State.OPEN)
    handovers.carded(enquiry, "C0STAFF", "2.2")
    handovers.claim(enquiry, SATO)
    row = handovers.get(enquiry)
    assert row is not None
    assert (row.card_channel, row.card_ts) == ("C0STAFF", "2.2")


def test_the_queue_begins_with_what_waits_longest(database: Database, handovers: Handovers) -> None:
    first, second, third = (ask(database, f"{number}.1") for number in range(3))
    for enquiry in (second, first, third):
        handovers.open(enquiry, ASKER)
    handovers.claim(second, SATO)
    handovers.resolve(third, SATO)
    assert [row.enquiry_id for row in handovers.queue(State.OPEN, State.CLAIMED)] == [second, first]
    assert [row.enquiry_id for row in handovers.queue(State.RESOLVED)] == [third]


# Several people, several bots


def at_once(database_url: str, acts: list[Callable[[Handovers], object]]) -> list[object]:
    """Each act by a bot of its own, all at the same moment; what comes back, or the StaleError."""
    bots = [open_database(database_url) for _ in acts]

    def try_to(number: int) -> object:
        try:
            return acts[number](Handovers(bots[number]))
        except StaleError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        done = list(pool.map(try_to, range(len(acts))))
    for bot in bots:
        bot.close()
    return done


def test_of_many_who_take_it_at_the_same_moment_one_has_it(
    database: Database, handovers: Handovers, database_url: str
) -> None:
    people = [f"U0{number}" for number in range(6)]
    for attempt in range(10):
        enquiry = ask(database, f"{attempt}.1")
        handovers.open(enquiry, ASKER)
        done = at_once(database_url, [lambda bot, user=user, e=enquiry: bot.claim(e, user) for user in people])  # type: ignore[misc]
        lost = [each for each in done if isinstance(each, StaleError)]
        row = handovers.get(enquiry)
        assert row is not None
        assert len(lost) == len(people) - 1
        assert {each.handover.holder for each in lost if each.handover} == {row.holder}
        assert row.version == 2
        assert told(database, enquiry) == [("asked", 0), ("claimed", 0)]


def test_of_many_who_ask_at_the_same_moment_one_opens_it(
    database: Database, handovers: Handovers, database_url: str
) -> None:
    for attempt in range(10):
        enquiry = ask(database, f"{attempt}.1")
        done = at_once(database_url, [lambda bot, n=n, e=enquiry: bot.open(e, f"U{n}") for n in range(4)])  # type: ignore[misc]
        assert sorted(map(bool, done)) == [False, False, False, True]
        row = handovers.get(enquiry)
        assert row is not None
        assert (row.state, row.version) == (State.OPEN, 1)
        assert told(database, enquiry) == [("asked", 0)]


@pytest.mark.parametrize("people", [[SATO, SATO, SATO], [SATO, MORI, "U0BOSS"]], ids=["one person", "three people"])
def test_of_replies_at_the_same_moment_one_goes_to_the_asker(
    database: Database, handovers: Handovers, database_url: str, people: list[str]
) -> None:
    for attempt in range(10):
        enquiry = ask(database, f"{attempt}.1")
        handovers.open(enquiry, ASKER)
        at_once(database_url, [lambda bot, user=user, e=enquiry: bot.reply(e, user, REPLY) for user in people])  # type: ignore[misc]
        assert len(handovers.replies(enquiry)) == 1
        assert [note for note, _ in told(database, enquiry)] == ["asked", "reply"]


def test_several_bots_remind_of_the_same_once(database: Database, handovers: Handovers, database_url: str) -> None:
    for attempt in range(10):
        enquiry = ask(database, f"{attempt}.1")
        handovers.open(enquiry, ASKER)
        at_once(database_url, [lambda bot, e=enquiry: bot.remind(e, 1001) for _ in range(4)])  # type: ignore[misc]
        handovers.remind(enquiry, 1002)
        assert told(database, enquiry) == [("asked", 0), ("reminder", 1001), ("reminder", 1002)]


def test_what_expires_takes_its_handover_along(database: Database, handovers: Handovers) -> None:
    old, young = ask(database), ask(database, "2.1")
    for enquiry in (old, young):
        Record(database).failed(enquiry, "no reply")
        bring(handovers, enquiry, State.REPLIED)
    with database.session() as session:
        earlier = now() - timedelta(days=40)
        session.execute(update(EnquiryRow).where(EnquiryRow.id == old).values(received_at=earlier))
    outbox = Outbox(database)
    for row in outbox.waiting():
        if row.enquiry_id == old:  # its asker has been told all there was to tell
            outbox.done(row)
    assert expire(database, 30) == 1
    assert handovers.get(old) is None
    assert handovers.replies(old) == []
    assert {row.enquiry_id for row in Outbox(database).waiting()} == {young}
    assert handovers.get(young) is not None
