"""The bot as a process: its start, its end, and two at once."""

import ctypes
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.conftest import Command
from tests.slack.conftest import CHANNEL, BotProcess, StartBot, explained, tokens
from tests.slack.test_bot import ENGLISH
from tests.slack.workspace import Workspace


def replies(workspace: Workspace, ts: str) -> int:
    return len([m for m in workspace.messages(CHANNEL, ts) if m.from_bot])


# Its start


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"SLACK_BOT_TOKEN": ""}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        ({"SLACK_BOT_TOKEN": "xoxb-secret"}, ["SLACK_APP_TOKEN"]),
        (
            {"SLACK_BOT_TOKEN": "xapp-secret", "SLACK_APP_TOKEN": "secret", "SLACK_API_URL": "slack"},
            ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL"],
        ),
    ],
    ids=["neither", "no app token", "all malformed"],
)
def test_tokens_that_are_missing_or_malformed_are_named_and_not_shown(
    command: Command, given: dict[str, str], missing: list[str]
) -> None:
    done = command(env=given)
    assert done.returncode == 2
    assert done.stdout == ""
    assert [name for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL") if name in done.stderr] == missing
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_token_that_slack_refuses_is_named_and_not_shown(workspace: Workspace, command: Command, name: str) -> None:
    wrong = {"SLACK_BOT_TOKEN": "xoxb-not-this-secret", "SLACK_APP_TOKEN": "xapp-not-this-secret"}[name]
    done = command(env={**tokens(workspace), name: wrong})
    assert done.returncode == 2
    (error,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert name in error
    assert "invalid_auth" in done.stderr
    assert "secret" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert workspace.connections == 0


def test_a_slack_that_cannot_be_reached_is_named(workspace: Workspace, command: Command) -> None:
    settings = tokens(workspace)
    workspace.stop()
    done = command(env=settings)
    assert done.returncode == 1
    assert f"{settings['SLACK_API_URL']} cannot be reached" in done.stderr
    assert "TOKEN" not in done.stderr
    assert "Traceback" not in done.stderr
    assert workspace.bot_token not in done.stderr


# Its end


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_was_accepted_is_answered_before_it_ends(
    workspace: Workspace, bot: BotProcess, number: signal.Signals
) -> None:
    workspace.slow("chat.postMessage", 0.25)
    asked = [workspace.mention(CHANNEL, f"U{n}", ENGLISH) for n in range(20)]
    command = workspace.command("/declaration", ENGLISH, "U1", CHANNEL)
    command.wait_ack()
    sent = [event.event_id for ts in asked for event in workspace.events(ts)]
    workspace.wait_for(lambda: all(d.acked for event in sent for d in workspace.deliveries(event)))
    assert sum(replies(workspace, ts) for ts in asked) < 20
    start = time.monotonic()
    with explained(bot):
        assert bot.stop(number) == 0
    assert time.monotonic() - start < 6
    assert [replies(workspace, ts) for ts in asked] == [1] * 20
    assert len(command.replies) == 1
    assert workspace.connections == 0
    assert "Traceback" not in bot.log()


@pytest.mark.skipif(sys.platform != "linux", reason="a signal to one thread of another process is Linux's")
def test_a_signal_that_another_thread_receives_ends_it_too(workspace: Workspace, bot: BotProcess) -> None:
    """The kernel may hand a signal to any thread, or to the main one just before it goes to sleep: no matter."""
    main = bot.process.pid
    other = next(thread.id for thread in psutil.Process(main).threads() if thread.id != main)
    assert ctypes.CDLL(None).tgkill(main, other, signal.SIGTERM) == 0
    with explained(bot):
        assert bot.process.wait(5) == 0


def test_an_idle_bot_ends_at_once_and_an_untroubled_day_logs_no_warning(workspace: Workspace, bot: BotProcess) -> None:
    ts = workspace.mention(CHANNEL, "U1", ENGLISH)
    workspace.wait_for_reply(CHANNEL, ts)
    workspace.settle(0.3)
    start = time.monotonic()
    assert bot.stop() == 0
    assert time.monotonic() - start < 3
    log = bot.log()
    assert "stopped" in log
    assert [line for line in log.splitlines() if " WARNING " in line or " ERROR " in line or " CRITICAL " in line] == []


# Several bots


def test_two_bots_on_one_database_answer_each_question_once(workspace: Workspace, start_bot: StartBot) -> None:
    first, second = start_bot(workspace), start_bot(workspace)
    with ThreadPoolExecutor(10) as people:
        asked = list(people.map(lambda n: workspace.mention(CHANNEL, f"U{n}", ENGLISH), range(30)))
    with explained(first), explained(second):
        for ts in asked:
            workspace.wait_for_reply(CHANNEL, ts, timeout=20)
        for event in workspace.events(asked[0]) + workspace.events(asked[1]):
            workspace.redeliver(event.event_id)
        workspace.settle(0.4)
    assert [replies(workspace, ts) for ts in asked] == [1] * 30
    assert workspace.unacknowledged == []
    assert workspace.refusals == []

    first.process.kill()
    workspace.wait_for(lambda: workspace.connections == 1)
    (reply,) = workspace.wait_for_reply(CHANNEL, asked[0])
    (thanked,) = workspace.click("answer_feedback", "U1", reply, "positive").wait_replies()  # whoever answered then
    assert "Thank you" in thanked.shown
    workspace.say(CHANNEL, "U1", "What is CityNet?", thread_ts=asked[0])
    workspace.wait_for_reply(CHANNEL, asked[0], count=2)
