"""`report`: what was asked of the desk in the last days, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.console.common import settings_in_force

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.report import Report

_QUESTIONS = 20
"""Groups of questions that nobody could answer; the page has all."""
_COLUMNS = 120
"""Of a file or a pipe, which have no width."""


def report(
    html: Annotated[Path | None, typer.Option(help="Also write a page with a chart to this file.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days, up to now.")] = 7,
) -> None:
    """Count the enquiries of the last days: outcomes, languages, topics, and what nobody could answer."""
    from assistant.database import NoRecordError, is_to_be_made, now, open_database
    from assistant.desk import Desk, open_store
    from assistant.report import Report
    from assistant.statistics import gather
    from assistant.terminal import progress

    settings = settings_in_force()
    if is_to_be_made(settings.database_url) and open_store(settings).current() is None:
        raise NoRecordError(settings.database_url)  # nobody has ever asked here; no index is built to say so
    with progress() as shown:
        desk = Desk(settings, progress=shown, warn=lambda message: print(f"warning: {message}", file=sys.stderr))
    database, until = open_database(settings.database_url), now()
    found = gather(database, until - timedelta(days=days), until, desk, settings.desk_staff_languages)
    database.close()
    made = Report(found, settings.desk_timezone, settings.desk_staff_languages[0])
    if html:
        html.write_text(made.page(), encoding="utf-8")
    _show(made)


def _show(report: Report) -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else _COLUMNS)
    console.print(report.title, style="bold")
    _print(console, None, ("", ""), report.lines(), numbers=(1,))
    handovers = report.handovers()
    for panel in [*report.panels(), *([handovers] if handovers else [])]:
        _print(console, panel.title, ("", ""), [(bar.name, f"{bar.number:,}") for bar in panel.bars], numbers=(1,))
    if questions := report.unanswered():
        rows = [
            (f"{group.count:,}", group.question, languages, f"{group.replied:,}")
            for group, languages in questions[:_QUESTIONS]
        ]
        _print(console, report.unanswered_title, report.unanswered_heads, rows, numbers=(0, 3))
        if len(questions) > _QUESTIONS:
            console.print(report.more(len(questions) - _QUESTIONS), style="dim")


def _print(
    console: Console, title: str | None, heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int]
) -> None:
    """Print a table, with its heads unless they are empty; `numbers` are the columns that are flush right."""
    from rich.table import Table

    console.print()
    table = Table(
        title=title, title_justify="left", title_style="bold", show_header=any(heads), box=None, pad_edge=False
    )
    for place, head in enumerate(heads):
        table.add_column(head, overflow="fold", justify="right" if place in numbers else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)
