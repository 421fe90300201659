"""One observation: what it counts, and where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from tests.oracles.knowledge import Period, Row, World, current


@dataclass(frozen=True)
class Seen:
    """One observation.

    Attributes:
        thing: What is counted.
        numerator: Its numerator.
        denominator: Its denominator; None for counts, sums and medians.
        codes: Where it belongs, by breakdown.
        person: Whom it is about, where that decides protection.
    """

    thing: str
    numerator: Fraction
    denominator: Fraction | None
    codes: dict[str, str]
    person: str = ""


Observe = Callable[[World, Period, datetime], Iterator[Seen]]


def seen(thing: str, numerator: Any, denominator: Any = 1, person: str = "", **codes: str) -> Seen:
    weight = None if denominator is None else Fraction(denominator)
    return Seen(thing, Fraction(numerator), weight, codes, person)


def enrolments(world: World, as_of: datetime) -> list[Row]:
    """Every enrolment as known, with its person."""
    persons = {person["person_id"]: person for person in world["person"]}
    return [
        {**row, **persons[row["person_id"]], "thing": f"{row['sender']}/{row['insats_id']}"}
        for row in current(world["insatser"], ("sender", "insats_id"), as_of)
    ]


def is_active(row: Row, first: date, last: date) -> bool:
    return row["startdatum"] <= last and (row["slutdatum"] is None or row["slutdatum"] >= first)


def age_group(birth: date | None, day: date) -> str:
    if birth is None:
        return "okand"
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    for upper, group in ((25, "16-24"), (35, "25-34"), (45, "35-44"), (55, "45-54")):
        if years < upper:
            return group
    return "55+"


def about(row: Row, period: Period, numerator: Any = 1, denominator: Any = 1) -> Seen:
    """An observation of one enrolment."""
    return seen(
        row["thing"],
        numerator,
        denominator,
        row["person_id"],
        insatstyp=row["insatstyp"],
        anordnare=row["sender"],
        kon=row["sex"],
        aldersgrupp=age_group(row["birth_date"], period.end),
        avslutsorsak=row["avslutsorsak"] or "",
    )
