"""Discretion: what an exception says is not logged where it may be somebody's words; where it was raised is."""

from __future__ import annotations

import copy
import logging
import traceback
from collections.abc import Iterator
from functools import singledispatch

from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError, StatementError

from corpus.errors import DeskError

WITHHELD = "not told here, for it may hold somebody's words; DESK_DEBUG=1 tells it"


def discreet(record: logging.LogRecord) -> logging.LogRecord:
    """The record without what exceptions say in its message."""
    told_of = copy.copy(record)
    if isinstance(record.args, tuple):
        told_of.args = tuple(told(each) if isinstance(each, BaseException) else each for each in record.args)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and str(error) and not record.args:  # libraries put an exception into their message
        told_of.msg = str(record.msg).replace(str(error), told(error))
    return told_of


def traced(error: BaseException) -> Iterator[str]:
    """Where an exception was raised, after those that it followed on."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from traced(before)
        yield "and then"
    yield "Traceback (most recent call last):"
    yield from "".join(traceback.format_tb(error.__traceback__)).rstrip().split("\n")
    yield told(error)


def told(error: BaseException) -> str:
    """An exception in a line: what kind it is, and what it says where that is known to hold nobody's words."""
    kind = type(error)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    return f"{name}: {said(error)}"


@singledispatch
def said(error: BaseException) -> str:  # noqa: ARG001
    """What an exception says, on one line, as far as it holds nobody's words; other packages register their kinds."""
    return WITHHELD


@said.register
def _(error: DeskError | OSError | SQLAlchemyError) -> str:
    return str(error)


@said.register
def _(error: StatementError | DataError) -> str:  # noqa: ARG001
    """The value is in it; PostgreSQL shows it too."""
    return WITHHELD


@said.register
def _(error: DBAPIError) -> str:
    """Further lines of PostgreSQL's may show the row."""
    return str(error.orig).partition("\n")[0]
