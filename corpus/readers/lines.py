"""Lines of running text to blocks: headings, articles, lists, footnotes, paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.clean import CJK, despace, display, join_wrapped
from corpus.models import Block
from corpus.sentences import is_sentence

_ZONE = 2  # lines at the top and at the bottom of a page that may be running headers and footers
_LONGEST_HEADING = 60  # characters; a longer line without an end is a sentence that lost it

_LONGEST_TITLE = 150
_UNBREAKABLE = re.compile(r"[!-~]{25}")
_Edges = dict[tuple[int, float], float]

_DIGITS = "0-9０-９一二三四五六七八九十百"
_CHAPTER = re.compile(rf"第[{_DIGITS}]+[章編部]|(?:Chapter|Part)\s+[\dIVX]+\b|หมวด\s*\d|บทที่\s*\d", re.IGNORECASE)
_ARTICLE = re.compile(
    rf"第[{_DIGITS}]+[条節](?:の[{_DIGITS}]+)?(?![のにをがはで、])|(?:Article|Section)\s+[\dIVX]+\b|(?:ข้อ|มาตรา)\s*\d",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:附則|付則|前文|序文|別紙|別表|別添)\s*[\d０-９一二三四五]*(?:[（(:：].*)?$|(?:Annex|Appendix|Preamble|Schedule)\b[^.]*$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"【[^】]+】$")
_NUMBERED = re.compile(r"(?:\d+(?:\.\d+)*[.．)）]?|[０-９]+[．）]?|[IVX]+\.)\s+\S|\d+[．、]\S")
_BULLET = re.compile(r"[・•●○◦▪■□◆◇–]\s*|[-*]\s+")
_ENUMERATED = re.compile(
    r"(?:[（(](?:\d{1,2}|[a-z]|[０-９]{1,2}|[ア-ン一二三四五六七八九十])[)）]|[①-⑳]|\d{1,2}[)）])\s*"
)
_NOTE = re.compile(r"(?:[※＊*]\s*[\d０-９]+|[（(]?注\s*[\d０-９]+[）)]?|\[\d+\])[\s　:：]*\S|※\s*\S")
_PAGE_NUMBER = re.compile(
    r"[-–—(\[<]*\s*(?:p\.?|pages?|หน้า)?\s*(?P<page>\d{1,4})\s*(?:(?:/|of|จาก)\s*\d{1,4})?\s*(?:ページ|頁)?\s*[-–—)\]>]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """A line of a page: where it begins (points; y upwards), where it ends, and how large its letters are."""

    text: str
    page: int | None = None
    x: float = 0.0
    y: float = 0.0
    size: float = 10.0
    end: float = 0.0
    """Where it ends, about (points)."""
    gaps: bool = False
    """Whether it has gaps wider than a space: its spaces mean something."""
    table: bool = False
    """Whether it is a row of a table, which is joined with nothing."""


@dataclass(frozen=True)
class Page:
    """A page's lines in reading order."""

    number: int
    lines: tuple[Line, ...]
    vertical: bool = False


@dataclass
class _Paragraph:
    """Lines that belong together, and what they are."""

    lines: list[Line]
    kind: str = "text"  # or heading, item, note, row
    level: int = 0


def width(text: str) -> float:
    """About how wide a line is, in ems: a CJK character is one, a letter half of one, a mark nothing."""
    return sum(
        0.0
        if unicodedata.category(c) in {"Mn", "Cf"}
        else 1.0
        if unicodedata.east_asian_width(c) in "WF"
        else 0.65
        if c.isupper() or "\u0e01" <= c <= "\u0e4f"
        else 0.5
        for c in text
    )


def blocks_of(pages: Sequence[Page]) -> tuple[list[Block], list[str]]:
    """The blocks of a document's pages, and what a curator should look at.

    The first title-like line is the title. A paragraph that goes on over a page break is one block, with
    the number of the page where it begins; footnotes between its parts follow it.
    """
    pages, dropped = _without_running_lines(pages)
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return [], []
    body = _body_size(lines)
    leading = _leading(lines)
    edges = _right_edges(lines)
    paragraphs: list[_Paragraph] = []
    for page in pages:
        found = _paragraphs(page, body, leading, edges)
        _append(paragraphs, found, edges)
    words = _Words(lines)
    title = _title(paragraphs, body)
    blocks: list[Block] = []
    hyphens: list[str] = []
    chapters = any(paragraph.kind == "heading" and paragraph.level == 1 for paragraph in paragraphs)
    for paragraph in paragraphs:
        texts = [line.text if line.gaps else despace(line.text) for line in paragraph.lines]
        hyphens += [left.split()[-1] + right.split()[0] for left, right in pairwise(texts)
                    if re.search(r"[a-z]-$", left) and re.match(r"[a-z]+\b(?![@.\w-])", right)]  # fmt: skip
        joined = join_wrapped(texts, words)
        text = display(joined if any(line.gaps for line in paragraph.lines) else despace(joined))
        mark = _BULLET.match(text) if paragraph.kind == "item" else None
        text = text[mark.end() :] if mark else text
        if not text:
            continue
        block = Block(
            text=text,
            level=0 if paragraph.kind != "heading" else paragraph.level if chapters else max(1, paragraph.level - 1),
            title=paragraph is title,
            item=paragraph.kind == "item",
            page=paragraph.lines[0].page,
        )
        blocks.append(block.model_copy(update={"level": 0}) if block.title else block)
    remarks = [f"left out running headers and footers: {', '.join(dropped[:4])}"] if dropped else []
    if hyphens:
        remarks.append(f"lines end in hyphens that may not be the writer's; check {', '.join(hyphens[:5])}")
    return blocks, remarks


# --- running headers and footers ----------------------------------------------------------------------


def _without_running_lines(pages: Sequence[Page]) -> tuple[list[Page], list[str]]:
    """Pages without what is repeated in their top and bottom two lines, and without their numbers.

    A line is repeated if it is the same on two pages and on two fifths of them, or differs only in the
    number of the page. A heading that differs in its number (第1条, 第2条) is no repetition.
    """
    zones = {id(page): _zone(page) for page in pages}
    same: Counter[tuple[str, str]] = Counter()
    counting: Counter[tuple[str, str]] = Counter()
    for page in pages:
        same.update({(end, _squeeze(line.text)) for line, end in zones[id(page)]})
        counting.update({(end, _masked(line.text, page.number)) for line, end in zones[id(page)]})
    enough = max(2, 0.4 * sum(not page.vertical for page in pages))
    kept: list[Page] = []
    dropped: dict[str, None] = {}
    for page in pages:
        running = [line for line in page.lines if page.vertical and _tells_page(line, page.number)]
        for line, end in zones[id(page)]:
            number = _PAGE_NUMBER.fullmatch(unicodedata.normalize("NFKC", line.text).strip())
            repeated = same[end, _squeeze(line.text)] >= enough
            counted = counting[end, _masked(line.text, page.number)] >= enough and not _marked(line.text)
            if number:
                if repeated or counted or _tells_page(line, page.number):
                    running.append(line)
            elif repeated or counted:
                running.append(line)
                dropped[display(line.text)] = None
        kept.append(Page(page.number, tuple(line for line in page.lines if line not in running), page.vertical))
    return kept, list(dropped)


def _tells_page(line: Line, page: int) -> bool:
    """Whether the line is this page's number with something that marks it as one: "- 3 -", "3 / 7", "Page 3"."""
    text = unicodedata.normalize("NFKC", line.text).strip()
    number = _PAGE_NUMBER.fullmatch(text)
    return bool(number) and not text.isdigit() and int(number["page"]) == page if number else False


def _zone(page: Page) -> list[tuple[Line, str]]:
    """The top and the bottom lines of a page; none of a page of vertical writing."""
    if page.vertical:
        return []
    ordered = sorted(page.lines, key=lambda line: -line.y)
    top, bottom = ordered[:_ZONE], ordered[max(_ZONE, len(ordered) - _ZONE) :]
    return [(line, "top") for line in top] + [(line, "bottom") for line in bottom]


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _masked(text: str, page: int) -> str:
    """The text with the page's number as a mark, so that it is the same on every page."""
    return re.sub(r"\d+", lambda found: "#" if int(found.group()[:9]) == page else found.group(), _squeeze(text))


def _marked(text: str) -> bool:
    return bool(_CHAPTER.match(text) or _ARTICLE.match(despace(text)) or _ENUMERATED.match(text))


# --- paragraphs ---------------------------------------------------------------------------------------


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] or 1.0


def _leading(lines: Sequence[Line]) -> float:
    """The usual distance between lines, in ems."""
    gaps = [(a.y - b.y) / b.size for a, b in pairwise(lines)
            if a.page == b.page and b.size and abs(a.size - b.size) < 0.1 and a.y > b.y]  # fmt: skip
    return median(sorted(gaps)[: max(1, len(gaps) * 3 // 4)]) if gaps else 1.5


def _right_edges(lines: Sequence[Line]) -> _Edges:
    """How far the lines of a column and a size reach (points), but for those that a long address pushes out."""
    reach: dict[tuple[int, float], list[tuple[bool, float]]] = {}
    for line in lines:
        reach.setdefault(_column(line), []).append((not _UNBREAKABLE.search(line.text), line.end))
    # Of the lines that could be broken, all but the last few in a hundred; of the others, only if there are no more.
    edges = {}
    for column, ends in reach.items():
        breakable = sorted(end for may_break, end in ends if may_break) or sorted(end for _, end in ends)
        edges[column] = breakable[round(0.97 * (len(breakable) - 1))]
    return edges


def _column(line: Line) -> tuple[int, float]:
    return round(line.x / 100), round(line.size)


def _breaks_off(before: Line, after: Line, edges: _Edges) -> bool:
    """Whether `before` ends where the first word of `after` would still have found room."""
    head = re.match(rf"[{CJK}]|[^\s{CJK}]+", after.text.lstrip())
    word = width(head.group()[:80]) if head else 0.0
    room = edges.get(_column(before), 0.0) - before.x
    return before.end - before.x + (word + 2) * before.size < 0.9 * room


def _paragraphs(page: Page, body: float, leading: float, edges: _Edges) -> list[_Paragraph]:
    paragraphs: list[_Paragraph] = []
    previous: Line | None = None
    for index, line in enumerate(page.lines):
        following = page.lines[index + 1] if index + 1 < len(page.lines) else None
        starts = _kind(line, previous, following, body)
        last = paragraphs[-1] if paragraphs else None
        if (
            last
            and previous
            and starts.kind in {"text", "heading"}
            and _goes_on(last, previous, line, starts, body, leading, edges)
        ):
            last.lines.append(line)
        else:
            paragraphs.append(starts)
        previous = line
    return paragraphs


def _kind(line: Line, previous: Line | None, following: Line | None, body: float) -> _Paragraph:
    """What would begin with this line."""
    text = despace(line.text).strip()
    if line.table:
        return _Paragraph([line], "row")
    if _NOTE.match(text):
        return _Paragraph([line], "note")
    large = line.size >= 1.12 * body
    if len(text) <= _LONGEST_HEADING and not is_sentence(text):
        if _CHAPTER.match(text):
            return _Paragraph([line], "heading", 1)
        if _ARTICLE.match(text) or _NAMED.match(text) or _BRACKETED.match(text):
            return _Paragraph([line], "heading", 2)
        if large and not _BULLET.match(text):
            return _Paragraph([line], "heading", 2)
        if (
            _NUMBERED.match(text)
            and not _listed(previous)
            and not _listed(following)
            and _stands_alone(line, following)
        ):
            return _Paragraph([line], "heading", 2)
    if _BULLET.match(text) or _ENUMERATED.match(text) or _NUMBERED.match(text):
        return _Paragraph([line], "item")
    return _Paragraph([line])


def _listed(line: Line | None) -> bool:
    return line is not None and bool(_NUMBERED.match(line.text.strip()))


def _stands_alone(line: Line, following: Line | None) -> bool:
    """Whether what follows begins anew, and does not end this line's sentence."""
    return following is not None and not re.match(r"[a-z]", following.text.strip()) and width(line.text) < 30


def _goes_on(
    last: _Paragraph,
    before: Line,
    line: Line,
    starts: _Paragraph,
    body: float,
    leading: float,
    edges: _Edges,
) -> bool:
    """Whether `line` goes on with the paragraph that ends with `before`, on the same page."""
    if last.kind == "row" or abs(before.size - line.size) > 0.08 * before.size:
        return False
    gap = (before.y - line.y) / (line.size or 1)
    if last.kind == "heading":
        return (
            starts.kind == "heading"
            and before.size >= 1.12 * body
            and 0 < gap < 1.3 * leading
            and not _marked(line.text)
        )
    if starts.kind == "heading":
        return False
    if gap < 0:  # the top of another column
        return not is_sentence(before.text.rstrip()) and not _breaks_off(before, line, edges)
    if gap > 1.25 * leading + 0.05 or line.text.startswith("\u3000"):
        return False
    if last.kind == "text" and len(last.lines) > 1 and line.x > before.x + 0.8 * line.size:
        return False
    if last.kind == "item" and line.x < last.lines[0].x - 0.5 * line.size:
        return False
    return not _breaks_off(before, line, edges)


def _append(paragraphs: list[_Paragraph], found: list[_Paragraph], edges: _Edges) -> None:
    """Adds a page's paragraphs; its first goes on with the last one before it if that has no end."""
    if paragraphs and found and found[0].kind == "text":
        running = next((p for p in reversed(paragraphs) if p.kind != "note"), None)
        for last in (running, paragraphs[-1]):
            if last and last.kind in {"text", "item", "note"} and _unfinished(last.lines[-1], found[0].lines[0], edges):
                last.lines += found.pop(0).lines
                break
    paragraphs += found


def _unfinished(before: Line, after: Line, edges: _Edges) -> bool:
    same = abs(before.size - after.size) < 0.08 * before.size
    return same and not is_sentence(before.text.rstrip()) and not _breaks_off(before, after, edges)


def _title(paragraphs: Sequence[_Paragraph], body: float) -> _Paragraph | None:
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
    large = [p for p in early if p.lines[0].size >= 1.12 * body]
    if large:
        return max(large, key=lambda p: p.lines[0].size)
    return early[0] if early and early[0] is paragraphs[0] and not _marked(early[0].lines[0].text) else None


class _Words:
    """The words of a document, case folded: which of them a hyphen at the end of a line has cut in two.

    Known words are those that stand whole somewhere. If most of the words cut are known ones, the layout
    hyphenates, and then unknown ones are taken for cut too, unless they stand with their hyphen elsewhere.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        texts = [line.text.casefold().rstrip() for line in lines]
        self._known = {word for text in texts for word in re.findall(r"[^\W\d_]{3,}(?!-$)", text)}
        self._compounds = {
            word.replace("-", "") for text in texts for word in re.findall(r"[^\W\d_]+-[^\W\d_]+(?!-)", text)
        }
        cut = [
            (left[1] + right[0]) in self._known
            for before, after in pairwise(texts)
            if (left := re.search(r"([^\W\d_]+)-$", before)) and (right := re.match(r"[^\W\d_]+", after))
        ]
        self._hyphenates = sum(cut) >= 3 and sum(cut) > 0.4 * len(cut)

    def __contains__(self, word: object) -> bool:
        return word in self._known or (self._hyphenates and word not in self._compounds)
