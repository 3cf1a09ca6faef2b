"""Public question-answering data as corpora of the desk: XQuAD, JSQuAD and TyDi QA, none of which is shipped.

Read from a folder DATA with xquad.<language>.json, jsquad.valid-v1.3.json and tydiqa.<name>.dev.json.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.catalogue import Corpus
from corpus.faq import Faq, FaqEntry, Quotation, Wording
from corpus.models import Authority, Block, Document, Kind, Reading
from corpus.split import split
from index.build import build
from index.encoder import BUNDLED, Encoder, load_encoder
from index.generation import load_generation
from index.search import Searcher
from index.store import Store

ROOT = Path(__file__).resolve().parents[1]
_KEPT = ROOT / "var" / "fit"
_QUESTIONS, _PARAGRAPHS, _COHORT = 250, 160, 40

Qa = tuple[str, str]
"""A question and the paragraph that answers it."""
Text = tuple[str, str]
"""A language and a paragraph in it."""


@dataclass(frozen=True)
class Fitting:
    """What the models of passages are fitted to, in one language of questions."""

    paragraphs: tuple[str, ...]
    cohort: tuple[str, ...]
    """Questions for the centring."""
    cases: tuple[Qa, ...]

    @classmethod
    def of(cls, asked: Sequence[Qa]) -> Fitting:
        """Some of the paragraphs, and questions that these answer."""
        pool = list(dict.fromkeys(paragraph for _, paragraph in asked))
        chosen = set(sorted(pool, key=shuffled)[:_PARAGRAPHS])
        cases = in_order([(question, paragraph) for question, paragraph in asked if paragraph in chosen])
        return cls(
            tuple(paragraph for paragraph in pool if paragraph in chosen),
            tuple(question for question, _ in cases[:_COHORT]),
            tuple(cases[_COHORT : _COHORT + _QUESTIONS]),
        )


def xquad(data: Path, language: str) -> list[Qa]:
    """The questions in `language`, with the English paragraphs that answer them."""
    questions = [question for question, _ in _read(data / f"xquad.{language}.json")]
    paragraphs = [paragraph for _, paragraph in _read(data / "xquad.en.json")]
    return list(zip(questions, paragraphs, strict=True))


def jsquad(data: Path) -> list[Qa]:
    """Japanese questions and paragraphs."""
    return list(_read(data / "jsquad.valid-v1.3.json"))


def tydi(data: Path, name: str) -> list[Qa]:
    """Questions and paragraphs in the language that TyDi QA calls `name`."""
    return list(_read(data / f"tydiqa.{name}.dev.json"))


def _read(path: Path) -> Iterator[Qa]:
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            text = paragraph["context"].split("[SEP]")[-1]  # JSQuAD puts the article's title before it
            for qa in paragraph["qas"]:
                yield qa["question"], " ".join(text.split())


def in_order(cases: Sequence[Qa]) -> list[Qa]:
    return sorted(cases, key=lambda case: shuffled(case[0]))


def shuffled(text: str) -> str:
    """A key that puts texts in an order that is arbitrary and always the same."""
    return hashlib.sha256(text.encode()).hexdigest()


def bundled() -> Encoder:
    """The bundled encoder with its fast engine, which is kept."""
    return load_encoder(BUNDLED, _KEPT / "encoder", lasting=True)


def searcher_over(name: str, texts: Sequence[Text], cohort: Sequence[str], language: str, encoder: Encoder) -> Searcher:
    """A searcher over `texts`, a passage each, that centres questions in `language` by those of `cohort`."""
    readings = [_reading(number, language, text) for number, (language, text) in enumerate(texts, 1)]
    faq = _faq(cohort, language, Quotation(document=readings[0].document.id, quote=readings[0].text))
    return searcher_of(name, Corpus(readings=tuple(readings), faq=faq, faq_document=None), encoder)


def _reading(number: int, language: str, text: str) -> Reading:
    document = Document(
        id=f"public-{number}", file="-", kind=Kind.OTHER, authority=Authority.OFFICIAL, title="-", language=language
    )
    return split(document, [Block(text=text)], "-")


def _faq(questions: Sequence[str], language: str, quotation: Quotation) -> Faq:
    """Questions in the form in which the index takes those that it centres by; what they quote is not looked at."""
    return Faq(
        entries=tuple(
            FaqEntry(
                number=number,
                id=f"q{number}",
                topic="-",
                quotations=(quotation,),
                wordings={language: Wording(questions=(question,), answer="-")},
            )
            for number, question in enumerate(questions, 1)
        )
    )


def searcher_of(name: str, corpus: Corpus, encoder: Encoder) -> Searcher:
    """A searcher over `corpus`, in a store that is kept: what was encoded once is not encoded again."""
    store = Store(_KEPT / name)
    manifest = build(corpus, encoder, store, by="benchmark")
    return Searcher(load_generation(store.folder(manifest.id), encoder), encoder)
