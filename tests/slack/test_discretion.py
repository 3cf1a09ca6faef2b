"""The log holds what the bot does and what goes wrong, and nobody's words unless debugging is switched on."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.conftest import new_database
from tests.slack.conftest import CHANNEL, Office, starting, tokens
from tests.slack.staff import SATO, SETTINGS, furnish, open_case, staffed
from tests.slack.test_bot_failures import AWAY, FULL, database, without_index
from tests.slack.workspace import Workspace

WORD = "xylophonist"
QUESTION = f"Is there a {WORD} of the Asian Circular Cities Declaration?"
ANSWER = f"There is a {WORD} in Yokohama."


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return SETTINGS


def test_a_question_and_a_reply_of_staff_are_not_logged(office: Office, channel: str) -> None:
    with staffed(office):
        case = open_case(office, channel, QUESTION).reply(SATO, ANSWER).settled()
        office.workspace.command("/declaration", QUESTION, "U1", channel).wait_replies()
        office.workspace.command("/declaration", "settings", "U1", channel).wait_replies()
    assert WORD in case.said[-1].shown
    assert WORD not in office.bot.log()


FAILURES = {"enquiries": AWAY, "deliveries": AWAY, "channels": AWAY, "preferences": AWAY, "full": FULL}


@pytest.mark.parametrize("what", FAILURES)
def test_a_failure_of_the_database_is_logged_without_the_question(office: Office, channel: str, what: str) -> None:
    before = len(office.bot.log())
    with database(office, *(statement.format(what) for statement in FAILURES[what])):
        office.workspace.command("/declaration", QUESTION, "U1", channel).wait_replies()
        office.workspace.say(f"D{channel}", "U1", QUESTION)
        ts = office.workspace.mention(channel, "U1", QUESTION)
        office.workspace.wait_for_reply(channel, ts)
        failed = "disk is full" if what == "full" else f"no such table: {what}"
        if what != "deliveries":  # which are noted for events that nobody puts to the bot
            office.workspace.wait_for(lambda: failed in office.bot.log()[before:], 5, "the failure to be logged")
    log = office.bot.log()[before:]
    assert what == "deliveries" or "Traceback" in log
    assert WORD not in log


def test_a_failure_of_the_index_is_logged_without_the_question(office: Office, channel: str) -> None:
    before = len(office.bot.log())
    with without_index(office):
        office.ask(channel, QUESTION)
    assert "Traceback" in office.bot.log()[before:]
    assert WORD not in office.bot.log()


def test_postgresql_shows_no_row(
    workspace: Workspace, environment: dict[str, str], tmp_path: Path, postgresql: str
) -> None:
    """What it says of a row that it refuses has all that is in the row."""
    url = new_database(postgresql)
    with starting({**environment, "DESK_DATABASE_URL": url}, tmp_path) as start:
        bot = start(workspace)
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE enquiries ADD CONSTRAINT none_here CHECK (status <> 'replied')"))
        engine.dispose()
        ts = workspace.mention(CHANNEL, "U1", QUESTION)
        workspace.wait_for_reply(CHANNEL, ts)
        assert bot.stop(signal.SIGTERM) == 0
    assert 'violates check constraint "none_here"' in bot.log()
    assert WORD not in bot.log()


def test_with_debugging_words_are_logged_and_tokens_are_not(
    workspace: Workspace, environment: dict[str, str], tmp_path: Path
) -> None:
    furnish(workspace)
    with starting({**environment, "DESK_DEBUG": "1"}, tmp_path) as start:
        bot = start(workspace)
        ts = workspace.mention(CHANNEL, "U1", QUESTION)
        workspace.wait_for_reply(CHANNEL, ts)
        assert bot.stop() == 0
    assert WORD in bot.log()
    for token in tokens(workspace).values():
        assert token.startswith("http") or token not in bot.log()


def test_with_debugging_a_failure_shows_what_was_to_be_written(
    workspace: Workspace, environment: dict[str, str], tmp_path: Path
) -> None:
    with starting({**environment, "DESK_DEBUG": "1"}, tmp_path) as start:
        bot = start(workspace)
        engine = create_engine(f"sqlite:///{environment['DESK_DATA_DIR']}/desk.sqlite3")
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE enquiries RENAME TO away"))
        engine.dispose()
        ts = workspace.mention(CHANNEL, "U1", QUESTION)
        workspace.wait_for_reply(CHANNEL, ts)
        bot.stop()
    assert f"'{QUESTION}'" in bot.log()
