"""A small municipality whose deliveries, corrections and code lists a test decides about, moment by moment."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from tests.core_rows import load, start_run

from arshjul.indicators.compute import Computation, compute
from arshjul.periods import Period, Tertial

T1 = Tertial(2024, 1)
SENDERS = ("5560360793", "5590000013")
PROGRAMMES = ("jobbpeng_grund", "jobbpeng_forstarkt")
REASONS = ("arbete", "studier", "kommunal_anstallning", "deltidsarbete", "sfi", "annat", "flyttat")
MONTHS = tuple(date(2024, month, 1) for month in range(1, 7))
BEGINNING = datetime(2024, 2, 5, tzinfo=UTC)
KEYS = {
    "insatser": ("insats_id",),
    "narvaro": ("insats_id", "datum"),
    "trappsteg": ("insats_id", "datum", "tillfalle"),
    "kapacitet": ("manad",),
}
Slice = tuple[str, str, date]


def keep_only(catalogue: Path, *indicators: str) -> None:
    """Take every other indicator out of a catalogue that a test may change."""
    for file in (catalogue / "sql" / "indicator").iterdir():
        if file.stem not in indicators:
            file.unlink()


@dataclass
class World:
    """Core, filled by deliveries as intake would: what a delivery lacks is closed, what is new is opened.

    Attributes:
        connection: A superuser's.
        now: When the next thing happens.
        slices: What is known of each dataset, sender and month.
        happened: Which kinds of change there have been since :meth:`release`.
    """

    connection: Connection
    now: datetime = BEGINNING
    slices: dict[Slice, dict[tuple[Any, ...], dict[str, Any]]] = field(default_factory=dict)
    happened: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.run_id = start_run(self.connection)
        load(self.connection, self.run_id, {})
        self.delivery_id = self.connection.exec_driver_sql("SELECT max(delivery_id) FROM lineage.delivery").scalar_one()
        self.known_then: set[Slice] = set()

    def person(self, label: str, sex: str = "kvinna", born: str = "1990-01-01") -> None:
        load(
            self.connection,
            self.run_id,
            {"code": [], "person": [{"person_id": label, "sex": sex, "birth_date": born}]},
        )

    def deliver(self, dataset: str, sender: str, month: date, rows: Iterable[Mapping[str, Any]]) -> None:
        """Let a delivery be what is known of its slice, from the next moment on."""
        self.now += timedelta(hours=1)
        one = (dataset, sender, month)
        known = self.slices.setdefault(one, {})
        told = {tuple(row[name] for name in KEYS[dataset]): dict(row) for row in rows}
        changed = [key for key in known.keys() | told.keys() if known.get(key) != told.get(key)]
        for key in changed:
            if key in known:
                self._close(dataset, sender, month, dict(zip(KEYS[dataset], key, strict=True)))
        opened = [
            {"sender": sender, "period": month, "known_from": self.now, **told[key]} for key in changed if key in told
        ]
        load(self.connection, self.run_id, {"code": [], dataset: opened})
        if changed:
            self.happened.add("rattade_uppgifter" if one in self.known_then else "sena_uppgifter")
        self.slices[one] = told

    def _close(self, dataset: str, sender: str, month: date, key: Mapping[str, Any]) -> None:
        wanted = " AND ".join(f"{name} = %({name})s" for name in key)
        self.connection.exec_driver_sql(
            f"UPDATE core.{dataset} SET known_to = %(now)s WHERE sender = %(sender)s AND period = %(month)s"
            f" AND known_to = 'infinity' AND {wanted}",
            {"now": self.now, "sender": sender, "month": month, **key},
        )

    def recode(self, reason: str, own: str) -> None:
        """Let an exit reason count as something else in our own definition."""
        self.now += timedelta(hours=1)
        attributes = self.connection.exec_driver_sql(
            "UPDATE core.code SET known_to = %(now)s WHERE code_list = 'avslutsorsaker' AND code = %(code)s"
            " AND known_to = 'infinity' RETURNING attributes",
            {"now": self.now, "code": reason},
        ).scalar_one()
        row = {
            "code_list": "avslutsorsaker",
            "code": reason,
            "known_from": self.now,
            "attributes": Jsonb({**attributes, "own": own}),
        }
        load(self.connection, self.run_id, {"code": [row]})
        if attributes["own"] != own:
            self.happened.add("andrad_kodlista")

    def compute(self, include: Path, period: Period = T1) -> Computation:
        self.now += timedelta(hours=1)
        return compute(self.connection, include, period, run_id=self.run_id, as_of=self.now)

    def release(self, include: Path, period: Period = T1) -> Computation:
        """Compute what is known and let it leave the house."""
        computation = self.compute(include, period)
        # Without its triggers, which ask for checks and approvals that have tests of their own.
        self.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        self.connection.exec_driver_sql(
            "WITH package AS ("
            " INSERT INTO lineage.package (run_id, report_id, period, as_of, computation_id, content_sha256, files,"
            " prepared_by) VALUES (%(run)s, 'tertialrapport', %(period)s, %(as_of)s, %(computation)s,"
            " encode(sha256(%(computation)s::text::bytea), 'hex'), '[]', 'flödet') RETURNING package_id, content_sha256)"
            " INSERT INTO published.publication (package_id, run_id, report_id, period, content_sha256)"
            " SELECT package_id, %(run)s, 'tertialrapport', %(period)s, content_sha256 FROM package",
            {
                "run": self.run_id,
                "period": period.key,
                "as_of": computation.as_of,
                "computation": computation.computation_id,
            },
        )
        self.connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
        self.known_then = {one for one, rows in self.slices.items() if rows}
        self.happened = set()
        return computation


def random_delivery(dice: random.Random, world: World) -> None:
    """Deliver a slice for the first time, again with changes, or without some of its rows."""
    dataset, sender, month = dice.choice(sorted(KEYS)), dice.choice(SENDERS), dice.choice(MONTHS)
    rows = dict(world.slices.get((dataset, sender, month), {}))
    for key in [key for key in rows if dice.random() < 0.2]:
        del rows[key]
    for _ in range(dice.randrange(1, 7)):
        row = _ROW[dataset](dice, month)
        rows[tuple(row[name] for name in KEYS[dataset])] = row
    world.deliver(dataset, sender, month, rows.values())


def _stay(dice: random.Random, month: date) -> dict[str, Any]:
    number = dice.randrange(12)
    start = date(2023, 10, 1) + timedelta(days=number * 9)
    row: dict[str, Any] = {
        "insats_id": f"i{number}",
        "person_id": f"p{number // 2}",
        "insatstyp": PROGRAMMES[number % 2],
        "startdatum": start,
        "slutdatum": None,
        "avslutsorsak": None,
    }
    if dice.random() < 0.7:
        end = start + timedelta(days=dice.randrange(60, 190))
        row |= {"slutdatum": end, "avslutsorsak": dice.choice(REASONS)}
    return row


def _day(dice: random.Random, month: date) -> dict[str, Any]:
    planned = dice.randrange(9)
    return {
        "insats_id": f"i{dice.randrange(12)}",
        "datum": month + timedelta(days=dice.randrange(5)),
        "planerade_timmar": planned,
        "narvarande_timmar": dice.randrange(planned + 1),
    }


def _step(dice: random.Random, month: date) -> dict[str, Any]:
    return {
        "insats_id": f"i{dice.randrange(12)}",
        "datum": month + timedelta(days=dice.randrange(3)),
        "tillfalle": dice.choice(["anvisning", "avslut"]),
        "steg": dice.randrange(1, 6),
    }


def _capacity(dice: random.Random, month: date) -> dict[str, Any]:
    return {"manad": month, "coacher": dice.randrange(1, 4), "platser": dice.randrange(20)}


_ROW = {"insatser": _stay, "narvaro": _day, "trappsteg": _step, "kapacitet": _capacity}
