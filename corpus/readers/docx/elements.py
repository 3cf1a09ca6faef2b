"""Elements of WordprocessingML, called by one prefix a namespace, in transitional files as in strict ones."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

Element = etree._Element
DEEPEST = 60
"""How many tables, text boxes and content controls, or wrappers of runs, may stand in one another."""
INSERTED = {"w:ins", "w:moveTo"}
DELETED = {"w:del", "w:moveFrom"}
"""Tracked changes: they wrap what was inserted or deleted, or mark it in its properties."""
FORMULAS = {"m:oMath", "m:oMathPara"}

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
}
_OFF = {"0", "false", "off"}


def name_of(element: Element) -> str:
    """An element's name with the prefix that this module gives its namespace: "w:p"; "" for what has no name."""
    tag = element.tag
    return _prefixed(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1000)
def _prefixed(tag: str) -> str:
    namespace, _, local = tag[1:].rpartition("}")
    return f"{_PREFIXES.get(namespace, '?')}:{local}"


def find(element: Element | None, *path: str) -> Element | None:
    """The first child of the first name in `path`, its first child of the next name, and so on."""
    for name in path:
        element = next((child for child in element if name_of(child) == name), None) if element is not None else None
    return element


def attribute(element: Element | None, local: str) -> str | None:
    """An attribute by its name, whatever its namespace."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == local:
            return str(value)
    return None


def value_at(element: Element | None, *path: str) -> str | None:
    """The `val` of the element at `path`, which is how a property has its value."""
    return attribute(find(element, *path), "val")


def integer(text: str | None, default: int = 0) -> int:
    """A whole number of up to nine digits, or else the default."""
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else default


def is_on(value: str) -> bool:
    """What a yes or no is, written as an attribute (ECMA-376-1, 22.9.2.7)."""
    return value not in _OFF


def toggle(properties: Element | None, name: str) -> bool | None:
    """Whether a property that is on or off is on; None if it is not there and what is inherited holds."""
    element = find(properties, name)
    return None if element is None else is_on(attribute(element, "val") or "1")


def chosen(element: Element) -> Element:
    """Of alternative contents (mc:AlternateContent) the first, which is the newest; any other element itself."""
    if name_of(element) != "mc:AlternateContent":
        return element
    first = find(element, "mc:Choice")
    fallback = find(element, "mc:Fallback")
    return first if first is not None else fallback if fallback is not None else element
