"""How the rows of a page are laid out, and the lines that they are in reading order."""

from __future__ import annotations

import re
from collections import Counter
from statistics import median

from corpus.clean import CJK, strip_invisible
from corpus.errors import CorpusError
from corpus.readers.pdf.lines import Line, Page, width
from corpus.readers.pdf.rows import Row

_FILLED = 0.6  # of a column's width is text, at least; the cells of a table are emptier
_COLUMN_ROWS = 6
_TABLE_ROWS = 3
_RUBY_SIZE = 0.65  # of the size of the text that it annotates
_READING = re.compile(r"[\u3040-\u30ff\s]+")


def page_of(rows: list[Row], number: int, where: str, warnings: list[str]) -> Page:
    """A page's rows as lines in reading order; adds to `warnings`.

    Raises CorpusError, with `where` the page is, if that order cannot be told.
    """
    if _is_vertical(rows):
        return Page(number, tuple(_stack(rows, number)), vertical=True)
    rows = _merge(rows)
    _refuse_columns(rows, where)
    rows, readings = _without_ruby(rows)
    if readings:
        warnings.append(
            f"page {number}: left out ruby (how to read a word): {', '.join(reading[:20] for reading in readings[:5])}"
        )
    tables = _table_rows(rows)
    if tables:
        warnings.append(f"page {number} holds a table that was flattened to lines")
    return Page(number, tuple(_line(row, number, index in tables) for index, row in enumerate(rows)))


def _is_vertical(rows: list[Row]) -> bool:
    """Whether a page is written downwards: most of its rows are single characters."""
    single = sum(len(row.text.strip()) == 1 and bool(re.match(rf"[{CJK}]", row.text.strip())) for row in rows)
    return single >= 10 and single >= 0.6 * len(rows)


def _stack(rows: list[Row], number: int) -> list[Line]:
    """Lines of a page of vertical writing; what was its height is their x, what was its width their y."""
    columns: list[list[Row]] = []
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


def _merge(rows: list[Row]) -> list[Row]:
    """Rows drawn one after the other on the same baseline as one, with a space between them."""
    merged: list[Row] = []
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


def _refuse_columns(rows: list[Row], where: str) -> None:
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


def _without_ruby(rows: list[Row]) -> tuple[list[Row], list[str]]:
    """The rows that are no ruby, and the readings that the others give."""
    body = median(row.size for row in rows)
    small = [row.size <= _RUBY_SIZE * body and bool(_READING.fullmatch(row.text)) for row in rows]
    readings = [reading for row, ruby in zip(rows, small, strict=True) if ruby for reading in row.text.split()]
    return [row for row, ruby in zip(rows, small, strict=True) if not ruby], readings


def _table_rows(rows: list[Row]) -> set[int]:
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


def _line(row: Row, number: int, table: bool) -> Line:
    parts = row.parts()
    return Line(strip_invisible(row.text), number, row.x, row.y, row.size, parts[-1][1], table or len(parts) > 1, table)
