"""Hostile and odd files through `corpus check`: the right text or a reason, in 20 s and 500 MB, never a traceback.

The files run two at a time, in the order of the tests; what a test waits for is its own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import psutil
import pytest

from tests.conftest import ROOT
from tests.corpus.make_hostile import HOSTILE_HTML, HOSTILE_TEXT, HOSTILE_WORD
from tests.corpus.make_hostile_pdf import HOSTILE_PDF

FILES = Path(__file__).parent / "files"
SECONDS = 20
MEGABYTES = 500
ENGLISH = "This framework helps cities that work towards a circular economy to learn from each other."


@dataclass(frozen=True)
class Case:
    """A file's name, what puts it there, and a word of the reason or (`text`) of the text that comes out."""

    name: str
    make: Callable[[Path], object]
    reason: str = ""
    text: str = ""


def _written(make: Callable[[], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(make())


def _made(files: dict[str, tuple[Callable[[], bytes], str | None]], ending: str, *names: str) -> list[Case]:
    """Files of make_hostile.py, all or some; that their texts are right is told by "stays." or the like."""
    kept = {"circle": "circle", "note-in-itself": "note"}
    whole = "Cities join the club." if ending == ".pdf" else "stays."
    return [
        Case(f"{name}{ending}", _written(make), reason or "", "" if reason else kept.get(name, whole))
        for name, (make, reason) in files.items()
        if not names or name in names
    ]


def _committed(name: str, reason: str = "", text: str = "", *, ending: str = ".pdf") -> Case:
    content = (FILES / f"{name}.pdf").read_bytes()
    return Case(f"{name}{ending}", lambda path: path.write_bytes(content), reason, text)


def _unreadable(path: Path) -> None:
    path.write_bytes(b"Title\n\nThe text.")
    path.chmod(0)


CASES = [
    *_made(HOSTILE_WORD, ".docx", "password", "excel", "truncated", "bomb", "small-bomb", "false-size", "many-files",
           "outside", "laughs", "external-entity", "deep", "endless-field", "long", "circle", "note-in-itself"),
    _committed("chromium-en", "is no Word file but a PDF", ending=".docx"),
    *_made(HOSTILE_PDF, ".pdf"),
    _committed("password", "needs a password"),
    _committed("owner-password", text=ENGLISH),
    _committed("image-only", "OCR"),
    _committed("blank", "it is blank"),
    _committed("truncated", "damaged or cut short"),
    _committed("columns-by-rows", "page 1 has columns"),
    _committed("euc-fonts", "EUC-H"),
    _committed("reportlab-en", "is a PDF, not a web page", ending=".html"),
    *_made(HOSTILE_HTML, ".html", "not-utf-8", "euc-jp", "euc-jp-undeclared", "shift-jis", "utf-16",
           "utf-16-undeclared", "nul", "deep", "script-only", "hidden-only", "external-entity", "laughs", "many-tags",
           "pictures-of-20-mb", "large"),
    Case("words-of-20-mb.html", lambda path: path.write_text(f"<p>{'市長です。' * 800}" * 1_700), "save it in parts"),
    *_made(HOSTILE_TEXT, "", "binary.txt", "nul.txt", "shift-jis.txt", "large.txt", "stars.txt", "brackets.md",
           "quotations.md"),
    *(Case(f"nothing{ending}", lambda path: path.touch(), "is empty" if ending != ".pdf" else "not a PDF")
      for ending in (".txt", ".md", ".pdf", ".docx", ".html", ".htm")),
    Case("folder.pdf", Path.mkdir, "is a folder, not a file"),
    Case("pipe.pdf", os.mkfifo, "is a pipe or a device"),
    Case("zeros.txt", lambda path: path.symlink_to("/dev/zero"), "is a pipe or a device"),
    Case("zeros.pdf", lambda path: path.symlink_to("/dev/zero"), "is a pipe or a device"),
    Case("dangling.pdf", lambda path: path.symlink_to("gone.pdf"), "a link to a file that is not there"),
    Case("circle.pdf", lambda path: path.symlink_to("circle.pdf"), "cannot be read"),
    Case("missing.pdf", lambda path: None, "no such file"),
    Case("unreadable.txt", _unreadable, "may you read it"),
    Case("two\nlines\x1b[2J\u202e.pdf", lambda path: path.write_bytes(b"x"), "not a PDF"),
    Case("two\nlines.txt", lambda path: path.write_bytes(b"\xff"), "not UTF-8"),
    Case(os.fsdecode(b"\x8e\x73.txt"), lambda path: path.write_bytes(b"Title\n\nIt stays."), text="It stays."),
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """How `corpus check` ended, and what it took."""

    status: int
    stdout: str
    stderr: str
    seconds: float
    megabytes: float


@dataclass
class _Run:
    """`corpus check` of a file, which goes on."""

    case: Case
    folder: Path
    megabytes: float = 0.0

    def __post_init__(self) -> None:
        path = self.folder / self.case.name
        # Files, not pipes, so that nobody waits for a reader; _whole closes them.
        self.said, self.complained = TemporaryFile(), TemporaryFile()  # noqa: SIM115
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "run_bot.py"), "corpus", "check", str(path)],
            stdin=subprocess.DEVNULL, stdout=self.said, stderr=self.complained, cwd=self.folder,
        )  # fmt: skip

    def look(self) -> Outcome | None:
        """What it holds now counts; its outcome, once it has ended."""
        seconds = time.monotonic() - self.started
        if seconds > 3 * SECONDS:
            self.process.kill()
        if self.process.poll() is None:
            self.megabytes = max(self.megabytes, _held(self.process.pid))
            return None
        said, complained = (_whole(file) for file in (self.said, self.complained))
        return Outcome(self.process.returncode, said, complained, seconds, self.megabytes)


class Runs:
    """Runs of several files, two at a time, each of them begun before anybody asks for it."""

    def __init__(self, cases: Iterable[Case], folder: Path) -> None:
        self._waiting = list(reversed(list(cases)))
        for case in self._waiting:  # before anything runs, or nobody would look at it meanwhile
            case.make(folder / case.name)
        self._folder = folder
        self._running: list[_Run] = []
        self._ended: dict[str, Outcome] = {}

    def outcome(self, case: Case) -> Outcome:
        """How a file's run ended, which is waited for."""
        while case.name not in self._ended:
            while self._waiting and len(self._running) < 2:
                self._running.append(_Run(self._waiting.pop(), self._folder))
            for run in list(self._running):
                if outcome := run.look():
                    self._ended[run.case.name] = outcome
                    self._running.remove(run)
            time.sleep(0.03)
        return self._ended[case.name]

    def end(self) -> None:
        """Nothing goes on when nobody asks for it any more."""
        for run in self._running:
            run.process.kill()
            run.process.wait()


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """The runs of the files whose tests are run."""
    asked = {item.name for item in request.session.items if item.path == request.path}
    cases = [case for case in CASES if f"{test_a_file_is_read_or_refused.__name__}[{_id(case)}]" in asked]
    runs = Runs(cases, tmp_path_factory.mktemp("hostile"))
    yield runs
    runs.end()


def _id(case: Case) -> str:
    """A file's name in characters that a terminal takes."""
    return re.sub(r"[^\w.-]+", "_", case.name, flags=re.ASCII)


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_a_file_is_read_or_refused(case: Case, runs: Runs) -> None:
    if case.name == "unreadable.txt" and os.geteuid() == 0:
        pytest.skip("root may read everything")
    outcome = runs.outcome(case)
    assert "Traceback" not in outcome.stdout + outcome.stderr
    if case.text:
        assert outcome.status == 0, outcome.stderr
        assert all(line.startswith("warning: ") for line in outcome.stderr.splitlines())
        assert case.text in outcome.stdout
    else:
        assert (outcome.status, outcome.stdout) == (1, "")
        assert outcome.stderr.startswith("error: ")
        assert outcome.stderr.count("\n") == 1
        assert outcome.stderr.rstrip("\n").isprintable()
        assert case.name.partition("\n")[0] in outcome.stderr
        assert any(reason in outcome.stderr for reason in case.reason.split("|"))
        assert len(outcome.stderr) < 300
    assert outcome.seconds < SECONDS
    assert 20 < outcome.megabytes < MEGABYTES, "no Python is smaller"


def test_there_are_as_many_kinds_as_we_say() -> None:
    assert len(CASES) > 70
    assert len({case.name for case in CASES}) == len(CASES)


def _whole(file: IO[bytes]) -> str:
    file.seek(0)
    with file:
        return file.read().decode()


def _held(pid: int) -> float:
    """What a process and its children, all that now live, have held at most, in megabytes.

    Each by its own peak, so that nothing between two looks is missed but the last moment before an end.
    """
    total = 0
    with suppress(psutil.Error, OSError):
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            lines = Path(f"/proc/{one.pid}/status").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return total / 1024
