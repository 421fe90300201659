"""Who owes what, by when, and how that went."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from arshjul.lineage.expected import ExpectedDelivery, LandedSlice, expected_deliveries, months_until
from arshjul.periods import Month
from arshjul.settings import Settings

MARCH = Month(2026, 3)
DUE = date(2026, 4, 2)  # the 4th is Easter Saturday
EARLY, LATE = date(2026, 4, 1), date(2026, 4, 7)
ALFA, BETA = "5560360793", "5566778899"
REFUSED = {
    "status": "avvisad",
    "is_current": False,
    **dict.fromkeys(("rows_in", "rows_loaded", "rows_unchanged", "rows_quarantined")),
    "refusal_rule": "kolumn_saknas",
    "refusal_text": "Kolumnen startdatum saknas.",
}


def register(ledger: Any, orgnr: str, *, since: str = "2025-01-01", until: str | None = None) -> None:
    """Put a provider into the register delivered for January."""
    delivery_id = ledger.delivery(dataset="anordnare", sender="2120000001", period="2026-01-01", is_current=False)
    ledger.connection.exec_driver_sql(
        "INSERT INTO core.anordnare (sender, period, orgnr, namn, typ, auktoriserad_fran, auktoriserad_till, "
        "kvalitetssystem, epost, delivery_id, row_no, known_from) VALUES ('2120000001', '2026-01-01', %s, 'Åsa Öberg AB', "
        "'extern', %s, %s, 'inget', 'post@anordnaren.example', %s, 1, clock_timestamp())",
        (orgnr, since, until, delivery_id),
    )


def ask(
    connection: Connection, settings: Settings, today: date = LATE, month: Month = MARCH, landed: Any = ()
) -> list[ExpectedDelivery]:
    return list(expected_deliveries(connection, settings, [month], today, landed))


def state(connection: Connection, settings: Settings, today: date = LATE, **named: Any) -> str:
    """How the enrolments of the only provider stand."""
    [found] = [one for one in ask(connection, settings, today, **named) if one.dataset == "insatser"]
    return found.state


def test_what_is_not_due_is_awaited_and_what_is_due_is_missing(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    register(ledger, ALFA)
    assert state(connection, database, DUE) == "vantas", "the last day is not over"
    assert state(connection, database, date(2026, 4, 3)) == "saknas"
    [first, *_] = ask(connection, database)
    assert (first.name, first.email, first.due) == ("Åsa Öberg AB", "post@anordnaren.example", DUE)
    assert first.as_json() == {
        "avsandare": ALFA,
        "namn": "Åsa Öberg AB",
        "dataset": "insatser",
        "manad": "2026-03",
        "senast": "2026-04-02",
        "lage": "saknas",
        "kom": None,
        "paminnelse": None,
    }


@pytest.mark.parametrize(
    ("received_at", "expected"),
    [
        ("2026-03-31T12:00Z", "i_tid"),
        ("2026-04-02T21:59:59Z", "i_tid"),  # 23.59.59 in Sweden, in summer time
        ("2026-04-02T22:00Z", "sen"),
        ("2026-06-01T08:00Z", "sen"),
    ],
)
def test_the_day_ends_at_midnight_in_sweden(
    ledger: Any, connection: Connection, database: Settings, received_at: str, expected: str
) -> None:
    register(ledger, ALFA)
    ledger.delivery(received_at=received_at)
    assert state(connection, database) == expected


def test_the_day_ends_at_midnight_in_winter_too(ledger: Any, connection: Connection, database: Settings) -> None:
    register(ledger, ALFA)
    ledger.delivery(period="2026-01-01", received_at="2026-02-04T22:59Z")
    assert state(connection, database, month=Month(2026, 1)) == "i_tid"


def test_a_correction_after_the_day_does_not_make_the_delivery_late(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    register(ledger, ALFA)
    ledger.delivery(received_at="2026-04-01T08:00Z", is_current=False)
    ledger.delivery(received_at="2026-05-01T08:00Z")
    assert state(connection, database) == "i_tid"


def test_late_and_then_corrected_is_late(ledger: Any, connection: Connection, database: Settings) -> None:
    register(ledger, ALFA)
    ledger.delivery(received_at="2026-04-08T08:00Z", is_current=False)
    ledger.delivery(received_at="2026-04-09T08:00Z")
    [found] = [one for one in ask(connection, database) if one.dataset == "insatser"]
    assert found.state == "sen"
    assert found.received_at
    assert found.received_at.day == 8


def test_only_refused_deliveries_are_told_as_such_before_and_after_the_day(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    register(ledger, ALFA)
    ledger.delivery(**REFUSED)
    assert [state(connection, database, day) for day in (EARLY, LATE)] == ["avvisad", "avvisad"]
    ledger.delivery(received_at="2026-04-01T08:00Z")
    assert state(connection, database) == "i_tid"


def test_nothing_but_quarantine_is_no_delivery_and_an_empty_file_is_one(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    register(ledger, ALFA)
    ledger.delivery(received_at="2026-04-01T08:00Z", rows_loaded=0, rows_quarantined=3)
    nothing = {"rows_in": 0, "rows_loaded": 0, "rows_quarantined": 0}
    ledger.delivery(dataset="narvaro", received_at="2026-04-01T08:00Z", **nothing)
    told = {one.dataset: one.state for one in ask(connection, database)}
    assert told == {"insatser": "avvisad", "narvaro": "i_tid", "kapacitet": "saknas"}


def test_a_file_that_waits_to_be_read_is_not_missing(ledger: Any, connection: Connection, database: Settings) -> None:
    register(ledger, ALFA)
    register(ledger, BETA)
    landed = [LandedSlice("insatser", ALFA, MARCH), LandedSlice("narvaro", ALFA, Month(2026, 4))]
    told = {(one.sender, one.dataset): one.state for one in ask(connection, database, landed=landed)}
    assert told[ALFA, "insatser"] == "olast"
    assert told[ALFA, "narvaro"] == "saknas"
    assert told[BETA, "insatser"] == "saknas"


def test_an_interrupted_run_has_the_file(ledger: Any, connection: Connection, database: Settings) -> None:
    register(ledger, ALFA)
    ledger.delivery(**REFUSED | {"status": "landad", "refusal_rule": None, "refusal_text": None})
    assert state(connection, database) == "olast"


@pytest.mark.parametrize(
    ("since", "until", "is_owed"),
    [
        ("2026-03-31", None, True),  # authorised on the month's last day
        ("2026-04-01", None, False),
        ("2025-01-01", "2026-03-01", True),  # and no longer after its first
        ("2025-01-01", "2026-02-28", False),
        ("2026-03-10", "2026-03-20", True),
    ],
)
def test_whoever_is_authorised_some_day_of_the_month_owes_it(
    ledger: Any, connection: Connection, database: Settings, since: str, until: str | None, is_owed: bool
) -> None:
    register(ledger, ALFA, since=since, until=until)
    assert bool(ask(connection, database)) is is_owed


def test_nothing_is_owed_for_months_before_the_line_was_begun(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    register(ledger, ALFA)
    months = {one.month.key for one in expected_deliveries(connection, database, months_until(MARCH, 12), LATE)}
    assert months == {"2026-01", "2026-02", "2026-03"}, "the register of January is the first delivery"


def with_calendar(settings: Settings, tmp_path: Path, text: str) -> Settings:
    """The same catalogue with another calendar."""
    include = tmp_path / "include"
    shutil.copytree(settings.include / "contracts", include / "contracts")
    (include / "calendar").mkdir()
    (include / "calendar" / "deliveries.yaml").write_text(text, encoding="utf-8")
    return replace(settings, include=include)


def test_the_calendar_may_say_when_the_line_was_begun(
    ledger: Any, connection: Connection, database: Settings, tmp_path: Path
) -> None:
    register(ledger, ALFA)
    changed = with_calendar(database, tmp_path, "starts: {insatser: '2025-12', narvaro: '2026-03'}")
    owed = expected_deliveries(connection, changed, months_until(MARCH, 12), LATE)
    firsts = {one.dataset: one.month.key for one in reversed(owed)}
    assert firsts == {"insatser": "2025-12", "narvaro": "2026-03", "kapacitet": "2026-01"}


def test_a_moved_deadline_makes_a_late_delivery_one_in_time(
    ledger: Any, connection: Connection, database: Settings, tmp_path: Path
) -> None:
    register(ledger, ALFA)
    ledger.delivery(received_at="2026-04-08T08:00Z")
    moved = "moved: [{month: '2026-03', due: 2026-04-10, datasets: [insatser], reason: Påsk.}]"
    changed = with_calendar(database, tmp_path, moved)
    assert state(connection, changed) == "i_tid"
    assert state(connection, database) == "sen"


def test_the_municipality_owes_what_it_has_begun_to_deliver(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    assert ask(connection, database) == []
    ledger.delivery(dataset="ekonomi", sender=database.kommun_orgnr, period="2026-02-01")
    [found] = ask(connection, database, date(2026, 5, 1))
    assert (found.dataset, found.sender, found.state, found.email) == ("ekonomi", "2120000001", "saknas", None)
    assert found.name == "Exempelkommun"


def test_a_register_that_came_some_time_in_the_year_is_not_missing(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    kommun, december = database.kommun_orgnr, Month(2026, 12)
    ledger.delivery(dataset="mal", sender=kommun, period="2025-02-01", received_at="2025-03-02T08:00Z")
    [missing] = [one for one in ask(connection, database, date(2027, 2, 1), december) if one.dataset == "mal"]
    ledger.delivery(dataset="mal", sender=kommun, period="2026-02-01", received_at="2026-03-02T08:00Z")
    [found] = [one for one in ask(connection, database, date(2027, 2, 1), december) if one.dataset == "mal"]
    assert (missing.state, found.state) == ("saknas", "i_tid")
    assert found.due == date(2027, 1, 18)
