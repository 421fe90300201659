"""Effect follow-ups fall due three, six and twelve months after an exit that reached the goal; what is missing is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.core_rows import PROVIDER, load, start_run

from arshjul.registers.effects import EffectFollowUps, MissingFollowUp, effect_followups, missing_followups
from arshjul.warehouse.errors import WarehouseError

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def exits(connection: Connection, *days: str, **tables: list[dict[str, Any]]) -> None:
    rows = [
        {"insats_id": f"E{number}", "startdatum": "2022-01-01", "slutdatum": day, "avslutsorsak": "arbete"}
        for number, day in enumerate(days, start=1)
    ]
    register = {"period": "2022-01-01", "orgnr": PROVIDER, "namn": "Åsa AB", "auktoriserad_fran": "2020-01-01"}
    load(connection, start_run(connection), {"anordnare": [register], "insatser": rows, **tables})


def due_days(connection: Connection) -> list[tuple[int, date]]:
    found = missing_followups(connection, NOW, date(2022, 1, 1), date(2029, 12, 31))
    return [(one.months, one.due) for one in found]


def test_an_exit_on_15_january_falls_due_on_15_april_15_july_and_a_year_later(connection: Connection) -> None:
    exits(connection, "2024-01-15")
    assert due_days(connection) == [(3, date(2024, 4, 15)), (6, date(2024, 7, 15)), (12, date(2025, 1, 15))]


@pytest.mark.parametrize(("left", "due"), [("2023-11-30", date(2024, 2, 29)), ("2022-11-30", date(2023, 2, 28))])
def test_a_shorter_month_gives_its_last_day(connection: Connection, left: str, due: date) -> None:
    exits(connection, left)
    assert due_days(connection)[0] == (3, due)


def test_done_not_reached_and_missing_are_counted_apart(connection: Connection) -> None:
    told = [
        {"insats_id": "E1", "manader": 3, "status": "egen_forsorjning"},
        {"insats_id": "E2", "manader": 3, "status": "ej_egen_forsorjning"},
        {"insats_id": "E3", "manader": 3, "status": "ej_nadd"},
        {"insats_id": "E4", "manader": 6, "status": "egen_forsorjning"},
    ]
    exits(connection, *["2024-01-15"] * 5, uppfoljningar=told)
    first, last = date(2024, 4, 1), date(2024, 4, 30)
    assert effect_followups(connection, NOW, first, last) == (
        EffectFollowUps(PROVIDER, "Åsa AB", months=3, due=5, done=2, not_reached=1, missing=2),
    )
    assert missing_followups(connection, NOW, first, last) == tuple(
        MissingFollowUp(PROVIDER, "Åsa AB", "post@anordnare.example", name, 3, date(2024, 4, 15))
        for name in ("E4", "E5")
    )


def test_whoever_did_not_reach_the_goal_is_not_followed_up(connection: Connection) -> None:
    rows = [
        {"insats_id": "A", "startdatum": "2022-01-01", "slutdatum": "2024-01-15", "avslutsorsak": "sjukskriven"},
        {"insats_id": "B", "startdatum": "2022-01-01"},
    ]
    load(connection, start_run(connection), {"insatser": rows})
    assert due_days(connection) == []


def test_a_number_with_a_slash_is_the_providers_whole_number(connection: Connection) -> None:
    row = {"insats_id": "2024/7", "startdatum": "2022-01-01", "slutdatum": "2024-01-15", "avslutsorsak": "arbete"}
    load(connection, start_run(connection), {"insatser": [row]})
    [one, *_] = missing_followups(connection, NOW, date(2024, 4, 1), date(2024, 4, 30))
    assert (one.insats_id, one.name, one.email) == ("2024/7", PROVIDER, "")


def test_reports_cannot_read_them(connection: Connection) -> None:
    exits(connection, "2024-01-15")
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    with pytest.raises(WarehouseError):
        effect_followups(connection, NOW, date(2024, 4, 1), date(2024, 4, 30))
