"""The headline indicators a second time, in plain Python, as slowly and plainly as they can be said.

Nothing here is shared with the product: rows are dictionaries in lists, every cell is computed from all observations, and
every rule is written from the specification (spec/indicators.md, spec/deliveries.md "Code lists", privacy.md D1).
"""

from __future__ import annotations

import calendar
import itertools
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
World = dict[str, list[Row]]
"""All versions of all rows, by table."""

REACHED = {
    "own": {"arbete", "kommunal_anstallning", "eget_foretag", "studier"},
    "kolada": {"arbete", "eget_foretag", "studier"},
    "lenient": {"arbete", "kommunal_anstallning", "eget_foretag", "studier", "andra_studier", "deltidsarbete"},
}
OUTSIDE = {"flyttat", "avliden", "felregistrerad"}


@dataclass(frozen=True)
class Period:
    """Both days are inside."""

    start: date
    end: date

    @property
    def month_ends(self) -> list[date]:
        days = (self.start + timedelta(days=number) for number in range((self.end - self.start).days + 1))
        return [day for day in days if day.day == calendar.monthrange(day.year, day.month)[1]]

    def holds(self, day: date | None) -> bool:
        return day is not None and self.start <= day <= self.end


@dataclass(frozen=True)
class Seen:
    """One observation: what it counts, and where it belongs."""

    thing: str
    numerator: Fraction
    denominator: Fraction | None
    codes: dict[str, str]
    person: str = ""


@dataclass(frozen=True)
class Result:
    """One cell as the product stores it."""

    numerator: Fraction
    denominator: Fraction | None
    value: Fraction | None
    observations: int
    is_protected: bool


def current(rows: Iterable[Row], key: tuple[str, ...], as_of: datetime) -> list[Row]:
    """Of what was known, keep for each key what its newest month says."""
    newest: dict[Any, Row] = {}
    for row in rows:
        if row["known_from"] <= as_of < row["known_to"]:
            name = tuple(row[column] for column in key)
            if name not in newest or newest[name]["period"] < row["period"]:
                newest[name] = row
    return list(newest.values())


def enrolments(world: World, as_of: datetime) -> list[Row]:
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


def later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def codes_of(row: Row, period: Period) -> dict[str, str]:
    return {
        "insatstyp": row["insatstyp"],
        "anordnare": row["sender"],
        "kon": row["sex"],
        "aldersgrupp": age_group(row["birth_date"], period.end),
        "avslutsorsak": row["avslutsorsak"] or "",
    }


def one(row: Row, period: Period, value: Any = 1, weight: Any = 1) -> Seen:
    return Seen(
        row["thing"],
        Fraction(value),
        None if weight is None else Fraction(weight),
        codes_of(row, period),
        row["person_id"],
    )


def exits(world: World, period: Period, as_of: datetime) -> list[Row]:
    return [row for row in enrolments(world, as_of) if period.holds(row["slutdatum"])]


def kunder(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in enrolments(world, as_of):
        if is_active(row, period.start, period.end):
            yield Seen(row["person_id"], Fraction(1), None, codes_of(row, period))


def insatser(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in enrolments(world, as_of):
        if is_active(row, period.start, period.end):
            yield one(row, period, weight=None)


def goal_reached(definition: str) -> Callable[[World, Period, datetime], Iterator[Seen]]:
    def observe(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
        for row in exits(world, period, as_of):
            if row["avslutsorsak"] not in OUTSIDE:
                yield one(row, period, row["avslutsorsak"] in REACHED[definition])

    return observe


def exit_reasons(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in exits(world, period, as_of):
        yield one(row, period)


def days_to_self_support(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in exits(world, period, as_of):
        if row["avslutsorsak"] in REACHED["own"]:
            yield one(row, period, (row["slutdatum"] - row["startdatum"]).days + 1)


def steps(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    placements = current(world["trappsteg"], ("sender", "insats_id", "datum", "tillfalle"), as_of)
    for row in exits(world, period, as_of):
        its = [step for step in placements if (step["sender"], step["insats_id"]) == (row["sender"], row["insats_id"])]
        first = sorted((step["datum"], step["steg"]) for step in its if step["tillfalle"] == "anvisning")
        last = sorted((step["datum"], step["steg"]) for step in its if step["tillfalle"] == "avslut")
        if first and last:
            yield one(row, period, last[-1][1] > first[0][1])


def followed_up(world: World, period: Period, as_of: datetime) -> Iterator[tuple[Row, str | None]]:
    answers = {
        (row["sender"], row["insats_id"]): row["status"]
        for row in current(world["uppfoljningar"], ("sender", "insats_id", "manader"), as_of)
        if row["manader"] == 3
    }
    for row in enrolments(world, as_of):
        reached = row["slutdatum"] is not None and row["avslutsorsak"] in REACHED["own"]
        if reached and period.holds(later(row["slutdatum"], 3)):
            yield row, answers.get((row["sender"], row["insats_id"]))


def still_self_supporting(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row, status in followed_up(world, period, as_of):
        if status not in (None, "ej_nadd"):
            yield one(row, period, status == "egen_forsorjning")


def follow_up_coverage(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row, status in followed_up(world, period, as_of):
        yield one(row, period, status not in (None, "ej_nadd"))


def per_month(
    world: World, period: Period, as_of: datetime, amount: Callable[[list[Row]], int], capacity: str
) -> Iterator[Seen]:
    for told in current(world["kapacitet"], ("sender", "manad"), as_of):
        for day in period.month_ends:
            if told["manad"] == day.replace(day=1):
                there = [
                    row
                    for row in enrolments(world, as_of)
                    if row["sender"] == told["sender"] and is_active(row, day, day)
                ]
                thing = f"{told['sender']}/{day:%Y-%m}"
                yield Seen(thing, Fraction(amount(there)), Fraction(told[capacity]), {"anordnare": told["sender"]})


def customers_per_coach(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    return per_month(world, period, as_of, lambda rows: len({row["person_id"] for row in rows}), "coacher")


def capacity_used(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    return per_month(world, period, as_of, len, "platser")


def attendance(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    by_id = {(row["sender"], row["insats_id"]): row for row in enrolments(world, as_of)}
    for day in current(world["narvaro"], ("sender", "insats_id", "datum"), as_of):
        row = by_id.get((day["sender"], day["insats_id"]))
        if row is not None and period.holds(day["datum"]):
            seen = one(row, period, day["narvarande_timmar"], day["planerade_timmar"])
            yield Seen(f"{seen.thing}/{day['datum']}", seen.numerator, seen.denominator, seen.codes, seen.person)


OBSERVE: dict[str, Callable[[World, Period, datetime], Iterator[Seen]]] = {
    "kunder": kunder,
    "insatser": insatser,
    "maluppfyllelse": goal_reached("own"),
    "maluppfyllelse_kolada": goal_reached("kolada"),
    "maluppfyllelse_bred": goal_reached("lenient"),
    "avslutsorsaker": exit_reasons,
    "insatsdagar_till_egen_forsorjning": days_to_self_support,
    "insatsdagar_till_egen_forsorjning_median": days_to_self_support,
    "stegforflyttning": steps,
    "kvar_i_egen_forsorjning_3m": still_self_supporting,
    "uppfoljning_tackning_3m": follow_up_coverage,
    "kunder_per_coach": customers_per_coach,
    "kapacitetsutnyttjande": capacity_used,
    "narvarograd": attendance,
}

BREAKDOWNS: dict[str, tuple[str, ...]] = {
    "avslutsorsaker": ("avslutsorsak", "insatstyp"),
    "insatsdagar_till_egen_forsorjning": ("insatstyp", "anordnare", "kon"),
    "insatsdagar_till_egen_forsorjning_median": ("insatstyp", "anordnare", "kon"),
    "stegforflyttning": ("insatstyp", "anordnare", "kon"),
    "kvar_i_egen_forsorjning_3m": ("insatstyp", "anordnare"),
    "uppfoljning_tackning_3m": ("insatstyp", "anordnare"),
    "kunder_per_coach": ("anordnare",),
    "kapacitetsutnyttjande": ("anordnare",),
    "narvarograd": ("insatstyp", "anordnare"),
}
ALL_FOUR = ("insatstyp", "anordnare", "kon", "aldersgrupp")

Cell = frozenset[tuple[str, str]]


def cells(indicator_id: str, world: World, period: Period, as_of: datetime) -> dict[Cell, Result]:
    """Compute every cell that something was observed in, and the total."""
    everything = list(OBSERVE[indicator_id](world, period, as_of))
    found: dict[Cell, list[Seen]] = {frozenset(): everything}
    breakdowns = BREAKDOWNS.get(indicator_id, ALL_FOUR)
    for size in range(1, len(breakdowns) + 1):
        for chosen in itertools.combinations(breakdowns, size):
            for seen in everything:
                found.setdefault(frozenset((name, seen.codes[name]) for name in chosen), []).append(seen)
    return {cell: result(indicator_id, cell, its, found, period) for cell, its in found.items()}


def result(indicator_id: str, cell: Cell, its: list[Seen], found: dict[Cell, list[Seen]], period: Period) -> Result:
    if indicator_id in ("kunder", "insatser"):
        number = len({seen.thing for seen in its})
        return Result(Fraction(number), None, Fraction(number), number, number in (1, 2, 3, 4))
    numerator = sum((seen.numerator for seen in its), Fraction(0))
    if indicator_id.endswith("_median"):
        middle = Fraction(statistics.median(seen.numerator for seen in its)) if its else None
        return Result(numerator, None, middle, len(its), 1 <= len(its) <= 9)
    of = its
    if indicator_id == "avslutsorsaker":
        of = found[frozenset((name, code) for name, code in cell if name != "avslutsorsak")]
    denominator = sum((seen.denominator or Fraction(0) for seen in of), Fraction(0))
    value = numerator / denominator if denominator else None
    protected = is_protected(indicator_id, cell, its, numerator, denominator, period)
    return Result(numerator, denominator, value, len(its), protected)


def is_protected(
    indicator_id: str, cell: Cell, its: list[Seen], numerator: Fraction, denominator: Fraction, period: Period
) -> bool:
    few = range(1, 5)
    if indicator_id == "insatsdagar_till_egen_forsorjning":
        return len(its) in range(1, 10)
    if indicator_id in ("kunder_per_coach", "kapacitetsutnyttjande"):
        return 0 < numerator / len(period.month_ends) < 5
    if indicator_id == "narvarograd":
        persons = len({seen.person for seen in its})
        return persons in few or (persons > 0 and numerator in (0, denominator))
    if indicator_id == "avslutsorsaker" and not any(name == "avslutsorsak" for name, _ in cell):
        return denominator in few
    counts = (denominator, numerator, denominator - numerator)
    return any(count in few for count in counts) or (denominator > 0 and numerator in (0, denominator))
