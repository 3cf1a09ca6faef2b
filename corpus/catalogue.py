"""The catalogue: which documents there are, and the corpus read from it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.cache import ContentCache
from corpus.errors import CorpusError, UnknownDocumentError, problems
from corpus.faq import ENTRIES, Faq, FaqEntry, load_faq, with_approved
from corpus.files import digest
from corpus.lapses import Lapse, standing
from corpus.models import FAQ_DOCUMENT, Document, Frozen, Kind, Passage, Reading
from corpus.progress import Progress, Stage, no_progress
from corpus.split import split
from corpus.validity import ending, today

CATALOGUE = "catalogue.toml"
APPROVED = "approved"
"""The folder beside the FAQ's files with entries that staff approved, exported from the record."""


class Approved(Frozen):
    """What staff approved, as the record has it."""

    entries: tuple[FaqEntry, ...] = ()
    retired: tuple[str, ...] = ()
    """The ids of entries that are not to be answered with any more, wherever they were exported to."""


NOTHING_APPROVED = Approved()


class Corpus(BaseModel):
    """All documents that may be quoted, now or later, read. The FAQ is kept apart: it is matched by question."""

    model_config = ConfigDict(frozen=True)

    readings: tuple[Reading, ...]
    faq: Faq
    """The entries that can be trusted; `lapses` are the others."""
    faq_document: Document | None
    faq_sha256: str = ""
    lapses: tuple[Lapse, ...] = ()
    warnings: tuple[str, ...] = ()
    """What a curator should look at, each beginning with the document's id."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents in the catalogue's order, the FAQ last."""
        faq = (self.faq_document,) if self.faq_document else ()
        return (*(reading.document for reading in self.readings), *faq)

    def text(self, document: str) -> str:
        """A document's text exactly as it may be quoted. Raises UnknownDocumentError."""
        if self.faq_document and document == self.faq_document.id:
            return self.faq.text()
        for reading in self.readings:
            if reading.document.id == document:
                return reading.text
        raise UnknownDocumentError(document, [d.id for d in self.documents])

    def passages(self) -> Iterator[Passage]:
        """Every passage of every document but the FAQ."""
        for reading in self.readings:
            yield from reading.passages


class _CatalogueFile(Frozen):
    """catalogue.toml"""

    document: tuple[Document, ...] = Field(min_length=1)


def load_catalogue(folder: Path) -> tuple[Document, ...]:
    """The documents that `folder`/catalogue.toml lists. Raises CorpusError naming the bad value."""
    path = folder / CATALOGUE
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}; DESK_CORPUS_DIR must name a folder with a catalogue") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: {error}") from error
    return parse_catalogue(content, path)


def parse_catalogue(content: str, path: Path) -> tuple[Document, ...]:
    """The documents that a catalogue's text lists; `path` is named in errors. Raises CorpusError."""
    try:
        documents = _CatalogueFile.model_validate(tomllib.loads(content)).document
    except ValidationError as error:
        raise CorpusError(f"{path}: {problems(error)}") from error
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path}: {error}") from error
    known = {document.id: document for document in documents}
    ids = [document.id for document in documents]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise CorpusError(f"{path}: document id used twice: {', '.join(twice)}")
    for document in documents:
        if document.kind is Kind.FAQ and document.id != FAQ_DOCUMENT:
            raise CorpusError(f"{path}: the FAQ's id is {FAQ_DOCUMENT!r}, got {document.id!r}")
        if document.superseded_by and document.superseded_by not in known:
            raise CorpusError(f"{path}: {document.id} is superseded_by {document.superseded_by!r}, which is not there")
        _check_no_circle(document, known, path)
    return documents


def read_corpus(folder: Path, *, approved: Approved = NOTHING_APPROVED, day: date | None = None,
                cache: Path | None = None, progress: Progress = no_progress) -> Corpus:  # fmt: skip
    """Read every document of the catalogue in `folder` that may be quoted on `day` (today, in Japan) or later.

    The FAQ is that of the folder with the entries that staff `approved`, those exported to the folder and those of
    the record, which knows better.
    `cache` is a folder to keep what slow readers found. Nothing is skipped: raises CorpusError if a
    document cannot be read, or if an FAQ quotation does not stand in its document, unless that one was
    replaced or taken out (see corpus/lapses.py).
    """
    catalogue = load_catalogue(folder)
    known = {document.id: document for document in catalogue}
    present = [d for d in catalogue if ending(d, known, day or today()) is None]
    texts = [(folder / d.file, d) for d in present if d.kind is not Kind.FAQ]
    contents = ContentCache(cache)
    readings: list[Reading] = []
    warnings: list[str] = []
    for done, (path, document) in enumerate(texts):
        progress(Stage.READING, done, len(texts))
        content = contents.read(path, document)
        warnings += [f"{document.id}: {warning}" for warning in content.warnings]
        readings.append(split(document, list(content.blocks), digest(path)))
    progress(Stage.READING, len(texts), len(texts))
    contents.keep_only(texts)
    faq_document = next((document for document in present if document.kind is Kind.FAQ), None)
    if faq_document is None:
        return Corpus(readings=tuple(readings), faq=Faq(), faq_document=None, warnings=tuple(warnings))
    path = folder / faq_document.file
    excused = {document.id for document in catalogue if document.replaced or document not in present}
    passages = [passage for reading in readings for passage in reading.passages]
    exported = load_faq(path / APPROVED).entries if (path / APPROVED / ENTRIES).exists() else ()
    numbers = {entry.id for entry in approved.entries} | set(approved.retired)
    standing_by = [*(entry for entry in exported if entry.id not in numbers), *approved.entries]
    faq, lapses = standing(with_approved(load_faq(path), standing_by), passages, excused)
    return Corpus(
        readings=tuple(readings),
        faq=faq,
        faq_document=faq_document,
        faq_sha256=_faq_digest(path, standing_by),
        lapses=lapses,
        warnings=tuple(warnings),
    )


def _check_no_circle(document: Document, known: dict[str, Document], path: Path) -> None:
    chain = [document.id]
    while (successor := known[chain[-1]].superseded_by) and successor in known:
        if successor in chain:
            raise CorpusError(f"{path}: superseded_by goes in a circle: {' → '.join([*chain, successor])}")
        chain.append(successor)


def _faq_digest(folder: Path, approved: Iterable[FaqEntry]) -> str:
    """sha256 of the names and digests of the files in the FAQ's folder, and of what staff approved."""
    lines = [f"{file.name} {digest(file)}\n" for file in sorted(folder.glob("*.toml"))]
    lines += [f"{entry.model_dump_json()}\n" for entry in approved]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
