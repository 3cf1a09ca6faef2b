"""Documents and passages: the corpus' data, frozen."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Words without line breaks and control characters, as a title has them."""


def _exists(value: str) -> str:
    date.fromisoformat((value + "-01-01")[:10])
    return value


PartialDate = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"), AfterValidator(_exists)]
Span = tuple[int, int]

FAQ_DOCUMENT = "faq"


class Frozen(BaseModel):
    """A value that cannot change and takes no field that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    PRESS_RELEASE = "press_release"
    OPEN_LETTER = "open_letter"
    FRAMEWORK = "framework"
    FAQ = "faq"
    OTHER = "other"


class Authority(StrEnum):
    """Whose words they are; earlier members are quoted before later ones."""

    OFFICIAL = "official"
    STAFF = "staff"
    DIGEST = "digest"


class Document(Frozen):
    """One source as the catalogue describes it."""

    id: Identifier
    file: Annotated[Words, StringConstraints(pattern=r"^[^\x00]+$")]
    kind: Kind
    authority: Authority
    title: Line
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
    issuer: dict[str, Line] = Field(default_factory=dict)
    """Who issued it, by the reader's language."""
    published: PartialDate | None = None
    url: Line | None = None
    headings: tuple[str, ...] = ()
    """Lines that a plain-text file does not mark as headings although they are."""
    silences: tuple[str, ...] = ()
    """Headings of sections that list what the documents do not state. They carry known gaps and answer nothing."""
    valid_from: date | None = None
    """The day on which it begins to be quoted; at once if not set."""
    superseded_by: Identifier | None = None
    """The document that takes its place as soon as that one is valid."""
    replaced: date | None = None
    """The day on which the present file took the place of another one."""
    retired: date | None = None
    """The day on which it was taken out; nothing of it is quoted any more."""

    def issuer_in(self, language: str) -> str:
        """The issuer's name for readers of `language`, in English where it is not given in theirs."""
        return self.issuer.get(language) or self.issuer.get("en") or next(iter(self.issuer.values()), "")


class Block(Frozen):
    """A piece of a document as a reader found it, before it is split into passages."""

    text: str
    level: int = 0
    """0 for running text, 1 … for headings (the title is a heading of level 0 in `title`)."""
    title: bool = False
    item: bool = False
    page: int | None = None


class Content(Frozen):
    """What a reader found in a file."""

    blocks: tuple[Block, ...]
    """In reading order."""
    warnings: tuple[str, ...] = ()
    """What a curator should look at: a table flattened to lines, a page without text."""


class Passage(Frozen):
    """The smallest citable piece of a document.

    `text` is the display text: every quotation is one slice of it. `start` is its offset in the
    document's text, so `reading.text[start : start + len(text)] == text`.
    """

    id: str
    document: str
    language: str
    headings: tuple[str, ...]
    number: int
    """Its place in its section, from 1."""
    alone: bool
    """Whether it is its section's only passage."""
    page: int | None = None
    start: int
    text: str = Field(min_length=1)
    sentences: tuple[Span, ...]
    """Where the sentences (or list items) stand in `text`, in order, not overlapping."""


class Reading(Frozen):
    """A document read: its text exactly as it may be quoted, and its passages."""

    document: Document
    sha256: str
    text: str
    passages: tuple[Passage, ...]
