"""Questions from Slack, one reply each: noted, queued, answered, posted."""

from __future__ import annotations

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.models.blocks import Block
from sqlalchemy.exc import SQLAlchemyError

from assistant import metrics, wording
from assistant.channels import ChannelRow, Channels
from assistant.database import new_reference, now
from assistant.desk import Desk
from assistant.enquiries import FloodError, Record
from assistant.languages import identify
from assistant.logs import about
from assistant.messages import translation
from assistant.models import Enquiry, QuestionError, Reply, TooLongError, clean_question, is_question
from assistant.preferences import Preferences
from assistant.review import Reviews
from assistant.slack import blocks
from assistant.slack.backlog import Backlog
from assistant.slack.mail import Letter, Mail, Mark, is_passing
from assistant.slack.private import Send
from assistant.slack.watch import Watch

_log = logging.getLogger(__name__)
_WORKERS = 4
_HISTORY = 5
_REMEMBERED = 1000
"""Messages: those that are on record, and those that were apologised for when no database could say which ones were."""
_TURNS = 16
_STATUS_SECONDS = 3
_TRIES, _UNSURE_TRIES = 720, 5
"""How often to post a reply that Slack does not take, some seconds apart; and one that it fails over, it says."""
_BEGINNING = 200
"""So many characters tell a language."""

_Noted = TypeVar("_Noted", str, Reply)


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
    overheard: bool = False
    """Whether it was said to people, and not put to the desk."""
    received: datetime = field(default_factory=now, compare=False)

    @property
    def message(self) -> tuple[str, str]:
        """What names its message among all."""
        return self.channel, self.ts


class Worker:
    """Answers questions on threads of its own, so that Slack's listeners only ever acknowledge."""

    def __init__(self, client: WebClient, desk: Desk, record: Record, reviews: Reviews, backlog: Backlog,
                 held: Callable[[], object], most: int) -> None:  # fmt: skip
        """`held` is called when a reply waits for review; `most` questions of a person are taken in a minute."""
        # A reply that Slack may have, whatever it answered, is looked for before it is posted again.
        self._mail = Mail(WebClient(client.token, base_url=client.base_url, retry_handlers=[
            Watch(client.base_url), RateLimitErrorRetryHandler(max_retry_count=5),
        ]))  # fmt: skip
        # A status is not worth waiting for: no retries, whatever Slack answers.
        self._status = WebClient(client.token, base_url=client.base_url, timeout=_STATUS_SECONDS,
                                 retry_handlers=[Watch(client.base_url)])  # fmt: skip
        self._desk = desk
        self._record = record
        self._reviews, self._held = reviews, held
        self._backlog = backlog
        self._most = most
        self._channels = Channels(record.database)
        self._preferences = Preferences(record.database)
        self._taken: deque[tuple[str, str]] = deque(maxlen=_REMEMBERED)
        """The latest messages that the database has, whichever bot put them there."""
        self._turns = [threading.Lock() for _ in range(_TURNS)]
        self._unrecorded: deque[tuple[str, str]] = deque(maxlen=_REMEMBERED)
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="answer")
        self._in_hand: set[str] = set()
        self._tries: Counter[str] = Counter()
        """How often a reply was posted that Slack did not say it has."""
        metrics.IN_HAND.set_function(lambda: len(self._in_hand))

    def accept(self, asked: Asked) -> None:
        """Take a question on, unless its message was taken on before (by any replica).

        Slack tells of a mention in two events; the second waits for the first, and asks no database.
        """
        with self._turns[hash(asked.message) % len(self._turns)]:
            if asked.message not in self._taken and self._put_on_record(asked):
                self._taken.append(asked.message)

    def _put_on_record(self, asked: Asked) -> bool:
        """Note a question and take it on; whether the database has it."""
        try:
            if asked.private is None and self._channels.of(asked.channel).private:
                asked = replace(asked, private=partial(self._send_privately, asked))
            enquiry_id = self._record.receive(
                channel=asked.channel,
                ts=asked.ts,
                thread=asked.thread,
                user=asked.user,
                question=asked.text,
                private=asked.private is not None,
                overheard=asked.overheard,
                most=self._most,
            )
        except FloodError as flood:
            _log.info("enquiry %s of %s was refused: too many in a minute", flood.enquiry_id, asked.user)
            metrics.count_question("refused")
            if flood.first and not asked.overheard:  # nobody waits for a reply to what was overheard
                self._pool.submit(self._ask_to_wait, asked, flood.enquiry_id)
            return True
        except SQLAlchemyError:
            if asked.message not in self._unrecorded:
                self._unrecorded.append(asked.message)
                reference = new_reference()
                with about(reference=reference):
                    _log.exception("%s: a question could not be put on record", reference)
                self._pool.submit(about(reference=reference)(self._apologise), asked, reference)
                metrics.count_question("failed")
            return False
        if enquiry_id is not None:
            self._take(asked, enquiry_id)
        return True

    def renew(self) -> None:
        """Say on record that what is in hand here still is; call it every few seconds."""
        self._record.keep(list(self._in_hand))

    def take_over(self) -> None:
        """Take on what another bot has left; call it every few seconds."""
        for row in self._record.take_abandoned():
            if row.id not in self._in_hand:
                _log.info("enquiry %s was left without a reply", row.id)
                direct = partial(self._send_directly, row.user, row.id) if row.private else None
                asked = Asked(
                    row.question,
                    row.channel,
                    row.ts,
                    row.thread,
                    row.user,
                    private=direct,
                    overheard=row.overheard,
                    received=row.received_at,
                )
                self._take(asked, row.id, again=True)

    def _take(self, asked: Asked, enquiry_id: str, *, again: bool = False) -> None:
        self._in_hand.add(enquiry_id)
        answer = self._pool.submit(about(enquiry=enquiry_id)(self._answer), asked, enquiry_id, again=again)
        answer.add_done_callback(partial(self._answered, enquiry_id))

    def _answered(self, enquiry_id: str, answer: Future[bool]) -> None:
        """Let go of an enquiry that has not ended: whichever bot looks next sees whether its reply is there, and gives
        it if not."""
        self._in_hand.discard(enquiry_id)
        if error := answer.exception():
            _log.error("enquiry %s: nobody expected this", enquiry_id, exc_info=error)
        elif answer.result():
            self._tries.pop(enquiry_id, None)
            return
        try:
            self._record.let_go(enquiry_id)
        except SQLAlchemyError:  # it is taken up all the same, when its lease has lapsed
            _log.exception("enquiry %s could not be let go of", enquiry_id)

    def _send_directly(self, user: str, enquiry_id: str, text: str, shown: Sequence[Block]) -> None:
        self._mail.post_directly(user, Letter(text, shown, _mark(enquiry_id)))

    def _send_privately(self, asked: Asked, text: str, shown: Sequence[Block]) -> None:
        """Send to the asker alone where they asked; into their direct messages if they are not there any more.

        Slack shows such a message in a thread only if the thread has a reply already.
        """
        letter = Letter(text, shown, {"message": "private"})
        try:
            thread = None if asked.thread == asked.ts else asked.thread
            self._mail.post_privately(asked.channel, thread, asked.user, letter)
        except SlackApiError as error:
            if error.response["error"] != "user_not_in_channel":
                raise
            self._mail.post_directly(asked.user, letter)

    def finish(self) -> None:
        """Wait until every question taken on has its reply; take no more."""
        self._pool.shutdown(wait=True)

    def _answer(self, asked: Asked, enquiry_id: str, *, again: bool) -> bool:
        """Reply to a question, or say in one sentence why not: it is never met with silence. Whether that is its end.

        If it is tried `again`, the reply may be there already: the bot that posted it stopped before it could say so.
        """
        self._backlog.let_pass()
        try:
            channel = self._channels.of(asked.channel)
            reply = self._reply(asked, channel)
            _log.debug("enquiry %s: %r is replied to with %r", enquiry_id, asked.text, reply.text)
        except QuestionError as error:
            language = self._language(asked)
            text = wording.bad_question(language, too_long=isinstance(error, TooLongError))
            self._try_to_post(asked, text, blocks.notice_blocks(text), enquiry_id)
            metrics.count_question("refused", language)
            self._note(self._record.failed, enquiry_id, str(error))
        except Exception as error:
            _log.exception("enquiry %s failed", enquiry_id)
            self._apologise(asked, enquiry_id)
            self._note_failure(enquiry_id, repr(error))
        else:
            try:
                is_there = again and asked.private is None and self._mail.find(*_place(asked), _mark(enquiry_id))
            except (SlackClientError, OSError) as error:  # it is taken up again, when nobody has it in hand any more
                _log.warning("enquiry %s: whether it has its reply is not known: %s", enquiry_id, error)
                return False
            if is_there:
                metrics.count_question(reply.outcome, reply.language)
                self._note(self._record.replied, enquiry_id, reply)
            elif channel.holds(reply):
                self._hold(reply, asked, enquiry_id)
            else:
                return self._give(reply, asked, enquiry_id)
        return True

    def _hold(self, reply: Reply, asked: Asked, enquiry_id: str) -> None:
        """Keep a reply until somebody of the staff has looked at it, and tell the asker so."""
        if asked.private:  # no note of the outbox comes where they asked
            text = wording.held(reply.language)
            self._try_to_post(asked, text, blocks.notice_blocks(text), enquiry_id)
        try:
            self._reviews.hold(enquiry_id, reply, tell=asked.private is None)
        except SQLAlchemyError as error:
            _log.exception("enquiry %s: its reply could not be kept for review", enquiry_id)
            self._apologise(asked, enquiry_id)
            self._note_failure(enquiry_id, repr(error))
        else:
            metrics.count_question(reply.outcome, reply.language)
            self._held()

    def _give(self, reply: Reply, asked: Asked, enquiry_id: str) -> bool:
        """Post a reply; False if Slack may have it all the same, or takes it a little later."""
        shown = [blocks.question_block(reply.question)] if asked.echo else []
        shown += blocks.reply_blocks(reply, enquiry_id)
        try:
            self._post(asked, blocks.reply_text(reply), shown, enquiry_id)
        except (SlackClientError, OSError) as error:
            if asked.private is None and self._is_to_be_tried(enquiry_id, error):
                _log.warning("enquiry %s: Slack does not say that it has the reply: %s", enquiry_id, error)
                return False
            if asked.private and isinstance(error, OSError):  # there or not: a second one could be one too many
                _log.error("enquiry %s: the connection was lost as the reply was posted: %s", enquiry_id, error)
                text = wording.perhaps_lost(reply.language, enquiry_id)
                self._try_to_post(asked, text, blocks.notice_blocks(text), enquiry_id)
                self._note_failure(enquiry_id, f"connection lost: {error}")
            else:
                _log.error("enquiry %s: Slack refused the reply: %s", enquiry_id, error)
                self._apologise(asked, enquiry_id)
                self._note_failure(enquiry_id, f"refused by Slack: {error}")
        else:
            metrics.count_reply(reply, asked.received)
            self._note(self._record.replied, enquiry_id, reply)
        return True

    def _is_to_be_tried(self, enquiry_id: str, error: SlackClientError | OSError) -> bool:
        """Whether to try again what may pass: an error of Slack's own a few times, a lost connection for an hour."""
        self._tries[enquiry_id] += 1
        is_unsure = isinstance(error, SlackApiError) and error.response["error"] != "ratelimited"
        return is_passing(error) and self._tries[enquiry_id] <= (_UNSURE_TRIES if is_unsure else _TRIES)

    def _reply(self, asked: Asked, channel: ChannelRow) -> Reply:
        enquiry = self.enquiry(asked, channel)
        if asked.private is None:
            self._show_status(asked, channel.language or identify(enquiry.question, setting=enquiry.setting))
        reply = self._desk.reply(enquiry)
        metrics.time_answer(reply)
        return reply

    def enquiry(self, asked: Asked, channel: ChannelRow) -> Enquiry:
        """What is asked, in its thread and its channel. Raises QuestionError."""
        question = clean_question(asked.text)
        earlier = self._record.history(asked.channel, asked.thread, asked.ts)[-_HISTORY:]
        return Enquiry(
            question=question,
            history=tuple(filter(is_question, earlier)),
            setting=self._setting(asked.user),
            answer_in=channel.language,
            staffed=True,
        )

    def _ask_to_wait(self, asked: Asked, enquiry_id: str) -> None:
        """Tell somebody who asks too much at once how much is taken."""
        text = wording.too_many_questions(self._language(asked), self._most)
        self._try_to_post(asked, text, blocks.notice_blocks(text), enquiry_id)

    def _language(self, asked: Asked) -> str:
        """In which language to tell somebody that there is no reply."""
        try:
            channel = self._channels.of(asked.channel).language
        except SQLAlchemyError:
            _log.exception("how %s is set is not known", asked.channel)
            channel = None
        return channel or identify(asked.text[:_BEGINNING], setting=self._setting(asked.user))

    def _setting(self, user: str) -> str | None:
        """The language that a person has set; None while the database does not tell."""
        try:
            return self._preferences.of(user).language
        except SQLAlchemyError:
            _log.exception("the language of %s is not known", user)
            return None

    def _apologise(self, asked: Asked, reference: str) -> None:
        """Tell the asker that there is no reply, with a number by which staff find out why."""
        if asked.overheard:  # nobody waits for one
            return
        text = wording.failure(identify(asked.text), reference)
        self._try_to_post(asked, text, blocks.notice_blocks(text), reference)

    def _try_to_post(self, asked: Asked, text: str, shown: Sequence[Block], reference: str) -> None:
        try:
            self._post(asked, text, shown, reference)
        except (SlackClientError, OSError) as error:
            _log.error("enquiry %s: not even a notice could be posted: %s", reference, error)

    def _post(self, asked: Asked, text: str, shown: Sequence[Block], reference: str) -> None:
        """Post to the thread, or to the asker alone. Raises SlackClientError, OSError."""
        if asked.private:
            asked.private(text, shown)
        else:
            self._mail.post(asked.channel, asked.thread, Letter(text, shown, _mark(reference)))

    def _note(self, put: Callable[[str, _Noted], None], enquiry_id: str, what: _Noted) -> None:
        """Put on record how an enquiry ended; the asker has been told already."""
        try:
            put(enquiry_id, what)
        except SQLAlchemyError:
            _log.exception("enquiry %s: how it ended could not be put on record", enquiry_id)

    def _note_failure(self, enquiry_id: str, error: str) -> None:
        metrics.count_question("failed")
        self._note(self._record.failed, enquiry_id, error)

    def _show_status(self, asked: Asked, language: str) -> None:
        """Show that the desk is at work; posting the reply clears it. Not every conversation can show it."""
        _ = translation(language).gettext
        try:
            self._status.assistant_threads_setStatus(
                channel_id=asked.channel, thread_ts=asked.thread, status=_("is looking into the documents…")
            )
        except (SlackClientError, OSError) as error:
            _log.debug("no status in %s: %s", asked.channel, error)


def _place(asked: Asked) -> tuple[str, str]:
    return asked.channel, asked.thread


def _mark(enquiry_id: str) -> Mark:
    return {"enquiry": enquiry_id, "message": "answer"}
