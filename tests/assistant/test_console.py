"""The commands as a person types them, and mistypes them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from index.generation import FORMAT, MANIFEST, MANIFEST_DIGEST
from tests.conftest import ROOT, Command, Small, twin
from tests.corpus.samples import write_corpus

APP = "xapp-1-secret"


def good_message(stderr: str) -> bool:
    return stderr.startswith("error: ") and "Traceback" not in stderr


@pytest.mark.parametrize("question", ["", "\x07\u200b", "a" * 40_000], ids=["empty", "invisible", "40,000 characters"])
def test_what_cannot_be_a_question_is_refused(command: Command, question: str) -> None:
    refused = command("ask", "--json", question)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert good_message(refused.stderr)
    assert "question" in refused.stderr
    assert len(refused.stderr) < 300


def test_control_characters_in_a_question_are_dropped(command: Command) -> None:
    asked = command("ask", "--json", "\x1b[2JWhat is\x07 City\u200bNet?")
    assert asked.returncode == 0
    assert json.loads(asked.stdout)["question"] == "What is CityNet?"


def test_a_question_that_is_not_utf_8_is_no_traceback(environment: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable.encode(), os.fsencode(ROOT / "run_bot.py"), b"ask", b"--json", b"What is \xff CityNet?"],
        capture_output=True,
        cwd=tmp_path,
        env=environment,
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    if done.returncode == 0:
        assert json.loads(done.stdout)["outcome"] == "answered"
    else:
        assert done.returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "--nope"),
        ("ask", "one", "two"),
        ("tell",),
        ("corpus",),
        ("corpus", "show"),
        ("index", "prune", "--keep", "0"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_with_status_2(command: Command, arguments: tuple[str, ...]) -> None:
    told = command(*arguments)
    assert told.returncode == 2
    assert "Traceback" not in told.stderr
    assert told.stderr.strip() or told.stdout.strip()


def test_help_lists_every_command(command: Command) -> None:
    shown = command("--help")
    assert shown.returncode == 0
    for name in ("ask", "chat", "index", "corpus", "doctor", "manifest", "run"):
        assert name in shown.stdout


@pytest.mark.parametrize(
    ("tokens", "missing"),
    [
        ({}, {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}),
        ({"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": APP}, {"SLACK_BOT_TOKEN"}),
    ],
    ids=["none", "the app's only"],
)
def test_the_bot_says_which_tokens_are_missing(command: Command, tokens: dict[str, str], missing: set[str]) -> None:
    told = command(env=tokens)
    assert told.returncode == 2
    assert good_message(told.stderr)
    assert {name for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN") if name in told.stderr} == missing
    assert "chat" in told.stderr, "what to do meanwhile"
    assert "secret" not in told.stderr


def test_all_that_is_wrong_with_the_settings_is_told_at_once(command: Command) -> None:
    wrong = {
        "SLACK_BOT_TOKEN": "hunter2-bot",
        "SLACK_APP_TOKEN": "hunter2-app",
        "SLACK_API_URL": "ftp://hunter2.example",
        "DESK_STAFF_CHANNEL": "general",
        "DESK_STAFF": "U12345,nobody",
        "DESK_ADMINS": "me",
        "DESK_RETENTION_DAYS": "forever",
    }
    told = command("ask", "hello", env=wrong)
    assert told.returncode == 2
    assert told.stdout == ""
    assert good_message(told.stderr)
    assert [name for name in wrong if name not in told.stderr] == []
    assert "hunter2" not in told.stderr, "a setting's value may be a secret"


def test_settings_come_from_a_file_too_and_the_environment_outranks_it(command: Command, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DESK_RETENTION_DAYS=77\nSOMEBODY_ELSES=1\n")
    assert "77 days" in command("ask", "hello").stdout
    assert "88 days" in command("ask", "hello", env={"DESK_RETENTION_DAYS": "88"}).stdout


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////dev/null/desk.sqlite3",
        "nosuchdatabase://user:hunter2@nowhere/desk",
        "sqlite:///newer.sqlite3",
    ],
    ids=["a folder that cannot be", "no such database", "a later version's"],
)
def test_a_record_that_cannot_be_kept_costs_no_reply(command: Command, tmp_path: Path, url: str) -> None:
    newer(tmp_path / "newer.sqlite3")
    asked = command("ask", "--json", "hello", env={"DESK_DATABASE_URL": url})
    assert "Traceback" not in asked.stderr
    assert json.loads(asked.stdout)["outcome"] == "help"
    assert asked.returncode == 0
    assert "record" in asked.stderr
    assert "hunter2" not in asked.stderr


def newer(path: Path) -> None:
    """A record as a later version of the desk would leave it."""
    import sqlite3

    database = sqlite3.connect(path)
    with database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
    database.close()


def test_replies_given_in_the_terminal_are_recorded(command: Command, tmp_path: Path) -> None:
    from assistant.enquiries import open_record

    url = f"sqlite:///{tmp_path / 'record.sqlite3'}"
    command("ask", stdin="What is CityNet?\nhello\nHow do I bake bread?\n{\n", env={"DESK_DATABASE_URL": url})
    command("run", stdin="What is the joining fee?\n", env={"DESK_DATABASE_URL": url})
    record = open_record(url)
    rows = record.all()
    record.close()
    assert [(row.question, row.outcome) for row in rows] == [
        ("What is CityNet?", "answered"),
        ("hello", "help"),
        ("How do I bake bread?", "not_found"),
        ("What is the joining fee?", "not_stated"),
    ]
    assert {row.channel for row in rows} == {"terminal"}
    first = rows[0]
    assert first.reply is not None
    assert first.reply["citations"][0]["document"] == "press-release"
    assert (first.language, first.status, first.generation) == ("en", "replied", first.reply["generation"])
    assert first.elapsed_ms is not None


def test_who_asks_for_a_person_in_a_terminal_is_told_whom_to_ask(command: Command) -> None:
    reply = json.loads(command("ask", "--json", "Can I speak to someone?").stdout)
    assert (reply["outcome"], reply["text"]) == ("help", "No staff can be reached through me here.")
    assert reply["contact"]["name"] == "ICLEI Japan"
    assert "Best asked of: ICLEI Japan" in command("ask", "Can I speak to someone?").stdout


def test_an_output_that_is_cut_off_is_no_traceback(environment: dict[str, str], tmp_path: Path) -> None:
    """As in `run_bot.py ask --json < questions | head -1`."""
    script = f'yes hello | head -2000 | "{sys.executable}" "{ROOT / "run_bot.py"}" ask --json | head -1'
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, cwd=tmp_path, env=environment, timeout=60, check=False, text=True
    )
    assert json.loads(done.stdout)["outcome"] == "help"
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize("arguments", ["ask", "run"])
def test_a_closed_input_is_no_traceback(environment: dict[str, str], tmp_path: Path, arguments: str) -> None:
    """As a supervisor may start it."""
    script = f'exec "{sys.executable}" "{ROOT / "run_bot.py"}" {arguments} <&-'
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, cwd=tmp_path, env=environment, timeout=60, check=False, text=True
    )
    assert "Traceback" not in done.stderr


def test_the_first_question_builds_the_index(command: Command, tmp_path: Path) -> None:
    """On a fresh machine one command is enough, and stdout is the reply's alone."""
    settings = {
        "DESK_CORPUS_DIR": str(write_corpus(tmp_path / "corpus")),
        "DESK_DATA_DIR": str(tmp_path / "fresh" / "data"),
    }
    asked = command("ask", "--json", "How does a town leave the harbour club?", env=settings)
    assert asked.returncode == 0, asked.stderr
    reply = json.loads(asked.stdout)
    assert reply["outcome"] == "answered"
    assert "blue flag" in reply["citations"][0]["quote"]
    assert "building the index" in asked.stderr


def test_a_second_start_waits_for_the_first_one_s_index(
    command: Command, environment: dict[str, str], tmp_path: Path
) -> None:
    """Several bots may start at once; the first build of a larger corpus takes longer than a moment."""
    from threading import Timer

    from index.store import Store

    settings = {
        "DESK_CORPUS_DIR": str(write_corpus(tmp_path / "corpus")),
        "DESK_DATA_DIR": str(tmp_path / "shared"),
    }
    building = Store(tmp_path / "shared" / "index").lock()
    building.__enter__()
    done = Timer(11, building.__exit__, (None, None, None))
    done.start()
    try:
        asked = command("ask", "--json", "How does a town leave the harbour club?", env=settings)
    finally:
        done.join()
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["outcome"] == "answered"


@pytest.mark.parametrize(
    "name",
    ["DESK_DATA_DIR", "DESK_CORPUS_DIR", "DESK_DATABASE_URL", "DESK_STAFF_CHANNEL", "DESK_STAFF", "SLACK_BOT_TOKEN"],
)
def test_a_setting_left_blank_is_not_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`DESK_DATA_DIR=` in .env or a compose file means the default, not the folder one happens to be in."""
    from assistant.settings import Settings

    monkeypatch.delenv(name, raising=False)
    default = getattr(Settings(_env_file=None), name.lower())
    monkeypatch.setenv(name, "")
    assert getattr(Settings(_env_file=None), name.lower()) == default


def test_doctor_says_what_is_well_and_what_is_not(command: Command, tmp_path: Path) -> None:
    well = command("doctor")
    assert well.returncode == 0, well.stdout + well.stderr
    for word in ("settings", "corpus", "index", "database", "SLACK_BOT_TOKEN"):
        assert word in well.stdout
    broken = tmp_path / "broken.sqlite3"
    broken.write_text("this is no database at all\n" * 50)
    ill = command("doctor", env={"DESK_DATABASE_URL": f"sqlite:///{broken}", "DESK_CORPUS_DIR": str(tmp_path / "none")})
    assert ill.returncode == 1
    assert "Traceback" not in ill.stderr
    for word in ("✗ corpus", "✗ database", "✓ index"):
        assert word in ill.stdout
    assert ill.stdout.count(str(broken)) == 1, "one trouble is told once"
    assert f"move {broken} away" in ill.stdout, "and how to mend it"


def test_a_record_that_is_damaged_in_the_middle_is_no_traceback(
    command: Command, at_hand: Small, tmp_path: Path
) -> None:
    data = twin(at_hand.data, tmp_path / "damaged")
    settings = {"DESK_DATA_DIR": str(data)}
    assert command("ask", "What is CityNet?", env=settings).returncode == 0
    with (data / "desk.sqlite3").open("r+b") as record:
        record.seek(2 * 4096)
        record.write(b"\x5a" * 60 * 4096)
    ill = command("doctor", env=settings)
    assert (ill.returncode, ill.stderr) == (1, "")
    assert "✗ database: DESK_DATABASE_URL" in ill.stdout
    assert "✓ index" in ill.stdout
    counted = command("report", env=settings)
    assert counted.returncode in {1, 2}
    assert good_message(counted.stderr)
    asked = command("ask", "What is CityNet?", env=settings)
    assert (asked.returncode, "sqlalche" in asked.stderr) == (0, False)


@pytest.mark.parametrize("name", ["vectors.npy", "faq.json", "passages.jsonl"])
def test_doctor_finds_damage_wherever_it_is_and_names_the_cure(
    command: Command, at_hand: Small, tmp_path: Path, name: str
) -> None:
    data = twin(at_hand.data, tmp_path / "damaged")
    file = Small(at_hand.documents, data).generation() / name
    file.unlink()  # it is linked to the index of other tests
    file.write_bytes(b"")
    ill = command("doctor", env={"DESK_DATA_DIR": str(data)})
    assert ill.returncode == 1
    assert f"{name} does not match its digest; `run_bot.py index build --force`" in ill.stdout


def test_doctor_looks_at_what_keeps_the_vectors(command: Command) -> None:
    ill = command("doctor", env={"DESK_VECTORS_URL": "postgresql+psycopg://desk:hunter2@127.0.0.1:9/desk"})
    assert ill.returncode == 1
    assert "✗ vectors: DESK_VECTORS_URL" in ill.stdout
    assert "hunter2" not in ill.stdout


def test_a_slip_in_a_name_is_told_by_the_doctor_and_at_the_start(command: Command) -> None:
    slip = {"DESK_STAF": "U12345"}
    ill = command("doctor", env=slip)
    assert ill.returncode == 1
    assert "✗ settings: DESK_STAF is no setting, DESK_STAFF may be meant" in ill.stdout
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": APP, "SLACK_API_URL": "http://127.0.0.1:9/"}
    assert "warning: DESK_STAF is no setting" in command(env=tokens | slip).stderr


def test_the_record_is_its_owner_s_alone(command: Command, at_hand: Small, tmp_path: Path) -> None:
    data = twin(at_hand.data, tmp_path / "private")
    assert command("ask", "What is CityNet?", env={"DESK_DATA_DIR": str(data)}).returncode == 0
    assert stat.S_IMODE((data / "desk.sqlite3").stat().st_mode) == 0o600


def test_doctor_takes_half_a_set_of_tokens_for_a_mistake(command: Command) -> None:
    ill = command("doctor", env={"SLACK_BOT_TOKEN": "xoxb-1"})
    assert ill.returncode == 1
    assert "✗ Slack: SLACK_APP_TOKEN not set" in ill.stdout


def test_doctor_lets_start_what_builds_its_index_then(command: Command, at_hand: Small, tmp_path: Path) -> None:
    """After an upgrade, or on a new machine, the first start builds it."""
    data = twin(at_hand.data, tmp_path / "earlier")
    folder = data / "index" / "generations" / (data / "index" / "CURRENT").read_text().strip()
    manifest = folder / MANIFEST
    earlier = manifest.read_text().replace(f'"format": {FORMAT}', f'"format": {FORMAT - 1}')
    for name, content in ((MANIFEST, earlier), (MANIFEST_DIGEST, hashlib.sha256(earlier.encode()).hexdigest())):
        (folder / name).unlink()  # it is linked to the index of other tests
        (folder / name).write_text(content)
    for where, said in ((data, "an earlier version; the next start"), (tmp_path / "none", "none yet; the first start")):
        well = command("doctor", env={"DESK_DATA_DIR": str(where)})
        assert well.returncode == 0, well.stdout
        assert said in well.stdout


def test_a_report_on_no_desk_at_all_builds_none(command: Command, tmp_path: Path) -> None:
    done = command("report", env={"DESK_DATA_DIR": str(tmp_path / "typo")})
    assert (done.returncode, done.stdout) == (1, "")
    assert f"there is no record at {tmp_path / 'typo' / 'desk.sqlite3'}" in done.stderr
    assert not (tmp_path / "typo").exists()


def test_the_version_is_shown(command: Command) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", command("--version").stdout)


def test_a_locale_that_lacks_characters_costs_these_alone(command: Command) -> None:
    done = command("ask", "What is CityNet?", env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "CityNet is a network" in done.stdout


def test_doctor_reports_settings_that_cannot_be_read(command: Command) -> None:
    ill = command("doctor", env={"DESK_RETENTION_DAYS": "forever"})
    assert ill.returncode in {1, 2}
    assert "DESK_RETENTION_DAYS" in ill.stdout + ill.stderr
    assert "Traceback" not in ill.stderr
