"""Review before sending: a reply waits until somebody of the staff sends, edits or rejects it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.audit import Audit
from assistant.enquiries import HELD, REPLIED
from assistant.handover import State
from assistant.review import Reviews
from tests.conftest import Small
from tests.slack.conftest import CHANNEL, Office, explained, opened_office, quotes
from tests.slack.limits import walk
from tests.slack.staff import BOSS, MORI, SATO, SETTINGS, STAFF_CHANNEL, Case, furnish, lapse, staffed
from tests.slack.test_bot import ENGLISH, JAPANESE
from tests.slack.test_channels import SILENT, UNKNOWN, said_by_bot, set_up
from tests.slack.workspace import Message, View

QUESTIONS = pytest.mark.parametrize("question", [ENGLISH, JAPANESE], ids=["English", "Japanese"])
AT_ONCE = 10


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture(scope="module", autouse=True)
def staff_room(office: Office) -> Iterator[None]:
    with staffed(office):
        yield


@pytest.fixture
def reviewed(office: Office, channel: str) -> str:
    """A channel in which every reply is reviewed."""
    set_up(office.workspace, channel, review="1.0")
    return channel


def held(office: Office, channel: str, question: str, user: str = "U1") -> Case:
    """Ask something, and see that a person looks at the reply first."""
    office.ask(channel, question, user)
    return latest(office, channel)


def latest(office: Office, channel: str) -> Case:
    with explained(office.bot):
        rows = office.workspace.wait_for(lambda: office.rows(channel), what="an enquiry on record")
        return Case(office.workspace, office.record, rows[-1].id).settled()


def answer(office: Office, case: Case) -> Message:
    """The desk's reply, which is there once, in its thread or, if it is private, directly; a click that is acknowledged
    may still be at work."""
    row = case.enquiry
    place = (f"D{row.user}",) if row.private else (row.channel, row.thread)

    def replies() -> list[Message]:
        return [message for message in office.workspace.messages(*place) if "answer_feedback" in message.action_ids]

    (found,) = office.workspace.wait_for(replies, what=f"the reply to {case.id}")
    return found


def form(office: Office, case: Case, action: str, user: str) -> View:
    """Press a button that opens a form, and see it."""
    before = office.workspace.modal(user)
    case.click(action, user)
    return opened(office, user, before)


def opened(office: Office, user: str, before: View | None) -> View:
    """The form that somebody has open, when it is another than before."""

    def another() -> View | None:
        modal = office.workspace.modal(user)
        return modal if modal and (before is None or modal.id != before.id) else None

    return office.workspace.wait_for(another, what=f"a form for {user}")


def logged(office: Office) -> tuple[str, str, str]:
    (row,) = Audit(office.record.database).latest(1)
    return row.user, row.action, row.subject


# Held


@QUESTIONS
def test_the_asker_is_told_that_a_person_looks_first_and_staff_see_what_would_be_sent(
    office: Office, reviewed: str, question: str
) -> None:
    case = held(office, reviewed, question)
    assert (case.state, case.steps) == (State.HELD, ["held"])
    (told,) = case.said
    assert said_by_bot(office, reviewed) == [told]
    assert "\n" not in told.shown
    assert told.action_ids == []
    row = case.enquiry
    assert (row.status, row.reply) == (HELD, None)
    review = Reviews(office.record.database, case.handovers).get(case.id)
    assert review is not None
    assert review.reply.text in case.card.shown
    quoted = [citation.quote for citation in review.reply.citations if citation.kind != "faq"]
    assert quoted
    assert quotes(case.card) == [question, *quoted]
    assert f"{row.confidence:.2f}" in case.card.shown
    assert question in case.card.text


def test_only_replies_under_the_confidence_wait_and_help_never_does(office: Office, channel: str) -> None:
    set_up(office.workspace, channel, review="0.9")
    sure, help_, unsure = "What is CityNet?", "hello", "What do cities exchange about plastic and food?"
    assert quotes(office.ask(channel, sure))
    assert "answer_feedback" in office.ask(channel, help_).action_ids
    case = held(office, channel, unsure)
    assert case.state == State.HELD
    confidences = {row.question: row.confidence or 0.0 for row in office.rows(channel)}
    assert confidences[unsure] < 0.9 <= confidences[sure]
    set_up(office.workspace, channel, review="1.0")
    assert "answer_feedback" in office.ask(channel, help_).action_ids
    assert held(office, channel, sure).state == State.HELD


# Sent


@QUESTIONS
def test_what_is_sent_is_what_the_desk_would_have_said_and_who_has_checked_it(
    office: Office, reviewed: str, question: str
) -> None:
    plain = office.ask(office.workspace.add_channel(f"{reviewed}PLAIN"), question)
    case = held(office, reviewed, question)
    case.press("reply_send", SATO)
    sent = answer(office, case)
    lines = sent.shown.splitlines()
    assert [line for line in plain.shown.splitlines() if line not in lines] == []
    assert quotes(sent) == quotes(plain)
    assert any("Sato" in line for line in lines)
    assert sent.action_ids == plain.action_ids
    assert sent.thread_ts == case.enquiry.thread
    row = case.enquiry
    assert (case.state, row.status, row.approved_by) == (State.SENT, REPLIED, SATO)
    assert row.reply is not None
    assert row.reply["text"] in sent.shown
    assert "Sato" in case.card.shown.splitlines()[0]
    assert logged(office) == (SATO, "send_reply", case.id)
    assert case.steps == ["held"]
    (thanks,) = office.workspace.click("answer_feedback", "U1", sent, "positive").wait_replies()
    assert thanks.ephemeral_to == "U1"
    (context,) = office.workspace.click("show_context", "U1", sent).wait_replies()
    assert quotes(context)


@QUESTIONS
def test_an_edited_reply_keeps_its_quotations(office: Office, reviewed: str, question: str) -> None:
    case = held(office, reviewed, question)
    edit = form(office, case, "reply_edit", MORI)
    before = quotes(case.card)[1:]
    assert question in edit.shown
    assert all(quote in edit.shown for quote in before)
    text = "横浜市です。" if question == JAPANESE else "It was Yokohama & <nobody> else."
    assert office.workspace.submit_view(edit, MORI, {"reply_text": text}).wait_ack() == {}
    case.settled()
    sent = answer(office, case)
    assert text in sent.shown
    assert quotes(sent) == before
    row = case.enquiry
    assert row.reply is not None
    assert (row.reply["text"], row.approved_by, row.status) == (text, MORI, REPLIED)
    assert [c["quote"] for c in row.reply["citations"] if c["kind"] != "faq"] == before
    assert text in case.card.shown
    assert logged(office) == (MORI, "edit_reply", case.id)


def test_a_form_that_nobody_changed_sends_the_reply_as_it_is(office: Office, reviewed: str) -> None:
    case = held(office, reviewed, SILENT)
    assert office.workspace.submit_view(form(office, case, "reply_edit", BOSS), BOSS, {}).wait_ack() == {}
    case.settled()
    assert answer(office, case).action_ids[0] == "ask_staff"
    assert logged(office) == (BOSS, "send_reply", case.id)


def test_an_empty_reply_is_not_sent(office: Office, reviewed: str) -> None:
    case = held(office, reviewed, ENGLISH)
    edit = form(office, case, "reply_edit", MORI)
    assert list(office.workspace.submit_view(edit, MORI, {"reply_text": "  "}).wait_ack()["errors"]) == ["reply_text"]
    assert case.settled().state == State.HELD


# Rejected


@QUESTIONS
def test_a_rejected_reply_goes_to_a_person_with_the_note_on_the_card(
    office: Office, reviewed: str, question: str
) -> None:
    case = held(office, reviewed, question)
    note = "It is about another city. <!channel>"
    reject = form(office, case, "reply_reject", SATO)
    assert office.workspace.submit_view(reject, SATO, {"reply_note": note}).wait_ack() == {}
    case.settled()
    assert (case.state, case.handover.holder, case.steps) == (State.OPEN, None, ["held", "asked"])
    assert f"Sato rejected the desk's reply: {note}" in case.card.shown
    assert [m for m in said_by_bot(office, reviewed) if "answer_feedback" in m.action_ids] == []
    assert logged(office) == (SATO, "reject_reply", case.id)
    assert Audit(office.record.database).latest(1)[0].detail == note

    case.reply(MORI, "It was Yokohama.").settled()
    assert (case.state, case.steps) == (State.REPLIED, ["held", "asked", "claimed", "reply"])
    assert note in case.card.shown
    assert case.enquiry.reply is None, "the asker never got the desk's"


# Who decides


def test_who_comes_too_late_is_told_who_decided(office: Office, reviewed: str) -> None:
    case = held(office, reviewed, ENGLISH)
    card = case.card
    edit, reject = form(office, case, "reply_edit", MORI), form(office, case, "reply_reject", BOSS)
    case.press("reply_send", SATO, card)
    for action in ("reply_send", "reply_edit", "reply_reject"):
        assert "Sato has sent" in case.refused(action, MORI, card)
    for view, user, field in ((edit, MORI, "reply_text"), (reject, BOSS, "reply_note")):
        answered = office.workspace.submit_view(view, user, {field: "Something else."}).wait_ack()
        assert "Sato has sent" in answered["errors"][field]
    assert answer(office, case.settled())

    other = held(office, reviewed, SILENT)
    card, edit = other.card, form(office, other, "reply_edit", MORI)
    view = form(office, other, "reply_reject", SATO)
    office.workspace.submit_view(view, SATO, {"reply_note": "No."}).wait_ack()
    other.settled()
    assert "Sato has rejected" in other.refused("reply_send", MORI, card)
    answered = office.workspace.submit_view(edit, MORI, {"reply_text": "Yes."}).wait_ack()
    assert "Sato has rejected" in answered["errors"]["reply_text"]
    assert other.settled().state == State.OPEN


@pytest.mark.parametrize("user", ["U5", "U1"], ids=["a stranger", "the asker"])
def test_only_staff_decide(office: Office, reviewed: str, user: str) -> None:
    case = held(office, reviewed, ENGLISH)
    for action in ("reply_send", "reply_edit", "reply_reject"):
        assert "DESK_STAFF" in case.refused(action, user)
    assert office.workspace.modal(user) is None
    assert case.settled().state == State.HELD


def test_of_two_who_click_at_the_same_moment_in_two_bots_one_decides(office: Office, reviewed: str) -> None:
    workspace = office.workspace
    with explained(office.bot):
        second = office.start(workspace)
    cases = [held(office, reviewed, ENGLISH) for _ in range(AT_ONCE)]
    clicks = [(case, case.card, user) for case in cases for user in (SATO, MORI)]
    with ThreadPoolExecutor(len(clicks)) as hands:
        done = list(hands.map(lambda click: click[0].click("reply_send", click[2], click[1]), clicks))
    for number, case in enumerate(cases):
        assert answer(office, case).thread_ts == case.enquiry.thread
        case.settled()
        approved = case.enquiry.approved_by
        assert approved in (SATO, MORI)
        told = [told for click in done[2 * number : 2 * number + 2] for told in click.replies]
        assert len(told) <= 1
        assert all("has sent" in each.shown and each.ephemeral_to != approved for each in told)
    actions = [(row.action, row.subject) for row in Audit(office.record.database).latest(AT_ONCE)]
    assert sorted(actions) == sorted(("send_reply", case.id) for case in cases)
    second.process.terminate()
    assert second.process.wait(20) == 0
    workspace.wait_connected(count=1)


# Where it may not be seen, and what comes after


@QUESTIONS
def test_a_private_enquiry_is_reviewed_in_private(office: Office, channel: str, question: str) -> None:
    workspace, user = office.workspace, f"U3{len(question)}"
    set_up(workspace, channel, private="private", review="1.0")
    workspace.mention(channel, user, question)
    (told,) = workspace.wait_for(lambda: workspace.ephemerals(channel, user))
    assert quotes(told) == []
    case = latest(office, channel)
    assert case.steps == []
    case.press("reply_send", SATO)
    sent = answer(office, case)
    assert sent.channel == workspace.dm(user)
    assert question in sent.shown.splitlines()[0]
    assert quotes(sent)
    assert said_by_bot(office, channel) == []


def test_the_command_is_reviewed_where_its_channel_is(office: Office, reviewed: str) -> None:
    workspace = office.workspace
    (told,) = workspace.command("/declaration", ENGLISH, "U37", reviewed).wait_replies()
    assert (quotes(told), told.ephemeral_to) == ([], "U37")
    case = latest(office, reviewed)
    case.press("reply_send", SATO)
    assert answer(office, case).channel == workspace.dm("U37")


def test_what_was_overheard_is_reviewed_too(office: Office, reviewed: str) -> None:
    set_up(office.workspace, reviewed, questions="every")
    office.workspace.say(reviewed, "U1", UNKNOWN)
    office.workspace.say(reviewed, "U1", ENGLISH)
    case = latest(office, reviewed)
    assert case.enquiry.question == ENGLISH
    case.press("reply_send", MORI)
    assert answer(office, case).thread_ts == case.enquiry.ts


def test_who_is_not_content_with_a_reviewed_reply_gets_a_person(office: Office, reviewed: str) -> None:
    case = held(office, reviewed, SILENT)
    case.press("reply_send", SATO)
    office.workspace.click("ask_staff", "U1", answer(office, case)).wait_ack()
    office.workspace.wait_for(lambda: case.state == State.OPEN, what="the enquiry to be handed over")
    case.settled()
    assert case.steps == ["held", "asked"]
    case.reply(MORI, "There is none.").settled()
    assert case.steps == ["held", "asked", "claimed", "reply"]


def test_staff_find_it_in_their_home_and_review_it_there(office: Office, reviewed: str) -> None:
    workspace = office.workspace
    case = held(office, reviewed, "What is CityNet?", "U38")

    def home(*, listed: bool) -> View | None:
        view = workspace.home(SATO)
        return view if view and (case.id in view.shown) is listed else None

    workspace.open_home(SATO)
    shown = workspace.wait_for(lambda: home(listed=True), what="the reply in the queue")
    assert [part for part in walk(shown.blocks) if part.get("action_id") == "reply_send"] == [], "it is not shown whole"
    before = workspace.modal(SATO)
    workspace.click("reply_edit", SATO, shown, case.id).wait_ack()
    edit = opened(office, SATO, before)
    workspace.settle()  # the click shows the Home anew, as it is before the form is sent
    assert workspace.submit_view(edit, SATO, {}).wait_ack() == {}
    case.settled()
    assert answer(office, case)
    workspace.wait_for(lambda: home(listed=False), what="a queue without it")


def test_a_reply_that_quotes_what_is_gone_is_not_sent(office: Office, reviewed: str) -> None:
    """As after a rollback, or when a document was retired meanwhile."""
    case = held(office, reviewed, ENGLISH)
    reviews = Reviews(office.record.database, case.handovers)
    review = reviews.get(case.id)
    assert review is not None
    gone = [{**citation, "quote": "Nobody has signed."} for citation in review.content["citations"]]
    with office.record.database.session() as session:
        review.content = {**review.content, "citations": gone}
        session.merge(review)
    assert "no longer in the index" in case.refused("reply_send", SATO)
    edit = form(office, case, "reply_edit", SATO)
    answered = office.workspace.submit_view(edit, SATO, {"reply_text": "Nobody."}).wait_ack()
    assert "no longer in the index" in answered["errors"]["reply_text"]
    assert case.settled().state == State.HELD


# Faults


@pytest.mark.parametrize("moment", ["held", "answer"])
@pytest.mark.parametrize("taken", [False, True], ids=["before", "after"])
def test_a_bot_that_is_killed_as_it_speaks_leaves_nothing_unsaid_and_nothing_said_twice(
    at_hand: Small, tmp_path: Path, moment: str, taken: bool
) -> None:
    with opened_office(at_hand, SETTINGS, tmp_path) as office:
        workspace = office.workspace
        furnish(workspace)
        set_up(workspace, CHANNEL, review="1.0")
        if moment == "answer":
            case = held(office, CHANNEL, ENGLISH)
        workspace.at_next("chat.postMessage", office.bot.process.kill, channel=CHANNEL, taken=taken)
        if moment == "answer":
            case.click("reply_send", SATO)
        else:
            workspace.mention(CHANNEL, "U1", ENGLISH)
        office.bot.process.wait(10)
        lapse(office.record)
        office.start(workspace)
        case = latest(office, CHANNEL)
        assert case.steps == ["held"]
        if moment == "answer":
            assert answer(office, case).thread_ts == case.enquiry.thread
            assert case.enquiry.approved_by == SATO
        else:
            assert case.press("reply_send", MORI).state == State.SENT


def test_a_staff_channel_that_is_shut_delays_the_card_only(office: Office, channel: str) -> None:
    workspace = office.workspace
    set_up(workspace, channel, review="1.0")
    workspace.fail_next("chat.postMessage", status=200, error="not_in_channel", channel=STAFF_CHANNEL)
    told = office.ask(channel, JAPANESE)
    assert quotes(told) == []
    case = latest(office, channel)
    assert case.state == State.HELD
    assert case.steps == ["held"]
