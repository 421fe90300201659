"""The lengths of time the follow-up year is counted in: month, tertial, year, and the year's first months.

Pure values: no clock is read and nothing is fetched. Every period knows its first and last day (both inclusive), the
months it is made of, the period before it and the same period a year earlier, its key in files and tables
(``2026-03``, ``2026-T1``, ``2026``, ``2026-01--2026-08``) and its name in Swedish prose.

Source: spec/indicators.md, "Periods" (tertial 1 is January–April, 2 May–August, 3 September–December). The year's first
months: BIN 2016-134, Årshjul, delårsrapport in April, September and November, which each have a cut-off of their own
(requirements T4: an issue is not a tertial).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

FIRST_YEAR = 2000
LAST_YEAR = 2199

MONTH_NAMES = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)

_MONTH_KEY = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
_TERTIAL_KEY = re.compile(r"([0-9]{4})-T([1-3])", re.ASCII)
_YEAR_KEY = re.compile(r"([0-9]{4})", re.ASCII)
_YEAR_TO_DATE_KEY = re.compile(r"([0-9]{4})-01--([0-9]{4})-([0-9]{2})", re.ASCII)

# What begins in January and has another name: the month itself, tertial 1 and the year.
_OTHER_NAMES = frozenset({1, 4, 12})


class PeriodError(ValueError):
    """The text is not the key of a period."""


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PeriodError(f"year {year} is outside {FIRST_YEAR}–{LAST_YEAR}")


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month.

    Args:
        year: Four-digit year.
        month: 1–12.

    Raises:
        PeriodError: The year or the month is out of range.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        _check_year(self.year)
        if not 1 <= self.month <= 12:
            raise PeriodError(f"month {self.month} is outside 1–12")

    @classmethod
    def containing(cls, day: date) -> Month:
        """Return the month that ``day`` lies in."""
        return cls(day.year, day.month)

    @property
    def key(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def start(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def months(self) -> tuple[Month, ...]:
        return (self,)

    @property
    def title(self) -> str:
        return f"{MONTH_NAMES[self.month - 1]} {self.year}"

    @property
    def previous(self) -> Month:
        return Month(self.year - 1, 12) if self.month == 1 else Month(self.year, self.month - 1)

    @property
    def same_last_year(self) -> Month:
        return Month(self.year - 1, self.month)

    @property
    def tertial(self) -> Tertial:
        """The tertial this month is part of."""
        return Tertial(self.year, (self.month - 1) // 4 + 1)


@dataclass(frozen=True, order=True)
class Tertial:
    """Four calendar months: 1 is January–April, 2 is May–August, 3 is September–December.

    Args:
        year: Four-digit year.
        number: 1–3.

    Raises:
        PeriodError: The year or the number is out of range.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        _check_year(self.year)
        if not 1 <= self.number <= 3:
            raise PeriodError(f"tertial {self.number} is outside 1–3")

    @property
    def key(self) -> str:
        return f"{self.year:04d}-T{self.number}"

    @property
    def start(self) -> date:
        return self.months[0].start

    @property
    def end(self) -> date:
        return self.months[-1].end

    @property
    def months(self) -> tuple[Month, ...]:
        first = (self.number - 1) * 4 + 1
        return tuple(Month(self.year, month) for month in range(first, first + 4))

    @property
    def title(self) -> str:
        return f"tertial {self.number} {self.year}"

    @property
    def previous(self) -> Tertial:
        return Tertial(self.year - 1, 3) if self.number == 1 else Tertial(self.year, self.number - 1)

    @property
    def same_last_year(self) -> Tertial:
        return Tertial(self.year - 1, self.number)


@dataclass(frozen=True, order=True)
class Year:
    """A calendar year.

    Args:
        year: Four-digit year.

    Raises:
        PeriodError: The year is out of range.
    """

    year: int

    def __post_init__(self) -> None:
        _check_year(self.year)

    @property
    def key(self) -> str:
        return f"{self.year:04d}"

    @property
    def start(self) -> date:
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        return date(self.year, 12, 31)

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(Month(self.year, month) for month in range(1, 13))

    @property
    def title(self) -> str:
        return str(self.year)

    @property
    def previous(self) -> Year:
        return Year(self.year - 1)

    @property
    def same_last_year(self) -> Year:
        return self.previous


@dataclass(frozen=True, order=True)
class YearToDate:
    """January to a later month of the same year, where that is neither tertial 1 nor the whole year.

    A stretch of time has one key only, or one figure would have two names: :func:`first_months` chooses.

    Args:
        year: Four-digit year.
        last: The last month: 2, 3 or 5–11.

    Raises:
        PeriodError: The year or the last month is out of range, or the stretch is a month, a tertial or a year.
    """

    year: int
    last: int

    def __post_init__(self) -> None:
        _check_year(self.year)
        if not 1 <= self.last <= 12 or self.last in _OTHER_NAMES:
            raise PeriodError(f"the year's first {self.last} months are no period of their own")

    @property
    def key(self) -> str:
        """An interval of ISO 8601 as it is written in file names, where a solidus cannot stand."""
        return f"{self.months[0].key}--{self.months[-1].key}"

    @property
    def start(self) -> date:
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        return self.months[-1].end

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(Month(self.year, month) for month in range(1, self.last + 1))

    @property
    def title(self) -> str:
        return f"{MONTH_NAMES[0]}–{MONTH_NAMES[self.last - 1]} {self.year}"

    @property
    def previous(self) -> YearToDate:
        """The same months a year earlier: the stretch before it would be of another kind."""
        return self.same_last_year

    @property
    def same_last_year(self) -> YearToDate:
        return YearToDate(self.year - 1, self.last)


Period: TypeAlias = Month | Tertial | Year | YearToDate


def first_months(year: int, count: int) -> Period:
    """Return the period that is the first ``count`` months of a year, under its one name.

    Args:
        year: Four-digit year.
        count: 1–12 months.

    Raises:
        PeriodError: The year or the number of months is out of range.
    """
    if count == 1:
        return Month(year, 1)
    if count == 4:
        return Tertial(year, 1)
    if count == 12:
        return Year(year)
    return YearToDate(year, count)


def is_of_same_kind(one: Period, other: Period) -> bool:
    """Say whether two periods can be set beside each other: both months, tertials, years, or the same first months.

    Source: requirements R59, T10 (figures of unlike periods are not compared).
    """
    if isinstance(one, YearToDate) and isinstance(other, YearToDate):
        return one.last == other.last
    return type(one) is type(other)


def parse_month(text: str) -> Month:
    """Read a month's key, such as ``2026-03``.

    Raises:
        PeriodError: The text is not a month's key.
    """
    found = _MONTH_KEY.fullmatch(text)
    if not found:
        raise PeriodError("a month is written YYYY-MM")
    return Month(int(found[1]), int(found[2]))


def parse_period(text: str) -> Period:
    """Read the key of a month (``2026-03``), a tertial (``2026-T1``), a year (``2026``) or its first months.

    ``2026-01--2026-04`` is read as tertial 1, since a stretch of time has one name.

    Raises:
        PeriodError: The text is none of them.
    """
    if found := _TERTIAL_KEY.fullmatch(text):
        return Tertial(int(found[1]), int(found[2]))
    if found := _YEAR_KEY.fullmatch(text):
        return Year(int(found[1]))
    if _MONTH_KEY.fullmatch(text):
        return parse_month(text)
    if (found := _YEAR_TO_DATE_KEY.fullmatch(text)) and found[1] == found[2]:
        return first_months(int(found[1]), int(found[3]))
    raise PeriodError("a period is written YYYY-MM, YYYY-T1, YYYY-T2, YYYY-T3, YYYY or YYYY-01--YYYY-MM")
