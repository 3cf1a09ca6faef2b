"""Styles of a Word file, with what they inherit from those they are based on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.readers.docx.elements import Element, attribute, find, integer, name_of, toggle, value_at

_HEADING_STYLE = re.compile(r"(?:heading|見出し|标题|標題|제목)\s*([1-9])", re.IGNORECASE)
_TITLE_STYLES = {"title", "表題", "标题", "標題", "제목"}
_CONTENTS_STYLE = re.compile(r"(?:toc|目次|table of figures)\s*\d*|index \d", re.IGNORECASE)


@dataclass(frozen=True)
class Style:
    """What a style says; None where neither it nor what it is based on says anything."""

    name: str = ""
    level: int | None = None  # outline level, 0 for the first; 9 is running text
    numbering: tuple[int | None, int | None] = (None, None)  # numId, ilvl
    hidden: bool | None = None
    struck: bool | None = None

    @property
    def is_title(self) -> bool:
        """Whether its paragraphs are the document's title."""
        return self.name.lower() in _TITLE_STYLES

    @property
    def is_contents(self) -> bool:
        """Whether its paragraphs are lines of a table of contents or of an index."""
        return bool(_CONTENTS_STYLE.fullmatch(self.name))


class Styles:
    """The part styles.xml."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._resolved: dict[str, Style] = {}
        self._default: dict[str, str] = {}
        for element in root if root is not None else ():
            if name_of(element) == "w:style":
                identifier = attribute(element, "styleId") or ""
                self._elements[identifier] = element
                if attribute(element, "default") in {"1", "true", "on"}:
                    self._default[attribute(element, "type") or ""] = identifier

    def paragraph(self, identifier: str | None) -> Style:
        """A paragraph's style by its id, or the default one."""
        return self.get(identifier if identifier in self._elements else self._default.get("paragraph"))

    def get(self, identifier: str | None) -> Style:
        """A style with all it inherits; a circle of styles ends where it closes."""
        if identifier is None or identifier not in self._elements:
            return Style()
        if identifier not in self._resolved:
            style = Style()
            for step in reversed(self._chain(identifier)):
                style = _based_on(style, self._elements[step])
            self._resolved[identifier] = style
        return self._resolved[identifier]

    def _chain(self, identifier: str) -> list[str]:
        """The ids of a style, of the one it is based on, and so on."""
        chain: list[str] = []
        current: str | None = identifier
        while current is not None and current in self._elements and current not in chain and len(chain) < 50:
            chain.append(current)
            current = value_at(self._elements[current], "w:basedOn")
        return chain


def _based_on(base: Style, element: Element) -> Style:
    """The style that an element describes, with what it does not say taken from `base`."""
    name = (value_at(element, "w:name") or "").strip()
    properties, run = find(element, "w:pPr"), find(element, "w:rPr")
    level = value_at(properties, "w:outlineLvl")
    numbering = find(properties, "w:numPr")
    own_id, own_level = value_at(numbering, "w:numId"), value_at(numbering, "w:ilvl")
    heading = _HEADING_STYLE.fullmatch(name)
    return Style(
        name=name,
        level=integer(level) if level is not None else int(heading.group(1)) - 1 if heading else base.level,
        numbering=(integer(own_id) if own_id else base.numbering[0],
                   integer(own_level) if own_level else base.numbering[1]),
        hidden=base.hidden if (own := toggle(run, "w:vanish")) is None else own,
        struck=base.struck if (own := struck(run)) is None else own,
    )  # fmt: skip


def struck(run: Element | None) -> bool | None:
    """Whether run properties strike text out, once or twice; None if they do not say."""
    single, double = toggle(run, "w:strike"), toggle(run, "w:dstrike")
    return None if single is None and double is None else bool(single or double)
