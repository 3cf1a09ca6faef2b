"""Over HTTP: what Slack posts is answered, what others post is not, and a load balancer learns how the bot is."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.slack.http import SLACK_PATH
from tests.conftest import Command, new_database, postgresql_in
from tests.slack.conftest import CHANNEL, BotProcess, StartBot, explained, starting, tokens
from tests.slack.test_bot import ENGLISH
from tests.slack.workspace import Workspace, signature

HOSTILE = "What is CityNet? <!channel> \u202e *bold* & <script>"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def address(port: int, path: str = SLACK_PATH) -> str:
    return f"http://127.0.0.1:{port}{path}"


@pytest.fixture
def ports() -> list[int]:
    return [free_port(), free_port()]


@pytest.fixture
def workspace(ports: list[int]) -> Iterator[Workspace]:
    """Slack with a load balancer before two bots: what is posted goes to one of them, then to the other."""
    with Workspace(request_urls=[address(port) for port in ports]) as made:
        made.add_channel(CHANNEL)
        yield made


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    return fetch(urllib.request.Request(url, body, {"Content-Type": "application/json", **headers}))


def fetch(request: urllib.request.Request | str) -> Answer:
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return Answer(answer.status, answer.read().decode())
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.read().decode())


def test_two_bots_behind_one_address_answer_each_question_once_and_stop_cleanly(
    workspace: Workspace, start_bot: StartBot, ports: list[int]
) -> None:
    bots = [start_bot(workspace, port) for port in ports]
    assert [fetch(address(port, "/healthz")).status for port in ports] == [200, 200]
    assert [fetch(address(port, "/readyz")) for port in ports] == [Answer(200, "ready\n")] * 2
    with explained(bots[0]):
        asked = [workspace.mention(CHANNEL, f"U{number}", ENGLISH) for number in range(12)]
        asked.append(workspace.mention(CHANNEL, "U99", HOSTILE))
        for ts in asked:
            workspace.wait_for_reply(CHANNEL, ts)
        command = workspace.command("/declaration", ENGLISH, "U1", CHANNEL)
        (private,) = command.wait_replies()
        workspace.click("show_context", "U1", private).wait_ack()
    workspace.settle(1)
    assert [len([m for m in workspace.messages(CHANNEL, ts) if m.from_bot]) for ts in asked] == [1] * len(asked)
    assert workspace.problems == []
    assert workspace.refusals == []
    assert max(ack.seconds for ack in workspace.acks) < 3
    assert [bot.stop(signal.SIGTERM) for bot in bots] == [0, 0]
    for bot, port in zip(bots, ports, strict=True):
        assert "Traceback" not in bot.log()
        with pytest.raises(OSError, match="refused"):
            fetch(address(port, "/healthz"))


@pytest.fixture
def bot(workspace: Workspace, start_bot: StartBot, ports: list[int]) -> BotProcess:
    return start_bot(workspace, ports[0])


def test_what_is_not_signed_by_slack_or_comes_late_is_refused(
    workspace: Workspace, bot: BotProcess, ports: list[int]
) -> None:
    workspace.request_urls.clear()  # the test is its own load balancer
    ts = workspace.mention(CHANNEL, "U1", ENGLISH)
    event = {"type": "app_mention", "user": "U1", "text": f"<@{workspace.bot_user_id}> {ENGLISH}", "ts": ts,
             "channel": CHANNEL}  # fmt: skip
    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "team_id": "T0TEAM", "event": event}).encode()
    now, url = time.time(), address(ports[0])

    def signed(secret: str, stamp: float) -> dict[str, str]:
        text = str(int(stamp))
        return {"X-Slack-Request-Timestamp": text, "X-Slack-Signature": signature(secret, text, body)}

    late, good = signed(workspace.signing_secret, now - 3600), signed(workspace.signing_secret, now)
    odd = [{**good, "X-Slack-Request-Timestamp": stamp} for stamp in ("never", "9" * 5000)]
    for headers in ({}, signed("another secret", now), late, *odd):
        assert post(url, body, headers).status == 401, headers
    assert post(url, body + b" ", good).status == 401, "changed on the way"
    time.sleep(0.5)
    assert workspace.calls("chat.postMessage") == []
    assert post(url, body, good).status == 200
    assert post(url, body, good).status == 200, "a replay is taken, and comes to nothing"
    workspace.wait_for_reply(CHANNEL, ts)
    time.sleep(1)
    assert len(workspace.wait_for_reply(CHANNEL, ts)) == 1
    assert workspace.signing_secret not in bot.log()


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"{", b"[]", b"payload=%7B", b"[" * 10**5, b"x" * 10**7],
                         ids=["empty", "no text", "cut", "a list", "half a form", "nested", "too much"])  # fmt: skip
def test_garbage_is_refused_and_the_bot_goes_on(
    workspace: Workspace, bot: BotProcess, ports: list[int], body: bytes
) -> None:
    stamp = str(int(time.time()))
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(workspace.signing_secret, stamp, body),
    }
    with contextlib.suppress(urllib.error.URLError):  # of what is too much, not all is read
        assert post(address(ports[0]), body, headers).status in {400, 401, 404, 413}
    assert "Traceback" not in bot.log()
    workspace.request_urls.pop()
    workspace.wait_for_reply(CHANNEL, workspace.mention(CHANNEL, "U1", ENGLISH))


def test_other_addresses_and_methods_have_nothing(bot: BotProcess, ports: list[int]) -> None:
    assert fetch(address(ports[0], "/")).status == 404
    assert fetch(address(ports[0], "/slack/install")).status == 404
    assert fetch(address(ports[0])).status == 404


def test_a_bot_whose_database_is_gone_says_so_and_goes_on_when_it_is_back(
    workspace: Workspace, environment: dict[str, str], tmp_path: Path, ports: list[int], postgresql_folder: Path
) -> None:
    workspace.request_urls.pop()
    data = postgresql_folder / "gone-and-back"
    server = postgresql_in(data)
    with starting({**environment, "DESK_DATABASE_URL": new_database(server.get_uri())}, tmp_path) as start:
        bot = start(workspace, ports[0])
        assert fetch(address(ports[0], "/readyz")).status == 200
        server.cleanup()
        assert fetch(address(ports[0], "/readyz")) == Answer(503, "the record's database does not answer\n")
        assert fetch(address(ports[0], "/healthz")).status == 200
        counted = fetch(address(ports[0], "/metrics"))
        assert counted.status == 200
        assert "desk_database_up 0.0" in counted.text
        assert "desk_index_age_seconds " in counted.text
        assert "desk_outbox_notes_waiting" not in counted.text, "what nobody knows is not told as nought"
        told = workspace.mention(CHANNEL, "U1", ENGLISH)
        (sorry,) = workspace.wait_for_reply(CHANNEL, told)
        assert "Yokohama" not in sorry.text
        server = postgresql_in(data)
        try:
            with explained(bot):
                assert fetch(address(ports[0], "/readyz")).status == 200
                assert "desk_database_up 1.0" in fetch(address(ports[0], "/metrics")).text
                (reply,) = workspace.wait_for_reply(CHANNEL, workspace.mention(CHANNEL, "U1", ENGLISH))
            assert "Yokohama" in reply.text
            assert bot.stop() == 0
        finally:
            server.cleanup()


def test_what_is_missing_or_taken_is_said(workspace: Workspace, command: Command) -> None:
    done = command("--http", "8080", env={"SLACK_BOT_TOKEN": "xoxb-secret"})
    assert done.returncode == 2
    assert "SLACK_SIGNING_SECRET not set" in done.stderr
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104
        taken.listen()
        done = command("--http", str(taken.getsockname()[1]), env=tokens(workspace, http=True))
    assert done.returncode == 2
    assert "cannot listen" in done.stderr
    assert command("--http", "70000").returncode == 2
    assert "starts the bot" in command("--http", "8080", "doctor").stderr
