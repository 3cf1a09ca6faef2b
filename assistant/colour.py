"""Replies and progress in colour, with rich, for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from assistant.messages import translation
from assistant.models import Outcome, Reply
from assistant.wording import citation_line, contact_line, index_line
from corpus.models import Kind

_STYLES = {
    Outcome.ANSWERED: "bold green",
    Outcome.POSSIBLE: "bold yellow",
    Outcome.NOT_STATED: "bold cyan",
    Outcome.NOT_FOUND: "bold",
    Outcome.HELP: "",
}


def print_reply(reply: Reply, console: Console | None = None) -> None:
    """Print a reply with its quotations set off."""
    console = console or Console(highlight=False)
    console.print(Text(reply.text, style=_STYLES[reply.outcome]))
    for citation in reply.citations:
        if citation.kind is not Kind.FAQ:
            quote = Text("▏", style="blue") + Text(citation.quote)
            console.print(Padding(quote, (1, 0, 0, 2)))
        line = f"[{citation.number}] {citation_line(citation, reply.language)}"
        console.print(Padding(Text(line, style="dim"), (0, 0, 0, 2)))
    if contact := contact_line(reply):
        console.print(Padding(Text(contact), (1, 0, 0, 0)))
    console.print(Text(index_line(reply), style="dim"))
    if reply.examples:
        _ = translation(reply.language).gettext
        console.print(Text(_("You could ask:")))
        for example in reply.examples:
            console.print(Text(f"  · {example}", style="italic"))


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr that appears once there is something to do, and goes when it is done."""
    columns = (TextColumn("building the index"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, visible=False)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=total > 0)

        yield report
