"""Handovers when things go wrong: a person who comes too late, what was deleted, who left, Slack or the bot down."""

import itertools
import signal
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from assistant.database import now
from assistant.enquiries import REPLIED
from assistant.handover import HandoverRow, State
from tests.conftest import Small
from tests.slack.conftest import BotProcess, Office, enquiry_of, explained, opened_office
from tests.slack.staff import (
    BOSS,
    MORI,
    SATO,
    SETTINGS,
    STAFF_CHANNEL,
    Case,
    furnish,
    hand_over,
    is_answer,
    lapse,
    open_case,
    staffed,
)
from tests.slack.workspace import Interaction, Message, View, pings

UNKNOWN = "What is the joining fee?"
ANSWER = "There is none."
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture(scope="module", autouse=True)
def staff_room(office: Office) -> Iterator[None]:
    with staffed(office, refusals=True):
        yield


@pytest.fixture
def place(office: Office) -> str:
    """A channel of the test's own, in which Slack may refuse things."""
    return office.workspace.add_channel(f"C0PLACE{next(_numbers)}")


# Who comes too late


def test_buttons_that_time_has_overtaken_say_how_things_are_and_change_nothing(office: Office, place: str) -> None:
    case = open_case(office, place, UNKNOWN)
    first = case.card
    taken = case.press("enquiry_claim", SATO).card
    for action in ("enquiry_claim", "enquiry_reply"):
        assert "Sato" in case.refused(action, MORI, first)
    assert "Sato" in case.refused("enquiry_release", MORI, taken)

    replied = case.reply(SATO, ANSWER).settled().card
    for action, card in (("enquiry_claim", first), ("enquiry_reply", first), ("enquiry_release", taken)):
        assert "Sato" in case.refused(action, MORI, card)

    case.press("enquiry_resolve", MORI, first)
    for action, card in (("enquiry_claim", first), ("enquiry_reply", first), ("enquiry_resolve", replied)):
        assert case.refused(action, SATO, card)
    assert case.refused("enquiry_release", SATO, taken)
    assert case.refused("enquiry_resolve", "U1", case.said[-2])

    closed = case.said[-1]
    case.press("enquiry_reopen", SATO)
    assert case.refused("enquiry_reopen", "U1", closed)
    assert case.refused("enquiry_release", SATO, taken)
    assert office.workspace.modal(MORI) is None


def test_a_reply_to_what_was_closed_meanwhile_stays_in_the_form(office: Office, place: str) -> None:
    case = open_case(office, place, UNKNOWN)
    form = case.form(SATO)
    case.settled().press("enquiry_resolve", MORI)
    sent = office.workspace.submit_view(form, SATO, {"reply_text": ANSWER})
    assert list(sent.wait_ack()["errors"]) == ["reply_text"]
    assert office.workspace.modal(SATO) is not None
    assert case.settled().handovers.replies(case.id) == []


def test_a_form_that_slack_does_not_open_is_told_of_and_can_be_asked_for_again(office: Office, place: str) -> None:
    case = open_case(office, place, UNKNOWN)
    office.workspace.fail_next("views.open", status=200, error="expired_trigger_id")
    (told,) = case.click("enquiry_reply", SATO).wait_replies()
    assert told.ephemeral_to == SATO
    case.reply(SATO, ANSWER).settled()
    assert case.state == State.REPLIED


# What was deleted, and who left


def test_where_the_thread_is_gone_the_asker_is_told_directly_and_about_what(office: Office, place: str) -> None:
    case = open_case(office, place, UNKNOWN, "U61")
    office.workspace.delete(place, case.enquiry.thread)
    case.reply(SATO, ANSWER).settled()
    assert case.steps == ["asked", "claimed", "reply"]
    assert [message.channel for message in case.said] == [place, "DU61", "DU61"]
    assert [message.thread_ts for message in case.said[1:]] == [None, None]
    assert all(UNKNOWN in message.shown for message in case.said[1:])
    case.press("enquiry_resolve", "U61", case.said[-1])
    assert (case.state, case.handover.undelivered) == (State.RESOLVED, None)


def test_where_the_bot_was_removed_from_the_askers_channel_they_are_told_directly(office: Office, place: str) -> None:
    case = open_case(office, place, UNKNOWN, "U62")
    office.workspace.remove_bot(place)
    case.reply(SATO, ANSWER).settled()
    assert [message.channel for message in case.said] == [place, "DU62", "DU62"]
    assert case.handover.undelivered is None


def test_a_card_that_was_deleted_comes_back_with_the_next_step(office: Office, place: str) -> None:
    case = open_case(office, place, UNKNOWN)
    gone = case.card
    form = case.form(SATO)
    case.settled()
    office.workspace.delete(STAFF_CHANNEL, gone.ts)
    assert case.cards == []
    office.workspace.submit_view(form, SATO, {"reply_text": ANSWER}).wait_ack()
    case.settled()
    assert case.card.ts != gone.ts
    case.press("enquiry_resolve", SATO).press("enquiry_reopen", MORI).press("enquiry_claim", MORI)
    assert case.steps == ["asked", "claimed", "reply", "resolved", "reopened"]


def test_a_staff_channel_that_the_bot_was_removed_from_loses_nothing_and_an_admin_hears_of_it_once(
    office: Office, place: str
) -> None:
    workspace = office.workspace
    case = open_case(office, place, UNKNOWN)
    reply = office.ask(place, UNKNOWN, "U63")
    workspace.remove_bot(STAFF_CHANNEL)
    try:
        workspace.click("ask_staff", "U63", reply).wait_ack()
        waiting = Case(workspace, office.record, enquiry_of(reply))
        workspace.wait_for(lambda: waiting.handovers.get(waiting.id) and waiting.steps == ["asked"], what="a word")
        case.click("enquiry_claim", SATO, case.card)  # the old card stands there still, with its buttons
        workspace.wait_for(lambda: case.state == State.CLAIMED and case.steps == ["asked", "claimed"])
        warned = workspace.wait_for(lambda: [m for m in workspace.messages(workspace.dm(BOSS)) if m.from_bot])
        lapse(office.record)
        workspace.settle(1)
        assert [m for m in workspace.messages(workspace.dm(BOSS)) if m.from_bot] == warned
        assert len(warned) == 1
        assert STAFF_CHANNEL in warned[0].shown
        assert waiting.cards == []
    finally:
        workspace.invite_bot(STAFF_CHANNEL, SATO)
    assert waiting.settled().steps == ["asked"]
    assert case.settled().card.shown.splitlines()[0].find("Sato") > 0


def test_a_staff_channel_that_is_archived_for_a_while_loses_nothing(office: Office, place: str) -> None:
    workspace = office.workspace
    case = open_case(office, place, UNKNOWN)
    workspace.archive(STAFF_CHANNEL)
    try:
        case.click("enquiry_claim", SATO)
        reply = office.ask(place, UNKNOWN, "U64")
        workspace.click("ask_staff", "U64", reply).wait_ack()
        other = Case(workspace, office.record, enquiry_of(reply))
        workspace.wait_for(lambda: other.handovers.get(other.id) and other.steps == ["asked"])
        workspace.settle()
    finally:
        workspace.archive(STAFF_CHANNEL, False)
    lapse(office.record)
    assert other.settled().state == State.OPEN
    assert case.settled().state == State.CLAIMED


@pytest.mark.parametrize("error", ["user_disabled", "user_not_found", "user_not_visible"])
def test_who_asked_in_private_and_left_cannot_be_told_and_the_card_says_so(
    office: Office, place: str, error: str
) -> None:
    workspace, user = office.workspace, f"U0{error.upper().replace('_', '')}"
    (private,) = workspace.command("/declaration", UNKNOWN, user, place).wait_replies()
    office.row(place)
    case = hand_over(office, private, user)
    workspace.remove_user(user, error)
    case.reply(SATO, ANSWER).settled()
    assert (case.state, case.steps, case.handover.undelivered) == (State.REPLIED, ["asked"], error)
    assert error in case.card.shown
    assert ANSWER in case.card.shown
    case.press("enquiry_resolve", SATO)
    assert error in case.card.shown


def test_who_asked_in_a_channel_and_left_is_replied_to_there(office: Office, place: str) -> None:
    case = open_case(office, place, UNKNOWN, "U65")
    office.workspace.remove_user("U65")
    case.reply(SATO, ANSWER).settled()
    assert case.steps == ["asked", "claimed", "reply"]
    assert case.handover.undelivered is None


# Slack is down


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": 1},
        {"status": 500, "error": "internal_error"},
        {"status": 503, "garbage": True},
        {"status": 200, "error": "fatal_error"},
        {"lost": True},
    ],
    ids=["rate limit", "error", "gibberish", "fatal error", "lost answer"],
)
def test_whatever_slack_does_not_take_at_first_comes_later_and_once(
    office: Office, place: str, fault: dict[str, Any]
) -> None:
    workspace = office.workspace

    def fail(in_staff_channel: str) -> None:
        workspace.fail_next(in_staff_channel, channel=STAFF_CHANNEL, **fault)
        workspace.fail_next("chat.postMessage", channel=place, **fault)

    def injected() -> int:
        return len([call for call in workspace.calls() if call.injected])

    reply, before = office.ask(place, UNKNOWN), injected()
    fail("chat.postMessage")
    case = hand_over(office, reply)
    form = case.form(SATO)
    case.settled()
    fail("chat.update")
    workspace.submit_view(form, SATO, {"reply_text": ANSWER}).wait_ack()
    case.settled()
    assert case.steps == ["asked", "claimed", "reply"]
    assert injected() - before == 4


@pytest.mark.parametrize(
    "fault", [{"status": 429}, {"status": 500}, {"lost": True}], ids=["rate limit", "error", "lost"]
)
def test_what_may_be_there_is_not_posted_again_before_slack_says_that_it_is_not(
    office: Office, place: str, fault: dict[str, Any]
) -> None:
    """An answer got lost, and then Slack does not tell at once what stands there."""
    workspace = office.workspace
    reply = office.ask(place, UNKNOWN)
    for posted, read, channel in (
        ("chat.postMessage", "conversations.history", STAFF_CHANNEL),
        ("chat.postMessage", "conversations.replies", place),
    ):
        workspace.fail_next(posted, lost=True, channel=channel)
        workspace.fail_next(read, channel=channel, **fault)
    assert hand_over(office, reply).steps == ["asked"]


def test_a_busy_hour_keeps_to_slacks_pace_and_asks_it_nothing_needless(office: Office, place: str) -> None:
    """About a message a second in a channel; and what only waited its turn was never posted: no need to look for it."""
    workspace = office.workspace
    workspace.settle()
    replies = [office.ask(place, UNKNOWN, f"U7{number}") for number in range(36)]
    before, start = len(workspace.calls("conversations.history")), time.monotonic()
    for number, reply in enumerate(replies):
        workspace.click("ask_staff", f"U7{number}", reply).wait_ack()
    cases = [Case(workspace, office.record, enquiry_of(reply)) for reply in replies]
    for case in cases:
        workspace.wait_for(lambda case=case: case.handovers.get(case.id), what="a handover")  # type: ignore[misc]
        case.settled(30)
    assert all(case.steps == ["asked"] for case in cases)
    sent = [call.at for call in workspace.calls("chat.postMessage") if call.at > start]
    in_channel = [
        call.at
        for call in workspace.calls("chat.postMessage")
        if call.at > start and call.args["channel"] == STAFF_CHANNEL
    ]
    assert len(sent) == 2 * len(cases)
    assert len([at for at in in_channel if at - start < 2]) <= 33
    assert len(workspace.calls("conversations.history")) - before <= 3


def test_a_database_that_is_away_for_a_while_loses_nothing(office: Office, place: str) -> None:
    workspace = office.workspace
    case = open_case(office, place, UNKNOWN)
    database = sqlite3.connect(office.database, timeout=10)
    with database:
        database.execute("ALTER TABLE outbox RENAME TO away")
    try:
        click = case.click("enquiry_claim", SATO)
        (told,) = click.wait_replies()
        assert told.ephemeral_to == SATO
        time.sleep(1)  # the courier looks, and finds no outbox
    finally:
        with database:
            database.execute("ALTER TABLE away RENAME TO outbox")
        database.close()
    assert case.state == State.OPEN
    workspace.settle()
    case.press("enquiry_claim", SATO).reply(SATO, ANSWER).settled()
    assert case.steps == ["asked", "claimed", "reply"]


# The bot is down


class Shift:
    """An office whose bot is killed now and then, and started again on the same data."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @property
    def process(self) -> BotProcess:
        return self.office.bot

    def kill(self) -> None:
        self.process.process.kill()
        self.process.process.wait()

    def wait_killed(self) -> None:
        died = lambda: self.process.process.poll() is not None  # noqa: E731
        with explained(self.process):
            self.office.workspace.wait_for(died, what="the bot to be killed")

    def again(self) -> None:
        """Start the next bot; what the last one had in hand is free."""
        lapse(self.office.record)
        self.office = replace(self.office, bot=self.office.start(self.office.workspace))


@pytest.fixture(scope="module")
def shift(at_hand: Small, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shift]:
    with opened_office(at_hand, settings, tmp_path_factory.mktemp("shift")) as office:
        furnish(office.workspace)
        yield Shift(office)


class Walk:
    """A question on its way to a closed handover: what people do, step by step."""

    steps = ("question", "ask", "claim", "open_form", "send", "close")

    def __init__(self, shift: Shift) -> None:
        self.office = shift.office
        self.workspace, self.record = shift.office.workspace, shift.office.record
        self.channel = self.workspace.add_channel(f"C0WALK{next(_numbers)}")
        self.ts, self.id = "", ""

    @property
    def case(self) -> Case:
        return Case(self.workspace, self.record, self.id)

    def do(self, step: str) -> Interaction | None:
        """What somebody does; returns at once."""
        done: Interaction | None = getattr(self, f"_{step}")()
        return done

    def is_done(self, step: str) -> bool:
        """Whether the record knows of it."""
        if step == "question":
            return any(row.channel == self.channel and row.status == REPLIED for row in self.record.all())
        handover = self.case.handovers.get(self.id)
        states = {"ask": State.OPEN, "claim": State.CLAIMED, "open_form": State.CLAIMED, "send": State.REPLIED}
        return handover is not None and handover.state == states.get(step, State.RESOLVED)

    def finish(self, step: str) -> None:
        """See that a step is done, and that everything that shows it agrees."""
        self.workspace.wait_for(lambda: self.is_done(step), what=f"{step} to be done")
        answers = [m for m in self.workspace.messages(self.channel, self.ts) if m.from_bot and is_answer(m)]
        assert len(answers) == 1
        self.id = enquiry_of(answers[0])
        if step != "question":
            self.case.settled()

    def repeat_if_lost(self, step: str) -> None:
        """Who saw nothing come of a click clicks again."""
        end = time.monotonic() + 1
        while not self.is_done(step) and time.monotonic() < end:
            time.sleep(0.05)
        if not self.is_done(step):
            self.do(step)

    def finish_from(self, step: str) -> None:
        """All the steps that are left."""
        for left in self.steps[self.steps.index(step) :]:
            self.do(left)
            self.finish(left)
        assert self.case.steps == ["asked", "claimed", "reply", "resolved"]
        assert [row.reply.text for row in self.case.handovers.replies(self.id)] == [ANSWER]

    def _question(self) -> None:
        self.ts = self.workspace.mention(self.channel, "U1", UNKNOWN)

    def _ask(self) -> Interaction:
        (answer,) = [m for m in self.workspace.messages(self.channel, self.ts) if m.from_bot]
        return self.workspace.click("ask_staff", "U1", answer, self.id)

    def _claim(self) -> Interaction:
        return self.workspace.click("enquiry_claim", SATO, self.case.card, self.id)

    def _open_form(self) -> Interaction:
        return self.workspace.click("enquiry_reply", SATO, self.case.card, self.id)

    def _send(self) -> Interaction:
        return self.workspace.submit_view(self._form(), SATO, {"reply_text": ANSWER})

    def _close(self) -> Interaction:
        return self.workspace.click("enquiry_resolve", "U1", self.case.said[-1], self.id)

    def _form(self) -> View:
        """The form, opened once more if it did not open."""

        def mine() -> View | None:
            modal = self.workspace.modal(SATO)
            return modal if modal and self.id in modal.data["private_metadata"] else None

        return mine() or self.case.form(SATO)


KILLS = [  # at which step, as it calls what, where; whether Slack has taken it then
    ("question", "chat.postMessage", "thread", False),
    ("question", "chat.postMessage", "thread", True),
    ("ask", "chat.postMessage", "staff", False),
    ("ask", "chat.postMessage", "staff", True),
    ("ask", "chat.postMessage", "thread", True),
    ("claim", "chat.update", "staff", False),
    ("claim", "chat.postMessage", "thread", False),
    ("open_form", "views.open", None, False),
    ("send", "chat.postMessage", "thread", False),
    ("send", "chat.postMessage", "thread", True),
    ("send", "chat.update", "staff", True),
    ("close", "chat.postMessage", "thread", True),
    ("close", "chat.update", "staff", False),
]


@pytest.mark.parametrize(("step", "method", "place", "taken"), KILLS, ids=["-".join(map(str, kill)) for kill in KILLS])
def test_a_bot_that_is_killed_as_it_tells_slack_leaves_nothing_undone_and_nothing_twice(
    shift: Shift, step: str, method: str, place: str | None, taken: bool
) -> None:
    walk = Walk(shift)
    for earlier in walk.steps[: walk.steps.index(step)]:
        walk.do(earlier)
        walk.finish(earlier)
    channel = {"staff": STAFF_CHANNEL, "thread": walk.channel, None: None}[place]
    shift.office.workspace.at_next(method, shift.kill, channel=channel, taken=taken)
    walk.do(step)
    shift.wait_killed()
    shift.again()
    with explained(shift.process):
        walk.finish(step)
        following = walk.steps[walk.steps.index(step) + 1 :]
        if following:
            walk.finish_from(following[0])
        else:
            assert walk.case.steps == ["asked", "claimed", "reply", "resolved"]


@pytest.mark.parametrize("step", ["question", "ask", "claim", "send", "close"])
def test_a_bot_that_is_killed_right_after_it_heard_leaves_nothing_half_done(shift: Shift, step: str) -> None:
    """Whether or not it came so far as to note it: who saw nothing come of a click clicks again."""
    walk = Walk(shift)
    workspace = walk.workspace
    for earlier in walk.steps[: walk.steps.index(step)]:
        walk.do(earlier)
        walk.finish(earlier)
    done = walk.do(step)
    if done is None:
        events = workspace.events(walk.ts)
        workspace.wait_for(lambda: all(d.acked for e in events for d in workspace.deliveries(e.event_id)))
    else:
        done.wait_ack()
    shift.kill()
    shift.again()
    with explained(shift.process):
        if step != "question":  # nobody asks twice, of a bot that is silent
            walk.repeat_if_lost(step)
        walk.finish(step)
        following = walk.steps[walk.steps.index(step) + 1 :]
        if following:
            walk.finish_from(following[0])


def test_a_question_is_not_lost_with_a_bot_that_heard_it_and_could_not_note_it_yet(shift: Shift) -> None:
    """The database is busy for a moment, and in that moment the bot is killed."""
    walk = Walk(shift)
    busy = sqlite3.connect(walk.office.database, timeout=10, isolation_level=None)
    busy.execute("BEGIN IMMEDIATE")
    walk.do("question")

    def sent() -> list[bool]:
        events = walk.workspace.events(walk.ts)
        return [delivery.sent for event in events for delivery in walk.workspace.deliveries(event.event_id)]

    walk.workspace.wait_for(lambda: all(sent()), what="both its events to be sent")
    time.sleep(0.5)
    shift.kill()
    busy.execute("ROLLBACK")
    busy.close()
    shift.again()
    with explained(shift.process):
        walk.finish("question")


def test_what_waits_too_long_is_reminded_of_once(shift: Shift) -> None:
    walk = Walk(shift)
    for step in ("question", "ask", "claim"):
        walk.do(step)
        walk.finish(step)
    with walk.record.database.session() as session:
        waits = update(HandoverRow).where(HandoverRow.enquiry_id == walk.id)
        session.execute(waits.values(since=now() - timedelta(days=30)))

    def reminders() -> list[Message]:
        found = [m for m in walk.workspace.messages(STAFF_CHANNEL) if m.metadata]
        payloads = [(m, m.metadata["event_payload"]) for m in found if m.metadata]
        return [m for m, p in payloads if p.get("enquiry") == walk.id and p["message"].startswith("reminder")]

    for _ in range(2):
        shift.process.stop()
        shift.again()
        (reminder,) = walk.workspace.wait_for(reminders, what="a reminder")
        walk.workspace.settle()
        assert reminders() == [reminder]
    assert UNKNOWN in reminder.shown
    assert "open_card" in reminder.action_ids
    assert pings(reminder) == []
    assert walk.workspace.click("open_card", MORI, reminder).wait_ack() == {}


# Several bots


def test_a_bot_that_slept_does_not_post_what_another_has_posted_meanwhile(office: Office, place: str) -> None:
    """As a virtual machine that is halted for a minute: it wakes with a note in hand that is no longer its own."""
    workspace, sleeper = office.workspace, office.bot.process
    workspace.settle()
    reply = office.ask(place, UNKNOWN, "U66")
    workspace.at_next("users.info", lambda: sleeper.send_signal(signal.SIGSTOP), taken=True)
    workspace.click("ask_staff", "U66", reply)
    try:
        case = Case(workspace, office.record, enquiry_of(reply))
        workspace.wait_for(lambda: [c for c in workspace.calls("users.info") if c.injected], what="its last call")
        other = office.start(workspace)
        lapse(office.record)
        with explained(other):
            workspace.wait_for(lambda: case.cards, what="the card of another bot")
            case.settled()
    finally:
        sleeper.send_signal(signal.SIGCONT)
    time.sleep(1.5)
    workspace.settle()
    other.stop()
    case.check()
    assert case.steps == ["asked"]
