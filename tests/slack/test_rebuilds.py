"""Builds ordered in Slack: one for all that waits, whatever becomes of what follows on them, and of the bot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest
from slack_sdk import WebClient

from assistant.audit import Audit
from assistant.database import Database, open_database
from assistant.orders import Order, Orders, Place
from assistant.settings import Settings
from assistant.slack.mail import Letter, Mail
from assistant.slack.staff.rebuilds import Rebuilds, Report
from corpus.progress import Stage
from tests.corpus.samples import write_corpus
from tests.slack.conftest import CHANNEL
from tests.slack.reports import generation_in, is_report
from tests.slack.workspace import Workspace


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None, desk_corpus_dir=write_corpus(tmp_path / "documents"), desk_data_dir=tmp_path / "data"
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    made = open_database(settings.database_url)
    yield made
    made.close()


def rebuilds_of(settings: Settings, database: Database, client: WebClient | None = None) -> Rebuilds:
    return Rebuilds(client or WebClient("xoxb-nobody"), settings, Orders(database), Audit(database))


def test_what_fails_after_a_build_does_not_keep_the_next_from_being_made(
    settings: Settings, database: Database
) -> None:
    rebuilds, ended = rebuilds_of(settings, database), SimpleQueue[str]()

    def follow(order: Order) -> None:
        ended.put(order.by)
        if order.by == "U1":
            raise OSError("Slack is away")

    rebuilds.start(follow)
    try:
        rebuilds.order(Order("U1", None, ""))
        rebuilds.order(Order("U2", None, ""))
        assert [ended.get(timeout=60) for _ in range(2)] == ["U1", "U2"]
    finally:
        rebuilds.stop()
    assert Orders(database).waiting() == []


def test_what_waits_is_taken_up_by_one_build_that_is_told_everywhere(
    settings: Settings, database: Database, workspace: Workspace
) -> None:
    """What the gate may refuse apart from what is built in any case."""
    rebuilds = rebuilds_of(settings, database, WebClient(workspace.bot_token, base_url=workspace.api_url))
    threads = [workspace.say(CHANNEL, "U1", "A card") for _ in range(4)]
    for thread, force in zip(threads, (False, True, False, False), strict=True):
        rebuilds.order(Order(f"U{thread}", Place(CHANNEL, thread), "It is being indexed.", force=force))
    ended = SimpleQueue[Order]()
    rebuilds.start(ended.put)
    try:
        orders = [ended.get(timeout=60) for _ in threads]
    finally:
        rebuilds.stop()
    assert [order.force for order in orders] == [False, False, False, True]
    told = [message for thread in threads for message in workspace.messages(CHANNEL, thread) if is_report(message)]
    assert len(told) == len(threads)
    first, forced, *others = [generation_in(message) for message in told]
    assert others == [first, first] != [forced, forced]
    logged = [(row.user, row.subject) for row in reversed(Audit(database).latest(9))]
    assert logged == [(order.by, forced if order.force else first) for order in orders]


def test_what_waits_when_a_bot_stops_is_built_by_the_bot_that_starts_next(
    settings: Settings, database: Database
) -> None:
    stopped, next_one, ended = rebuilds_of(settings, database), rebuilds_of(settings, database), SimpleQueue[Order]()
    order = Order("U1", None, "A title")
    stopped.order(order)
    stopped.stop()
    assert len(Orders(database).waiting()) == 1
    next_one.start(ended.put)
    try:
        assert ended.get(timeout=60) == order
    finally:
        next_one.stop()


class Kept(Mail):
    """Letters that nobody carries away."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def post(self, channel: str, thread: str | None, letter: Letter) -> str:
        self.texts.append(letter.text)
        return "1.0"

    def change(self, channel: str, ts: str, letter: Letter) -> None:
        self.texts.append(letter.text)


def test_progress_never_runs_backwards() -> None:
    """Golden questions may be asked twice: of the generation in place, and of the new one."""
    mail = Kept()
    tell = Report(mail, Place("C1"), "Indexing.").progress("en", seconds=0)
    for stage, done in ((Stage.ENCODING, 100), (Stage.ASKING, 93), (Stage.ASKING, 91), (Stage.ASKING, 95)):
        tell(stage, done, 100)
    assert [text.split(": ")[1] for text in mail.texts[1:]] == ["100 %", "93 %", "93 %", "95 %"]
