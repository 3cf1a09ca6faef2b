"""Tables of a Word file: their rows and cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus.readers import omissions
from corpus.readers.docx.elements import INSERTED, Element, find, name_of

_WRAPPERS = INSERTED | {"w:sdt", "w:sdtContent", "w:customXml"}


def cells_of(table: Element, warn: Callable[[str], None]) -> list[list[Element]]:
    """The cells of each row, through whatever wraps them, without those that were deleted: `warn` is told of these."""
    return [list(_inside(row, "w:tc", warn)) for row in _inside(table, "w:tr", warn)]


def _inside(element: Element, wanted: str, warn: Callable[[str], None]) -> Iterator[Element]:
    stack = list(reversed(element))
    while stack:
        child = stack.pop()
        name = name_of(child)
        if name == wanted:
            properties = find(child, f"{wanted}Pr")
            if find(properties, "w:del") is not None or find(properties, "w:cellDel") is not None:
                warn(omissions.TRACKED)
                continue
            yield child
        elif name in _WRAPPERS:
            stack.extend(reversed(child))
