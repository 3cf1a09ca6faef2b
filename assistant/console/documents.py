"""`corpus …`: the documents, as a curator looks at them, adds them and takes them out."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from assistant.console.common import counted, settings_in_force
from assistant.console.generations import show_lapses
from corpus.models import Authority, Document, Kind

app = typer.Typer(help="The documents: look, check, add, retire.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also those that are not quoted any more.")] = False,
) -> None:
    """List the documents of the catalogue."""
    from corpus.catalogue import load_catalogue
    from corpus.validity import ending, today

    catalogue = load_catalogue(settings_in_force().desk_corpus_dir)
    known = {document.id: document for document in catalogue}
    for document in catalogue:
        over = ending(document, known, today())
        if over is None or every:
            notes = [over] if over else _dates(document, known)
            print(f"{document.id:16} {document.kind:14} {document.authority:9} {document.language:4} {document.title}"
                  f"{''.join(f'  [{note}]' for note in notes)}")  # fmt: skip


@app.command("show")
def show(document: str) -> None:
    """Print a document's text exactly as it may be quoted."""
    from assistant.desk import corpus_in_force
    from corpus.catalogue import load_catalogue
    from corpus.errors import CorpusError
    from corpus.validity import ending, today

    settings = settings_in_force()
    known = {entry.id: entry for entry in load_catalogue(settings.desk_corpus_dir)}
    if document in known and (reason := ending(known[document], known, today())):
        raise CorpusError(f"{document!r} may not be quoted any more: {reason}")
    print(corpus_in_force(settings).text(document))


@app.command("check")
def check(file: Path) -> None:
    """Read a file as an ingest would: print its text, or say why it is refused."""
    from corpus.errors import one_line
    from corpus.readers import read_content
    from corpus.split import split

    name = one_line(file.name).strip() or str(file)
    document = Document(id="check", file=name, kind=Kind.OTHER, authority=Authority.DIGEST, title=name, language="ja")
    content = read_content(file, document)
    for warning in content.warnings:
        print(f"warning: {one_line(warning)}", file=sys.stderr)
    print(split(document, list(content.blocks), "").text)


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="A PDF, Word, HTML, Markdown or text file.")],
    kind: Annotated[Kind, typer.Option(help="What it is.")],
    title: Annotated[str, typer.Option(help="Its title, as citations name it.")],
    language: Annotated[str, typer.Option(help="Its language as a BCP 47 tag: ja, en, zh-Hans …")],
    id_: Annotated[str | None, typer.Option("--id", help="An id that exists is replaced.")] = None,
    authority: Annotated[Authority, typer.Option(help="Whose words they are.")] = Authority.OFFICIAL,
    issuer: Annotated[str | None, typer.Option(help="Who issued it, in its language.")] = None,
    published: Annotated[str | None, typer.Option(help="When: 2025, 2025-11 or 2025-11-26.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it is published.")] = None,
    valid_from: Annotated[str | None, typer.Option(help="The day from which it is quoted: 2026-04-01.")] = None,
    supersedes: Annotated[list[str] | None, typer.Option(help="A document whose place it takes; repeatable.")] = None,
) -> None:
    """Copy a file into the corpus and write its catalogue entry; `index build` then indexes it."""
    from corpus.curation import add as add_document
    from corpus.split import split

    settings = settings_in_force()
    added = add_document(
        settings.desk_corpus_dir,
        file,
        id=id_,
        supersedes=supersedes or (),
        kind=kind,
        title=title,
        language=language,
        authority=authority,
        issuer={language: issuer} if issuer else None,
        published=published,
        url=url,
        valid_from=_day(valid_from),
    )
    document = added.document
    passages = split(document, list(added.content.blocks), "").passages
    print(f"{'replaced' if added.replaced else 'added'}: {document.id}, {counted(len(passages), 'passage')} "
          f"from {document.file} ({document.kind}, {document.authority}, {document.language})")  # fmt: skip
    if added.replaced and added.replaced.file != document.file:
        print(f"  {added.replaced.file} stays in the folder and is not read any more")
    for field, before, after in added.changed():
        print(f"  {field}: {before or 'not said'} → {after or 'not said'}")
    for other in added.supersedes:
        print(f"  {other} is superseded {f'from {document.valid_from} on' if document.valid_from else 'at once'}")
    for warning in added.content.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    _say_what_follows(document.valid_from)


@app.command("retire")
def retire(document: str) -> None:
    """Take a document out: it is not quoted any more once `index build` has run."""
    from corpus.curation import retire as retire_document

    retired = retire_document(settings_in_force().desk_corpus_dir, document)
    print(f"retired: {retired.id}; {retired.file} and its catalogue entry stay")
    _say_what_follows()


def _day(said: str | None) -> date | None:
    from corpus.errors import CorpusError

    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise CorpusError(f"valid_from: must be a day, as in 2026-04-01, got {said!r}") from error


def _say_what_follows(begins: date | None = None) -> None:
    """What a build will make of the corpus as it stands now, and what changes on the day a document begins."""
    from corpus.catalogue import read_corpus
    from corpus.errors import CorpusError
    from corpus.validity import today

    settings = settings_in_force()
    try:
        lapses = read_corpus(settings.desk_corpus_dir, cache=settings.readings).lapses
        show_lapses(lapses)
        if begins and begins > today():
            then = read_corpus(settings.desk_corpus_dir, day=begins).lapses
            if len(then) > len(lapses):
                more = counted(len(then) - len(lapses), "FAQ entry")
                print(f"warning: from {begins} on, {more} more will rest, for text that they quote ends then",
                      file=sys.stderr)  # fmt: skip
    except CorpusError as error:
        print(f"warning: the next build will refuse the corpus: {error}", file=sys.stderr)
    print("next: `python run_bot.py index build`; until then the desk answers as before")


def _dates(document: Document, known: dict[str, Document]) -> list[str]:
    """When it begins, and what will end it."""
    from corpus.validity import today

    notes = [f"from {document.valid_from}"] if document.valid_from and document.valid_from > today() else []
    successor = known.get(document.superseded_by or "")
    if successor and not successor.retired:
        notes.append(f"until {successor.id} begins on {successor.valid_from}")
    return notes
