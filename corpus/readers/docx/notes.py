"""Footnotes and endnotes of a Word file: their elements, and the marks that Word numbers them with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from corpus.models import Block
from corpus.readers import omissions
from corpus.readers.docx.elements import Element, attribute, find, integer, name_of, value_at
from corpus.readers.docx.number_formats import format_number

KINDS = ("footnote", "endnote")


class Notes:
    """The parts footnotes.xml and endnotes.xml, and where their counters stand.

    `settings` and `main` say how they are numbered; `warn` gets what a curator should know.
    """

    def __init__(self, roots: Mapping[str, Element | None], settings: Element | None, main: Element,
                 warn: Callable[[str], None]) -> None:  # fmt: skip
        self.waiting: list[Block] = []
        """The notes of a table's row, which follow it once it has been read."""
        self._elements = {kind: _by_id(root) for kind, root in roots.items()}
        self._settings, self._main, self._warn = settings, main, warn
        self._counts = dict.fromkeys(roots, 0)
        self._forms: dict[str, tuple[str | None, str | None, str | None]] = {}

    def element(self, kind: str, identifier: str) -> Element | None:
        """A note that somebody wrote (not a separator) by its kind and id."""
        return self._elements[kind].get(identifier)

    def mark(self, kind: str) -> str:
        """The next automatic number of a kind of note; "" if it cannot be told."""
        if kind not in self._forms:
            self._forms[kind] = self._form(kind)
        form, start, restart = self._forms[kind]
        if restart in {"eachPage", "eachSect"}:
            self._warn(omissions.NOTE_NUMBERS)
            return ""
        number = integer(start, 1) + self._counts[kind]
        self._counts[kind] += 1
        form = form or ("decimal" if kind == "footnote" else "lowerRoman")
        shown = format_number(number, form)
        if shown is None:
            self._warn(omissions.numbers_of_form(form))
        return shown or ""

    def _form(self, kind: str) -> tuple[str | None, str | None, str | None]:
        """In what form a kind of note is numbered, from where on, and where anew: as the first section says, or all."""
        document = find(self._settings, f"w:{kind}Pr")
        sections = (find(section, f"w:{kind}Pr") for section in self._main.iter() if name_of(section) == "w:sectPr")
        section = next((properties for properties in sections if properties is not None), None)
        form, start, restart = (
            value_at(section, name) or value_at(document, name) for name in ("w:numFmt", "w:numStart", "w:numRestart")
        )
        return form, start, restart


def _by_id(root: Element | None) -> dict[str, Element]:
    notes = root if root is not None else ()
    return {attribute(note, "id") or "": note for note in notes if attribute(note, "type") in {None, "normal"}}
