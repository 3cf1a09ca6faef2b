"""What is said to one person alone, in answer to a click or a command; never nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError, SlackRequestError
from slack_sdk.models.blocks import Block
from slack_sdk.webhook import WebhookClient

from assistant import wording
from assistant.database import new_reference
from assistant.languages import identify
from assistant.logs import about
from assistant.slack import blocks
from assistant.slack.mail import Letter, Mail

_log = logging.getLogger(__name__)

Send = Callable[[str, Sequence[Block]], object]
"""Sends a text for notifications and the blocks to show."""


@contextmanager
def never_silent(body: dict[str, Any], client: WebClient) -> Iterator[None]:
    """Whatever fails inside, the person who clicked or typed the command gets a sentence.

    Not left to Bolt: a listener that fails right after `ack()` makes it forget the acknowledgement.
    """
    try:
        yield
    except Exception:
        reference = new_reference()
        with about(reference=reference):
            _log.exception("%s: a command or a click failed", reference)
            text = wording.failure(spoken_in(body), reference)
            try:
                privately(body, client)(text, blocks.notice_blocks(text))
            except (SlackClientError, OSError) as error:
                _log.error("%s: not even a notice could be posted: %s", reference, error)


def privately(body: dict[str, Any], client: WebClient) -> Send:
    """Sends to that person alone: in the thread where they clicked if it is one, in direct messages from the Home."""
    if "response_url" not in body:
        user = body["user"]["id"]
        return lambda text, shown: Mail(client).post_directly(user, Letter(text, shown, {"message": "private"}))
    thread = (body.get("message") or {}).get("thread_ts")
    hook = WebhookClient(body["response_url"], retry_handlers=client.retry_handlers)

    def send(text: str, shown: Sequence[Block]) -> None:
        where = {"thread_ts": thread} if thread else {}
        blocks = [block.to_dict() for block in shown]
        message = {"text": text, "blocks": blocks, "response_type": "ephemeral", "replace_original": False, **where}
        try:
            answer = hook.send_dict(message)
        except HTTPException as error:  # it broke off in the middle
            raise ConnectionError(f"response_url: {error!r}") from error
        if answer.status_code != 200:
            raise SlackRequestError(f"response_url answered {answer.status_code}: {answer.body[:200]}")

    return send


def spoken_in(body: dict[str, Any]) -> str:
    """The language of what somebody typed or clicked on."""
    if (body.get("view") or {}).get("type") == "home":
        return str(body["view"]["private_metadata"])  # where its language is put
    return identify(body.get("text") or (body.get("message") or {}).get("text", ""))
