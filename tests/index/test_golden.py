"""The golden questions fit the corpus they are asked of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.fit_evidence import CALIBRATION
from corpus.catalogue import Corpus
from index.golden import read_golden
from tests.conftest import ROOT

FILES = [*sorted((ROOT / "index" / "golden").glob("*.jsonl")), *sorted(CALIBRATION.glob("*.jsonl"))]


@pytest.fixture(scope="module", params=FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def golden(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """The golden questions of a language, or those for calibration, as they stand once read."""
    path: Path = request.param
    questions = [golden.model_dump() for golden in read_golden([path])]
    assert {question["language"] for question in questions} == {path.stem.rpartition(".")[2]}
    return questions


def test_no_question_is_asked_twice(golden: list[dict[str, Any]]) -> None:
    assert len({question["id"] for question in golden}) == len(golden)
    assert len({(question["question"], *question["history"]) for question in golden}) == len(golden)


def test_what_is_to_be_quoted_stands_in_a_document(golden: list[dict[str, Any]], corpus: Corpus) -> None:
    text = "".join("".join(corpus.text(document.id).split()) for document in corpus.documents)
    missing = [(q["id"], words) for q in golden for words in q["evidence"] if "".join(words.split()) not in text]
    assert missing == []


def test_the_entries_that_may_answer_exist(golden: list[dict[str, Any]], corpus: Corpus) -> None:
    known = {entry.id for entry in corpus.faq.entries}
    assert {entry for question in golden for entry in question["entries"]} <= known


def test_a_gap_is_a_gap_and_an_answer_is_none(golden: list[dict[str, Any]], corpus: Corpus) -> None:
    gaps = {entry.id: entry.gap for entry in corpus.faq.entries}
    wrong = [q["id"] for q in golden if q["kind"] == "gap" and not all(gaps[entry] for entry in q["entries"])]
    assert wrong == []
