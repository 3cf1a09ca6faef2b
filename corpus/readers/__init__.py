"""Files to blocks, one module a format.

Text and Markdown are read here. Formats that a file can abuse (PDF, DOCX, HTML) are read in a child
process with limits on time and memory: what brings the child down refuses the file and nothing more.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from corpus.errors import CorpusError
from corpus.models import Block, Content, Document
from corpus.readers import markdown, text

_HERE: dict[str, Callable[[str, Document], list[Block]]] = {
    ".txt": text.read,
    ".md": markdown.read,
}
_IN_A_CHILD = {".pdf": "pdf", ".docx": "docx", ".html": "html", ".htm": "html"}
_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 20
REFUSED = 3
"""The child's exit status when it refuses a file, the reason on its stderr."""


def read_content(path: Path, document: Document) -> Content:
    """The document's blocks, in reading order, and what a curator should look at.

    Raises CorpusError if the file is missing, of a format without a reader, or holds no text that can be
    quoted exactly; the reason says what to do.
    """
    ending = path.suffix.lower()
    if ending in _HERE:
        content = Content(blocks=tuple(_HERE[ending](_text(path), document)))
    elif ending in _IN_A_CHILD:
        content = _read_in_a_child(path, _IN_A_CHILD[ending], document)
    else:
        raise CorpusError(f"{path.name}: no reader for {path.suffix or 'files without an ending'}; "
                          f"there are readers for {', '.join(sorted([*_HERE, *_IN_A_CHILD]))}")  # fmt: skip
    if not any(block.level == 0 and not block.title for block in content.blocks):
        raise CorpusError(f"{path.name}: holds no text to quote")
    return content


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # with the line ends of every system
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); mend the catalogue or the file") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path.name}: not UTF-8 at byte {error.start}; save it as UTF-8") from error


def _read_in_a_child(path: Path, reader: str, document: Document) -> Content:
    if not path.is_file():
        raise CorpusError(f"{path}: cannot be read (no such file); mend the catalogue or the file")
    command = [sys.executable, "-m", "corpus.readers.child", reader, str(path.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command,
            input=document.model_dump_json().encode(),
            capture_output=True,
            cwd=_ROOT,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CorpusError(
            f"{path.name}: not read within {_SECONDS} seconds; is it damaged, or made to hang?"
        ) from error
    if done.returncode == REFUSED:
        reason = done.stderr.decode(errors="replace").strip()
        raise CorpusError(reason if reason.startswith(path.name) else f"{path.name}: {reason}")
    try:
        if done.returncode == 0:
            return Content.model_validate_json(done.stdout)
    except ValidationError:
        pass
    raise CorpusError(
        f"{path.name}: its reader came to an end (status {done.returncode}); is it damaged, or larger than the limits?"
    )
