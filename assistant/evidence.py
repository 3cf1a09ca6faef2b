"""Is it answered? Findings to a judgement, by a calibrated probability and not by a raw cosine."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from assistant.introducing import asked_about, names_own_place
from assistant.models import MOST_CITATIONS, Outcome
from corpus.clean import match
from corpus.faq import FaqEntry
from corpus.models import Frozen, Passage
from index.search import Findings, Hit, Match

WEIGHTS = Path(__file__).with_name("evidence.json")
_ANSWER = 0.7
"""From this probability on, the FAQ entry is the answer."""
_SILENT = 0.5
"""The same of a known gap: who is told in error that the documents are silent is told nothing false of them."""
_PASSAGE_ANSWER = 0.95
"""From this probability on, the passage is the answer; more, because nobody has put it to this question."""
_READ_PASSAGE_ANSWER = 0.99
"""The same in a document that the FAQ quotes: who wrote the FAQ has read the passage, and put it to other questions."""
_BOTH_ANSWER = 0.9
"""From this probability on, the first two FAQ entries are the answer: it is one of them, or both are asked for."""
_ALONE = 0.9
"""From this probability on, the first entry answers alone, even where the first two would answer."""
_SAME_QUESTION = 0.98
"""A phrasing as near as this is the question itself, whatever else comes near."""
_RELEVANT = 0.25
"""Below this probability, the question is about something else altogether."""
_ON_TOPIC = 0.6
"""Below this probability of being relevant, no FAQ entry is the answer, however near it comes: it only may help."""
_RELEVANT_STRANGE = 0.5
"""The same of a question none of whose words an FAQ entry has ("asdf qwer")."""

_WORTH_SHOWING = 0.5
"""Below this probability, what comes nearest to a question about a body that nothing here knows is not shown."""

_JOINING = "joining"
"""The topic of the entries that hold for any city."""
_LEAST_NEITHER = 1e-3
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MOST_DIGITS = 4
_YEAR = re.compile(r"(?:19|20)\d\d")


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
    both: Logistic
    same_language: Logistic
    cross_language: Logistic


@dataclass(frozen=True)
class Judgement:
    """What the findings amount to."""

    outcome: Outcome
    confidence: float
    """The probability that what is shown answers the question; for `not_found`, that nothing could."""
    entries: tuple[FaqEntry, ...] = ()
    """The FAQ entry that answers, or that says that the documents are silent; two that answer together."""
    unsaid: frozenset[str] = frozenset()
    """What the question names, and its one entry does not, so that it only may answer: "didn't Osaka sign first?\""""
    candidates: tuple[FaqEntry, ...] = ()
    """Where nothing is sure: the entries that may answer, nearest first."""
    hits: tuple[Hit, ...] = ()
    """The passages that answer, or may answer, best first."""
    has_news: bool = False
    """Whether the first passage is from a document that no FAQ entry quotes, so that no candidate may stand for it."""
    relevance: float = 0.0
    """The probability that the question is about what the documents are about."""
    names_own_place: bool = False
    """Whether the question names where its asker is from, which draws it to entries that tell of that place."""

    @property
    def entry(self) -> FaqEntry | None:
        """The first of its entries."""
        return self.entries[0] if self.entries else None


def judge(findings: Findings) -> Judgement:
    """The FAQ entry that answers, else the passage that does, else what may help, else nothing."""
    return replace(
        _judge(findings),
        has_news=_is_news(findings),
        relevance=relevance(findings),
        names_own_place=names_own_place(findings),
    )


def _judge(findings: Findings) -> Judgement:
    by_match, by_passage = match_probability(findings), passage_probability(findings)
    if same := same_question(findings):
        return _by_entry(same.entry, max(by_match, _SAME_QUESTION), findings)
    if not _is_relevant(findings) and by_passage < _PASSAGE_ANSWER:
        return Judgement(Outcome.NOT_FOUND, 1 - relevance(findings))
    entries, by_entries = _answering(findings)
    if len(entries) > 1:
        return Judgement(Outcome.ANSWERED, by_entries, entries)
    if entries:
        return _by_entry(entries[0], by_entries, findings)
    if _is_by_passage(findings):
        return Judgement(Outcome.ANSWERED, by_passage, hits=findings.hits[:1])
    if (
        by_match >= _ANSWER
        and is_on_topic(findings)
        and (names := unsaid(first := findings.matches[0].entry, findings))
    ):
        return Judgement(Outcome.POSSIBLE, by_match, (first,), names)
    if _is_of_others(findings) and max(by_match, by_passage) < _WORTH_SHOWING:
        return Judgement(Outcome.NOT_FOUND, 1 - max(by_match, by_passage))
    candidates = tuple(match.entry for match in findings.matches[:MOST_CITATIONS])
    hits = findings.hits[:MOST_CITATIONS]
    if not candidates and not hits:
        return Judgement(Outcome.NOT_FOUND, 1.0)
    return Judgement(Outcome.POSSIBLE, max(by_match, by_passage), candidates=candidates, hits=hits)


def _answering(findings: Findings) -> tuple[tuple[FaqEntry, ...], float]:
    """The first entry, if it is surely enough the answer, or the first two; none else. And how likely that is."""
    by_first, by_both = match_probability(findings), both_probability(findings)
    first_two = tuple(match.entry for match in findings.matches[:2])
    if not first_two or not is_on_topic(findings):
        return (), by_first
    first = first_two[0]
    is_by_first = by_first >= (_SILENT if first.gap else _ANSWER) and not contradicts(first, findings)
    if by_both >= _BOTH_ANSWER and not (is_by_first and by_first >= _ALONE):
        return first_two, by_both
    return (first_two[:1] if is_by_first else ()), by_first


def same_question(findings: Findings) -> Match | None:
    """The entry of which the question is a phrasing, but for a word or a mark."""
    nearest = max(findings.matches, key=lambda match: match.nearest, default=None)
    return nearest if nearest and nearest.nearest >= _SAME_QUESTION else None


def _by_entry(entry: FaqEntry, confidence: float, findings: Findings) -> Judgement:
    """What an entry says; but a known gap is not claimed where a document that is news to the FAQ comes first."""
    if not entry.gap:
        return Judgement(Outcome.ANSWERED, confidence, (entry,))
    if not _is_news(findings):
        return Judgement(Outcome.NOT_STATED, confidence, (entry,))
    outcome = Outcome.ANSWERED if _is_by_passage(findings) else Outcome.POSSIBLE
    shown = findings.hits[: 1 if outcome is Outcome.ANSWERED else MOST_CITATIONS]
    return Judgement(outcome, passage_probability(findings), hits=shown)


def _is_by_passage(findings: Findings) -> bool:
    """Whether the first passage is the answer: surely near, and naming the places and years that the question names."""
    return (
        passage_probability(findings) >= (_PASSAGE_ANSWER if _is_news(findings) else _READ_PASSAGE_ANSWER)
        and not asked_about(findings.strange_names, findings)
        and _has_the_years_of(findings.question, findings.hits[0].passage)
    )


def _is_news(findings: Findings) -> bool:
    """Whether the first passage is from a document that no FAQ entry quotes."""
    return bool(findings.hits) and findings.hits[0].passage.document in findings.news


def _is_of_others(findings: Findings) -> bool:
    """Whether a question is about a body that nothing here knows, and what comes nearest is not how anybody joins."""
    nearest = findings.matches[0].entry if findings.matches else None
    tells_how_to_join = nearest is not None and nearest.topic == _JOINING and not nearest.gap
    return not tells_how_to_join and bool(asked_about(findings.strange_acronyms, findings))


def holds_for_any_city(entry: FaqEntry) -> bool:
    """Whether what an entry says is true of any city that is asked of: how to join, or that nothing is stated."""
    return entry.gap or entry.topic == _JOINING


def contradicts(entry: FaqEntry, findings: Findings) -> bool:
    """Whether the question names what an entry does not have, so that what the entry states is no answer to it."""
    return bool(unsaid(entry, findings))


def unsaid(entry: FaqEntry, findings: Findings) -> frozenset[str]:
    """The names (in their match form) and figures of a question that an entry which states something lacks.

    Whoever asks how to join may name their own city and its size, and the year in which they would.
    """
    if entry.gap:
        return frozenset()
    names = frozenset[str]() if entry.topic == _JOINING else _names_elsewhere(entry, findings)
    return names | _figures_elsewhere(entry, findings)


def _names_elsewhere(entry: FaqEntry, findings: Findings) -> frozenset[str]:
    """Cities and bodies that a question is about and no document names, and cities that an entry does not name."""
    about = asked_about(frozenset(findings.known_places), findings)
    told = match(entry.stated) if about else ""
    untold = {name for name in about if not any(spelling in told for spelling in findings.known_places[name])}
    return asked_about(findings.strange_names, findings) | untold


def _figures_elsewhere(entry: FaqEntry, findings: Findings) -> frozenset[str]:
    """The figures that the question names and an entry does not have; of how to join, years count alone.

    What a document says is true of the year in which it was published ("who closed ASCC 2025?"), and a month in which
    any was published is no other than theirs ("in November 2025", which most of our languages write as "11/2025").
    """
    asked = _figures(findings.question)
    if not asked:
        return frozenset()
    told = _figures(entry.stated)
    if entry.topic == _JOINING:
        return _years(asked) - told if _years(told) else frozenset()
    dates = {document: _figures(date) for document, date in findings.published.items()}
    years = (_years(dates.get(quotation.document, frozenset())) for quotation in entry.quotations)
    months = (date - _years(date) for date in dates.values() if date & _years(asked))
    return asked.difference(told, *years, *months)


def _has_the_years_of(question: str, passage: Passage) -> bool:
    """Whether a passage names every year of the question: nobody has said that it is about them otherwise."""
    return _years(_figures(question)) <= _figures("\n".join([*passage.headings, passage.text]))


def _figures(text: str) -> frozenset[str]:
    """Numbers of up to four digits, of any script; larger ones are sizes, which are seldom written alike."""
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return frozenset(number.lstrip("0") or "0" for number in _NUMBER.findall(digits) if len(number) <= _MOST_DIGITS)


def _years(figures: frozenset[str]) -> frozenset[str]:
    return frozenset(figure for figure in figures if _YEAR.fullmatch(figure))


def relevance(findings: Findings) -> float:
    """How likely the question is about what the documents are about."""
    return _weights().relevance.probability(relevance_features(findings))


def is_on_topic(findings: Findings) -> bool:
    """Whether the question is surely enough about what the documents are about for an FAQ entry to answer it."""
    return relevance(findings) >= _ON_TOPIC


def _is_relevant(findings: Findings) -> bool:
    is_strange = not any(match.coverage for match in findings.matches)
    return relevance(findings) >= (_RELEVANT_STRANGE if is_strange else _RELEVANT)


def match_probability(findings: Findings) -> float:
    """How likely the first FAQ entry answers the question."""
    return _weights().match.probability(match_features(findings)) if findings.matches else 0.0


def both_probability(findings: Findings) -> float:
    """How likely the first two FAQ entries answer the question, one or both; 0 where they cannot stand together."""
    return _weights().both.probability(both_features(findings)) if are_both_stated(findings) else 0.0


def are_both_stated(findings: Findings) -> bool:
    """Whether the first two entries each state something, from documents, that the question does not contradict."""
    first_two = [match.entry for match in findings.matches[:2]]
    stated = [entry for entry in first_two if entry.quotations and not entry.gap and not contradicts(entry, findings)]
    return len(stated) == 2


def passage_probability(findings: Findings) -> float:
    """How likely the first passage answers the question."""
    if not findings.hits:
        return 0.0
    same = findings.hits[0].passage.language == findings.language
    model = _weights().same_language if same else _weights().cross_language
    return model.probability(passage_features(findings.hits))


def relevance_features(findings: Findings) -> tuple[float, float, float, float]:
    """The nearest phrasing of any entry, the first entry's score, the first passage's cosine, and how likely the
    question is about something else than all entries."""
    nearest = max((match.nearest for match in findings.matches), default=0.0)
    score = findings.matches[0].score if findings.matches else 0.0
    return nearest, score, findings.hits[0].cosine if findings.hits else 0.0, findings.off_topic


def match_features(findings: Findings) -> tuple[float, ...]:
    """Of the first entry: its score, and its leads over the second, over ranks 2 to 6 and over its first rival; its
    log-probability, its nearness here and abroad and its coverage, and of each the lead over all others; the nearest
    phrasing of any entry; whether it is a known gap, which draws questions that nothing answers; and how likely the
    question is to be one that comes near and asks for something else.

    A rival quotes other passages: an entry that shares one with the first would answer much the same.
    """
    first, *others = findings.matches
    rival = next((match.score for match in others if not match.passages & first.passages), 0.0)
    second = others[0].score if others else 0.0
    following = [match.score for match in others[:5]] or [0.0]
    leads = (first.score - second, first.score - sum(following) / len(following), first.score - rival)
    seen = [_seen(match) for match in findings.matches]
    best = [max(values) for values in zip(*seen[1:], strict=True)] if others else [0.0] * len(seen[0])
    ahead = (value - other for value, other in zip(seen[0], best, strict=True))
    nearest = max(match.nearest for match in findings.matches)
    return (first.score, *leads, *seen[0], *ahead, nearest, float(first.entry.gap), findings.near_miss)


def both_features(findings: Findings) -> tuple[float, float]:
    """Of the first two entries: the log-probability that neither is asked for, and the second one's coverage.

    A question that asks for two things, or lies between two entries, leaves little to the others.
    """
    first, second = findings.matches[:2]
    neither = 1 - math.exp(first.likelihood) - math.exp(second.likelihood)
    return math.log(max(neither, _LEAST_NEITHER)), second.coverage


def _seen(match: Match) -> tuple[float, ...]:
    return match.likelihood, match.local, match.abroad, match.coverage


def passage_features(hits: Sequence[Hit]) -> tuple[float, float, float, float]:
    """Of the first passage: its cosine, its lead over ranks 2 to 6, its best sentence, and its coverage."""
    first, others = hits[0], hits[1:6]
    lead = first.cosine - (sum(hit.cosine for hit in others) / len(others) if others else 0.0)
    return first.cosine, lead, max(first.sentences, default=first.cosine), first.coverage


@cache
def _weights() -> Weights:
    return Weights.model_validate_json(WEIGHTS.read_bytes())
