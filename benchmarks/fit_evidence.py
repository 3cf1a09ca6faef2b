"""Fit the evidence models: `python -m benchmarks.fit_evidence DATA` writes assistant/evidence.json.

DATA is a folder with XQuAD (xquad.<language>.json) and JSQuAD (jsquad.valid-v1.3.json), which are not
shipped. Passages: a question counts once with its paragraph in the index (right if that comes first) and
once without it (never right), as in notes on abstention for open-domain question answering; same-language
from English and Japanese, cross-language from Chinese and Hindi questions on English paragraphs.
Relevance: golden questions on the subject, against off-topic ones and questions of XQuAD and JSQuAD.
FAQ matches: on the shipped corpus, the tune half (odd numbers) of the golden questions, and of those in
benchmarks/calibration: two for each entry that answers and language, one that it does and one that comes near.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.evaluation.verdicts import carries
from assistant.evidence import (
    WEIGHTS,
    Logistic,
    Weights,
    are_both_stated,
    both_features,
    contradicts,
    match_features,
    passage_features,
    relevance_features,
)
from assistant.languages import SUPPORTED
from assistant.pointing import context
from benchmarks.public_data import ROOT, Fitting, Qa, bundled, in_order, jsquad, searcher_of, searcher_over, xquad
from corpus.catalogue import read_corpus
from corpus.faq import FaqEntry
from index.encoder import Encoder, Vectors
from index.golden import GoldenKind, GoldenQuestion, Half, read_golden
from index.search import Findings, Searcher

CALIBRATION = Path(__file__).with_name("calibration")
_CALIBRATION_WEIGHT = 0.1
"""Half of these are as near as a miss can be: where each counted as much as a golden question, what people ask was left
unanswered too often."""
_STRANGERS = 60


class Sample(NamedTuple):
    """What a model sees of a question, and what it should say of it."""

    features: tuple[float, ...]
    right: bool
    weight: float = 1.0
    """Less than 1 for questions of calibration."""


def main(data: Path) -> None:
    encoder = bundled()
    english, japanese = xquad(data, "en"), jsquad(data)
    same = [*_passage_samples(english, "en", "en", encoder), *_passage_samples(japanese, "ja", "ja", encoder)]
    cross = [s for language in ("zh", "hi")
             for s in _passage_samples(xquad(data, language), language, "en", encoder)]  # fmt: skip
    desk = searcher_of("desk", read_corpus(ROOT / "corpus" / "documents"), encoder)
    strangers = [(question, language) for asked, language in ((english, "en"), (japanese, "ja"))
                 for question, _ in in_order(asked)[:_STRANGERS]]  # fmt: skip
    weights = Weights(
        command="python -m benchmarks.fit_evidence DATA",
        relevance=fit("relevance", list(_relevance_samples(desk, strangers))),
        match=fit("FAQ match", list(match_samples(desk))),
        both=fit("two FAQ entries", list(both_samples(desk))),
        same_language=fit("passage, same language", same),
        cross_language=fit("passage, cross-language", cross),
    )
    WEIGHTS.write_text(weights.model_dump_json(indent=1) + "\n")


def fit(name: str, samples: Sequence[Sample]) -> Logistic:
    """A logistic model of `samples`; prints how one fitted to half of them does on the rest."""
    x, y, weights = (np.array(column) for column in zip(*samples, strict=True))
    half = np.arange(len(y)) // 2 % 2 == 0  # by question: passages give two samples each
    held_out = _logistic(x[half], y[half], weights[half]).predict_proba(x[~half])[:, 1]
    sure = held_out >= 0.7
    print(f"{name}: {len(y)} samples, {y.mean():.2f} right; held out: AUROC {roc_auc_score(y[~half], held_out):.3f}, "
          f"{sure.mean():.2f} sure, of these {y[~half][sure].mean():.3f} right")  # fmt: skip
    slopes, asked = _logistic(x, y, weights).coef_[0], weights == 1
    # What is probable is told by golden questions alone (Platt 1999).
    scale = _logistic((x @ slopes)[asked, None], y[asked], weights[asked])
    return Logistic(
        weights=tuple(round(float(scale.coef_[0, 0] * slope), 3) for slope in slopes),
        bias=round(float(scale.intercept_[0]), 3),
    )


def _logistic(x: Vectors, y: NDArray[np.bool_], weights: Vectors) -> LogisticRegression:
    return LogisticRegression(C=10, max_iter=5000).fit(x, y, weights)


def _golden() -> list[GoldenQuestion]:
    """The tune half of the golden questions in languages that the desk speaks."""
    spoken = [question for question in read_golden(half=Half.TUNE) if question.language in SUPPORTED]
    return [question for question in spoken if question.kind is not GoldenKind.HELP]


def _for_matches() -> list[tuple[GoldenQuestion, float]]:
    """What models of matches are fitted to, and how much each counts."""
    near = read_golden(sorted(CALIBRATION.glob("*.jsonl")), Half.TUNE)
    return [*((golden, 1.0) for golden in _golden()), *((golden, _CALIBRATION_WEIGHT) for golden in near)]


def _found(searcher: Searcher, golden: GoldenQuestion) -> Findings:
    return searcher.search(golden.question, golden.language, context(golden.history, golden.language))


def _relevance_samples(searcher: Searcher, strangers: Iterable[tuple[str, str]]) -> Iterator[Sample]:
    for golden in _golden():
        yield Sample(relevance_features(_found(searcher, golden)), golden.kind is not GoldenKind.OFF_TOPIC)
    for question, language in strangers:
        yield Sample(relevance_features(searcher.search(question, language)), False)


def match_samples(searcher: Searcher) -> Iterator[Sample]:
    """Of the tune half, but for wrong matches that a name or a figure gives away: the model need not fear those.

    Nor for a gap that a question for calibration meets: which it asks for, if any, nobody has said.
    """
    for golden, weight in _for_matches():
        findings = _found(searcher, golden)
        first = findings.matches[0].entry
        right = _answers(first, golden, searcher)
        if right or not (contradicts(first, findings) or (first.gap and weight < 1)):
            yield Sample(match_features(findings), right, weight)


def both_samples(searcher: Searcher) -> Iterator[Sample]:
    """Of the tune half: where the first two entries can stand together, is one of them right?"""
    for golden, weight in _for_matches():
        findings = _found(searcher, golden)
        if are_both_stated(findings):
            first_two = [match.entry for match in findings.matches[:2]]
            right = any(_answers(entry, golden, searcher) for entry in first_two)
            yield Sample(both_features(findings), right, weight)


def _answers(entry: FaqEntry, golden: GoldenQuestion, searcher: Searcher) -> bool:
    """Whether an entry answers, all or the part of a question that its quotations carry."""
    return entry.id in golden.entries or any(carries(words, golden) for _, words in searcher.quoted_by(entry))


def _passage_samples(asked: Sequence[Qa], question_language: str, language: str, encoder: Encoder) -> Iterator[Sample]:
    """Samples from questions on paragraphs in `language`."""
    fitting = Fitting.of(asked)
    texts = [(language, paragraph) for paragraph in fitting.paragraphs]
    searcher = searcher_over(language, texts, fitting.cohort, question_language, encoder)
    for question, paragraph in fitting.cases:
        hits = searcher.search(question, question_language).hits
        yield Sample(passage_features(hits), hits[0].passage.text == paragraph)
        yield Sample(passage_features([hit for hit in hits if hit.passage.text != paragraph]), False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
