"""Replies and progress in colour, with rich, for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text
from uniseg.wrap import tt_wrap

from assistant.messages import translation
from assistant.models import Outcome, Reply
from assistant.wording import citation_line, contact_line, index_line
from corpus.progress import Stage

_STYLES = {
    Outcome.ANSWERED: "bold green",
    Outcome.POSSIBLE: "bold yellow",
    Outcome.NOT_STATED: "bold cyan",
    Outcome.NOT_FOUND: "bold",
    Outcome.HELP: "",
}
_WIDEST = 100


def print_reply(reply: Reply, console: Console | None = None) -> None:
    """Print a reply with its quotations set off."""
    console = console or Console(highlight=False)
    _print(console, reply.text, _STYLES[reply.outcome])
    for citation in reply.citations:
        if not reply.tells(citation):
            console.print()
            _print(console, citation.quote, margin="  ▏")
        _print(console, f"[{citation.number}] {citation_line(citation, reply.language)}", "dim", margin="   ")
    console.print()
    if contact := contact_line(reply):
        _print(console, contact)
    _print(console, index_line(reply), "dim")
    if reply.examples:
        _ = translation(reply.language).gettext
        _print(console, _("You could ask:"))
        for example in reply.examples:
            _print(console, f"· {example}", "italic", margin="  ")


def _print(console: Console, text: str, style: str = "", margin: str = "") -> None:
    """Print text broken where its script allows (rich breaks at spaces, which many scripts have none of)."""
    width = min(console.width, _WIDEST) - len(margin) - 1
    for paragraph in text.split("\n"):
        for line in tt_wrap(paragraph, max(width, 1)):
            console.print(Text.assemble((margin, "blue"), (line.rstrip(), style)), no_wrap=True, crop=False)


@contextmanager
def progress_bar() -> Iterator[Callable[[Stage, int, int], None]]:
    """A bar on stderr that appears once there is something to do, and goes when it is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {stage: bar.add_task(stage, total=None, visible=False) for stage in Stage}

        def report(stage: Stage, done: int, total: int) -> None:
            bar.update(tasks[stage], completed=done, total=total, visible=done < total)

        yield report
