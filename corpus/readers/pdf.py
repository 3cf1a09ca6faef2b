"""PDF, through pypdf: text that can be quoted exactly, or a reason why there is none.

pypdf gives the words of a page but not its layout, and garbage without an error for fonts that it cannot
decode. So each page is walked with visitors that keep where every piece of text was drawn; what that
cannot settle is refused.
"""

from __future__ import annotations

import logging
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import accumulate
from statistics import median
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import ArrayObject, TextStringObject

from corpus.clean import CJK, UNSPACED, plain_forms, strip_invisible
from corpus.errors import CorpusError
from corpus.models import Content, Document
from corpus.readers.lines import Line, Page, blocks_of, width

Matrix = list[float]

_SHOWS = {b"Tj", b"TJ", b"'", b'"'}
_GARBLED_SHARE = 0.01  # of a page's characters; a stray bullet from a symbol font stays below it
_GUTTER = 1.2  # ems between two columns, at least; justified text stretches its spaces less
_SMALLEST, _FARTHEST = 0.01, 100_000.0  # points; sizes and places beyond them are a broken file's
_FILLED = 0.6  # of a column's width is text, at least; the cells of a table are emptier
_COLUMN_ROWS = 6
_TABLE_ROWS = 3
_RUBY_SIZE = 0.65  # of the size of the text that it annotates
_CLUSTERED = re.compile(r"[\u0900-\u109f\u1780-\u17ff]")  # scripts whose glyphs are clusters, not letters
_DOUBLE_TONES = re.compile(r"[\u0e48-\u0e4b]{2}")
_TIGHT = re.compile(rf"[{CJK}{UNSPACED}]")
_DAMAGE = re.compile(
    r"PdfReadError|decompressing|page tree entry|Skipping broken|Impossible to decode|cannot be decoded"
    r"|not defined|cyclic form"
)
_KANA = re.compile(r"[\u3041-\u30fa]")
_READING = re.compile(r"[\u3040-\u30ff\s]+")


def read(data: bytes, document: Document) -> Content:
    """The blocks of a PDF, with 1-based page numbers, and what a curator should look at.

    Raises CorpusError, with the page and what to do, for a file that is damaged, needs a password, has no
    text (a scan), uses fonts that cannot be decoded, or whose text comes out in another order than it is read.
    """
    try:
        with _pypdf_log() as log:
            pages, warnings = _pages(data, document.file, log)
    except MemoryError as error:
        raise CorpusError(f"{document.file}: takes more memory than there is; save it anew from its program") from error
    blocks, remarks = blocks_of(pages)
    if not any(block.level == 0 and not block.title for block in blocks):
        raise CorpusError(f"{document.file}: holds no text to quote, only headings and page numbers")
    return Content(blocks=tuple(blocks), warnings=tuple(warnings + remarks))


# --- from the file to pages of lines ------------------------------------------------------------------


def _pages(data: bytes, name: str, log: list[str]) -> tuple[list[Page], list[str]]:
    pages: list[Page] = []
    warnings: list[str] = []
    empty: list[int] = []
    pictures = False
    reader, count = _open(data, name)
    for number in range(1, count + 1):
        _refuse_damage(log, name)
        log.clear()
        try:
            page = reader.pages[number - 1]
            rows = _rows(page)
            _refuse_damage(log, f"{name}: page {number}")
            if rows:
                pages.append(_read_page(rows, number, f"{name}: page {number}", log, warnings))
            else:
                empty.append(number)
                pictures = pictures or _has_pictures(page)
        except (CorpusError, MemoryError):
            raise
        except Exception as error:
            raise CorpusError(
                f"{name}: page {number} cannot be read ({_reason(error)}); "
                "save the file anew from the program that made it"
            ) from error
    if not pages:
        what = "a scan? Run text recognition (OCR) over it, or ask the issuer for the text" if pictures else (
            "it is blank; bring the file that holds the text")  # fmt: skip
        raise CorpusError(f"{name}: no text on any page ({count}): {what}")
    if empty:
        one = len(empty) == 1
        warnings.append(f"page{'' if one else 's'} {', '.join(map(str, empty))} {'has' if one else 'have'} no text"
                        f"{' but pictures: a scan?' if pictures else ''}")  # fmt: skip
    return pages, warnings


def _read_page(rows: list[_Row], number: int, where: str, log: list[str], warnings: list[str]) -> Page:
    """A page's rows as lines in reading order; adds to `warnings`."""
    _refuse_garbage(rows, number, where, log, warnings)
    if _is_vertical(rows):
        return Page(number, tuple(_stack(rows, number)), vertical=True)
    rows = _merge(rows)
    _refuse_columns(rows, where)
    rows, readings = _without_ruby(rows)
    if readings:
        warnings.append(f"page {number}: left out ruby (how to read a word): {', '.join(readings[:5])}")
    tables = _table_rows(rows)
    if tables:
        warnings.append(f"page {number} holds a table that was flattened to lines")
    return Page(number, tuple(_line(row, number, index in tables) for index, row in enumerate(rows)))


def _open(data: bytes, name: str) -> tuple[PdfReader, int]:
    if b"%PDF-" not in data[:1024]:
        raise CorpusError(f"{name}: not a PDF (it does not begin with %PDF-); give it the ending that fits it")
    try:
        reader = PdfReader(BytesIO(data))
        opened = not reader.is_encrypted or bool(reader.decrypt(""))
    except DependencyError as error:
        raise CorpusError(
            f"{name}: encrypted, and the package cryptography is missing; install pypdf[crypto]"
        ) from error
    except Exception as error:
        raise CorpusError(f"{name}: damaged or cut short ({_reason(error)}); fetch it again") from error
    if not opened:
        raise CorpusError(f"{name}: needs a password to open; save it without one")
    try:
        count = len(reader.pages)
    except Exception as error:
        raise CorpusError(f"{name}: its pages cannot be listed ({_reason(error)}); fetch it again") from error
    if not count:
        raise CorpusError(f"{name}: has no pages; damaged or cut short: fetch it again")
    return reader, count


def _reason(error: Exception) -> str:
    return (str(error).split("\n")[0] or type(error).__name__)[:120]


@contextmanager
def _pypdf_log() -> Iterator[list[str]]:
    """What pypdf logs meanwhile, kept off the terminal."""
    messages: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if len(messages) < 1000:
                messages.append(record.getMessage())

    logger, keeper = logging.getLogger("pypdf"), Keeper()
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(keeper)
    try:
        yield messages
    finally:
        logger.removeHandler(keeper)
        logger.propagate = propagate


# --- from a page to rows ------------------------------------------------------------------------------


@dataclass
class _Row:
    """Text drawn on one baseline, in the order in which it was drawn; lengths in points."""

    pieces: list[str] = field(default_factory=list)
    text: str = ""
    """The pieces, put together when the page has been walked."""
    size: float = 0.0
    shows: list[tuple[float, float, int, float]] = field(default_factory=list)
    """Where each piece starts (x, y), how many bytes it has and how far it is stretched (ems)."""
    fonts: list[Any] = field(default_factory=list)

    @property
    def x(self) -> float:
        return self.shows[0][0] if self.shows else 0.0

    @property
    def y(self) -> float:
        return self.shows[0][1] if self.shows else 0.0

    def show(self, x: float, y: float, size: int, stretch: float) -> None:
        """A piece of text; without a move in between it goes on where the one before it ends."""
        if self.shows and self.shows[-1][:2] == (x, y):
            _, _, before, stretched = self.shows.pop()
            size, stretch = size + before, stretch + stretched
        self.shows.append((x, y, size, stretch))

    def parts(self) -> list[tuple[float, float]]:
        """Where each part of the row begins and ends, parted by gaps wider than a space."""
        letters = "".join(self.text.split())
        total = sum(size for _, _, size, _ in self.shows) or 1
        reach = [0.0, *accumulate(width(letter) for letter in letters)]
        parts: list[tuple[float, float]] = []
        done = 0
        for x, _, size, stretch in self.shows:
            first, last = (round(count / total * len(letters)) for count in (done, done + size))
            end = x + (reach[last] - reach[first] + stretch) * self.size
            if parts and x <= parts[-1][1] + _GUTTER * self.size:
                parts[-1] = (parts[-1][0], max(parts[-1][1], end))
            else:
                parts.append((x, end))
            done += size
        return parts or [(0.0, reach[-1] * self.size)]


class _Walk:
    """pypdf's visitors over one page: rows of text with their places."""

    def __init__(self, flat: bool) -> None:
        self.rows: list[_Row] = [_Row()]
        self._flat = flat  # every piece is said to be drawn at the left edge, so that pypdf sees no gap
        self._actual: list[str | None] = []

    def operand(self, operator: bytes, operands: list[Any], cm: Matrix, tm: Matrix) -> None:
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

    def _show(self, operands: list[Any], cm: Matrix, tm: Matrix) -> None:
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

    def text(self, text: str, cm: Matrix, tm: Matrix, font: Any, size: float) -> None:
        if text.strip():
            scale = math.hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
            self.rows[-1].size = max(self.rows[-1].size, size * scale)
            if font is not None and (not self.rows[-1].fonts or self.rows[-1].fonts[-1] is not font):
                self.rows[-1].fonts.append(font)
        *ended, rest = text.split("\n")
        for part in ended:
            self.rows[-1].pieces.append(part)
            self.rows.append(_Row())
        self.rows[-1].pieces.append(rest)


def _actual_text(operands: list[Any]) -> str:
    """What marked content says that it reads (ISO 32000-1, 14.9.4), or nothing."""
    properties = operands[1] if len(operands) > 1 else None
    actual = properties.get("/ActualText", "") if isinstance(properties, dict) else ""
    if isinstance(actual, bytes):
        return actual[2:].decode("utf-16-be", "replace") if actual.startswith(b"\xfe\xff") else ""
    return str(actual)


def _rows(page: PageObject) -> list[_Row]:
    rows = _walk(page, flat=False)
    if any(" " in row.text and _TIGHT.search(row.text) for row in rows):
        flat = _walk(page, flat=True)
        if len(rows) == len(flat):
            for row, bare in zip(rows, flat, strict=True):
                if len(row.parts()) == 1:
                    row.text = _drawn_spaces(row.text, bare.text)
    japanese = any(_KANA.search(row.text) for row in rows)
    for row in rows:
        row.text = plain_forms(row.text, japanese)
    return rows


def _walk(page: PageObject, flat: bool) -> list[_Row]:
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


# --- what a page is -----------------------------------------------------------------------------------


def _has_pictures(page: PageObject) -> bool:
    try:
        objects: Any = page["/Resources"]
        objects = objects["/XObject"]
        return any(found.get_object().get("/Subtype") in {"/Image", "/Form"} for found in objects.values())
    except Exception:  # no such entry, or a broken one: the page shows no picture either
        return False


def _refuse_damage(log: list[str], where: str) -> None:
    """Refuses what pypdf would read in part: it leaves out what it cannot unpack, and only logs it."""
    if fault := next((message for message in log if _DAMAGE.search(message)), None):
        raise CorpusError(f"{where} is damaged ({fault.encode('ascii', 'replace').decode()[:80]}); fetch it again")


def _refuse_garbage(rows: list[_Row], number: int, where: str, log: list[str], warnings: list[str]) -> None:
    """Refuses text that the fonts do not let anybody read."""
    anew = "save the document anew from its program, with embedded Unicode fonts"
    for message in log:
        if "Advanced encoding" in message:
            encoding = (re.search(r"/?([\w-]+) not implemented", message) or [message, message])[1]
            raise CorpusError(f"{where} uses a font with the encoding {encoding}, which cannot be read; {anew}")
    fonts = {id(font): font for row in rows for font in row.fonts}
    for font in fonts.values():
        coded = (
            font.get("/Subtype") == "/Type0" and "/Encoding" in font and str(font["/Encoding"]).startswith("/Identity")
        )
        if coded and "/ToUnicode" not in font:
            base = str(font.get("/BaseFont")).lstrip("/")
            raise CorpusError(f"{where} uses the font {base}, which does not say which characters it draws; {anew}")
    text = "".join("".join(row.text.split()) for row in rows)
    odd = [c for c in text if c == "\ufffd" or unicodedata.category(c) in {"Co", "Cc", "Cn", "Cs"}]
    if len(odd) > max(1, _GARBLED_SHARE * len(text)):
        share = f"{len(odd)} of its {len(text)} characters mean nothing (such as U+{ord(odd[0]):04X})"
        raise CorpusError(f"{where} is garbled: {share}; {anew}")
    if odd:
        warnings.append(f"page {number} holds a character that means nothing: U+{ord(odd[0]):04X}")
    if found := _DOUBLE_TONES.search(text):
        torn = text[max(0, found.start() - 1) : found.end()]
        raise CorpusError(f"{where} is garbled: Thai marks stand where none can ({torn}); {anew}")


def _is_vertical(rows: list[_Row]) -> bool:
    single = sum(len(row.text.strip()) == 1 and bool(re.match(rf"[{CJK}]", row.text.strip())) for row in rows)
    return single >= 10 and single >= 0.6 * len(rows)


def _stack(rows: list[_Row], number: int) -> list[Line]:
    """Lines of a page of vertical writing; what was its height is their x, what was its width their y."""
    columns: list[list[_Row]] = []
    for row in rows:
        if columns and abs(row.x - columns[-1][-1].x) < 0.75 * row.size and row.y <= columns[-1][0].y:
            columns[-1].append(row)
        else:
            columns.append([row])
    lines = []
    for column in columns:
        text = "".join(row.text for row in column) if len(column) > 1 else column[0].text
        text = re.sub(rf"(?<=[{CJK}]) +| +(?=[{CJK}])", "", text)
        size = median(row.size for row in column)
        top = -max(row.y for row in column)
        lines.append(Line(strip_invisible(text), number, top, column[0].x, size, top + width(text) * size))
    return lines


def _merge(rows: list[_Row]) -> list[_Row]:
    """Rows drawn one after the other on the same baseline as one, with a space between them."""
    merged: list[_Row] = []
    for row in rows:
        last = merged[-1] if merged else None
        if last and last.text == row.text and abs(last.x - row.x) < 1 and abs(last.y - row.y) < 1:
            continue  # drawn twice, to look bold
        if last and last.shows and row.shows and row.x > last.x and abs(row.y - last.shows[-1][1]) < 0.3 * row.size:
            last.text = f"{last.text.rstrip()} {row.text.lstrip()}"
            last.shows += row.shows
            last.size = max(last.size, row.size)
        else:
            merged.append(row)
    return merged


def _refuse_columns(rows: list[_Row], where: str) -> None:
    """Refuses columns that are drawn line by line across the page: their sentences are interleaved."""
    across: Counter[int] = Counter()
    for row in rows:
        parts = row.parts()
        if len(parts) == 2:
            (left, left_end), (right, right_end) = parts
            room = right - left
            if room > 8 * row.size and left_end - left > _FILLED * room and right_end - right > 0.5 * _FILLED * room:
                across[round(right)] += 1
    if across and (rows_across := across.most_common(1)[0][1]) >= _COLUMN_ROWS:
        raise CorpusError(f"{where} has columns drawn line by line across the page ({rows_across} lines), so that "
                          "sentences would be mixed up; save it in one column, or as text")  # fmt: skip


def _without_ruby(rows: list[_Row]) -> tuple[list[_Row], list[str]]:
    body = median(row.size for row in rows)
    small = [row.size <= _RUBY_SIZE * body and bool(_READING.fullmatch(row.text)) for row in rows]
    readings = [reading for row, ruby in zip(rows, small, strict=True) if ruby for reading in row.text.split()]
    return [row for row, ruby in zip(rows, small, strict=True) if not ruby], readings


def _table_rows(rows: list[_Row]) -> set[int]:
    """The indices of rows that share the places where their cells begin with the rows around them."""
    found: set[int] = set()
    parts = [row.parts() for row in rows]
    cells = [frozenset(round(start / 2) for start, _ in cut) for cut in parts]
    for first in range(len(rows) - _TABLE_ROWS + 1):
        run = range(first, first + _TABLE_ROWS)
        marks = all(len(parts[index]) == 2 and parts[index][1][0] - rows[index].x < 3 * rows[index].size
                    for index in run)  # fmt: skip
        if not marks and len(frozenset.intersection(*(cells[index] for index in run))) >= 2:
            found.update(run)
    return found


def _line(row: _Row, number: int, table: bool) -> Line:
    parts = row.parts()
    return Line(strip_invisible(row.text), number, row.x, row.y, row.size, parts[-1][1], table or len(parts) > 1, table)
