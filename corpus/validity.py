"""Which documents may be quoted on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from corpus.models import Document

JAPAN = timezone(timedelta(hours=9), "JST")
"""The declaration is run from Japan: its days begin and end there."""


def today() -> date:
    """The day that it is in Japan."""
    return datetime.now(JAPAN).date()


def in_force(documents: Iterable[Document], day: date) -> tuple[Document, ...]:
    """The documents that may be quoted on `day`: begun, and neither retired nor superseded."""
    known = {document.id: document for document in documents}
    return tuple(d for d in known.values() if _has_begun(d, day) and ending(d, known, day) is None)


def ending(document: Document, known: dict[str, Document], day: date) -> str | None:
    """Why `document` may not be quoted on `day` nor ever after; None while it may, or will be.

    `known` holds the documents of the catalogue by id. A document that was retired before it began
    supersedes nothing; one that supersedes a successor supersedes its predecessors too.
    """
    if document.retired:
        return f"retired on {document.retired}"
    successor = known.get(document.superseded_by or "")
    while successor:
        if _has_begun(successor, day) and not _never_began(successor):
            return f"superseded by {successor.id!r}"
        successor = known.get(successor.superseded_by or "")
    return None


def _has_begun(document: Document, day: date) -> bool:
    return document.valid_from is None or document.valid_from <= day


def _never_began(document: Document) -> bool:
    return bool(document.retired and document.valid_from and document.retired < document.valid_from)
