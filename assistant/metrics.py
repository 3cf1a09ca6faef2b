"""What is counted of a running bot, for Prometheus; each bot tells of itself.

No label tells who asked or what: all are from lists that are closed.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    Metric,
    ProcessCollector,
    disable_created_metrics,
    make_wsgi_app,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from assistant.database import Database, now
from assistant.enquiries import RECEIVED, EnquiryRow
from assistant.handover import WITH_STAFF, HandoverRow
from assistant.languages import SUPPORTED
from assistant.migrations import HEAD
from assistant.models import Outcome, Reply
from assistant.outbox import OutboxRow
from index.generation import FORMAT, Manifest

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series beside each, for what nobody asks

REGISTRY = CollectorRegistry()
page: WSGIApplication = make_wsgi_app(REGISTRY)
"""What Prometheus reads."""
OTHER = "other"
"""The label of what is in no list."""

_QUESTIONS = Counter(
    "desk_questions",
    "Questions by outcome: those of replies; refused (no question, too long); failed (an apology, or nothing)",
    ("outcome", "language"),
    registry=REGISTRY,
)
_ANSWER_SECONDS = Histogram(
    "desk_answer_seconds",
    "The desk's own time for a reply",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
_REPLY_SECONDS = Histogram(
    "desk_reply_seconds",
    "From a question's receipt until Slack had taken its reply; replies that staff review first are not among them",
    buckets=(0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 1800),
    registry=REGISTRY,
)
_SLACK_ERRORS = Counter(
    "desk_slack_errors", "What Slack refused or did not answer, each attempt", ("method", "error"), registry=REGISTRY
)
IN_HAND = Gauge("desk_questions_in_hand", "Questions that this bot is answering or has queued", registry=REGISTRY)
CONNECTED = Gauge("desk_slack_connected", "Whether this bot is connected to Slack", registry=None)
"""Registered in Socket Mode alone: over HTTP there is no connection to be without."""

_QUESTIONS.labels("failed", OTHER)  # there from the start: the increase of what begins with the first failure is none
ProcessCollector(registry=REGISTRY)
Info("desk_build", "What runs", registry=REGISTRY).info({
    "version": version("declaration-desk"),
    "schema": HEAD,
    "index_format": str(FORMAT),
    "python": platform.python_version(),
})  # fmt: skip


def count_question(outcome: Outcome | Literal["refused", "failed"], language: str = OTHER) -> None:
    """Count a question that has come to its end here."""
    _QUESTIONS.labels(outcome, language if language in SUPPORTED else OTHER).inc()


def count_reply(reply: Reply, received: datetime) -> None:
    """Count a reply that Slack has taken, to a question that was `received` then."""
    count_question(reply.outcome, reply.language)
    _REPLY_SECONDS.observe(max(0.0, (now() - received).total_seconds()))


def time_answer(reply: Reply) -> None:
    """Note how long the desk took for a reply, sent or not."""
    _ANSWER_SECONDS.observe(reply.elapsed_ms / 1000)


def count_slack_error(method: str, error: str) -> None:
    """Count an attempt that failed; both names are from closed lists."""
    _SLACK_ERRORS.labels(method, error).inc()


class Standing(Collector):
    """How things stand with the index and the record's database, looked up whenever somebody asks."""

    def __init__(self, database: Database, serving: Callable[[], Manifest]) -> None:
        self._database, self._serving = database, serving

    def collect(self) -> Iterator[Metric]:
        manifest = self._serving()
        built = datetime.fromisoformat(manifest.created)
        yield GaugeMetricFamily(
            "desk_index_age_seconds", "Since the build of the generation that serves", (now() - built).total_seconds()
        )
        yield InfoMetricFamily("desk_index", "The generation that serves", {"generation": manifest.id})
        try:
            waiting = self._waiting()
        except SQLAlchemyError:
            waiting = None
        yield GaugeMetricFamily("desk_database_up", "Whether the record's database answers", int(waiting is not None))
        yield from waiting or ()

    def _waiting(self) -> list[Metric]:
        """What waits, in all bots. Raises SQLAlchemyError."""
        with self._database.session() as session:
            questions = session.scalar(
                select(func.count()).select_from(EnquiryRow).where(EnquiryRow.status == RECEIVED)
            )
            notes = session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.done_at.is_(None)))
            by_state = select(HandoverRow.state, func.count()).group_by(HandoverRow.state)
            handovers = dict(session.execute(by_state.where(HandoverRow.state.in_(WITH_STAFF))).tuples().all())
        states = GaugeMetricFamily("desk_handovers_waiting", "Handovers that wait for staff", labels=("state",))
        for state in WITH_STAFF:
            states.add_metric((state,), handovers.get(state, 0))
        return [
            GaugeMetricFamily("desk_questions_waiting", "Questions on record without a reply yet", questions or 0),
            GaugeMetricFamily("desk_outbox_notes_waiting", "Notes that Slack has not taken yet", notes or 0),
            states,
        ]
