"""Question to findings: passages ranked, and FAQ entries that ask the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.faq import FaqEntry, find_quotation
from corpus.models import Authority, Passage
from index.centring import centre
from index.encoder import Encoder
from index.generation import Generation
from index.nearness import Nearness
from index.passages import NEAR, PassageVectors

_LEXICAL_WEIGHT = 0.3  # measured: more hurts questions that share words with the wrong passage
_LIKELIHOOD_WEIGHT, _COVERAGE_WEIGHT = 0.05, 0.3
"""Of an entry's log-probability and of its coverage of the question's words, in its score."""
_SHOWN = 20
_LEAST_STRANGE, _UNKNOWN_STRANGE = -8.0, -4.0
"""A log-probability below which it makes no difference how little it is, and that of questions to a small FAQ."""


@dataclass(frozen=True)
class Hit:
    """A passage with its scores for one question; cosines are centred."""

    passage: Passage
    score: float
    """What hits are ranked by, in standard deviations above the mean passage."""
    cosine: float
    """The mean of the paragraph's and its best sentence's cosine."""
    sentences: tuple[float, ...]
    """The cosine of each sentence of the passage."""
    coverage: float
    """How much of the question's words the passage has, 0 … 1; 0 where the languages differ."""


@dataclass(frozen=True)
class Match:
    """An FAQ entry with its scores for one question."""

    entry: FaqEntry
    score: float
    """What matches are ranked by: its log-probability and its coverage, weighted."""
    likelihood: float
    """The log-probability that the question asks for this entry."""
    nearest: float
    """The centred cosine of its nearest phrasing."""
    local: float
    """The mean of the cosines of its nearest three phrasings in the asker's language."""
    abroad: float
    """The mean over the other languages of the cosines of its nearest phrasings there."""
    coverage: float
    """How much of the question's words the entry has, 0 … 1; 0 where it says nothing in that language."""
    passages: frozenset[str]
    """The ids of the passages that carry its answer; entries that share one are no rivals."""


@dataclass(frozen=True)
class Findings:
    """All that was found for one question, best first."""

    question: str
    language: str
    hits: tuple[Hit, ...]
    matches: tuple[Match, ...]
    news: frozenset[str] = frozenset()
    """Official documents that no FAQ entry quotes: they may state what a known gap says that none does."""
    published: Mapping[str, str] = field(default_factory=dict)
    """By document: the day, month or year of its publication, where that is known."""
    strange_places: frozenset[str] = frozenset()
    """Cities that the question names and no document does."""
    known_places: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Cities that the question and some document name, as they stand in the question, with all their spellings."""
    strange_acronyms: frozenset[str] = frozenset()
    """Bodies and programmes that the question names by their initials, and nothing here knows, in small letters."""
    off_topic: float = _UNKNOWN_STRANGE
    """The log-probability that the question is about something else than all entries."""
    near_miss: float = _UNKNOWN_STRANGE
    """The log-probability that the question asks for something else than the entries that it comes near."""

    @property
    def strange_names(self) -> frozenset[str]:
        """What the question names and nothing here knows."""
        return self.strange_places | self.strange_acronyms


class Searcher:
    """Searches one generation with the encoder that built it."""

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        self.generation = generation
        self._encoder = encoder
        self._passages = PassageVectors(
            generation.paragraphs, generation.sentences, [len(passage.sentences) for passage in generation.passages]
        )
        quoted = {quotation.document for entry in generation.faq.entries for quotation in entry.quotations}
        self._news = frozenset(
            document.id
            for document in generation.documents.values()
            if document.authority is Authority.OFFICIAL and document.id not in quoted
        )
        documents = generation.documents.values()
        self._published = {document.id: document.published for document in documents if document.published}
        self._nearness = Nearness(generation.phrasings, len(generation.faq.entries))
        self._languages = np.array([passage.language for passage in generation.passages])
        self._eligible = cache(self._eligible_in)
        self._quoted: dict[str, tuple[tuple[Passage, str], ...]] = {}

    def search(self, question: str, language: str, context: str = "") -> Findings:
        """Findings for `question`, asked in `language`.

        `context` is the question before it in the thread, for one that leans on it ("and when?"): what is
        found is then the mean of what the question finds alone and what both find together.
        """
        texts = [question, f"{context} {question}"] if context else [question]
        raw = self._encoder.encode_query(texts)
        vector = centre(raw, [language] * len(texts), self.generation.question_centres).mean(axis=0)
        vector /= max(float(np.linalg.norm(vector)), 1e-6)
        entries = len(self.generation.faq.entries)
        likelihoods, others = np.split(self.generation.classifier.log_probabilities(vector), [entries])
        off_topic, near_miss = _strange(others[: len(others) if entries else 0])
        return Findings(
            question=question,
            language=language,
            hits=tuple(self._hits(texts, language, vector)),
            matches=tuple(self._matches(texts, language, vector, likelihoods)),
            news=self._news,
            published=self._published,
            strange_places=self.generation.places.named_in(question, language),
            known_places=self.generation.places.known_in(question),
            strange_acronyms=self.generation.acronyms.strange_in(question),
            off_topic=off_topic,
            near_miss=near_miss,
        )

    def _hits(self, texts: list[str], language: str, vector: NDArray[np.float32]) -> list[Hit]:
        generation = self.generation
        if not generation.passages:
            return []
        lexical = generation.lexical.get(language)
        own = self._languages == language
        worded, coverage = (np.zeros(len(generation.passages), dtype=np.float32) for _ in range(2))
        if lexical is not None:
            worded[own] = _LEXICAL_WEIGHT * _standardise(_mean(lexical.scores, texts))
            coverage[own] = _mean(lexical.coverage, texts)
        eligible = self._eligible(language)
        likely = np.flatnonzero(eligible & (worded > 0))
        if len(likely) > NEAR:
            likely = likely[np.argpartition(-worded[likely], NEAR)[:NEAR]]
        beside = self._passages.beside(vector, eligible, likely)
        scores = beside.scores + worded[beside.places]
        hits: list[Hit] = []
        for row in np.argsort(-scores):
            place = beside.places[row]
            if not eligible[place] or len(hits) == _SHOWN:
                continue
            hits.append(
                Hit(
                    passage=generation.passages[place],
                    score=float(scores[row]),
                    cosine=float(beside.cosines[row]),
                    sentences=beside.sentences_of(row),
                    coverage=float(coverage[place]),
                )
            )
        return hits

    def _eligible_in(self, language: str) -> NDArray[np.bool_]:
        """Official passages, and digests in the asker's language, or in English where there is none."""
        documents = self.generation.documents
        kinds = {d.kind for d in documents.values() if d.language == language}

        def is_eligible(passage: Passage) -> bool:
            document = documents[passage.document]
            if set(document.silences) & set(passage.headings):
                return False
            in_reach = passage.language == language or (passage.language == "en" and document.kind not in kinds)
            return in_reach or document.authority is Authority.OFFICIAL

        return np.array([is_eligible(passage) for passage in self.generation.passages])

    def _matches(
        self, texts: list[str], language: str, vector: NDArray[np.float32], likelihoods: NDArray[np.float32]
    ) -> list[Match]:
        """Entries by how likely they are asked for and by the question's words that they have; without those that tell
        of another continent than the question."""
        generation, entries = self.generation, self.generation.faq.entries
        lexical = generation.faq_lexical.get(language)
        coverage = _mean(lexical.coverage, texts) if lexical else np.zeros(len(entries), dtype=np.float32)
        scores = _LIKELIHOOD_WEIGHT * likelihoods + _COVERAGE_WEIGHT * coverage
        alone = len(texts) == 1  # "And when?" after a question is another question than "When?"
        same = generation.phrasings.entry_of(texts[0], language) if alone else None
        if same is not None:
            scores[same] = np.nextafter(scores.max(), np.float32(np.inf))
        elsewhere = generation.continents.elsewhere(texts[0])
        meant = np.array(
            [entry.id not in elsewhere or place == same for place, entry in enumerate(entries)], dtype=bool
        )
        shown = np.argsort(-scores)
        shown = shown[meant[shown]][:_SHOWN]
        near = self._nearness.of(partial(generation.questions.scores, vector), shown, language)
        return [
            Match(
                entry=entries[place],
                score=float(scores[place]),
                likelihood=float(likelihoods[place]),
                # The question itself is it, though two engines may give vectors a little apart.
                nearest=1.0 if place == same else float(nearest),
                local=float(local),
                abroad=float(abroad),
                coverage=float(coverage[place]),
                passages=frozenset(passage.id for passage, _ in self.quoted_by(entries[place])),
            )
            for place, nearest, local, abroad in zip(shown, *near, strict=True)
        ]

    def quoted_by(self, entry: FaqEntry) -> tuple[tuple[Passage, str], ...]:
        """The passages that an entry quotes, each with the words, as they stand there."""
        if entry.id not in self._quoted:
            found = (find_quotation(quotation, self.generation.passages) for quotation in entry.quotations)
            self._quoted[entry.id] = tuple(found)
        return self._quoted[entry.id]


def _strange(classes: NDArray[np.float32]) -> tuple[float, float]:
    """The log-probabilities of what is off topic and of near misses, of the classes that there are beside entries."""
    if not len(classes):
        return _UNKNOWN_STRANGE, _UNKNOWN_STRANGE
    near = float(np.logaddexp.reduce(classes[1:])) if len(classes) > 1 else _UNKNOWN_STRANGE
    return max(float(classes[0]), _LEAST_STRANGE), max(near, _LEAST_STRANGE)


def _mean(score: Callable[[str], NDArray[np.float32]], texts: list[str]) -> NDArray[np.float32]:
    return np.asarray(np.mean([score(text) for text in texts], axis=0), dtype=np.float32)


def _standardise(values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    array = np.asarray(values, dtype=np.float32)
    return np.asarray((array - array.mean()) / max(float(array.std()), 1e-6), dtype=np.float32)
