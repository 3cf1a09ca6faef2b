"""The bundled encoder's two engines, in one run: `python -m benchmarks.engines`.

Speed over golden questions and over passages of about 60 pieces (the English documents, cut), cosines of
the two, and, paired, which of the golden questions with a labelled entry find it first. Medians of three. Results go to
benchmarks/results/engines.json, with the commit.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.results import save
from corpus.catalogue import read_corpus
from index.build import build
from index.encoder import BUNDLED, Encoder, Vectors, load_encoder
from index.generation import load_generation
from index.golden import GoldenQuestion, read_golden
from index.search import Searcher
from index.store import Store

ROOT = Path(__file__).resolve().parents[1]
_RUNS, _QUESTIONS, _PASSAGES = 3, 300, 120
_CHARACTERS = 240
"""About 60 pieces of English."""


def main() -> None:
    corpus = read_corpus(ROOT / "corpus" / "documents")
    golden = [question for question in read_golden() if not question.history]
    questions = [question.question for question in golden[:_QUESTIONS]]
    text = " ".join(passage.text for passage in corpus.passages() if passage.language == "en")
    passages = [text[start : start + _CHARACTERS] for start in range(0, len(text) - _CHARACTERS, _CHARACTERS)]
    passages = (passages * (_PASSAGES // len(passages) + 1))[:_PASSAGES]
    with tempfile.TemporaryDirectory() as folder:
        engines = {
            "c": load_encoder(BUNDLED),
            "fast": load_encoder(BUNDLED, Path(folder) / "encoder", lasting=True),
        }
        speed = {name: _speed(encoder, questions, passages) for name, encoder in engines.items()}
        one, other = (encoder.encode_query(questions) for encoder in engines.values())
        cosines = (one * other).sum(axis=1)
        # One index serves both: of prepared vectors, and asked by each.
        store = Store(Path(folder) / "index")
        built = build(corpus, engines["fast"], store, by="benchmark")
        searchers = {
            name: Searcher(load_generation(store.folder(built.id), encoder), encoder)
            for name, encoder in engines.items()
        }
        found = {name: _found(searcher, golden) for name, searcher in searchers.items()}
    save(
        "engines",
        {
            "runs": _RUNS,
            **speed,
            "ratios": {key: round(speed["fast"][key] / speed["c"][key], 2) for key in speed["c"]},
            "cosine": {"mean": round(float(cosines.mean()), 4), "least": round(float(cosines.min()), 4)},
            "right entry first": {
                "questions": len(found["c"]),
                "c": int(sum(found["c"])),
                "fast": int(sum(found["fast"])),
                "only c": int(sum(a and not b for a, b in zip(found["c"], found["fast"], strict=True))),
                "only fast": int(sum(b and not a for a, b in zip(found["c"], found["fast"], strict=True))),
            },
        },
    )


def _speed(encoder: Encoder, questions: list[str], passages: list[str]) -> dict[str, float]:
    def one_by_one(texts: list[str]) -> Vectors:
        return np.concatenate([encoder.encode_query([text]) for text in texts])

    return {
        "questions a second": round(len(questions) / _seconds(encoder.encode_query, questions), 1),
        "passages a second": round(len(passages) / _seconds(encoder.encode_document, passages), 1),
        "milliseconds a question": round(1000 * _seconds(one_by_one, questions[:100]) / 100, 2),
    }


def _seconds(encode: Callable[[list[str]], Vectors], texts: list[str]) -> float:
    def once() -> float:
        started = time.perf_counter()
        encode(texts)
        return time.perf_counter() - started

    return statistics.median(once() for _ in range(_RUNS))


def _found(searcher: Searcher, golden: list[GoldenQuestion]) -> list[bool]:
    """For each question with a labelled entry: is one of them first?"""
    return [
        searcher.search(question.question, question.language).matches[0].entry.id in question.entries
        for question in golden
        if question.entries
    ]


if __name__ == "__main__":
    main()
