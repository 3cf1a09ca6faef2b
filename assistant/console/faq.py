"""`faq …`: the entries that staff approved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.console.common import counted, settings_in_force

app = typer.Typer(help="The FAQ entries that staff approved.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def group() -> None:
    """The FAQ entries that staff approved."""


@app.command("export")
def export(
    to: Annotated[Path | None, typer.Option(help="The folder; beside the FAQ's own files if left out.")] = None,
) -> None:
    """Write staff-approved entries as files for version control; builds read them there too."""
    from assistant.staff_faq import approved_in
    from corpus.approved import write_approved
    from corpus.catalogue import APPROVED, load_catalogue
    from corpus.errors import CorpusError
    from corpus.models import Kind

    settings = settings_in_force()
    faq = next((d for d in load_catalogue(settings.desk_corpus_dir) if d.kind is Kind.FAQ), None)
    if to is None and faq is None:
        raise CorpusError("the catalogue has no FAQ whose folder could take the files; name one with --to")
    folder = to or settings.desk_corpus_dir / (faq.file if faq else "") / APPROVED
    approved = approved_in(settings.database_url, settings.desk_timezone)
    for path in write_approved(folder, approved):
        print(path)
    retired = f", {len(approved.retired)} retired left out" if approved.retired else ""
    print(f"{counted(len(approved.entries), 'entry')} that staff approved{retired}")
