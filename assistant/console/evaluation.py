"""`evaluate`: the golden questions asked of the current generation."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.console.common import AsJson, settings_in_force
from index.golden import Half, read_golden

if TYPE_CHECKING:
    from assistant.evaluation.scores import Scores


def evaluate(
    file: Annotated[Path | None, typer.Argument(help="Questions as JSON lines; the golden ones if left out.")] = None,
    as_json: AsJson = False,
    html: Annotated[Path | None, typer.Option(help="Also write a page with plots to this file.")] = None,
    half: Annotated[Half | None, typer.Option(help="One half of the questions only.")] = None,
) -> None:
    """Ask golden questions of the current generation: what is answered right, and what is not."""
    from assistant.desk import Desk
    from assistant.evaluation.comparison import compare_with_previous
    from assistant.evaluation.page import page
    from assistant.evaluation.scores import by_group, calibrate
    from assistant.terminal import progress

    questions = read_golden([file] if file else (), half)
    with progress() as report:
        desk = Desk(
            settings_in_force(),
            lasting=True,
            progress=report,
            warn=lambda message: print(f"warning: {message}", file=sys.stderr),
        )
        generation = desk.generation
        examiner = desk.examiner(report)
        verdicts = examiner.ask(generation, questions)
        comparison = compare_with_previous(examiner, desk.store, generation.manifest, questions, verdicts)
    scores = by_group(verdicts)
    if html:
        html.write_text(page(generation.manifest.id, scores, verdicts, comparison), encoding="utf-8")
    if as_json:
        content = {
            "generation": generation.manifest.id,
            "scores": {name: row.model_dump() for name, row in scores.items()},
            "calibration": calibrate(verdicts).model_dump(exclude={"risk"}),
            "previous": comparison and comparison.model_dump(),
            "verdicts": [verdict.model_dump(mode="json") for verdict in verdicts],
        }
        print(json.dumps(content, ensure_ascii=False))
    else:
        _show(generation.manifest.id, scores)
        if comparison:
            print(comparison.said())


def _show(generation: str, scores: dict[str, Scores]) -> None:
    from assistant.evaluation.scores import LABELS

    print(f"generation {generation}")
    width = max(map(len, scores))
    print(" " * width, *(f"{label.rpartition(' ')[0]:>9}" for label in LABELS.values()))
    print(" " * width, *(f"{label.rpartition(' ')[2]:>9}" for label in LABELS.values()))
    for name, row in scores.items():
        print(f"{name:{width}}", *(f"{_number(getattr(row, field)):>9}" for field in LABELS))


def _number(value: float | int | None) -> str:
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
