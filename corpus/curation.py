"""Curation: documents put into the catalogue, and taken out of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Annotated, Any

from filelock import FileLock, Timeout
from pydantic import AfterValidator, StringConstraints, ValidationError

from corpus.catalogue import CATALOGUE, load_catalogue, parse_catalogue
from corpus.entries import change
from corpus.errors import CorpusError, UnknownDocumentError
from corpus.files import digest, flush, write_whole
from corpus.models import FAQ_DOCUMENT, Content, Document, Kind, Line, PartialDate
from corpus.readers import read_content
from corpus.validity import ending, in_force, today

LOCK = ".catalogue.lock"
_PATIENCE = 10  # seconds
LONGEST_TITLE = 200
_KEPT = ("issuer", "headings")
"""What a replaced document's entry hands on, unless it is said anew; the rest was said of the file that goes."""
_SAID = ("title", "kind", "authority", "language", "published", "url", "valid_from")
"""What citations show of a document, and its dates."""
_FORMS = {
    "id": "must be of small letters, digits, '.', '_' and '-', at most 80, as in open-letter-2",
    "language": "must be a BCP 47 tag, as ja, en and zh-Hans are",
    "title": f"must be one line that says something, of at most {LONGEST_TITLE} characters",
    "url": "must be an address that begins with https:// or http://",
    "published": "must be a year, a month or a day, as in 2025, 2025-11 or 2025-11-26, and not after next year",
    "valid_from": "must be a day, as in 2026-04-01",
}
"""How to write what people get wrong."""


class DescriptionError(CorpusError):
    """What is said of a document cannot stand; `fields` are those that are wrong."""

    def __init__(self, message: str, *fields: str) -> None:
        super().__init__(message)
        self.fields = fields


def _at_hand(published: str) -> str:
    if int(published[:4]) > today().year + 1:
        raise ValueError("is far ahead")
    return published


class _Described(Document):
    """A document as it may be described now; what a catalogue says already is not held to that."""

    title: Annotated[Line, StringConstraints(max_length=LONGEST_TITLE)]
    published: Annotated[PartialDate, AfterValidator(_at_hand)] | None = None
    url: Annotated[Line, StringConstraints(pattern=r"^https?://[^\s/?#]\S*$")] | None = None


@dataclass(frozen=True)
class Added:
    """A document put into the catalogue."""

    document: Document
    content: Content
    replaced: Document | None
    """What stood under that id before."""
    supersedes: tuple[str, ...]
    """The documents whose place it takes."""

    def changed(self) -> list[tuple[str, str, str]]:
        """Field, old and new value of what is said otherwise of a replaced document."""
        if self.replaced is None:
            return []
        pairs = [(name, getattr(self.replaced, name), getattr(self.document, name)) for name in _SAID]
        return [(name, str(old or ""), str(new or "")) for name, old, new in pairs if old != new]


def add(folder: Path, file: Path, *, id: str | None = None, supersedes: Sequence[str] = (),  # noqa: A002
        **fields: Any) -> Added:  # fmt: skip
    """Read `file`, copy it into `folder` and write its catalogue entry; a document of that id is replaced.

    `fields` are those of a Document. Without `id`, one that is free is made of the file's name, or of kind
    and language. Whatever fails, catalogue and files are as they were. Raises CorpusError.
    """
    with lock(folder):
        catalogue = {document.id: document for document in load_catalogue(folder)}
        document = _describe(file, id, catalogue, folder, fields)
        content = read_content(file, document)
        _refuse_twice(file, document, catalogue, folder)
        for other in supersedes:
            _check_superseded(other, document.id, catalogue)
        document = document.model_copy(update={"file": _name(file, folder, document.id)})
        entries = {document.id: _as_toml(document), **{other: {"superseded_by": document.id} for other in supersedes}}
        changed = _changed(folder, entries, whole=document.id)
        with _taken_in(file, folder / document.file, folder):
            write_whole(folder / CATALOGUE, changed)
    earlier = [other.id for other in catalogue.values() if other.superseded_by == document.id]
    return Added(document, content, catalogue.get(document.id), tuple(dict.fromkeys([*earlier, *supersedes])))


def check(folder: Path, name: str, *, id: str | None = None, **fields: Any) -> None:  # noqa: A002
    """Check what `add` would be told of a file of that name, before anybody reads it.

    Raises DescriptionError, or another CorpusError.
    """
    _describe(Path(name), id, {document.id: document for document in load_catalogue(folder)}, folder, fields)


def retire(folder: Path, id: str) -> Document:  # noqa: A002
    """Mark a document as retired today: it stays in the catalogue, and is not read or quoted any more.

    Raises UnknownDocumentError, or CorpusError if it is no longer in force, or the last one that is.
    """
    with lock(folder):
        catalogue = {document.id: document for document in load_catalogue(folder)}
        if id not in catalogue:
            raise UnknownDocumentError(id, list(catalogue))
        if id == FAQ_DOCUMENT:
            raise CorpusError("the FAQ is not retired; take entries out of its files, and run `index build`")
        if reason := ending(catalogue[id], catalogue, today()):
            raise CorpusError(f"{id!r} is not quoted any more: {reason}")
        left = [d for d in catalogue.values() if d.kind is not Kind.FAQ and ending(d, catalogue, today()) is None]
        if [document.id for document in left] == [id]:
            raise CorpusError(f"{id!r} is the only document left; the desk would have nothing to quote")
        write_whole(folder / CATALOGUE, _changed(folder, {id: {"retired": today()}}))
    return catalogue[id]


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """One change of the catalogue at a time. Raises CorpusError where the folder cannot be changed."""
    load_catalogue(folder)  # a folder that is none is told as such, before a lock is put into it
    held = FileLock(folder / LOCK, timeout=_PATIENCE)
    try:
        held.acquire()
    except Timeout as error:
        raise CorpusError(f"{folder}: somebody else is changing the catalogue; try again") from error
    except OSError as error:
        raise CorpusError(f"{folder}: {error.strerror}; the catalogue's folder must be writable") from error
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        raise CorpusError(
            f"{where}: {error.strerror}; the catalogue's folder must be writable and have room"
        ) from error
    finally:
        held.release()


def _describe(file: Path, wanted: str | None, catalogue: dict[str, Document], folder: Path,
              fields: dict[str, Any]) -> Document:  # fmt: skip
    if fields["kind"] == Kind.FAQ:
        raise CorpusError("the FAQ is no single file: edit the files in its folder, and run `index build`")
    name = wanted or _free_id(file, catalogue, fields)
    if name == FAQ_DOCUMENT:
        raise CorpusError(f"the id {name!r} is the FAQ's; choose another --id")
    before = catalogue.get(name)
    kept = {key: getattr(before, key) for key in _KEPT} if before else {}
    if before and before.authority == fields["authority"]:
        kept["silences"] = before.silences  # a digest's own sections; no other document has them
    if before and ending(before, catalogue, today()) is None:
        kept["superseded_by"] = before.superseded_by  # said by its successor, and still to come
    said = {key: value for key, value in fields.items() if value is not None}
    try:
        document = Document(**dict(_Described(**{**kept, **said, "id": name, "file": file.name})))
    except ValidationError as error:
        wrong = [str(problem["loc"][0]) for problem in error.errors()]
        raise DescriptionError(_complaints(error, wanted), *wrong) from error
    begins_later = document.valid_from is not None and document.valid_from > today()
    if begins_later and before in in_force(catalogue.values(), today()):
        raise DescriptionError(
            f"{document.id!r} would be gone until {document.valid_from}; add the file under another id, "
            f"with --supersedes {document.id}, and it takes over on that day",
            "valid_from",
        )
    if before is None or _same_content(file, folder / before.file):
        return document.model_copy(update={"replaced": before.replaced if before else None})
    return document.model_copy(update={"replaced": today()})


def _complaints(error: ValidationError, wanted: str | None) -> str:
    """What is wrong with what was said, and how to write it; an id that was made of it is nobody's fault."""
    clauses = []
    for problem in error.errors(include_url=False):
        field = str(problem["loc"][0])
        if field != "id" or wanted:
            clauses.append(f"{field}: {_FORMS.get(field, problem['msg'])}, got {problem['input']!r:.200}")
    return "; ".join(clauses)


def _free_id(file: Path, catalogue: dict[str, Document], fields: dict[str, Any]) -> str:
    """The file's name as an id; kind and language where no ASCII letter is in it; numbered if taken."""
    slug = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
    if not re.search("[a-z]", slug):
        slug = f"{fields['kind'].replace('_', '-')}-{fields['language'].lower()}"
    slug, number = slug[:70], 1
    while (name := slug if number == 1 else f"{slug}-{number}") in (*catalogue, FAQ_DOCUMENT):
        number += 1
    return name


def _refuse_twice(file: Path, document: Document, catalogue: dict[str, Document], folder: Path) -> None:
    for other in catalogue.values():
        if other.id != document.id and not other.retired and _same_content(file, folder / other.file):
            raise CorpusError(
                f"{file.name} is in the catalogue already, as {other.id!r}; with --id {other.id} its entry is replaced"
            )


def _same_content(file: Path, other: Path) -> bool:
    return file.is_file() and other.is_file() and digest(file) == digest(other)


def _check_superseded(other: str, id: str, catalogue: dict[str, Document]) -> None:  # noqa: A002
    if other == id:
        raise CorpusError(f"{id!r} cannot supersede itself; without --supersedes, an id that exists is replaced")
    if other not in catalogue:
        raise UnknownDocumentError(other, list(catalogue))
    if other == FAQ_DOCUMENT:
        raise CorpusError("the FAQ is superseded by nothing: its entries rest where text that they quote is gone")
    reason = ending(catalogue[other], catalogue, today())
    if reason and catalogue[other].superseded_by != id:  # to be superseded later would bring it back till then
        raise CorpusError(f"{other!r} is not quoted any more: {reason}; leave out --supersedes {other}")
    successor = catalogue[other].superseded_by
    if successor and successor != id and not catalogue[successor].retired:
        raise CorpusError(f"{other!r} is superseded by {successor!r} already; retire that one first, or supersede it")


def _name(file: Path, folder: Path, id: str) -> str:  # noqa: A002
    """The name that a file has in the folder if it lies there, else one that no other content has."""
    resolved, suffix = file.resolve(), file.suffix.lower()
    lies_there = resolved.parent == folder.resolve() and resolved.suffix.lower() == suffix
    if lies_there and resolved.name == resolved.name.strip():
        return resolved.name
    marks = chain(("", f"-{digest(file)[:8]}"), (f"-{number}" for number in count(2)))
    names = (f"{id}{mark}{suffix}" for mark in marks)
    return next(name for name in names if not (folder / name).exists() or _same_content(file, folder / name))


@contextmanager
def _taken_in(file: Path, path: Path, folder: Path) -> Iterator[None]:
    """Copy a file to `path` unless it is there; it goes again where the catalogue cannot be written after all."""
    if path.exists():
        yield
        return
    beside = path.with_name(f".{path.name}.new")
    try:
        shutil.copyfile(file, beside)
        flush(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    flush(folder)
    try:
        yield
    except OSError:
        if path.name not in {document.file for document in load_catalogue(folder)}:
            path.unlink()
        raise


def _as_toml(document: Document) -> dict[str, Any]:
    """The fields of an entry, without those that say nothing."""
    fields = {name: value for name, value in document if value}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}


def _changed(folder: Path, entries: dict[str, dict[str, Any]], whole: str = "") -> bytes:
    """The catalogue with fields of documents set (see corpus/entries.py), checked. Raises CorpusError."""
    path = folder / CATALOGUE
    try:
        content = change(path.read_bytes().decode(), entries, whole)
    except CorpusError as error:
        raise CorpusError(f"{path}: {error}") from error
    parse_catalogue(content, path)
    return content.encode()
