"""What a line would begin: a heading, a list item, a note, a row of a table, or running text."""

from __future__ import annotations

import re

from corpus.readers.pdf.lines import Line, width
from corpus.readers.pdf.repair import despace
from corpus.sentences import is_sentence

_LONGEST_HEADING = 60  # characters; a longer line without an end is a sentence that lost it

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


def kind_of(line: Line, previous: Line | None, following: Line | None, large: bool) -> tuple[str, int]:
    """What would begin with a line, and the level if it is a heading; `large` if its letters are."""
    text = despace(line.text).strip()
    if line.table:
        return "row", 0
    if _NOTE.match(text):
        return "note", 0
    if len(text) <= _LONGEST_HEADING and not is_sentence(text):
        if _CHAPTER.match(text):
            return "heading", 1
        if _ARTICLE.match(text) or _NAMED.match(text) or _BRACKETED.match(text):
            return "heading", 2
        if large and not _BULLET.match(text):
            return "heading", 2
        if _NUMBERED.match(text) and _stands_alone(previous, line, following):
            return "heading", 2
    if _BULLET.match(text) or _ENUMERATED.match(text) or _NUMBERED.match(text):
        return "item", 0
    return "text", 0


def is_marked(text: str) -> bool:
    """Whether a line begins with the number of a chapter, an article or a list item."""
    return bool(_CHAPTER.match(text) or _ARTICLE.match(despace(text)) or _ENUMERATED.match(text))


def without_bullet(item: str) -> str:
    """A list item's text without a mark that is layout; any other mark stays."""
    mark = _BULLET.match(item)
    return item[mark.end() :] if mark else item


def _stands_alone(previous: Line | None, line: Line, following: Line | None) -> bool:
    """Whether a numbered line is no item of a list, and what follows begins anew and does not end its sentence."""
    if _listed(previous) or _listed(following):
        return False
    return following is not None and not re.match(r"[a-z]", following.text.strip()) and width(line.text) < 30


def _listed(line: Line | None) -> bool:
    return line is not None and bool(_NUMBERED.match(line.text.strip()))
