"""What exceptions of the Slack client say that holds nobody's words."""

from __future__ import annotations

import re

from slack_sdk.errors import SlackApiError, SlackClientError

from assistant.discretion import WITHHELD, said

_CODE = re.compile(r"\w+")


@said.register
def _(error: SlackClientError) -> str:
    return str(error)


@said.register
def _(error: SlackApiError) -> str:
    """Slack's code, and the scope that it misses; the rest is whatever was answered."""
    code, needed = str(error.response.get("error")), error.response.get("needed")
    if not _CODE.fullmatch(code):
        return WITHHELD
    return f"{code}, needs {needed}" if needed else code
