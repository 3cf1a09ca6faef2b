"""Quotations shown where they stand: the passage, and its neighbours in the same section."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assistant.locators import source_name
from assistant.models import Citation
from corpus.errors import CorpusError
from corpus.faq import Quotation, find_quotation
from corpus.models import Kind, Passage
from index.generation import Generation


@dataclass(frozen=True)
class Context:
    """A citation with the passage it quotes, and the passages before and after it."""

    citation: Citation
    passage: Passage
    before: Passage | None
    after: Passage | None


def in_context(citations: Iterable[dict[str, Any]], generation: Generation, language: str) -> list[Context]:
    """The recorded citations as they stand in `generation`; those that no longer do are left out."""
    found: list[Context] = []
    for recorded in citations:
        citation = Citation.model_validate(recorded)
        document = generation.documents.get(citation.document)
        if citation.kind is Kind.FAQ or document is None:
            continue
        try:
            quotation = Quotation(document=citation.document, quote=citation.quote)
            passage, _ = find_quotation(quotation, generation.passages)
        except CorpusError:
            continue
        place = generation.passages.index(passage)
        around = [generation.passages[i] if 0 <= i < len(generation.passages) else None for i in (place - 1, place + 1)]
        before, after = (
            other if other and (other.document, other.headings) == (passage.document, passage.headings) else None
            for other in around
        )
        citation = citation.model_copy(update={"source": source_name(document, language)})
        found.append(Context(citation, passage, before, after))
    return found
