"""The bot under strain: its connection dropped, renewed or refused, many people at once, and what it costs."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tests.conftest import DOCUMENTS, Small
from tests.slack.conftest import Office, quotes
from tests.slack.test_bot import ENGLISH, JAPANESE

BACK = 5.0
"""Seconds within which a bot answers again after its socket has dropped."""
MEGABYTE = 2**20


@pytest.fixture(scope="session")
def at_hand(built: Path) -> Small:
    """All that is shipped, for a bot costs no less."""
    return Small(DOCUMENTS, built)


def waited(office: Office, channel: str, question: str = ENGLISH) -> float:
    """Seconds from a question to its one reply."""
    start = time.monotonic()
    ts = office.workspace.mention(channel, "U1", question)
    office.workspace.wait_for_reply(channel, ts, timeout=15)
    took = time.monotonic() - start
    office.workspace.settle(0.3)
    assert len(office.replies(channel, ts)) == 1
    return took


def test_a_dropped_socket_is_replaced_within_seconds_at_no_cost(office: Office, channel: str) -> None:
    process = psutil.Process(office.bot.process.pid)
    opened, before = office.workspace.connections_opened, process.cpu_times()
    office.workspace.drop_socket()
    assert waited(office, channel) < BACK
    after = process.cpu_times()
    assert office.workspace.connections_opened > opened
    assert (after.user + after.system) - (before.user + before.system) < 1.5


def test_a_socket_may_drop_time_and_again(office: Office, channel: str) -> None:
    for _ in range(3):
        office.workspace.drop_socket()
        assert waited(office, channel) < BACK


def test_of_five_hundred_questions_around_a_dropped_socket_none_is_lost_and_none_answered_twice(
    office: Office, channel: str
) -> None:
    """Fifty people at once, ten questions each."""
    workspace = office.workspace
    workspace.retry_delay = 1.0  # what was not acknowledged comes again

    def ask(person: int) -> list[str]:
        return [workspace.mention(channel, f"U{person}", (ENGLISH, JAPANESE)[n % 2]) for n in range(10)]

    try:
        with ThreadPoolExecutor(50) as people:
            asking = [people.submit(ask, person) for person in range(50)]
            workspace.wait_for(lambda: any(m.from_bot for m in workspace.messages(channel)))
            workspace.drop_socket()
            asked = [ts for each in asking for ts in each.result()]
        for ts in asked:
            workspace.wait_for_reply(channel, ts, timeout=120)
        workspace.settle(1.2)
    finally:
        workspace.retry_delay = 3.0
    assert [len(office.replies(channel, ts)) for ts in asked] == [1] * 500
    assert len(office.rows(channel)) == 500


def test_slacks_request_to_reconnect_is_followed(office: Office, channel: str) -> None:
    opened = office.workspace.connections_opened
    office.workspace.disconnect(grace=1.0)
    assert waited(office, channel) < BACK
    assert office.workspace.connections_opened > opened


def test_what_was_sent_just_before_a_request_to_reconnect_is_still_acknowledged(office: Office, channel: str) -> None:
    """Slack keeps the old connection open for a while; a click on its way would else show an error to the person."""
    workspace = office.workspace
    office.ask(channel, ENGLISH)
    commands = [workspace.command("/declaration", "status", f"U5{n}", channel) for n in range(40)]
    workspace.disconnect(grace=1.0)
    for command in commands:
        command.wait_ack()
        command.wait_replies()
    assert waited(office, channel) < BACK


def test_a_slack_that_refuses_new_connections_for_a_while_is_asked_again(office: Office, channel: str) -> None:
    office.workspace.fail_next("apps.connections.open", status=500, error="internal_error", times=4)
    office.workspace.drop_socket()
    assert waited(office, channel) < 15


def test_everything_goes_to_the_api_that_is_set(office: Office, channel: str) -> None:
    """All calls arrive at the stand-in, and the bot has no connection to anywhere else."""
    workspace = office.workspace
    reply = office.ask(channel, ENGLISH)
    workspace.click("show_context", "U1", reply).wait_replies()
    workspace.open_home("U1")
    workspace.open_home("U1", "messages")
    workspace.wait_for(lambda: workspace.home("U1") and workspace.prompts)
    assert quotes(reply)
    methods = {call.method for call in workspace.calls()}
    methods -= {"response_url"}
    assert methods == {
        "apps.connections.open",
        "assistant.threads.setStatus",
        "assistant.threads.setSuggestedPrompts",
        "auth.test",
        "chat.postMessage",
        "views.publish",
    }
    connections = psutil.Process(office.bot.process.pid).net_connections("inet")
    remote = {(c.raddr.ip, c.raddr.port) for c in connections if c.raddr}
    assert remote == {("127.0.0.1", urlsplit(workspace.origin).port)}
    assert [c for c in connections if c.status == psutil.CONN_LISTEN] == []


# Many people, and what it costs


def test_fifty_people_at_once_are_acknowledged_at_once_and_answered_once(office: Office, channel: str) -> None:
    workspace = office.workspace
    reply = office.ask(channel, ENGLISH)
    acknowledged = len(workspace.acks)
    workspace.slow("chat.postMessage", 0.1)
    try:
        with ThreadPoolExecutor(25) as people:
            ask = lambda n: workspace.mention(channel, f"U{n}", (ENGLISH, JAPANESE)[n % 2])  # noqa: E731
            asked = list(people.map(ask, range(50)))
        clicks = [workspace.click("answer_feedback", f"U{n}", reply, "positive") for n in range(5)]
        command = workspace.command("/declaration", "status", "U1", channel)
        for interaction in (*clicks, command):
            interaction.wait_ack()
            interaction.wait_replies(timeout=2)
        for ts in asked:
            workspace.wait_for_reply(channel, ts, timeout=20)
    finally:
        workspace.slow("chat.postMessage", 0)
    workspace.settle(0.3)
    assert [len(office.replies(channel, ts)) for ts in asked] == [1] * 50
    assert len(office.rows(channel)) == 51
    assert max(ack.seconds for ack in workspace.acks[acknowledged:]) < 3, "as long as Slack waits"
    assert {ack.kind for ack in workspace.acks[acknowledged:]} == {"events_api", "interactive", "slash_commands"}


def test_a_running_bot_stays_under_330_megabytes(office: Office, channel: str) -> None:
    for question in (ENGLISH, JAPANESE, "How do I bake bread?", "x" * 2000):
        office.ask(channel, question)
    process = psutil.Process(office.bot.process.pid)
    assert process.memory_info().rss < 330 * MEGABYTE  # 290 MB after the crowd, some 270 before it
    assert process.children() == []


def test_the_log_holds_no_token(office: Office, channel: str) -> None:
    workspace = office.workspace
    office.ask(channel, ENGLISH)
    workspace.fail_next("chat.postMessage", status=200, error="invalid_auth")
    ts = workspace.mention(channel, "U1", ENGLISH)
    workspace.wait_for(lambda: [c for c in workspace.calls("chat.postMessage") if c.args["thread_ts"] == ts])
    workspace.drop_socket()
    assert quotes(office.ask(channel, "What is CityNet?"))
    log = office.bot.log()
    assert "invalid_auth" in log
    assert workspace.bot_token not in log
    assert workspace.app_token not in log
    assert "ticket=" not in log
