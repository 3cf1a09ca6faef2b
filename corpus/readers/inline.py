"""Inline text of Word files and web pages: a run of it, with breaks and raised digits, as paragraphs or one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.clean import CJK, display, join_lines

BREAK = "\v"
"""A forced line break inside a run; the line ends of the file itself are line feeds."""
LAYOUT = str.maketrans({"\f": " ", "\v": " ", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
"""For str.translate: rare separators in the text of a file as spaces and line feeds, so that none is a BREAK."""

_IDEOGRAPH = re.compile(f"[{CJK}]")
_BULLET = re.compile(r"^[・•]\s*")
_LINE_START = re.compile(r"[・•●○■□◆◇▪※]|[(（]?[0-9０-９]{1,2}[)）.．]\s|[-*]\s")
_RAISED = re.compile(r"[0-9+\-−]+")
_SUPERSCRIPTS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


def pieces(run: str) -> Iterator[tuple[str, bool]]:
    """The paragraphs in a run of text whose forced breaks are `BREAK`: (text, whether it is a list item).

    Two breaks in a row part paragraphs; a line that starts with a list mark is a paragraph of its own;
    other lines are joined as wrapped lines are. A bullet is layout and goes, any other mark stays.
    """
    for part in re.split(rf"{BREAK}(?:\s*{BREAK})+", _unwrap(run)):
        lines: list[str] = []
        for line in part.split(BREAK):
            if lines and not _LINE_START.match(line.lstrip()):
                lines[-1] += "\n" + line
            else:
                lines.append(line)
        for line in lines:
            text = display(join_lines(line))
            item = _BULLET.match(text)
            if text := text[item.end() :] if item else text:
                yield text, item is not None


def one_line(run: str) -> str:
    """A run of text that is one paragraph whatever its breaks: a heading, a cell."""
    return display(join_lines(_unwrap(run).replace(BREAK, "\n")))


def table_row(cells: Sequence[str]) -> str:
    """The cells of a row, each of them one line, in one line; "" if all are empty."""
    return display(" | ".join(cells).rstrip(" |"))


def superscript(raised: str) -> str | None:
    """A raised number in characters of its own, so that 10 to the 6th is not read as 106; None if it is no number."""
    return raised.translate(_SUPERSCRIPTS) if _RAISED.fullmatch(raised) else None


def _unwrap(run: str) -> str:
    """Without the line ends of the file, which are spaces but between CJK characters (CSS Text 3, 4.1.3)."""
    parts: list[str] = []
    for line in filter(None, (line.strip(" \t") for line in run.split("\n"))):
        if parts:
            before, after = parts[-1][-1], line[0]
            joined = BREAK in {before, after} or (_IDEOGRAPH.match(before) and _IDEOGRAPH.match(after))
            line = line if joined else f" {line}"
        parts.append(line)
    return "".join(parts)
