"""The golden questions fit the corpus they are asked of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from corpus.catalogue import Corpus
from tests.conftest import ROOT

FOLDER = ROOT / "index" / "golden"


@pytest.fixture(scope="module", params=[path.stem.partition(".")[2] for path in sorted(FOLDER.glob("*.jsonl"))])
def golden(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    lines = (FOLDER / f"questions.{request.param}.jsonl").read_text(encoding="utf-8").splitlines()
    questions: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert questions
    assert {question["language"] for question in questions} == {request.param}
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
