"""A small made-up core with everything that is hard in it: corrections, withdrawals, borders, and people who come back."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.oracles.naive import OUTSIDE, REACHED, Row, World, later

SENDERS = ("5560360793", "5590000013", "5566778899")
PROGRAMMES = ("jobbpeng_grund", "jobbpeng_forstarkt", "sprak_och_arbetsintroduktion")
MONTHS = tuple(date(2024, month, 1) for month in range(1, 6))
CORRECTED = datetime(2024, 6, 15, tzinfo=UTC)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
REASONS = (*sorted(REACHED["lenient"]), *sorted(OUTSIDE), "sfi", "annat", "af_insats")


def make_core(seed: int, people: int = 150, stays: int = 400) -> World:
    """Make all versions of all rows.

    Args:
        seed: The same seed makes the same core.
        people: How many persons.
        stays: How many enrolments.
    """
    dice = random.Random(seed)
    world: World = {"person": [], "insatser": [], "narvaro": [], "trappsteg": [], "uppfoljningar": [], "kapacitet": []}
    for number in range(people):
        born = date(1960, 2, 29) + timedelta(days=dice.randrange(17_000))
        world["person"].append(
            {
                "person_id": f"p{number}",
                "birth_date": dice.choice([born, born, born, date(1996, 2, 29), date(1989, 4, 30), None]),
                "sex": dice.choice(["kvinna", "man"]),
            }
        )
    for number in range(stays):
        _stay(dice, world, f"i{number // 2}", SENDERS[number % 2] if number % 5 else SENDERS[2])
    for sender in SENDERS:
        for month in MONTHS:
            if dice.random() < 0.8:
                row = {"manad": month, "coacher": Decimal(dice.randrange(1, 30)) / 4, "platser": dice.randrange(30)}
                _tell(dice, world["kapacitet"], sender, month, row, {"platser": dice.randrange(30)})
    return world


def _tell(dice: random.Random, rows: list[Row], sender: str, month: date, row: Row, other: Row) -> None:
    """Tell a row for a delivery month; sometimes it is corrected, withdrawn or first told by a correction."""
    known = datetime.combine(later(month, 1) + timedelta(days=4), datetime.min.time(), UTC)
    full = {"sender": sender, "period": month, **row}
    chance = dice.random()
    if chance < 0.85:
        rows.append({**full, "known_from": known, "known_to": FOREVER})
    elif chance < 0.93:
        rows.append({**full, "known_from": known, "known_to": CORRECTED})
        rows.append({**full, **other, "known_from": CORRECTED, "known_to": FOREVER})
    elif chance < 0.97:
        rows.append({**full, "known_from": known, "known_to": CORRECTED})
    else:
        rows.append({**full, "known_from": CORRECTED, "known_to": FOREVER})


def _stay(dice: random.Random, world: World, insats_id: str, sender: str) -> None:
    start = date(2023, 9, 1) + timedelta(days=dice.randrange(230))
    borders = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 4, 30), date(2024, 5, 1), date(2023, 11, 30)]
    end = max(start, dice.choice([start + timedelta(days=dice.randrange(200)), *borders]))
    person = dice.choice(world["person"])["person_id"]
    base: dict[str, Any] = {
        "insats_id": insats_id,
        "person_id": person,
        "insatstyp": dice.choice(PROGRAMMES),
        "startdatum": start,
    }
    reason = dice.choice(REASONS)
    ended_by = dice.random() < 0.8
    for month in MONTHS:
        if start < later(month, 1):
            over = ended_by and end < later(month, 1)
            row = {**base, "slutdatum": end if over else None, "avslutsorsak": reason if over else None}
            other = {"insatstyp": dice.choice(PROGRAMMES), "avslutsorsak": dice.choice(REASONS) if over else None}
            _tell(dice, world["insatser"], sender, month, row, other)
    _details(dice, world, sender, insats_id, start, end)


def _details(dice: random.Random, world: World, sender: str, insats_id: str, start: date, end: date) -> None:
    for _ in range(dice.randrange(8)):
        day = date(2024, 1, 1) + timedelta(days=dice.randrange(130))
        planned = Decimal(dice.randrange(17)) / 2
        row = {"insats_id": insats_id, "datum": day, "planerade_timmar": planned, "narvarande_timmar": planned}
        if not any(
            r["insats_id"] == insats_id and r["datum"] == day and r["sender"] == sender for r in world["narvaro"]
        ):
            if dice.random() < 0.5:
                row["narvarande_timmar"] = Decimal(dice.randrange(int(planned * 2) + 1)) / 2
            _tell(dice, world["narvaro"], sender, day.replace(day=1), row, {"narvarande_timmar": Decimal(0)})
    for tillfalle, days in (
        ("anvisning", (start, start + timedelta(days=9))),
        ("avslut", (end, end - timedelta(days=3))),
    ):
        for day in days[: dice.choice([0, 1, 1, 2])]:
            for month in dice.sample(MONTHS, dice.choice([1, 1, 2])):
                row = {"insats_id": insats_id, "datum": day, "tillfalle": tillfalle, "steg": dice.randrange(1, 6)}
                _tell(dice, world["trappsteg"], sender, month, row, {"steg": dice.randrange(1, 6)})
    for months in (3, 6):
        for month in dice.sample(MONTHS, dice.choice([0, 1, 2])):
            status = dice.choice(["egen_forsorjning", "egen_forsorjning", "ej_egen_forsorjning", "ej_nadd"])
            row = {"insats_id": insats_id, "manader": months, "status": status}
            _tell(dice, world["uppfoljningar"], sender, month, row, {"status": "ej_nadd"})
