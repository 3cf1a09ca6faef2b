"""`backup` and `restore`: what cannot be made again, in one archive."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.console.common import counted, settings_in_force


def backup(
    file: Annotated[Path, typer.Argument(help="The archive to write (.tar.gz).")],
    with_index: Annotated[
        bool, typer.Option("--with-index", help="The generations too, which a build would make anew.")
    ] = False,
) -> None:
    """Write the record and the documents into one archive; the bot may go on meanwhile."""
    from assistant.backup import DOCUMENTS, backup, dump_command

    settings = settings_in_force()
    archived = backup(settings, file, with_index=with_index)
    record = f"the record (schema {archived.schema_revision}) and " if archived.schema_revision else ""
    documents = sum(name.startswith(f"{DOCUMENTS}/") for name in archived.files)
    index = " and the index" if with_index else ""
    print(f"{file}: {record}{counted(documents, 'file')} of documents{index}, {file.stat().st_size / 2**20:,.1f} MB")
    if command := dump_command(settings):
        print(
            f"not in it: the record, which is in a server. Before this, back it up with\n  {command}", file=sys.stderr
        )


def restore(
    file: Annotated[Path, typer.Argument(help="An archive that `backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Put it in the place of what is there.")] = False,
) -> None:
    """Put an archive's record and documents in their place; stop the bot first."""
    from assistant.backup import INDEX, restore, undump_command
    from assistant.desk import open_store

    settings = settings_in_force()
    archived = restore(settings, file, force=force)
    print(f"restored: {counted(len(archived.files), 'file')} of {archived.created}, version {archived.version}")
    if command := undump_command(settings):
        print(f"not in it: the record, which is in a server. Bring it back with\n  {command}", file=sys.stderr)
    if not archived.holds(INDEX) and open_store(settings).ids():
        print("the index is of what was there before: run `index build` before you start the bot", file=sys.stderr)
