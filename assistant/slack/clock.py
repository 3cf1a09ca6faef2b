"""Slack's clock, to hold this machine's against: a wrong one must not decide what is old enough to be deleted."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime

from slack_sdk import WebClient

from assistant.database import now

_APART = timedelta(days=1)


def is_wrong_here(client: WebClient) -> bool:
    """Whether this machine's clock is a day or more from Slack's. Raises SlackClientError, OSError."""
    headers = {name.lower(): value for name, value in client.auth_test().headers.items()}
    return "date" in headers and abs(parsedate_to_datetime(headers["date"]) - now()) >= _APART
