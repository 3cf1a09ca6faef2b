"""Fields of a Word file: their instructions are no text, what they show is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.readers import omissions

_RUBY = re.compile(r"\\s\s*\\up\s*-?\d+\s*\(.*?\)\s*[,;](.*)\)\s*$", re.DOTALL)  # how Word 97 wrote it, in EQ
_SILENT = ("XE", "TC", "TA", "RD", "BOOKMARK", "SET")  # fields that show nothing in Word either


@dataclass
class _Field:
    instruction: list[str] = field(default_factory=list)
    showing: bool = False  # once the separator has come, what follows is what Word last showed


class Fields:
    """The fields that are open, one in another; `warn` gets what a curator should know."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._open: list[_Field] = []

    @property
    def in_instruction(self) -> bool:
        """Whether text that comes now is no text of the document."""
        return any(not field.showing for field in self._open)

    def instruct(self, text: str) -> None:
        """A part of the innermost field's instruction."""
        if self._open and not self._open[-1].showing:
            self._open[-1].instruction.append(text)

    def mark(self, kind: str) -> str | None:
        """A mark of a field, "begin", "separate" or "end"; returns text that the field that ends stands for, if any."""
        if kind == "begin":
            self._open.append(_Field())
        elif kind == "separate" and self._open:
            self._open[-1].showing = True
        elif kind == "end" and self._open:
            ended = self._open.pop()
            return None if ended.showing else self._text_of("".join(ended.instruction).strip())
        return None

    def _text_of(self, instruction: str) -> str | None:
        """The text under ruby in a field that Word draws itself; all else that only Word can compute is left out."""
        code = instruction.upper()
        if code.startswith("EQ") and (ruby := _RUBY.search(instruction)):
            return ruby.group(1)
        if not code.startswith(_SILENT):
            self._warn(omissions.FIELD)
        return None
