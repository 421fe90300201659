"""A database, both services with something in them, and short ways to ask what is known."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from tests.sources.statistics_services import FakeKolada, FakeScb, FakeService, fill_kolada, fill_scb, write_selection

from arshjul.lineage.ledger import start_run
from arshjul.settings import Settings
from arshjul.sources.statistics import Difference, fetch, load
from arshjul.sources.statistics_http import Patience, StatisticsHttp
from arshjul.sources.statistics_page import FetchFailed
from arshjul.sources.statistics_report import statistics_report
from arshjul.warehouse.engine import Role, transaction

TODAY = date(2026, 11, 20)
PATIENCE = Patience(read_seconds=0.3, total_seconds=3, retries=1, calls=1000)


@dataclasses.dataclass
class World:
    """A database, and both services with something in them."""

    settings: Settings
    kolada: FakeKolada
    scb: FakeScb

    def run_id(self) -> int:
        with transaction(self.settings, Role.INTAKE) as connection:
            return start_run(connection, "cli", "statistics", "2026-11", "abc")

    def http(self, service: FakeService) -> StatisticsHttp:
        return StatisticsHttp("Tjänsten", service.address, "d@k.example", PATIENCE, lambda _: None)

    def fetch(self, source: str) -> int:
        service = self.kolada if source == "kolada" else self.scb
        return fetch(self.settings, source, self.run_id(), TODAY, self.http(service))

    def refresh(self, source: str) -> Difference:
        return load(self.settings, self.fetch(source))

    def refused(self, source: str) -> str:
        """Refresh and be refused; nothing may have been loaded by it."""
        before = self.known(source)
        with pytest.raises(FetchFailed) as failed:
            self.refresh(source)
        assert self.known(source) == before
        last = self.rows("SELECT state, refusal_rule FROM core.statistics_fetch ORDER BY fetch_id DESC LIMIT 1")
        assert [tuple(row.values()) for row in last] == [("avvisad", failed.value.code)]
        return failed.value.code

    def rows(self, sql: str, **params: Any) -> list[Mapping[str, Any]]:
        with transaction(self.settings) as connection:
            return [dict(row) for row in connection.exec_driver_sql(sql, params).mappings()]

    def known(self, source: str) -> dict[tuple[str, str, str, str], Any]:
        rows = self.rows(
            "SELECT series_id, area, period, dimensions, value, status FROM core.statistic(clock_timestamp())"
            " WHERE source = %(source)s",
            source=source,
        )
        return {
            (row["series_id"], row["area"], row["period"], "/".join(row["dimensions"].values())): (
                None if row["value"] is None else float(row["value"])
            )
            for row in rows
        }

    def report(self) -> Any:
        with transaction(self.settings, Role.AUDIT) as connection:
            return statistics_report(connection, self.settings, TODAY)


@pytest.fixture
def world(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    include = database.home / "include"
    include.mkdir()
    for part in database.include.iterdir():
        if part.name != "statistics":
            (include / part.name).symlink_to(part)
    with FakeKolada() as kolada, FakeScb() as scb:
        write_selection(include, kolada.address, scb.address)
        fill_kolada(kolada)
        fill_scb(scb)
        yield World(dataclasses.replace(database, include=include), kolada, scb)
