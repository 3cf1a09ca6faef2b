"""What people have set for themselves: the language they read, and what of the queue they want to see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from assistant.database import Base, Database, Moment, now


class PreferenceRow(Base):
    """What one person has set; None where they have not."""

    __tablename__ = "preferences"

    user: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str | None] = mapped_column(String(35))
    """Of the App Home, and of replies to questions that do not tell theirs."""
    queue_state: Mapped[str | None] = mapped_column(String(16))
    """Of the queue, staff see what is in this state only."""
    queue_language: Mapped[str | None] = mapped_column(String(35))
    """Of the queue, staff see what was asked in this language only."""
    set_at: Mapped[datetime] = mapped_column(Moment)
    """When they last set something."""


class Preferences:
    """Everybody's preferences. Safe to share among threads; several processes may share one database."""

    def __init__(self, database: Database) -> None:
        self._session = database.session

    def of(self, user: str) -> PreferenceRow:
        """What a person has set."""
        with self._session() as session:
            return session.get(PreferenceRow, user) or PreferenceRow(user=user)

    def put(self, user: str, **values: str | None) -> None:
        """Set some of a person's preferences, by their names in PreferenceRow; None takes one back."""
        try:
            self._put(user, **values)
        except IntegrityError:  # two clicks at the same moment, and the other one was first
            self._put(user, **values)

    def _put(self, user: str, **values: str | None) -> None:
        with self._session() as session:
            session.merge(PreferenceRow(user=user, set_at=now(), **values))
