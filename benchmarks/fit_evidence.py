"""Fit the evidence models: `python -m benchmarks.fit_evidence DATA` writes assistant/evidence.json.

DATA is a folder with XQuAD (xquad.<language>.json) and JSQuAD (jsquad.valid-v1.3.json), which are not
shipped. Passages: a question counts once with its paragraph in the index (right if that comes first) and
once without it (never right), as in notes on abstention for open-domain question answering; same-language
from English and Japanese, cross-language from Chinese and Hindi questions on English paragraphs.
Relevance: golden questions on the subject, against off-topic ones and questions of XQuAD and JSQuAD.
FAQ matches: the tune half of the golden questions (odd numbers) on the shipped corpus.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.evidence import WEIGHTS, Logistic, Weights, match_features, passage_features, relevance_features
from assistant.languages import SUPPORTED
from corpus.catalogue import Corpus, read_corpus
from corpus.faq import Faq, FaqEntry, Quotation, Wording
from corpus.models import Authority, Block, Document, Kind
from corpus.split import split
from index.build import build
from index.encoder import Encoder, load_encoder
from index.generation import load_generation
from index.golden import GoldenKind, GoldenQuestion, Half, read_golden
from index.search import Findings, Searcher
from index.store import Store

ROOT = Path(__file__).resolve().parents[1]
_QUESTIONS, _PARAGRAPHS, _COHORT, _STRANGERS = 250, 160, 40, 60

Sample = tuple[tuple[float, ...], bool]
Qa = tuple[str, str]
"""A question and the paragraph that answers it."""


def main(data: Path) -> None:
    encoder = load_encoder("bundled", ROOT / "var" / "fit" / "encoder", lasting=True)
    english, japanese = list(_xquad(data, "en")), list(_jsquad(data))
    same = [
        *_passage_samples(english, english, "en", "en", encoder),
        *_passage_samples(japanese, japanese, "ja", "ja", encoder),
    ]
    cross = [s for language in ("zh", "hi")
             for s in _passage_samples(list(_xquad(data, language)), english, language, "en", encoder)]  # fmt: skip
    desk = _searcher("desk", read_corpus(ROOT / "corpus" / "documents"), encoder)
    strangers = [(question, language) for asked, language in ((english, "en"), (japanese, "ja"))
                 for question, _ in sorted(asked, key=lambda qa: _shuffled(qa[0]))[:_STRANGERS]]  # fmt: skip
    weights = Weights(
        command="python -m benchmarks.fit_evidence DATA",
        relevance=_fit("relevance", list(_relevance_samples(desk, strangers))),
        match=_fit("FAQ match", list(_match_samples(desk))),
        same_language=_fit("passage, same language", same),
        cross_language=_fit("passage, cross-language", cross),
    )
    WEIGHTS.write_text(weights.model_dump_json(indent=1) + "\n")


def _fit(name: str, samples: Sequence[Sample]) -> Logistic:
    x, y = np.array([features for features, _ in samples]), np.array([right for _, right in samples])
    half = np.arange(len(y)) // 2 % 2 == 0  # by question: passages give two samples each
    held_out = LogisticRegression(C=10, max_iter=5000).fit(x[half], y[half]).predict_proba(x[~half])[:, 1]
    sure = held_out >= 0.7
    print(f"{name}: {len(y)} samples, {y.mean():.2f} right; held out: AUROC {roc_auc_score(y[~half], held_out):.3f}, "
          f"{sure.mean():.2f} sure, of these {y[~half][sure].mean():.3f} right")  # fmt: skip
    model = LogisticRegression(C=10, max_iter=5000).fit(x, y)
    return Logistic(
        weights=tuple(round(float(w), 3) for w in model.coef_[0]), bias=round(float(model.intercept_[0]), 3)
    )


def _golden() -> list[GoldenQuestion]:
    """The tune half of the golden questions in languages that the desk speaks."""
    spoken = [question for question in read_golden(half=Half.TUNE) if question.language in SUPPORTED]
    return [question for question in spoken if question.kind is not GoldenKind.HELP]


def _found(searcher: Searcher, golden: GoldenQuestion) -> Findings:
    return searcher.search(golden.question, golden.language, context=golden.history[-1] if golden.history else "")


def _relevance_samples(searcher: Searcher, strangers: Iterable[tuple[str, str]]) -> Iterator[Sample]:
    for golden in _golden():
        yield relevance_features(_found(searcher, golden)), golden.kind is not GoldenKind.OFF_TOPIC
    for question, language in strangers:
        yield relevance_features(searcher.search(question, language)), False


def _match_samples(searcher: Searcher) -> Iterator[Sample]:
    for golden in _golden():
        findings = _found(searcher, golden)
        yield match_features(findings), findings.matches[0].entry.id in golden.entries


def _passage_samples(asked: Sequence[Qa], indexed: Sequence[Qa], question_language: str, language: str,
                     encoder: Encoder) -> Iterator[Sample]:  # fmt: skip
    """Samples from `asked` on the paragraphs of `indexed`, which answer the same questions in order."""
    gold = [paragraph for _, paragraph in indexed]
    pool = list(dict.fromkeys(gold))
    chosen = set(sorted(pool, key=_shuffled)[:_PARAGRAPHS])
    cases = sorted(
        ((q, p) for (q, _), p in zip(asked, gold, strict=True) if p in chosen), key=lambda c: _shuffled(c[0])
    )
    cohort, cases = cases[:_COHORT], cases[_COHORT : _COHORT + _QUESTIONS]
    document = Document(
        id="public", file="-", kind=Kind.OTHER, authority=Authority.OFFICIAL, title="-", language=language
    )
    reading = split(document, [Block(text=p) for p in pool if p in chosen], "-")
    paragraph_of = dict(zip([p.id for p in reading.passages], [p for p in pool if p in chosen], strict=True))
    searcher = _searcher(
        language, Corpus(readings=(reading,), faq=_cohort(cohort, question_language), faq_document=None), encoder
    )
    for question, paragraph in cases:
        hits = searcher.search(question, question_language).hits
        yield passage_features(hits), paragraph_of[hits[0].passage.id] == paragraph
        yield passage_features([hit for hit in hits if paragraph_of[hit.passage.id] != paragraph]), False


def _cohort(cases: Iterable[Qa], language: str) -> Faq:
    """Questions for the centring, in the form in which the index takes them."""
    return Faq(
        entries=tuple(
            FaqEntry(
                number=number,
                id=f"q{number}",
                topic="-",
                quotations=(Quotation(document="public", quote=paragraph),),
                wordings={language: Wording(questions=(question,), answer="-")},
            )
            for number, (question, paragraph) in enumerate(cases, 1)
        )
    )


def _searcher(name: str, corpus: Corpus, encoder: Encoder) -> Searcher:
    store = Store(ROOT / "var" / "fit" / name)  # kept: what was encoded once is not encoded again
    manifest = build(corpus, encoder, store, by="fit_evidence")
    return Searcher(load_generation(store.folder(manifest.id), encoder), encoder)


def _xquad(data: Path, language: str) -> Iterator[Qa]:
    for article in json.loads((data / f"xquad.{language}.json").read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                yield qa["question"], " ".join(paragraph["context"].split())


def _jsquad(data: Path) -> Iterator[Qa]:
    for article in json.loads((data / "jsquad.valid-v1.3.json").read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                yield qa["question"], " ".join(paragraph["context"].split("[SEP]")[-1].split())


def _shuffled(text: str) -> str:
    """A key that puts texts in an order that is arbitrary and always the same."""
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
