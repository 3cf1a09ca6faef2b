"""`forget` and `export`: what is kept about one person."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.console.common import counted, settings_in_force
from corpus.errors import DeskError

if TYPE_CHECKING:
    from assistant.database import Database

_OUT_OF_REACH = """\
Not in this database, and so not forgotten:
- messages in Slack, those of the bot and the cards in the staff channel too: delete them there
- log files: they hold user IDs, and no questions unless DESK_DEBUG was on; delete those of that time
- backups of the database: forget the person again after one is restored
- files of `faq export` and pages of `report --html`: look for the person, and write them anew
- generations of the index: an approved FAQ entry names who approved it, a generation who built it; `index build` makes
  one without, and `index prune` deletes older ones"""

User = Annotated[str, typer.Argument(metavar="USER", help="A Slack user ID, as U012AB3CD.")]


class UnknownPersonError(DeskError):
    """Nothing is kept about a person."""

    def __init__(self, user: str) -> None:
        super().__init__(f"nothing is kept about {user}: no such person is known, or they were forgotten")


def forget(
    user: User,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether that is meant.")] = False,
) -> None:
    """Delete what is kept about one person, and detach from them what must stay."""
    from assistant import forgetting

    with _kept_about(user) as database:
        for line in _with_staff(database, user):
            print(line)
        if not yes:
            _confirm(user)
        for step in forgetting.forget(database, user):
            print(f"{step.holding.name}: {counted(step.number, step.holding.noun)} {step.what}")
    print(f"{user} is forgotten.\n\n{_OUT_OF_REACH}")


def export(
    user: User,
    out: Annotated[Path | None, typer.Option(help="The file to write; stdout if left out.")] = None,
) -> None:
    """Write all that is kept about one person, as JSON."""
    from assistant import personal_data

    with _kept_about(user) as database:
        found = json.dumps(personal_data.export(database, user), ensure_ascii=False, indent=2)
    if out is None:
        print(found)
    else:
        out.write_text(f"{found}\n", encoding="utf-8")
        print(f"what is kept about {user}: {out}")


@contextmanager
def _kept_about(user: str) -> Iterator[Database]:
    """The database, if it keeps something about a person. Raises NoRecordError, or UnknownPersonError if not."""
    from assistant.database import existing_database
    from assistant.holdings import USER
    from assistant.personal_data import count

    if not USER.fullmatch(user):
        raise typer.BadParameter(f"{user!r} is no Slack user ID; one looks like U012AB3CD")
    database = existing_database(settings_in_force().database_url)
    try:
        if not count(database, user):
            raise UnknownPersonError(user)
        yield database
    finally:
        database.close()


def _with_staff(database: Database, user: str) -> Iterator[str]:
    """What staff were shown of a person's enquiries, and what of it waits for them still."""
    from assistant.forgetting import cards
    from assistant.handover import WITH_STAFF

    for handover, enquiry in cards(database, user):
        holder = f" by {handover.holder}" if handover.holder else ""
        waits = (
            "it waits for staff, who will find it gone" if handover.state in WITH_STAFF else "staff are done with it"
        )
        place = f"{handover.card_channel} ({handover.card_ts})"
        card = f"; its card in {place} stays until somebody deletes it" if handover.card_ts else ""
        yield f"enquiry {enquiry.id}, {handover.state}{holder}: {waits}{card}"


def _confirm(user: str) -> None:
    """Ask whether that is meant. Raises BadParameter where nobody can answer, Abort where it is not."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise typer.BadParameter("nobody is here to be asked whether that is meant; say --yes if it is")
    typer.confirm(f"Forget {user}? This cannot be undone.", abort=True)
