"""Rows of a page: text drawn on one baseline, with the places of its pieces."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from corpus.readers.pdf.lines import width

_GUTTER = 1.2  # ems between two columns, at least; justified text stretches its spaces less


@dataclass
class Row:
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
        """Where it begins, from the left."""
        return self.shows[0][0] if self.shows else 0.0

    @property
    def y(self) -> float:
        """Where it begins, from below."""
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
