"""Files: their digests, and writing them so that a crash leaves the old one or the new one."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path


def digest(path: Path) -> str:
    """sha256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside `path` and put it in its place in one step, flushed to disk. Raises OSError.

    A link stays a link, and a file keeps its permissions.
    """
    path = path.resolve()
    beside = path.with_name(f".{path.name}.new")  # one name, so that crashes leave one file behind at most
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    flush(path.parent)


def flush(path: Path) -> None:
    """Make sure that a file, or a folder's list of files, is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
