"""What is usual in a document: the size of its letters, the distance of its lines, how far they reach."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.clean import CJK
from corpus.readers.pdf.lines import Line, width

_UNBREAKABLE = re.compile(r"[!-~]{25}")


@dataclass(frozen=True)
class Measures:
    """Lengths by which a document's lines are told apart."""

    body: float
    """The size of most letters (points)."""
    leading: float
    """The distance between most lines (ems)."""
    edges: dict[tuple[int, int], float]
    """How far the lines of a column and a size reach (points)."""

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Measures:
        """The measures of a document that has these lines; at least one."""
        return cls(_body_size(lines), _leading(lines), _right_edges(lines))

    def is_large(self, line: Line) -> bool:
        """Whether a line's letters are larger than those of running text."""
        return line.size >= 1.12 * self.body

    def breaks_off(self, before: Line, after: Line) -> bool:
        """Whether `before` ends where the first word of `after` would still have found room."""
        head = re.match(rf"[{CJK}]|[^\s{CJK}]+", after.text.lstrip())
        word = width(head.group()[:80]) if head else 0.0
        room = self.edges.get(_column(before), 0.0) - before.x
        return before.end - before.x + (word + 2) * before.size < 0.9 * room


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] or 1.0


def _leading(lines: Sequence[Line]) -> float:
    """That between lines of one size and page, wide gaps aside."""
    gaps = [(a.y - b.y) / b.size for a, b in pairwise(lines)
            if a.page == b.page and b.size and abs(a.size - b.size) < 0.1 and a.y > b.y]  # fmt: skip
    return median(sorted(gaps)[: max(1, len(gaps) * 3 // 4)]) if gaps else 1.5


def _right_edges(lines: Sequence[Line]) -> dict[tuple[int, int], float]:
    """How far lines reach, but for those that a long address pushes out."""
    reach: dict[tuple[int, int], list[tuple[bool, float]]] = {}
    for line in lines:
        reach.setdefault(_column(line), []).append((not _UNBREAKABLE.search(line.text), line.end))
    # Of the lines that could be broken, all but the last few in a hundred; of the others, only if there are no more.
    edges = {}
    for column, ends in reach.items():
        breakable = sorted(end for may_break, end in ends if may_break) or sorted(end for _, end in ends)
        edges[column] = breakable[round(0.97 * (len(breakable) - 1))]
    return edges


def _column(line: Line) -> tuple[int, int]:
    """About where a line begins, and about how large its letters are."""
    return round(line.x / 100), round(line.size)
