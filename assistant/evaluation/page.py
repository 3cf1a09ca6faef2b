"""The evaluation as a page to look at: scores by language, two plots, and every reply that was not right."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from io import StringIO

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assistant.evaluation.comparison import Comparison
from assistant.evaluation.scores import LABELS, Calibration, Scores, calibrate
from assistant.evaluation.verdicts import Verdict

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; margin: 1rem 0 } th, td { padding: .25rem .6rem; border-bottom: 1px solid #ddd }
th { text-align: left; vertical-align: bottom } td.number { text-align: right; font-variant-numeric: tabular-nums }
figure { display: inline-block; margin: 0 1rem 1rem 0 } tr.all { font-weight: 600 }
"""


def page(generation: str, scores: dict[str, Scores], verdicts: Sequence[Verdict],
         comparison: Comparison | None = None) -> str:  # fmt: skip
    """An HTML page that needs nothing from elsewhere."""
    calibration = calibrate(verdicts)
    wrong = [verdict for verdict in verdicts if not verdict.right]
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Evaluation of generation {escape(generation)}</title>
<style>{_STYLE}</style>
<h1>Evaluation of generation {escape(generation)}</h1>
<p>{len(verdicts)} golden questions; shares from 0 to 1. AUROC of the confidence {_number(calibration.auroc)},
Brier score {_number(calibration.brier)}.</p>
{_table(scores)}
{f"<p>{escape(comparison.said())}</p>" if comparison else ""}
<figure>{_reliability(calibration)}</figure><figure>{_risk(calibration)}</figure>
<h2>{len(wrong)} replies that were not right</h2>
{_list(wrong)}
</html>
"""


def _table(scores: dict[str, Scores]) -> str:
    heads = "".join(f"<th>{escape(label)}</th>" for label in LABELS.values())
    rows = []
    for name, row in scores.items():
        cells = "".join(f'<td class="number">{_number(getattr(row, field))}</td>' for field in LABELS)
        rows.append(f'<tr class="{escape(name)}"><td>{escape(name)}</td>{cells}</tr>')
    return f"<table><tr><th></th>{heads}</tr>{''.join(rows)}</table>"


def _list(verdicts: Sequence[Verdict]) -> str:
    rows = [
        f"<tr><td>{escape(v.question.id)}</td>"
        f'<td lang="{escape(v.question.language)}">{escape(v.question.question)}</td>'
        f"<td>{v.question.kind}</td><td>{v.outcome}</td><td>{escape(v.entry or '')}</td>"
        f'<td class="number">{v.confidence:.2f}</td></tr>'
        for v in verdicts
    ]
    heads = "".join(f"<th>{head}</th>" for head in ("", "question", "kind", "outcome", "FAQ entry", "confidence"))
    return f"<table><tr>{heads}</tr>{''.join(rows)}</table>"


def _reliability(calibration: Calibration) -> str:
    figure, axes = _axes("Does confidence mean what it says?", "confidence", "share that was right")
    axes.plot([0, 1], [0, 1], color="#999", linestyle="--", linewidth=1)
    means, shares, counts = (list(column) for column in zip(*calibration.reliability, strict=True))
    axes.plot(means, shares, marker="o", color="#1f6feb")
    for mean, share, count in zip(means, shares, counts, strict=True):
        axes.annotate(str(count), (mean, share), textcoords="offset points", xytext=(4, -12), fontsize=8, color="#555")
    return _svg(figure)


def _risk(calibration: Calibration) -> str:
    figure, axes = _axes("If the desk answered the surest questions only", "share answered", "share of these wrong")
    coverage, risk = (list(column) for column in zip(*calibration.risk, strict=True))
    axes.plot(coverage, risk, color="#d1242f")
    return _svg(figure)


def _axes(title: str, x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1))
    axes.grid(alpha=0.2)
    return figure, axes


def _svg(figure: Figure) -> str:
    target = StringIO()
    figure.savefig(target, format="svg")
    return target.getvalue().partition("<svg")[1] + target.getvalue().partition("<svg")[2]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
