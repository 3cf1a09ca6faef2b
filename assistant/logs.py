"""The log of a running bot: what goes into it, and how it looks."""

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

from assistant.settings import Settings

_about: ContextVar[dict[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed in place


def log_to_stderr(settings: Settings) -> None:
    """Send what the desk and its libraries have to say to stderr, as DESK_LOG_FORMAT says."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "slack_sdk"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # it warns of the token in the environment
    if settings.desk_log_format == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter())
        logging.captureWarnings(True)
        sys.excepthook = _log_the_end
        threading.excepthook = _log_a_thread


@contextmanager
def about(**names: str) -> Iterator[None]:
    """What is logged inside is about this `enquiry`, or has this `reference`."""
    token = _about.set({**_about.get(), **names})
    try:
        yield
    finally:
        _about.reset(token)


class JsonFormatter(logging.Formatter):
    """One JSON object a line, whatever is in it: time (UTC), level, logger, message, what it is about, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        plain = super().format(record)  # the message and, below it, what went wrong
        message = record.getMessage()
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
            **_about.get(),
        }
        if traceback := plain.removeprefix(message).strip("\n"):
            entry["traceback"] = traceback
        return json.dumps(entry, ensure_ascii=False)


def _log_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("the bot ends: %r", error, exc_info=(kind, error, trace))


def _log_a_thread(failed: threading.ExceptHookArgs) -> None:
    """What nobody caught on a thread."""
    error = failed.exc_value or failed.exc_type()
    thread = failed.thread.name if failed.thread else "?"
    logging.getLogger(__name__).error(
        "the thread %s ends: %r", thread, error, exc_info=(failed.exc_type, error, failed.exc_traceback)
    )
