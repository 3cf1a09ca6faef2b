"""A verdict on each reply: was it right, and was what it showed right?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from assistant.models import Enquiry, Outcome, Reply
from corpus.faq import Faq
from corpus.models import Frozen, Kind
from index.golden import GoldenKind, GoldenQuestion

_RIGHT_OUTCOME = {
    GoldenKind.ANSWERABLE: Outcome.ANSWERED,
    GoldenKind.GAP: Outcome.NOT_STATED,
    GoldenKind.HELP: Outcome.HELP,
}


class Verdict(Frozen):
    """A golden question, what the desk replied, and how right that was."""

    question: GoldenQuestion
    outcome: Outcome
    language: str
    confidence: float
    """As the reply states it; the other way round for `not_found`: the probability that what would be shown answers."""
    shown: tuple[bool, ...]
    """For each citation of a document, in order: does it carry the answer?"""
    entry: str | None
    """The FAQ entry that led to the reply."""
    documents: tuple[str, ...] = ()
    """The ids of the documents that the reply cites."""
    elapsed_ms: float

    @property
    def right(self) -> bool:
        """Whether the reply was what it should be: for what cannot be answered, anything but an answer, or the entry
        that sets a false premise right."""
        kind = self.question.kind
        if kind in {GoldenKind.NEAR_MISS, GoldenKind.OFF_TOPIC}:
            return not self.wrong_answer
        return self.outcome is _RIGHT_OUTCOME[kind] and (kind is not GoldenKind.ANSWERABLE or any(self.shown))

    @property
    def wrong_answer(self) -> bool:
        """Whether it answered with nothing that carries the answer, or what cannot be answered."""
        carried = self.question.kind is GoldenKind.ANSWERABLE and any(self.shown)
        return self.outcome is Outcome.ANSWERED and not carried and self.entry not in self.question.entries

    @property
    def wrong_refusal(self) -> bool:
        """Whether it said that there is nothing where there is an answer."""
        refused = self.outcome in {Outcome.NOT_STATED, Outcome.NOT_FOUND, Outcome.HELP}
        return self.question.kind is GoldenKind.ANSWERABLE and refused


def judge_replies(
    questions: Iterable[GoldenQuestion], reply: Callable[[Enquiry], Reply], faq: Faq
) -> Iterator[Verdict]:
    """Ask each question and judge the reply by its labels."""
    ids = {f"FAQ {entry.number}": entry.id for entry in faq.entries}
    for golden in questions:
        answer = reply(Enquiry(question=golden.question, history=golden.history))
        entry = next((ids.get(c.locator) for c in answer.citations if c.kind is Kind.FAQ), None)
        by_entry = entry in golden.entries
        yield Verdict(
            question=golden,
            outcome=answer.outcome,
            language=answer.language,
            confidence=1 - answer.confidence if answer.outcome is Outcome.NOT_FOUND else answer.confidence,
            shown=tuple(by_entry or carries(c.quote, golden) for c in answer.citations if c.kind is not Kind.FAQ),
            entry=entry,
            documents=tuple(dict.fromkeys(citation.document for citation in answer.citations)),
            elapsed_ms=answer.elapsed_ms,
        )


def carries(quote: str, golden: GoldenQuestion) -> bool:
    """Whether words of a document have one of the pieces that carry the answer, however they are spaced."""
    quote = re.sub(r"\s", "", quote)
    return any(re.sub(r"\s", "", piece) in quote for piece in golden.evidence)
