"""Control points on three levels: what they found, what is missing, and the runs that prove an automatic one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.registers.follow_up_world import AS_OF, UNIT, YEAR, as_reader, fill, thing

from arshjul.lineage.ledger import CheckResult, grant_waiver, record_check_run
from arshjul.registers.controls import ControlPoint, LevelSummary, by_level, expected_times, read_controls

OCTOBER = date(2024, 10, 31)
FUTURE = datetime(2100, 1, 1, tzinfo=UTC)  # the ledger's own clock has ticked since the rows were made
HELD = CheckResult("c", "Det stämmer.", "stopp", True, "Rätta.")


def point(control_id: str, level: str = "enhet", **columns: Any) -> dict[str, Any]:
    return {"kontroll_id": control_id, "niva": level, "period": "2023-12-01", **columns}


def controls(connection: Connection, day: date = OCTOBER, **tables: Any) -> dict[str, ControlPoint]:
    fill(connection, uppfoljningsobjekt=[thing(UNIT, "egen_verksamhet")], **tables)
    return {one.control_id: one for one in read_controls(as_reader(connection), AS_OF, YEAR, day)}


def test_all_three_levels_are_listed_and_the_units_points_roll_up_to_the_board(connection: Connection) -> None:
    points = [
        point("u1", objekt_id=UNIT),
        point("n1", "namnd"),
        point("g1", "kommungemensam"),
    ]
    results = [{"kontroll_id": "u1", "datum": "2024-03-12", "utfall": "avvikelse", "iakttagelse": "Underlag saknas."}]
    levels = by_level(tuple(controls(connection, kontrollpunkter=points, kontrollresultat=results).values()))
    told = {one.level: [point.control_id for point in one.every] for one in levels}
    assert told == {"kommungemensam": ["g1"], "namnd": ["n1", "u1"], "enhet": ["u1"]}
    assert [one.level for one in levels] == ["kommungemensam", "namnd", "enhet"]
    board: LevelSummary = next(one for one in levels if one.level == "namnd")
    assert [one.control_id for one in board.deviating] == ["u1"]
    assert board.title == "Nämndens"


def test_a_monthly_control_that_was_made_nine_times_by_october_lacks_one(connection: Connection) -> None:
    results = [{"datum": f"2024-{month:02}-10"} for month in range(1, 10)]
    [found] = controls(
        connection, kontrollpunkter=[point("k1", frekvens="Varje månad")], kontrollresultat=results
    ).values()
    assert (found.expected, found.made, found.missing) == (10, 9, 1)


def test_a_result_that_says_the_control_was_not_made_is_a_missing_control(connection: Connection) -> None:
    results = [{"datum": "2024-03-12", "utfall": "ej_genomford"}, {"datum": "2024-07-12"}]
    [found] = controls(connection, kontrollpunkter=[point("k1", frekvens="tertial")], kontrollresultat=results).values()
    assert (found.expected, found.made, found.missing, found.deviations) == (2, 1, 1, 0)


def test_a_deviation_without_an_action_is_told_and_one_with_is_not(connection: Connection) -> None:
    results = [
        {"datum": "2024-01-10", "utfall": "avvikelse"},
        {"datum": "2024-02-10", "utfall": "avvikelse", "atgard_id": "a1"},
        {"datum": "2024-03-10", "utfall": "avvikelse"},
    ]
    action = {"atgard_id": "a2", "kalla": "internkontroll", "kall_id": "k1/2024-03-10"}
    [found] = controls(connection, kontrollpunkter=[point("k1")], kontrollresultat=results, atgarder=[action]).values()
    assert [one.day for one in found.without_action] == [date(2024, 1, 10)]
    assert [one.action_ids for one in found.results] == [(), ("a1",), ("a2",)]


def test_results_after_the_day_that_was_asked_do_not_count(connection: Connection) -> None:
    results = [{"datum": "2024-10-31"}, {"datum": "2024-11-01", "utfall": "avvikelse"}]
    [found] = controls(connection, kontrollpunkter=[point("k1")], kontrollresultat=results).values()
    assert [one.day for one in found.results] == [OCTOBER]


@pytest.mark.parametrize(
    ("frequency", "last", "times"),
    [
        ("manad", date(2024, 10, 31), 10),
        ("Varje månad", date(2024, 10, 30), 9),
        ("Varje tertial", date(2024, 8, 31), 2),
        ("Varje tertial", date(2024, 8, 30), 1),
        ("kvartalsvis", date(2024, 9, 30), 3),
        ("Halvårsvis", date(2024, 12, 31), 2),
        ("en gång per år", date(2024, 12, 30), 0),
        ("ar", date(2024, 12, 31), 1),
        ("varje vecka", date(2024, 12, 31), 52),
    ],
)
def test_only_whole_stretches_of_the_year_are_asked_for(frequency: str, last: date, times: int) -> None:
    assert expected_times(frequency, 2024, last) == times


def automatic(connection: Connection, *runs: tuple[str, CheckResult], day: date = OCTOBER) -> ControlPoint:
    """A point whose control is the check ``c``, with the runs of it given as period and result."""
    run_id = fill(connection, kontrollpunkter=[point("k1", metod="automatisk", check_id="c", frekvens="månad")])
    for period, result in runs:
        record_check_run(connection, run_id=run_id, stage="core", period=period, results=[result])
    [found] = read_controls(as_reader(connection), FUTURE, YEAR, day)
    return found


def test_the_runs_of_its_check_are_the_proof_of_an_automatic_point(connection: Connection) -> None:
    found = automatic(connection, ("2024-01", HELD), ("2024-02", replace(HELD, is_success=False)))
    assert [(one.period, one.is_success) for one in found.evidence] == [("2024-01", True), ("2024-02", False)]
    assert (found.made, found.missing, found.deviations) == (2, 8, 1)
    seals = connection.exec_driver_sql(
        "SELECT encode(hash, 'hex') FROM lineage.log WHERE event = 'check_result.insert' ORDER BY seq"
    ).scalars()
    assert [one.hash for one in found.evidence] == list(seals)


def test_a_check_that_was_run_again_is_judged_by_its_newest_run_and_counts_once(connection: Connection) -> None:
    found = automatic(connection, ("2024-01", replace(HELD, is_success=False)), ("2024-01", HELD))
    assert (found.made, found.deviations, len(found.evidence)) == (1, 0, 2)


def test_an_automatic_point_whose_check_never_ran_is_missing_all_of_it(connection: Connection) -> None:
    found = automatic(connection, ("2023-12", HELD), ("2024-01", replace(HELD, check_id="another")))
    assert (found.evidence, found.missing) == ((), 10)


def test_who_waived_a_stop_and_why_stands_in_the_proof(connection: Connection) -> None:
    reason = "Anordnaren har lagt ned sin verksamhet."
    waiver_id = grant_waiver(
        connection,
        check_id="c",
        period="2024-T2",
        reason=reason,
        valid_until=datetime.now(UTC).date() + timedelta(days=30),
        requested_by="anna",
        approved_by="bertil",
    )
    found = automatic(connection, ("2024-T2", replace(HELD, is_success=False, waiver_id=waiver_id)))
    [proof] = found.evidence
    assert (proof.waiver_reason, proof.waived_by) == (reason, ("anna", "bertil"))


def test_a_run_about_what_came_after_the_day_is_no_proof(connection: Connection) -> None:
    assert automatic(connection, ("2024-11", HELD), ("2024-T3", HELD), ("2024", HELD)).evidence == ()
