"""Masking: what is secret stands in no log and on no terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

_MASK = "***"
_SECRETS = [
    re.compile(pattern)
    for pattern in (
        r"(?<![A-Za-z0-9])((?:xoxe\.)?xox[a-z]-|xapp-|xwfp-)[A-Za-z0-9%-]+",  # https://docs.slack.dev/authentication/tokens
        r"(hooks\.slack\.com/\w+/)[^\s'\"<>]+",  # whoever has such an address may post there
        r"([?&](?:ticket|password|sslpassword|token)=)[^\s&'\"<>]+",
        r"(://[^\s/:@'\"]*:)[^\s@'\"]+(?=@)",
        r"((?i:bearer) )[^\s'\"]+",
    )
]
"""What is secret by its looks; the group is what stays."""


def mask(text: str, secrets: Iterable[str] = ()) -> str:
    """The text with `***` in place of `secrets`, and of all that looks like a Slack token or a password in a URL."""
    written = {form for secret in secrets for form in (secret, quote(secret, safe=""))}
    for secret in sorted(filter(None, written), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", _MASK, text)
    for pattern in _SECRETS:
        text = pattern.sub(rf"\1{_MASK}", text)
    return text


def passwords_in(url: str) -> list[str]:
    """The passwords in a database's URL, as SQLAlchemy reads it; none where it cannot."""
    from sqlalchemy.engine import make_url  # as long to import as all else that a question needs
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ValueError, ArgumentError):
        return []
    given = (parsed.password, *(parsed.query.get(name) for name in ("password", "sslpassword")))
    return [str(password) for password in given if password]
