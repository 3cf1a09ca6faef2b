"""Lists of a web page, and the numbers that a browser shows before their items."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from corpus.readers.numerals import letters, roman


@dataclass
class List:
    """A list that is being read: how its items are marked, and the number of the next one."""

    style: str  # what `type` says: 1, a, A, i or I; "" where numbers are layout
    number: int
    step: int

    @classmethod
    def of(cls, node: LexborNode) -> List:
        """The list that an `ol`, `ul`, `menu` or `dir` begins; its numbers mean something if they are not 1, 2, 3."""
        attributes = node.attributes
        if node.tag != "ol" or re.search(r"list-style[^;]*none", attributes.get("style") or ""):
            return cls("", 0, 1)
        kind, start = attributes.get("type") or "1", _integer(attributes.get("start"))
        reverse = "reversed" in attributes
        valued = any(_integer(child.attributes.get("value")) is not None for child in node.iter())
        meaningful = kind in set("aAiI") or (start or 1) != 1 or reverse or valued
        if start is None:
            start = sum(child.tag == "li" for child in node.iter()) if reverse else 1
        return cls(kind if meaningful else "", start, -1 if reverse else 1)

    def mark(self, item: LexborNode) -> str:
        """The next item's number as a browser shows it, if it means something."""
        value = _integer(item.attributes.get("value"))
        number = self.number if value is None else value
        self.number = number + self.step
        if not self.style:
            return ""
        if self.style in {"a", "A"} and number > 0:
            shown = letters(number)
        elif self.style in {"i", "I"} and 0 < number < 4000:
            shown = roman(number)
        else:
            shown = str(number)
        return f"{shown.upper() if self.style.isupper() else shown}."


def _integer(value: str | None) -> int | None:
    match = re.match(r"\s*([+-]?\d{1,9})", value or "")
    return int(match.group(1)) if match else None
