"""The FAQ: questions with their phrasings, approved answers, and the quotations that carry them.

`entries.toml` holds what no language changes; one `<language>.toml` beside it holds the words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from corpus.clean import locate, match
from corpus.errors import CorpusError, problems
from corpus.models import Frozen, Identifier, Passage, Words

ENTRIES = "entries.toml"
_MARKS = re.compile(r"[\s\u0021-\u002f:;?।။៖។、。？！・]")
_File = TypeVar("_File", "_EntriesFile", "_LanguageFile")


class Quotation(Frozen):
    """A verbatim piece of a document that carries an answer."""

    document: str
    quote: Words


class Review(StrEnum):
    """Whether somebody who speaks the language has approved a wording."""

    UNREVIEWED = "unreviewed"
    APPROVED = "approved"


class Wording(Frozen):
    """An entry in one language."""

    questions: tuple[Words, ...] = Field(min_length=1)
    answer: Words
    review: Review = Review.APPROVED


class Contact(Frozen):
    """Whom to ask, in one language."""

    name: Words
    detail: Words


class Approval(Frozen):
    """Who of the staff answers for an entry, which then needs no document to carry it."""

    by: Words
    """Their name."""
    on: date
    enquiry: str | None = None
    """The id of the enquiry that it was the reply to."""


class FaqHead(Frozen):
    """What no language changes of an entry."""

    number: int = Field(ge=1)
    id: Identifier
    topic: Words
    gap: bool = False
    contact: str | None = None
    quotations: tuple[Quotation, ...] = ()
    approval: Approval | None = None
    instead_of: Identifier | None = None
    """The known gap that it answers, and whose place it takes."""

    @model_validator(mode="after")
    def _somebody_answers_for_it(self) -> Self:
        if not self.quotations and self.approval is None:
            raise ValueError("an entry needs a quotation that carries it, or somebody's approval")
        return self


class FaqEntry(FaqHead):
    """A question that officials ask. A `gap` says that the documents do not state the answer."""

    wordings: dict[str, Wording] = Field(min_length=1)
    """By language (BCP 47)."""
    also_asked: dict[str, tuple[Words, ...]] = Field(default_factory=dict)
    """By language, further phrasings of the question: those of the gap whose place it took."""

    def phrasings(self) -> Iterator[tuple[str, str]]:
        """Every phrasing of its question with its language, by language."""
        for language in sorted({*self.wordings, *self.also_asked}):
            own = self.wordings[language].questions if language in self.wordings else ()
            for question in dict.fromkeys([*own, *self.also_asked.get(language, ())]):
                yield language, question

    @property
    def stated(self) -> str:
        """What it states, in every language: what its phrasings suppose may be wrong ("wasn't Seoul the first?")."""
        answers = [wording.answer for wording in self.wordings.values()]
        return "\n".join([*(quotation.quote for quotation in self.quotations), *answers])

    def without_enquiry(self) -> FaqEntry:
        """The entry without the enquiry that it came of, which time takes from the record."""
        approval = self.approval and self.approval.model_copy(update={"enquiry": None})
        return self.model_copy(update={"approval": approval})

    def brief(self) -> FaqEntry:
        """The entry with one phrasing in each language, which is what people are shown."""
        wordings = {tag: w.model_copy(update={"questions": w.questions[:1]}) for tag, w in self.wordings.items()}
        return self.model_copy(update={"wordings": wordings, "also_asked": {}})


class _EntriesFile(Frozen):
    """entries.toml"""

    entry: tuple[FaqHead, ...]


class _LanguageFile(Frozen):
    """<language>.toml"""

    review: Review = Review.APPROVED
    """Of every entry that says nothing else."""
    entries: dict[str, Wording] = Field(default_factory=dict)
    contacts: dict[str, Contact] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _hand_review_down(cls, values: dict[str, Any]) -> dict[str, Any]:
        entries = values.get("entries")
        if isinstance(entries, dict) and "review" in values:
            reviewed = {
                name: {"review": values["review"], **entry} if isinstance(entry, dict) else entry
                for name, entry in entries.items()
            }
            return {**values, "entries": reviewed}
        return values


class Faq(Frozen):
    entries: tuple[FaqEntry, ...] = ()
    contacts: dict[str, dict[str, Contact]] = Field(default_factory=dict)
    """By contact id, then by language."""

    def brief(self) -> Faq:
        return self.model_copy(update={"entries": tuple(entry.brief() for entry in self.entries)})

    def text(self) -> str:
        """The FAQ as it may be quoted: every entry with its questions and answers."""
        parts = []
        for entry in self.entries:
            lines = [f"FAQ {entry.number} · {entry.id}"]
            for language, wording in sorted(entry.wordings.items()):
                lines += [f"[{language}] {wording.questions[0]}", wording.answer]
            parts.append("\n".join(lines))
        return "\n\n".join(parts)


def with_approved(faq: Faq, approved: Iterable[FaqEntry]) -> Faq:
    """The FAQ with entries that staff approved: each in the place of the one with its id, and of the gap it answers."""
    entries = {entry.id: entry for entry in faq.entries}
    for entry in approved:
        gap = entries.pop(entry.instead_of, None) if entry.instead_of else None
        if gap is not None:
            asked = {language: wording.questions for language, wording in gap.wordings.items()}
            entry = entry.model_copy(update={"also_asked": asked})
        entries[entry.id] = entry
    return faq.model_copy(update={"entries": tuple(entries.values())})


def as_asked(question: str) -> str:
    """A question as it is compared with others: those that differ in marks, spaces and case alone are the same."""
    return _MARKS.sub("", match(question))


def load_faq(folder: Path) -> Faq:
    """Read the FAQ files of `folder`.

    Raises CorpusError naming the file and the value where one is malformed, an id or number comes
    twice, a language file words an entry that does not exist, or an entry has no words at all.
    """
    head_file = folder / ENTRIES
    heads = _read(head_file, _EntriesFile).entry
    for name in ("id", "number"):
        values = [getattr(head, name) for head in heads]
        if twice := {str(value) for value in values if values.count(value) > 1}:
            raise CorpusError(f"{head_file}: {name} used twice: {', '.join(sorted(twice))}")
    languages = {path.stem: _read(path, _LanguageFile) for path in sorted(folder.glob("*.toml")) if path != head_file}
    worded = {entry_id for file in languages.values() for entry_id in file.entries}
    if unknown := worded - {head.id for head in heads}:
        raise CorpusError(f"{folder}: worded but not in entries.toml: {', '.join(sorted(unknown))}")
    if silent := {head.id for head in heads} - worded:
        raise CorpusError(f"{head_file}: without words in any language: {', '.join(sorted(silent))}")
    contacts: dict[str, dict[str, Contact]] = {}
    for language, file in languages.items():
        for contact_id, contact in file.contacts.items():
            contacts.setdefault(contact_id, {})[language] = contact
    if nameless := {head.contact for head in heads if head.contact} - contacts.keys():
        raise CorpusError(f"{head_file}: contact without a name: {', '.join(sorted(nameless))}")
    entries = tuple(
        FaqEntry(
            **head.model_dump(),
            wordings={
                language: file.entries[head.id] for language, file in languages.items() if head.id in file.entries
            },
        )
        for head in heads
    )
    return Faq(entries=entries, contacts=contacts)


def find_quotation(quotation: Quotation, passages: Iterable[Passage]) -> tuple[Passage, str]:
    """The passage that a quotation stands in, or under whose heading, and its words as they stand there.

    White space is no part of the comparison. Raises CorpusError if the words stand nowhere: an answer
    must not lean on words that are not there.
    """
    for passage in passages:
        if passage.document == quotation.document:
            for text in (passage.text, *passage.headings):
                if span := locate(quotation.quote, text):
                    return passage, text[slice(*span)]
    raise CorpusError(
        f"FAQ quotation not found in {quotation.document!r}: {quotation.quote!r}; "
        "quote a passage verbatim, or name another document"
    )


def _read(path: Path, form: type[_File]) -> _File:
    try:
        return form.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise CorpusError(f"{path}: {problems(error)}") from error
    except OSError as error:
        raise CorpusError(
            f"{path}: {error.strerror}; an FAQ is a folder with entries.toml and a file a language"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: {error}") from error
