"""Files that admins sent and have not decided on: kept in the database until they are added or discarded."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, ColumnElement, LargeBinary, String, update
from sqlalchemy.orm import Mapped, deferred, mapped_column

from assistant.database import Base, Database, Moment, changed, new_reference, now
from assistant.languages import FALLBACK, identify
from corpus.catalogue import load_catalogue
from corpus.curation import LONGEST_TITLE
from corpus.errors import DeskError
from corpus.models import Authority, Content, Kind
from corpus.validity import ending, today

_KINDS = {
    Kind.PRESS_RELEASE: r"press|release|記者発表|プレスリリース|報道",
    Kind.OPEN_LETTER: r"letter|書簡|要望書",
    Kind.FRAMEWORK: r"framework|declaration|枠組|宣言",
}
"""What tells the kind of a document, in its file's name and its title."""
_LOOKED_AT = 3000
_DIGITS = 8
_SAYS_AS_MUCH = 0.5
"""Of a digest's characters, in the file that takes its place."""


class Decision(StrEnum):
    """What became of a file."""

    OPEN = "open"
    ADDED = "added"
    DISCARDED = "discarded"


class UploadRow(Base):
    """A file, and what the catalogue would say of it."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    """None once it is discarded, or in the corpus."""
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What `corpus.curation.add` is told."""
    decision: Mapped[str] = mapped_column(String(16))
    decided_by: Mapped[str | None] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def description(self) -> str:
        """Tells what is said of the file now from what was said before."""
        return hashlib.sha256(json.dumps(self.fields, sort_keys=True).encode()).hexdigest()[:_DIGITS]


class DescribedOtherwiseError(DeskError):
    """A decision was made on another description of a file than the present one."""


class Uploads:
    """Files on their way. The first decision on each counts."""

    def __init__(self, database: Database) -> None:
        self._session = database.session

    def put(self, user: str, name: str, content: bytes, fields: dict[str, Any]) -> UploadRow:
        row = UploadRow(
            id=new_reference(), user=user, name=name, content=content, fields=fields,
            decision=Decision.OPEN, received_at=now(),
        )  # fmt: skip
        with self._session() as session:
            session.add(row)
        return row

    def get(self, upload_id: str) -> UploadRow | None:
        with self._session() as session:
            return session.get(UploadRow, upload_id)

    def expire(self, days: int) -> None:
        """Let go of files that nobody has decided on for so long."""
        with self._session() as session:
            old = update(UploadRow).where(UploadRow.decision == Decision.OPEN)
            old = old.where(UploadRow.received_at < now() - timedelta(days=days))
            session.execute(old.values(decision=Decision.DISCARDED, content=None))

    def content(self, upload_id: str) -> bytes | None:
        """A file's content; None once it is discarded, or in the corpus."""
        with self._session() as session:
            row = session.get(UploadRow, upload_id)
            return row.content if row else None

    def describe(self, upload_id: str, fields: dict[str, Any]) -> bool:
        """Say something else of a file that nobody has decided on; False if somebody has."""
        with self._session() as session:
            return changed(session, _open(upload_id).values(fields=fields)) > 0

    def decide(self, upload_id: str, decision: Decision, by: str, description: str | None = None) -> bytes | None:
        """Decide on a file; its content, or None if somebody has decided before.

        What is to be added is kept until it is `done`, for the case that it comes to nothing.
        Raises DescribedOtherwiseError, and decides nothing, where the description that was seen is not the present one.
        """
        content = self.content(upload_id)
        kept = content if decision is Decision.ADDED else None
        with self._session() as session:
            decided = _open(upload_id).values(decision=decision, decided_by=by, content=kept)
            if not changed(session, decided):
                return None
            if description not in {None, session.get_one(UploadRow, upload_id).description}:
                raise DescribedOtherwiseError(upload_id)
            return content

    def done(self, upload_id: str) -> None:
        """A file is in the corpus, and no longer kept here."""
        with self._session() as session:
            session.execute(update(UploadRow).where(UploadRow.id == upload_id).values(content=None))

    def reopen(self, upload_id: str) -> None:
        """A file could not be added, and waits again."""
        self._reopen(UploadRow.id == upload_id)

    def reopen_unfinished(self) -> None:
        """Files that a bot was adding when it stopped wait again."""
        self._reopen()

    def _reopen(self, *which: ColumnElement[bool]) -> None:
        with self._session() as session:
            unfinished = update(UploadRow).where(UploadRow.decision == Decision.ADDED, UploadRow.content.is_not(None))
            session.execute(unfinished.where(*which).values(decision=Decision.OPEN, decided_by=None))


def described(name: str, content: Content, folder: Path) -> dict[str, Any]:
    """What the catalogue of `folder` would say of a file: its kind, title, language, and whose place it takes.

    That is the document with this name, or else the digest of that kind and language, which stands in for what is not
    at hand; but not for a file that says far less: many FAQ entries may lean on the digest's words.
    """
    catalogue = [document for document in load_catalogue(folder) if document.kind is not Kind.FAQ]
    text = "\n".join(block.text for block in content.blocks)[:_LOOKED_AT]
    stem = Path(name).stem
    title = next((block.text for block in content.blocks if block.title or block.level), stem)
    title = " ".join(title.split())[:LONGEST_TITLE] or stem
    language = identify(text) if text.strip() else FALLBACK
    told = f"{stem} {title}".casefold()
    kind = next((kind for kind, words in _KINDS.items() if re.search(words, told)), Kind.OTHER)
    fields = {"kind": kind, "title": title, "language": language, "authority": Authority.OFFICIAL}
    same = next((d for d in catalogue if stem in {d.id, Path(d.file).stem}), None)
    length = sum(len(block.text) for block in content.blocks)
    known = {document.id: document for document in catalogue}
    digests = [
        d for d in catalogue
        if ending(d, known, today()) is None
        and (d.kind, d.authority, d.language) == (kind, Authority.DIGEST, language)
        and length >= _SAYS_AS_MUCH * len((folder / d.file).read_bytes().decode(errors="replace"))
    ]  # fmt: skip
    if same is None and len(digests) == 1:
        return {**fields, "id": digests[0].id}
    if same is not None:
        kept = {"kind": same.kind, "title": same.title, "language": same.language, "authority": same.authority}
        return {**kept, "id": same.id, "published": same.published, "url": same.url}
    return fields


def _open(upload_id: str) -> Any:
    return update(UploadRow).where(UploadRow.id == upload_id, UploadRow.decision == Decision.OPEN)
