"""Internal control of the tertial reports themselves: everything is read from the ledger, nothing is ticked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.core_rows import load
from tests.delivery.conftest import Office

from arshjul.periods import Tertial
from arshjul.registers.actions import NOTHING_TO_COMPARE, read_actions, read_effects
from arshjul.registers.report_controls import ReportControl, read_report_controls
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine, transaction
from arshjul.wheel.events import record

BOARD = "Arbetsmarknadsnämnden"
FUTURE = datetime(2100, 1, 1, tzinfo=UTC)
MEETINGS = [
    {"datum": "2026-05-13", "utskick_datum": "2026-05-05"},  # too soon after the tertial
    {"datum": "2026-06-17", "utskick_datum": "2026-06-09"},
    {"datum": "2026-06-03", "utskick_datum": "2026-06-01", "organ": "Kommunfullmäktige"},
]


@pytest.fixture
def office(database: Settings) -> Iterator[Office]:
    """An office that can publish a tertial."""
    engine, administrator = open_engine(database, Role.PUBLISH), open_engine(database)
    yield Office(database, engine, administrator)
    engine.dispose()
    administrator.dispose()


def control(office: Office, done_on: date | None = None) -> ReportControl:
    """Control the first tertial of 2026, published on a day."""
    run_id = office.run()
    with office.administrator.begin() as connection:
        rows = [{"organ": BOARD, "period": "2026-01-01", **row} for row in MEETINGS]
        load(connection, run_id, {"code": [], "sammantraden": rows})
        if done_on:
            record(connection, "tertialrapport_1", 2026, "klar", done_on, run_id=run_id)
    with transaction(office.settings, Role.REPORT) as connection:
        [found] = read_report_controls(connection, FUTURE, 2026, date(2026, 8, 31), BOARD)
    return found


def test_a_report_that_was_checked_approved_by_two_and_in_time_holds(office: Office) -> None:
    package, publication_id = office.published()
    found = control(office, date(2026, 6, 9))
    assert (found.publication_id, found.content_sha256, found.figures) == (publication_id, package.content_sha256, 2)
    assert (found.dispatch, found.meeting) == (date(2026, 6, 9), date(2026, 6, 17))
    assert (found.approvers, found.is_lineage_complete, found.is_in_time) == (2, True, True)
    assert (found.publications, found.revised_figures) == (1, 0)
    assert found.holds


def test_a_report_that_came_after_the_papers_were_sent_out_does_not_hold(office: Office) -> None:
    office.published()
    found = control(office, date(2026, 6, 10))
    assert (found.published_on, found.is_in_time, found.holds) == (date(2026, 6, 10), False, False)


def test_a_tertial_without_a_report_is_told_and_does_not_hold(office: Office) -> None:
    found = control(office)
    assert (found.publication_id, found.is_lineage_complete, found.approvers, found.holds) == (None, False, 0, False)
    assert found.is_in_time is None


def test_figures_that_are_no_longer_what_the_log_sealed_break_the_lineage(office: Office) -> None:
    office.published()
    with office.administrator.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE published.figure DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE published.figure SET value = 0.9 WHERE cell = '{}'")
    found = control(office, date(2026, 6, 1))
    assert (found.is_lineage_complete, found.holds) == (False, False)


def test_a_second_publication_of_the_tertial_is_a_change(office: Office) -> None:
    package, _ = office.published()
    again = office.freeze(package.computation_id, {"tertialrapport.html": b"<p>R\xc3\xa4ttad</p>"})
    office.approve(again)
    second = office.publish(again)
    found = control(office, date(2026, 6, 1))
    assert (found.publication_id, found.publications) == (second, 2)


def test_a_figure_that_has_another_value_in_the_newest_review_is_counted(office: Office) -> None:
    package, _ = office.published()
    run_id = office.run()
    with office.administrator.begin() as connection:
        new = connection.exec_driver_sql(
            "INSERT INTO indicator.computation (run_id, period, period_start, period_end, as_of, catalogue_sha256) "
            "SELECT run_id, period, period_start, period_end, as_of + interval '1 day', catalogue_sha256 "
            "FROM indicator.computation WHERE computation_id = %s RETURNING computation_id",
            (package.computation_id,),
        ).scalar_one()
        review = connection.exec_driver_sql(
            "INSERT INTO indicator.review (run_id, old_computation_id, new_computation_id) VALUES (%s, %s, %s) "
            "RETURNING review_id",
            (run_id, package.computation_id, new),
        ).scalar_one()
        for cell in ("{}", '{"kon": "kvinna"}', '{"kon": "man"}'):
            connection.exec_driver_sql(
                "INSERT INTO indicator.revision VALUES (%s, 'maluppfyllelse', %s, 'andel_personer', 13, 20, 0.65, 20, "
                "14, 20, 0.7, 20)",
                (review, cell),
            )
    assert control(office, date(2026, 6, 1)).revised_figures == 1, "one was not published, and one was withheld"


def test_an_action_is_set_beside_the_published_totals_and_a_withheld_figure_is_not_read(office: Office) -> None:
    office.published()
    done = {"beslutad_datum": "2025-06-01", "klar_datum": "2025-10-01", "status": "klar", "bevis": "Dnr"}
    rows = [{"atgard_id": one, "kall_id": "x", **done} for one in ("a", "b")]
    with office.administrator.begin() as connection:
        aimed = {"atgarder": [{**rows[0], "indikator_id": "maluppfyllelse"}, rows[1]]}
        load(connection, office.run(), {"code": [], **aimed})
    with transaction(office.settings, Role.REPORT) as connection:
        effects = read_effects(connection, FUTURE, read_actions(connection, FUTURE))
    assert list(effects) == ["a"]
    assert (effects["a"].after_period, effects["a"].after) == (Tertial(2026, 1), Decimal("0.65"))
    assert effects["a"].words == NOTHING_TO_COMPARE, "nothing was published of the time before"


def test_a_tertial_that_has_not_ended_is_not_asked_for(office: Office) -> None:
    with transaction(office.settings, Role.REPORT) as connection:
        found = read_report_controls(connection, FUTURE, 2026, date(2026, 9, 1), BOARD)
        none = read_report_controls(connection, FUTURE, 2026, date(2026, 4, 30), BOARD)
    assert [one.tertial.key for one in found] == ["2026-T1", "2026-T2"]
    assert none == ()
