"""`forget` and `export`, as an operator types them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.database import Database
from assistant.enquiries import Record
from assistant.personal_data import count
from tests.assistant.people import ASKER, BOSS, SATO, SECRET, Peopled
from tests.conftest import ROOT, Command

URL = "DESK_DATABASE_URL"


@pytest.fixture
def peopled(database: Database) -> Peopled:
    return Peopled(database)


@pytest.fixture
def run(command: Command, database_url: str) -> Command:
    def on_that_database(*arguments: str) -> subprocess.CompletedProcess[str]:
        return command(*arguments, env={URL: database_url})

    return on_that_database


def test_forget_tells_what_it_did_table_by_table_and_what_it_cannot_reach(
    run: Command, database: Database, peopled: Peopled
) -> None:
    done = run("forget", ASKER, "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "enquiries: 3 enquiries deleted" in lines
    assert "staff_replies: 1 staff reply deleted" in lines
    assert "faq_versions: 1 version that came of their enquiries: kept, tied to none now" in lines
    assert [line.split(":")[0] for line in lines if line.startswith("enquiry ")] == [
        f"enquiry {peopled.replied}, resolved by U0SATO",
        f"enquiry {peopled.open}, open",
        f"enquiry {peopled.rejected}, open",
    ]
    (replied, waiting) = lines[:2]
    assert "staff are done with it; its card in C0STAFF (1.5) stays until somebody deletes it" in replied
    assert waiting.endswith("it waits for staff, who will find it gone")
    for place in ("Slack", "log files", "backups", "faq export", "report --html", "index prune"):
        assert place in done.stdout.partition(f"{ASKER} is forgotten.")[2]
    assert SECRET not in done.stdout
    assert count(database, ASKER) == {}


def test_forget_of_staff_says_what_stays(run: Command, peopled: Peopled) -> None:
    lines = run("forget", SATO, "--yes").stdout.splitlines()
    assert "faq_versions: 1 version kept, with 'someone' in their place" in lines
    assert "handovers: 1 handover that they had taken: open again, for others to take" in lines
    assert peopled.open


@pytest.mark.parametrize("arguments", [("forget", "--yes"), ("export",)])
def test_somebody_who_is_unknown_or_forgotten_is_said_to_be(
    run: Command, peopled: Peopled, arguments: list[str]
) -> None:
    name, *options = arguments
    assert run("forget", BOSS, "--yes").returncode == 0
    for user in (BOSS, "U0NOBODY"):
        done = run(name, user, *options)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"error: nothing is kept about {user}: no such person is known, or they were forgotten\n"
    assert peopled.open


@pytest.mark.parametrize("user", ["sato", "u0sato", "S0GROUP", "C0STAFF", "<@U0SATO>", "terminal", "U0SATO ", ""])
@pytest.mark.parametrize("arguments", [("forget", "--yes"), ("export",)])
def test_what_is_no_user_id_is_refused(command: Command, user: str, arguments: list[str]) -> None:
    name, *options = arguments
    done = command(name, user, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{user!r} is no Slack user ID" in done.stderr


def test_where_there_is_no_record_yet_nobody_is_known_and_none_is_made(command: Command, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.sqlite3'}"
    for arguments in (("export", ASKER), ("forget", ASKER, "--yes")):
        done = command(*arguments, env={URL: url})
        assert (done.returncode, done.stdout) == (1, "")
        assert f"there is no record at {tmp_path / 'none.sqlite3'}" in done.stderr
    assert not (tmp_path / "none.sqlite3").exists()
    assert "no record at sqlite://" in command("export", ASKER, env={URL: "sqlite://"}).stderr


def test_without_a_terminal_it_refuses_unless_told_yes(run: Command, database: Database, peopled: Peopled) -> None:
    done = run("forget", ASKER)
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert Record(database).get(peopled.open) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(("answer", "status"), [(b"y\n", 0), (b"n\n", 130), (b"\n", 130)])
def test_in_a_terminal_it_asks(
    environment: dict[str, str], tmp_path: Path, database: Database, database_url: str, peopled: Peopled,
    answer: bytes, status: int,
) -> None:  # fmt: skip
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "run_bot.py"), "forget", ASKER],
        stdin=its, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=tmp_path,
        env={**environment, URL: database_url},
    )  # fmt: skip
    os.write(ours, answer)
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    os.close(its)
    assert process.returncode == status
    assert f"Forget {ASKER}? This cannot be undone." in out.decode()
    assert (Record(database).get(peopled.open) is None) == (status == 0)


def test_export_is_json_to_stdout_or_a_file(run: Command, tmp_path: Path, peopled: Peopled) -> None:
    printed = json.loads(run("export", ASKER).stdout)
    assert [enquiry["question"] for enquiry in printed["enquiries"] if enquiry["id"] == peopled.open] == [
        f"{SECRET} once more?"
    ]
    file = tmp_path / "asker.json"
    done = run("export", ASKER, "--out", str(file))
    assert (done.returncode, done.stdout) == (0, f"what is kept about {ASKER}: {file}\n")
    written = json.loads(file.read_text(encoding="utf-8"))
    assert {**written, "exported_at": ""} == {**printed, "exported_at": ""}
    assert file.read_text(encoding="utf-8").startswith('{\n  "user": "U0ASKER",\n')


def test_a_file_that_cannot_be_written_is_named(run: Command, tmp_path: Path, peopled: Peopled) -> None:
    done = run("export", ASKER, "--out", str(tmp_path / "none" / "asker.json"))
    assert done.returncode == 1
    assert "asker.json" in done.stderr
    assert "Traceback" not in done.stderr
    assert peopled.open
