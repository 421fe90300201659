"""When each dataset is due: the contracts' ``expected``, Swedish working days and ``include/calendar/deliveries.yaml``.

Saturdays, Sundays, red days, midsommarafton, julafton and nyårsafton are no working days. Source: lagen (1989:253) om
allmänna helgdagar, and 2 § lagen (1930:173) om beräkning av lagstadgad tid, which names the three eves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import attrs

from arshjul.catalogue.contracts import Contract, Expected
from arshjul.catalogue.yaml_files import CatalogueError, Definition, read_definition
from arshjul.periods import Month, PeriodError, parse_month

_DAY = timedelta(days=1)


class Moved(Definition):
    """One deadline that is moved.

    Attributes:
        month: Delivery month, ``2026-06``.
        due: Its new last day.
        datasets: The datasets; all when not given.
        reason: Why, in Swedish.
    """

    month: str
    due: date
    datasets: tuple[str, ...] = ()
    reason: str


class DeliveryCalendar(Definition):
    """What a municipality says beside the contracts.

    Attributes:
        starts: Dataset to the first delivery month it is owed for.
        moved: Deadlines that are moved; the last that fits counts.
    """

    starts: dict[str, str] = attrs.Factory(dict)
    moved: tuple[Moved, ...] = ()

    def __attrs_post_init__(self) -> None:
        for month in (*self.starts.values(), *(one.month for one in self.moved)):
            try:
                parse_month(month)
            except PeriodError as error:
                raise ValueError(str(error)) from None


@dataclass(frozen=True)
class Deadline:
    """One dataset that every sender of it owes for one delivery month.

    Attributes:
        dataset: The dataset.
        sender: ``anordnare`` (every authorised provider) or ``kommunen``.
        month: The delivery month it is owed for.
        since: The first delivery month whose delivery counts; often the same.
        due: The last day it is on time.
        starts: The first month it is owed for at all, where the calendar says.
    """

    dataset: str
    sender: str
    month: Month
    since: Month
    due: date
    starts: Month | None


def load_calendar(include: Path, contracts: Mapping[str, Contract]) -> DeliveryCalendar:
    """Read ``include/calendar/deliveries.yaml``.

    Raises:
        CatalogueError: It is wrong, or names a dataset that there is no contract for or that is never owed.
    """
    path = include / "calendar" / "deliveries.yaml"
    calendar = read_definition(path, DeliveryCalendar)
    named = {*calendar.starts, *(dataset for one in calendar.moved for dataset in one.datasets)}
    owed = {contract.name for contract in contracts.values() if contract.expected}
    if unknown := named - owed:
        raise CatalogueError(f"{path.name}: not an owed dataset: {', '.join(sorted(unknown))}")
    return calendar


def deadlines(contracts: Mapping[str, Contract], calendar: DeliveryCalendar, month: Month) -> list[Deadline]:
    """List what is owed for one delivery month, parents before children.

    Args:
        contracts: Every contract, by name.
        calendar: From :func:`load_calendar`.
        month: The delivery month.
    """
    return [
        Deadline(
            dataset=contract.name,
            sender=contract.sender,
            month=month,
            since=_since(expected, month),
            due=_due(contract.name, expected, calendar, month),
            starts=parse_month(calendar.starts[contract.name]) if contract.name in calendar.starts else None,
        )
        for contract, expected in _owed(contracts)
        if month.month in expected.months
    ]


def owed_every_month(contracts: Mapping[str, Contract]) -> list[str]:
    """List the datasets that every authorised provider owes every month, parents before children."""
    every = tuple(range(1, 13))
    return [
        contract.name
        for contract, expected in _owed(contracts)
        if contract.sender == "anordnare" and expected.months == every
    ]


def is_workday(day: date) -> bool:
    """Say whether people are at work."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def workdays_from(day: date, count: int) -> date:
    """Return the working day that lies some working days after a day, or before it.

    Args:
        day: Any day; itself never counted.
        count: How many working days, negative for before; not 0.
    """
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_workday(day):
            day += step
    return day


def _owed(contracts: Mapping[str, Contract]) -> Iterator[tuple[Contract, Expected]]:
    # Of the same rank: what belongs to an enrolment before what stands for itself.
    ranked = sorted(contracts.values(), key=lambda one: (one.sender, one.order, not one.foreign_keys, one.name))
    for contract in ranked:
        if contract.expected:
            yield contract, contract.expected


def _since(expected: Expected, month: Month) -> Month:
    first, counted = month, 1
    while counted != expected.window and first.previous.month not in expected.months:
        first, counted = first.previous, counted + 1
    return first


def _due(dataset: str, expected: Expected, calendar: DeliveryCalendar, month: Month) -> date:
    for moved in reversed(calendar.moved):
        if moved.month == month.key and (not moved.datasets or dataset in moved.datasets):
            return moved.due
    if expected.workday:
        return workdays_from(month.end, expected.workday)
    latest = month.end + timedelta(days=expected.day or 0)
    # A month that begins with Easter may have no working day before it: then the first one after.
    return max(workdays_from(latest + _DAY, -1), workdays_from(month.end, 1))


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    import holidays

    # "De facto" are the three eves of the law of 1930; "bank" and "optional" would add half days and klämdagar.
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))
