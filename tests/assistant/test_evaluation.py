"""What `evaluate` counts, and the command as a person types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation.scores import by_group, calibrate, score
from assistant.evaluation.verdicts import Verdict
from assistant.models import Outcome
from index.golden import GoldenKind, GoldenQuestion
from tests.conftest import Command


def verdict(
    kind: GoldenKind, outcome: Outcome, *shown: bool, number: int = 1, language: str = "en", replied: str = "en",
    confidence: float = 0.9, entry: str | None = None, follows: bool = False,
) -> Verdict:  # fmt: skip
    question = GoldenQuestion(
        id=f"{language}-{number:03}",
        language=language,
        question="?",
        kind=kind,
        entries=("e1",),
        history=("before",) if follows else (),
    )
    return Verdict(
        question=question,
        outcome=outcome,
        language=replied,
        confidence=confidence,
        shown=shown,
        entry=entry,
        elapsed_ms=1,
    )


ANSWERABLE, GAP, MISS = GoldenKind.ANSWERABLE, GoldenKind.GAP, GoldenKind.NEAR_MISS


def test_an_answer_is_right_with_evidence_only() -> None:
    scores = score([
        verdict(ANSWERABLE, Outcome.ANSWERED, True, number=1),
        verdict(ANSWERABLE, Outcome.ANSWERED, False, True, number=2),
        verdict(ANSWERABLE, Outcome.ANSWERED, False, number=3),
        verdict(ANSWERABLE, Outcome.POSSIBLE, True, number=4),
        verdict(ANSWERABLE, Outcome.NOT_FOUND, number=5),
    ])  # fmt: skip
    assert (scores.answered, scores.first, scores.shown) == (0.4, 0.4, 0.6)
    assert (scores.wrong_evidence, scores.wrong_refusals) == (0.2, 0.2)
    assert (scores.gaps, scores.false_answers) == (None, None)


def test_what_cannot_be_answered_may_be_anything_but_answered() -> None:
    outcomes = [Outcome.ANSWERED, Outcome.POSSIBLE, Outcome.NOT_STATED, Outcome.NOT_FOUND]
    made = [verdict(MISS, outcome, True, number=n) for n, outcome in enumerate(outcomes, 1)]
    assert score(made).false_answers == 0.25
    assert [v.right for v in made] == [False, True, True, True]


def test_a_known_gap_is_told_as_one() -> None:
    made = [verdict(GAP, Outcome.NOT_STATED, number=1), verdict(GAP, Outcome.ANSWERED, True, number=2)]
    assert score(made).gaps == 0.5


def test_scores_are_told_by_language_and_of_follow_ups() -> None:
    made = [
        verdict(ANSWERABLE, Outcome.ANSWERED, True, number=1),
        verdict(ANSWERABLE, Outcome.POSSIBLE, language="th", replied="en", number=2, follows=True),
    ]
    groups = by_group(made)
    assert {name: row.answered for name, row in groups.items()} == {"all": 0.5, "en": 1.0, "th": 0.0, "follow-ups": 0.0}
    assert groups["th"].language == 0.0
    assert groups["all"].language == 0.5


def test_confidence_is_calibrated_where_it_tells_right_from_wrong() -> None:
    right = [verdict(ANSWERABLE, Outcome.ANSWERED, True, number=n, confidence=0.95) for n in range(1, 5)]
    wrong = [verdict(MISS, Outcome.POSSIBLE, False, number=n, confidence=0.15) for n in range(5, 9)]
    found = calibrate([*right, *wrong])
    assert found.auroc == 1.0
    assert found.reliability == ((0.15, 0.0, 4), (0.95, 1.0, 4))
    assert found.risk[3] == (0.5, 0.0)
    assert found.risk[-1] == (1.0, 0.5)
    assert calibrate([verdict(v.question.kind, v.outcome, *v.shown, number=n, confidence=1 - v.confidence)
                      for n, v in enumerate([*right, *wrong], 1)]).auroc == 0.0  # fmt: skip


LINES: list[dict[str, Any]] = [
    {"id": "en-001", "language": "en", "question": "Where are the headquarters of CityNet?", "kind": "answerable",
     "entries": ["citynet-seat"]},
    {"id": "en-002", "language": "en", "question": "Is there a fee for joining?", "kind": "gap",
     "entries": ["joining-fee"]},
    {"id": "ja-003", "language": "ja", "question": "パンの焼き方を教えてください", "kind": "off_topic"},
    {"id": "en-004", "language": "en", "question": "Where are the headquarters of CityNet?", "kind": "answerable",
     "entries": ["joining-fee"]},
]  # fmt: skip


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES), encoding="utf-8")
    return path


def test_the_command_asks_and_judges(command: Command, questions: Path) -> None:
    done = command("evaluate", str(questions), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert [verdict["outcome"] for verdict in found["verdicts"]] == ["answered", "not_stated", "not_found", "answered"]
    scores = found["scores"]["all"]
    assert (scores["questions"], scores["answered"], scores["gaps"], scores["false_answers"]) == (4, 0.5, 1.0, 0.0)
    assert scores["wrong_evidence"] == 0.5
    assert scores["language"] == 1.0


def test_the_command_asks_one_half_and_draws_a_page(command: Command, questions: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = command("evaluate", str(questions), "--half", "tune", "--html", str(page))
    assert done.returncode == 0
    assert "follow-ups" not in done.stdout
    rows = {line.split()[0]: line.split()[1] for line in done.stdout.splitlines()[3:]}
    assert rows == {"all": "2", "en": "1", "ja": "1"}
    assert "<svg" in page.read_text(encoding="utf-8") or "data:image" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no golden question"),
        ("{}", "line 1"),
        ('{"id": "x", "language": "en", "question": "?", "kind": "gap"}', "line 1: id"),
        ("not JSON", "line 1"),
    ],
)
def test_questions_that_cannot_be_used_are_named(command: Command, tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(content)
    done = command("evaluate", str(path))
    assert done.returncode == 1
    assert reason in done.stderr
    assert "bad.jsonl" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
