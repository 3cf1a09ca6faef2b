"""The log: on stderr, a line a record that nobody can forge, and nothing secret in it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterable
from types import TracebackType

from assistant.masking import mask
from corpus.errors import one_line

_log = logging.getLogger(__name__)
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_BENEATH = "  | "
"""Before each line of a traceback: what an error quotes cannot pass for a record."""


def log_to_stderr(secrets: Iterable[str] = ()) -> None:
    """Log to stderr from now on, errors that nobody catches too, with `secrets` masked."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for chatty in ("alembic", "slack_sdk"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # it warns of the token in the environment
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def masked_secrets() -> tuple[str, ...]:
    """The secrets that this process's log masks, for a log elsewhere."""
    formatters = (handler.formatter for handler in logging.getLogger().handlers)
    return next((formatter.secrets for formatter in formatters if isinstance(formatter, _Formatter)), ())


class _Formatter(logging.Formatter):
    """Masks secrets wherever they stand, and shows control characters, line breaks and bidi signs as escapes."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(_FORMAT)
        self.secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record), self.secrets)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        return one_line(super().formatMessage(record))

    def formatException(self, ei: logging._SysExcInfoType) -> str:  # noqa: N802 - the library's name
        return "\n".join(_BENEATH + one_line(line) for line in super().formatException(ei).splitlines())


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.critical("stopped by an error", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    error = args.exc_value or args.exc_type()
    name = args.thread.name if args.thread else "?"
    _log.critical("the thread %s was stopped by an error", name, exc_info=(args.exc_type, error, args.exc_traceback))
