"""Files to blocks, one module or package a format, each with a function `read`.

Short text and Markdown are read here. Formats that a file can abuse (PDF, DOCX, HTML), and text long enough
to wear a parser out, are read in a child process with limits on time and memory: what brings the child down
refuses the file and nothing more.
"""

from __future__ import annotations

import logging
import signal
import stat
import subprocess
import sys
from pathlib import Path

from pydantic import ValidationError

from corpus.errors import CorpusError
from corpus.models import Content, Document
from corpus.readers import markdown, text
from corpus.readers.checks import has_text, refuse_more

_IN_PLACE = {".txt": text, ".md": markdown}
_READERS = {".txt": "text", ".md": "markdown", ".pdf": "pdf", ".docx": "docx", ".html": "html", ".htm": "html"}
_LONGEST_IN_PLACE = 16_000  # bytes; of Markdown made to be slow they take five seconds
_ROOT = Path(__file__).resolve().parents[2]
_log = logging.getLogger(__name__)

SECONDS = 18
"""How long a child may take; with the command around it that stays below twenty."""
REFUSED = 3
"""The child's exit status when it refuses a file; the reason is the first line on its stderr."""


def read_content(path: Path, document: Document) -> Content:
    """The document's blocks, in reading order, and what a curator should look at.

    Raises CorpusError if the file is missing, of a format without a reader, or holds no text that can be
    quoted exactly; the reason says what to do.
    """
    _refuse_no_file(path)
    ending = path.suffix.lower()
    if ending not in _READERS:
        raise CorpusError(f"{path.name}: no reader for {path.suffix or 'files without an ending'}; "
                          f"there are readers for {', '.join(sorted(_READERS))}")  # fmt: skip
    if reads_in_a_child(path):
        content = _read_in_a_child(path, _READERS[ending], document)
    else:
        try:
            content = _IN_PLACE[ending].read(path.read_bytes(), document)
        except CorpusError:
            raise
        except Exception as error:
            _log.debug("%s", path, exc_info=True)
            raise CorpusError(failure(path.name, error)) from error
    if not has_text(content.blocks):
        raise CorpusError(f"{path.name}: holds no text to quote")
    refuse_more(content.blocks, path.name)
    return content


def reads_in_a_child(path: Path) -> bool:
    """Whether a file is read in a child process, which takes its time."""
    return path.suffix.lower() not in _IN_PLACE or (path.is_file() and path.stat().st_size > _LONGEST_IN_PLACE)


def failure(name: str, error: Exception) -> str:
    """The reason for which a file is refused whose reader came upon something that it does not know."""
    said = f"{type(error).__name__}: {error}"[:160]
    return f"{name}: its reader failed ({said}); please report the file, or save it anew from its program"


def _refuse_no_file(path: Path) -> None:
    """Raises CorpusError for what is no file that can be read, without opening what might never end."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            path.open("rb").close()
            return
    except FileNotFoundError as error:
        what = "a link to a file that is not there" if path.is_symlink() else "no such file"
        raise CorpusError(f"{path}: cannot be read ({what}); is its name right?") from error
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); may you read it?") from error
    raise CorpusError(f"{path}: {'is a folder' if stat.S_ISDIR(mode) else 'is a pipe or a device'}, not a file; "
                      "name the file to read")  # fmt: skip


def _read_in_a_child(path: Path, reader: str, document: Document) -> Content:
    command = [sys.executable, "-m", "corpus.readers.child", reader, str(path.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command,
            input=document.model_dump_json().encode(),
            capture_output=True,
            cwd=_ROOT,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CorpusError(_too_slow(path)) from error
    if done.returncode == REFUSED:
        reason, _, traceback = done.stderr.decode(errors="replace").strip().partition("\n")
        if traceback:
            _log.debug("%s: %s", path, traceback)
        raise CorpusError(reason)
    if done.returncode == -signal.SIGXCPU:
        raise CorpusError(_too_slow(path))
    try:
        if done.returncode == 0:
            return Content.model_validate_json(done.stdout)
    except ValidationError:
        pass
    raise CorpusError(
        f"{path.name}: its reader came to an end (status {done.returncode}); is it damaged, or larger than the limits?"
    )


def _too_slow(path: Path) -> str:
    return f"{path.name}: not read within {SECONDS} seconds; is it damaged, or made to hang? Save it in parts"
