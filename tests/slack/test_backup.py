"""A bot is backed up as it runs, and another takes its place with what is restored."""

from __future__ import annotations

import pytest

from assistant.enquiries import open_record
from assistant.handover import Handovers
from tests.conftest import Small, twin
from tests.slack.conftest import Office, starting
from tests.slack.test_bot import ENGLISH


@pytest.fixture(scope="module")
def at_hand(brief: Small) -> Small:
    return brief


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"DESK_STAFF_CHANNEL": "CSTAFF"}


def test_a_bot_goes_on_where_the_backup_of_another_left_off(office: Office, channel: str) -> None:
    office.workspace.add_channel("CSTAFF")
    reply = office.ask(channel, ENGLISH)
    office.workspace.click("ask_staff", "U1", reply).wait_ack()
    asked, handovers = office.row(channel), Handovers(office.record.database)
    office.workspace.wait_for(lambda: handovers.get(asked.id), 5, "a handover")
    archive, there = office.folder / "desk.tar.gz", office.folder / "elsewhere"
    assert "the record" in office.run("backup", str(archive))
    with pytest.raises(AssertionError, match="stop the bot"):
        office.run("restore", str(archive), "--force")
    assert "Yokohama" in office.ask(channel, ENGLISH).shown, "the bot goes on"
    assert office.bot.stop() == 0

    mine = {"DESK_DATA_DIR": str(there / "var"), "DESK_CORPUS_DIR": str(there / "documents")}
    office.run("restore", str(archive), env=mine)
    twin(office.data / "index", there / "var" / "index")  # or the start would build it, for a minute
    with starting({**office.environment, **mine}, there) as start:
        start(office.workspace)
        record = open_record(f"sqlite:///{there / 'var' / 'desk.sqlite3'}")
        (row,) = [row for row in record.all() if row.channel == channel]
        handover = Handovers(record.database).get(row.id)
        record.close()
        assert (row.id, row.question, row.outcome) == (asked.id, ENGLISH, "answered")
        assert handover is not None
        assert handover.state == "open"
        (context,) = office.workspace.click("show_context", "U1", reply).wait_replies()
        assert "Yokohama" in context.shown or "横浜" in context.shown, "the reply's buttons still act"
