"""The bystander: hears what people say to each other, where an admin wants every question answered."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from assistant.channels import ChannelRow, Channels
from assistant.desk import Desk
from assistant.enquiries import Record
from assistant.models import QuestionError
from assistant.slack.worker import Asked, Worker

_log = logging.getLogger(__name__)


class Bystander:
    """Hands the worker what is a question for the desk; the rest is not kept, and nobody hears of it.

    Works on a thread of its own, so that small talk holds up nobody's question.
    """

    def __init__(self, desk: Desk, record: Record, worker: Worker) -> None:
        self._desk, self._record, self._worker = desk, record, worker
        self._channels = Channels(record.database)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="bystander")

    def hear(self, said: Asked) -> None:
        """Think about a message that nobody put to the desk, if its channel is set so.

        Of threads, only those count in which its author has had a reply: the others are between people.
        """
        try:
            channel = self._channels.of(said.channel)
            if not channel.every_question:
                return
            if said.thread != said.ts and not self._record.has_asked(said.user, said.channel, said.thread):
                return
        except SQLAlchemyError:
            _log.exception("how %s is set is not known; nothing said there is answered", said.channel)
            return
        self._pool.submit(self._think, replace(said, overheard=True), channel)

    def stop(self) -> None:
        """Finish what was heard; hear no more."""
        self._pool.shutdown(wait=True)

    def _think(self, said: Asked, channel: ChannelRow) -> None:
        try:
            if self._desk.concerns(self._worker.enquiry(said, channel)):
                self._worker.accept(said)
        except QuestionError:
            return
        except Exception:
            _log.exception("what was said in %s at %s could not be understood", said.channel, said.ts)
