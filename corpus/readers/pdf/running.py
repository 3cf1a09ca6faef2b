"""Running headers and footers, and the numbers of pages."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from corpus.clean import display
from corpus.readers.pdf.kinds import is_marked
from corpus.readers.pdf.lines import Line, Page

_ZONE = 2  # lines at the top and at the bottom of a page that may be running headers and footers
_PAGE_NUMBER = re.compile(
    r"[-–—(\[<]*\s*(?:p\.?|pages?|หน้า)?\s*(?P<page>\d{1,4})\s*(?:(?:/|of|จาก)\s*\d{1,4})?\s*(?:ページ|頁)?\s*[-–—)\]>]*",
    re.IGNORECASE,
)


def without_running_lines(pages: Sequence[Page]) -> tuple[list[Page], list[str]]:
    """Pages without what is repeated in their top and bottom two lines, and without their numbers; what that was.

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
            number = _PAGE_NUMBER.fullmatch(_normal(line.text))
            repeated = same[end, _squeeze(line.text)] >= enough
            counted = counting[end, _masked(line.text, page.number)] >= enough and not is_marked(line.text)
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
    text = _normal(line.text)
    number = _PAGE_NUMBER.fullmatch(text)
    return number is not None and not text.isdigit() and int(number["page"]) == page


def _zone(page: Page) -> list[tuple[Line, str]]:
    """The top and the bottom lines of a page; none of a page of vertical writing."""
    if page.vertical:
        return []
    ordered = sorted(page.lines, key=lambda line: -line.y)
    top, bottom = ordered[:_ZONE], ordered[max(_ZONE, len(ordered) - _ZONE) :]
    return [(line, "top") for line in top] + [(line, "bottom") for line in bottom]


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _squeeze(text: str) -> str:
    return "".join(_normal(text).split())


def _masked(text: str, page: int) -> str:
    """The text with the page's number as a mark, so that it is the same on every page."""
    return re.sub(r"\d+", lambda found: "#" if int(found.group()[:9]) == page else found.group(), _squeeze(text))
