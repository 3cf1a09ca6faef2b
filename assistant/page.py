"""HTML pages that need nothing from elsewhere: their shell, their tables, their plots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; margin: 1rem 0 } th, td { padding: .25rem .6rem; border-bottom: 1px solid #ddd }
th { text-align: left; vertical-align: bottom } .number { text-align: right; font-variant-numeric: tabular-nums }
figure { display: inline-block; margin: 0 1rem 1rem 0 } figure svg { max-width: 100%; height: auto }
tr.all { font-weight: 600 }
"""


def page(title: str, language: str, body: str) -> str:
    """A page in `language` (BCP 47) with a heading and a body that is HTML already."""
    return f"""<!doctype html>
<html lang="{escape(language)}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>
<style>{_STYLE}</style>
<h1>{escape(title)}</h1>
{body}
</html>
"""


def heading(text: str) -> str:
    """What a part of the page begins with."""
    return f"<h2>{escape(text)}</h2>"


def table(heads: Sequence[str], rows: Iterable[str]) -> str:
    """A table of rows that are HTML already (see `row`), with a head unless it needs none."""
    head = row(f"<th>{escape(each)}</th>" for each in heads) if heads else ""
    return f"<table>{head}{''.join(rows)}</table>"


def row(cells: Iterable[str], kind: str = "") -> str:
    """A row of cells that are HTML already (see `cell` and `number`)."""
    return f'<tr class="{escape(kind)}">{"".join(cells)}</tr>' if kind else f"<tr>{''.join(cells)}</tr>"


def cell(text: str, language: str = "") -> str:
    """A cell of text, which may be in another language than the page."""
    return f'<td lang="{escape(language)}">{escape(text)}</td>' if language else f"<td>{escape(text)}</td>"


def number(text: str) -> str:
    """A cell with a number."""
    return f'<td class="number">{escape(text)}</td>'


def svg(figure: Figure) -> str:
    """A plot to stand in a page; its letters are drawn, so that no font is needed to read it."""
    target = StringIO()
    figure.savefig(target, format="svg")
    return target.getvalue().partition("<svg")[1] + target.getvalue().partition("<svg")[2]
