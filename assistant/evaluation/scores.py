"""Scores of many verdicts: by language, by kind, over all."""

from __future__ import annotations

from collections.abc import Sequence

import ir_measures
import numpy as np
from ir_measures import Success
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, roc_auc_score

from assistant.evaluation.verdicts import Verdict
from assistant.models import Outcome
from corpus.models import Frozen
from index.golden import GoldenKind

_UNANSWERABLE = {GoldenKind.NEAR_MISS, GoldenKind.OFF_TOPIC}


class Scores(Frozen):
    """Shares from 0 to 1; None where there was no question to count."""

    questions: int
    answered: float | None
    """Of what can be answered: answered, with evidence that carries it."""
    first: float | None
    """Of what can be answered: the first thing shown carries the answer (success@1)."""
    shown: float | None
    """Of what can be answered: one of the things shown does (success@3)."""
    wrong_refusals: float | None
    """Of what can be answered: refused."""
    gaps: float | None
    """Of known gaps: told as such."""
    false_answers: float | None
    """Of what cannot be answered: answered."""
    wrong_evidence: float | None
    """Of what can be answered: answered with evidence that does not carry it."""
    language: float | None
    """Of all: replied to in their language."""


LABELS = {
    "questions": "questions",
    "answered": "answered right",
    "first": "right first",
    "shown": "right shown",
    "wrong_refusals": "wrong refusals",
    "gaps": "gaps told",
    "false_answers": "false answers",
    "wrong_evidence": "wrong evidence",
    "language": "language",
}
"""What people call the scores."""


class Calibration(Frozen):
    """Whether confidence means what it says, over the questions that are not smalltalk."""

    auroc: float | None
    """How well confidence tells what can be answered from what cannot."""
    brier: float | None
    reliability: tuple[tuple[float, float, int], ...]
    """By tenths of confidence: its mean, the share that was right, how many."""
    risk: tuple[tuple[float, float], ...]
    """Coverage and risk, if the desk answered from any confidence on, the surest questions first."""


def by_group(verdicts: Sequence[Verdict]) -> dict[str, Scores]:
    """Scores over all, of each language, and of follow-ups."""
    languages = sorted({v.question.language for v in verdicts})
    groups = {"all": list(verdicts)}
    groups |= {language: [v for v in verdicts if v.question.language == language] for language in languages}
    groups["follow-ups"] = [v for v in verdicts if v.question.history]
    return {name: score(group) for name, group in groups.items() if group}


def score(verdicts: Sequence[Verdict]) -> Scores:
    answerable = [v for v in verdicts if v.question.kind is GoldenKind.ANSWERABLE]
    unanswerable = [v for v in verdicts if v.question.kind in _UNANSWERABLE]
    first, shown = _success(answerable)
    return Scores(
        questions=len(verdicts),
        answered=_share([v.right for v in answerable]),
        first=first,
        shown=shown,
        wrong_refusals=_share([v.wrong_refusal for v in answerable]),
        gaps=_share([v.right for v in verdicts if v.question.kind is GoldenKind.GAP]),
        false_answers=_share([v.wrong_answer for v in unanswerable]),
        wrong_evidence=_share([v.wrong_answer for v in answerable]),
        language=_share([v.language == v.question.language for v in verdicts]),
    )


def calibrate(verdicts: Sequence[Verdict]) -> Calibration:
    asked = [v for v in verdicts if v.question.kind is not GoldenKind.HELP and v.outcome is not Outcome.HELP]
    confidences = np.array([v.confidence for v in asked])
    good = np.array([_is_good(v) for v in asked], dtype=bool)
    both = 0 < good.sum() < len(good)
    order = np.argsort(-confidences, kind="stable")
    wrong = np.cumsum(~good[order])
    covered = np.arange(1, len(order) + 1)
    return Calibration(
        auroc=round(float(roc_auc_score(good, confidences)), 3) if both else None,
        brier=round(float(brier_score_loss(good, confidences)), 3) if len(good) else None,
        reliability=tuple(_bins(confidences, good)),
        risk=tuple((round(n / len(order), 4), round(float(w / n), 4)) for n, w in zip(covered, wrong, strict=True)),
    )


def _is_good(verdict: Verdict) -> bool:
    """Whether what the reply shows first is what should be shown."""
    if verdict.question.kind is GoldenKind.GAP:
        return verdict.entry in verdict.question.entries
    return bool(verdict.shown and verdict.shown[0]) and verdict.question.kind is GoldenKind.ANSWERABLE


def _bins(confidences: NDArray[np.float64], good: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    bins = []
    places = np.minimum((confidences * 10).astype(int), 9)
    for place in range(10):
        here = places == place
        if here.any():
            bins.append(
                (round(float(confidences[here].mean()), 3), round(float(good[here].mean()), 3), int(here.sum()))
            )
    return bins


def _success(verdicts: Sequence[Verdict]) -> tuple[float | None, float | None]:
    """Success@1 and success@3 of what is shown (ir-measures)."""
    if not verdicts:
        return None, None
    qrels = {v.question.id: {str(n): int(right) for n, right in enumerate(v.shown)} or {"0": 0} for v in verdicts}
    run = {v.question.id: {str(n): float(-n) for n in range(len(v.shown))} for v in verdicts}
    measured = ir_measures.calc_aggregate([Success @ 1, Success @ 3], qrels, run)
    return round(measured[Success @ 1], 3), round(measured[Success @ 3], 3)


def _share(marks: Sequence[bool]) -> float | None:
    return round(sum(marks) / len(marks), 3) if marks else None
