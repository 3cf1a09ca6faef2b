"""The root of every error the desk raises on purpose.

A message says what is wrong, with which value, and what to do; it is written for operators and
curators. People who ask never see one: they get one kind sentence (assistant/messages).
"""

import re

from pydantic import ValidationError

# Controls, line and paragraph separators, signs that turn the direction of writing, halves of characters.
_BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    """For a terminal: without line breaks, escape sequences and the like, which are written out (\\n, \\x1b)."""
    return _BREAKING.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


class DeskError(Exception):
    """What was asked about is bad or refused; commands end with `exit_status`."""

    exit_status = 1


class CorpusError(DeskError):
    """A catalogue, document or FAQ file cannot be used as it stands. The message is one line, whatever it names."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


def problems(error: ValidationError) -> str:
    """What a validation found, a clause a problem: where, what, and the value that is wrong."""
    clauses = []
    for problem in error.errors(include_url=False):
        where = ".".join(str(part) for part in problem["loc"]) or "the whole"
        clauses.append(f"{where}: {problem['msg']}, got {problem['input']!r:.200}")
    return "; ".join(clauses)


class UnknownDocumentError(CorpusError):
    """No document of that id is in the catalogue."""

    def __init__(self, document: str, known: list[str]) -> None:
        super().__init__(f"no document {document!r} in the catalogue; there are: {', '.join(known)}")
