"""What readers found in files, kept until the file, its catalogue entry or a reader changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from corpus.files import digest, write_whole
from corpus.models import Content, Document
from corpus.readers import read_content, reads_in_a_child

_CODE = Path(__file__).parent
_LIBRARIES = ("pypdf", "lxml", "selectolax", "markdown-it-py", "uniseg")


class ContentCache:
    """A folder of contents, each under the digest of all that decides what a reader finds.

    Only what is read in a child process is kept; the rest is read as fast. A kept file that is damaged, or
    cannot be written, costs a reading and nothing else.
    """

    def __init__(self, folder: Path | None) -> None:
        """Without a folder, everything is read anew."""
        self._folder = folder

    def read(self, path: Path, document: Document) -> Content:
        """As read_content, which is asked where nothing is kept."""
        if self._folder is None or not reads_in_a_child(path) or not path.is_file():
            return read_content(path, document)
        kept = self._folder / _key(path, document)
        if content := _sound(kept):
            return content
        content = read_content(path, document)
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(kept, _sealed(content.model_dump_json().encode()))
        return content

    def keep_only(self, used: Iterable[tuple[Path, Document]]) -> None:
        """Delete what belongs to none of these files."""
        if self._folder is None:
            return
        keys = {_key(path, document) for path, document in used if path.is_file()}
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in keys:
                    path.unlink()


def _sealed(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _sound(path: Path) -> Content | None:
    with suppress(OSError, ValueError):
        sealed = path.read_bytes()
        body = sealed.partition(b"\n")[2]
        if sealed == _sealed(body):
            return Content.model_validate_json(body)
    return None


def _key(path: Path, document: Document) -> str:
    parts = (_readers(), digest(path), path.suffix.lower(), document.model_dump_json())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _readers() -> str:
    """A digest of the readers themselves: after an upgrade, files are read again."""
    code = [f"{path.relative_to(_CODE)} {digest(path)}" for path in sorted(_CODE.rglob("*.py"))]
    return "\n".join([*code, *(f"{name} {version(name)}" for name in _LIBRARIES)])
