"""Lapses: FAQ entries that rest, because text that carried their answers was replaced or taken out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from corpus.errors import CorpusError
from corpus.faq import Faq, FaqEntry, Quotation, find_quotation
from corpus.models import Frozen, Passage


class Lapse(Frozen):
    """An FAQ entry that answers nothing until a curator has mended its quotations."""

    entry: str
    number: int
    lost: tuple[Quotation, ...]


def standing(faq: Faq, passages: Iterable[Passage],
             excused: Iterable[str] = ()) -> tuple[Faq, tuple[Lapse, ...]]:  # fmt: skip
    """The FAQ's entries whose quotations all stand in `passages`, and those that lapsed.

    One lost quotation is enough: what was written from a text that is gone may be wrong now, even where
    another document still says it. Only documents that are `excused`, those that were replaced or taken
    out, may lose words so; elsewhere it is a slip of the pen: CorpusError.
    """
    by_document: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        by_document[passage.document].append(passage)
    excused = set(excused)
    entries: list[FaqEntry] = []
    lapses: list[Lapse] = []
    for entry in faq.entries:
        lost = []
        for quotation in entry.quotations:
            try:
                find_quotation(quotation, by_document[quotation.document])
            except CorpusError:
                if quotation.document not in excused:
                    raise
                lost.append(quotation)
        if lost:
            lapses.append(Lapse(entry=entry.id, number=entry.number, lost=tuple(lost)))
        else:
            entries.append(entry)
    return faq.model_copy(update={"entries": tuple(entries)}), tuple(lapses)
