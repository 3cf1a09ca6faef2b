"""Pages of lines to blocks: headings, articles, lists, footnotes, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.clean import display
from corpus.models import Block
from corpus.readers.checks import refuse_long
from corpus.readers.pdf.kinds import without_bullet
from corpus.readers.pdf.lines import Page
from corpus.readers.pdf.measures import Measures
from corpus.readers.pdf.paragraphs import Paragraph, paragraphs_of, title_of
from corpus.readers.pdf.repair import despace, join_wrapped
from corpus.readers.pdf.running import without_running_lines
from corpus.readers.pdf.words import Words

_LONGEST = 100_000  # characters of a paragraph: where pages do not show where one ends, they run together


def blocks_of(pages: Sequence[Page], name: str) -> tuple[list[Block], list[str]]:
    """The blocks of a document's pages, and what a curator should look at.

    The first title-like line is the title. A paragraph that goes on over a page break is one block, with
    the number of the page where it begins; footnotes between its parts follow it.
    Raises CorpusError, in the `name` of the file, for a paragraph that is too long.
    """
    pages, dropped = without_running_lines(pages)
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return [], []
    measures = Measures.of(lines)
    paragraphs = paragraphs_of(pages, measures)
    title = title_of(paragraphs, measures)
    words = Words(lines)
    chapters = any(paragraph.kind == "heading" and paragraph.level == 1 for paragraph in paragraphs)
    blocks: list[Block] = []
    hyphens: list[str] = []
    for paragraph in paragraphs:
        texts = [line.text if line.gaps else despace(line.text) for line in paragraph.lines]
        hyphens += _hyphens(texts)
        level = paragraph.level if chapters else max(1, paragraph.level - 1)
        if text := _text(paragraph, texts, words):
            refuse_long(text, f"{name}: page {paragraph.lines[0].page}", _LONGEST)
            block = Block(
                text=text,
                level=level if paragraph.kind == "heading" and paragraph is not title else 0,
                title=paragraph is title,
                item=paragraph.kind == "item",
                page=paragraph.lines[0].page,
            )
            blocks.append(block)
    remarks = (
        [f"left out running headers and footers: {', '.join(line[:60] for line in dropped[:4])}"] if dropped else []
    )
    if hyphens:
        remarks.append(
            f"lines end in hyphens that may not be the writer's; check {', '.join(word[:40] for word in hyphens[:5])}"
        )
    return blocks, remarks


def _text(paragraph: Paragraph, texts: Sequence[str], words: Words) -> str:
    """A paragraph's lines, joined."""
    joined = join_wrapped(texts, words)
    text = display(joined if any(line.gaps for line in paragraph.lines) else despace(joined))
    return without_bullet(text) if paragraph.kind == "item" else text


def _hyphens(lines: Sequence[str]) -> list[str]:
    """The words that a hyphen parts at the end of a line, with it."""
    return [left.split()[-1] + right.split()[0] for left, right in pairwise(lines)
            if re.search(r"[a-z]-$", left) and re.match(r"[a-z]+\b(?![@.\w-])", right)]  # fmt: skip
