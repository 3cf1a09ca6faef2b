"""`index …`: the generations, as a person builds, looks at and switches them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.console.common import AsJson, counted, settings_in_force
from corpus.models import FAQ_DOCUMENT

if TYPE_CHECKING:
    from corpus.lapses import Lapse
    from index.changes import Change
    from index.generation import Manifest
    from index.store import Store

_NAMED = 10
"""How many FAQ entries a warning names."""

app = typer.Typer(help="Build the index, look after its generations.", no_args_is_help=True, rich_markup_mode=None)


@app.command("build")
def build(
    force: Annotated[bool, typer.Option(help="Build even if nothing has changed, or if it answers worse.")] = False,
) -> None:
    """Build a generation from the corpus and make it current."""
    from assistant.desk import build_index, open_encoder
    from assistant.terminal import progress
    from index.changes import since_previous

    settings = settings_in_force()
    store = _store()
    before = store.ids()
    with progress() as report:
        built = build_index(settings, open_encoder(settings), force=force, progress=report)
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in built.counts.items())
    print(f"{'unchanged' if built.id in before else 'built'}: generation {built.id} ({counts})")
    if built.id not in before:
        changes = since_previous(store, built, warn=lambda told: print(f"warning: {told}", file=sys.stderr))
        _show_changes(changes)
        if not changes:
            print("  every passage is as it was")
        _show_trial(built)
    for warning in built.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    show_lapses(built.lapses)


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Tell which generation is current and what it holds."""
    from assistant.desk import corpus_in_force, news_of_corpus
    from corpus.errors import DeskError
    from corpus.lapses import standing
    from corpus.validity import in_force, today
    from index.generation import read_faq, read_passages, verify
    from index.store import NoIndexError

    store = _store()
    current = store.current()
    if current is None:
        raise NoIndexError
    found = verify(store.folder(current))  # what is told of a damaged one might be untrue
    if as_json:
        print(found.model_dump_json(exclude={"files"}))
        return
    print(f"generation {found.id}, built {found.created} by {found.by}, encoder {found.encoder}")
    _show_trial(found)
    known = [indexed.document for indexed in found.documents]
    valid = {document.id for document in in_force(known, today())}
    for indexed in found.documents:
        document = indexed.document
        note = "" if document.id in valid else "  not in force today"
        print(f"  {document.id:16} {document.authority:9} {document.language:4} {indexed.passages:4} "
              f"{'entries' if document.kind == 'faq' else 'passages'}{note}")  # fmt: skip
    passages = [passage for passage in read_passages(store.folder(current)) if passage.document in valid]
    _, today_s = standing(read_faq(store.folder(current)), passages, {document.id for document in known} - valid)
    lapses = {lapse.entry: lapse for lapse in (*found.lapses, *today_s)}
    try:
        corpus = corpus_in_force(settings_in_force())
        news = news_of_corpus(corpus, store)
        lapses |= {lapse.entry: lapse for lapse in corpus.lapses}  # they rest once it is built
    except DeskError as error:  # no hindrance to looking at the index
        news = f"whether the corpus has changed since is not known: {error}"
    show_lapses(tuple(lapses.values()), every=True)
    if news:
        print(news)


@app.command("verify")
def verify(generation: Annotated[str | None, typer.Argument(help="The current one if left out.")] = None) -> None:
    """Check every file of a generation, and what it keeps in PostgreSQL, against its digest."""
    from index.generation import verify
    from index.store import NoIndexError

    store = _store()
    wanted = generation or store.current()
    if wanted is None:
        raise NoIndexError
    found = verify(store.folder(store.known(wanted)), store.vectors)
    print(f"generation {found.id}: {len(found.files)} files as they were built")


@app.command("list")
def list_() -> None:
    """List the generations, the current one marked."""
    from index.generation import DamagedGenerationError, read_manifest
    from index.store import DamagedPointerError

    store = _store()
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


@app.command("prune")
def prune(keep: Annotated[int, typer.Option(min=1, help="How many of the newest to keep.")] = 5) -> None:
    """Delete old generations; the current one always stays, and damaged ones count as none."""
    from index.generation import is_sound

    store = _store()
    with store.lock():
        gone = store.prune(keep, is_sound)
    print(f"deleted {len(gone)}: {', '.join(gone)}" if gone else "nothing to delete")


@app.command("rollback")
def rollback(generation: Annotated[str | None, typer.Argument(help="The previous one if left out.")] = None) -> None:
    """Make the previous, or the named, generation current until the next build."""
    from assistant.desk import roll_back

    wanted, _ = roll_back(settings_in_force(), generation)
    print(f"current: generation {wanted}, until the next `index build`")
    _show_what_comes_back(_store(), wanted)


def _show_trial(manifest: Manifest) -> None:
    if trial := manifest.trial:
        forced = ", made current with --force" if trial.forced else ""
        print(f"  golden questions: {trial.right_before} -> {trial.right} of {trial.questions} right{forced}")


def show_lapses(lapses: Sequence[Lapse], *, every: bool = False) -> None:
    """Tell curators which FAQ entries rest, and what to do about it."""
    if lapses:
        names = ", ".join(f"{lapse.number} {lapse.entry}" for lapse in lapses[: None if every else _NAMED])
        if len(lapses) > _NAMED and not every:
            names += f" and {len(lapses) - _NAMED} more (`index status` names all after a build)"
        print(f"warning: {counted(len(lapses), 'FAQ entry')} resting, for text that they quote is gone: {names}\n"
              "  mend their quotations and answers in the FAQ's files, and build again", file=sys.stderr)  # fmt: skip


def _show_what_comes_back(store: Store, generation: str) -> None:
    """What the corpus has that a generation lacks; a corpus that cannot be read is no hindrance to going back."""
    from assistant.desk import corpus_in_force
    from corpus.errors import DeskError
    from index.changes import Contents, compare, lacking, lacking_documents

    settings = settings_in_force()
    older = Contents.of_generation(store.folder(generation))
    try:
        newer = Contents.of_corpus(corpus_in_force(settings))
    except DeskError as error:
        print(f"warning: what the next build would bring back is not known: {error}", file=sys.stderr)
        return
    changes = compare(older, newer)
    print("the next build would bring back:" if changes else "the next build would change nothing")
    _show_changes(changes)
    if entries := lacking(newer, older):
        names = ", ".join(f"{entry.number} {entry.id}" for entry in entries)
        print(f"FAQ entries that this generation lacks: {names}")
    again = [*(f"FAQ {entry.number}" for entry in lacking(older, newer)), *lacking_documents(older, newer)]
    if again:
        print(f"taken out since, and answered with again: {', '.join(again)}")


def _show_changes(changes: Sequence[Change]) -> None:
    width = max((len(change.document) for change in changes), default=0)
    for change in changes:
        counts = {"added": change.added, "changed": change.changed, "removed": change.removed}
        noun = "entries" if change.document == FAQ_DOCUMENT else "passages"
        said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        print(f"  {change.document:{width}}  {noun}: {said}")


def _store() -> Store:
    from assistant.desk import open_store

    return open_store(settings_in_force())
