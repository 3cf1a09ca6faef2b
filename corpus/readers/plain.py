"""What text files and Markdown share: their bytes as text, and the blocks that are made of it, checked."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.errors import CorpusError
from corpus.models import Block, Content
from corpus.readers.checks import around_lost_character, refuse_another, refuse_long

_LARGEST = 10_000_000  # bytes; a thousand pages take about three million


def decode(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, its line ends as line feeds.

    Raises CorpusError, in the name of the file, for any other encoding, and for what is too large or no text.
    """
    if not data.strip():
        raise CorpusError(f"{name}: is empty")
    if len(data) > _LARGEST:
        raise CorpusError(f"{name}: has {len(data):,} bytes, more than {_LARGEST:,}; save it in parts")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{name}: not UTF-8 at byte {error.start} ({_line(data, error.start)}); "
                          "save it as UTF-8") from error  # fmt: skip
    if (at := data.find(b"\0")) >= 0:
        raise CorpusError(f"{name}: holds NUL bytes ({_line(data, at)}): is it really a text file? Save it as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def checked(blocks: Iterable[Block], name: str, warnings: Iterable[str] = ()) -> Content:
    """The blocks as they are, and what a curator should look at.

    Raises CorpusError, in the name of the file, if there are too many of them or one is too long, or if a
    character was lost before the file was saved.
    """
    found: list[Block] = []
    for block in blocks:
        refuse_another(len(found), name)
        refuse_long(block.text, name)
        if around := around_lost_character(block.text):
            raise CorpusError(f"{name}: a character was lost before the file was saved ({around!r}); "
                              "get the file from where it was written")  # fmt: skip
        found.append(block)
    return Content(blocks=tuple(found), warnings=tuple(warnings))


def _line(data: bytes, at: int) -> str:
    return f"line {data.count(10, 0, at) + 1}"
