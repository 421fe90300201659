"""A small municipality of the test's own: exits and new enrolments at five providers over a year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection
from tests.conftest import new_database
from tests.core_rows import INCLUDE, load, start_run

from arshjul.disclosure.release import Protection, protect, record_release
from arshjul.disclosure.stored import PublicValue, public_values
from arshjul.indicators.compute import compute
from arshjul.periods import parse_period
from arshjul.settings import load_settings

PROVIDERS = {"5560360793": 9, "5560360801": 8, "5560360819": 7, "5560360827": 2, "5560360835": 1}
"""Each provider, and how many of its enrolments end each month from January to August."""


def enrolments() -> list[dict[str, Any]]:
    """Exits month by month, two programmes, women and men, some of whom reached the goal."""
    rows: list[dict[str, Any]] = []
    for month in range(1, 9):
        for provider, ended in PROVIDERS.items():
            for number in range(ended):
                place = len(rows)
                rows.append(
                    {
                        "sender": provider,
                        "insats_id": f"i{place}",
                        "person_id": f"p{place}",
                        "insatstyp": "jobbpeng_grund" if place % 3 else "jobbpeng_forstarkt",
                        "startdatum": "2023-06-01",
                        "slutdatum": f"2024-{month:02d}-1{number % 10}",
                        "avslutsorsak": ("arbete", "sfi", "studier", "kommunal_anstallning", "sfi", "sfi", "annat")[
                            place % 7
                        ],
                    }
                )
    return rows


def people(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The persons behind: every fourth is a man."""
    return [
        {"person_id": row["person_id"], "sex": "man" if place % 4 == 0 else "kvinna"} for place, row in enumerate(rows)
    ]


class House:
    """What a test does: load, compute, protect, release."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.run_id = start_run(connection)

    def load(self, rows: list[dict[str, Any]], **others: Any) -> None:
        load(self.connection, self.run_id, {"insatser": rows, "person": people(rows), **others})

    def compute(self, period: str) -> int:
        return compute(self.connection, INCLUDE, parse_period(period), run_id=self.run_id).computation_id

    def protect(self, computation_id: int) -> Protection:
        return protect(self.connection, INCLUDE, computation_id, run_id=self.run_id)

    def export(self, period: str) -> Protection:
        protection = self.protect(self.compute(period))
        record_release(self.connection, INCLUDE, protection, "export", run_id=self.run_id)
        return protection

    def table(self, protection: Protection) -> dict[tuple[str, tuple[tuple[str, str], ...]], PublicValue]:
        return {(one.indicator_id, one.cell): one for one in public_values(self.connection, protection.protection_id)}


@pytest.fixture
def house(connection: Connection) -> House:
    """A house whose core holds the small municipality."""
    house = House(connection)
    house.load(enrolments())
    return house


@pytest.fixture
def empty_house(connection: Connection) -> Callable[[], House]:
    """A house without anything in it."""
    return lambda: House(connection)


@pytest.fixture
def build(
    administrator: psycopg.Connection[Any], postgres_server: Path, migrated_template: str, tmp_path: Path
) -> Iterator[Callable[[list[dict[str, Any]]], Any]]:
    """Build towns side by side, each in a database of its own, so that their numbers in the ledger are the same too."""
    from tests.disclosure.town import Town

    with ExitStack() as stack:
        homes = (tmp_path / f"town {number}" for number in count())

        def town(rows: list[dict[str, Any]]) -> Town:
            url = stack.enter_context(new_database(administrator, postgres_server, migrated_template))
            administrator.execute(
                "UPDATE pg_database SET datacl = (SELECT datacl FROM pg_database WHERE datname = %s) WHERE datname = %s",
                (migrated_template, url.partition("?")[0].rpartition("/")[2]),
            )
            return Town(load_settings({"ARSHJUL_HOME": str(next(homes)), "ARSHJUL_DATABASE_URL": url}), rows)

        yield town
