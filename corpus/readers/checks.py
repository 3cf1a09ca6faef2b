"""Checks that formats share: is there text to quote, is it whole, is it of a reasonable size."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.errors import CorpusError
from corpus.models import Block

LONGEST_PARAGRAPH = 20_000  # characters; finding its sentences takes time that grows with the square
_MOST_PARAGRAPHS = 50_000
_MOST_CHARACTERS = 5_000_000  # three thousand pages


def has_text(blocks: Iterable[Block]) -> bool:
    """Whether any block is running text: neither the title nor a heading."""
    return any(block.level == 0 and not block.title for block in blocks)


def refuse_long(paragraph: str, where: str, most: int = LONGEST_PARAGRAPH) -> None:
    """Raises CorpusError, with `where` it is (a file, a page), for a paragraph of more than `most` characters."""
    if len(paragraph) > most:
        raise CorpusError(f"{where}: a paragraph of {len(paragraph):,} characters, more than {most:,} "
                          f"({paragraph[:30]!r}…); part it into paragraphs")  # fmt: skip


def refuse_another(count: int, file: str) -> None:
    """Raises CorpusError, in the name of `file`, if one paragraph more than `count` is too many."""
    if count == _MOST_PARAGRAPHS:
        raise CorpusError(f"{file}: has more than {_MOST_PARAGRAPHS:,} paragraphs; save it in parts")


def refuse_more(blocks: Iterable[Block], file: str) -> None:
    """Raises CorpusError, in the name of `file`, for more text than a document has."""
    if (characters := sum(len(block.text) for block in blocks)) > _MOST_CHARACTERS:
        raise CorpusError(f"{file}: holds {characters:,} characters, more than {_MOST_CHARACTERS:,}; save it in parts")


def around_lost_character(text: str) -> str | None:
    """What stands around the first U+FFFD, which some program wrote for a character it could not read."""
    at = text.find("\ufffd")
    return text[max(at - 15, 0) : at + 15] if at >= 0 else None
