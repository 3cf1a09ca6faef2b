"""The weekly digest: what was asked of the desk, told to the staff channel with a chart."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.blocks import Block, HeaderBlock, RichTextElement, RichTextElementParts
from sqlalchemy.exc import SQLAlchemyError

from assistant.chart import Panel, png
from assistant.database import Database, now
from assistant.desk import Desk
from assistant.digests import DigestRow, Digests, week_due
from assistant.messages import staff_translation
from assistant.report import Report
from assistant.settings import Settings
from assistant.slack.blocks import bullets, paragraph, small
from assistant.slack.mail import Letter, Mail, Mark
from assistant.slack.text import escape, flattened, shorten
from assistant.statistics import Group, gather
from assistant.wording import quoted

_log = logging.getLogger(__name__)
_GROUPS = 5
_QUESTION = 300
_ALT_TEXT = 1000
_LATEST = 200
"""Messages among which a chart is looked for that may have been posted before."""
_PASSING = {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
"""What Slack says where the same may succeed later; a chart that it refuses otherwise is left out."""
_Text = RichTextElementParts.Text


class Digest:
    """Sends the digests that are due, each once, whichever of several bots does it."""

    def __init__(self, client: WebClient, desk: Desk, database: Database, settings: Settings) -> None:
        self._client, self._mail = client, Mail(client)
        self._desk = desk
        self._database = database
        self._digests = Digests(database)
        self._settings = settings
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="digest")

    def send_if_due(self) -> None:
        """Begin to send the week's digest, if it is due, not sent, and in nobody's hands."""
        settings = self._settings
        if settings.desk_staff_channel is None:
            return
        week = week_due(now(), settings.desk_timezone, settings.desk_holidays)
        if row := self._digests.take(week):
            self._worker.submit(self._send, row, settings.desk_staff_channel)

    def stop(self) -> None:
        """Finish the digest in hand."""
        self._worker.shutdown()

    def _send(self, row: DigestRow, channel: str) -> None:
        """Post the text, then the chart; what fails is tried again, and what is there already is not posted again."""
        try:
            if not self._digests.has_history(row.until):  # a new desk does not begin by saying that nothing was asked
                self._digests.done(row)
                return
            report = self._report(row)
            if row.posted_ts is None:
                self._digests.posted(row, self._post(row, report, channel))
            self._digests.done(row, self._draw(row, report, channel))
        except (SlackClientError, OSError) as error:
            _log.warning("the digest of %s is not sent yet: %s", row.week, error)
            self._digests.put_off(row, str(error))
        except SQLAlchemyError:
            _log.exception("the digest of %s: the database failed; it is taken up again", row.week)
        except Exception as error:  # in a thread of its own, nobody else would say it
            _log.exception("the digest of %s failed", row.week)
            self._digests.put_off(row, type(error).__name__)

    def _report(self, row: DigestRow) -> Report:
        languages = self._settings.desk_staff_languages
        found = gather(self._database, row.since, row.until, self._desk, languages)
        return Report(found, self._settings.desk_timezone, languages[0])

    def _post(self, row: DigestRow, report: Report, channel: str) -> str:
        """Post the text; returns the ts of its message."""
        mark = {"message": f"digest-{row.week}"}
        known = self._mail.find(channel, None, mark) if row.attempts > 1 else None
        return known or self._mail.post(channel, None, digest_letter(report, mark))

    def _draw(self, row: DigestRow, report: Report, channel: str) -> str | None:
        """Post the chart, if there is anything to draw; returns why Slack does not want it, if so."""
        name, figure = f"enquiries-{row.week}.png", report.chart()
        if figure is None or (row.attempts > 1 and self._has_file(channel, name)):
            return None
        try:
            self._client.files_upload_v2(
                channel=channel, filename=name, title=report.title, content=png(figure), alt_txt=_read_out(report)
            )
        except SlackApiError as error:
            reason = str(error.response["error"])
            if reason in _PASSING:
                raise
            _log.warning("the chart of the digest of %s is left out: Slack says %s", row.week, reason)
            return reason
        return None

    def _has_file(self, channel: str, name: str) -> bool:
        latest = self._client.conversations_history(channel=channel, limit=_LATEST)["messages"]
        return any(file.get("name") == name for message in latest for file in message.get("files", ()))


def digest_letter(report: Report, mark: Mark) -> Letter:
    """The digest's text: the figures, the counts that the chart shows too, and what nobody could answer."""
    shown: list[Block] = [HeaderBlock(text=report.title), *_figures(report), *_unanswered(report)]
    said = " · ".join(f"{name}: {value}" for name, value in report.lines())
    return Letter(escape(f"{report.title} · {said}"), shown, mark)


def _figures(report: Report) -> list[Block]:
    _ = staff_translation(report.language).gettext
    items: list[list[RichTextElement]] = [_item(name, value) for name, value in report.lines()]
    handovers = report.handovers()
    items += [_item(panel.title, _counts(panel)) for panel in [*report.panels(), *([handovers] if handovers else [])]]
    quiet = [paragraph(_("Nobody has asked anything."))] if report.statistics.is_quiet else []
    return [*quiet, bullets(items)]


def _unanswered(report: Report) -> list[Block]:
    """The questions to which neither the desk nor a person has had an answer, for how many that is so."""
    groups = report.statistics.unreplied
    if not groups:
        return []
    items: list[list[RichTextElement]] = [
        [
            _Text(text=f"{group.unreplied:,} × ", style={"bold": True}),
            _Text(text=f"{_question(group)} ({report.languages(group)})"),
        ]
        for group in groups[:_GROUPS]
    ]
    left = len(groups) - _GROUPS
    more = [small(report.more(left))] if left > 0 else []
    return [HeaderBlock(text=report.unanswered_title), bullets(items), *more]


def _question(group: Group) -> str:
    return quoted(shorten(flattened(group.question), _QUESTION, group.language), group.language)


def _item(name: str, value: str) -> list[RichTextElement]:
    return [_Text(text=name, style={"bold": True}), _Text(text=f" · {value}")]


def _counts(panel: Panel) -> str:
    return " · ".join(f"{bar.name} {bar.number:,}" for bar in panel.bars)


def _read_out(report: Report) -> str:
    """The chart for those who do not see it."""
    text = "; ".join(f"{panel.title}: {_counts(panel)}" for panel in report.panels())
    return shorten(text, _ALT_TEXT, report.language)
