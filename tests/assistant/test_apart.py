"""Work in a process of its own: its result, its errors, how far it is; and an error where it was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from assistant.apart import BrokenOffError, apart
from corpus.errors import CorpusError, UnknownDocumentError
from corpus.progress import Stage, no_progress
from index.store import NoIndexError
from tests.assistant import errands
from tests.conftest import ROOT

Told = tuple[Stage, int, int]


def test_its_result_comes_back_from_another_process() -> None:
    total, worker = apart(errands.add, no_progress, 1, other=2)
    assert total == 3
    assert worker != os.getpid()
    assert not psutil.pid_exists(worker)


def test_it_tells_how_far_it_is_in_order() -> None:
    told: list[Told] = []
    assert apart(errands.count, lambda *told_: told.append(told_), 200) == 200
    assert told == [(Stage.ENCODING, step, 200) for step in range(200)]


def test_a_large_result_comes_whole() -> None:
    assert len(apart(errands.large, no_progress, 5_000_000)) == 5_000_000


@pytest.mark.parametrize(
    ("how", "error", "words"),
    [
        ("corpus", CorpusError, "the document 'x' cannot be read"),
        ("unknown", UnknownDocumentError, "no document 'x' in the catalogue; there are: a, b"),
        ("none", NoIndexError, "there is no index yet; run `index build`"),
        ("os", FileNotFoundError, "No such file or directory"),
        ("bug", RuntimeError, "division by zero"),
    ],
)
def test_what_it_raises_is_raised_here(how: str, error: type[Exception], words: str) -> None:
    """Whatever an error was made of: who asked for the work is told its words, not that they cannot be read."""
    with pytest.raises(error) as raised:
        apart(errands.fail, no_progress, how)
    assert words in str(raised.value)


def test_an_error_that_cannot_be_sent_is_told_all_the_same() -> None:
    with pytest.raises(RuntimeError, match="unsendable"):
        apart(errands.fail_unsendably, no_progress)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_process_that_is_killed_is_an_error_and_not_waited_for(number: int) -> None:
    told: list[Told] = []
    with pytest.raises(BrokenOffError, match="try again"):
        apart(errands.die, lambda *told_: told.append(told_), int(number))
    assert told == [(Stage.READING, 1, 2)]


@pytest.mark.parametrize("status", [0, 3])
def test_a_process_that_leaves_without_a_word_is_an_error(status: int) -> None:
    with pytest.raises(BrokenOffError):
        apart(errands.leave, no_progress, status)


def test_an_error_while_it_is_told_how_far_it_is_leaves_no_process_behind(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    def refuse(*_: object) -> None:
        raise RuntimeError("nobody listens")

    with pytest.raises(RuntimeError, match="nobody listens"):
        apart(errands.wait_long, refuse, note)
    assert not psutil.pid_exists(int(note.read_text()))


ORDER = """
from pathlib import Path
from assistant.apart import apart
from corpus.progress import no_progress
from tests.assistant import errands
if __name__ == "__main__":
    apart(errands.wait_long, no_progress, Path({note!r}))
"""


def test_it_does_not_outlive_whoever_ordered_it(tmp_path: Path) -> None:
    """A bot that is killed leaves no build behind that goes on with nobody to tell."""
    note, script = tmp_path / "pid", tmp_path / "order.py"
    script.write_text(ORDER.format(note=str(note)))
    with subprocess.Popen(
        [sys.executable, str(script)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL
    ) as order:
        _wait_for(note.exists, 20)
        _wait_for(lambda: note.read_text(), 5)
        worker = psutil.Process(int(note.read_text()))
        assert worker.is_running()
        order.kill()
    _wait_for(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE, 10)


def _wait_for(happens: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.05)
