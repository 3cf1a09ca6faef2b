"""Builds of the index that people ask for in Slack: one at a time, told in one message that is edited as they go."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import ActionsBlock, Block

from assistant.apart import apart
from assistant.audit import Audit
from assistant.gate import WorseGenerationError
from assistant.indexing import Built, rebuild
from assistant.messages import staff_translation
from assistant.settings import Settings
from assistant.slack.blocks import button, paragraph
from assistant.slack.mail import Letter, Mail
from assistant.slack.text import escape
from corpus.errors import DeskError
from corpus.models import FAQ_DOCUMENT
from corpus.progress import Progress, Stage
from index.changes import Change
from index.generation import Trial

_log = logging.getLogger(__name__)
INDEX_REFRESH, INDEX_ROLLBACK = "index_refresh", "index_rollback"
FORCE = "force"
_EDIT_SECONDS = 2.0
"""Between two edits of a message: Slack wants about one a second in a channel."""
_ASK_AGAIN_SECONDS = (1, 2, 4, 8, 16)
_LONGEST = 2500


@dataclass(frozen=True)
class Place:
    """Where to tell how it goes."""

    channel: str
    thread: str | None = None


@dataclass(frozen=True)
class Order:
    """A build that somebody wants."""

    by: str
    place: Place | None
    """None where nobody asked for word of it."""
    title: str
    """What is told before it begins."""
    force: bool = False
    ended: Callable[[Built | None], object] = lambda _: None
    """Called at the end with what was built, or None if nothing was."""


class Report:
    """One message, edited as work goes on."""

    def __init__(self, mail: Mail, place: Place | None, title: str) -> None:
        self._mail, self._place, self._title = mail, place, title
        self._ts: str | None = None
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
        letter = Letter(escape(text[:_LONGEST]), [paragraph(text[:_LONGEST]), *buttons], {"message": "report"})
        self._edited = time.monotonic()
        try:
            if self._ts is None:
                self._ts = self._mail.post(self._place.channel, self._place.thread, letter)
            else:
                self._mail.change(self._place.channel, self._ts, letter)
        except (SlackClientError, OSError) as error:
            _log.warning("how a build goes could not be told in %s: %s", self._place.channel, error)
            return False
        return True

    def progress(self, language: str) -> Progress:
        """Tells how far it is, every other second; never less than before, where a stage begins anew."""
        _ = staff_translation(language).gettext
        most: dict[Stage, int] = {}
        names = {
            Stage.READING: _("reading documents"),
            Stage.ENCODING: _("indexing"),
            Stage.ASKING: _("asking golden questions"),
        }

        def tell(stage: Stage, done: int, total: int) -> None:
            if total and time.monotonic() - self._edited >= _EDIT_SECONDS:
                most[stage] = max(most.get(stage, 0), done * 100 // total)
                self.say(f"{self._title}\n{names[stage]}: {most[stage]} %", [])

        return tell


class Rebuilds:
    """A thread that builds what was ordered, in a process apart, in the order that it was ordered."""

    def __init__(self, client: WebClient, settings: Settings, audit: Audit) -> None:
        self._mail = Mail(client)
        self._settings = settings
        self._audit = audit
        self._language = settings.desk_staff_languages[0]
        self._orders: SimpleQueue[Order | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="rebuilds")

    def start(self) -> None:
        self._thread.start()

    def order(self, order: Order) -> None:
        self._orders.put(order)

    def stop(self) -> None:
        """Finish the build in hand; a bot that starts again finds what is not indexed yet."""
        self._orders.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while (order := self._orders.get()) is not None:
            built: Built | None = None
            try:
                built = self._build(order)
            except Exception:
                _log.exception("a build ordered by %s failed", order.by)
            try:
                order.ended(built)
            except Exception:  # what follows on one build must not end the thread that makes the next
                _log.exception("what follows on a build ordered by %s failed", order.by)

    def _build(self, order: Order) -> Built | None:
        _ = staff_translation(self._language).gettext
        report = Report(self._mail, order.place, order.title)
        try:
            built = apart(rebuild, report.progress(self._language), self._settings, order.by, order.force)
        except WorseGenerationError as error:
            self._audit.log(order.by, "refresh_refused", "index", str(error))
            again = ActionsBlock(elements=[button(_("Make it current all the same"), INDEX_REFRESH, FORCE, "danger")])
            report.end(_("The index stays as it was: {reason}").format(reason=error), [again])
            return None
        except (DeskError, OSError) as error:
            _log.warning("a build ordered by %s failed: %s", order.by, error)
            report.end(_("The index stays as it was: {reason}").format(reason=error), [])
            return None
        if built.is_new:
            self._audit.log(order.by, "refresh", built.manifest.id, "forced" if order.force else "")
            back = [ActionsBlock(elements=[button(_("Roll back"), INDEX_ROLLBACK, built.manifest.previous or "")])]
            report.end(told(built, self._language), back if built.manifest.previous else [])
        else:
            report.end(_("Nothing has changed: generation {id} holds it all.").format(id=built.manifest.id), [])
        return built


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
