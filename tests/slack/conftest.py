"""The bot as an operator runs it: a process of its own, over real sockets, in the stand-in workspace."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.slack.workspace import Workspace

CHANNEL = "C1"


class BotProcess:
    """A running `python run_bot.py`."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._log = process, log

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def stop(self, number: int = signal.SIGTERM, timeout: float = 20) -> int:
        """Send a signal and wait; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout)


StartBot = Callable[[Workspace], "BotProcess"]


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace() as made:
        made.add_channel(CHANNEL)
        yield made


@pytest.fixture
def start_bot(environment: dict[str, str], tmp_path: Path) -> Iterator[StartBot]:
    """Starts bots on the test's data folder and database; those still running are killed afterwards."""
    running: list[BotProcess] = []

    def start(workspace: Workspace) -> BotProcess:
        log = tmp_path / f"bot-{len(running)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "run_bot.py")],
                cwd=tmp_path,
                env={**environment, **tokens(workspace)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        bot = BotProcess(process, log)
        running.append(bot)
        with explained(bot):
            workspace.wait_connected(count=len(running))
        return bot

    yield start
    for bot in running:
        bot.process.kill()
        bot.process.wait()


@pytest.fixture
def bot(workspace: Workspace, start_bot: StartBot) -> BotProcess:
    return start_bot(workspace)


def tokens(workspace: Workspace) -> dict[str, str]:
    """The settings that lead a bot to the stand-in workspace."""
    return {
        "SLACK_API_URL": workspace.api_url,
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
    }


@contextmanager
def explained(bot: BotProcess) -> Iterator[None]:
    """Adds the bot's log to whatever fails inside."""
    try:
        yield
    except Exception as error:
        error.add_note(bot.log()[-4000:])
        raise
