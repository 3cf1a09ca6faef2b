"""Questions from Slack, one reply each: noted, queued, answered, posted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import Block

from assistant import wording
from assistant.desk import Desk
from assistant.enquiries import Record
from assistant.languages import identify
from assistant.messages import translation
from assistant.models import LONGEST_QUESTION, Enquiry, QuestionError, clean_question
from assistant.slack import blocks

_log = logging.getLogger(__name__)
_WORKERS = 4
_HISTORY = 5

Send = Callable[[str, Sequence[Block]], object]
"""Sends a text for notifications and the blocks to show."""


@dataclass(frozen=True)
class Asked:
    """A question as it came in from Slack."""

    text: str
    channel: str
    ts: str
    """Names the question within its channel."""
    thread: str
    """The ts of the thread's first message, where the reply goes."""
    user: str
    private: Send | None = field(default=None, compare=False)
    """Sends the reply to the asker alone, where it is no thread that takes it."""


class Worker:
    """Answers questions on threads of its own, so that Slack's listeners only ever acknowledge."""

    def __init__(self, client: WebClient, desk: Desk, record: Record) -> None:
        self._client = client
        self._desk = desk
        self._record = record
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="answer")

    def accept(self, asked: Asked) -> None:
        """Take a question on, unless its message was taken on before (by any replica)."""
        enquiry_id = self._record.receive(
            channel=asked.channel, ts=asked.ts, thread=asked.thread, user=asked.user, question=asked.text
        )
        if enquiry_id is not None:
            self._pool.submit(self._answer, asked, enquiry_id)

    def finish(self) -> None:
        """Wait until every question taken on has its reply; take no more."""
        self._pool.shutdown(wait=True)

    def _answer(self, asked: Asked, enquiry_id: str) -> None:
        send = asked.private or self._in_thread(asked)
        try:
            question = clean_question(asked.text)
        except QuestionError as error:
            self._record.failed(enquiry_id, str(error))
            text = wording.bad_question(identify(asked.text[:200]), too_long=len(asked.text) > LONGEST_QUESTION)
            self._send(send, text, blocks.notice_blocks(text), enquiry_id)
            return
        try:
            if asked.private is None:
                self._show_status(asked, identify(question))
            reply = self._desk.reply(Enquiry(question=question, history=self._history(asked)))
            shown = blocks.reply_blocks(reply, enquiry_id)
            if self._send(send, blocks.reply_text(reply), shown, enquiry_id):
                self._record.replied(enquiry_id, reply)
        except Exception as error:
            _log.exception("enquiry %s failed", enquiry_id)
            text = wording.failure(identify(asked.text), enquiry_id)
            self._send(send, text, blocks.notice_blocks(text), enquiry_id)
            self._record.failed(enquiry_id, repr(error))

    def _history(self, asked: Asked) -> tuple[str, ...]:
        earlier = self._record.history(asked.channel, asked.thread, asked.ts)[-_HISTORY:]
        return tuple(question for question in earlier if 0 < len(question.strip()) <= LONGEST_QUESTION)

    def _in_thread(self, asked: Asked) -> Send:
        def send(text: str, shown: Sequence[Block]) -> object:
            return self._client.chat_postMessage(
                channel=asked.channel,
                thread_ts=asked.thread,
                text=text,
                blocks=shown,
                unfurl_links=False,
                unfurl_media=False,
            )

        return send

    def _send(self, send: Send, text: str, shown: Sequence[Block], enquiry_id: str) -> bool:
        try:
            send(text, shown)
        except (SlackClientError, OSError) as error:
            _log.error("enquiry %s: the reply could not be posted: %s", enquiry_id, error)
            self._record.failed(enquiry_id, f"not posted: {error}")
            return False
        return True

    def _show_status(self, asked: Asked, language: str) -> None:
        """Show that the desk is at work; posting the reply clears it. Not every conversation can show it."""
        _ = translation(language).gettext
        try:
            self._client.assistant_threads_setStatus(
                channel_id=asked.channel, thread_ts=asked.thread, status=_("is looking into the documents…")
            )
        except (SlackClientError, OSError) as error:
            _log.debug("no status in %s: %s", asked.channel, error)
