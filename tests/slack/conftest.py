"""The bot as an operator runs it: a process of its own, over real sockets, in the stand-in workspace."""

from __future__ import annotations

import itertools
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from assistant.enquiries import RECEIVED, EnquiryRow, Record, open_record
from tests.conftest import ROOT, Shared, Small, clean_environment, small_in, twin
from tests.slack.brief import ENTRIES, build_brief
from tests.slack.limits import Json, walk
from tests.slack.workspace import Message, Workspace, pings

CHANNEL = "C1"
WRONG_CLOCK = Path(__file__).with_name("wrong_clock.py")
_UNHURRIED = {"DESK_QUESTIONS_A_MINUTE": "100000"}
"""Tests ask more than a person would."""
_numbers = itertools.count(100)


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


class StartBot(Protocol):
    """Starts a bot in a workspace: in Socket Mode, or on a port that Slack's requests come to; its clock may be so
    many seconds ahead."""

    def __call__(self, workspace: Workspace, port: int | None = None, clock_ahead: float = 0) -> BotProcess: ...


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace() as made:
        made.add_channel(CHANNEL)
        yield made


@pytest.fixture
def start_bot(environment: dict[str, str], tmp_path: Path) -> Iterator[StartBot]:
    """Starts bots on the test's data folder and database; those still running are killed afterwards."""
    with starting(environment, tmp_path) as start:
        yield start


@pytest.fixture
def bot(workspace: Workspace, start_bot: StartBot) -> BotProcess:
    return start_bot(workspace)


@contextmanager
def starting(environment: dict[str, str], folder: Path) -> Iterator[StartBot]:
    running: list[BotProcess] = []

    def start(workspace: Workspace, port: int | None = None, clock_ahead: float = 0) -> BotProcess:
        program = [WRONG_CLOCK, str(clock_ahead)] if clock_ahead else [ROOT / "run_bot.py"]
        log, opened = folder / f"bot-{len(running)}.log", workspace.connections_opened
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, *program, *([] if port is None else ["--http", str(port)])],
                cwd=folder,
                env={**_UNHURRIED, **environment, **tokens(workspace, http=port is not None)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        bot = BotProcess(process, log)
        running.append(bot)
        with explained(bot):
            if port is None:
                workspace.wait_for(lambda: workspace.connections_opened > opened, what="the bot's connection")
            else:
                workspace.wait_for(lambda: "connected" in bot.log(), what="the bot to listen")
        return bot

    try:
        yield start
    finally:
        for bot in running:
            bot.process.kill()
            bot.process.wait()


@dataclass(frozen=True)
class Office:
    """A workspace with a bot at work in it. A module's tests share it; each speaks in a channel of its own."""

    workspace: Workspace
    bot: BotProcess
    record: Record
    folder: Path
    """Where the bot was started; `var` in it holds its data."""
    environment: dict[str, str]
    start: StartBot
    """Starts another bot on the same data."""

    @property
    def data(self) -> Path:
        return self.folder / "var"

    @property
    def database(self) -> Path:
        return self.data / "desk.sqlite3"

    def ask(self, channel: str, question: str, user: str = "U1", thread_ts: str | None = None) -> Message:
        """Mention the bot, and see its reply; returns when that is on record."""
        before = len(self.replies(channel, thread_ts)) if thread_ts else 0
        ts = self.workspace.mention(channel, user, question, thread_ts)
        with explained(self.bot):
            reply = self.workspace.wait_for_reply(channel, thread_ts or ts, before + 1)[before]
            self.rows(channel)
        return reply

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """What the bot said in a thread until now."""
        return [m for m in self.workspace.messages(channel, thread_ts) if m.from_bot and not m.deleted]

    def rows(self, channel: str) -> list[EnquiryRow]:
        """The enquiries on record for a channel, once none of them waits for its reply."""

        def found() -> list[EnquiryRow]:
            return [row for row in self.record.all() if row.channel == channel]

        self.workspace.wait_for(lambda: all(row.status != RECEIVED for row in found()), 5, "the record to be written")
        return found()

    def row(self, channel: str) -> EnquiryRow:
        """The one enquiry of a channel."""
        (row,) = self.workspace.wait_for(lambda: self.rows(channel), 5, f"an enquiry of {channel} on record")
        return row

    def run(self, *arguments: str, stdin: str = "", env: dict[str, str] | None = None) -> str:
        """Run another command on the bot's data, as an operator would beside it; returns what it prints."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "run_bot.py"), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=self.folder,
            env={**self.environment, **(env or {})},
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """What the office's bot is set to besides its tokens and folders; a module with staff says otherwise."""
    return {}


@pytest.fixture(scope="module")
def office(at_hand: Small, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One workspace and one bot for all tests of a module, on an index and a record of their own."""
    with opened_office(at_hand, settings, tmp_path_factory.mktemp("office")) as made:
        yield made


@contextmanager
def opened_office(at_hand: Small, settings: dict[str, str], folder: Path) -> Iterator[Office]:
    """An office in a folder of its own, until it is closed."""
    mine = Small(at_hand.documents, twin(at_hand.data, folder / "var"))
    environment = {**clean_environment(), **mine.settings, **settings, "PYTHONUNBUFFERED": "1"}
    with Workspace() as workspace, starting(environment, folder) as start:
        bot = start(workspace)
        record = open_record(f"sqlite:///{mine.data / 'desk.sqlite3'}")
        yield Office(workspace, bot, record, folder, environment, start)
        record.close()


@pytest.fixture(scope="session")
def brief(shared: Shared, engines: Path) -> Small:
    """A few FAQ entries in every language: it builds in seconds. To be copied, if it is to be changed."""
    return small_in(shared("brief", lambda folder: build_brief(folder, engines, entries=ENTRIES, phrasings=3)))


@pytest.fixture(scope="session")
def english(shared: Shared, engines: Path) -> Small:
    """Every FAQ entry in English: builds are tried with the English golden questions. To be copied."""
    return small_in(shared("english", lambda folder: build_brief(folder, engines, languages=("en",), phrasings=3)))


@pytest.fixture
def channel(office: Office) -> Iterator[str]:
    """A channel of the test's own. Afterwards: Slack refused nothing, and nothing that was posted here pings."""
    workspace, made = office.workspace, f"C0{next(_numbers)}"
    workspace.add_channel(made)
    refused, wrong = len(workspace.refusals), len(workspace.problems)
    yield made
    assert workspace.refusals[refused:] == []
    assert workspace.problems[wrong:] == []
    assert [ping for message in workspace.messages(made) if message.from_bot for ping in pings(message)] == []


def quotes(message: Message) -> list[str]:
    """The texts of a message's quotation blocks."""
    return ["".join(part["text"] for part in block["elements"]) for block in walk(message.blocks) if _is_quote(block)]


def latin_words(text: str, quoted: Iterable[str] = ()) -> list[str]:
    """The words in Latin letters outside quotations, ids and addresses aside: a Japanese sentence has none."""
    for quote in quoted:
        text = text.replace(quote, "")
    return re.findall(r"[A-Za-z]{4,}", re.sub(r"\b[0-9a-f]{8}\b|\S+@\S+", "", text))


def enquiry_of(message: Message) -> str:
    """The id of the enquiry that a reply's feedback buttons name."""
    (buttons,) = [part for part in walk(message.blocks) if part.get("action_id") == "answer_feedback"]
    return str(buttons["positive_button"]["value"])[1:]


def _is_quote(block: Json) -> bool:
    return block.get("type") == "rich_text_quote"


def tokens(workspace: Workspace, *, http: bool = False) -> dict[str, str]:
    """The settings that lead a bot to the stand-in workspace."""
    over = {"SLACK_SIGNING_SECRET": workspace.signing_secret} if http else {"SLACK_APP_TOKEN": workspace.app_token}
    return {"SLACK_API_URL": workspace.api_url, "SLACK_BOT_TOKEN": workspace.bot_token, **over}


@contextmanager
def explained(bot: BotProcess) -> Iterator[None]:
    """Adds the bot's log to whatever fails inside."""
    try:
        yield
    except Exception as error:
        error.add_note(bot.log()[-4000:])
        raise
