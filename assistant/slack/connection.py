"""The Socket Mode connection: open until closed, back within a second when it drops."""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websocket import WebSocketApp, WebSocketException

from assistant.slack.backlog import Backlog

_log = logging.getLogger(__name__)
_ENVELOPE = '"envelope_id"'
"""What is to be acknowledged has this."""
_PING_SECONDS = 5
_CLOSE_SECONDS = 2
_GRACE_SECONDS = 0.3
"""When Slack announces that it will close a connection: time to acknowledge what came just before."""


class Connection:
    """Bolt over slack_sdk's websocket-client (the built-in one spins for a minute after a drop)."""

    def __init__(self, app: App, app_token: str, client: WebClient, backlog: Backlog) -> None:
        self._app = app
        self._client = _Client(
            app_token, logging.getLogger("slack_sdk.socket"), web_client=client, ping_interval=_PING_SECONDS
        )
        self._client.backlog = backlog
        self._client.socket_mode_request_listeners.append(self._handle)
        self._client.on_close_listeners.append(lambda _: _log.info("the connection ended"))
        # A dropped socket is everyday; the libraries report it as an error before they connect again.
        logging.getLogger("websocket").setLevel(logging.CRITICAL)
        self._client.logger.addFilter(lambda record: not record.getMessage().startswith("on_error invoked"))

    def open(self) -> None:
        """Connect. Raises SlackClientError if Slack refuses the app token."""
        self._client.connect()

    @property
    def is_open(self) -> bool:
        return bool(self._client.is_connected())

    def trouble(self) -> str | None:
        """Why no question could come now; None if one could."""
        return None if self.is_open else "not connected to Slack"

    def close(self) -> None:
        """Take no more events. What is not yet acknowledged, Slack sends again."""
        self._client.auto_reconnect_enabled = False
        session = self._client.current_session
        if session is not None:
            _shut_down(session)
            end = time.monotonic() + _CLOSE_SECONDS
            while session.sock is not None and time.monotonic() < end:
                time.sleep(0.01)
        self._client.closed = True
        self._client.enqueue_message("")  # wakes the thread that waits for messages
        self._client.close()
        self._client.backlog.close()

    def _handle(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        start = time.time()
        response = run_bolt_app(self._app, request)
        try:
            send_response(client, request, response, start)
        except (OSError, WebSocketException) as error:
            _log.info("an acknowledgement was lost with its connection, Slack will send again: %s", error)


class _Client(SocketModeClient):
    """The library's client, leaving a connection promptly where it would wait on it for up to ten seconds."""

    backlog: Backlog

    def enqueue_message(self, message: str) -> None:
        """Called with all that Slack sends."""
        if _ENVELOPE in message:
            self.backlog.came()
        super().enqueue_message(message)

    def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Called with each message in turn; afterwards it is acknowledged."""
        try:
            super().run_message_listeners(message, raw_message)
        finally:
            if _ENVELOPE in raw_message:
                self.backlog.left()

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Called with `force` when Slack asks to leave; losing the connection is what brings the next one soonest."""
        if force and self.current_session is not None:
            time.sleep(_GRACE_SECONDS)
            _shut_down(self.current_session)
        else:
            super().connect_to_new_endpoint(force)


def _shut_down(session: WebSocketApp) -> None:
    """Close the transport under a session, which wakes the thread that reads from it."""
    if session.sock is not None and session.sock.sock is not None:
        with contextlib.suppress(OSError):
            session.sock.sock.shutdown(socket.SHUT_RDWR)
