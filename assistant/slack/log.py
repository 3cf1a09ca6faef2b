"""The log: what the bot does, on stderr, without anybody's words unless debugging is switched on."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator

from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError, StatementError

from corpus.errors import DeskError

_log = logging.getLogger(__name__)
_OURS = ("assistant", "corpus", "index")
_CHATTY = {
    "alembic": logging.WARNING,
    "slack_bolt": logging.ERROR,
    "slack_sdk": logging.WARNING,
    "slack_sdk.web": logging.CRITICAL,
}
"""Bolt warns of the token in the environment; the client shows what it could not read, and raises it too. At DEBUG,
libraries show tokens, and the database every row."""
_CODE = re.compile(r"\w+")
_WITHHELD = "not told here, for it may hold somebody's words; DESK_DEBUG=1 tells it"


def log_to_stderr(*, debug: bool) -> None:
    """Log from now on; with `debug` the desk's own details too, which are what people asked and were told."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for library, level in _CHATTY.items():
        logging.getLogger(library).setLevel(level)
    if debug:
        for package in _OURS:
            logging.getLogger(package).setLevel(logging.DEBUG)
    else:
        for handler in logging.getLogger().handlers:
            handler.addFilter(Discretion())
    sys.excepthook = lambda *error: _log.critical("the bot ends of what nobody expected", exc_info=error)
    threading.excepthook = lambda args: _log.error(
        "a thread ended of what nobody expected",
        exc_info=(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback),
    )


class Discretion(logging.Filter):
    """Takes from a record what an exception says, where that may be somebody's words; where it was raised stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(told(each) if isinstance(each, BaseException) else each for each in record.args)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            if str(error) and not record.args:  # libraries put an exception into their message
                record.msg = str(record.msg).replace(str(error), told(error))
            record.exc_text = "\n".join(_traced(error))
        return True


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


def _traced(error: BaseException) -> Iterator[str]:
    """Where an exception was raised, after those that it followed on."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _traced(before)
        yield "\nand then\n"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()
    yield told(error)
