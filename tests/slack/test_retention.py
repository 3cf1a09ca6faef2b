"""The bot lets go, by itself, of what is older than it is to be kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from assistant.audit import Audit
from assistant.database import now
from assistant.enquiries import open_record
from assistant.holdings import SOMEONE
from assistant.preferences import Preferences
from assistant.uploads import Uploads
from tests.slack.conftest import StartBot, starting
from tests.slack.workspace import Workspace

DAYS = 7
FIELDS = {"kind": "other", "title": "A letter", "language": "en", "authority": "official"}


def test_a_bot_that_starts_lets_go_of_what_is_too_old(
    workspace: Workspace, environment: dict[str, str], tmp_path: Path
) -> None:
    record = open_record(f"sqlite:///{environment['DESK_DATA_DIR']}/desk.sqlite3")
    database, ids = record.database, {}

    def put(name: str, moment: datetime) -> None:
        with time_machine.travel(moment, tick=False):
            enquiry = record.receive(channel="C1", ts=name, thread=name, user=f"U0{name.upper()}", question="?")
            assert enquiry is not None
            record.failed(enquiry, "no reply")
            Preferences(database).put(f"U0{name.upper()}", language="ja")
            Audit(database).log(f"U0{name.upper()}", "rollback", name)
            ids[name] = enquiry, Uploads(database).put(f"U0{name.upper()}", name, b"text", FIELDS).id

    put("old", now() - timedelta(days=DAYS, minutes=1))
    put("young", now() - timedelta(days=DAYS, minutes=-5))
    with starting({**environment, "DESK_RETENTION_DAYS": str(DAYS)}, tmp_path) as start:
        bot = start(workspace)
        workspace.wait_for(lambda: record.get(ids["old"][0]) is None, 10, "what is too old to go")
        assert bot.stop() == 0
    assert [row.id for row in record.all()] == [ids["young"][0]]
    assert [row.user for row in Audit(database).latest(2)] == ["U0YOUNG", SOMEONE]
    assert Preferences(database).of("U0OLD").language is None
    assert Preferences(database).of("U0YOUNG").language == "ja"
    assert Uploads(database).get(ids["old"][1]) is None, "a file that nobody has decided on goes too"
    assert Uploads(database).content(ids["young"][1]) == b"text"
    assert "Traceback" not in bot.log()
    record.close()


@pytest.mark.parametrize("days", [400, -400])
def test_a_bot_whose_clock_is_wrong_deletes_nothing(
    workspace: Workspace, start_bot: StartBot, environment: dict[str, str], days: int
) -> None:
    record = open_record(f"sqlite:///{environment['DESK_DATA_DIR']}/desk.sqlite3")
    record.receive(channel="C1", ts="1.1", thread="1.1", user="U1", question="?")
    bot = start_bot(workspace, clock_ahead=days * 24 * 3600)
    workspace.wait_for(lambda: "clock is a day or more from Slack's" in bot.log(), what="the clock to be told of")
    assert bot.stop() == 0
    assert len(record.all()) == 1
    record.close()
