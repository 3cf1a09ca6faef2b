"""The catalogue: which documents there are, and the corpus read from it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import CorpusError, UnknownDocumentError, problems
from corpus.faq import Faq, find_quotation, load_faq
from corpus.models import FAQ_DOCUMENT, Document, Frozen, Kind, Passage, Reading
from corpus.readers import read_content
from corpus.split import split

CATALOGUE = "catalogue.toml"


class Corpus(BaseModel):
    """All documents, read. The FAQ is one of them, kept apart because it is matched by question."""

    model_config = ConfigDict(frozen=True)

    readings: tuple[Reading, ...]
    faq: Faq
    faq_document: Document | None
    faq_sha256: str = ""

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
        documents = _CatalogueFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).document
    except ValidationError as error:
        raise CorpusError(f"{path}: {problems(error)}") from error
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}; DESK_CORPUS_DIR must name a folder with a catalogue") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: {error}") from error
    ids = [document.id for document in documents]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise CorpusError(f"{path}: document id used twice: {', '.join(twice)}")
    return documents


def read_corpus(folder: Path) -> Corpus:
    """Read every document of the catalogue in `folder`.

    Nothing is skipped: raises CorpusError if a document cannot be read, or if an FAQ quotation does
    not stand in its document.
    """
    readings: list[Reading] = []
    faq, faq_document, faq_sha256 = Faq(), None, ""
    for document in load_catalogue(folder):
        path = folder / document.file
        if document.kind is Kind.FAQ:
            if document.id != FAQ_DOCUMENT:
                raise CorpusError(f"{CATALOGUE}: the FAQ's id is {FAQ_DOCUMENT!r}, got {document.id!r}")
            faq, faq_document, faq_sha256 = load_faq(path), document, _digest(path)
        else:
            content = read_content(path, document)
            readings.append(split(document, list(content.blocks), _digest(path)))
    corpus = Corpus(readings=tuple(readings), faq=faq, faq_document=faq_document, faq_sha256=faq_sha256)
    passages = list(corpus.passages())
    for entry in faq.entries:
        for quotation in entry.quotations:
            find_quotation(quotation, passages)
    return corpus


def _digest(path: Path) -> str:
    """sha256 of a file; of a folder, of its files' names and digests."""
    if path.is_dir():
        lines = [f"{file.name} {_digest(file)}\n" for file in sorted(path.glob("*.toml"))]
        return hashlib.sha256("".join(lines).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
