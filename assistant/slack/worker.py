"""Questions from Slack, one reply each: noted, queued, answered, posted."""

from __future__ import annotations

import logging
from collections import deque
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
from assistant.enquiries import Record, new_reference
from assistant.languages import identify
from assistant.messages import translation
from assistant.models import Enquiry, QuestionError, Reply, TooLongError, clean_question
from assistant.slack import blocks

_log = logging.getLogger(__name__)
_WORKERS = 4
_HISTORY = 5
_REMEMBERED = 1000
"""Questions that were apologised for when no database could say which ones were."""
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
        self._unrecorded: deque[tuple[str, str]] = deque(maxlen=_REMEMBERED)
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="answer")

    def accept(self, asked: Asked) -> None:
        """Take a question on, unless its message was taken on before (by any replica)."""
        try:
            enquiry_id = self._record.receive(
                channel=asked.channel, ts=asked.ts, thread=asked.thread, user=asked.user, question=asked.text
            )
        except SQLAlchemyError:
            if (asked.channel, asked.ts) not in self._unrecorded:
                self._unrecorded.append((asked.channel, asked.ts))
                reference = new_reference()
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
            text = wording.bad_question(identify(asked.text[:200]), too_long=isinstance(error, TooLongError))
            self._try_to_post(asked, text, blocks.notice_blocks(text), enquiry_id)
            self._note(self._record.failed, enquiry_id, str(error))
        except Exception as error:
            _log.exception("enquiry %s failed", enquiry_id)
            self._apologise(asked, enquiry_id)
            self._note(self._record.failed, enquiry_id, repr(error))
        else:
            self._give(reply, asked, enquiry_id)

    def _give(self, reply: Reply, asked: Asked, enquiry_id: str) -> None:
        shown = [blocks.question_block(reply.question)] if asked.echo else []
        shown += blocks.reply_blocks(reply, enquiry_id)
        try:
            self._post(asked, blocks.reply_text(reply), shown)
        except SlackClientError as error:
            _log.error("enquiry %s: Slack refused the reply: %s", enquiry_id, error)
            self._apologise(asked, enquiry_id)
            self._note(self._record.failed, enquiry_id, f"refused by Slack: {error}")
        except OSError as error:  # the reply may be there or not: a second one could be one too many
            _log.error("enquiry %s: the connection was lost as the reply was posted: %s", enquiry_id, error)
            self._note(self._record.failed, enquiry_id, f"connection lost: {error}")
        else:
            self._note(self._record.replied, enquiry_id, reply)

    def _reply(self, asked: Asked) -> Reply:
        question = clean_question(asked.text)
        if asked.private is None:
            self._show_status(asked, identify(question))
        earlier = self._record.history(asked.channel, asked.thread, asked.ts)[-_HISTORY:]
        return self._desk.reply(Enquiry(question=question, history=tuple(filter(_is_question, earlier))))

    def _apologise(self, asked: Asked, reference: str) -> None:
        """Tell the asker that there is no reply, with a number by which staff find out why."""
        text = wording.failure(identify(asked.text), reference)
        self._try_to_post(asked, text, blocks.notice_blocks(text), reference)

    def _try_to_post(self, asked: Asked, text: str, shown: Sequence[Block], reference: str) -> None:
        try:
            self._post(asked, text, shown)
        except (SlackClientError, OSError) as error:
            _log.error("enquiry %s: not even a notice could be posted: %s", reference, error)

    def _post(self, asked: Asked, text: str, shown: Sequence[Block]) -> None:
        """Post to the thread, or to the asker alone. Raises SlackClientError, OSError."""
        if asked.private:
            asked.private(text, shown)
            return
        self._client.chat_postMessage(
            channel=asked.channel,
            thread_ts=asked.thread,
            text=text,
            blocks=shown,
            unfurl_links=False,
            unfurl_media=False,
        )

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


def _is_question(text: str) -> bool:
    try:
        clean_question(text)
    except QuestionError:
        return False
    return True
