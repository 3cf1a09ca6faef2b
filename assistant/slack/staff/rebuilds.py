"""Builds of the index that people ask for in Slack: one at a time, told in one message that is edited as they go."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import ActionsBlock, Block
from sqlalchemy.exc import SQLAlchemyError

from assistant.apart import apart
from assistant.audit import Audit
from assistant.gate import WorseGenerationError
from assistant.indexing import Built, rebuild
from assistant.messages import staff_translation
from assistant.orders import Order, OrderRow, Orders, Place
from assistant.settings import Settings
from assistant.slack.blocks import button, paragraph
from assistant.slack.mail import Letter, Mail, Mark
from assistant.slack.text import escape
from corpus.errors import DeskError
from corpus.models import FAQ_DOCUMENT
from corpus.progress import Progress, Stage
from index.changes import Change
from index.generation import Trial

_log = logging.getLogger(__name__)
INDEX_REFRESH, INDEX_ROLLBACK = "index_refresh", "index_rollback"
FORCE = "force"
_REPORT = {"message": "report"}
_EDIT_SECONDS = 2.0
"""Between two edits of a message: Slack wants about one a second in a channel."""
_ASK_AGAIN_SECONDS = (1, 2, 4, 8, 16)
_LONGEST = 2500


class Report:
    """One message, edited as work goes on."""

    def __init__(self, mail: Mail, place: Place | None, title: str, *, mark: Mark = _REPORT, ts: str | None = None,
                 posted: Callable[[str], object] = lambda _ts: None) -> None:  # fmt: skip
        """`ts` is the message, if it is there already; else `posted` is called with it once it is."""
        self._mail, self._place, self._title, self._mark = mail, place, title, mark
        self._ts, self._posted = ts, posted
        self._edited = 0.0
        self.say(title, [])

    def end(self, text: str, buttons: Sequence[Block]) -> None:
        """Say how it ended; people wait for that, so where Slack does not take it, it is asked again for a while."""
        for seconds in _ASK_AGAIN_SECONDS:
            if self.say(text, buttons):
                return
            time.sleep(seconds)
        self.say(text, buttons)

    def say(self, text: str, buttons: Sequence[Block]) -> bool:
        """Put a text, and what may follow on it, in the message's place; work goes on whether Slack takes it or not."""
        if self._place is None:
            return True
        letter = Letter(escape(text[:_LONGEST]), [paragraph(text[:_LONGEST]), *buttons], self._mark)
        self._edited = time.monotonic()
        try:
            if self._ts is None:
                self._ts = self._mail.post(self._place.channel, self._place.thread, letter)
                self._posted(self._ts)
            else:
                self._mail.change(self._place.channel, self._ts, letter)
        except (SlackClientError, OSError) as error:
            _log.warning("how a build goes could not be told in %s: %s", self._place.channel, error)
            return False
        return True

    def progress(self, language: str, seconds: float = _EDIT_SECONDS) -> Progress:
        """Tells how far it is, every so many seconds; never less than before, where a stage begins anew."""
        _ = staff_translation(language).gettext
        most: dict[Stage, int] = {}
        names = {
            Stage.READING: _("reading documents"),
            Stage.ENCODING: _("indexing"),
            Stage.LEARNING: _("learning the questions"),
            Stage.ASKING: _("asking golden questions"),
        }

        def tell(stage: Stage, done: int, total: int) -> None:
            if total and time.monotonic() - self._edited >= seconds:
                most[stage] = max(most.get(stage, 0), done * 100 // total)
                self.say(f"{self._title}\n{names[stage]}: {most[stage]} %", [])

        return tell


class Rebuilds:
    """A thread that builds what was ordered, in a process apart; one build takes up all that waits."""

    def __init__(self, client: WebClient, settings: Settings, orders: Orders, audit: Audit) -> None:
        self._mail = Mail(client)
        self._settings = settings
        self._orders, self._audit = orders, audit
        self._language = settings.desk_staff_languages[0]
        self._in_hand: list[OrderRow] = []
        """Ordered or taken over, and not ended yet."""
        self._changed = threading.Condition()
        """Guards what is in hand, and whether to stop."""
        self._stopping = False
        self._ended: Callable[[Order], object] = lambda _order: None
        self._thread = threading.Thread(target=self._run, name="rebuilds")

    def start(self, ended: Callable[[Order], object]) -> None:
        """Begin to build; `ended` is called with each order when its build has ended, whatever came of it."""
        self._ended = ended
        self.take_over()
        self._thread.start()

    def order(self, order: Order) -> None:
        self._take(self._orders.put(order))

    def renew(self) -> None:
        """Say on record that what is in hand here still is; call it every few seconds."""
        with self._changed:
            ids = [row.id for row in self._in_hand]
        self._orders.keep(ids)

    def take_over(self) -> None:
        """Take on what a bot that stopped has let go of; call it every few seconds."""
        self._take(*self._orders.take_abandoned())

    def stop(self) -> None:
        """Finish the build in hand; what waits is left to the bot that starts next."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()
        self._orders.let_go(row.id for row in self._in_hand)

    def _take(self, *rows: OrderRow) -> None:
        with self._changed:
            self._in_hand += rows
            self._changed.notify()

    def _next(self) -> list[OrderRow]:
        """What one build takes up next, once there is something; nothing when it is time to stop.

        What is to be built in any case does not go with what the gate may refuse.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._in_hand)
            return [] if self._stopping else [row for row in self._in_hand if row.force == self._in_hand[0].force]

    def _run(self) -> None:
        while rows := self._next():
            try:
                self._build(rows, [self._report(row, row.order()) for row in rows])
            except Exception:
                _log.exception("a build ordered by %s failed", _people(rows))
            for row in rows:
                self._end(row)

    def _end(self, row: OrderRow) -> None:
        try:
            self._ended(row.order())
        except Exception:  # what follows on one build must not end the thread that makes the next
            _log.exception("what follows on a build ordered by %s failed", row.by)
        with self._changed:
            self._in_hand.remove(row)
        try:
            self._orders.done(row.id)
        except SQLAlchemyError:
            _log.exception("that a build ordered by %s has ended could not be noted; it is made again", row.by)

    def _report(self, row: OrderRow, order: Order) -> Report:
        """The message that tells how it goes: the one that is there, where another bot began to tell."""
        mark = {**_REPORT, "order": row.id}
        if row.ts is None and row.taken_over and order.place:
            with suppress(SlackClientError, OSError):  # then there may be two, of which one ends
                row.ts = self._mail.find(order.place.channel, order.place.thread, mark)

        def posted(ts: str) -> None:
            with suppress(SQLAlchemyError):  # then it is found by its mark
                self._orders.told(row.id, ts)

        return Report(self._mail, order.place, order.title, mark=mark, ts=row.ts, posted=posted)

    def _build(self, rows: Sequence[OrderRow], reports: Sequence[Report]) -> None:
        """Make one build for orders that are equally forced, and tell of its end in all their messages."""
        _ = staff_translation(self._language).gettext
        people, force = _people(rows), rows[0].force
        told_so_far = [report.progress(self._language, _EDIT_SECONDS * len(reports)) for report in reports]

        def progress(stage: Stage, done: int, total: int) -> None:
            for tell in told_so_far:
                tell(stage, done, total)

        def end(text: str, *buttons: Block) -> None:
            for report in reports:
                report.end(text, buttons)

        def log(action: str, subject: str, detail: str) -> None:
            for by in self._orders.people(row.id for row in rows):
                self._audit.log(by, action, subject, detail)

        try:
            built = apart(rebuild, progress, self._settings, ", ".join(people), force)
        except WorseGenerationError as error:
            log("refresh_refused", "index", str(error))
            again = ActionsBlock(elements=[button(_("Make it current all the same"), INDEX_REFRESH, FORCE, "danger")])
            end(_("The index stays as it was: {reason}").format(reason=error), again)
            return
        except (DeskError, OSError) as error:
            _log.warning("a build ordered by %s failed: %s", people, error)
            end(_("The index stays as it was: {reason}").format(reason=error))
            return
        if built.is_new:
            log("refresh", built.manifest.id, "forced" if force else "")
            back = [ActionsBlock(elements=[button(_("Roll back"), INDEX_ROLLBACK, built.manifest.previous or "")])]
            end(told(built, self._language), *(back if built.manifest.previous else []))
        else:
            end(_("Nothing has changed: generation {id} holds it all.").format(id=built.manifest.id))


def _people(rows: Sequence[OrderRow]) -> list[str]:
    """Whoever ordered, each once."""
    return list(dict.fromkeys(row.by for row in rows))


def told(built: Built, language: str) -> str:
    """What a build came to: its generation, what changed, how the golden questions fared."""
    _ = staff_translation(language).gettext
    head = _("Generation {id} answers now.").format(id=built.manifest.id)
    return "\n".join([head, *change_lines(built.changes, language), *trial_lines(built.manifest.trial, language)])


def change_lines(changes: Sequence[Change], language: str) -> list[str]:
    """ "framework-ja: +41 ~3 −28 passages", one line a document."""
    _ = staff_translation(language).gettext
    lines = []
    for change in changes:
        noun = _("entries") if change.document == FAQ_DOCUMENT else _("passages")
        counts = f"+{change.added} ~{change.changed} −{change.removed}"
        lines.append(f"{change.document}: {counts} {noun}")
    return lines


def trial_lines(trial: Trial | None, language: str) -> list[str]:
    _ = staff_translation(language).gettext
    if trial is None:
        return []
    line = _("golden questions: {before} → {after} of {all} right")
    return [line.format(before=trial.right_before, after=trial.right, all=trial.questions)]
