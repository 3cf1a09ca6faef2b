"""The numbers that Word draws before paragraphs (ECMA-376-1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from corpus.readers import omissions
from corpus.readers.docx.elements import Element, attribute, find, integer, name_of, toggle, value_at
from corpus.readers.docx.number_formats import format_number


@dataclass(frozen=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None  # the level (from 1) that starts this one anew; 0: none does
    style: str | None = None


@dataclass
class _Scheme:
    """An abstract numbering (w:abstractNum) and where its counters stand."""

    levels: dict[int, _Level]
    counters: dict[int, int] = field(default_factory=dict)
    started: set[int] = field(default_factory=set)  # the numIds whose own starts were applied


@dataclass(frozen=True)
class _Instance:
    """A numbering that paragraphs name (w:num): a scheme, with some levels and starts of its own."""

    scheme: _Scheme
    levels: dict[int, _Level]
    starts: frozenset[int]  # the levels that have a start of their own


class Numbering:
    """The part numbering.xml and where all its counters stand; `warn` gets what a curator should know."""

    def __init__(self, root: Element | None, warn: Callable[[str], None]) -> None:
        self._warn = warn
        elements = list(root) if root is not None else []
        schemes = _schemes(element for element in elements if name_of(element) == "w:abstractNum")
        self._instances: dict[int, _Instance] = {}
        for element in elements:
            scheme = schemes.get(value_at(element, "w:abstractNumId") or "")
            if name_of(element) == "w:num" and scheme is not None:
                self._instances[integer(attribute(element, "numId"))] = _instance(element, scheme)

    def level_of(self, identifier: int, style: str | None) -> int:
        """The level that a numbering gives to a paragraph style, 0 without one."""
        levels = self._instances[identifier].scheme.levels if identifier in self._instances else {}
        return next((at for at, level in levels.items() if style and level.style == style), 0)

    def next(self, identifier: int, at: int) -> tuple[str, str] | None:
        """Counts a paragraph of level `at`: (its number as Word shows it, what stands between it and the text).

        The number is "" for a bullet; None if the paragraph has no number at all.
        """
        instance = self._instances.get(identifier)
        level = instance.levels.get(at) if instance else None
        if instance is None or level is None:
            return None
        counters = instance.scheme.counters
        if identifier not in instance.scheme.started:
            instance.scheme.started.add(identifier)
            for overridden in instance.starts:
                counters.pop(overridden, None)
        counters[at] = counters.get(at, level.start - 1) + 1
        for deeper in [d for d in counters if d > at]:
            restart = instance.levels[deeper].restart if deeper in instance.levels else None
            if restart is None or (restart > 0 and at < restart):
                del counters[deeper]
        if level.form == "bullet":
            return ("※" if level.text.strip() == "※" else ""), " "
        gap = "" if level.suffix == "nothing" else " "
        shown = re.sub(r"%([1-9])", lambda part: self._counter(instance, int(part.group(1)) - 1, level), level.text)
        return (shown, gap) if shown.strip() else None

    def _counter(self, instance: _Instance, at: int, shown_by: _Level) -> str:
        """Where the counter of level `at` stands, as it is shown in a number of another level."""
        level = instance.levels.get(at, _Level())
        number = instance.scheme.counters.setdefault(at, level.start)
        keeps_form = level.form == "none" or level.form.startswith("decimalZero")
        form = "decimal" if shown_by.legal and not keeps_form else level.form
        shown = format_number(number, form)
        if shown is None:
            self._warn(omissions.numbers_of_form(form))
        return shown or ""


def _schemes(elements: Iterable[Element]) -> dict[str, _Scheme]:
    """Abstract numberings by their id; one that only links to a style's is that one."""
    schemes: dict[str, _Scheme] = {}
    linked: dict[str, str] = {}
    by_style: dict[str, str] = {}
    for element in elements:
        identifier = attribute(element, "abstractNumId") or ""
        levels = [child for child in element if name_of(child) == "w:lvl"]
        schemes[identifier] = _Scheme({integer(attribute(level, "ilvl")): _level(level) for level in levels})
        if style := value_at(element, "w:styleLink"):
            by_style[style] = identifier
        if style := value_at(element, "w:numStyleLink"):
            linked[identifier] = style
    for identifier, style in linked.items():
        if style in by_style:
            schemes[identifier] = schemes[by_style[style]]
    return schemes


def _instance(element: Element, scheme: _Scheme) -> _Instance:
    starts: dict[int, int] = {}
    levels = dict(scheme.levels)
    for override in element:
        if name_of(override) == "w:lvlOverride":
            at = integer(attribute(override, "ilvl"))
            if (start := value_at(override, "w:startOverride")) is not None:
                starts[at] = integer(start, 1)
            if (level := find(override, "w:lvl")) is not None:
                levels[at] = _level(level)
    levels |= {at: replace(levels[at], start=start) for at, start in starts.items() if at in levels}
    return _Instance(scheme, levels, frozenset(starts))


def _level(element: Element) -> _Level:
    restart = value_at(element, "w:lvlRestart")
    form = value_at(element, "w:numFmt")
    alternative = find(element, "mc:AlternateContent")
    if alternative is not None:  # 001, 002, which Word 2007 did not know
        custom = find(alternative, "mc:Choice", "w:numFmt")
        first = (attribute(custom, "format") or "").partition(",")[0]
        form = f"decimalZero{len(first)}" if re.fullmatch("0{1,8}1", first) else attribute(custom, "val")
    return _Level(
        start=integer(value_at(element, "w:start"), 0),
        form=form or "decimal",
        text=value_at(element, "w:lvlText") or "",
        suffix=value_at(element, "w:suff") or "tab",
        legal=bool(toggle(element, "w:isLgl")),
        restart=integer(restart) if restart is not None else None,
        style=value_at(element, "w:pStyle"),
    )
