"""When something goes wrong, here or at Slack: one sentence with an id, details in the log only, never silence."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.slack.conftest import Office, latin_words, quotes
from tests.slack.test_bot import ENGLISH, JAPANESE
from tests.slack.workspace import Message

ID = re.compile(r"\b[0-9a-f]{8}\b")
DETAILS = re.compile(r"Traceback|Error|Exception|sqlite|CURRENT|/|\bline \d")


def is_kind_sentence_with_id(message: Message) -> bool:
    """One line, an id to give to staff, and nothing of what went wrong inside."""
    text = message.shown
    return bool(ID.search(text)) and "\n" not in text and len(text) < 300 and not DETAILS.search(text)


# The index fails


@contextmanager
def without_index(office: Office) -> Iterator[None]:
    """The file that names the current generation cannot be read."""
    current = office.data / "index" / "CURRENT"
    aside = current.rename(current.with_name("aside"))
    current.mkdir()
    try:
        yield
    finally:
        current.rmdir()
        aside.rename(current)


@pytest.mark.parametrize("question", [ENGLISH, JAPANESE])
def test_an_internal_error_is_one_sentence_in_the_askers_language_with_an_id(
    office: Office, channel: str, question: str
) -> None:
    logged = len(office.bot.log())
    with without_index(office):
        reply = office.ask(channel, question)
        office.workspace.settle(0.3)
    assert office.replies(channel, str(reply.thread_ts)) == [reply]
    assert is_kind_sentence_with_id(reply)
    assert bool(latin_words(reply.shown)) == (question == ENGLISH)
    row = office.row(channel)
    assert ID.findall(reply.shown) == [row.id]
    assert row.status == "failed"
    log = office.bot.log()[logged:]
    assert row.id in log
    assert "CURRENT" in log
    assert "CityNet" in office.ask(channel, "What is CityNet?", thread_ts=reply.thread_ts).shown


@pytest.mark.parametrize("text", [ENGLISH, "", "status"])
def test_the_command_is_not_left_without_an_answer_by_an_internal_error(
    office: Office, channel: str, text: str
) -> None:
    with without_index(office):
        command = office.workspace.command("/declaration", text, "U1", channel)
        command.wait_ack()
        (told,) = command.wait_replies(timeout=3)
    assert is_kind_sentence_with_id(told)
    assert told.ephemeral_to == "U1"


def test_a_click_is_not_left_without_an_answer_by_an_internal_error(office: Office, channel: str) -> None:
    reply = office.ask(channel, ENGLISH)
    with without_index(office):
        click = office.workspace.click("show_context", "U2", reply)
        click.wait_ack()
        (told,) = click.wait_replies(timeout=3)
    assert is_kind_sentence_with_id(told)
    assert told.ephemeral_to == "U2"


# The record fails


@contextmanager
def database(office: Office, broken: str, mended: str) -> Iterator[None]:
    """The database as an operator would find it after an accident, and mended afterwards."""
    with sqlite3.connect(office.database, timeout=10) as connection:
        connection.executescript(broken)
    try:
        yield
    finally:
        with sqlite3.connect(office.database, timeout=10) as connection:
            connection.executescript(mended)


FULL = (
    "CREATE TRIGGER full BEFORE UPDATE ON enquiries BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END",
    "DROP TRIGGER full",
)
AWAY = ("ALTER TABLE {0} RENAME TO away", "ALTER TABLE away RENAME TO {0}")


def test_a_reply_that_cannot_be_put_on_record_is_given_once(office: Office, channel: str) -> None:
    with database(office, *FULL):
        ts = office.workspace.mention(channel, "U1", ENGLISH)
        office.workspace.wait_for_reply(channel, ts)
        office.workspace.settle(0.3)
        assert len(office.replies(channel, ts)) == 1


def test_what_cannot_be_a_question_is_told_so_though_that_cannot_be_put_on_record(office: Office, channel: str) -> None:
    with database(office, *FULL):
        ts = office.workspace.mention(channel, "U1", "")
        (reply,) = office.workspace.wait_for_reply(channel, ts, timeout=3)
        assert ENGLISH in reply.shown


@pytest.mark.parametrize("table", ["enquiries", "deliveries"])
@pytest.mark.parametrize("question", [ENGLISH, JAPANESE])
def test_a_question_is_not_met_with_silence_when_the_record_cannot_take_it(
    office: Office, channel: str, table: str, question: str
) -> None:
    with database(office, *(statement.format(table) for statement in AWAY)):
        ts = office.workspace.mention(channel, "U1", question)
        (reply,) = office.workspace.wait_for_reply(channel, ts, timeout=3)
        office.workspace.settle(0.3)
        assert office.replies(channel, ts) == [reply]
        assert quotes(reply) or is_kind_sentence_with_id(reply)
        assert bool(latin_words(reply.shown, quotes(reply))) == (question == ENGLISH)
    assert quotes(office.ask(channel, ENGLISH))


@pytest.mark.parametrize("seconds", [2, 12], ids=["a moment", "longer than anybody waits"])
def test_a_database_that_is_locked_leaves_nobody_without_a_word(office: Office, channel: str, seconds: float) -> None:
    workspace = office.workspace
    with closing(sqlite3.connect(office.database)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        ts = workspace.mention(channel, "U1", ENGLISH)
        time.sleep(seconds)
        connection.rollback()
    (reply,) = workspace.wait_for_reply(channel, ts)
    workspace.settle(0.7)
    assert office.replies(channel, ts) == [reply]
    assert quotes(reply) or is_kind_sentence_with_id(reply)
    assert quotes(office.ask(channel, ENGLISH))


def test_the_command_and_the_buttons_are_not_met_with_silence_when_the_record_is_away(
    office: Office, channel: str
) -> None:
    workspace, reply = office.workspace, office.ask(channel, ENGLISH)
    with database(office, *(statement.format("enquiries") for statement in AWAY)):
        tried = [
            workspace.command("/declaration", ENGLISH, "U1", channel),
            workspace.click("answer_feedback", "U1", reply, "positive"),
            workspace.click("show_context", "U1", reply),
        ]
        for each in tried:
            each.wait_ack()
        workspace.wait_for(lambda: all(each.replies for each in tried), 3, "a word to each of the three")
        for each in tried:
            assert quotes(each.replies[0]) or is_kind_sentence_with_id(each.replies[0])


# Slack fails


def wait_replied(office: Office, channel: str) -> None:
    """Wait until the one enquiry of a channel has its reply on record: a bot may have to look whether it is there."""

    def statuses() -> list[str]:
        return [row.status for row in office.record.all() if row.channel == channel]

    office.workspace.wait_for(lambda: statuses() == ["replied"], what="the reply to be on record")


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": 1},
        {"status": 500, "garbage": True},
        {"status": 200, "error": "fatal_error"},
        {"lost": True},
        {"half": True},
    ],
    ids=["rate limit", "garbage", "fatal error", "lost answer", "half an answer"],
)
def test_a_reply_that_slack_did_not_take_at_first_is_given_once(
    office: Office, channel: str, fault: dict[str, int | str | bool]
) -> None:
    office.workspace.fail_next("chat.postMessage", **fault)  # type: ignore[arg-type]
    ts = office.workspace.mention(channel, "U1", ENGLISH)
    (reply,) = office.workspace.wait_for_reply(channel, ts)
    office.workspace.settle(0.7)
    assert office.replies(channel, ts) == [reply]
    assert quotes(reply)
    wait_replied(office, channel)


def test_a_slack_that_fails_in_every_way_in_turn_has_one_reply_in_the_end(office: Office, channel: str) -> None:
    faults: list[dict[str, int | str | bool]] = [
        {"status": 429, "retry_after": 1},
        {"status": 500, "garbage": True},
        {"status": 200, "error": "fatal_error"},
        {"lost": True},
    ]
    for fault in faults:
        office.workspace.fail_next("chat.postMessage", **fault)  # type: ignore[arg-type]
    ts = office.workspace.mention(channel, "U1", JAPANESE)
    (reply,) = office.workspace.wait_for_reply(channel, ts, timeout=60)
    wait_replied(office, channel)
    office.workspace.settle(0.7)
    assert office.replies(channel, ts) == [reply]
    assert quotes(reply)


def test_a_reply_that_slack_refuses_is_followed_by_a_sentence(office: Office, channel: str) -> None:
    office.workspace.fail_next("chat.postMessage", status=200, error="msg_blocks_too_long")
    ts = office.workspace.mention(channel, "U1", JAPANESE)
    (told,) = office.workspace.wait_for_reply(channel, ts, timeout=3)
    assert is_kind_sentence_with_id(told)
    assert not latin_words(told.shown)
    assert office.row(channel).status == "failed"
    assert "msg_blocks_too_long" in office.bot.log()


@pytest.mark.parametrize(
    "fault",
    [{"status": 429, "retry_after": 1}, {"status": 500, "error": "internal_error"}],
    ids=["rate limit", "error"],
)
def test_a_private_reply_that_slack_did_not_take_at_first_is_given_once(
    office: Office, channel: str, fault: dict[str, int | str | bool]
) -> None:
    office.workspace.fail_next("response_url", **fault)  # type: ignore[arg-type]
    command = office.workspace.command("/declaration", ENGLISH, "U1", channel)
    (reply,) = command.wait_replies(timeout=4)
    office.workspace.settle(0.7)
    assert office.workspace.ephemerals(channel, "U1") == [reply]
    assert quotes(reply)


@pytest.mark.parametrize("fault", ["lost", "half"])
def test_who_may_not_have_their_private_reply_is_told_so_and_does_not_get_it_twice(
    office: Office, channel: str, fault: str
) -> None:
    office.workspace.fail_next("response_url", **{fault: True})  # type: ignore[arg-type]
    command = office.workspace.command("/declaration", JAPANESE, "U1", channel)
    reply, told = command.wait_replies(count=2, timeout=4)
    office.workspace.settle(0.7)
    assert office.workspace.ephemerals(channel, "U1") == [reply, told]
    assert quotes(reply)
    assert is_kind_sentence_with_id(told)
    assert not latin_words(told.shown)
    assert office.row(channel).status == "failed"


def test_a_private_reply_that_slack_refuses_is_not_on_record_as_given(office: Office, channel: str) -> None:
    office.workspace.fail_next("response_url", status=404, error="expired_url")
    office.workspace.command("/declaration", ENGLISH, "U1", channel).wait_ack()
    assert office.row(channel).status == "failed"


@pytest.mark.parametrize(
    "fault",
    [{"status": 429, "retry_after": 20}, {"status": 500}, {"status": 200, "error": "missing_scope"}],
    ids=["rate limit", "error", "refused"],
)
def test_a_status_that_cannot_be_shown_holds_up_no_reply(
    office: Office, channel: str, fault: dict[str, int | str]
) -> None:
    office.workspace.fail_next("assistant.threads.setStatus", **fault)  # type: ignore[arg-type]
    ts = office.workspace.mention(channel, "U1", ENGLISH)
    (reply,) = office.workspace.wait_for_reply(channel, ts, timeout=3)
    assert quotes(reply)


def test_a_home_or_prompts_that_slack_refuses_leave_the_bot_at_work(office: Office, channel: str) -> None:
    workspace = office.workspace
    workspace.fail_next("views.publish", status=200, error="internal_error")
    workspace.fail_next("assistant.threads.setSuggestedPrompts", status=200, error="internal_error")
    events = [workspace.open_home("U33"), workspace.open_home("U33", "messages")]
    workspace.settle(0.3)
    assert all(delivery.acked for event in events for delivery in workspace.deliveries(event))
    assert quotes(office.ask(channel, ENGLISH))
    workspace.open_home("U33")
    workspace.wait_for(lambda: workspace.home("U33"))
