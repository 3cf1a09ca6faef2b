"""The log of a process, on its real stderr: a line a record, whatever somebody wrote, and nothing secret in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

TOKEN, PASSWORD = "xoxb-12-34-AbCdEf", "correct horse"
FORGED = (
    "x\n2026-01-01 00:00:00,000 INFO assistant.slack.app: all is well\r\x1b[31mred\x1b[0m\u202eesrever\u2066\u2028\x85"
)
HEAD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+: ")


def logged(code: str, *, as_json: bool = False) -> str:
    """What a process writes to stderr that logs by `code`."""
    style = f"LogStyle(({PASSWORD!r},), {as_json})"
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
