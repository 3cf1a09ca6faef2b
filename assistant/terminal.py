"""The desk in a terminal: the conversation, the replies as they look there, the batch's lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from assistant.languages import FALLBACK
from assistant.messages import translation
from assistant.models import Enquiry, QuestionError, Reply
from assistant.wording import plain_reply
from corpus.clean import strip_invisible
from corpus.errors import DeskError
from corpus.progress import Progress, Stage

if TYPE_CHECKING:
    from assistant.desk import Desk

_HISTORY = 5
_PROMPT = "? "
_FIRST, _EVERY = 3.0, 15.0  # seconds between what a log is told of a build
_MOST_LOST = 0.25
_LEAVING = {"exit", "quit", "/exit", "/quit", "q", ":q", "bye", "終了", "さようなら"}


def show(reply: Reply) -> None:
    """Print a reply: in colour to a person, as plain text to a pipe."""
    if sys.stdout.isatty():
        from assistant.colour import print_reply

        print_reply(reply)
    else:
        print(plain_reply(reply))


def converse(desk: Desk) -> tuple[list[Reply], int]:
    """Answer questions until the input ends or a person leaves; returns the replies, and how many questions had none.

    A person is greeted and asked again; piped questions are each echoed, answered, and that is all.
    Questions from a person are a thread, so that follow-ups are understood; piped ones stand alone.
    """
    replies: list[Reply] = []
    refused = 0
    person = sys.stdin is not None and sys.stdin.isatty()
    for question in _typed(desk) if person else _piped():
        try:
            if isinstance(question, QuestionError):
                raise question
            earlier = tuple(reply.question for reply in replies)[-_HISTORY:] if person else ()
            enquiry = enquiry_from({"question": question, "history": earlier})
        except QuestionError as error:
            print(f"error: {error}", file=sys.stderr)
            refused += 1
            continue
        reply = desk.reply(enquiry)
        replies.append(reply)
        show(reply)
        print()
    return replies, refused


def _typed(desk: Desk) -> Iterator[str]:
    with suppress(ImportError):
        import readline  # noqa: F401 - gives `input` line editing and a history
    _ = translation(FALLBACK).gettext
    print(desk.help_text(FALLBACK))
    print(desk.help_text("ja"))
    print(_("Ctrl-D ends the conversation."))
    while True:
        try:
            line = input(_PROMPT)
        except EOFError:
            print()
            return
        if line.strip().casefold() in _LEAVING:
            return
        if line.strip():
            yield line


def _piped() -> Iterator[str | QuestionError]:
    for line in sys.stdin.buffer if sys.stdin else ():
        try:
            question = _decoded(line).strip()
        except QuestionError as error:
            yield error
            continue
        if question:
            print(f"{_PROMPT}{strip_invisible(question)[:200]}", flush=True)
            yield question


def read_batch(line: bytes) -> Enquiry | str | None:
    """A line of a batch: an enquiry, or why it is none, or None for a blank line.

    A line that begins with { is a JSON object with `question` and, if it is a follow-up, `history`.
    """
    try:
        text = _decoded(line).strip()
        if not text:
            return None
        return enquiry_from(json.loads(text) if text.startswith("{") else {"question": text})
    except QuestionError as error:
        return str(error)
    except (ValueError, RecursionError) as error:
        return f"broken JSON: {error}"


def enquiry_from(content: dict[str, Any]) -> Enquiry:
    """The enquiry that `content` describes. Raises QuestionError saying what is wrong with it."""
    try:
        return Enquiry.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise QuestionError(strip_invisible(f"{where}: {first['msg']}")) from error


def note(url: str, replies: list[Reply]) -> None:
    """Put replies that were given in the terminal on record; a record that cannot be written costs no reply."""
    from sqlalchemy.exc import SQLAlchemyError

    from assistant.enquiries import open_record

    thread = datetime.now(UTC).isoformat()
    try:
        record = open_record(url)
        for number, reply in enumerate(replies):
            enquiry_id = record.receive(
                channel="terminal", ts=f"{thread}#{number:04d}", thread=thread, user="terminal", question=reply.question
            )
            if enquiry_id:
                record.replied(enquiry_id, reply)
        record.close()
    except (DeskError, SQLAlchemyError) as error:
        print(f"warning: not put on record: {getattr(error, 'orig', error)}", file=sys.stderr)


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on stderr once there is something to do; a few lines where there is no terminal."""
    if sys.stderr.isatty():
        from assistant.colour import progress_bar

        with progress_bar() as report:
            yield report
    else:
        yield _PrintedProgress()


class _PrintedProgress:
    """What a log should hold of long work: of a build its beginning and its end, of all how long it will take."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._next = _FIRST

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        if stage is Stage.READING or not total:
            return
        pieces = "texts" if stage is Stage.ENCODING else "steps"
        if done == 0:
            self._began, self._next = monotonic(), _FIRST
        elif 0 < done < total and (passed := monotonic() - self._began) > self._next:
            self._next = passed + _EVERY
            left = passed / done * (total - done)
            self._print(f"{stage}: {done}/{total} {pieces}, about {left:.0f} seconds left")
        if stage is Stage.ENCODING and done == 0:
            self._print(f"{stage}: 0/{total} {pieces}")
        elif stage is Stage.LEARNING and done == 0:
            self._print(f"building the index: {stage}")
        elif stage is Stage.ENCODING and done == total:
            self._print(f"{stage}: {done}/{total} {pieces}")

    @staticmethod
    def _print(line: str) -> None:
        print(line, file=sys.stderr, flush=True)


def _decoded(line: bytes) -> str:
    """A line of a file or a pipe; a byte that went wrong costs a character. Raises QuestionError where too many did:
    it is written otherwise, as files of Japanese offices may be, and would be taken for a question about nothing."""
    text = line.decode("utf-8", errors="replace").removeprefix("\ufeff")
    if text.count("\ufffd") + text.count("\0") > len(text) * _MOST_LOST:
        raise QuestionError(
            "question: this is not UTF-8; save the file as UTF-8 (if it is Shift_JIS: iconv -f SHIFT_JIS -t UTF-8)"
        )
    return text
