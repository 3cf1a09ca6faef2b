"""A walk over a page with pypdf's visitors, which keep where every piece of text was drawn."""

from __future__ import annotations

import math
import re
from typing import Any

from pypdf import PageObject
from pypdf.generic import ArrayObject, TextStringObject

from corpus.clean import CJK, UNSPACED
from corpus.readers.pdf.repair import plain_forms
from corpus.readers.pdf.rows import Row

_Matrix = list[float]

_SHOWS = {b"Tj", b"TJ", b"'", b'"'}
_SMALLEST, _FARTHEST = 0.01, 100_000.0  # points; sizes and places beyond them are a broken file's
_CLUSTERED = re.compile(r"[\u0900-\u109f\u1780-\u17ff]")  # scripts whose glyphs are clusters, not letters
_TIGHT = re.compile(rf"[{CJK}{UNSPACED}]")
_KANA = re.compile(r"[\u3041-\u30fa]")


def rows_of(page: PageObject) -> list[Row]:
    """The rows of a page that have text, in the order in which they are drawn, look-alikes made plain."""
    rows = _drawn_rows(page, flat=False)
    if any(" " in row.text and _TIGHT.search(row.text) for row in rows):
        flat = _drawn_rows(page, flat=True)
        if len(rows) == len(flat):
            for row, bare in zip(rows, flat, strict=True):
                if len(row.parts()) == 1:
                    row.text = _drawn_spaces(row.text, bare.text)
    japanese = any(_KANA.search(row.text) for row in rows)
    for row in rows:
        row.text = plain_forms(row.text, japanese)
    return rows


def _drawn_rows(page: PageObject, flat: bool) -> list[Row]:
    walk = _Walk(flat)
    page.extract_text(visitor_operand_before=walk.operand, visitor_text=walk.text)
    for row in walk.rows:
        row.text = "".join(row.pieces)
        row.size = row.size if _SMALLEST < row.size < _FARTHEST else 10.0
    return [row for row in walk.rows if row.text.strip()]


def _drawn_spaces(text: str, bare: str) -> str:
    """`text` without the spaces beside CJK or Thai that are gaps in the layout: `bare` has only those drawn."""
    if text.replace(" ", "") != bare.replace(" ", ""):
        return text
    kept: list[str] = []
    at = 0
    for index, character in enumerate(text):
        drawn = at < len(bare) and bare[at] == character
        if character != " " or drawn:
            kept.append(character)
            at += drawn
        elif not (_TIGHT.match(text[index - 1 : index]) or _TIGHT.match(text[index + 1 : index + 2])):
            kept.append(character)
    return "".join(kept)


class _Walk:
    """pypdf's visitors over one page: rows of text with their places."""

    def __init__(self, flat: bool) -> None:
        self.rows: list[Row] = [Row()]
        self._flat = flat  # every piece is said to be drawn at the left edge, so that pypdf sees no gap
        self._actual: list[str | None] = []

    def operand(self, operator: bytes, operands: list[Any], cm: _Matrix, tm: _Matrix) -> None:
        """Before an operator is carried out: keeps where it draws, and may change its operands."""
        if operator in {b"BDC", b"BMC"}:
            actual = _actual_text(operands)
            self._actual.append(actual if _CLUSTERED.search(actual) else None)
        elif operator == b"EMC" and self._actual:
            self._actual.pop()
        elif operator in _SHOWS and operands:
            self._show(operands, cm, tm)
        elif self._flat and operands:
            if operator in {b"Td", b"TD"}:
                operands[0] = 0.0
            elif operator in {b"Tm", b"cm"} and len(operands) == 6 and not operands[1]:
                operands[4] = 0.0

    def _show(self, operands: list[Any], cm: _Matrix, tm: _Matrix) -> None:
        shown = operands[-1]
        pieces = [piece for piece in (shown if isinstance(shown, list) else [shown]) if isinstance(piece, str | bytes)]
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        stretch = -sum(float(gap) for gap in shown if isinstance(gap, int | float)) if isinstance(shown, list) else 0.0
        if not (abs(x) < _FARTHEST and abs(y) < _FARTHEST):  # NaN is neither
            x, y = 0.0, 0.0
        self.rows[-1].show(x, y, sum(len(piece) for piece in pieces), stretch / 1000)
        if self._actual and self._actual[-1] is not None:
            # The PDF says which letters these glyphs are; pypdf does not ask it, but takes text as it is.
            pieces = [TextStringObject(self._actual[-1])]
            self._actual[-1] = ""
        elif not (self._flat and isinstance(shown, list)):
            return
        operands[-1] = ArrayObject(pieces) if isinstance(shown, list) else pieces[0]

    def text(self, text: str, cm: _Matrix, tm: _Matrix, font: Any, size: float) -> None:
        """Text that pypdf has decoded; a line feed ends a row."""
        if text.strip():
            scale = math.hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
            self.rows[-1].size = max(self.rows[-1].size, size * scale)
            if font is not None and (not self.rows[-1].fonts or self.rows[-1].fonts[-1] is not font):
                self.rows[-1].fonts.append(font)
        *ended, rest = text.split("\n")
        for part in ended:
            self.rows[-1].pieces.append(part)
            self.rows.append(Row())
        self.rows[-1].pieces.append(rest)


def _actual_text(operands: list[Any]) -> str:
    """What marked content says that it reads (ISO 32000-1, 14.9.4), or nothing."""
    properties = operands[1] if len(operands) > 1 else None
    actual = properties.get("/ActualText", "") if isinstance(properties, dict) else ""
    if isinstance(actual, bytes):
        return actual[2:].decode("utf-16-be", "replace") if actual.startswith(b"\xfe\xff") else ""
    return str(actual)
