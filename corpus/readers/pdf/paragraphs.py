"""Lines to paragraphs: which of them go on with the one before, also over a page break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.pdf.kinds import is_marked, kind_of
from corpus.readers.pdf.lines import Line, Page
from corpus.readers.pdf.measures import Measures
from corpus.sentences import is_sentence

_LONGEST_TITLE = 150


@dataclass
class Paragraph:
    """Lines that belong together, and what they are."""

    lines: list[Line]
    kind: str = "text"  # or heading, item, note, row
    level: int = 0


def paragraphs_of(pages: Sequence[Page], measures: Measures) -> list[Paragraph]:
    """The paragraphs of a document; one that goes on over a page break is one, before the notes that part it."""
    paragraphs: list[Paragraph] = []
    for page in pages:
        found = _on_one_page(page, measures)
        if found and (unfinished := _unfinished(paragraphs, found[0], measures)):
            unfinished.lines += found.pop(0).lines
        paragraphs += found
    return paragraphs


def title_of(paragraphs: Sequence[Paragraph], measures: Measures) -> Paragraph | None:
    """The largest of the first page's first lines that could be a title; none of them: no title."""
    first = paragraphs[0].lines[0].page
    early = [
        p
        for p in paragraphs[:8]
        if p.lines[0].page == first
        and p.kind in {"text", "heading"}
        and not is_sentence(p.lines[-1].text.rstrip())
        and sum(len(line.text) for line in p.lines) <= _LONGEST_TITLE
    ]
    large = [p for p in early if measures.is_large(p.lines[0])]
    if large:
        return max(large, key=lambda p: p.lines[0].size)
    return early[0] if early and early[0] is paragraphs[0] and not is_marked(early[0].lines[0].text) else None


def _on_one_page(page: Page, measures: Measures) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    for previous, line, following in zip((None, *page.lines), page.lines, (*page.lines[1:], None), strict=False):
        kind, level = kind_of(line, previous, following, measures.is_large(line))
        if paragraphs and _goes_on(paragraphs[-1], line, kind, measures):
            paragraphs[-1].lines.append(line)
        else:
            paragraphs.append(Paragraph([line], kind, level))
    return paragraphs


def _goes_on(last: Paragraph, line: Line, kind: str, measures: Measures) -> bool:
    """Whether a line that could begin a `kind` goes on with the last paragraph before it on its page."""
    if kind not in {"text", "heading"}:
        return False
    before, leading = last.lines[-1], measures.leading
    if last.kind == "row" or abs(before.size - line.size) > 0.08 * before.size:
        return False
    gap = (before.y - line.y) / (line.size or 1)
    if last.kind == "heading":
        return kind == "heading" and measures.is_large(before) and 0 < gap < 1.3 * leading and not is_marked(line.text)
    if kind == "heading":
        return False
    if gap < 0:  # the top of another column
        return not is_sentence(before.text.rstrip()) and not measures.breaks_off(before, line)
    if gap > 1.25 * leading + 0.05 or line.text.startswith("\u3000"):
        return False
    if last.kind == "text" and len(last.lines) > 1 and line.x > before.x + 0.8 * line.size:
        return False
    if last.kind == "item" and line.x < last.lines[0].x - 0.5 * line.size:
        return False
    return not measures.breaks_off(before, line)


def _unfinished(paragraphs: Sequence[Paragraph], following: Paragraph, measures: Measures) -> Paragraph | None:
    """Of the paragraphs before a page break, the one that the first paragraph behind it goes on with."""
    if not paragraphs or following.kind != "text":
        return None
    running = next((p for p in reversed(paragraphs) if p.kind != "note"), None)
    after = following.lines[0]
    for last in (running, paragraphs[-1]):
        if last and last.kind in {"text", "item", "note"}:
            before = last.lines[-1]
            same = abs(before.size - after.size) < 0.08 * before.size
            if same and not is_sentence(before.text.rstrip()) and not measures.breaks_off(before, after):
                return last
    return None
