"""Replies made by hand, where a test needs one that no question would get."""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.models import Citation, Outcome, Reply
from corpus.models import Authority, Kind


def citation(number: int = 1, **changes: Any) -> Citation:
    fields: dict[str, Any] = {
        "number": number,
        "document": "press-release",
        "title": "A title",
        "kind": Kind.PRESS_RELEASE,
        "authority": Authority.OFFICIAL,
        "locator": "body, paragraph 4",
        "page": None,
        "quote": "Yokohama signed first.",
        "url": None,
        "published": "2025-11",
        "source": "Press release, City of Yokohama",
    }
    return Citation(**fields | changes)


def reply(**changes: Any) -> Reply:
    fields: dict[str, Any] = {
        "question": "Which city signed first?",
        "language": "en",
        "outcome": Outcome.ANSWERED,
        "confidence": 0.9,
        "text": "Yokohama did.",
        "citations": (citation(),),
        "contact": None,
        "generation": "000001-0123abcd",
        "elapsed_ms": 12.5,
        "indexed": date(2025, 12, 1),
    }
    return Reply(**fields | changes)
