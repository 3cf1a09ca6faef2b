"""Plain text: paragraphs between blank lines, 【…】 headings, list marks, repeated page furniture."""

from __future__ import annotations

import re
from collections import Counter

from corpus.clean import CJK, display, join_lines
from corpus.models import Block, Content, Document
from corpus.readers.plain import checked, decode
from corpus.sentences import is_sentence

# Where an opening mark finds no closing one, no later mark of its line does: the rest is passed over at once.
_EMPHASIS = re.compile(r"( ?)\*\*(\S(?:[^\n]*?\S)?)\*\*|\*\*\S[^\n]*")
_LIST_MARK = re.compile(r"^(?:[-*•]\s+[・•]?|[・•])\s*")
_BRACKETED = re.compile(r"^【.+】$")
_FOOTNOTE = re.compile(r"^【?\s*※\s*\d+")
_FURNITURE_REPEATS = 3


def read(data: bytes, document: Document) -> Content:
    """The blocks of a text file. Its first paragraph is the title if it is no sentence and more follows.

    A paragraph that comes three times or more, spaces aside, is page furniture (a banner,
    a running header) and is left out. Headings: lines in 【…】, and those that the catalogue names.
    Raises CorpusError if it is no text in UTF-8, or is too large.
    """
    content = decode(data, document.file)
    paragraphs = [part for part in re.split(r"\n\s*\n", display(_EMPHASIS.sub(_unmarked, content))) if part]
    repeats = Counter(_squeezed(part) for part in paragraphs)
    hinted = {_squeezed(heading) for heading in document.headings}
    blocks: list[Block] = []
    dropped: dict[str, None] = {}
    bracket_level = 1
    for paragraph in paragraphs:
        squeezed = _squeezed(paragraph)
        if repeats[squeezed] >= _FURNITURE_REPEATS:
            dropped[join_lines(paragraph)[:60]] = None
            continue
        if not blocks and len(paragraphs) > 1 and not is_sentence(join_lines(paragraph)):
            blocks.append(Block(text=join_lines(paragraph), title=True))
        elif squeezed in hinted or (_FOOTNOTE.match(paragraph) and _BRACKETED.match(paragraph)):
            bracket_level = 1
            blocks.append(Block(text=paragraph, level=1))
        elif _BRACKETED.match(paragraph):
            if blocks and blocks[-1].level == 1:  # right under another heading: a part of its section
                bracket_level = 2
            blocks.append(Block(text=paragraph, level=bracket_level))
        else:
            blocks.extend(_running_text(paragraph))
    warnings = [f"left out what is repeated on every page: {', '.join(list(dropped)[:4])}"] if dropped else []
    return checked(blocks, document.file, warnings)


def _running_text(paragraph: str) -> list[Block]:
    """List items each on its own; the lines between them joined."""
    blocks: list[Block] = []
    wrapped: list[str] = []
    for line in paragraph.split("\n"):
        if mark := _LIST_MARK.match(line):
            if wrapped:
                blocks.append(Block(text=join_lines("\n".join(wrapped))))
                wrapped = []
            if item := line[mark.end() :]:
                blocks.append(Block(text=item, item=True))
        else:
            wrapped.append(line)
    if wrapped:
        blocks.append(Block(text=join_lines("\n".join(wrapped))))
    return blocks


def _unmarked(emphasis: re.Match[str]) -> str:
    """Emphasised words without their marks; between CJK characters the space before a mark is the mark's."""
    space, words = emphasis.groups()
    if words is None:
        return emphasis.group()
    return words if re.match(f"[{CJK}]", words) else space + words


def _squeezed(paragraph: str) -> str:
    return re.sub(r"\s", "", paragraph)
