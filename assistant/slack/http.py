"""The HTTP side of the bot: what Slack posts to it, and what a load balancer asks of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from io import BytesIO
from threading import Thread
from typing import TYPE_CHECKING

from cheroot.wsgi import Server
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.wsgi import SlackRequestHandler

from assistant import metrics
from assistant.settings import SettingsError
from assistant.slack.backlog import Backlog

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_log = logging.getLogger(__name__)
SLACK_PATH = "/slack/events"
"""Where Slack posts events, clicks and commands to; the app's request URL ends in it."""
_THREADS, _INSPECTORS = 16, 2
_LARGEST = 4 * 2**20
"""Of a request, in bytes; the largest that Slack sends are submitted forms, of some hundred thousand."""
_LARGEST_HEAD = 64 * 2**10
"""Of a request's headers, in bytes."""
_MOST_DIGITS = 20
"""Of a timestamp; Python takes no number of thousands of digits."""
_FINISH_SECONDS = 5


class HttpServer:
    """Bolt behind a web server of its own; another in front of it, or a load balancer, brings TLS.

    Without an `app`, it tells this machine alone how the bot is.
    """

    def __init__(self, app: App | None, port: int, trouble: Callable[[], str | None], backlog: Backlog) -> None:
        """`trouble` says why the bot could not answer a question now; None if it could."""
        self._slack = SlackRequestHandler(app, SLACK_PATH) if app is not None else None
        self._trouble = trouble
        self._backlog = backlog
        self._server = Server(
            ("127.0.0.1" if app is None else "0.0.0.0", port), self._serve, shutdown_timeout=_FINISH_SECONDS,  # noqa: S104
            numthreads=_INSPECTORS if app is None else _THREADS,
        )  # fmt: skip
        self._server.max_request_body_size = _LARGEST
        self._server.max_request_header_size = _LARGEST_HEAD
        self._server.error_log = _told  # type: ignore[method-assign]
        self._thread = Thread(target=self._server.serve, name="http")

    def open(self) -> None:
        """Listen. Raises SettingsError where the port cannot be had."""
        try:
            self._server.prepare()
        except OSError as error:
            setting = "--http" if self._slack is not None else "DESK_HEALTH_PORT"
            raise SettingsError(f"{setting}: cannot listen: {error}") from error
        self._thread.start()

    def close(self) -> None:
        """Finish what came, and take no more. What is not yet acknowledged, Slack sends again."""
        self._server.stop()
        self._thread.join()

    def _serve(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == SLACK_PATH and self._slack is not None:
            return self._hand_over(self._slack, environ, start_response)
        if environ["PATH_INFO"] == "/healthz":
            return _tell(start_response, "200 OK", "alive")
        if environ["PATH_INFO"] == "/readyz":
            trouble = self._trouble()
            return _tell(start_response, "503 Service Unavailable" if trouble else "200 OK", trouble or "ready")
        if environ["PATH_INFO"] == "/metrics":
            return metrics.page(environ, start_response)
        return _tell(start_response, "404 Not Found", "nothing is here")

    def _hand_over(self, slack: SlackRequestHandler, environ: WSGIEnvironment,
                   start_response: StartResponse) -> Iterable[bytes]:  # fmt: skip
        """Let Bolt see what has the form of a request of Slack's: over anything else it trips before it checks who
        sent it."""
        stamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "0")
        if not stamp.isdecimal() or len(stamp) > _MOST_DIGITS:
            return _tell(start_response, "401 Unauthorized", "Slack signs otherwise")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            BoltRequest(body=body.decode(), headers={"content-type": [environ.get("CONTENT_TYPE", "")]})
        except (ValueError, AttributeError, TypeError, RecursionError):
            return _tell(start_response, "400 Bad Request", "Slack sends no such thing")
        self._backlog.came()
        try:
            return slack({**environ, "wsgi.input": BytesIO(body)}, start_response)
        finally:
            self._backlog.left()


def _told(msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
    """What the server has to say goes to the log."""
    _log.log(level, "%s", msg, exc_info=traceback)


def _tell(start_response: StartResponse, status: str, text: str) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{text}\n".encode()]
