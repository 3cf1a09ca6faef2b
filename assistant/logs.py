"""The log: on stderr, a line a record that nobody can forge, and nothing secret in it; as text or as JSON."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import NamedTuple

from assistant.discretion import discreet, traced
from assistant.masking import mask
from corpus.errors import one_line

_log = logging.getLogger(__name__)
_about: ContextVar[dict[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed in place
_OURS = ("assistant", "corpus", "index")
_CHATTY = {
    "alembic": logging.WARNING,
    "bm25s": logging.WARNING,
    "slack_bolt": logging.ERROR,
    "slack_sdk": logging.WARNING,
    "slack_sdk.web": logging.CRITICAL,
}
"""Bolt warns of the token in the environment; the client shows what it could not read, and raises it too. At DEBUG,
libraries show tokens, and the database every row."""
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_BENEATH = "  | "
"""Before each line of a traceback: what an error quotes cannot pass for a record."""


class LogStyle(NamedTuple):
    """How a process logs; it goes along to the processes that it starts."""

    secrets: tuple[str, ...] = ()
    """What is masked, besides all that looks like a token."""
    as_json: bool = False
    debug: bool = False
    """Whether the desk's own details are told too, which are what people asked and were told."""


def log_to_stderr(style: LogStyle) -> None:
    """Log to stderr from now on, errors that nobody catches and warnings too."""
    handler = logging.StreamHandler()
    handler.setFormatter((_JsonFormatter if style.as_json else _TextFormatter)(style))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for library, level in _CHATTY.items():
        logging.getLogger(library).setLevel(level)
    for package in _OURS if style.debug else ():
        logging.getLogger(package).setLevel(logging.DEBUG)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def style_in_force() -> LogStyle:
    """How this process logs."""
    formatters = (handler.formatter for handler in logging.getLogger().handlers)
    return next((formatter.style for formatter in formatters if isinstance(formatter, _TextFormatter)), LogStyle())


@contextmanager
def about(**names: str) -> Iterator[None]:
    """What is logged inside is about this `enquiry`, or has this `reference`."""
    token = _about.set({**_about.get(), **names})
    try:
        yield
    finally:
        _about.reset(token)


class _TextFormatter(logging.Formatter):
    """Masks secrets wherever they stand, and shows control characters, line breaks and bidi signs as escapes."""

    def __init__(self, style: LogStyle) -> None:
        super().__init__(_FORMAT)
        self.style = style

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(self._told(record)), self.style.secrets)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        return one_line(super().formatMessage(record))

    def formatException(self, ei: logging._SysExcInfoType) -> str:  # noqa: N802 - the library's name
        return "\n".join(_BENEATH + line for line in self._traceback(ei))

    def _told(self, record: logging.LogRecord) -> logging.LogRecord:
        return record if self.style.debug else discreet(record)

    def _traceback(self, ei: logging._SysExcInfoType) -> list[str]:
        lines = super().formatException(ei).splitlines() if self.style.debug or not ei[1] else traced(ei[1])
        return [one_line(line) for line in lines]


class _JsonFormatter(_TextFormatter):
    """One JSON object a line, whatever is in it: time (UTC), level, logger, message, what it is about, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._masked(one_line(self._told(record).getMessage())),
            **_about.get(),
        }
        if record.exc_info:
            entry["traceback"] = "\n".join(map(self._masked, self._traceback(record.exc_info)))
        return json.dumps(entry, ensure_ascii=False)

    def _masked(self, line: str) -> str:
        return mask(line, self.style.secrets)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.critical("stopped by an error", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    error = args.exc_value or args.exc_type()
    name = args.thread.name if args.thread else "?"
    _log.critical("the thread %s was stopped by an error", name, exc_info=(args.exc_type, error, args.exc_traceback))
