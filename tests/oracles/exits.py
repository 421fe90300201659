"""Indicators of enrolments that ended: goals, reasons, days, steps, and what became of people afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tests.oracles.knowledge import Period, Row, World, current, later
from tests.oracles.observations import Observe, Seen, about, enrolments

REACHED = {
    "own": {"arbete", "kommunal_anstallning", "eget_foretag", "studier"},
    "kolada": {"arbete", "eget_foretag", "studier"},
    "lenient": {"arbete", "kommunal_anstallning", "eget_foretag", "studier", "andra_studier", "deltidsarbete"},
}
NOT_REACHED = {"sfi", "af_insats", "foraldraledig", "saknar_barnomsorg", "sjukskriven", "annat"}
OUTSIDE = {"flyttat", "avliden", "felregistrerad"}


def ended(world: World, period: Period, as_of: datetime) -> list[Row]:
    return [row for row in enrolments(world, as_of) if period.holds(row["slutdatum"])]


def goal_reached(definition: str) -> Observe:
    def observe(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
        for row in ended(world, period, as_of):
            if row["avslutsorsak"] not in OUTSIDE:
                yield about(row, period, row["avslutsorsak"] in REACHED[definition])

    return observe


def reasons(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in ended(world, period, as_of):
        yield about(row, period)


def days_to_self_support(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in ended(world, period, as_of):
        if row["avslutsorsak"] in REACHED["own"]:
            yield about(row, period, (row["slutdatum"] - row["startdatum"]).days + 1)


def climbed(world: World, period: Period, as_of: datetime) -> Iterator[tuple[Row, int | None]]:
    """Steps from the first placement at the referral to the last one at the end, where there are both."""
    placements = current(world["trappsteg"], ("sender", "insats_id", "datum", "tillfalle"), as_of)
    for row in ended(world, period, as_of):
        its = [step for step in placements if (step["sender"], step["insats_id"]) == (row["sender"], row["insats_id"])]
        first = sorted((step["datum"], step["steg"]) for step in its if step["tillfalle"] == "anvisning")
        last = sorted((step["datum"], step["steg"]) for step in its if step["tillfalle"] == "avslut")
        yield row, last[-1][1] - first[0][1] if first and last else None


def rose(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    return (about(row, period, steps > 0) for row, steps in climbed(world, period, as_of) if steps is not None)


def steps_climbed(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    return (about(row, period, steps) for row, steps in climbed(world, period, as_of) if steps is not None)


def measured(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    return (about(row, period, steps is not None) for row, steps in climbed(world, period, as_of))


def due(world: World, period: Period, as_of: datetime, months: int) -> Iterator[tuple[Row, str | None]]:
    """Reached exits to follow up in the period, and what the follow-up found."""
    answers = {
        (row["sender"], row["insats_id"]): row["status"]
        for row in current(world["uppfoljningar"], ("sender", "insats_id", "manader"), as_of)
        if row["manader"] == months
    }
    for row in enrolments(world, as_of):
        reached = row["slutdatum"] is not None and row["avslutsorsak"] in REACHED["own"]
        if reached and period.holds(later(row["slutdatum"], months)):
            yield row, answers.get((row["sender"], row["insats_id"]))


def still_self_supporting(months: int) -> Observe:
    def observe(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
        for row, status in due(world, period, as_of, months):
            if status not in (None, "ej_nadd"):
                yield about(row, period, status == "egen_forsorjning")

    return observe


def followed_up(months: int) -> Observe:
    def observe(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
        for row, status in due(world, period, as_of, months):
            yield about(row, period, status not in (None, "ej_nadd"))

    return observe
