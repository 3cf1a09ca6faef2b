"""The FAQ: questions with their phrasings, approved answers, and the quotations that carry them.

`entries.toml` holds what no language changes; one `<language>.toml` beside it holds the words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from corpus.clean import locate
from corpus.errors import CorpusError
from corpus.models import Frozen, Identifier, Passage


class Quotation(Frozen):
    """A verbatim piece of a document that carries an answer."""

    document: str
    quote: str


class Wording(Frozen):
    """An entry in one language."""

    questions: tuple[str, ...] = Field(min_length=1)
    answer: str = Field(min_length=1)


class Contact(Frozen):
    """Whom to ask, in one language."""

    name: str
    detail: str


class FaqEntry(Frozen):
    """A question that officials ask. A `gap` says that the documents do not state the answer."""

    number: int
    id: Identifier
    topic: str
    gap: bool = False
    contact: str | None = None
    quotations: tuple[Quotation, ...] = Field(min_length=1)
    wordings: dict[str, Wording] = Field(min_length=1)
    """By language (BCP 47)."""


class Faq(Frozen):
    entries: tuple[FaqEntry, ...] = ()
    contacts: dict[str, dict[str, Contact]] = Field(default_factory=dict)
    """By contact id, then by language."""

    def text(self) -> str:
        """The FAQ as it may be quoted: every entry with its questions and answers."""
        parts = []
        for entry in self.entries:
            lines = [f"FAQ {entry.number} · {entry.id}"]
            for language, wording in sorted(entry.wordings.items()):
                lines += [f"[{language}] {wording.questions[0]}", wording.answer]
            parts.append("\n".join(lines))
        return "\n\n".join(parts)


def load_faq(folder: Path) -> Faq:
    """Read the FAQ files of `folder`.

    Raises CorpusError naming the file and the value where one is malformed, an id or number comes
    twice, a language file words an entry that does not exist, or an entry has no words at all.
    """
    heads = _parse(folder / "entries.toml").get("entry", [])
    wordings: dict[str, dict[str, Any]] = {}
    contacts: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == "entries.toml":
            continue
        content = _parse(path)
        for entry_id, wording in content.get("entries", {}).items():
            wordings.setdefault(entry_id, {})[path.stem] = wording
        for contact_id, contact in content.get("contacts", {}).items():
            contacts.setdefault(contact_id, {})[path.stem] = contact
    try:
        entries = TypeAdapter(tuple[FaqEntry, ...]).validate_python(
            [{**head, "wordings": wordings.pop(head.get("id", ""), {})} for head in heads]
        )
        faq = Faq(entries=entries, contacts=TypeAdapter(dict[str, dict[str, Contact]]).validate_python(contacts))
    except ValidationError as error:
        raise CorpusError(f"{folder}: {error}") from error
    _check(faq, wordings, folder)
    return faq


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


def _check(faq: Faq, left_over: dict[str, Any], folder: Path) -> None:
    if left_over:
        raise CorpusError(f"{folder}: worded but not in entries.toml: {', '.join(sorted(left_over))}")
    for name in ("id", "number"):
        values = [getattr(entry, name) for entry in faq.entries]
        if twice := {str(value) for value in values if values.count(value) > 1}:
            raise CorpusError(f"{folder}/entries.toml: {name} used twice: {', '.join(sorted(twice))}")
    if unknown := {e.contact for e in faq.entries if e.contact} - faq.contacts.keys():
        raise CorpusError(f"{folder}/entries.toml: contact without a name: {', '.join(sorted(unknown))}")


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CorpusError(f"{path}: missing; an FAQ folder needs it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: {error}") from error
