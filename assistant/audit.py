"""The audit log: who did what on the desk, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant.database import Base, Database, Moment, now


class AuditRow(Base):
    """An action of a member of staff, an admin or an asker."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    user: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(32))
    """A verb and what it was done to: "claim", "save_faq", "refresh"."""
    subject: Mapped[str] = mapped_column(String(128))
    """The id of the enquiry, FAQ entry, document or generation."""
    detail: Mapped[str] = mapped_column(Text, default="")


def log(session: Session, user: str, action: str, subject: str, detail: str = "") -> None:
    """Put an action on the log, with the change that `session` makes."""
    session.add(AuditRow(at=now(), user=user, action=action, subject=subject, detail=detail))


class Audit:
    """The log, for those who act without a change in the database, and for those who read it."""

    def __init__(self, database: Database) -> None:
        self._session = database.session

    def log(self, user: str, action: str, subject: str, detail: str = "") -> None:
        with self._session() as session:
            log(session, user, action, subject, detail)

    def last_of(self, *actions: str) -> AuditRow | None:
        """The latest of some kinds of actions."""
        with self._session() as session:
            found = select(AuditRow).where(AuditRow.action.in_(actions)).order_by(AuditRow.id.desc())
            return session.scalars(found.limit(1)).first()

    def latest(self, count: int) -> list[AuditRow]:
        """The latest actions, newest first."""
        with self._session() as session:
            return list(session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(count)))
