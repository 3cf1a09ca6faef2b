"""Working time: weekends and public holidays do not count, wherever staff work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from assistant.workdays import working_days

TOKYO = "Asia/Tokyo"


def hours(start: str, end: str, zone: str = TOKYO, country: str = "JP") -> float:
    """Working hours between two moments there, written as ISO dates and times without a zone."""
    here = ZoneInfo(zone)
    first, last = (datetime.fromisoformat(each).replace(tzinfo=here) for each in (start, end))
    return round(working_days(first, last, zone, country) * 24, 6)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-06-01 09:00", "2026-06-01 10:30", 1.5),  # a Monday
        ("2026-06-01 09:00", "2026-06-02 09:00", 24),
        ("2026-06-01 00:00", "2026-06-06 00:00", 5 * 24),
        ("2026-06-01 09:00", "2026-06-08 09:00", 5 * 24),
        ("2026-06-05 18:00", "2026-06-08 09:00", 6 + 9),  # Friday evening to Monday morning
        ("2026-06-05 18:00", "2026-06-07 23:59", 6),
        ("2026-06-06 10:00", "2026-06-07 20:00", 0),  # a weekend
        ("2026-06-06 10:00", "2026-06-08 00:00", 0),
        ("2026-06-07 10:00", "2026-06-08 01:00", 1),
        ("2026-06-01 09:00", "2026-06-01 09:00", 0),
        ("2026-06-02 09:00", "2026-06-01 09:00", 0),  # the other way round
    ],
)
def test_a_working_day_is_a_day_of_24_hours_and_a_weekend_nothing(start: str, end: str, expected: float) -> None:
    assert hours(start, end) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-04-28 12:00", "2026-04-30 12:00", 24),  # 29 April: Showa Day
        ("2026-05-01 18:00", "2026-05-07 09:00", 6 + 9),  # Golden Week, with a substitute on 6 May for Sunday the 3rd
        ("2026-09-18 18:00", "2026-09-24 09:00", 6 + 9),  # a day between two holidays is one
        ("2025-12-31 12:00", "2026-01-02 12:00", 24),  # over New Year, from one year's list to the next
        ("2026-11-20 18:00", "2026-11-24 09:00", 6 + 9),  # Labour Thanksgiving on a Monday
    ],
)
def test_japans_holidays_count_nothing(start: str, end: str, expected: float) -> None:
    assert hours(start, end) == expected


def test_every_countrys_holidays_are_its_own() -> None:
    children = ("2026-05-05 00:00", "2026-05-06 00:00")  # Children's Day in Japan and Korea, a Tuesday
    assert hours(*children, country="JP") == 0
    assert hours(*children, "Asia/Seoul", "KR") == 0
    assert hours(*children, "Asia/Bangkok", "TH") == 24
    songkran = ("2026-04-14 00:00", "2026-04-15 00:00")
    assert hours(*songkran, "Asia/Bangkok", "TH") == 0
    assert hours(*songkran) == 24


def test_a_weekend_is_what_it_is_there() -> None:
    friday, sunday = ("2026-07-10 00:00", "2026-07-11 00:00"), ("2026-07-12 00:00", "2026-07-13 00:00")
    assert (hours(*friday), hours(*sunday)) == (24, 0)
    assert (hours(*friday, "Asia/Dhaka", "BD"), hours(*sunday, "Asia/Dhaka", "BD")) == (0, 24)


@pytest.mark.parametrize(
    ("zone", "country", "expected"), [(TOKYO, "JP", 9), ("Asia/Kolkata", "IN", 5.5), ("Europe/Berlin", "DE", 2)]
)
def test_days_begin_and_end_where_staff_work(zone: str, country: str, expected: float) -> None:
    """From Sunday noon to Monday midnight in UTC, it has been Monday there for as long as their clocks are ahead."""
    start, end = datetime(2026, 6, 7, 12, tzinfo=UTC), datetime(2026, 6, 8, tzinfo=UTC)
    assert round(working_days(start, end, zone, country) * 24, 6) == expected


def test_the_zone_of_the_moments_does_not_matter() -> None:
    start = datetime(2026, 6, 5, 18, tzinfo=ZoneInfo(TOKYO))
    end = start + timedelta(days=3)
    elsewhere = [ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland"), UTC]
    expected = working_days(start, end, TOKYO, "JP")
    assert expected == 1
    assert [working_days(start.astimezone(z), end.astimezone(z), TOKYO, "JP") for z in elsewhere] == [expected] * 3


def test_many_years_add_up() -> None:
    """Over a hundred weeks: the sum of the parts is the whole, wherever one cuts."""
    start, end = datetime(2026, 1, 1, 5, tzinfo=UTC), datetime(2027, 12, 2, 17, tzinfo=UTC)
    cuts = [start + timedelta(hours=hour) for hour in range(0, 24 * 700, 777)] + [end]
    parts = [working_days(one, other, TOKYO, "JP") for one, other in pairwise(cuts)]
    assert sum(parts) == pytest.approx(working_days(start, end, TOKYO, "JP"))
    assert 440 < sum(parts) < 480
