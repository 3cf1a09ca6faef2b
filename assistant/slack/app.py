"""The bot: Bolt over Socket Mode, from its first connection to its last reply."""

from __future__ import annotations

import logging
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from slack_bolt import App
from slack_bolt.error import BoltError
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_handlers import (
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from sqlalchemy.exc import SQLAlchemyError

from assistant.desk import Desk
from assistant.enquiries import Record, open_record
from assistant.settings import Settings, SettingsError
from assistant.slack.connection import Connection
from assistant.slack.listeners import register
from assistant.slack.worker import Worker

_log = logging.getLogger(__name__)
_LISTENERS = 10
_EXPIRE_SECONDS = 24 * 3600
_LOOK_SECONDS = 0.2
"""How often to look for a signal: one that comes just before a long wait, or on another thread, would not end it."""


def start(settings: Settings) -> None:
    """Serve in Slack until stopped. Raises DeskError subclasses where it cannot start."""
    settings.tokens()
    _log_to_stderr()
    Bot(settings, Desk(settings, lasting=True), open_record(settings.database_url)).run()


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "slack_sdk"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # it warns of the token in the environment


class Bot:
    """The Slack side of the desk."""

    def __init__(self, settings: Settings, desk: Desk, record: Record) -> None:
        """Check the bot token with Slack and attach the listeners.

        Raises SettingsError where Slack refuses it.
        """
        self._settings, self._record = settings, record
        token, app_token = settings.tokens()
        client = WebClient(token, base_url=settings.api_url)
        # Not after a lost connection: the message may have been posted, and would be there twice.
        client.retry_handlers = [
            RateLimitErrorRetryHandler(max_retry_count=5),
            ServerErrorRetryHandler(max_retry_count=2),
        ]
        self._listeners = ThreadPoolExecutor(_LISTENERS, thread_name_prefix="listener")
        try:
            app = App(
                client=client,
                logger=logging.getLogger("slack_bolt.app"),
                listener_executor=self._listeners,
            )
        except (BoltError, SlackClientError, OSError) as error:
            raise SettingsError(f"Slack at {settings.api_url} does not accept SLACK_BOT_TOKEN: {error}") from error
        self._worker = Worker(client, desk, record)
        register(app, desk, record, self._worker)
        self._connection = Connection(app, app_token, client)

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM; then answer what was accepted, and return."""
        asked_to_stop: SimpleQueue[int] = SimpleQueue()  # a signal handler may fill it; setting an Event could deadlock
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, _: asked_to_stop.put(received))
        try:
            self._connection.open()
        except (SlackClientError, OSError) as error:
            raise SettingsError(
                f"Slack at {self._settings.api_url} does not accept SLACK_APP_TOKEN: {error}"
            ) from error
        _log.info("connected; mention the bot, or write to it directly")
        expire_at = 0.0
        while asked_to_stop.empty():
            if time.monotonic() >= expire_at:
                self._expire()
                expire_at = time.monotonic() + _EXPIRE_SECONDS
            time.sleep(_LOOK_SECONDS)
        _log.info("stopping: no new questions, finishing those accepted")
        self._connection.close()
        self._listeners.shutdown(wait=True)
        self._worker.finish()
        self._record.close()
        _log.info("stopped")

    def _expire(self) -> None:
        try:
            self._record.expire(self._settings.desk_retention_days)
        except SQLAlchemyError:
            _log.exception("what is older than DESK_RETENTION_DAYS could not be deleted; it is tried again tomorrow")
