"""The body of a Word file, and each of its notes, to blocks in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.clean import display
from corpus.models import Block
from corpus.readers import omissions
from corpus.readers.checks import around_lost_character, refuse_another, refuse_long
from corpus.readers.docx.elements import (
    DEEPEST,
    DELETED,
    FORMULAS,
    INSERTED,
    Element,
    chosen,
    find,
    integer,
    name_of,
    value_at,
)
from corpus.readers.docx.fields import Fields
from corpus.readers.docx.parts import Parts
from corpus.readers.docx.runs import Runs
from corpus.readers.docx.styles import Style
from corpus.readers.docx.tables import cells_of
from corpus.readers.inline import one_line, pieces, table_row

_ARTICLE = re.compile(r"第.{1,6}[条章節編款項]|(?:article|chapter|section|part)\b", re.IGNORECASE)
_WRAPPERS = INSERTED | {"w:customXml", "w:smartTag", "mc:AlternateContent", "mc:Choice"}
_RUNNING_TEXT = 9  # an outline level


def blocks_of(parts: Parts) -> list[Block]:
    """The blocks of the main part; their notes follow the paragraph or the table's row that refers to them.

    Raises CorpusError if there is no body or more in it than a document has, and where text would be lost.
    """
    package = parts.package
    body = find(parts.main, "w:body")
    if body is None:
        raise package.refusal(f"{package.main} holds no body; open it in Word and save it again")
    story = _Story(parts)
    found: list[Block] = []
    for block in story.blocks(body):
        refuse_another(len(found), package.name)
        found.append(block)
    return found


@dataclass
class _Paragraph:
    runs: Runs
    properties: Element | None
    identifier: str | None  # of its style
    style: Style


class _Story:
    """The body, a note or a text box, walked in reading order."""

    def __init__(self, parts: Parts, where: str = "", note: str = "", tables: int = 0) -> None:
        self._parts = parts
        self._where = where  # for refusals: "a text box "; "" for the body
        self._note = note  # the mark of the note that it is or is in, a space if that has none; "" if there is no note
        self._tables = tables  # how many tables that are read by rows are open
        self._fields = Fields(parts.warn)
        self._carried: _Paragraph | None = None  # whose end was deleted, so that the next one goes on with it

    def blocks(self, element: Element, depth: int = 0) -> Iterator[Block]:
        """The blocks of all of it. Raises CorpusError if text is lost in a field that never ends."""
        yield from self._inside(element, depth)
        if self._fields.in_instruction:
            raise self._parts.package.refusal(f"{self._where}holds a field that never ends, so that text is lost; "
                                              "open it in Word and save it again")  # fmt: skip

    def _inside(self, element: Element, depth: int) -> Iterator[Block]:
        """The blocks in what keeps its last paragraph to itself, also where the end of that was deleted."""
        outer, self._carried = self._carried, None
        yield from self._blocks(element, depth)
        yield from self._end_carried(depth)
        self._carried = outer

    def _end_carried(self, depth: int) -> Iterator[Block]:
        last, self._carried = self._carried, None
        if last is not None:
            yield from self._end(last, depth)

    def _blocks(self, element: Element, depth: int) -> Iterator[Block]:
        """The blocks in a body, note, cell or text box."""
        if depth > DEEPEST:
            reason = f"tables or text boxes are nested more than {DEEPEST} deep; save it as PDF"
            raise self._parts.package.refusal(reason)
        for child in element:
            name = name_of(child)
            if name == "w:p":
                yield from self._paragraph(child, depth)
            elif name == "w:tbl":
                yield from self._table(child, depth)
            elif name == "w:sdt":
                if "Table of Contents" in (value_at(child, "w:sdtPr", "w:docPartObj", "w:docPartGallery") or ""):
                    self._parts.warn(omissions.CONTENTS)
                elif find(child, "w:sdtPr", "w:showingPlcHdr") is None:
                    content = find(child, "w:sdtContent")
                    if content is not None:
                        yield from self._blocks(content, depth + 1)
            elif name in DELETED:
                self._parts.warn(omissions.TRACKED)
            elif name in _WRAPPERS:
                if name in INSERTED:
                    self._parts.warn(omissions.TRACKED)
                yield from self._blocks(chosen(child), depth + 1)
            elif name == "w:altChunk":
                raise self._parts.package.refusal("holds another file (altChunk) that only Word unpacks; "
                                                  "open it in Word and save it again")  # fmt: skip
            elif name in FORMULAS:
                self._parts.warn(omissions.FORMULAS)

    def _paragraph(self, element: Element, depth: int) -> Iterator[Block]:
        properties = find(element, "w:pPr")
        identifier = value_at(properties, "w:pStyle")
        style = self._parts.styles.paragraph(identifier)
        runs = Runs(self._parts, self._fields, style, self._note, self._read_note)
        runs.add(element)
        if self._carried is not None:
            self._carried.runs.go_on(runs)
            runs, self._carried = self._carried.runs, None
        paragraph = _Paragraph(runs, properties, identifier, style)
        mark = find(properties, "w:rPr")  # of the paragraph's end
        if any(find(mark, name) is not None for name in INSERTED):
            self._parts.warn(omissions.TRACKED)
        if any(find(mark, name) is not None for name in DELETED):
            self._parts.warn(omissions.TRACKED)
            self._carried = paragraph
        else:
            yield from self._end(paragraph, depth)

    def _end(self, paragraph: _Paragraph, depth: int) -> Iterator[Block]:
        """A paragraph's text, its notes (or, in a table, after the row) and its text boxes."""
        runs = paragraph.runs
        yield from self._text_blocks("".join(runs.text), paragraph.properties, paragraph.identifier, paragraph.style)
        if self._tables:
            self._parts.notes.waiting += runs.notes
        else:
            yield from runs.notes
        for box in runs.boxes:
            yield from _Story(self._parts, "a text box ", self._note, self._tables).blocks(box, depth + 1)

    def _read_note(self, element: Element, mark: str) -> list[Block]:
        return list(_Story(self._parts, f"note {mark} " if mark else "a note ", mark or " ").blocks(element, 1))

    def _text_blocks(self, run: str, properties: Element | None, identifier: str | None, style: Style
                     ) -> Iterator[Block]:  # fmt: skip
        """A paragraph's own text: a title, a heading, or running text, with the number that Word draws before it."""
        package = self._parts.package
        refuse_long(run, package.name)
        number = self._number(properties, identifier, style)  # empty paragraphs count too
        if not run.strip():
            return
        if around := around_lost_character(run):
            raise package.refusal(f"a character was lost before the file was saved ({around!r}); "
                                  "get the file from where it was written")  # fmt: skip
        if style.is_contents:
            self._parts.warn(omissions.CONTENTS)
            return
        prefix = display(number[0]) + number[1] if number and number[0] else ""
        own_level = value_at(properties, "w:outlineLvl")
        level = integer(own_level) if own_level is not None else style.level
        if style.is_title or (level is not None and level < _RUNNING_TEXT):
            if text := display(prefix + one_line(run)):
                yield Block(text=text, title=True) if style.is_title else Block(text=text, level=(level or 0) + 1)
            return
        item = number is not None and not _ARTICLE.match(prefix)
        for text, bullet in pieces(run):
            yield Block(text=prefix + text, item=item or bullet)
            prefix, item = "", False

    def _number(self, properties: Element | None, identifier: str | None, style: Style) -> tuple[str, str] | None:
        """Counts a paragraph, by its own numbering or that of its style: as Numbering.next."""
        own = find(properties, "w:numPr")
        own_id, own_level = value_at(own, "w:numId"), value_at(own, "w:ilvl")
        number = integer(own_id) if own_id is not None else style.numbering[0]
        if not number:
            return None
        if own_level is not None:
            level = integer(own_level)
        elif own_id is None and style.numbering[1] is not None:
            level = style.numbering[1]
        else:
            level = self._parts.numbering.level_of(number, identifier)
        return self._parts.numbering.next(number, level)

    def _table(self, element: Element, depth: int) -> Iterator[Block]:
        """Rows as lines; a table of one column is a box around text, and is read as text."""
        rows = cells_of(element, self._parts.warn)
        if rows:
            yield from self._end_carried(depth)
        if all(len(row) < 2 for row in rows):
            for row in rows:
                for cell in row:
                    yield from self._inside(cell, depth + 1)
            return
        self._parts.warn(omissions.TABLE)
        notes = self._parts.notes
        for row in rows:
            self._tables += 1
            cells = [" ".join(block.text for block in self._inside(cell, depth + 1)) for cell in row]
            self._tables -= 1
            if line := table_row(cells):
                yield Block(text=line)
            if not self._tables:
                yield from notes.waiting
                notes.waiting = []
