"""Files to blocks, one module a format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.errors import CorpusError
from corpus.models import Block, Document
from corpus.readers import markdown, text

_READERS: dict[str, Callable[[str, Document], list[Block]]] = {
    ".txt": text.read,
    ".md": markdown.read,
}


def read_blocks(path: Path, document: Document) -> list[Block]:
    """The document's blocks, in reading order.

    Raises CorpusError if the file is missing, of a format without a reader, not UTF-8, or blank.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise CorpusError(f"{path.name}: no reader for {path.suffix or 'files without an ending'}; "
                          f"there are readers for {', '.join(sorted(_READERS))}")  # fmt: skip
    try:
        content = path.read_text(encoding="utf-8-sig")  # with the line ends of every system
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); mend the catalogue or the file") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path.name}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    blocks = reader(content, document)
    if not any(block.level == 0 and not block.title for block in blocks):
        raise CorpusError(f"{path.name}: holds no text to quote")
    return blocks
