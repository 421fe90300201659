"""When a delivery came, and what is said to one that comes after the report."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.intake.conftest import File

from arshjul.intake.delivery import receive


def report(desk: Any, period: str) -> None:
    """Let a period be reported, as far as intake can tell."""
    with desk.office.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL ROLE NONE")
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(
            "INSERT INTO published.publication (package_id, run_id, report_id, period, content_sha256)"
            " VALUES (1, %s, 'tertialrapport', %s, repeat('0', 64))",
            (desk.run_id, period),
        )


def told(receipt: Any) -> list[str]:
    return [warning for warning in receipt.warnings if "redan rapporterat" in warning]


def test_a_file_of_a_reported_tertial_is_loaded_and_its_sender_told(desk: Any) -> None:
    desk.send("anordnare", [desk.provider(desk.PROVIDER)])
    first = desk.send("insatser", [desk.enrolment("a")])
    assert told(first) == []
    report(desk, "2026-T1")
    corrected = desk.send("insatser", [desk.enrolment("a", start="2026-03-03")])
    assert (corrected.status, corrected.rows_loaded) == ("mottagen", 1)
    assert told(corrected) == [
        (
            "Tertial 1 2026 är redan rapporterat. Leveransen är inläst som vanligt och är märkt som en ändring efteråt. "
            "Den rapport som är publicerad ändras inte."
        )
    ]
    assert told(corrected)[0] in corrected.as_text()
    identical = desk.send("insatser", [desk.enrolment("a", start="2026-03-03")])
    assert told(identical) == [], "nothing has changed"
    assert told(desk.send("anordnare", [desk.provider(desk.PROVIDER)], month="2026-04")) == [], (
        "a register is no figure"
    )


@pytest.mark.parametrize(
    ("period", "is_told"), [("2026-03", True), ("2026", True), ("2026-T2", False), ("2026-04", False), ("2025", False)]
)
def test_a_month_a_tertial_and_a_year_may_be_reported(desk: Any, period: str, is_told: bool) -> None:
    desk.send("anordnare", [desk.provider(desk.PROVIDER)])
    report(desk, period)
    assert bool(told(desk.send("kapacitet", [["2026-03", "2", "40"]]))) is is_told


def received_at(desk: Any, channel: str) -> tuple[datetime, datetime]:
    """When a delivery came according to the ledger, and when its file was last touched."""
    desk.send("anordnare", [desk.provider(desk.PROVIDER)])
    content = desk.csv("kapacitet", [["2026-03", "2", "40"]])
    file = desk.put(f"kapacitet_{desk.PROVIDER}_2026-03.csv", content, desk.PROVIDER)
    os.utime(file.path, (0, 0))  # a sender's program may say that it was written in 1970
    appeared = datetime.fromtimestamp(file.path.stat().st_ctime, UTC)
    receipt = receive(desk.office, File(file.path, desk.PROVIDER, channel), desk.run_id)
    return receipt.received_at, appeared


@pytest.mark.parametrize("channel", ["mapp", "https", "sftp"])
def test_a_file_came_when_it_appeared_however_long_it_waits_to_be_read(desk: Any, channel: str) -> None:
    came, appeared = received_at(desk, channel)
    assert abs(came - appeared) < timedelta(milliseconds=1)


def test_a_file_named_at_the_keyboard_comes_when_it_is_received(desk: Any) -> None:
    came, appeared = received_at(desk, "kommandorad")
    assert came > appeared
