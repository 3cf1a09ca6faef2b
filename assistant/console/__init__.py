"""The commands, as a person types them. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

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
index_app = typer.Typer(
    help="Build the index, look after its generations.", no_args_is_help=True, rich_markup_mode=None
)
corpus_app = typer.Typer(help="Look at the documents.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(index_app, name="index")
app.add_typer(corpus_app, name="corpus")

AsJson = Annotated[bool, typer.Option("--json", help="JSON, and nothing else, on stdout.")]


def main() -> int:
    """Run the command line; returns the exit status."""
    try:
        status = app(standalone_mode=False)
    except DeskError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_status
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except Exception as error:
        if not hasattr(error, "format_message"):  # click's usage errors know how to say themselves
            raise
        print(f"error: {error.format_message()}; see --help", file=sys.stderr)
        return 2
    return status if isinstance(status, int) else 0


@app.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        _start_bot(_settings())


@app.command()
def run() -> None:
    """Start the bot where tokens are set, else a conversation; answer questions that are piped in."""
    settings = _settings()
    if _is_piped() or settings.missing_tokens():
        _converse(settings)
    else:
        _start_bot(settings)


@app.command()
def chat() -> None:
    """Ask in the terminal; follow-ups are understood. Piped questions are answered one by one."""
    _converse(_settings())


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="Without it: a question a line from stdin.")] = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question, or one a line from stdin."""
    from assistant.models import Enquiry
    from assistant.terminal import read_batch, show

    settings = _settings()
    if question is not None:
        enquiry = _enquiry({"question": question})
        with _open_desk(settings) as desk:
            reply = desk.reply(enquiry)
            print(reply.model_dump_json()) if as_json else show(reply)
            sys.stdout.flush()
            _note(settings, [reply])
        return
    replies: list[Reply] = []
    bad = False
    with _open_desk(settings) as desk:
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


@index_app.command("build")
def index_build(force: Annotated[bool, typer.Option(help="Build even if nothing has changed.")] = False) -> None:
    """Build a generation from the corpus and make it current."""
    from assistant.desk import build_index, open_store
    from assistant.terminal import progress
    from index.encoder import load_encoder

    settings = _settings()
    before = open_store(settings).ids()
    with progress() as report:
        built = build_index(settings, load_encoder(settings.desk_encoder), force=force, progress=report)
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in built.counts.items())
    print(f"{'unchanged' if built.id in before else 'built'}: generation {built.id} ({counts})")


@index_app.command("status")
def index_status(as_json: AsJson = False) -> None:
    """Tell which generation is current and what it holds."""
    from assistant.desk import open_store
    from index.generation import read_manifest
    from index.store import NoIndexError

    store = open_store(_settings())
    current = store.current()
    if current is None:
        raise NoIndexError
    found = read_manifest(store.folder(current))
    if as_json:
        print(found.model_dump_json(exclude={"files"}))
        return
    print(f"generation {found.id}, built {found.created} by {found.by}, encoder {found.encoder}")
    for indexed in found.documents:
        document = indexed.document
        print(f"  {document.id:16} {document.authority:9} {document.language:4} {indexed.passages:4} "
              f"{'entries' if document.kind == 'faq' else 'passages'}")  # fmt: skip


@index_app.command("verify")
def index_verify(generation: Annotated[str | None, typer.Argument(help="The current one if left out.")] = None) -> None:
    """Check every file of a generation against its digest."""
    from assistant.desk import open_store
    from index.generation import verify
    from index.store import NoIndexError

    store = open_store(_settings())
    wanted = generation or store.current()
    if wanted is None:
        raise NoIndexError
    found = verify(store.folder(store.known(wanted)))
    print(f"generation {found.id}: {len(found.files)} files as they were built")


@index_app.command("list")
def index_list() -> None:
    """List the generations, the current one marked."""
    from assistant.desk import open_store
    from index.generation import DamagedGenerationError, read_manifest
    from index.store import DamagedPointerError

    store = open_store(_settings())
    try:
        current = store.current()
    except DamagedPointerError as error:  # the list is what somebody needs then
        current = None
        print(f"warning: {error}", file=sys.stderr)
    for name in store.ids():
        mark = "*" if name == current else " "
        try:
            found = read_manifest(store.folder(name))
            print(f"{mark} {name}  {found.created}  {found.counts['passages']} passages  {found.encoder}")
        except DamagedGenerationError as error:
            print(f"{mark} {name}  damaged: {error}")


@index_app.command("prune")
def index_prune(keep: Annotated[int, typer.Option(min=1, help="How many of the newest to keep.")] = 5) -> None:
    """Delete old generations; the current one always stays."""
    from assistant.desk import open_store

    store = open_store(_settings())
    with store.lock():
        gone = store.prune(keep)
    print(f"deleted {len(gone)}: {', '.join(gone)}" if gone else "nothing to delete")


@index_app.command("rollback")
def index_rollback(
    generation: Annotated[str | None, typer.Argument(help="The previous one if left out.")] = None,
) -> None:
    """Make the previous, or the named, generation current until the next build."""
    from assistant.desk import open_store
    from index.generation import verify
    from index.store import UnknownGenerationError

    store = open_store(_settings())
    with store.lock():
        wanted = generation or store.previous()
        if wanted is None:
            raise UnknownGenerationError("there is no generation before the current one")
        verify(store.folder(store.known(wanted)))
        store.activate(wanted)
    print(f"current: generation {wanted}; the next `index build` brings the corpus folder's state back")


@corpus_app.command("list")
def corpus_list() -> None:
    """List the documents of the catalogue."""
    from corpus.catalogue import load_catalogue

    for document in load_catalogue(_settings().desk_corpus_dir):
        print(f"{document.id:16} {document.kind:14} {document.authority:9} {document.language:4} {document.title}")


@corpus_app.command("show")
def corpus_show(document: str) -> None:
    """Print a document's text exactly as it may be quoted."""
    from corpus.catalogue import read_corpus

    print(read_corpus(_settings().desk_corpus_dir).text(document))


@corpus_app.command("check")
def corpus_check(file: Path) -> None:
    """Read a file as an ingest would: print its text, or say why it is refused."""
    from corpus.models import Authority, Document, Kind
    from corpus.readers import read_content
    from corpus.split import split

    document = Document(
        id="check", file=file.name, kind=Kind.OTHER, authority=Authority.DIGEST, title=file.name, language="ja"
    )
    content = read_content(file, document)
    for warning in content.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    print(split(document, list(content.blocks), "").text)


def _settings() -> Settings:
    from assistant.settings import load_settings

    return load_settings()


@contextmanager
def _open_desk(settings: Settings) -> Iterator[Desk]:
    from assistant.desk import Desk
    from assistant.terminal import progress

    with progress() as report:
        desk = Desk(settings, progress=report, warn=lambda message: print(f"warning: {message}", file=sys.stderr))
    yield desk


def _enquiry(content: dict[str, Any]) -> Any:
    from assistant.terminal import enquiry_from

    return enquiry_from(content)


def _one_line(reply: Reply) -> str:
    from assistant.wording import one_line_reply

    return one_line_reply(reply)


def _note(settings: Settings, replies: list[Reply]) -> None:
    """Put replies on record; that happens after they are printed, for nobody should wait for it."""
    from assistant.terminal import note

    note(settings.database_url, replies)


def _converse(settings: Settings) -> None:
    from assistant.terminal import converse

    with _open_desk(settings) as desk:
        replies = converse(desk)
    _note(settings, replies)


def _start_bot(settings: Settings) -> None:
    from assistant.slack.app import start

    start(settings)


def _is_piped() -> bool:
    """Whether questions come from a pipe or a file, and not from a person or from nowhere."""
    if sys.stdin is None:  # started with its input closed, as a supervisor may do
        return False
    mode = os.fstat(sys.stdin.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)
