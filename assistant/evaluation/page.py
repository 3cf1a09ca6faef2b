"""The evaluation as a page to look at: scores by language, two plots, and every reply that was not right."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assistant import page as html
from assistant.evaluation.comparison import Comparison
from assistant.evaluation.scores import LABELS, Calibration, Scores, calibrate
from assistant.evaluation.verdicts import Verdict


def page(generation: str, scores: dict[str, Scores], verdicts: Sequence[Verdict],
         comparison: Comparison | None = None) -> str:  # fmt: skip
    """An HTML page that needs nothing from elsewhere."""
    calibration = calibrate(verdicts)
    wrong = [verdict for verdict in verdicts if not verdict.right]
    body = f"""
<p>{len(verdicts)} golden questions; shares from 0 to 1. AUROC of the confidence {_number(calibration.auroc)},
Brier score {_number(calibration.brier)}.</p>
{_table(scores)}
{f"<p>{escape(comparison.said())}</p>" if comparison else ""}
<figure>{_reliability(calibration)}</figure><figure>{_risk(calibration)}</figure>
{html.heading(f"{len(wrong)} replies that were not right")}
{_list(wrong)}"""
    return html.page(f"Evaluation of generation {generation}", "en", body)


def _table(scores: dict[str, Scores]) -> str:
    rows = [
        html.row([html.cell(name), *(html.number(_number(getattr(score, field))) for field in LABELS)], name)
        for name, score in scores.items()
    ]
    return html.table(["", *LABELS.values()], rows)


def _list(verdicts: Sequence[Verdict]) -> str:
    rows = [
        html.row([
            html.cell(v.question.id),
            html.cell(v.question.question, v.question.language),
            html.cell(v.question.kind),
            html.cell(v.outcome),
            html.cell(v.entry or ""),
            html.number(f"{v.confidence:.2f}"),
        ])
        for v in verdicts
    ]  # fmt: skip
    return html.table(["", "question", "kind", "outcome", "FAQ entry", "confidence"], rows)


def _reliability(calibration: Calibration) -> str:
    figure, axes = _axes("Does confidence mean what it says?", "confidence", "share that was right")
    axes.plot([0, 1], [0, 1], color="#999", linestyle="--", linewidth=1)
    means, shares, counts = (list(column) for column in zip(*calibration.reliability, strict=True))
    axes.plot(means, shares, marker="o", color="#1f6feb")
    for mean, share, count in zip(means, shares, counts, strict=True):
        axes.annotate(str(count), (mean, share), textcoords="offset points", xytext=(4, -12), fontsize=8, color="#555")
    return html.svg(figure)


def _risk(calibration: Calibration) -> str:
    figure, axes = _axes("If the desk answered the surest questions only", "share answered", "share of these wrong")
    coverage, risk = (list(column) for column in zip(*calibration.risk, strict=True))
    axes.plot(coverage, risk, color="#d1242f")
    return html.svg(figure)


def _axes(title: str, x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1))
    axes.grid(alpha=0.2)
    return figure, axes


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
