"""Discretion: what an exception says is not logged where it may be somebody's words; where it was raised is."""

from __future__ import annotations

import copy
import logging
import re
import traceback
from collections.abc import Iterator

from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError, StatementError

from corpus.errors import DeskError

_CODE = re.compile(r"\w+")
_WITHHELD = "not told here, for it may hold somebody's words; DESK_DEBUG=1 tells it"


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
    return f"{name}: {_said(error)}"


def _said(error: BaseException) -> str:
    match error:
        case SlackApiError(response=response):  # the rest of it is whatever was answered
            code = str(response.get("error"))
            needed = f", needs {response.get('needed')}" if response.get("needed") else ""
            return f"{code}{needed}" if _CODE.fullmatch(code) else _WITHHELD
        case DataError():  # PostgreSQL shows the value
            return _WITHHELD
        case DBAPIError(orig=orig):  # further lines of PostgreSQL's may show the row
            return str(orig).partition("\n")[0]
        case StatementError():
            return _WITHHELD
        case SQLAlchemyError() | SlackClientError() | DeskError() | OSError():
            return str(error)
    return _WITHHELD
