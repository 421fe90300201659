"""Indicators of the municipality's own work: visits, reports, actions, internal control, money."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from tests.oracles.exits import REACHED, ended
from tests.oracles.knowledge import Period, Row, World, current, register
from tests.oracles.observations import Observe, Seen, enrolments, seen

Key = tuple[str, str, date]
"""Provider, enrolment, first day of a month."""


def visits(kind: str) -> Observe:
    def observe(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
        for row in current(world["besok"], ("besok_id",), as_of):
            if row["typ"] == kind and row["status"] == "genomfort" and period.holds(row["datum"]):
                yield seen(row["besok_id"], 1, None)

    return observe


def reports_in_time(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    """Of the year that the period ends with: before, no report is late."""
    year = period.end.year
    if period.end != date(year, 12, 31):
        return
    first, last = date(year, 1, 1), date(year, 12, 31)
    reports = {
        row["objekt_id"]: row
        for row in current(world["kvalitetsrapporter"], ("objekt_id", "ar"), as_of)
        if row["ar"] == year
    }
    for row in register(world["uppfoljningsobjekt"], "objekt_id", as_of):
        owed = "kvalitetsrapport" in re.split(r"[\s,;]+", row["kraver"].lower())
        gone = row["till"] is not None and row["till"] < first
        closed = row["closed_from"] is not None and row["closed_from"] <= first
        if owed and row["fran"] <= last and not gone and not closed:
            report = reports.get(row["objekt_id"])
            yield seen(row["objekt_id"], report is not None and report["inkom_datum"] <= last)


def actions_in_time(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in current(world["atgarder"], ("atgard_id",), as_of):
        if period.holds(row["forfallodatum"]):
            done = (
                row["status"] == "klar" and row["klar_datum"] is not None and row["klar_datum"] <= row["forfallodatum"]
            )
            yield seen(row["atgard_id"], done, kalla=row["kalla"])


def controls_without_deviation(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    levels = {row["kontroll_id"]: row["niva"] for row in register(world["kontrollpunkter"], "kontroll_id", as_of)}
    for row in current(world["kontrollresultat"], ("kontroll_id", "datum"), as_of):
        if period.holds(row["datum"]) and row["utfall"] in ("utan_avvikelse", "avvikelse"):
            thing = f"{row['kontroll_id']}/{row['datum']}"
            yield seen(thing, row["utfall"] == "utan_avvikelse", niva=levels[row["kontroll_id"]])


def budget_left(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in current(world["ekonomi"], ("manad", "objekt_id", "konto"), as_of):
        if period.holds(row["manad"]):
            thing = f"{row['manad']:%Y-%m}/{row['objekt_id']}/{row['konto']}"
            yield seen(thing, row["budget"] - row["utfall"], None, objekt_id=row["objekt_id"])


def cost_of_a_reached_exit(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    """Payments weigh above the line, reached exits below it."""
    by_id = {(row["sender"], row["insats_id"]): row for row in enrolments(world, as_of)}
    for paid in current(world["utbetalningar"], ("utbetalning_id",), as_of):
        row = by_id.get((paid["anordnare_orgnr"], paid["insats_id"]))
        if row is not None and period.holds(paid["manad"]):
            yield seen(paid["utbetalning_id"], paid["belopp"], 0, row["person_id"], insatstyp=row["insatstyp"])
    for row in ended(world, period, as_of):
        if row["avslutsorsak"] in REACHED["own"]:
            yield seen(row["thing"], 0, 1, row["person_id"], insatstyp=row["insatstyp"])


def payable_days(world: World, period: Period, as_of: datetime) -> Counter[Key]:
    days: Counter[Key] = Counter()
    for row in current(world["narvaro"], ("sender", "insats_id", "datum"), as_of):
        if period.holds(row["datum"]) and row["narvarande_timmar"] > 0:
            days[row["sender"], row["insats_id"], row["datum"].replace(day=1)] += 1
    return days


def payments(world: World, period: Period, as_of: datetime) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for row in current(world["utbetalningar"], ("utbetalning_id",), as_of):
        if period.holds(row["manad"]):
            found.setdefault((row["anordnare_orgnr"], row["insats_id"], row["manad"]), []).append(row)
    return found


def paid_beyond_attendance(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    """Paid amount less payable days times price, for each enrolment and month.

    The specification does not say whose price. It is the one paid for the enrolment that month, by the newest of several
    payments; where nothing was paid, the one paid for most enrolments of the programme that month, the lower of two that
    are as common. Without any price there is nothing to compare with.
    """
    row_of = {(row["sender"], row["insats_id"]): row for row in enrolments(world, as_of)}
    days, paid_for = payable_days(world, period, as_of), payments(world, period, as_of)
    prices = {
        key: max(its, key=lambda paid: (paid["period"], paid["utbetalning_id"]))["dagpris"]
        for key, its in paid_for.items()
    }
    usual: dict[tuple[str, date], Counter[Decimal]] = {}
    for key, price in prices.items():
        if enrolment := row_of.get(key[:2]):
            usual.setdefault((enrolment["insatstyp"], key[2]), Counter())[price] += 1
    for key in days.keys() | paid_for.keys():
        enrolment = row_of.get(key[:2])
        common = usual.get((enrolment["insatstyp"], key[2])) if enrolment else None
        price = prices.get(key) or (common and min(common, key=lambda one: (-common[one], one)))
        if price is not None:
            paid = sum((payment["belopp"] for payment in paid_for.get(key, [])), Decimal(0))
            person = enrolment["person_id"] if enrolment else "/".join(key[:2])
            thing = f"{key[0]}/{key[1]}/{key[2]:%Y-%m}"
            yield seen(thing, paid - days[key] * price, None, person, anordnare=key[0])
