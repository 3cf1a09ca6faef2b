"""Is it answered? Findings to a judgement, by a calibrated probability and not by a raw cosine."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.models import MOST_CITATIONS, Outcome
from corpus.faq import FaqEntry
from corpus.models import Frozen, Passage
from index.search import Findings, Hit

WEIGHTS = Path(__file__).with_name("evidence.json")
_ANSWER = 0.8
"""From this probability on, the FAQ entry is the answer."""
_PASSAGE_ANSWER = 0.9
"""From this probability on, the passage is the answer; more, because nobody has put it to this question."""
_SAME_QUESTION = 0.98
"""A phrasing as near as this is the question itself, whatever else comes near."""
_RELEVANT = 0.3
"""Below this probability, the question is about something else altogether."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Logistic(Frozen):
    """A logistic model: probability = 1 / (1 + exp(-(weights · features + bias)))."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, features: Sequence[float]) -> float:
        return 1 / (1 + math.exp(-self.bias - sum(w * f for w, f in zip(self.weights, features, strict=True))))


class Weights(Frozen):
    """The fitted models, and the command that fitted them."""

    command: str
    relevance: Logistic
    match: Logistic
    same_language: Logistic
    cross_language: Logistic


@dataclass(frozen=True)
class Judgement:
    """What the findings amount to."""

    outcome: Outcome
    confidence: float
    """The probability that what is shown answers the question; for `not_found`, that nothing could."""
    entry: FaqEntry | None = None
    """The FAQ entry that answers, or that says that the documents are silent."""
    candidates: tuple[FaqEntry, ...] = ()
    """Where nothing is sure: the entries that may answer, nearest first."""
    hits: tuple[Hit, ...] = ()
    """The passages that answer, or may answer, best first."""


def judge(findings: Findings) -> Judgement:
    """The FAQ entry that answers, else the passage that does, else what may help, else nothing."""
    by_match, by_passage = match_probability(findings), passage_probability(findings)
    same = max(findings.matches, key=lambda match: match.nearest, default=None)
    if same and same.nearest >= _SAME_QUESTION:
        return _by_entry(same.entry, max(by_match, _SAME_QUESTION), findings)
    if relevance(findings) < _RELEVANT and by_passage < _PASSAGE_ANSWER:
        return Judgement(Outcome.NOT_FOUND, 1 - relevance(findings))
    if by_match >= _ANSWER and not _is_of_another_year(findings.question, findings.matches[0].entry):
        return _by_entry(findings.matches[0].entry, by_match, findings)
    if by_passage >= _PASSAGE_ANSWER and _has_the_years_of(findings.question, findings.hits[0].passage):
        return Judgement(Outcome.ANSWERED, by_passage, hits=findings.hits[:1])
    candidates = tuple(match.entry for match in findings.matches[:MOST_CITATIONS])
    hits = findings.hits[:MOST_CITATIONS]
    if not candidates and not hits:
        return Judgement(Outcome.NOT_FOUND, 1.0)
    return Judgement(Outcome.POSSIBLE, max(by_match, by_passage), candidates=candidates, hits=hits)


def _by_entry(entry: FaqEntry, confidence: float, findings: Findings) -> Judgement:
    """What an entry says; but a known gap is not claimed where a document that is news to the FAQ comes first."""
    if not entry.gap:
        return Judgement(Outcome.ANSWERED, confidence, entry)
    if not findings.hits or findings.hits[0].passage.document not in findings.news:
        return Judgement(Outcome.NOT_STATED, confidence, entry)
    by_passage = passage_probability(findings)
    if by_passage >= _PASSAGE_ANSWER and _has_the_years_of(findings.question, findings.hits[0].passage):
        return Judgement(Outcome.ANSWERED, by_passage, hits=findings.hits[:1])
    return Judgement(Outcome.POSSIBLE, by_passage, hits=findings.hits[:MOST_CITATIONS])


def _is_of_another_year(question: str, entry: FaqEntry) -> bool:
    """Whether the question names a year, and an entry that states something has others only ("ASCC 2024")."""
    if entry.gap:
        return False
    told = [quotation.quote for quotation in entry.quotations]
    for wording in entry.wordings.values():
        told += [*wording.questions, wording.answer]
    asked, known = _years(question), _years("\n".join(told))
    return bool(known) and not asked <= known


def _has_the_years_of(question: str, passage: Passage) -> bool:
    """Whether a passage names every year of the question: nobody has said that it is about them otherwise."""
    return _years(question) <= _years("\n".join([*passage.headings, passage.text]))


def _years(text: str) -> set[str]:
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return set(_YEAR.findall(digits))


def relevance(findings: Findings) -> float:
    """How likely the question is about what the documents are about."""
    return _weights().relevance.probability(relevance_features(findings))


def match_probability(findings: Findings) -> float:
    """How likely the first FAQ entry answers the question."""
    return _weights().match.probability(match_features(findings)) if findings.matches else 0.0


def passage_probability(findings: Findings) -> float:
    """How likely the first passage answers the question."""
    if not findings.hits:
        return 0.0
    same = findings.hits[0].passage.language == findings.language
    model = _weights().same_language if same else _weights().cross_language
    return model.probability(passage_features(findings.hits))


def relevance_features(findings: Findings) -> tuple[float, float]:
    """The nearest phrasing of any entry, and the first passage's cosine."""
    nearest = max((match.nearest for match in findings.matches), default=0.0)
    return nearest, findings.hits[0].cosine if findings.hits else 0.0


def match_features(findings: Findings) -> tuple[float, ...]:
    """Of the first entry: its score, its leads over the second, over ranks 2 to 6 and over its first rival; how near it
    is in the other languages, and its lead there.

    A rival quotes other passages: an entry that shares one with the first would answer much the same.
    """
    first, *others = findings.matches
    rival = next((match.score for match in others if not match.passages & first.passages), 0.0)
    second = others[0].score if others else 0.0
    following = [match.score for match in others[:5]] or [0.0]
    return (
        first.score,
        first.score - second,
        first.score - sum(following) / len(following),
        first.score - rival,
        first.abroad,
        first.abroad - max((match.abroad for match in others), default=0.0),
    )


def passage_features(hits: Sequence[Hit]) -> tuple[float, float, float, float]:
    """Of the first passage: its cosine, its lead over ranks 2 to 6, its best sentence, and its coverage."""
    first, others = hits[0], hits[1:6]
    lead = first.cosine - (sum(hit.cosine for hit in others) / len(others) if others else 0.0)
    return first.cosine, lead, max(first.sentences, default=first.cosine), first.coverage


@cache
def _weights() -> Weights:
    return Weights.model_validate_json(WEIGHTS.read_bytes())
