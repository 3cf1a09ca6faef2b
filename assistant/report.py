"""The report: statistics as staff read them, with names in their language; as a page and as a chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from assistant import page as html
from assistant.chart import BLACK, GREEN, GREY, ORANGE, RED, SKY, Bar, Panel, chart
from assistant.messages import staff_translation
from assistant.models import Outcome
from assistant.slack.staff.cards import language_name
from assistant.slack.staff.figures import (
    duration_name,
    failed_name,
    outcome_name,
    period_name,
    staff_language,
    state_name,
    topic_name,
)
from assistant.statistics import Group, Statistics
from assistant.wording import listed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLOURS = {
    Outcome.ANSWERED: GREEN,
    Outcome.POSSIBLE: ORANGE,
    Outcome.NOT_STATED: SKY,
    Outcome.NOT_FOUND: RED,
    Outcome.HELP: GREY,
}
_MOST_BARS = 12
"""In one panel of the chart; what is left is one bar more."""


class Report:
    """Statistics put into words, in a language of the staff."""

    def __init__(self, statistics: Statistics, zone: str, language: str) -> None:
        """`zone` is where staff's days begin and end."""
        self.statistics = statistics
        self.language = staff_language(language)
        self._period = period_name(statistics.since, statistics.until, zone, self.language)
        self._say = staff_translation(self.language).gettext

    @property
    def title(self) -> str:
        _ = self._say
        return _("Enquiries, {period}").format(period=self._period)

    def lines(self) -> list[tuple[str, str]]:
        """The figures that stand for themselves, each with its name."""
        _, found = self._say, self.statistics
        lines = [(_("Enquiries"), f"{found.enquiries:,}")]
        if asked := sum(found.handovers.values()):
            lines.append((_("A person was asked for"), f"{asked:,}"))
        if found.median_wait is not None:
            wait = duration_name(found.median_wait, self.language)
            lines.append((_("Time to a person's reply (median)"), wait))
        if found.waiting:
            lines.append((_("Wait for a person's reply now"), f"{found.waiting:,}"))
        if found.helpful or found.not_helpful:
            lines.append((_("Found helpful / not helpful"), f"{found.helpful:,} / {found.not_helpful:,}"))
        return lines

    def panels(self) -> list[Panel]:
        """The enquiries by outcome, language and topic; what nothing was counted of is left out."""
        _, found, language = self._say, self.statistics, self.language
        outcomes = [Bar(outcome_name(each, language), found.outcomes[each], _COLOURS[each]) for each in Outcome]
        panels = [
            Panel(_("Outcome"), _counted([*outcomes, Bar(failed_name(language), found.failed, BLACK)])),
            Panel(_("Language"), _named(found.languages, lambda tag: language_name(tag, language))),
            Panel(_("Topic"), _named(found.topics, lambda topic: topic_name(topic, language))),
        ]
        return [panel for panel in panels if panel.bars]

    def handovers(self) -> Panel | None:
        """The handovers by state; None if nobody asked for a person."""
        _, found, language = self._say, self.statistics, self.language
        bars = _counted(Bar(state_name(state, language), number) for state, number in found.handovers.items())
        return Panel(_("Handovers"), bars) if bars else None

    @property
    def unanswered_title(self) -> str:
        _ = self._say
        return _("Nobody could answer")

    @property
    def unanswered_heads(self) -> tuple[str, str, str, str]:
        """What is told of questions that nobody could answer (see `unanswered`)."""
        _ = self._say
        return _("Times"), _("Question"), _("Languages"), _("Replied to")

    def unanswered(self) -> list[tuple[Group, str]]:
        """The questions that nobody could answer, the most asked first, each with its languages' names."""
        return [(group, self.languages(group)) for group in self.statistics.unanswered]

    def languages(self, group: Group) -> str:
        """In which languages the questions of a group were asked."""
        return listed([language_name(tag, self.language) for tag in group.languages], self.language)

    def more(self, count: int) -> str:
        """That there is more than is shown."""
        _ = self._say
        return _("and {count} more").format(count=count)

    def chart(self) -> Figure | None:
        """Enquiries by outcome, language and topic; None if there are none."""
        panels = [Panel(panel.title, self._bars(panel.bars)) for panel in self.panels()]
        return chart(self.title, panels) if panels else None

    def page(self) -> str:
        """An HTML page that needs nothing from elsewhere."""
        figure, handovers = self.chart(), self.handovers()
        parts = [
            html.table((), (html.row([html.cell(name), html.number(value)]) for name, value in self.lines())),
            *([f"<figure>{html.svg(figure)}</figure>"] if figure else []),
            *(_table(panel) for panel in self.panels()),
            *([_table(handovers)] if handovers else []),
        ]
        if questions := self.unanswered():
            rows = (
                html.row([
                    html.number(f"{group.count:,}"),
                    html.cell(group.question, group.language),
                    html.cell(languages),
                    html.number(f"{group.replied:,}"),
                ])
                for group, languages in questions
            )  # fmt: skip
            parts += [html.heading(self.unanswered_title), html.table(self.unanswered_heads, rows)]
        return html.page(self.title, self.language, "\n".join(parts))

    def _bars(self, bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
        _ = self._say
        if len(bars) <= _MOST_BARS + 1:
            return bars
        rest = sum(bar.number for bar in bars[_MOST_BARS:])
        return (*bars[:_MOST_BARS], Bar(_("others"), rest, GREY))


def _counted(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    return tuple(bar for bar in bars if bar.number)


def _named(counts: Mapping[str, int], name: Callable[[str], str]) -> tuple[Bar, ...]:
    return tuple(Bar(name(key), count) for key, count in counts.items())


def _table(panel: Panel) -> str:
    rows = (html.row([html.cell(bar.name), html.number(f"{bar.number:,}")]) for bar in panel.bars)
    return html.heading(panel.title) + html.table((), rows)
