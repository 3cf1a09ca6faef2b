"""Work for test_apart.py, in a module that a process of its own imports quickly."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from corpus.errors import CorpusError, UnknownDocumentError
from corpus.progress import Progress, Stage
from index.store import NoIndexError


def add(progress: Progress, one: int, other: int = 0) -> tuple[int, int]:
    """The sum, and where it was made."""
    return one + other, os.getpid()


def count(progress: Progress, steps: int) -> int:
    for step in range(steps):
        progress(Stage.ENCODING, step, steps)
    return steps


def large(progress: Progress, size: int) -> bytes:
    return b"x" * size


def fail(progress: Progress, how: str) -> None:
    if how == "corpus":
        raise CorpusError("the document 'x' cannot be read")
    if how == "unknown":  # says more than it is given
        raise UnknownDocumentError("x", ["a", "b"])
    if how == "none":  # is given nothing
        raise NoIndexError
    if how == "os":
        raise FileNotFoundError(2, "No such file or directory", "/none")
    raise ZeroDivisionError("division by zero")


class UnsendableError(Exception):
    """Holds what cannot be pickled."""

    def __init__(self) -> None:
        super().__init__("unsendable")
        self.lock = threading.Lock()


def fail_unsendably(progress: Progress) -> None:
    raise UnsendableError


def die(progress: Progress, number: int) -> None:
    progress(Stage.READING, 1, 2)
    os.kill(os.getpid(), number)


def leave(progress: Progress, status: int) -> None:
    sys.exit(status)


def wait_long(progress: Progress, note: Path) -> None:
    """Note who works, then tell of progress for a minute."""
    note.write_text(str(os.getpid()))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for second in range(600):
        progress(Stage.ASKING, second, 600)
        threading.Event().wait(0.1)
