"""An office with a computed and checked tertial, ready to be frozen, approved, published and delivered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.public_rows import as_public

from arshjul.catalogue.recipients import Recipient, load_recipients
from arshjul.delivery.approval import record_decision
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.package import freeze
from arshjul.delivery.publication import Figure, publish
from arshjul.lineage.ledger import CheckResult, record_check_run, start_run
from arshjul.lineage.releases import Package
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine

AS_OF = datetime(2026, 5, 4, 7, 30, 0, 123450, tzinfo=UTC)
PERIOD = "2026-T1"
FILES = {
    "tertialrapport.html": "<!doctype html><p>Måluppfyllelse 65 %</p>\r\n".encode(),
    "tertialrapport.pdf": b"%PDF-1.7\n" + bytes(range(256)),
    "tertialrapport.xlsx": b"PK\x03\x04" + b"\r\n.\r\n" * 3,
    "siffror.csv": "indikator;värde\r\nmåluppfyllelse;0,65\r\n".encode("utf-8-sig"),
}
FIGURES = (
    Figure("maluppfyllelse/2026-T1", "maluppfyllelse", {}),
    Figure("maluppfyllelse/2026-T1/kon=man", "maluppfyllelse", {"kon": "man"}),
)
HOLDS = CheckResult("delar_summerar", "Delarna summerar.", "stopp", True, "Räkna om.", 4, 0)
BROKEN = replace(HOLDS, is_success=False, unexpected=2)


@dataclass
class Office:
    """What a test does on the way to a publication; every step is committed.

    Attributes:
        settings: A home of the test's own.
        engine: Under the role that publishes.
        administrator: A superuser's engine.
    """

    settings: Settings
    engine: Engine
    administrator: Engine

    def run(self, name: str = "asset_triggered__1") -> int:
        with self.engine.begin() as connection:
            return start_run(connection, "tertial_indicators", name, PERIOD, "abc123")

    def compute(self) -> int:
        run_id = self.run()
        with self.administrator.begin() as connection:
            computation_id = connection.exec_driver_sql(
                "INSERT INTO indicator.computation (run_id, period, period_start, period_end, as_of, catalogue_sha256) "
                "VALUES (%s, %s, '2026-01-01', '2026-04-30', %s, repeat('d', 64)) RETURNING computation_id",
                (run_id, PERIOD, AS_OF),
            ).scalar_one()
            for cell, numerator, is_protected in (({}, 13, False), ({"kon": "man"}, 2, True)):
                connection.exec_driver_sql(
                    "INSERT INTO indicator.value VALUES (%s, 'maluppfyllelse', %s, %s, 20, %s / 20.0, 20, 20, %s)",
                    (computation_id, json.dumps(cell), numerator, numerator, is_protected),
                )
            as_public(connection, run_id, computation_id)
        return int(computation_id)

    def check(self, computation_id: int | None, result: CheckResult = HOLDS, stage: str = "indicator") -> None:
        run_id = self.run()
        with self.administrator.begin() as connection:
            record_check_run(
                connection,
                run_id=run_id,
                stage=stage,
                period=PERIOD if stage != "staging" else "2026-03",
                results=[result],
                as_of=AS_OF,
                computation_id=computation_id,
            )

    def freeze(self, computation_id: int, files: dict[str, bytes] | None = None, **changed: Any) -> Package:
        run_id = self.run()
        wanted = {
            "report_id": "tertialrapport",
            "period": PERIOD,
            "computation_id": computation_id,
            "as_of": AS_OF,
            "files": FILES if files is None else files,
            "prepared_by": "arshjul",
            "run_id": run_id,
        }
        with self.engine.begin() as connection:
            return freeze(self.settings, connection, **(wanted | changed))

    def package(self) -> Package:
        """A package of checked figures."""
        computation_id = self.compute()
        self.check(computation_id, stage="core")
        self.check(computation_id)
        return self.freeze(computation_id)

    def decide(self, package: Package, step: str, person: str, decision: str = "godkand", **changed: Any) -> None:
        wanted = {
            "package_id": package.package_id,
            "content_sha256": package.content_sha256,
            "step": step,
            "person": person,
            "decision": decision,
        }
        with self.engine.begin() as connection:
            record_decision(connection, **(wanted | changed))

    def approve(self, package: Package) -> None:
        self.decide(package, "granskning", "anna")
        self.decide(package, "godkannande", "bertil", comment="Ser rätt ut.")

    def publish(self, package: Package, figures: tuple[Figure, ...] = FIGURES) -> int:
        run_id = self.run()
        with self.engine.begin() as connection:
            return publish(self.settings, connection, package.package_id, figures, run_id)

    def published(self) -> tuple[Package, int]:
        """A package and its publication."""
        package = self.package()
        self.approve(package)
        return package, self.publish(package)

    def count(self, table: str) -> int:
        with self.engine.connect() as connection:
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())

    def recipient(self, name: str) -> Recipient:
        return load_recipients(self.settings.include)[name]


@pytest.fixture
def office(database: Settings) -> Iterator[Office]:
    """An office with a database of its own and no mail server."""
    engine, administrator = open_engine(database, Role.PUBLISH), open_engine(database)
    try:
        # Nobody listens on port 1: a test that wants mail asks for the fixture below, and none reaches somebody else's.
        yield Office(replace(database, smtp_port=1), engine, administrator)
    finally:
        engine.dispose()
        administrator.dispose()


@pytest.fixture
def mail(office: Office, tmp_path: Path) -> Iterator[LoopbackMail]:
    """A mail server on loopback that the office uses."""
    with LoopbackMail(tmp_path / "mail") as server:
        office.settings = replace(office.settings, smtp_port=server.port)
        yield server
