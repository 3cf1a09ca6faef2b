"""The courier: takes notes from the outbox to Slack, until Slack has them."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from assistant.enquiries import EnquiryRow, Record
from assistant.handover import HandoverRow, Handovers
from assistant.logs import about
from assistant.outbox import Note, Outbox, OutboxRow
from assistant.settings import Settings
from assistant.slack.mail import Letter, Mail
from assistant.slack.people import People
from assistant.slack.staff.letters import Letters, mark
from assistant.slack.watch import Watch

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5
"""How often to look for notes that another bot, or an earlier life of this one, has left."""
_TIMEOUT = 10
"""Seconds; shorter than a note may be in hand."""
_A_MOMENT = timedelta(seconds=0.3)
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"}
_SHUT = {"not_in_channel", "channel_not_found", "is_archived", "is_inactive", "restricted_action", "no_permission"}
_UNREACHABLE = {
    *("user_not_found", "user_not_visible", "user_disabled"),
    *("account_inactive", "cannot_dm_bot", "messages_tab_disabled"),
}
_WARN_AGAIN_SECONDS = 24 * 3600


class _Pace:
    """About a message a second in a channel, as Slack asks, with some to spare for a busy moment."""

    burst, per_second = 30, 1.0

    def __init__(self) -> None:
        self._spare: dict[str, tuple[float, float]] = defaultdict(lambda: (self.burst, time.monotonic()))

    def wait(self, channel: str) -> float:
        """Seconds until the next message may go to `channel`; 0 if it may now, and then it is counted."""
        spare, seen = self._spare[channel]
        present = time.monotonic()
        spare = min(self.burst, spare + (present - seen) * self.per_second)
        if spare < 1:
            self._spare[channel] = spare, present
            return (1 - spare) / self.per_second
        self._spare[channel] = spare - 1, present
        return 0.0


class _Matter(NamedTuple):
    """A note with what it is about."""

    row: OutboxRow
    handover: HandoverRow
    enquiry: EnquiryRow


class Courier:
    """A thread that delivers notes. Several bots may have one each: the outbox gives each note to one of them."""

    def __init__(self, client: WebClient, record: Record, handovers: Handovers, outbox: Outbox, letters: Letters,
                 people: People, settings: Settings) -> None:  # fmt: skip
        # What Slack refuses for now waits in the outbox, where it holds up nothing else.
        patient = WebClient(client.token, base_url=client.base_url, timeout=_TIMEOUT,
                            retry_handlers=[Watch(client.base_url)])  # fmt: skip
        self._mail = Mail(patient)
        self._record = record
        self._handovers = handovers
        self._outbox = outbox
        self._letters = letters
        self._people = people
        self._channel = settings.desk_staff_channel
        self._pace = _Pace()
        self._warned_at: float | None = None
        self._awake, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier")

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There may be a new note."""
        self._awake.set()

    def hurry(self) -> None:
        """Something has changed in Slack: try at once what waits."""
        self._outbox.hurry()
        self.wake()

    def stop(self) -> None:
        """Finish the note in hand; the others wait for the next bot."""
        self._stopping.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                row = self._outbox.take()
                if row is not None:
                    with about(enquiry=row.enquiry_id):
                        self._deliver(row)
                    continue
            except SQLAlchemyError:
                _log.exception("the outbox cannot be read or written; it is tried again")
            self._awake.wait(_LOOK_SECONDS)
            self._awake.clear()

    def _deliver(self, row: OutboxRow) -> None:
        """Say what a note says, or leave it for later, or note why it can never be said."""
        handover, enquiry = self._handovers.get(row.enquiry_id), self._record.get(row.enquiry_id)
        try:
            if enquiry is not None and row.note == Note.CORRECTION:  # which an enquiry may have without a handover
                self._give(row, enquiry, self._letters.correction(enquiry, row.occasion, mark(row)))
            elif handover is None or enquiry is None:  # expired in between
                self._outbox.done(row, "no longer on record")
            elif row.to_staff:
                self._tell_staff(_Matter(row, handover, enquiry))
            else:
                self._tell_asker(_Matter(row, handover, enquiry))
        except SlackApiError as error:
            self._refused(row, error)
        except (SlackClientError, OSError) as error:
            self._outbox.put_off(row, str(error))
        except SQLAlchemyError:
            raise
        except Exception as error:  # a note that nobody can write must not stop those behind it for good
            _log.exception("%s of enquiry %s failed", row.note, row.enquiry_id)
            self._outbox.put_off(row, repr(error))

    def _tell_staff(self, matter: _Matter) -> None:
        row, handover, enquiry = matter
        if self._channel is None:
            self._outbox.put_off(row, "DESK_STAFF_CHANNEL is not set")
            return
        if row.note == Note.REMINDER:
            link = self._mail.link(handover.card_channel, handover.card_ts)
            if self._post(row, self._channel, None, self._letters.reminder(handover, enquiry, link, mark(row))):
                self._outbox.done(row)
            return
        letter = self._letters.card(handover, enquiry, self._thread_link(enquiry), mark(row))
        if handover.card_channel and handover.card_ts:
            if not self._is_ours(row):
                return
            try:
                self._mail.change(handover.card_channel, handover.card_ts, letter)
            except SlackApiError as error:
                if error.response["error"] not in _GONE:
                    raise
            else:
                self._outbox.done(row)
                return
        if ts := self._post(row, self._channel, None, letter):
            self._handovers.carded(enquiry.id, self._channel, ts)
            self._outbox.done(row)

    def _tell_asker(self, matter: _Matter) -> None:
        row, handover, enquiry = matter
        note = Note(row.note)
        card = self._outbox.first(row.enquiry_id, Note.CARD)
        if note is Note.ASKED and handover.card_ts is None and card and not card.error and not card.done_at:
            self._outbox.let_wait(row, _A_MOMENT)  # until it is known whether staff can be reached
            return
        if note is Note.REPLY:
            letter = self._letters.reply(enquiry, row.occasion, mark(row))
        elif note is Note.ANSWER:
            letter = self._letters.answer(enquiry, mark(row))
        else:
            letter = self._letters.to_asker(note, enquiry, mark(row), reached=handover.card_ts is not None)
        self._give(row, enquiry, letter)

    def _give(self, row: OutboxRow, enquiry: EnquiryRow, letter: Letter) -> None:
        """Post to the asker's thread or, where that is shut or was no thread, to their direct messages."""
        if not enquiry.private:
            there = self._letters.about(letter, enquiry) if self._is_one_of_several(row, enquiry) else letter
            try:
                if self._post(row, enquiry.channel, enquiry.thread, there):
                    self._outbox.done(row)
            except SlackApiError as error:
                if error.response["error"] not in _GONE | _SHUT:
                    raise
            else:
                return
        try:
            channel = self._mail.direct_channel(enquiry.user)
            if self._post(row, channel, None, self._letters.about(letter, enquiry)):
                self._outbox.done(row)
        except SlackApiError as error:
            if error.response["error"] not in _UNREACHABLE | _SHUT:
                raise
            reason = str(error.response["error"])
            _log.warning("enquiry %s: %s cannot be told (%s): %s", enquiry.id, enquiry.user, row.note, reason)
            self._outbox.done(row, reason)
            self._handovers.undelivered(enquiry.id, reason)

    def _is_one_of_several(self, row: OutboxRow, enquiry: EnquiryRow) -> bool:
        """Whether a note could be about other questions of its thread as well, and does not say so itself."""
        says_so = row.note in {Note.ANSWER, Note.CORRECTION}
        return not says_so and self._handovers.in_thread(enquiry.channel, enquiry.thread) > 1

    def _post(self, row: OutboxRow, channel: str, thread: str | None, letter: Letter) -> str | None:
        """Post what is not posted yet; its ts, or None if it must wait its turn, or is no longer ours to post."""
        if wait := self._pace.wait(channel):
            self._outbox.let_wait(row, timedelta(seconds=wait))
            return None
        if row.attempts and (ts := self._mail.find(channel, thread, letter.mark)):
            return ts
        return self._mail.post(channel, thread, letter) if self._is_ours(row) else None

    def _is_ours(self, row: OutboxRow) -> bool:
        """Whether a note is in hand here still: a bot that was slow, or asleep, must not say what is out of date."""
        if self._outbox.hold(row):
            return True
        _log.warning("%s of enquiry %s took too long here; another bot has it", row.note, row.enquiry_id)
        return False

    def _refused(self, row: OutboxRow, error: SlackApiError) -> None:
        """Try again later, sooner or later as Slack says; where the staff channel is shut, tell the admins."""
        reason = str(error.response["error"])
        wait = error.response.headers.get("Retry-After") if error.response.status_code == 429 else None
        _log.warning("%s of enquiry %s: Slack says %s", row.note, row.enquiry_id, reason)
        self._outbox.put_off(row, reason, timedelta(seconds=float(wait)) if wait else None)
        if reason in _SHUT and row.to_staff:
            self._warn_admins(reason)

    def _warn_admins(self, reason: str) -> None:
        """Once a day: staff cannot be reached, and what to do."""
        if self._warned_at is not None and time.monotonic() - self._warned_at < _WARN_AGAIN_SECONDS:
            return
        self._warned_at = time.monotonic()
        letter = self._letters.channel_shut(self._channel or "", reason)
        for admin in self._people.admins():
            try:
                self._mail.post_directly(admin, letter)
            except (SlackClientError, OSError) as error:
                _log.warning("admin %s could not be told: %s", admin, error)

    def _thread_link(self, enquiry: EnquiryRow) -> str | None:
        return None if enquiry.private else self._mail.link(enquiry.channel, enquiry.thread)
