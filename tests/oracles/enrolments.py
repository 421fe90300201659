"""Indicators of enrolments that are going on or begin, of capacity and of attendance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from tests.oracles.knowledge import Period, Row, World, current
from tests.oracles.observations import Seen, about, enrolments, is_active, seen


def active(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in enrolments(world, as_of):
        if is_active(row, period.start, period.end):
            yield about(row, period, denominator=None)


def active_persons(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    return (replace(one, thing=one.person) for one in active(world, period, as_of))


def active_providers(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    return (replace(one, thing=one.codes["anordnare"]) for one in active(world, period, as_of))


def started(world: World, period: Period, as_of: datetime) -> list[Row]:
    return [row for row in enrolments(world, as_of) if period.holds(row["startdatum"])]


def new(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in started(world, period, as_of):
        yield about(row, period, denominator=None)


def days_from_referral(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in started(world, period, as_of):
        if row["anvisad_datum"] is not None:
            yield about(row, period, (row["startdatum"] - row["anvisad_datum"]).days)


def mapped_within_14_days(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    last_14_days = {period.end - timedelta(days=number) for number in range(14)}
    for row in started(world, period, as_of):
        if row["startdatum"] not in last_14_days:
            mapped = row["kartlaggning_datum"]
            yield about(row, period, mapped is not None and (mapped - row["startdatum"]).days <= 14)


def per_month(
    world: World, period: Period, as_of: datetime, amount: Callable[[list[Row]], int], of: str
) -> Iterator[Seen]:
    everybody = enrolments(world, as_of)
    for told in current(world["kapacitet"], ("sender", "manad"), as_of):
        for day in period.month_ends:
            if told["manad"] == day.replace(day=1):
                there = [row for row in everybody if row["sender"] == told["sender"] and is_active(row, day, day)]
                yield seen(f"{told['sender']}/{day:%Y-%m}", amount(there), told[of], anordnare=told["sender"])


def customers_per_coach(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    return per_month(world, period, as_of, lambda rows: len({row["person_id"] for row in rows}), "coacher")


def places_used(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    return per_month(world, period, as_of, len, "platser")


def attended(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    by_id = {(row["sender"], row["insats_id"]): row for row in enrolments(world, as_of)}
    for day in current(world["narvaro"], ("sender", "insats_id", "datum"), as_of):
        row = by_id.get((day["sender"], day["insats_id"]))
        if row is not None and period.holds(day["datum"]):
            one = about(row, period, day["narvarande_timmar"], day["planerade_timmar"])
            yield replace(one, thing=f"{one.thing}/{day['datum']}")
