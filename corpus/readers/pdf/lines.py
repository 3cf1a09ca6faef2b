"""Lines of a page, with their places."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


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
