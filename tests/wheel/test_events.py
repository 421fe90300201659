"""The ledger of the year: append only, logged, the same thing once; and the year read from the warehouse."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection
from tests.wheel.year import COUNCIL, meetings, of_2026, real, register, visits, year_2026

from arshjul.lineage.ledger import start_run
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.warehouse.errors import WarehouseError
from arshjul.wheel.events import Event, in_use_since, read, record
from arshjul.wheel.occurrences import CalendarDay
from arshjul.wheel.standing import calendar_days, read_year

DAY = date(2026, 9, 8)


@pytest.fixture
def run_id(connection: Connection) -> int:
    return start_run(connection, "complaint_summary", "klagomal__2026", None, "test")


def test_the_same_thing_on_the_same_day_is_recorded_once(connection: Connection, run_id: int) -> None:
    for _ in range(2):
        record(connection, "klagomal", 2026, "klar", DAY, run_id=run_id, note="Tre sidor.")
    record(connection, "stickprov", 2026, "klar", DAY, run_id=run_id, part="2026-08")
    assert read(connection, 2026, 2026, DAY) == (
        Event("klagomal", 2026, "", "klar", DAY, "Tre sidor."),
        Event("stickprov", 2026, "2026-08", "klar", DAY),
    )
    assert read(connection, 2026, 2026, date(2026, 9, 7)) == ()
    assert read(connection, 2027, 2028, DAY) == ()


@pytest.mark.parametrize(
    "statement", ["UPDATE lineage.activity_event SET kind = 'klar'", "DELETE FROM lineage.activity_event"]
)
def test_an_event_is_never_changed(connection: Connection, run_id: int, statement: str) -> None:
    record(connection, "klagomal", 2026, "startad", DAY, run_id=run_id)
    with pytest.raises(Exception, match="append only"):
        connection.exec_driver_sql(statement)


def test_an_event_is_sealed_in_the_log(connection: Connection, run_id: int) -> None:
    record(connection, "klagomal", 2026, "klar", DAY, run_id=run_id)
    logged = connection.exec_driver_sql(
        "SELECT event, data ->> 'kind' FROM lineage.log ORDER BY seq DESC LIMIT 1"
    ).one()
    assert tuple(logged) == ("activity_event.insert", "klar")


def test_not_applicable_needs_a_reason(connection: Connection, run_id: int) -> None:
    with pytest.raises(WarehouseError, match="not_applicable_has_a_reason"):
        record(connection, "klagomal", 2026, "ej_aktuell", DAY, run_id=run_id, note="nej")


def test_the_year_is_in_use_from_the_first_thing_that_is_recorded(connection: Connection, run_id: int) -> None:
    assert in_use_since(connection, DAY) == DAY
    record(connection, "klagomal", 2026, "startad", date(2026, 9, 6), run_id=run_id)
    assert in_use_since(connection, DAY) == date(2026, 9, 6)


@pytest.mark.parametrize("role", [Role.INTAKE, Role.COMPUTE, Role.PUBLISH, Role.REPORT, Role.AUDIT])
def test_everybody_may_read_the_year_and_nobody_the_notes_behind_it(database: Settings, role: Role) -> None:
    with transaction(database) as connection:
        register(connection, of_2026())
    with transaction(database, role) as connection:
        found = read_year(connection, real(), 2026, DAY)
        assert [one.occurrence.key for one in found] == [one.key for one in year_2026().values()]
        assert calendar_days(connection, 2026) == tuple(sorted(of_2026(), key=lambda one: (one.day, one.kind)))
    if role not in (Role.INTAKE, Role.COMPUTE, Role.AUDIT):
        with transaction(database, role) as connection, pytest.raises(Exception, match="InsufficientPrivilege"):
            connection.exec_driver_sql("SELECT * FROM core.besok")


def test_a_meeting_or_a_visit_that_is_called_off_binds_nothing(connection: Connection) -> None:
    gone = date(2026, 9, 16)
    register(connection, [*meetings([gone]), *meetings([date(2026, 6, 24)], COUNCIL), *visits(date(2026, 2, 11))])
    connection.exec_driver_sql("UPDATE core.besok SET status = 'installt'")
    # A newer register without the meeting, before its day.
    connection.exec_driver_sql(
        "INSERT INTO core.sammantraden (organ, datum, utskick_datum, period, sender, delivery_id, row_no, known_from)"
        " SELECT organ, datum, utskick_datum, '2026-08-01', sender, delivery_id, 9, known_from FROM core.sammantraden"
        " WHERE organ = 'Kommunfullmäktige'"
    )
    assert [one.name for one in calendar_days(connection, 2026)] == [COUNCIL]
    [klagomal] = [one for one in read_year(connection, real(), 2026, DAY) if one.occurrence.activity.id == "klagomal"]
    assert klagomal.occurrence.is_preliminary


def test_a_meeting_that_a_later_register_lacks_was_held(connection: Connection) -> None:
    register(connection, meetings([date(2026, 2, 18), date(2027, 2, 17)]))
    connection.exec_driver_sql("UPDATE core.sammantraden SET period = '2027-01-01' WHERE datum = '2027-02-17'")
    assert CalendarDay("sammantrade", "Arbetsmarknadsnämnden", date(2026, 2, 18), date(2026, 2, 10)) in calendar_days(
        connection, 2026
    )
