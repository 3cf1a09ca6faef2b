"""A generation: one immutable, self-describing build of the index, read back with checks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from pydantic import BaseModel, TypeAdapter, ValidationError

from corpus.errors import DeskError
from corpus.faq import Faq, FaqEntry
from corpus.files import digest
from corpus.lapses import Lapse, standing
from corpus.models import FAQ_DOCUMENT, Authority, Document, Frozen, Passage
from corpus.validity import in_force
from index.acronyms import Acronyms
from index.classifier import Classifier
from index.continents import Continents
from index.encoder import Encoder, Vectors
from index.lexical import LexicalIndex
from index.phrasings import Phrasings
from index.places import Places
from index.vector_store import LostVectorsError, VectorStore
from index.vectors import ByteIndex, VectorIndex

FORMAT = 8
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sha256"
CLASSIFIER, PHRASINGS, QUESTIONS = "classifier.npz", "phrasings.npz", "questions.npy"
PLACES, CONTINENTS, ACRONYMS = "places.npz", "continents.json", "acronyms.npy"
FAQ, BRIEF_FAQ = "faq.json", "brief-faq.json"
"""The phrasings of all entries are many: a start would take a tenth longer, and an eighth more memory, for them."""
FOR_BUILDS = ("vectors.npy", "vectors.json", FAQ)
"""What is encoded already, and of what: for the next build, and for comparisons."""
LEXICAL, FAQ_LEXICAL = "lexical", "faq-lexical"
"""Folders with a folder for each language in them."""


class DamagedGenerationError(DeskError):
    """A generation's files are not what its manifest says."""


class EarlierFormatError(DamagedGenerationError):
    """An earlier version of the desk built the generation, and this one reads it no more."""


class ForeignEncoderError(DeskError):
    """A generation was built with another encoder than the one in use."""


class IndexedDocument(Frozen):
    """A document as it was when the generation was built."""

    document: Document
    sha256: str
    passages: int


class Trial(Frozen):
    """How the golden questions fared with a generation, and with the one that it took the place of."""

    questions: int
    right: int
    right_before: int
    forced: bool = False
    """Whether somebody made it current although it was worse."""


class Manifest(Frozen):
    """What a generation says of itself."""

    format: int
    id: str
    created: str
    """ISO 8601, UTC."""
    by: str
    encoder: str
    dimension: int
    documents: tuple[IndexedDocument, ...]
    content: str
    """Digest of all that decides what the generation holds: catalogue, passages, FAQ, encoder, format."""
    counts: dict[str, int]
    previous: str | None
    lapses: tuple[Lapse, ...] = ()
    """The FAQ entries that it leaves out."""
    warnings: tuple[str, ...] = ()
    """What readers want a curator to look at."""
    trial: Trial | None = None
    """None where there was nothing to compare it with."""
    files: dict[str, str]
    """sha256 of every other file, by its path in the folder."""


class _Versioned(BaseModel):
    """What the manifests of all versions have."""

    format: int


class Centres(Frozen):
    """Which row of centres.npy holds which language's mean ("" for all languages)."""

    passages: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Generation:
    """A generation in memory. Rows of the vector indexes follow `passages`, their sentences, `phrasings`."""

    manifest: Manifest
    passages: tuple[Passage, ...]
    faq: Faq
    """In brief: `phrasings` knows the rest."""
    phrasings: Phrasings
    paragraphs: VectorIndex
    sentences: VectorIndex
    questions: VectorIndex
    classifier: Classifier
    """Of questions by the FAQ entry that they ask for, in the entries' order; after them, where the FAQ is large, by
    whether none of them is meant."""
    lexical: dict[str, LexicalIndex]
    """Over the passages of each language, in their order."""
    faq_lexical: dict[str, LexicalIndex]
    """Over the entries' wordings in each language, in the entries' order."""
    passage_centres: dict[str, Vectors]
    question_centres: dict[str, Vectors]
    places: Places
    """Cities, and whether documents name them."""
    continents: Continents
    """Of which of them each entry tells."""
    acronyms: Acronyms
    """The words by which an acronym is known."""
    documents: dict[str, Document]
    """By id, in the catalogue's order."""

    def authority(self, passage: Passage) -> Authority:
        return self.documents[passage.document].authority

    def entry_of(self, question: str, language: str) -> FaqEntry | None:
        """The entry that a question is a phrasing of, whatever its marks: in its `language`, or else in another."""
        place = self.phrasings.entry_of(question, language)
        return None if place is None else self.faq.entries[place]

    def on(self, day: date) -> Generation:
        """This generation without the documents that are not in force on `day`, and what the FAQ has of them."""
        valid = {document.id: document for document in in_force(self.documents.values(), day)}
        if len(valid) == len(self.documents):
            return self
        passages = tuple(passage for passage in self.passages if passage.document in valid)
        faq, _ = standing(self.faq, passages, self.documents.keys() - valid.keys())
        if FAQ_DOCUMENT not in valid:
            faq = faq.model_copy(update={"entries": ()})
        stands = {entry.id for entry in faq.entries}
        kept = np.array([entry.id in stands for entry in self.faq.entries], dtype=bool)
        return replace(
            self,
            passages=passages,
            faq=faq,
            phrasings=self.phrasings.only(kept),
            paragraphs=self.paragraphs.only([p.document in valid for p in self.passages]),
            sentences=self.sentences.only([p.document in valid for p in self.passages for _ in p.sentences]),
            questions=self.questions.only(self.phrasings.of_entries(kept)),
            classifier=self.classifier.only(np.pad(kept, (0, self.classifier.size - len(kept)), constant_values=True)),
            lexical={
                language: index.only([p.document in valid for p in self.passages if p.language == language])
                for language, index in self.lexical.items()
                if language in {passage.language for passage in passages}
            },
            faq_lexical={language: index.only(kept) for language, index in self.faq_lexical.items()},
            documents=valid,
        )


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the generation in `folder`. Raises DamagedGenerationError."""
    path = folder / MANIFEST
    try:
        if digest(path) != (folder / MANIFEST_DIGEST).read_text().strip():
            raise DamagedGenerationError(f"generation {folder.name}: {MANIFEST} does not match {MANIFEST_DIGEST}")
        _check_format(folder.name, path)  # first: what a manifest says besides depends on it
        manifest = Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise DamagedGenerationError(f"generation {folder.name}: {error.filename}: {error.strerror}") from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise DamagedGenerationError(f"generation {folder.name}: {MANIFEST} cannot be read: {error}") from error
    return manifest


def _check_format(generation: str, manifest: Path) -> None:
    """Raise DamagedGenerationError where another version of the desk is needed, ValidationError where none is named."""
    found = _Versioned.model_validate_json(manifest.read_bytes()).format
    if found < FORMAT:
        raise EarlierFormatError(
            f"generation {generation} has the format {found} of an earlier version, this one reads {FORMAT}; "
            "run `index build`"
        )
    if found > FORMAT:
        raise DamagedGenerationError(
            f"generation {generation} has the format {found} of a later version, this one reads {FORMAT}; "
            "run that version, or `index build` with this one"
        )


def verify(folder: Path, vectors: VectorStore | None = None, *, to_serve: bool = False) -> Manifest:
    """Check every file of a generation against its digest and, if `vectors` is given, what is kept elsewhere.

    With `to_serve`, the contents of those files are left unread that only the next build reads, and checks: they are
    two thirds of it all.
    Returns the manifest; raises DamagedGenerationError naming the first file that is missing, changed
    or not in the manifest, or what `vectors` has not as it was built; VectorsError where that cannot be told.
    """
    manifest = read_manifest(folder)
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    present -= {MANIFEST, MANIFEST_DIGEST}
    for name, expected in manifest.files.items():
        if name not in present:
            raise DamagedGenerationError(f"generation {folder.name}: {name} is missing")
        if not (to_serve and name in FOR_BUILDS) and digest(folder / name) != expected:
            raise DamagedGenerationError(f"generation {folder.name}: {name} does not match its digest")
    if extra := sorted(present - manifest.files.keys()):
        raise DamagedGenerationError(f"generation {folder.name}: {extra[0]} is not in the manifest")
    if vectors is not None:
        with _elsewhere(folder):
            vectors.verify(folder)
    return manifest


@contextmanager
def _elsewhere(folder: Path) -> Iterator[None]:
    try:
        yield
    except LostVectorsError as error:
        raise DamagedGenerationError(f"generation {folder.name}: {error}") from error


def is_sound(folder: Path) -> bool:
    """Whether every file of a generation is as it was built."""
    try:
        verify(folder)
    except DamagedGenerationError:
        return False
    return True


def load_generation(folder: Path, encoder: Encoder, vectors: VectorStore | None = None) -> Generation:
    """Verify and read a generation, what is not in its folder from `vectors`.

    Raises DamagedGenerationError, VectorsError, or ForeignEncoderError if `encoder` did not build it.
    """
    manifest = verify(folder, to_serve=True)
    if manifest.encoder != encoder.name:
        raise ForeignEncoderError(
            f"generation {manifest.id} was built with the encoder {manifest.encoder!r}, in use is {encoder.name!r}; "
            "set DESK_ENCODER back, or run `index build` to build one for this encoder"
        )
    return read_generation(folder, manifest, vectors or VectorStore())


def read_generation(folder: Path, manifest: Manifest, vectors: VectorStore) -> Generation:
    """What is in `folder`, which `manifest` describes and nobody needs to verify."""
    centres = Centres.model_validate_json((folder / "centres.json").read_bytes())
    rows = np.load(folder / "centres.npy", allow_pickle=False)
    with _elsewhere(folder):
        paragraphs, sentences = vectors.read(folder, "paragraphs"), vectors.read(folder, "sentences")
    return Generation(
        manifest=manifest,
        passages=read_passages(folder),
        faq=Faq.model_validate_json((folder / BRIEF_FAQ).read_bytes()),
        phrasings=Phrasings.load(folder / PHRASINGS),
        paragraphs=paragraphs,
        sentences=sentences,
        questions=ByteIndex(folder / QUESTIONS),
        classifier=Classifier.load(folder / CLASSIFIER),
        lexical=_load_lexical(folder / LEXICAL),
        faq_lexical=_load_lexical(folder / FAQ_LEXICAL),
        passage_centres=dict(zip(centres.passages, rows, strict=False)),
        question_centres=dict(zip(centres.questions, rows[len(centres.passages) :], strict=True)),
        places=Places.load(folder / PLACES),
        continents=Continents.model_validate_json((folder / CONTINENTS).read_bytes()),
        acronyms=Acronyms.load(folder / ACRONYMS),
        documents={indexed.document.id: indexed.document for indexed in manifest.documents},
    )


def read_passages(folder: Path) -> tuple[Passage, ...]:
    """The passages of a verified generation."""
    lines = (folder / "passages.jsonl").read_bytes().splitlines()
    return tuple(TypeAdapter(list[Passage]).validate_json(b"[" + b",".join(lines) + b"]"))


def read_faq(folder: Path) -> Faq:
    """The whole FAQ of a verified generation."""
    return Faq.model_validate_json((folder / FAQ).read_bytes())


def _load_lexical(folder: Path) -> dict[str, LexicalIndex]:
    return {path.name: LexicalIndex.load(path) for path in sorted(folder.glob("*"))}
