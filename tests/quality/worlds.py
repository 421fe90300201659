"""A world in which every check of the gate holds: two providers who delivered a whole tertial, and their customers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection
from tests.core_rows import INCLUDE, PROVIDER, Row, load, start_run

from arshjul.catalogue.contracts import load_contracts
from arshjul.intake.staging import prepare_staging
from arshjul.periods import Month, Tertial
from arshjul.warehouse.statements import Statements

OTHER = "5590000013"
TERTIAL = Tertial(2024, 1)
MONTH = Month(2024, 4)
AS_OF = datetime(2024, 5, 10, 6, tzinfo=UTC)
CUSTOMERS = 12


def insert(connection: Connection, table: str, **row: Any) -> None:
    """Enter one row, as a superuser may."""
    names, places = ", ".join(f'"{name}"' for name in row), ", ".join(f"%({name})s" for name in row)
    connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({places})", row)


def run_of(connection: Connection) -> int:
    """Give the run of :func:`make_good_world`."""
    return int(connection.exec_driver_sql("SELECT min(run_id) FROM lineage.run").scalar_one())


def deliver(connection: Connection, dataset: str, sender: str, month: Month, **changed: Any) -> None:
    """Enter a delivery that was received in time."""
    row = {
        "run_id": run_of(connection),
        "dataset": dataset,
        "sender": sender,
        "period": month.start,
        "file_name": "fil.csv",
        "sha256": "0" * 64,
        "size_bytes": 1,
        "channel": "mapp",
        "status": "mottagen",
        "is_current": True,
        "rows_in": 50,
        "rows_loaded": 50,
        "rows_unchanged": 0,
        "rows_quarantined": 0,
        "finished_at": datetime(2024, 5, 3, tzinfo=UTC),
    }
    insert(connection, "lineage.delivery", **(row | changed))


def tell(connection: Connection, **tables: Iterable[Row]) -> None:
    """Add rows to core, by table."""
    load(connection, run_of(connection), {"code": (), **tables})


def make_good_world(connection: Connection) -> None:
    """Fill an empty warehouse with what nobody could object to."""
    run_id = start_run(connection)
    connection.exec_driver_sql("SET ROLE arshjul_intake")
    prepare_staging(connection, Statements(INCLUDE / "sql"), load_contracts(INCLUDE).values())
    connection.exec_driver_sql("RESET ROLE")
    senders = (PROVIDER, OTHER)
    numbers = [(sender, number) for sender in senders for number in range(CUSTOMERS)]
    load(
        connection,
        run_id,
        {
            "anordnare": [
                {"sender": "2120000001", "orgnr": sender, "auktoriserad_fran": "2020-01-01", "period": "2024-01-01"}
                for sender in senders
            ],
            "insatser": [_enrolment(sender, number) for sender, number in numbers],
            "narvaro": [
                {
                    "sender": sender,
                    "insats_id": f"{sender}-{number}",
                    "datum": "2024-02-06",
                    "planerade_timmar": 8,
                    "narvarande_timmar": 8,
                }
                for sender, number in numbers
            ],
            "trappsteg": [
                {"sender": sender, "insats_id": f"{sender}-{number}", "datum": day, "tillfalle": when, "steg": step}
                for sender, number in numbers[::2]
                for day, when, step in (("2023-06-01", "anvisning", 2), ("2024-03-15", "avslut", 4))
            ],
            "kapacitet": [
                {"sender": sender, "manad": month.start, "platser": 20}
                for sender in senders
                for month in TERTIAL.months
            ],
        },
    )
    for sender in senders:
        for month in TERTIAL.months:
            for dataset in ("insatser", "narvaro", "kapacitet"):
                deliver(connection, dataset, sender, month)


def _enrolment(sender: str, number: int) -> dict[str, Any]:
    row = {"sender": sender, "insats_id": f"{sender}-{number}"}
    # Every second one found work in March.
    return row | ({} if number % 2 else {"slutdatum": "2024-03-15", "avslutsorsak": "arbete"})
