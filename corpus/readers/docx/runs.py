"""Runs: the text of a paragraph of a Word file, and what hangs on it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.models import Block
from corpus.readers import omissions
from corpus.readers.docx.elements import (
    DEEPEST,
    DELETED,
    FORMULAS,
    INSERTED,
    Element,
    attribute,
    chosen,
    find,
    is_on,
    name_of,
    toggle,
    value_at,
)
from corpus.readers.docx.fields import Fields
from corpus.readers.docx.parts import Parts
from corpus.readers.docx.styles import Style, struck
from corpus.readers.inline import BREAK, LAYOUT, superscript

_LAYOUT = LAYOUT | {ord("\r"): "\n"}
_WRAPPERS = INSERTED | {"w:hyperlink", "w:fldSimple", "w:smartTag", "w:customXml", "w:dir", "w:bdo",
                        "mc:AlternateContent"}  # fmt: skip
_NOTE_LEAD = re.compile(r"[※*＊注註(（\[［【]\s*$")
_SYMBOL_FONT = re.compile(r"symbol|[wz]\w*dings|webdings|marlett|mt extra", re.IGNORECASE)
_UNREADABLE = {"Cc", "Cn", "Co", "Cs"}  # controls, unassigned codes, private use, surrogates
_KEPT_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass
class Runs:
    """Gathers the runs of one paragraph."""

    parts: Parts
    fields: Fields
    style: Style
    in_note: str
    """The mark of the note that the paragraph is in; "" if it is in none."""
    read_note: Callable[[Element, str], list[Block]]
    """Reads a note, with the mark it has."""
    unseen: bool = False
    """Whether all of them are in text that is hidden or struck out."""
    text: list[str] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)
    """The text of the notes that are referred to."""
    boxes: list[Element] = field(default_factory=list)
    """Text boxes, still to be read."""
    _run: list[str] = field(default_factory=list)  # the text of the run that is being read

    def go_on(self, following: Runs) -> None:
        """Takes in the runs of the paragraph that follows, of which this one is the beginning."""
        self.text += following.text
        self.notes += following.notes
        self.boxes += following.boxes

    def add(self, element: Element, depth: int = 0) -> None:
        """The runs in an element, and those in what wraps runs.

        Raises CorpusError if wrappers are nested more than DEEPEST deep.
        """
        if depth > DEEPEST:
            reason = f"runs are nested more than {DEEPEST} deep; open it in Word and save it again"
            raise self.parts.package.refusal(reason)
        for child in element:
            name = name_of(child)
            if name == "w:r":
                self._add_run(child, depth)
            elif name in DELETED:
                self.parts.warn(omissions.TRACKED)
            elif name in FORMULAS:
                self.parts.warn(omissions.FORMULAS)
            elif name == "w:sdt":
                content = find(child, "w:sdtContent")
                if content is not None and find(child, "w:sdtPr", "w:showingPlcHdr") is None:
                    self.add(content, depth + 1)
            elif name in _WRAPPERS:
                if name in INSERTED:
                    self.parts.warn(omissions.TRACKED)
                self.add(chosen(child), depth + 1)

    def _add_run(self, element: Element, depth: int) -> None:
        properties = find(element, "w:rPr")
        left_out = self._left_out(properties)
        unseen = self.unseen or bool(left_out)
        self._run = text = list[str]()
        boxes = len(self.boxes)
        for child in element:
            piece: list[str] = []
            before = len(self.boxes)
            self._add_piece(child, piece, depth, unseen)
            if self.fields.in_instruction:
                del self.boxes[before:]
            else:
                text += piece
        if left_out:
            if "".join(text).strip() or len(self.boxes) > boxes:
                for warning in left_out:
                    self.parts.warn(warning)
            del self.boxes[boxes:]
            return
        raised = "".join(text)
        if value_at(properties, "w:vertAlign") == "superscript" and raised != self.in_note:
            number = superscript(raised)
            text = text if number is None else [number]
        self.text += text

    def _left_out(self, properties: Element | None) -> list[str]:
        """Why a run is left out, as a curator is told: it is hidden or struck out, itself or by a style."""
        own = self.parts.styles.get(value_at(properties, "w:rStyle"))
        return [
            warning
            for warning, says in (
                (omissions.HIDDEN, (toggle(properties, "w:vanish"), own.hidden, self.style.hidden)),
                (omissions.STRUCK, (struck(properties), own.struck, self.style.struck)),
            )
            if next((said for said in says if said is not None), False)
        ]

    def _add_piece(self, child: Element, text: list[str], depth: int, unseen: bool) -> None:
        """One thing in a run, which nobody sees if `unseen`; what it says goes to `text`."""
        name = name_of(child)
        if name == "w:t":
            content = child.text or ""
            kept = child.get(_KEPT_SPACE) == "preserve"
            text.append((content if kept else content.strip(" \t\r\n")).translate(_LAYOUT))
        elif name in {"w:tab", "w:ptab"}:
            text.append(" ")
        elif name in {"w:br", "w:cr"}:
            text.append(BREAK)
        elif name == "w:noBreakHyphen":
            text.append("-")
        elif name == "w:sym":
            self._add_symbol(child, text)
        elif name == "w:ruby":
            base = find(child, "w:rubyBase")
            if base is not None:
                inner = Runs(self.parts, self.fields, self.style, self.in_note, self.read_note, unseen,
                             notes=self.notes, boxes=self.boxes)  # fmt: skip
                inner.add(base, depth + 1)
                text += inner.text
        elif name == "w:fldChar":
            if (stands_for := self.fields.mark(attribute(child, "fldCharType") or "")) is not None:
                text.append(stands_for)
        elif name == "w:instrText":
            self.fields.instruct(child.text or "")
        elif name in {"w:footnoteReference", "w:endnoteReference"}:
            self._add_reference(child, name[2:].removesuffix("Reference"), text, unseen)
        elif name in {"w:footnoteRef", "w:endnoteRef"}:
            text.append(self.in_note)
        elif name in {"w:drawing", "w:pict", "w:object", "mc:AlternateContent"}:
            self._add_drawing(chosen(child))

    def _add_symbol(self, element: Element, text: list[str]) -> None:
        """A character by its code; one of private use or of a symbol font is a picture that only its font knows."""
        found = re.fullmatch(r"[0-9A-Fa-f]{1,5}", attribute(element, "char") or "")
        code = int(found.group(), 16) if found else 0
        picture = code < 0x100 and _SYMBOL_FONT.match(attribute(element, "font") or "")
        if picture or unicodedata.category(chr(code)) in _UNREADABLE:
            self.parts.warn(omissions.SYMBOLS)
        else:
            text.append(chr(code))

    def _add_drawing(self, element: Element) -> None:
        """Text boxes, in order; of each alternative one."""
        stack = [element]
        while stack:
            current = stack.pop()
            name = name_of(current)
            if name == "w:txbxContent":
                self.boxes.append(current)
                continue
            if name == "a:graphicData" and (attribute(current, "uri") or "").endswith(("/diagram", "/chart")):
                self.parts.warn(omissions.DRAWN)
            elif name == "w:object":
                self.parts.warn(omissions.EMBEDDED)
            stack.extend(reversed(chosen(current)))

    def _add_reference(self, element: Element, kind: str, text: list[str], unseen: bool) -> None:
        """A note's text goes, with its mark, after the paragraph.

        In the sentence the mark stays where what belongs to it stands before it (※), and else goes: it is
        no word of the sentence.
        """
        note = self.parts.notes.element(kind, attribute(element, "id") or "")
        custom = is_on(attribute(element, "customMarkFollows") or "0")
        mark = "" if custom else self.parts.notes.mark(kind)
        if mark and _NOTE_LEAD.search("".join(self.text[-3:] + self._run)):
            text.append(mark)
        if note is None:
            return
        if self.in_note:
            self.parts.warn(omissions.NOTE_IN_NOTE)
        elif unseen or self.fields.in_instruction:
            self.parts.warn(omissions.UNSEEN_NOTE)
        else:
            self.notes += self.read_note(note, mark)
