"""The commands, as a person types them. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import gc
import json
import os
import stat
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.console import documents, faq, generations
from assistant.console.backup import backup, restore
from assistant.console.common import AsJson, settings_in_force
from assistant.console.evaluation import evaluate
from assistant.console.people import export, forget
from assistant.console.report import report
from assistant.masking import mask
from corpus.errors import DeskError

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.models import Reply
    from assistant.settings import Settings

app = typer.Typer(
    add_completion=False,
    help="The assistant for enquiries about the Asian Circular Cities Declaration. Without a command: the Slack bot.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(generations.app, name="index")
app.add_typer(documents.app, name="corpus")
app.add_typer(faq.app, name="faq")
app.command()(evaluate)
app.command()(report)
app.command()(backup)
app.command()(restore)
app.command()(forget)
app.command()(export)

_GARBAGE = 50_000
"""Loading makes much and drops little: looking for garbage as often as Python does would take a tenth of a start."""


def main() -> int:
    """Run the command line; returns the exit status."""
    gc.set_threshold(_GARBAGE)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a locale that lacks a character costs no more than that character
            stream.reconfigure(errors="replace")
    try:
        status = app(standalone_mode=False)
    except DeskError as error:
        print(mask(f"error: {error}"), file=sys.stderr)
        return error.exit_status
    except (KeyboardInterrupt, typer.Abort):
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"error: {_said(error)}", file=sys.stderr)
        return 1
    except Exception as error:
        if type(error).__module__ == "sqlalchemy.exc":  # not imported for this: a command of one question needs none
            print(mask(f"error: the record's database: {getattr(error, 'orig', error)}; see `doctor`"), file=sys.stderr)
            return 1
        if not hasattr(error, "format_message"):  # click's usage errors know how to say themselves
            raise
        if type(error).__name__ == "NoArgsIsHelpError":  # a group of commands was named, and none of it
            print(error.format_message(), file=sys.stderr)
            return 2
        print(f"error: {error.format_message().rstrip('.')}; see --help", file=sys.stderr)
        return 2
    return status if isinstance(status, int) else 0


def _said(error: OSError) -> str:
    """What the system says, about which file, without its number."""
    return ": ".join(str(part) for part in (error.filename, error.strerror) if part) or str(error)


@app.callback(invoke_without_command=True)
def default(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
    http: Annotated[
        int | None,
        typer.Option(
            metavar="PORT", min=1, max=65535,
            help="Take what Slack posts on this port, instead of a connection to Slack (Socket Mode).",
        ),
    ] = None,
) -> None:  # fmt: skip
    if version:
        from importlib import metadata

        print(metadata.version("declaration-desk"))
        raise typer.Exit
    if context.invoked_subcommand is None:
        _start_bot(settings_in_force(), http)
    elif http is not None:
        raise typer.BadParameter("--http goes with no command: it starts the bot")


@app.command()
def run() -> None:
    """Start the bot where tokens are set, else a conversation; answer questions that are piped in."""
    settings = settings_in_force()
    if _is_piped() or (missing := settings.missing_secrets()):
        if not _is_piped() and settings.has_tokens:
            print(f"warning: {' and '.join(missing)} not set: no bot, but a conversation here", file=sys.stderr)
        _converse(settings)
    else:
        _start_bot(settings)


@app.command()
def chat() -> None:
    """Ask in the terminal; follow-ups are understood. Piped questions are answered one by one."""
    _converse(settings_in_force())


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="Without it: a question a line from stdin.")] = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question, or one a line from stdin."""
    from assistant.models import Enquiry
    from assistant.terminal import read_batch, show

    settings = settings_in_force()
    if question is not None:
        enquiry = _enquiry({"question": question})
        reply = _open_desk(settings).reply(enquiry)  # the desk itself is not kept: see _note
        print(reply.model_dump_json()) if as_json else show(reply)
        sys.stdout.flush()
        _note(settings, [reply])
        return
    replies: list[Reply] = []
    bad = False
    desk = _open_desk(settings)
    for number, line in enumerate(sys.stdin.buffer if sys.stdin else (), 1):
        answer = read_batch(line)
        if answer is None:
            continue
        if isinstance(answer, Enquiry):
            reply = desk.reply(answer)
            replies.append(reply)
            print(reply.model_dump_json() if as_json else _one_line(reply), flush=True)
        else:
            bad = True
            problem = {"error": answer, "line": number}
            print(json.dumps(problem, ensure_ascii=False) if as_json else f"line {number}: {answer}", flush=True)
    _note(settings, replies)
    if bad:
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """Check settings, tokens, index and database: what is wrong, and how to mend it."""
    from assistant.doctor import examine

    if not examine():
        raise typer.Exit(1)


@app.command()
def manifest() -> None:
    """Print the Slack app manifest as JSON."""
    from assistant.slack.manifest import manifest as slack_manifest

    print(json.dumps(slack_manifest(), ensure_ascii=False, indent=2))


def _open_desk(settings: Settings) -> Desk:
    from assistant.desk import Desk
    from assistant.terminal import progress

    with progress() as report:
        return Desk(settings, progress=report, warn=lambda message: print(f"warning: {message}", file=sys.stderr))


def _enquiry(content: dict[str, Any]) -> Any:
    from assistant.terminal import enquiry_from

    return enquiry_from(content)


def _one_line(reply: Reply) -> str:
    from assistant.wording import one_line_reply

    return one_line_reply(reply)


def _note(settings: Settings, replies: list[Reply]) -> None:
    """Put replies on record; that happens after they are printed, for nobody should wait for it."""
    from assistant.terminal import note

    gc.collect()  # what answered is needed no more, and what writes the record can have its memory
    note(settings.database_url, replies)


def _converse(settings: Settings) -> None:
    from assistant.terminal import converse

    replies, refused = converse(_open_desk(settings))
    _note(settings, replies)
    if refused and not sys.stdin.isatty():
        raise typer.Exit(1)


def _start_bot(settings: Settings, port: int | None = None) -> None:
    from assistant.settings import strangers
    from assistant.slack.app import start

    for strange in strangers():
        print(f"warning: {strange}", file=sys.stderr)
    start(settings, port)


def _is_piped() -> bool:
    """Whether questions come from a pipe or a file, and not from a person or from nowhere."""
    if sys.stdin is None:  # started with its input closed, as a supervisor may do
        return False
    mode = os.fstat(sys.stdin.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)
