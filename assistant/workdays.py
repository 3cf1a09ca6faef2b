"""Working time: how many working days lie between two moments, where staff work."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

_DAY = timedelta(days=1)


def working_days(start: datetime, end: datetime, zone: str, country: str) -> float:
    """Working days from `start` to `end` (both with a zone), in part too; 0 if `end` is earlier.

    A day of 24 hours counts 1; weekends and the public holidays of `country` (ISO 3166) count nothing.
    """
    here = ZoneInfo(zone)
    moment, last = start.astimezone(here), end.astimezone(here)
    worked = timedelta()
    while moment < last:
        midnight = datetime.combine(moment.date() + _DAY, time(), here)
        until = min(midnight, last)
        if is_working_day(moment.date(), country):
            worked += until - moment
        moment = until
    return worked / _DAY


def is_working_day(day: date, country: str) -> bool:
    """Whether a day is neither weekend nor a public holiday of `country` (ISO 3166)."""
    return _holidays(country).is_working_day(day)


@cache
def _holidays(country: str) -> HolidayBase:
    return country_holidays(country)
