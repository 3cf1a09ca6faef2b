"""Dates as people read them, and the years that relative dates in a document mean."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.messages import translation
from corpus.models import Document

_FISCAL_START = 4
"""Japan's fiscal year runs from April to March and is called by the year in which it begins."""

# What a relative expression adds to the year in which the document was published.
_YEARS = {"再来年": 2, "来年": 1, "今年": 0, "本年": 0, "昨年": -1, "去年": -1}
_FISCAL_YEARS = {"再来年度": 2, "来年度": 1, "今年度": 0, "本年度": 0, "昨年度": -1, "前年度": -1}
_ENGLISH = {"next": 1, "coming": 1, "this": 0, "current": 0, "last": -1, "previous": -1}
_RELATIVE = re.compile(
    "|".join(sorted([*_FISCAL_YEARS, *_YEARS], key=len, reverse=True))
    + rf"|\b(?:{'|'.join(_ENGLISH)})\s+(?:fiscal\s+|financial\s+)?year\b",
    re.IGNORECASE,
)


def explain_relative_dates(quote: str, document: Document, language: str) -> list[str]:
    """A line for each relative date of `quote`, telling the year that it means in `document`.

    Empty where the quote has none, or the catalogue does not say when the document was published.
    """
    lines: list[str] = []
    for found in dict.fromkeys(match.group() for match in _RELATIVE.finditer(quote)):
        if meaning := _meaning(found, document.published, language):
            _ = translation(language).gettext
            lines.append(_("“{expression}” here means {meaning}.").format(expression=found, meaning=meaning))
    return lines


def _meaning(expression: str, published: str | None, language: str) -> str | None:
    if published is None:
        return None
    year, month = int(published[:4]), int(published[5:7]) if len(published) >= 7 else None
    _ = translation(language).gettext
    words = expression.lower().split()
    if expression in _FISCAL_YEARS or len(words) == 3:
        if month is None:
            return None
        shift = _FISCAL_YEARS[expression] if expression in _FISCAL_YEARS else _ENGLISH[words[0]]
        first = year - (month < _FISCAL_START) + shift
        return _("fiscal {year} (April {year} to March {next})").format(year=first, next=first + 1)
    return _("the year {year}").format(year=year + (_YEARS.get(expression) or _ENGLISH.get(words[0], 0)))


def day(value: date, language: str) -> str:
    """ "24 Nov 2026", "2026年11月24日", "24 tháng 11, 2026"."""
    from babel.dates import format_date

    return format_date(value, "d MMM y" if language == "en" else "long", locale=language.replace("-", "_"))


def local_day(moment: datetime, zone: str) -> date:
    """The day that it is at a moment in a time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def minute(moment: datetime, zone: str, language: str) -> str:
    """ "24 Nov 2026 15:07", "2026年11月24日 15:07", by the clocks of a time zone."""
    return f"{day(local_day(moment, zone), language)} {moment.astimezone(ZoneInfo(zone)):%H:%M}"


def published(value: str | None, language: str) -> str:
    """A catalogue date, whole or in part: "November 2025", "2025年11月"; "" for None."""
    from babel.dates import format_date, format_skeleton

    if value is None:
        return ""
    year, month, dom = (int(part) for part in [*value.split("-"), "1", "1"][:3])
    when, locale = date(year, month, dom), language.replace("-", "_")
    if len(value) == 10:
        return format_date(when, "long", locale=locale)
    return format_skeleton("yMMMM" if len(value) == 7 else "y", when, locale=locale)
