"""Questions from Slack, one reply each: noted, queued, answered, posted."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import Block
from sqlalchemy.exc import SQLAlchemyError

from assistant import wording
from assistant.desk import Desk
from assistant.enquiries import Record
from assistant.languages import identify
from assistant.messages import translation
from assistant.models import LONGEST_QUESTION, Enquiry, QuestionError, Reply, clean_question
from assistant.slack import blocks

_log = logging.getLogger(__name__)
_WORKERS = 4
_HISTORY = 5
_STATUS_SECONDS = 3

_Noted = TypeVar("_Noted", str, Reply)
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
    echo: bool = False
    """Whether the reply shows the question first, because it was chosen by a button and nobody has seen it."""


class Worker:
    """Answers questions on threads of its own, so that Slack's listeners only ever acknowledge."""

    def __init__(self, client: WebClient, desk: Desk, record: Record) -> None:
        self._client = client
        # A status is not worth waiting for: no retries, whatever Slack answers.
        self._status = WebClient(client.token, base_url=client.base_url, timeout=_STATUS_SECONDS, retry_handlers=[])
        self._desk = desk
        self._record = record
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="answer")

    def accept(self, asked: Asked) -> None:
        """Take a question on, unless its message was taken on before (by any replica)."""
        try:
            enquiry_id = self._record.receive(
                channel=asked.channel, ts=asked.ts, thread=asked.thread, user=asked.user, question=asked.text
            )
        except SQLAlchemyError:
            reference = secrets.token_hex(4)
            _log.exception("%s: a question could not be put on record", reference)
            self._pool.submit(self._apologise, asked, reference)
            return
        if enquiry_id is not None:
            self._pool.submit(self._answer, asked, enquiry_id)

    def finish(self) -> None:
        """Wait until every question taken on has its reply; take no more."""
        self._pool.shutdown(wait=True)

    def _answer(self, asked: Asked, enquiry_id: str) -> None:
        """Reply to a question, or say in one sentence why not: it is never met with silence."""
        try:
            reply = self._reply(asked)
        except QuestionError as error:
            text = wording.bad_question(identify(asked.text[:200]), too_long=len(asked.text) > LONGEST_QUESTION)
            self._send(asked, text, blocks.notice_blocks(text), enquiry_id)
            self._note(self._record.failed, enquiry_id, str(error))
        except Exception as error:
            _log.exception("enquiry %s failed", enquiry_id)
            self._apologise(asked, enquiry_id)
            self._note(self._record.failed, enquiry_id, repr(error))
        else:
            shown = [blocks.question_block(reply.question)] if asked.echo else []
            shown += blocks.reply_blocks(reply, enquiry_id)
            if self._send(asked, blocks.reply_text(reply), shown, enquiry_id):
                self._note(self._record.replied, enquiry_id, reply)
            else:
                self._note(self._record.failed, enquiry_id, "the reply could not be posted")

    def _reply(self, asked: Asked) -> Reply:
        question = clean_question(asked.text)
        if asked.private is None:
            self._show_status(asked, identify(question))
        earlier = self._record.history(asked.channel, asked.thread, asked.ts)[-_HISTORY:]
        history = tuple(text for text in earlier if text.strip() and len(text) <= LONGEST_QUESTION)
        return self._desk.reply(Enquiry(question=question, history=history))

    def _apologise(self, asked: Asked, reference: str) -> None:
        """Tell the asker that there is no reply, with a number by which staff find out why."""
        text = wording.failure(identify(asked.text), reference)
        self._send(asked, text, blocks.notice_blocks(text), reference)

    def _send(self, asked: Asked, text: str, shown: Sequence[Block], reference: str) -> bool:
        """Post to the thread, or to the asker alone; whether Slack took it."""
        try:
            if asked.private:
                asked.private(text, shown)
            else:
                self._client.chat_postMessage(
                    channel=asked.channel,
                    thread_ts=asked.thread,
                    text=text,
                    blocks=shown,
                    unfurl_links=False,
                    unfurl_media=False,
                )
        except (SlackClientError, OSError) as error:
            _log.error("enquiry %s: Slack did not take the reply: %s", reference, error)
            return False
        return True

    def _note(self, put: Callable[[str, _Noted], None], enquiry_id: str, what: _Noted) -> None:
        """Put on record how an enquiry ended; the asker has been told already."""
        try:
            put(enquiry_id, what)
        except SQLAlchemyError:
            _log.exception("enquiry %s: how it ended could not be put on record", enquiry_id)

    def _show_status(self, asked: Asked, language: str) -> None:
        """Show that the desk is at work; posting the reply clears it. Not every conversation can show it."""
        _ = translation(language).gettext
        try:
            self._status.assistant_threads_setStatus(
                channel_id=asked.channel, thread_ts=asked.thread, status=_("is looking into the documents…")
            )
        except (SlackClientError, OSError) as error:
            _log.debug("no status in %s: %s", asked.channel, error)
