"""The second way of counting: by days on a calendar and hours on a clock, slow and obvious."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from core.domain.dates import Period, Unit

ONE_DAY, ONE_HOUR = timedelta(days=1), timedelta(hours=1)

BANK_HOLIDAYS = {
    2011: "3 Jan, 22 Apr, 25 Apr, 29 Apr, 2 May, 30 May, 29 Aug, 26 Dec, 27 Dec",
    2012: "2 Jan, 6 Apr, 9 Apr, 7 May, 4 Jun, 5 Jun, 27 Aug, 25 Dec, 26 Dec",
    2013: "1 Jan, 29 Mar, 1 Apr, 6 May, 27 May, 26 Aug, 25 Dec, 26 Dec",
    2014: "1 Jan, 18 Apr, 21 Apr, 5 May, 26 May, 25 Aug, 25 Dec, 26 Dec",
    2015: "1 Jan, 3 Apr, 6 Apr, 4 May, 25 May, 31 Aug, 25 Dec, 28 Dec",
    2016: "1 Jan, 25 Mar, 28 Mar, 2 May, 30 May, 29 Aug, 26 Dec, 27 Dec",
    2017: "2 Jan, 14 Apr, 17 Apr, 1 May, 29 May, 28 Aug, 25 Dec, 26 Dec",
    2018: "1 Jan, 30 Mar, 2 Apr, 7 May, 28 May, 27 Aug, 25 Dec, 26 Dec",
    2019: "1 Jan, 19 Apr, 22 Apr, 6 May, 27 May, 26 Aug, 25 Dec, 26 Dec",
    2020: "1 Jan, 10 Apr, 13 Apr, 8 May, 25 May, 31 Aug, 25 Dec, 28 Dec",
    2021: "1 Jan, 2 Apr, 5 Apr, 3 May, 31 May, 30 Aug, 27 Dec, 28 Dec",
    2022: "3 Jan, 15 Apr, 18 Apr, 2 May, 2 Jun, 3 Jun, 29 Aug, 19 Sep, 26 Dec, 27 Dec",
    2023: "2 Jan, 7 Apr, 10 Apr, 1 May, 8 May, 29 May, 28 Aug, 25 Dec, 26 Dec",
    2024: "1 Jan, 29 Mar, 1 Apr, 6 May, 27 May, 26 Aug, 25 Dec, 26 Dec",
    2025: "1 Jan, 18 Apr, 21 Apr, 5 May, 26 May, 25 Aug, 25 Dec, 26 Dec",
    2026: "1 Jan, 3 Apr, 6 Apr, 4 May, 25 May, 31 Aug, 25 Dec, 28 Dec",
    2027: "1 Jan, 26 Mar, 29 Mar, 3 May, 31 May, 30 Aug, 27 Dec, 28 Dec",
    2028: "3 Jan, 14 Apr, 17 Apr, 1 May, 29 May, 28 Aug, 25 Dec, 26 Dec",
    2029: "1 Jan, 30 Mar, 2 Apr, 7 May, 28 May, 27 Aug, 25 Dec, 26 Dec",
}
"""The days off of England and Wales as they were announced, year by year, weekends left out."""


def announced(year: int) -> set[date]:
    """The bank holidays of a year, from the list above."""
    said = (f"{one.strip()} {year}" for one in BANK_HOLIDAYS[year].split(","))
    return {datetime.strptime(one, "%d %b %Y").date() for one in said}


def works(on: date, off: Collection[date]) -> bool:
    """Whether people work on a day."""
    return on.strftime("%a") not in ("Sat", "Sun") and on not in off


def limit(start: date, period: Period, sign: int, off: Collection[date] = ()) -> date:
    """The day so long after (or before, where ``sign`` is -1) another, which is not counted."""
    step, on, counted = sign * ONE_DAY, start, 0
    if period.count == 0:
        return start
    if period.unit is Unit.MONTHS:
        return _months(start, period.count, sign)
    days = period.count * (7 if period.unit is Unit.WEEKS else 1)
    while counted < days:
        on += step
        if period.unit is not Unit.WORKING_DAYS or works(on, off):
            counted += 1
    return on


def _months(start: date, count: int, sign: int) -> date:
    """Leaf through a calendar: the day of the same number, else the last of that month."""
    on, leaves = start, 0
    while True:
        on += sign * ONE_DAY
        turned = on.day == 1 if sign > 0 else (on + ONE_DAY).day == 1
        leaves += turned
        last = (on + ONE_DAY).day == 1
        if leaves == count and (on.day == start.day or (last and on.day < start.day)):
            return on


def weekday_before(end: date, weekday: str, off: Collection[date]) -> date:
    """Back from the day before to the weekday of this name, and on back to a day of work."""
    on = end - ONE_DAY
    while on.strftime("%A") != weekday:
        on -= ONE_DAY
    while not works(on, off):
        on -= ONE_DAY
    return on


def birthday(born: date, age: int) -> date:
    """The day on which somebody turns so old: who has no birthday in a year turns on 1 March."""
    on, years = born, 0
    while years < age:
        on += ONE_DAY
        leapling = (born.month, born.day) == (2, 29)
        in_leap_year = (date(on.year, 3, 1) - ONE_DAY).day == 29
        month_day = (3, 1) if leapling and not in_leap_year else (born.month, born.day)
        years += (on.month, on.day) == month_day
    return on


def on_the_wall(moment: datetime) -> datetime:
    """What a clock in London shows at a moment of UTC: an hour more from the last Sunday of March
    to that of October, each at 1 in the morning."""
    summer = _last_sunday(moment.year, 3), _last_sunday(moment.year, 10)
    begins, ends = (datetime(day.year, day.month, day.day, 1) for day in summer)
    return moment + ONE_HOUR if begins <= moment < ends else moment


def _last_sunday(year: int, month: int) -> date:
    on = date(year, month, 31)
    while on.strftime("%A") != "Sunday":
        on -= ONE_DAY
    return on


def hours(start: datetime, count: int, sign: int) -> datetime:
    """An hour after the other, so many of them."""
    moment = start
    for _ in range(count):
        moment += sign * ONE_HOUR
    return moment
