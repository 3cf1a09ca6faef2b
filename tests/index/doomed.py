"""Work in a child process that comes to harm at its n-th change of a folder: killed, or told that the disk is full.

File operations are seen by an audit hook (PEP 578), so that nothing of the product is patched.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

_CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.truncate", "os.link", "os.symlink"}
_WRITING = os.O_WRONLY | os.O_RDWR


class Harm(Enum):
    """What becomes of the child."""

    KILL = "kill -9"
    FULL_DISK = "no space left on device"


class Fate(Enum):
    """How the child ended."""

    DONE = 0
    FAILED = 1
    """It raised the exception that was expected of it."""
    BROKEN = 2
    """It raised another one."""
    KILLED = -signal.SIGKILL


def doom(work: Callable[[], object], folder: Path, place: int, harm: Harm, expected: type[Exception] = OSError) -> Fate:
    """Do `work` in a child that comes to harm at its `place`-th (from 0) change of `folder`."""
    child = os.fork()
    if child == 0:
        fate = Fate.BROKEN
        try:
            _watch(str(folder), place, harm)
            work()
            fate = Fate.DONE
        except expected:
            fate = Fate.FAILED
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(fate.value)
    return Fate(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _watch(folder: str, place: int, harm: Harm) -> None:
    seen = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if not _changes(event, arguments, folder):
            return
        if seen == place and harm is Harm.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1
        if seen > place and harm is Harm.FULL_DISK and event in {"open", "os.mkdir"}:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), folder)

    sys.addaudithook(hook)


def _changes(event: str, arguments: tuple[Any, ...], folder: str) -> bool:
    if event == "open":
        path, _, flags = arguments
        return isinstance(path, str) and path.startswith(folder) and bool(flags & _WRITING)
    return event in _CHANGES and str(arguments[0]).startswith(folder)
