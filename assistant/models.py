"""Enquiries and replies: what goes through the desk, frozen."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from assistant.languages import SUPPORTED
from corpus.clean import strip_invisible
from corpus.errors import DeskError
from corpus.models import Authority, Frozen, Kind

LONGEST_QUESTION = 2000
MOST_CITATIONS = 3
_TERMINAL_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
"""What colours a terminal: without its escape character, the rest would stand in the question."""


class QuestionError(DeskError):
    """What was sent cannot be a question."""


class TooLongError(QuestionError):
    """A question of more characters than the desk reads."""


class Outcome(StrEnum):
    """How a reply stands to the documents; a closed list."""

    ANSWERED = "answered"
    POSSIBLE = "possible"
    NOT_STATED = "not_stated"
    NOT_FOUND = "not_found"
    HELP = "help"


def clean_question(text: str) -> str:
    """The question without control characters and needless space.

    Raises QuestionError if nothing is left, or more than 2,000 characters are.
    """
    question = " ".join(strip_invisible(_TERMINAL_CONTROL.sub("", text)).split())
    if not question:
        raise QuestionError("the question is empty; ask something like “Which city signed first?”")
    if len(question) > LONGEST_QUESTION:
        raise TooLongError(
            f"the question has {len(question):,} characters, {LONGEST_QUESTION:,} are the most; ask it in fewer words"
        )
    return question


def is_question(text: str) -> bool:
    """Whether a text can be a question, as `clean_question` has it."""
    try:
        clean_question(text)
    except QuestionError:
        return False
    return True


def _spoken(language: str) -> str:
    if language not in SUPPORTED:
        raise ValueError(f"the desk does not speak {language!r}, but {', '.join(SUPPORTED)}")
    return language


Question = Annotated[str, AfterValidator(clean_question)]


class Enquiry(Frozen):
    """A question somebody asked, with the earlier questions of its thread, oldest first."""

    question: Question
    history: tuple[Question, ...] = ()
    setting: Annotated[str, AfterValidator(_spoken)] | None = None
    """The language that its asker has set, for questions that do not tell theirs."""
    answer_in: Annotated[str, AfterValidator(_spoken)] | None = None
    """The language of the replies where it is asked, unless its thread asks for another."""
    staffed: bool = False
    """Whether "Ask a person" stands below its reply."""


class Citation(Frozen):
    """A verbatim quotation and where to find it."""

    number: int
    document: str
    title: str
    kind: Kind
    authority: Authority
    locator: str
    page: int | None
    quote: str = Field(min_length=1)
    url: str | None
    published: str | None
    source: str = Field("", exclude=True)
    """The document named in the reply's language, for people: "Press release, City of Yokohama"."""


class ContactDetail(Frozen):
    name: str
    detail: str


class Reply(Frozen):
    """What comes back for an enquiry."""

    question: str
    language: str
    outcome: Outcome
    confidence: float = Field(ge=0, le=1)
    text: str = Field(min_length=1)
    citations: tuple[Citation, ...] = Field(max_length=MOST_CITATIONS)
    contact: ContactDetail | None = None
    generation: str
    elapsed_ms: float
    indexed: date = Field(exclude=True)
    """The day on which the generation was built."""
    unreviewed: bool = Field(False, exclude=True)
    """Whether its text is a translation that nobody has approved."""
    examples: tuple[str, ...] = Field((), exclude=True)
    """Questions to try, where the reply suggests some."""
    entries: tuple[str, ...] = Field((), exclude=True)
    """The locators of the FAQ entries whose answers it gives; the first of them is cited."""

    def tells(self, citation: Citation) -> bool:
        """Whether the words of one of its citations are its text already, as they are or as staff edited them.

        Those of the FAQ entry that answers are.
        """
        is_answer = self.outcome is not Outcome.POSSIBLE or citation.quote in self.text
        return citation.kind is Kind.FAQ and is_answer

    def recorded(self) -> dict[str, Any]:
        """What is kept of it once it is sent: its JSON, and whose answers it gives, for corrections."""
        return {**self.model_dump(mode="json"), "entries": list(self.entries)}

    def whole(self) -> dict[str, Any]:
        """All of it as JSON, from which it can be made again: what the contract leaves out too."""
        citations = [{**citation.model_dump(mode="json"), "source": citation.source} for citation in self.citations]
        left_out = {"indexed": self.indexed.isoformat(), "unreviewed": self.unreviewed}
        return {**self.recorded(), "citations": citations, **left_out, "examples": list(self.examples)}

    @model_validator(mode="after")
    def _outcome_fits_citations(self) -> Self:
        if self.outcome is Outcome.ANSWERED and not self.citations:
            raise ValueError("no citation, no `answered`")
        if self.outcome in {Outcome.NOT_FOUND, Outcome.HELP} and self.citations:
            raise ValueError(f"`{self.outcome}` shows no references")
        return self
