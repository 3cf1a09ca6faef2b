"""Messages to Slack that can be found again: each carries a mark of what it is."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.blocks import Block
from slack_sdk.models.metadata import Metadata

_log = logging.getLogger(__name__)
_EVENT = "declaration_desk"
_PAGE = 200
_PASSING = {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}

Mark = dict[str, str]
"""What a message is: the enquiry it belongs to, and which of its messages it is."""


@dataclass(frozen=True)
class Letter:
    """A message: a text for notifications, the blocks to show, and its mark."""

    text: str
    blocks: Sequence[Block]
    mark: Mark


class Mail:
    """Posts messages, changes them, and finds those that were posted by a bot that stopped before it could say so."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def post(self, channel: str, thread: str | None, letter: Letter) -> str:
        """Post to a channel, or to a thread in it; returns the message's ts. Raises SlackClientError, OSError."""
        answer = self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread,
            text=letter.text,
            blocks=letter.blocks,
            metadata=Metadata(_EVENT, dict(letter.mark)),
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    def post_privately(self, channel: str, thread: str | None, user: str, letter: Letter) -> None:
        """Post to a channel, or a thread in it, for one person to see. Raises SlackClientError, OSError."""
        self._client.chat_postEphemeral(
            channel=channel, thread_ts=thread, user=user, text=letter.text, blocks=letter.blocks
        )

    def post_directly(self, user: str, letter: Letter) -> str:
        """Post to one person's direct messages. Raises SlackClientError, OSError."""
        return self.post(self.direct_channel(user), None, letter)

    def direct_channel(self, user: str) -> str:
        """The channel of direct messages with a person. Raises SlackClientError, OSError."""
        return str(self._client.conversations_open(users=user)["channel"]["id"])

    def change(self, channel: str, ts: str, letter: Letter) -> None:
        """Put a letter in a message's place. Raises SlackClientError, OSError."""
        self._client.chat_update(channel=channel, ts=ts, text=letter.text, blocks=letter.blocks)

    def link(self, channel: str | None, ts: str | None) -> str | None:
        """The address of a message; None where there is none, or Slack does not tell."""
        if not (channel and ts):
            return None
        try:
            return str(self._client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
        except (SlackClientError, OSError):
            return None

    def find(self, channel: str, thread: str | None, mark: Mark) -> str | None:
        """The ts of the message with this mark among the latest; None if there is none, or nobody may look there.

        Raises SlackClientError, OSError where Slack does not tell for now: what is posted then might be there twice.
        """
        try:
            for message in self._latest(channel, thread):
                if (message.get("metadata") or {}).get("event_payload") == mark:
                    return str(message["ts"])
        except SlackApiError as error:
            if is_passing(error):
                raise
            _log.warning("what was posted in %s cannot be read: %s", channel, error)
        return None

    def _latest(self, channel: str, thread: str | None) -> Iterator[dict[str, Any]]:
        """All of a thread, which begins with the oldest; of a channel, the latest."""
        if thread:
            for page in self._client.conversations_replies(
                channel=channel, ts=thread, limit=_PAGE, include_all_metadata=True
            ):
                yield from page["messages"]
        else:
            latest = self._client.conversations_history(channel=channel, limit=_PAGE, include_all_metadata=True)
            yield from latest["messages"]


def is_passing(error: SlackClientError | OSError) -> bool:
    """Whether what was sent may be there all the same, or would be taken a little later."""
    if not isinstance(error, SlackApiError):
        return isinstance(error, OSError)
    return error.response.status_code != 200 or error.response["error"] in _PASSING
