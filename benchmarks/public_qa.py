"""The product's own search on public questions: `python -m benchmarks.public_qa DATA` (see benchmarks/public_data.py).

Search: hit@1 and hit@3 of 300 questions a language (600 Japanese) over all paragraphs of the data, with what
was reached when the method was chosen (notes on retrieval: centred cosines, in Japanese with BM25). Which questions
were asked then is not known, so centred cosines are also measured on the very ones that are asked here.
Sizes: the same questions over corpora of 30, 240 and 5,000 passages, each asked with its paragraph in the
index and, the hits on that left out, without it; is the probability that assistant.evidence gives still right?
5,000: all paragraphs of XQuAD and of JSQuAD, the rest TyDi QA in pairs of sentences. Questions that the
models are fitted to are left out. Intervals are Wilson's, 95 %. Results go to benchmarks/results/public_qa.json.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.metrics import roc_auc_score

from assistant.evidence import _PASSAGE_ANSWER, passage_probability
from benchmarks.public_data import Fitting, Qa, Text, bundled, in_order, jsquad, searcher_over, shuffled, tydi, xquad
from benchmarks.results import save
from corpus.sentences import split_sentences
from index.centring import centre
from index.encoder import Encoder, Vectors
from index.search import Searcher

_NOTES = {"en": 0.970, "zh": 0.823, "vi": 0.780, "th": 0.863, "hi": 0.873, "ja": 0.922}
"""hit@1 of the centred rows, by the language of the questions."""
_TYDI = {"bn": "bengali", "id": "indonesian", "ko": "korean", "te": "telugu"}
_FITTED = {"en", "zh", "hi", "ja"}
_JAPANESE = 644
"""The notes' largest corpus: taken to be the Japanese one."""
_SIZES, _GOLD = (30, 240, 5000), 240
_SIZED = ("en", "ja", "zh", "hi")
_QUESTIONS = 300
_WIDTH = 110

Interval = tuple[float, float]
Sample = tuple[float, bool, float]
"""Of a question: the probability with its paragraph in the index, whether that came first, the probability without."""


@dataclass(frozen=True)
class Asked:
    """Questions in one language and the paragraphs, in one, that answer them."""

    language: str
    of: str
    """The language of the paragraphs."""
    paragraphs: tuple[str, ...]
    """In an arbitrary order."""
    cohort: tuple[str, ...]
    cases: tuple[Qa, ...]
    """In an arbitrary order, without those that a model is fitted to and those of the cohort."""

    @property
    def name(self) -> str:
        return f"{self.language}→{self.of}"

    def on(self, paragraphs: Sequence[str], most: int) -> list[Qa]:
        """Up to `most` questions that some of the paragraphs answer."""
        chosen = set(paragraphs)
        return [case for case in self.cases if case[1] in chosen][:most]


@dataclass(frozen=True)
class Found:
    """How well a language's questions find their paragraphs."""

    languages: str
    paragraphs: int
    questions: int
    hit_at_1: float
    interval_at_1: Interval
    hit_at_3: float
    interval_at_3: Interval
    notes: float | None
    centred: float
    """hit@1 of the notes' centred cosines on the same questions."""
    verdict: str


@dataclass(frozen=True)
class Sized:
    """What the probability of passages is worth in a corpus of one size."""

    passages: int
    languages: str
    questions: int
    hit_at_1: float
    auroc: float
    """Of the probability, between questions with their paragraph in the index and without it."""
    answered: float
    """The share that is answered of the questions with their paragraph in the index …"""
    answered_without: float
    """… and without it."""
    right: float
    """The share that is right of all that are answered."""
    interval: Interval
    expected: float
    """The mean probability of all that are answered: what `right` should be."""
    verdict: str


class Remembering:
    """An encoder that encodes no text twice: the corpora have most of theirs in common."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder = encoder
        self._queries: dict[str, Vectors] = {}
        self._documents: dict[str, Vectors] = {}

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        if new := [text for text in dict.fromkeys(texts) if text not in self._queries]:
            self._queries.update(zip(new, self._encoder.encode_query(new), strict=True))
        return np.stack([self._queries[text] for text in texts])

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        if new := [text for text in dict.fromkeys(texts) if text not in self._documents]:
            self._documents.update(zip(new, self._encoder.encode_document(new), strict=True))
        return np.stack([self._documents[text] for text in texts])


def main(data: Path) -> None:
    encoder = Remembering(bundled())
    asked = {language: _asked(data, language) for language in (*_NOTES, *_TYDI)}
    largest_first = {size: list(_sized(size, asked, encoder)) for size in sorted(_SIZES, reverse=True)}
    sized = [row for size in _SIZES for row in largest_first[size]]
    found = [row for questions in asked.values() for row in _found(questions, encoder)]
    console = Console(width=_WIDTH)
    console.print(_found_table(found), _sized_table(sized))
    save(
        "public_qa",
        {
            "threshold": _PASSAGE_ANSWER,
            "search": [asdict(row) for row in found],
            "sizes": [asdict(row) for row in sized],
        },
    )


def _asked(data: Path, language: str) -> Asked:
    if language == "ja":
        of, cases = "ja", jsquad(data)
    elif language in _TYDI:
        of, cases = language, tydi(data, _TYDI[language])
    else:
        of, cases = "en", xquad(data, language)
    fitting = Fitting.of(cases)
    cohort = fitting.cohort
    used = {*cohort, *(question for question, _ in fitting.cases if language in _FITTED)}
    paragraphs = sorted({paragraph for _, paragraph in cases}, key=shuffled)
    left = tuple(case for case in in_order(cases) if case[0] not in used)
    return Asked(language, of, tuple(paragraphs), cohort, left)


def _found(asked: Asked, encoder: Encoder) -> Iterator[Found]:
    """Of all paragraphs; in Japanese also of as many as the notes had, with the same questions."""
    corpora = [asked.paragraphs]
    if asked.language == "ja":
        corpora = [asked.paragraphs[:_JAPANESE], asked.paragraphs]
    cases = asked.on(corpora[0], 2 * _QUESTIONS if asked.language == "ja" else _QUESTIONS)
    for paragraphs in corpora:
        texts = [(asked.of, paragraph) for paragraph in paragraphs]
        searcher = _searcher(f"all-{len(texts)}", asked, texts, encoder)
        ranks = [_rank(searcher, asked.language, case) for case in cases]
        first, three = (sum(rank < k for rank in ranks) for k in (1, 3))
        notes, centred = _NOTES.get(asked.language), _centred(asked, paragraphs, cases, encoder)
        yield Found(
            languages=asked.name,
            paragraphs=len(texts),
            questions=len(ranks),
            hit_at_1=round(first / len(ranks), 3),
            interval_at_1=_interval(first, len(ranks)),
            hit_at_3=round(three / len(ranks), 3),
            interval_at_3=_interval(three, len(ranks)),
            notes=notes,
            centred=centred,
            verdict="" if notes is None else "met" if round(first / len(ranks), 3) >= notes else "missed",
        )


def _centred(asked: Asked, paragraphs: Sequence[str], cases: Sequence[Qa], encoder: Encoder) -> float:
    """hit@1 by the mean of a paragraph's cosine and its best sentence's, the mean question and paragraph taken away."""
    sentences = [
        (number, paragraph[start:end])
        for number, paragraph in enumerate(paragraphs)
        for start, end in split_sentences(paragraph, asked.of)
    ]
    vectors = encoder.encode_document(paragraphs)
    mean, mean_question = vectors.mean(axis=0), encoder.encode_query(asked.cohort).mean(axis=0)
    questions = centre(
        encoder.encode_query([question for question, _ in cases]), [""] * len(cases), {"": mean_question}
    )
    whole = questions @ centre(vectors, [""] * len(paragraphs), {"": mean}).T
    parts = encoder.encode_document([sentence for _, sentence in sentences])
    best = np.full_like(whole.T, -1.0)
    np.maximum.at(best, [number for number, _ in sentences], centre(parts, [""] * len(parts), {"": mean}) @ questions.T)
    first: list[int] = (whole + best.T).argmax(axis=1).tolist()
    hits = sum(paragraphs[place] == paragraph for place, (_, paragraph) in zip(first, cases, strict=True))
    return round(hits / len(cases), 3)


def _rank(searcher: Searcher, language: str, case: Qa) -> int:
    question, paragraph = case
    texts = [hit.passage.text for hit in searcher.search(question, language).hits]
    return texts.index(paragraph) if paragraph in texts else len(texts)


def _sized(size: int, asked: dict[str, Asked], encoder: Encoder) -> Iterator[Sized]:
    """The same questions of each language at every size: those that the first so many paragraphs answer."""
    for questions in (asked[language] for language in _SIZED):
        gold = questions.paragraphs[:_GOLD]
        cases = questions.on(gold, _QUESTIONS)
        samples: list[Sample] = []
        for number, texts in enumerate(_corpora(size, questions.of, gold, asked)):
            searcher = _searcher(f"{size}-{number}", questions, texts, encoder)
            present = {text for _, text in texts}
            samples += [_sample(searcher, questions.language, case) for case in cases if case[1] in present]
        yield _judged(size, questions.name, samples)


def _corpora(size: int, language: str, gold: Sequence[str], asked: dict[str, Asked]) -> Iterator[list[Text]]:
    """Corpora of `size` passages in which each paragraph of `gold` occurs once."""
    if size <= len(gold):
        for start in range(0, len(gold), size):
            yield [(language, paragraph) for paragraph in gold[start : start + size]]
        return
    whole = [(name, paragraph) for name in ("en", "ja") for paragraph in asked[name].paragraphs]
    pairs = [(name, pair) for name in _TYDI for paragraph in asked[name].paragraphs for pair in _pairs(paragraph, name)]
    pairs = sorted(set(pairs), key=lambda text: shuffled(text[1]))
    yield whole + pairs[: size - len(whole)]


def _pairs(paragraph: str, language: str) -> Iterator[str]:
    """The first two sentences, the next two, and so on."""
    sentences = split_sentences(paragraph, language)
    for place in range(0, len(sentences), 2):
        yield paragraph[sentences[place][0] : sentences[place : place + 2][-1][1]]


def _sample(searcher: Searcher, language: str, case: Qa) -> Sample:
    question, paragraph = case
    findings = searcher.search(question, language)
    without = replace(findings, hits=tuple(hit for hit in findings.hits if hit.passage.text != paragraph))
    right = findings.hits[0].passage.text == paragraph
    return passage_probability(findings), right, passage_probability(without)


def _judged(size: int, languages: str, samples: Sequence[Sample]) -> Sized:
    present, first, absent = (np.array(values) for values in zip(*samples, strict=True))
    probabilities = np.concatenate([present, absent])
    sure = probabilities >= _PASSAGE_ANSWER
    right, answered = int((first & (present >= _PASSAGE_ANSWER)).sum()), int(sure.sum())
    interval = _interval(right, answered)
    share = right / max(answered, 1)
    return Sized(
        passages=size,
        languages=languages,
        questions=len(samples),
        hit_at_1=round(float(first.mean()), 3),
        auroc=round(float(roc_auc_score(np.repeat([True, False], len(samples)), probabilities)), 3),
        answered=round(float((present >= _PASSAGE_ANSWER).mean()), 3),
        answered_without=round(float((absent >= _PASSAGE_ANSWER).mean()), 3),
        right=round(share, 3),
        interval=interval,
        expected=round(float(probabilities[sure].mean()), 3) if answered else 0.0,
        verdict="holds" if share >= _PASSAGE_ANSWER else "breaks" if interval[1] < _PASSAGE_ANSWER else "unclear",
    )


def _searcher(name: str, asked: Asked, texts: Sequence[Text], encoder: Encoder) -> Searcher:
    return searcher_over(f"public-qa/{asked.language}-{name}", texts, asked.cohort, asked.language, encoder)


def _interval(hits: int, of: int) -> Interval:
    """Wilson's 95 % interval for the share of `hits`."""
    if not of:
        return 0.0, 1.0
    share, z = hits / of, 1.96
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return round(middle - half, 3), round(middle + half, 3)


def _found_table(rows: Sequence[Found]) -> Table:
    table = Table("", "paragraphs", "questions", "hit@1", "hit@3", "notes", "centred here", "", title="Search")
    for row in rows:
        table.add_row(
            row.languages, f"{row.paragraphs:,}", str(row.questions), _shown(row.hit_at_1, row.interval_at_1),
            _shown(row.hit_at_3, row.interval_at_3), "" if row.notes is None else f"{row.notes:.3f}",
            f"{row.centred:.3f}", row.verdict,
        )  # fmt: skip
    return table


def _sized_table(rows: Sequence[Sized]) -> Table:
    table = Table(
        "passages", "", "hit@1", "AUROC", "answered", "… without", "right of these", "expected", "",
        title=f"Answered from a probability of {_PASSAGE_ANSWER} on",
    )  # fmt: skip
    for row in rows:
        shares = [f"{share:.3f}" for share in (row.hit_at_1, row.auroc, row.answered, row.answered_without)]
        table.add_row(
            f"{row.passages:,}", row.languages, *shares, _shown(row.right, row.interval), f"{row.expected:.3f}",
            row.verdict,
        )  # fmt: skip
    return table


def _shown(share: float, interval: Interval) -> str:
    return f"{share:.3f} ({interval[0]:.3f}–{interval[1]:.3f})"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
