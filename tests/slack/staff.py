"""Staff at work in the stand-in workspace: an enquiry that was handed over, and whether all that shows it agrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import update

from assistant.database import now
from assistant.enquiries import EnquiryRow, Record
from assistant.handover import HandoverRow, Handovers, State
from assistant.outbox import Outbox, OutboxRow
from tests.slack.conftest import Office, enquiry_of
from tests.slack.limits import walk
from tests.slack.workspace import Interaction, Message, View, Workspace, pings

STAFF_CHANNEL = "C0STAFF"
SATO, MORI, BOSS = "U0SATO", "U0MORI", "U0BOSS"
"""Two members of staff and an admin."""
NAMES = {SATO: "Sato", MORI: "Mori", BOSS: "Boss"}
SETTINGS = {"DESK_STAFF_CHANNEL": STAFF_CHANNEL, "DESK_STAFF": f"{SATO},{MORI}", "DESK_ADMINS": BOSS}
FORM_INPUTS = ["reply_text", "reply_faq", "reply_citations"]
MOVES = {
    State.HELD: {"reply_send", "reply_edit", "reply_reject"},
    State.SENT: {"enquiry_reopen"},
    State.OPEN: {"enquiry_claim", "enquiry_reply", "enquiry_resolve"},
    State.CLAIMED: {"enquiry_reply", "enquiry_release", "enquiry_resolve"},
    State.REPLIED: {"enquiry_reply", "enquiry_resolve", "enquiry_reopen"},
    State.RESOLVED: {"enquiry_reopen"},
}
"""What a card lets staff do in each state."""
ALL_MOVES = {move for moves in MOVES.values() for move in moves}


def furnish(workspace: Workspace) -> None:
    """A staff channel with its people."""
    workspace.add_channel(STAFF_CHANNEL, "staff")
    for user, name in NAMES.items():
        workspace.add_user(user, name)
        workspace.say(STAFF_CHANNEL, user, "Good morning")


def lapse(record: Record) -> None:
    """Time goes by: whatever bots have in hand or have put off is due, and in nobody's hand."""
    with record.database.session() as session:
        session.execute(update(EnquiryRow).values(leased_until=None))
        session.execute(update(OutboxRow).where(OutboxRow.done_at.is_(None)).values(leased_until=None, due_at=now()))


def is_answer(message: Message) -> bool:
    """Whether a message is the desk's own reply to a question."""
    return message.metadata is not None and message.metadata["event_payload"].get("message") == "answer"


@contextmanager
def staffed(office: Office, *others: str, refusals: bool = False) -> Iterator[None]:
    """Staff at work in an office. Afterwards: Slack refused nothing, unless it was to, and nothing pings in the staff
    channel or in the direct messages of staff and of `others`."""
    workspace = office.workspace
    furnish(workspace)
    yield
    assert refusals or workspace.refusals == []
    assert workspace.problems == []
    places = [STAFF_CHANNEL, *(f"D{user}" for user in (*NAMES, *others))]
    said = [message for place in places for message in workspace.messages(place) if message.from_bot]
    assert [ping for message in said for ping in pings(message)] == []


@dataclass(frozen=True)
class Case:
    """An enquiry that was handed over."""

    workspace: Workspace
    record: Record
    id: str

    @property
    def enquiry(self) -> EnquiryRow:
        row = self.record.get(self.id)
        assert row is not None
        return row

    @property
    def handovers(self) -> Handovers:
        return Handovers(self.record.database)

    @property
    def handover(self) -> HandoverRow:
        row = self.handovers.get(self.id)
        assert row is not None
        return row

    @property
    def state(self) -> str:
        return self.handover.state

    @property
    def cards(self) -> list[Message]:
        return [m for m in self.workspace.messages(STAFF_CHANNEL) if not m.deleted and self._kind(m) == "card"]

    @property
    def card(self) -> Message:
        """Its card in the staff channel, which is there once."""
        (card,) = self.cards
        return card

    @property
    def said(self) -> list[Message]:
        """What the bot told the asker of it, in the thread and directly, in order; not the desk's own reply."""
        row = self.enquiry
        places = [[] if row.private else self.workspace.messages(row.channel, row.thread), *self._direct()]
        found = [m for place in places for m in place if not m.deleted and self._kind(m) not in (None, "answer")]
        return sorted(found, key=lambda message: message.ts)

    @property
    def steps(self) -> list[str]:
        """Of which steps the asker was told, in order."""
        return [str(self._kind(message)) for message in self.said]

    def settled(self, timeout: float = 30) -> Case:
        """Wait until nothing is left to be told of it; then card, thread and database must agree."""
        outbox = Outbox(self.record.database)
        self.workspace.wait_for(
            lambda: all(row.enquiry_id != self.id for row in outbox.waiting()), timeout, f"all to be told of {self.id}"
        )
        self.check()
        return self

    def check(self) -> None:
        """The card shows the state that is on record, who and since when, every reply; nothing was told twice."""
        handover, card, replies = self.handover, self.card, self.handovers.replies(self.id)
        state = State(handover.state)
        assert (handover.card_channel, handover.card_ts) == (STAFF_CHANNEL, card.ts)
        assert set(card.action_ids) & ALL_MOVES == MOVES[state]
        assert ("enquiry_save_faq" in card.action_ids) == (state in (State.REPLIED, State.RESOLVED) and bool(replies))
        dates = [part["timestamp"] for part in walk(card.blocks) if part.get("type") == "date"]
        assert dates[0] == int(handover.since.timestamp())
        who = {State.OPEN: None, State.RESOLVED: handover.resolved_by}.get(state, handover.holder)
        head = card.shown.splitlines()[0]
        assert who is None or self._name(who) in head
        assert self.enquiry.question in card.shown
        assert all(row.reply.text[:200] in card.shown for row in replies)
        marks = [str(m.metadata["event_payload"]["message"]) for m in self.said if m.metadata]
        assert len(set(marks)) == len(marks), f"told twice: {marks}"
        answers = [mark for mark in marks if mark.startswith("reply-")]
        if handover.undelivered:
            assert handover.undelivered in card.shown
        else:
            assert answers == [f"reply-{row.version}" for row in replies]
        assert [ping for message in (card, *self.said) for ping in pings(message)] == []

    def click(self, action_id: str, user: str, source: Message | None = None) -> Interaction:
        """Press a button of the card, or of another message; returns when the click is acknowledged."""
        click = self.workspace.click(action_id, user, source or self.card, self.id)
        click.wait_ack()
        return click

    def press(self, action_id: str, user: str, source: Message | None = None) -> Case:
        """Press a button that changes something; returns when everybody has been told."""
        before = self.handover.version
        self.click(action_id, user, source)
        self.workspace.wait_for(lambda: self.handover.version > before, what=f"{action_id} to change something")
        return self.settled()

    def refused(self, action_id: str, user: str, source: Message | None = None) -> str:
        """Press a button in vain; returns what that person alone is told."""
        before = self.handover
        (told,) = self.click(action_id, user, source).wait_replies()
        assert told.ephemeral_to == user
        assert pings(told) == []
        assert (self.handover.state, self.handover.version) == (before.state, before.version)
        return told.shown

    def form(self, user: str, source: Message | None = None) -> View:
        """Press "Reply", and see the form."""
        before = self.workspace.modal(user)

        def opened() -> View | None:
            modal = self.workspace.modal(user)
            return modal if modal and (before is None or modal.id != before.id) else None

        self.click("enquiry_reply", user, source)
        return self.workspace.wait_for(opened, what=f"a form for {user}")

    def reply(self, user: str, text: str | None = None, **values: str | Sequence[str]) -> Case:
        """Reply by the form, which takes it."""
        form = self.form(user)
        filled = {**({} if text is None else {"reply_text": text}), **values}
        assert "errors" not in self.workspace.submit_view(form, user, filled).wait_ack()
        return self

    def _kind(self, message: Message) -> str | None:
        """Which of an enquiry's messages it is, if it is one."""
        payload = (message.metadata or {}).get("event_payload", {})
        return str(payload["message"]).partition("-")[0] if payload.get("enquiry") == self.id else None

    def _direct(self) -> list[list[Message]]:
        channel = f"D{self.enquiry.user}"
        return [] if channel == self.enquiry.channel else [self.workspace.messages(channel)]

    def _name(self, user: str) -> str:
        return NAMES.get(user, user.lower())


def hand_over(office: Office, reply: Message, user: str = "U1") -> Case:
    """Press "Ask a person" below a reply."""
    office.workspace.click("ask_staff", user, reply).wait_ack()
    case = Case(office.workspace, office.record, enquiry_of(reply))
    office.workspace.wait_for(lambda: case.handovers.get(case.id), what="a handover")
    return case.settled()


def open_case(office: Office, channel: str, question: str, user: str = "U1") -> Case:
    """Ask something, and hand it over."""
    return hand_over(office, office.ask(channel, question, user), user)


def option_values(form: View, name: str) -> list[str]:
    """The values that a choice in a form offers."""
    elements = [part for part in walk(form.blocks) if part.get("action_id") == name]
    return [option["value"] for element in elements for option in element["options"]]
