"""A build after one document changed, as a share of a full build: `python -m benchmarks.incremental_build [DOCUMENTS]`.

The documents are web pages of made-up English sentences, read as an admin's would be. Everything runs through the
command, and all times are of one run. Results go to benchmarks/results/incremental_build.json, with the commit.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.results import save

ROOT = Path(__file__).resolve().parents[1]
_DOCUMENTS, _PARAGRAPHS, _RUNS = 30, 20, 3
_WORDS = (
    "city harbour council letter water market signs report river garden mayor plan waste circular reuse repair share "
    "food energy school bridge forest train budget village office season meeting record partner region network"
)


def main(documents: int = _DOCUMENTS) -> None:
    with tempfile.TemporaryDirectory() as folder:
        measured = _measure(Path(folder), documents)
    full = measured["full"]
    shares = {f"{name} / full": round(seconds / full, 3) for name, seconds in measured.items() if name != "full"}
    save("incremental_build", {"documents": documents, "runs": _RUNS, "seconds": measured, "ratios": shares})


def _measure(folder: Path, documents: int) -> dict[str, float]:
    """Median seconds of `index build`: in full, after one document changed, after reordering, after nothing."""
    corpus, data = folder / "documents", folder / "data"
    corpus.mkdir()
    chance = random.Random(0)
    for number in range(documents):
        (corpus / f"{number}.html").write_text(_page(number, chance))
    _write_catalogue(corpus, list(range(documents)))

    def change() -> None:
        (corpus / "7.html").write_text(_page(7, chance))

    def reorder() -> None:
        _write_catalogue(corpus, chance.sample(range(documents), documents))

    full = _timed(corpus, data)
    return {
        "full": full,
        "one changed": _median(change, corpus, data),
        "reordered": _median(reorder, corpus, data),
        "nothing changed": _median(lambda: None, corpus, data),
    }


def _median(alter: Callable[[], object], corpus: Path, data: Path) -> float:
    times = []
    for _ in range(_RUNS):
        alter()
        times.append(_timed(corpus, data))
    return statistics.median(times)


def _timed(corpus: Path, data: Path) -> float:
    environment = {**os.environ, "DESK_CORPUS_DIR": str(corpus), "DESK_DATA_DIR": str(data)}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, str(ROOT / "run_bot.py"), "index", "build"],
        env=environment, check=True, capture_output=True,
    )  # fmt: skip
    return round(time.perf_counter() - start, 2)


def _page(number: int, chance: random.Random) -> str:
    paragraphs = [f"<p>{_sentence(chance)} {_sentence(chance)}</p>" for _ in range(_PARAGRAPHS)]
    return f"<html><head><title>Page {number}</title></head><body><h1>Page {number}</h1>{''.join(paragraphs)}</body>"


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS.split(), k=12)).capitalize() + "."


def _write_catalogue(corpus: Path, order: list[int]) -> None:
    entries = [
        f'[[document]]\nid = "page-{number}"\nfile = "{number}.html"\nkind = "other"\nauthority = "official"\n'
        f'title = "Page {number}"\nlanguage = "en"\n'
        for number in order
    ]
    (corpus / "catalogue.toml").write_text("\n".join(entries))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
