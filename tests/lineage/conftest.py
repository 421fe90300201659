"""A ledger with one publication in it, written row by row so that the room is tested without the rooms above it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from arshjul.lineage.ledger import CheckResult, record_check_run, start_run
from arshjul.settings import Settings
from arshjul.warehouse.engine import open_engine

AS_OF = datetime(2026, 5, 4, 7, 30, 0, 123450, tzinfo=UTC)
HASH = "c0ffee" + "0" * 58


@dataclass
class Ledger:
    """Writes rows for one period; ``connection`` is a superuser's."""

    connection: Connection
    period: str = "2026-T1"

    def insert(self, table: str, key: str, **row: Any) -> int:
        names, values = ", ".join(row), ", ".join(f"%({name})s" for name in row)
        return int(
            self.connection.exec_driver_sql(
                f"INSERT INTO {table} ({names}) VALUES ({values}) RETURNING {key}",
                row,
            ).scalar_one()
        )

    def run(self, name: str = "manual__1") -> int:
        return start_run(self.connection, "tertial_indicators", name, self.period, "abc123")

    def delivery(self, **changed: Any) -> int:
        row = {
            "run_id": self.run("ingest__1"),
            "dataset": "insatser",
            "sender": "5560360793",
            "period": "2026-03-01",
            "file_name": "insatser_5560360793_2026-03.csv",
            "sha256": "a" * 64,
            "size_bytes": 10,
            "channel": "mapp",
            "status": "mottagen",
            "is_current": True,
            "rows_in": 3,
            "rows_loaded": 2,
            "rows_unchanged": 0,
            "rows_quarantined": 1,
        }
        return self.insert("lineage.delivery", "delivery_id", **(row | changed))

    def computation(self) -> int:
        computation_id = self.insert(
            "indicator.computation",
            "computation_id",
            run_id=self.run(),
            period=self.period,
            period_start="2026-01-01",
            period_end="2026-04-30",
            as_of=AS_OF,
            catalogue_sha256="d" * 64,
        )
        for cell, numerator, is_protected in (({}, 13, False), ({"kon": "man"}, 2, True)):
            self.connection.exec_driver_sql(
                "INSERT INTO indicator.value VALUES (%s, 'maluppfyllelse', %s, %s, 20, %s / 20.0, 20, 20, %s)",
                (computation_id, json.dumps(cell), numerator, numerator, is_protected),
            )
        return computation_id

    def check(self, computation_id: int, *results: CheckResult) -> int:
        return record_check_run(
            self.connection,
            run_id=self.run(),
            stage="indicator",
            period=self.period,
            results=results or (CheckResult("delar_summerar", "Delarna summerar.", "stopp", True, "Räkna om.", 4, 0),),
            as_of=AS_OF,
            computation_id=computation_id,
        )

    def package(self, computation_id: int, content_sha256: str = HASH) -> int:
        self._check_core(computation_id)
        return self.insert(
            "lineage.package",
            "package_id",
            run_id=self.run(),
            report_id="tertialrapport",
            period=self.period,
            as_of=AS_OF,
            computation_id=computation_id,
            content_sha256=content_sha256,
            files="[]",
            prepared_by="arshjul",
        )

    def approve(self, package_id: int, step: str, person: str, decision: str = "godkand", comment: str = "") -> int:
        return self.insert(
            "lineage.approval",
            "approval_id",
            package_id=package_id,
            content_sha256=HASH,
            step=step,
            person=person,
            decision=decision,
            comment=comment,
        )

    def _check_core(self, computation_id: int) -> None:
        """Publication needs the stage core too."""
        record_check_run(
            self.connection,
            run_id=self.run(),
            stage="core",
            period=self.period,
            results=[CheckResult("registret_finns", "Registret finns.", "stopp", True, "Läs in registret.", 1, 0)],
            as_of=AS_OF,
            computation_id=computation_id,
        )

    def publish(self, package_id: int) -> int:
        publication_id = self.insert(
            "published.publication",
            "publication_id",
            package_id=package_id,
            run_id=self.run(),
            report_id="tertialrapport",
            period=self.period,
            content_sha256=HASH,
        )
        self.connection.exec_driver_sql(
            "INSERT INTO published.figure VALUES "
            "(%(id)s, 'maluppfyllelse/2026-T1', 'maluppfyllelse', '{}', 13, 20, 0.65, 20, false), "
            "(%(id)s, 'maluppfyllelse/2026-T1/kon=man', 'maluppfyllelse', '{\"kon\": \"man\"}', NULL, NULL, NULL, NULL, true)",
            {"id": publication_id},
        )
        return publication_id

    def receipt(self, publication_id: int, recipient_id: str = "diarium") -> int:
        return self.insert(
            "lineage.receipt",
            "receipt_id",
            publication_id=publication_id,
            recipient_id=recipient_id,
            channel="mapp",
            address="diarium",
            content_sha256=HASH,
            reference="2026-T1-tertialrapport",
        )

    def whole_line(self) -> int:
        """Everything from a delivery to a receipt; gives the publication."""
        self.delivery()
        computation_id = self.computation()
        self.check(computation_id)
        package_id = self.package(computation_id)
        self.approve(package_id, "granskning", "anna")
        self.approve(package_id, "godkannande", "bertil", comment="Ser rätt ut.")
        publication_id = self.publish(package_id)
        self.receipt(publication_id)
        return publication_id


@pytest.fixture
def ledger(connection: Connection) -> Ledger:
    """An empty ledger in the test's own database; rolled back."""
    return Ledger(connection)


@pytest.fixture
def engine(database: Settings) -> Iterator[Engine]:
    """A superuser's engine on the test's own database; what is done here is committed."""
    made = open_engine(database)
    try:
        yield made
    finally:
        made.dispose()
