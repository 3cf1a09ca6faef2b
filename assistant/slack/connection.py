"""The Socket Mode connection: open until closed, back within a second when it drops."""

from __future__ import annotations

import contextlib
import logging
import socket
import time

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websocket import WebSocketApp

_PING_SECONDS = 5
_CLOSE_SECONDS = 2


class Connection:
    """Bolt's websocket-client adapter (the built-in one spins for a minute after a drop), closed promptly.

    The adapter closes a socket under a thread that waits on it for up to ten seconds; shutting the
    transport down first wakes that thread.
    """

    def __init__(self, app: App, app_token: str, client: WebClient) -> None:
        handler = SocketModeHandler(
            app, app_token, web_client=client, ping_interval=_PING_SECONDS, logger=logging.getLogger("slack_sdk.socket")
        )
        self._client: SocketModeClient = handler.client
        self._client.on_message_listeners.append(_leave_when_asked)

    def open(self) -> None:
        """Connect. Raises SlackClientError if Slack refuses the app token."""
        self._client.connect()

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


def _leave_when_asked(session: WebSocketApp, message: str) -> None:
    """Slack announces that it will close a connection; leaving at once brings the next one sooner."""
    if '"disconnect"' in message[:200]:
        _shut_down(session)


def _shut_down(session: WebSocketApp) -> None:
    if session.sock is not None and session.sock.sock is not None:
        with contextlib.suppress(OSError):
            session.sock.sock.shutdown(socket.SHUT_RDWR)
