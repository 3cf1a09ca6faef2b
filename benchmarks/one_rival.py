"""One system in a process of its own: `python -m benchmarks.one_rival NAME build|ask|serve FOLDER`.

`build` makes an index in FOLDER, `ask` answers one question from it, `serve` many, and tells as JSON what that took.
Imports nothing before it is known to be needed, for `ask` is timed from the start of the process.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rivals import Text
from index.encoder import BUNDLED, Encoder, Vectors, load_encoder

QUESTION = "Which city signed first?"
DESK = "desk"
_CROWDS = (1, 10, 50)
_ASKED = 200


def main(name: str, task: str, folder: Path) -> None:
    engines = folder.parent / "engines"
    rival = None if name == DESK else import_module(f"benchmarks.rivals.{name}")
    if task == "build":
        folder.mkdir(parents=True)
        embed = Timed(load_encoder(BUNDLED, engines, lasting=True))
        rival.build(_texts(), embed, folder) if rival else _build_desk(folder)
        return
    embed = Timed(load_encoder(BUNDLED, engines, lasting=task == "serve"))
    answer = rival.load(embed, folder) if rival else _load_desk(embed, folder)
    if task == "ask":
        print(answer(QUESTION), flush=True)
    else:
        print(json.dumps(_served(answer, embed)))


class Timed:
    """An encoder with a watch on questions: the desk's, for the desk and for its rivals, or one of a rival's own."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.dimension = encoder.name, encoder.dimension
        self.seconds = 0.0

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self.watched(self._encoder.encode_query, texts)

    def watched(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors:
        """What `encode` makes of questions; how long it takes is the encoder's time."""
        started = time.perf_counter()
        vectors = encode(texts)
        self.seconds += time.perf_counter() - started
        return vectors

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_document(texts)

    def question(self, text: str) -> list[float]:
        vector: list[float] = self.encode_query([text])[0].tolist()
        return vector

    def pieces(self, texts: Sequence[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.encode_document(texts).tolist()
        return vectors


def _texts() -> list[Text]:
    """The documents, and the FAQ an entry and language each."""
    from benchmarks.public_data import ROOT
    from corpus.catalogue import read_corpus

    corpus = read_corpus(ROOT / "corpus" / "documents")
    faq = [
        Text("\n".join([*wording.questions, wording.answer]), entry.id)
        for entry in corpus.faq.entries
        for wording in entry.wordings.values()
    ]
    return [*(Text(reading.text) for reading in corpus.readings), *faq]


def _build_desk(folder: Path) -> None:
    from assistant.desk import build_index, open_encoder

    settings = _settings(folder)
    build_index(settings, open_encoder(settings, lasting=True))


def _load_desk(embed: Timed, folder: Path) -> Callable[[str], Any]:
    """The desk with its record, as the bot has it: evidence, quoting, and what came of a question written down."""
    from itertools import count

    from assistant.answerer import Answerer
    from assistant.desk import open_store
    from assistant.enquiries import open_record
    from assistant.models import Enquiry
    from index.generation import load_generation
    from index.search import Searcher

    settings, numbers = _settings(folder), count(1)
    store = open_store(settings)
    generation = load_generation(store.folder(str(store.current())), embed)
    answerer = Answerer(Searcher(generation, embed), retention_days=1, zone="UTC")
    record = open_record(settings.database_url)

    def answer(question: str) -> Any:
        ts = f"{time.time_ns()}.{next(numbers)}"
        enquiry = record.receive(channel="C1", ts=ts, thread=ts, user="U1", question=question)
        reply = answerer.reply(Enquiry(question=question))
        record.replied(str(enquiry), reply)
        return reply

    return answer


def _settings(folder: Path) -> Any:
    from assistant.settings import Settings

    return Settings(_env_file=None, desk_data_dir=folder)


def _served(answer: Callable[[str], Any], embed: Timed) -> dict[str, Any]:
    """Milliseconds a question with the encoder and without, one after the other; questions a second of many people."""
    from index.golden import read_golden

    golden = read_golden()
    questions = [each.question for each in golden][:: len(golden) // _ASKED][:_ASKED]
    answer(questions[0])
    wholes, owns = [], []
    for question in questions:
        before, started = embed.seconds, time.perf_counter()
        answer(question)
        wholes.append(time.perf_counter() - started)
        owns.append(wholes[-1] - (embed.seconds - before))
    measured: dict[str, Any] = {
        "question ms": round(1000 * median(wholes), 1),
        "own ms": round(1000 * median(owns), 2),
        "own ms, 95 %": round(1000 * sorted(owns)[int(0.95 * len(owns))], 2),
    }
    for crowd in _CROWDS:
        with ThreadPoolExecutor(crowd) as people:
            started = time.perf_counter()
            list(people.map(answer, questions))
        measured[f"questions a second, {crowd} at once"] = round(len(questions) / (time.perf_counter() - started), 1)
    return measured


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
