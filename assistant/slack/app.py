"""The bot: Bolt over Socket Mode, from its first connection to its last reply."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from slack_bolt import App
from slack_bolt.error import BoltError
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_handlers import (
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from sqlalchemy.exc import SQLAlchemyError

from assistant import metrics
from assistant.audit import Audit
from assistant.corrections import Corrections
from assistant.database import now
from assistant.desk import Desk
from assistant.enquiries import Record, open_record
from assistant.handover import WITH_STAFF, Handovers
from assistant.logs import LogStyle, log_to_stderr
from assistant.orders import Order, Orders
from assistant.outbox import Outbox
from assistant.retention import expire
from assistant.review import Reviews
from assistant.settings import Settings, SettingsError
from assistant.slack import (
    discretion,  # noqa: F401 - registers what exceptions say
    listeners,
)
from assistant.slack.backlog import Backlog
from assistant.slack.bystander import Bystander
from assistant.slack.clock import is_wrong_here
from assistant.slack.connection import Connection
from assistant.slack.courier import Courier
from assistant.slack.home import Home
from assistant.slack.http import HttpServer
from assistant.slack.people import People
from assistant.slack.staff import admin, channels, documents, review
from assistant.slack.staff import corrections as staff_corrections
from assistant.slack.staff import faq as staff_faq
from assistant.slack.staff import handovers as staff_handovers
from assistant.slack.staff.digest import Digest
from assistant.slack.staff.letters import Letters
from assistant.slack.staff.rebuilds import Rebuilds
from assistant.slack.staff.staffroom import Staffroom
from assistant.slack.watch import UnreachableError, Watch
from assistant.slack.worker import Worker
from assistant.staff_faq import StaffFaq, is_indexed
from assistant.uploads import Uploads
from assistant.workdays import working_days
from corpus.catalogue import Approved
from index.generation import is_sound, read_faq

_log = logging.getLogger(__name__)
_LISTENERS = 10
_EXPIRE_SECONDS = 24 * 3600
_KEEP_SECONDS = 5
_REMIND_SECONDS = 60
_INDEX_SECONDS = 60
_UNDECIDED_DAYS = 30
"""After so many days, a file that an admin sent and nobody decided on is let go."""
_ITSELF = "declaration-desk"
_DIGEST_SECONDS = 2
_REMINDERS = 1000
"""More reminders than one state of a handover will ever have."""
_LOOK_SECONDS = 0.2
"""How often to look for a signal: one that comes just before a long wait, or on another thread, would not end it."""


def start(settings: Settings, port: int | None = None) -> None:
    """Serve in Slack until stopped: in Socket Mode, or over HTTP on a `port`.

    Raises DeskError subclasses where it cannot start.
    """
    settings.require_secrets(http=port is not None)
    debug = settings.desk_debug
    log_to_stderr(LogStyle(settings.secrets, as_json=settings.desk_log_format == "json", debug=debug))
    record = open_record(settings.database_url, debug=debug)
    Bot(settings, Desk(settings, lasting=True), record, port).run()


class Bot:
    """The Slack side of the desk."""

    def __init__(self, settings: Settings, desk: Desk, record: Record, port: int | None = None) -> None:
        """Check the bot token with Slack and attach the listeners. With a `port`, Slack comes to it over HTTP.

        Raises SettingsError where Slack refuses it.
        """
        self._settings, self._record = settings, record
        self._desk = desk
        client = WebClient(settings.secret("slack_bot_token"), base_url=settings.api_url)
        # Not after a lost connection: the message may have been posted, and would be there twice.
        client.retry_handlers = [
            Watch(settings.api_url),
            RateLimitErrorRetryHandler(max_retry_count=5),
            ServerErrorRetryHandler(max_retry_count=2),
        ]
        self._listeners = ThreadPoolExecutor(_LISTENERS, thread_name_prefix="listener")
        try:
            app = App(
                client=client,
                signing_secret=settings.secret("slack_signing_secret") if port is not None else None,
                logger=logging.getLogger("slack_bolt.app"),
                listener_executor=self._listeners,
            )
        except OSError as error:
            raise UnreachableError(settings.api_url, error) from error
        except (BoltError, SlackClientError) as error:
            raise SettingsError(f"Slack at {settings.api_url} does not accept SLACK_BOT_TOKEN: {error}") from error
        self._handovers = Handovers(record.database)
        reviews = Reviews(record.database, self._handovers)
        people = People(client, settings)
        letters = Letters(desk, record, self._handovers, reviews, people, settings)
        outbox = Outbox(record.database)
        self._courier = Courier(client, record, self._handovers, outbox, letters, people, settings)
        backlog = Backlog()
        self._worker = Worker(
            client, desk, record, reviews, backlog, self._courier.wake, settings.desk_questions_a_minute
        )
        self._bystander = Bystander(desk, record, self._worker)
        self._audit = audit = Audit(record.database)
        self._orders = Orders(record.database)
        self._rebuilds = Rebuilds(client, settings, self._orders, audit)
        self._staff_faq = StaffFaq(record.database)
        self._ordered: Approved | None = None
        """What was looked at last: a build that was refused is not tried again and again."""
        home = Home(client, desk, record, self._handovers, people, settings)
        self._client = client
        self._room = room = Staffroom(
            desk=desk, record=record, handovers=self._handovers, staff_faq=self._staff_faq, audit=audit,
            courier=self._courier, rebuilds=self._rebuilds, people=people, home=home, settings=settings,
        )  # fmt: skip
        corrections = Corrections(record.database)
        self._offers = staff_corrections.Offers(client, room, corrections)
        self._uploads = Uploads(record.database)
        self._intake = documents.Intake(client, room, self._uploads)
        listeners.register(
            app, desk, record, self._worker, self._bystander, home, people, admin.commands(room), self._intake.receive
        )
        for each in (staff_handovers, staff_faq, admin, channels):
            each.register(app, room)
        staff_corrections.register(app, room, corrections, self._offers)
        review.register(app, room, reviews)
        documents.register(app, room, self._uploads, self._intake)
        self._digest = Digest(client, desk, record.database, settings)
        metrics.REGISTRY.register(metrics.Standing(record.database, lambda: desk.serving))
        self._connection: Connection | HttpServer
        self._health: HttpServer | None = None
        if port is not None:
            self._connection = HttpServer(app, port, self._trouble, backlog)
            return
        self._connection = socket = Connection(app, settings.secret("slack_app_token"), client, backlog)
        metrics.CONNECTED.set_function(lambda: socket.is_open)
        metrics.REGISTRY.register(metrics.CONNECTED)
        if settings.desk_health_port is not None:
            self._health = HttpServer(
                None, settings.desk_health_port, lambda: socket.trouble() or self._trouble(), backlog
            )

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM; then answer what was accepted, and return."""
        asked_to_stop: SimpleQueue[int] = SimpleQueue()  # a signal handler may fill it; setting an Event could deadlock
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, _: asked_to_stop.put(received))
        if self._health is not None:
            self._health.open()
        try:
            self._connection.open()
        except (SlackClientError, OSError) as error:
            if self._health is not None:
                self._health.close()
            if isinstance(error, OSError):
                raise UnreachableError(self._settings.api_url, error) from error
            raise SettingsError(
                f"Slack at {self._settings.api_url} does not accept SLACK_APP_TOKEN: {error}"
            ) from error
        _log.info("connected; mention the bot, or write to it directly")
        heartbeat = _Heartbeat(self._worker.renew, self._rebuilds.renew)
        heartbeat.start()
        self._courier.start()
        self._rebuilds.start(self._built)
        self._take_up_after_a_stop()
        chores = [
            _Chore(self._expire, _EXPIRE_SECONDS),
            _Chore(self._worker.take_over, _KEEP_SECONDS),
            _Chore(self._rebuilds.take_over, _KEEP_SECONDS),
            _Chore(self._remind, _REMIND_SECONDS),
            _Chore(self._index_approved, _INDEX_SECONDS),
            _Chore(self._digest.send_if_due, _DIGEST_SECONDS),
        ]
        while asked_to_stop.empty():
            for chore in chores:
                chore.do_if_due()
            time.sleep(_LOOK_SECONDS)
        _log.info("stopping: no new questions, finishing those accepted")
        self._connection.close()
        self._listeners.shutdown(wait=True)
        self._bystander.stop()
        self._worker.finish()
        self._intake.stop()
        self._courier.stop()
        self._rebuilds.stop()
        self._digest.stop()
        if self._health is not None:
            self._health.close()
        heartbeat.stop()
        self._record.close()
        _log.info("stopped")

    def _trouble(self) -> str | None:
        """Why a question could not be answered now; None if it could."""
        try:
            self._record.database.check()
        except SQLAlchemyError:
            _log.exception("the record's database does not answer")
            return "the record's database does not answer"
        return None

    def _expire(self) -> None:
        """Let go of what is older than DESK_RETENTION_DAYS, unless the clock is wrong that this goes by."""
        if is_wrong_here(self._client):
            _log.error("nothing is let go of: this machine's clock is a day or more from Slack's; set it right")
            return
        days = self._settings.desk_retention_days
        self._uploads.expire(min(_UNDECIDED_DAYS, days))
        expire(self._record.database, days)

    def _remind(self) -> None:
        """Remind staff of what has waited for another DESK_REMIND_AFTER working days."""
        settings = self._settings
        for handover in self._handovers.queue(*WITH_STAFF):
            waited = working_days(handover.since, now(), settings.desk_timezone, settings.desk_holidays)
            if occasion := int(waited / settings.desk_remind_after):
                self._handovers.remind(handover.enquiry_id, handover.version * _REMINDERS + occasion)

    def _built(self, order: Order) -> None:
        """What follows on a build: staff see who was told what it changed; whoever ordered it, their Home as it is."""
        if order.place:
            self._room.home.show(order.by)
        self._offers.follow(order)

    def _index_approved(self) -> None:
        """Index what staff approved or took out and no index knows: a bot may have stopped in between.

        What an admin has rolled back from is not built again because of entries that it knows, nor anything while what
        was ordered has not ended: that build indexes them.
        """
        if self._orders.waiting():
            return
        approved = self._staff_faq.approved(self._settings.desk_timezone)
        if approved != self._ordered:
            store = self._desk.store
            newest = next((g for g in map(store.folder, reversed(store.ids())) if is_sound(g)), None)
            if newest is None or not is_indexed(approved, read_faq(newest)):
                self._rebuilds.order(Order(_ITSELF, None, ""))
        self._ordered = approved

    def _take_up_after_a_stop(self) -> None:
        """Let files wait again that a bot was adding when it stopped; build what an admin put in or took out, and tell
        them, where a bot stopped before it could order that."""
        self._uploads.reopen_unfinished()
        last = self._audit.last_of("add_document", "retire_document", "refresh", "refresh_refused")
        if last is None or last.action not in {"add_document", "retire_document"} or self._orders.waiting():
            return
        try:
            admin.order_refresh(self._room, self._client, last.user)
        except (SlackClientError, OSError) as error:
            _log.warning("%s cannot be told of the refresh: %s", last.user, error)
            self._rebuilds.order(Order(last.user, None, ""))


class _Heartbeat:
    """A thread that renews what is in hand here, whatever the chores wait for, until all of it has ended."""

    def __init__(self, *renew: Callable[[], object]) -> None:
        self._renew = renew
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(_KEEP_SECONDS):
            for renew in self._renew:
                try:
                    renew()
                except SQLAlchemyError:
                    _log.exception("what is in hand here could not be renewed; it is tried again")


class _Chore:
    """Something to be done every so often, whatever came of it the last time."""

    def __init__(self, do: Callable[[], object], seconds: float) -> None:
        self._do, self._seconds, self._due = do, seconds, 0.0

    def do_if_due(self) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + self._seconds
        try:
            self._do()
        except Exception:  # of whatever kind: the bot would go on without its chores
            _log.exception("%s failed; it is tried again in %d s", self._do.__name__, self._seconds)
