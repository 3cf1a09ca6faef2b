"""Channels: how the desk answers in each of them, as admins have set it."""

from __future__ import annotations

from sqlalchemy import Float, String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from assistant import audit
from assistant.database import Base, Database
from assistant.models import Outcome, Reply

NOTHING, EVERYTHING = 0.0, 1.0
"""Confidences below which no reply, and every reply, waits for review."""


class ChannelRow(Base):
    """How the desk answers in a channel."""

    __tablename__ = "channels"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    every_question: Mapped[bool] = mapped_column(default=False)
    """Whether it answers questions that nobody put to it; otherwise, those with a mention only."""
    private: Mapped[bool] = mapped_column(default=False)
    """Whether only the asker sees the answer."""
    review_below: Mapped[float] = mapped_column(Float, default=NOTHING)
    """Replies with a lower confidence are sent when somebody of the staff has looked at them."""
    language: Mapped[str | None] = mapped_column(String(35))
    """Of the replies; None: that of the question."""

    def holds(self, reply: Reply) -> bool:
        """Whether a reply waits for review. Help says nothing about what the documents say, and never waits."""
        if reply.outcome is Outcome.HELP:
            return False
        return self.review_below >= EVERYTHING or reply.confidence < self.review_below

    def __str__(self) -> str:
        return (
            f"every_question={self.every_question} private={self.private} review_below={self.review_below} "
            f"language={self.language}"
        )


class Channels:
    """Every channel's settings. Safe to share among threads; several processes may share one database."""

    def __init__(self, database: Database) -> None:
        self._session = database.session

    def of(self, channel: str) -> ChannelRow:
        """How the desk answers in a channel. Where nobody has set it: mentions only, to all, at once, as asked."""
        with self._session() as session:
            return session.get(ChannelRow, channel) or _as_ever(channel)

    def put(self, by: str, wanted: ChannelRow) -> None:
        """Set how the desk answers in a channel; what changes is on the audit log."""
        if str(wanted) == str(self.of(wanted.channel)):
            return
        try:
            self._put(by, wanted)
        except IntegrityError:  # two admins at the same moment, and the other one was first
            self._put(by, wanted)

    def _put(self, by: str, wanted: ChannelRow) -> None:
        with self._session() as session:
            audit.log(session, by, "settings", wanted.channel, str(wanted))
            session.flush()
            session.merge(wanted)


def _as_ever(channel: str) -> ChannelRow:
    return ChannelRow(channel=channel, every_question=False, private=False, review_below=NOTHING, language=None)
