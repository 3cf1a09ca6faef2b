"""The log of a process, on its real stderr: a line a record, whatever somebody wrote, and nothing secret in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, StatementError

from assistant.discretion import told
from assistant.models import TooLongError
from assistant.slack import discretion  # noqa: F401 - registers what exceptions say
from tests.conftest import ROOT

WORD = "xylophonist"
TOKEN, PASSWORD = "xoxb-12-34-AbCdEf", "correct horse"
FORGED = (
    "x\n2026-01-01 00:00:00,000 INFO assistant.slack.app: all is well\r\x1b[31mred\x1b[0m\u202eesrever\u2066\u2028\x85"
)
HEAD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+: ")


def logged(code: str, *, as_json: bool = False, debug: bool = True) -> str:
    """What a process writes to stderr that logs by `code`."""
    style = f"LogStyle(({PASSWORD!r},), {as_json}, {debug})"
    start = f"import logging\nfrom assistant.logs import LogStyle, log_to_stderr\nlog_to_stderr({style})\n"
    texts = f"forged, token, password = {FORGED!r}, {TOKEN!r}, {PASSWORD!r}\n"
    done = subprocess.run(
        [sys.executable, "-c", start + texts + code], cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    return done.stderr.decode()


RAISED = (
    "try:\n    raise ValueError(f'{forged} {token} {password}')\nexcept ValueError:\n    logging.exception('failed')"
)
CASES = {
    "a message": "logging.warning('asked: %s %s %s', forged, token, password)",
    "a traceback": RAISED,
    "an error that nobody catches": "raise RuntimeError(f'{forged} {token} {password}')",
    "an error of a thread": (
        "import threading\ndef work():\n    raise RuntimeError(f'{forged} {token} {password}')\n"
        "threading.Thread(target=work, name='courier').start()"
    ),
    "an error in a chain": RAISED.replace(
        "logging.exception('failed')", "raise KeyError(f'{token} {forged} {password}')"
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_forged_and_nothing_secret_is_told(case: str) -> None:
    written = logged(CASES[case])
    lines = written.split("\n")[:-1]
    assert "all is well" in written, "what happened is told"
    assert [line for line in lines if HEAD.match(line)] == lines[:1], written
    assert all(line.startswith("  | ") for line in lines[1:])
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", written)
    assert TOKEN not in written
    assert PASSWORD not in written
    assert "xoxb-***" in written


def test_what_is_well_behaved_stands_as_it_is() -> None:
    assert logged("logging.info('enquiry %s: 横浜市', 'ab12')").endswith(" INFO root: enquiry ab12: 横浜市\n")


@pytest.mark.parametrize("case", CASES)
def test_as_json_it_is_an_object_a_line_without_what_is_secret(case: str) -> None:
    (line,) = logged(CASES[case], as_json=True).splitlines()
    entry = json.loads(line)
    assert "all is well" in entry["message"] + entry.get("traceback", "")
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", line)
    assert TOKEN not in line
    assert PASSWORD not in line


# What is told of an exception, unless debugging is switched on


def refusal(answer: dict[str, object]) -> Exception:
    return SlackApiError(WORD, answer)  # type: ignore[no-untyped-call]


def database_error(kind: type[DBAPIError], said: str) -> DBAPIError:
    return kind("INSERT INTO enquiries …", {"question": WORD}, Exception(said), hide_parameters=True)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(2, "No such file or directory", "CURRENT"), "FileNotFoundError: [Errno 2] No such file"),
        (TooLongError("the question has 4,000 characters"), "assistant.models.TooLongError: the question has 4,000 "),
        (OperationalError("SELECT", {}, Exception("no such table: x")), "OperationalError: no such table: x"),
        (database_error(IntegrityError, f"refused\nDETAIL:  Failing row contains ({WORD})"), "refused"),
        (database_error(DataError, f'invalid input "{WORD}"'), "sqlalchemy.exc.DataError: not told here"),
        (StatementError(WORD, "INSERT", {}, ValueError(WORD)), "sqlalchemy.exc.StatementError: not told here"),
        (KeyError(WORD), "KeyError: not told here, for it may hold somebody's words; DESK_DEBUG=1 tells it"),
        (ValueError(WORD), "ValueError: not told here"),
        (refusal( {"ok": False, "error": "missing_scope", "needed": "a:b"}), "missing_scope, needs a:b"),
        (refusal( {"ok": False, "error": f"Received a response: {WORD}"}), "SlackApiError: not told here"),
    ],
)  # fmt: skip
def test_what_an_exception_says_is_told_where_it_holds_nobodys_words(error: Exception, line: str) -> None:
    assert line in told(error)
    assert WORD not in told(error)
    assert "\n" not in told(error)


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize("message", ["'%s failed', error", "f'failed (error: {error})'", "'failed'"])
def test_what_an_exception_says_is_in_no_part_of_what_is_logged(message: str, as_json: bool) -> None:
    """Not in the message, where libraries put it, not among those that it followed on, not among the arguments."""
    raised = f"def work():\n    try:\n        raise KeyError({WORD!r})\n    except KeyError as first:\n"
    raised += f"        raise ValueError('what a {WORD}') from first\n"
    caught = f"try:\n    work()\nexcept ValueError as error:\n    logging.exception({message})"
    written = logged(raised + caught, as_json=as_json, debug=False)
    assert WORD not in written
    assert "ValueError: not told here" in written
    assert "KeyError: not told here" in written
    assert "in work" in written
    assert WORD in logged(raised + caught, as_json=as_json, debug=True)
