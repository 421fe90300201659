"""Every check written by hand: a fixture that it catches, and that no other check does. Plain SQL, so that it is quick."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import cache

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, PROVIDER
from tests.quality.worlds import AS_OF, MONTH, OTHER, TERTIAL, deliver, insert, run_of, tell

from arshjul.catalogue.checks import load_checks
from arshjul.periods import Month, Period, Tertial, Year, YearToDate
from arshjul.quality.plan import PlannedCheck, Scope, plan_checks

STAGES = ("staging", "core", "indicator")


@cache
def written_checks(scope: Scope) -> list[PlannedCheck]:
    written = load_checks(INCLUDE, scope.stage)
    return [check for check in plan_checks(INCLUDE, scope) if check.id in written]


def breaches(
    connection: Connection, period: Period = TERTIAL, as_of: datetime = AS_OF, computation_id: int | None = None
) -> dict[str, int]:
    """Count the breaches of every check written by hand, leaving out those that hold."""
    scopes = [Scope("staging", MONTH), Scope("core", period, as_of)]
    if computation_id is not None:
        scopes.append(Scope("indicator", period, as_of, computation_id))
    counts: dict[str, int] = {}
    for check in (check for scope in scopes for check in written_checks(scope)):
        counts[check.id] = connection.exec_driver_sql(f"SELECT count(*) FROM ({check.batch}) AS b").scalar_one()
    return {check_id: count for check_id, count in counts.items() if count}


def enter_computation(connection: Connection, period: Period) -> int:
    insert(
        connection,
        "indicator.computation",
        run_id=run_of(connection),
        period=period.key,
        period_start=period.start,
        period_end=period.end,
        as_of=AS_OF,
        catalogue_sha256="d" * 64,
    )
    return int(connection.exec_driver_sql("SELECT max(computation_id) FROM indicator.computation").scalar_one())


def enter_value(connection: Connection, computation_id: int, **row: object) -> None:
    usual = {"cell": "{}", "numerator": 1, "observations": 10, "is_protected": False}
    insert(connection, "indicator.value", computation_id=computation_id, **(usual | row))


def computation(connection: Connection, *left_out: str, exits: int = 10, period: Period = TERTIAL) -> int:
    """Enter a computation with a total for every indicator of the catalogue, but for those left out."""
    number = enter_computation(connection, period)
    for statement in sorted((INCLUDE / "sql" / "indicator").glob("*.sql")):
        if (INCLUDE / "sql" / "indicator" / f"{statement.stem}.yaml").is_file() and statement.stem not in left_out:
            enter_value(connection, number, indicator_id=statement.stem, value=0.8, observations=exits)
    return number


def test_nothing_is_said_of_a_good_world(world: Connection) -> None:
    assert breaches(world, computation_id=computation(world)) == {}


def _quarantined(connection: Connection, rows: int, rows_in: int, kept: int | None = None) -> None:
    deliver(connection, "trappsteg", OTHER, MONTH, rows_in=rows_in, rows_loaded=rows_in - rows, rows_quarantined=rows)
    delivery_id = connection.exec_driver_sql("SELECT max(delivery_id) FROM lineage.delivery").scalar_one()
    for number in range(1, (rows if kept is None else kept) + 1):
        for rule in ("kravs", "format"):  # a row may be there for more reasons than one
            insert(connection, "quarantine.row", delivery_id=delivery_id, row_no=number, field="f", rule=rule, text="t")


def lose_a_quarantined_row(world: Connection) -> None:
    _quarantined(world, 3, 100, kept=2)


def quarantine_a_fifth(world: Connection) -> None:
    _quarantined(world, 2, 10)


def forget_the_register(world: Connection) -> None:
    world.exec_driver_sql("UPDATE core.anordnare SET known_to = '2024-01-01'")


def authorise_nobody_in_the_period(world: Connection) -> None:
    world.exec_driver_sql("UPDATE core.anordnare SET auktoriserad_fran = '2024-05-01'")


def lose_a_delivery(world: Connection) -> None:
    world.exec_driver_sql(
        "UPDATE lineage.delivery SET status = 'avvisad', is_current = false, refusal_rule = 'kolumn_saknas'"
        " WHERE dataset = 'insatser' AND sender = %s AND period = '2024-02-01'",
        (OTHER,),
    )


def deliver_nothing_readable(world: Connection) -> None:
    world.exec_driver_sql(
        "UPDATE lineage.delivery SET rows_loaded = 0, rows_quarantined = 50"
        " WHERE dataset = 'insatser' AND period = '2024-02-01'"
    )


def deliver_too_late(world: Connection) -> None:
    world.exec_driver_sql(
        "UPDATE lineage.delivery SET finished_at = '2024-05-11' WHERE dataset = 'insatser' AND period = '2024-04-01'"
    )


def deliver_no_attendance(world: Connection) -> None:
    world.exec_driver_sql(
        "UPDATE lineage.delivery SET status = 'avvisad', is_current = false, refusal_rule = 'x'"
        " WHERE dataset = 'narvaro' AND period = '2024-03-01'"
    )


def lose_a_person(world: Connection) -> None:
    tell(world, insatser=[{"insats_id": "okand", "sender": OTHER}])
    world.exec_driver_sql(
        "DELETE FROM core.person WHERE person_id = (SELECT person_id FROM core.insatser WHERE insats_id = 'okand')"
    )


def know_a_day_twice(world: Connection) -> None:
    day = {"insats_id": f"{PROVIDER}-1", "datum": "2024-02-06", "planerade_timmar": 8, "known_to": "2030-01-01"}
    tell(world, narvaro=[day])


def attend_before_the_start(world: Connection) -> None:
    tell(world, narvaro=[{"insats_id": f"{PROVIDER}-1", "datum": "2024-01-09", "planerade_timmar": 8}])
    world.exec_driver_sql(f"UPDATE core.insatser SET startdatum = '2024-01-10' WHERE insats_id = '{PROVIDER}-1'")


def follow_up_before_the_end(world: Connection) -> None:
    told = {"manader": 3, "datum": "2024-03-01", "status": "egen_forsorjning"}
    tell(world, uppfoljningar=[{"insats_id": f"{PROVIDER}-0", **told}, {"insats_id": f"{PROVIDER}-1", **told}])


def shrink(world: Connection) -> None:
    world.exec_driver_sql("UPDATE core.kapacitet SET platser = 3 WHERE manad = '2024-04-01'")


def grow_at_a_bound(world: Connection) -> None:
    started = [{"insats_id": f"ny-{number}", "startdatum": "2024-03-20", "sender": OTHER} for number in range(13)]
    tell(world, insatser=[{**row, "slutdatum": "2024-03-25", "avslutsorsak": "annat"} for row in started])


def require_an_unknown_follow_up(world: Connection) -> None:
    tell(
        world,
        code=[{"code_list": "uppfoljningskrav", "code": "dialog"}],
        uppfoljningsobjekt=[
            {"objekt_id": "o1", "period": MONTH.start, "kraver": "Dialog, nämndbesök"},
            {"objekt_id": "o2", "period": MONTH.start, "kraver": "inget"},
        ],
    )


def certify(certificate: str, last_day: str) -> Callable[[Connection], None]:
    """Let the first provider say that it is certified: by what, and to which day."""

    def spoil(world: Connection) -> None:
        world.exec_driver_sql(
            "UPDATE core.anordnare SET kvalitetssystem = 'certifierat', certifikat = NULLIF(%s, ''), certifikat_till = %s"
            " WHERE orgnr = %s",
            (certificate, last_day, PROVIDER),
        )

    return spoil


def load_a_quarantined_row(world: Connection) -> None:
    _quarantined(world, 1, 100)
    world.exec_driver_sql(
        "UPDATE core.trappsteg SET delivery_id = (SELECT max(delivery_id) FROM lineage.delivery), row_no = 1, period = %s"
        " WHERE ctid = (SELECT min(ctid) FROM core.trappsteg WHERE sender = %s)",
        (MONTH.start, OTHER),
    )


def stage_a_row_that_is_not_loaded(world: Connection) -> None:
    deliver(world, "trappsteg", OTHER, MONTH)
    delivery_id = world.exec_driver_sql("SELECT max(delivery_id) FROM lineage.delivery").scalar_one()
    insert(world, "staging.trappsteg", delivery_id=delivery_id, row_no=1, insats_id="A1", reasons=0)


def change_the_rules(world: Connection) -> None:
    world.exec_driver_sql(
        "UPDATE lineage.delivery SET rules_sha256 = repeat('0', 64)"
        " WHERE dataset = 'kapacitet' AND sender = %s AND period = %s",
        (OTHER, MONTH.start),
    )


def correct_what_is_right(world: Connection) -> None:
    deliver(world, "rattelser", "2120000001", MONTH)
    correction = {
        "rattelse_id": "R1",
        "dataset": "kapacitet",
        "avsandare_orgnr": OTHER,
        "manad": MONTH.start,
        "nyckel": "manad=2024-04",
        "atgard": "andra",
        "falt": "platser",
        "fran": "2",
        "till": "20",
        "skal": "Fel.",
        "meddelad": "Samordnaren",
        "beslutad_datum": MONTH.end,
    }
    told = {"sender": "2120000001", "period": MONTH.start, "row_no": 1, "known_from": AS_OF}
    delivery_id = world.exec_driver_sql("SELECT max(delivery_id) FROM lineage.delivery").scalar_one()
    insert(world, "core.rattelser", **correction, **told, delivery_id=delivery_id)


CORE_AND_STAGING: list[tuple[Callable[[Connection], None], dict[str, int]]] = [
    (lose_a_quarantined_row, {"raderna_gar_ihop": 1}),
    (quarantine_a_fifth, {"karantan_over_en_tiondel": 1}),
    (load_a_quarantined_row, {"inlast_eller_i_karantan": 1}),
    (stage_a_row_that_is_not_loaded, {"inlast_eller_i_karantan": 1}),
    (change_the_rules, {"provad_enligt_dagens_regler": 1}),
    (correct_what_is_right, {"rattelsen_behovs": 1}),
    (forget_the_register, {"registret_finns": 1}),
    (authorise_nobody_in_the_period, {"registret_finns": 1}),
    (lose_a_delivery, {"anordnare_har_levererat_insatser": 1}),
    (deliver_nothing_readable, {"anordnare_har_levererat_insatser": 2}),
    (deliver_too_late, {"anordnare_har_levererat_insatser": 2}),
    (deliver_no_attendance, {"anordnare_har_levererat_ovrigt": 2}),
    (lose_a_person, {"underlaget_hanger_ihop": 1}),
    (know_a_day_twice, {"underlaget_hanger_ihop": 1}),
    (attend_before_the_start, {"datum_stammer_med_insatsen": 1}),
    (follow_up_before_the_end, {"datum_stammer_med_insatsen": 2}),
    (shrink, {"kapacitet_racker": 2}),
    (grow_at_a_bound, {"antalet_kunder_ar_rimligt": 2}),
    (require_an_unknown_follow_up, {"uppfoljningskrav_ar_kanda": 1}),
    (certify("ISO 2009:15", "2030-01-01"), {"certifikat_ar_kanda": 1}),
    (certify("ISO 9001:2015", "2024-04-29"), {"certifikat_ar_kanda": 1}),
    (certify("ISO 9001:2015", "2024-04-30"), {}),
    (certify("", "2030-01-01"), {"certifikat_ar_kanda": 1}),
]


@pytest.mark.parametrize(("spoil", "expected"), CORE_AND_STAGING, ids=lambda case: getattr(case, "__name__", ""))
def test_a_fault_is_caught_by_its_check_and_by_no_other(
    world: Connection, spoil: Callable[[Connection], None], expected: dict[str, int]
) -> None:
    spoil(world)
    assert breaches(world) == expected


def test_more_than_half_in_quarantine_is_also_more_than_a_tenth(world: Connection) -> None:
    _quarantined(world, 11, 20)
    assert breaches(world) == {"karantan_over_en_tiondel": 1, "karantan_over_halften": 1}


def test_a_delivery_of_one_row_that_is_wrong_does_not_stop_the_month(world: Connection) -> None:
    _quarantined(world, 1, 1)
    assert breaches(world) == {"karantan_over_en_tiondel": 1}


def test_a_computation_without_a_total_is_caught(world: Connection) -> None:
    number = computation(world, "kunder")
    assert breaches(world, computation_id=number) == {"varje_indikator_har_en_total": 1}


def test_a_tertial_without_exits_is_caught_once_it_has_ended(world: Connection) -> None:
    number = computation(world, exits=0)
    assert breaches(world, computation_id=number) == {"avslut_finns": 1}
    early = datetime(2024, 4, 10, tzinfo=UTC)
    world.exec_driver_sql("UPDATE lineage.delivery SET finished_at = '2024-04-05'")
    assert breaches(world, as_of=early, computation_id=number) == {"perioden_ar_slut": 1}


def earlier(connection: Connection, periods: Iterable[Period], *values: float, **row: object) -> None:
    """Enter what was computed for earlier periods: in each one value of one indicator."""
    for period, value in zip(periods, values, strict=True):
        enter_value(connection, enter_computation(connection, period), value=value, **row)


TERTIALS_BEFORE = [Tertial(2022, 3), Tertial(2023, 1), Tertial(2023, 2), Tertial(2023, 3)]


@pytest.mark.parametrize(
    ("value", "row", "is_told"),
    [
        (0.9, {}, True),
        (0.1, {}, True),
        (0.52, {}, False),
        (0.9, {"cell": f'{{"anordnare": "{PROVIDER}"}}'}, True),
        (0.9, {"observations": 9}, False),
        (0.9, {"is_protected": True}, False),
        (0.9, {"cell": '{"insatstyp": "jobbpeng_grund"}'}, False),
    ],
)
def test_a_value_far_from_its_own_history_is_told(
    world: Connection, value: float, row: dict[str, object], is_told: bool
) -> None:
    about = {"indicator_id": "narvarograd", "observations": 40, **row}
    earlier(world, TERTIALS_BEFORE, 0.5, 0.48, 0.52, 0.51, **about)
    number = computation(world, "narvarograd")
    if "cell" in row:
        enter_value(world, number, value=0.5, indicator_id="narvarograd", observations=40)
    enter_value(world, number, value=value, **about)
    assert breaches(world, computation_id=number) == ({"varden_liknar_tidigare": 1} if is_told else {})


def test_the_same_months_of_other_years_are_a_history_and_other_months_of_the_year_are_none(world: Connection) -> None:
    about = {"indicator_id": "narvarograd", "observations": 40}
    months = YearToDate(2024, 3)
    others = [YearToDate(year, 8) for year in range(2020, 2024)]
    same = [YearToDate(year, 3) for year in range(2020, 2024)]
    number = computation(world, "narvarograd", period=months)
    enter_value(world, number, value=0.9, **about)
    earlier(world, others, 0.5, 0.48, 0.52, 0.51, **about)
    assert breaches(world, computation_id=number) == {}
    earlier(world, same, 0.5, 0.48, 0.52, 0.51, **about)
    assert breaches(world, computation_id=number) == {"varden_liknar_tidigare": 1}


def test_a_history_of_other_kinds_of_period_or_of_few_periods_says_nothing(world: Connection) -> None:
    about = {"indicator_id": "narvarograd", "observations": 40}
    earlier(world, [Month(2023, 9), Month(2023, 10), Month(2023, 11), Month(2023, 12)], 0.5, 0.48, 0.52, 0.51, **about)
    earlier(world, TERTIALS_BEFORE[1:], 0.5, 0.48, 0.52, **about)
    number = computation(world, "narvarograd")
    enter_value(world, number, value=0.9, **about)
    assert breaches(world, computation_id=number) == {}


def test_a_history_by_another_definition_says_nothing(world: Connection) -> None:
    about = {"indicator_id": "narvarograd", "observations": 40}
    earlier(world, TERTIALS_BEFORE, 0.5, 0.48, 0.52, 0.51, **about)
    number = computation(world, "narvarograd")
    enter_value(world, number, value=0.9, **about)
    insert(
        world,
        "indicator.definition",
        sha256="e" * 64,
        indicator_id="narvarograd",
        version=2,
        definition="",
        statement="",
    )
    insert(
        world,
        "indicator.computation_definition",
        computation_id=number,
        indicator_id="narvarograd",
        sha256="e" * 64,
    )
    assert breaches(world, computation_id=number) == {}


@pytest.mark.parametrize(
    ("indicator_id", "values", "told"),
    [
        ("narvarograd", (0.8, 0.82, 0.79, 0.81, 0.2), 1),
        ("narvarograd", (0.8, 0.82, 0.79, 0.81, 0.78), 0),
        ("narvarograd", (0.8, 0.82, 0.79, 0.2), 0),
        ("kunder", (80, 82, 79, 81, 400), 0),
    ],
)
def test_a_provider_far_from_all_others_is_told(
    world: Connection, indicator_id: str, values: tuple[float, ...], told: int
) -> None:
    number = computation(world)
    for place, value in enumerate(values):
        cell = f'{{"anordnare": "{place}"}}'
        enter_value(world, number, value=value, indicator_id=indicator_id, cell=cell, observations=40)
    assert breaches(world, computation_id=number) == ({"anordnare_liknar_varandra": told} if told else {})


@pytest.mark.parametrize(("value", "told"), [(0.69, 1), (0.7, 0), (None, 0)])
def test_coverage_that_is_too_low_is_told(world: Connection, value: float | None, told: int) -> None:
    number = computation(world, "trappmatning_tackning")
    enter_value(world, number, indicator_id="trappmatning_tackning", value=value)
    about_part = {"indicator_id": "trappmatning_tackning", "cell": f'{{"anordnare": "{PROVIDER}"}}'}
    enter_value(world, number, **about_part, value=0.1)
    [check] = (
        check
        for check in plan_checks(INCLUDE, Scope("indicator", TERTIAL, AS_OF, number))
        if check.id == "trappmatning_tackning_tackning"
    )
    assert check.severity == "varning"
    found = world.exec_driver_sql(f"SELECT count(*) FROM ({check.batch}) AS b").scalar_one()
    assert found == told


def test_every_check_written_by_hand_has_a_fixture_of_its_own() -> None:
    caught = {check_id for _, expected in CORE_AND_STAGING for check_id in expected}
    elsewhere = {
        "karantan_over_halften",
        "perioden_ar_slut",
        "varje_indikator_har_en_total",
        "avslut_finns",
        "varden_liknar_tidigare",
        "anordnare_liknar_varandra",
    }
    assert caught | elsewhere == {check_id for stage in STAGES for check_id in load_checks(INCLUDE, stage)}


def test_the_day_after_the_last_in_sweden_the_period_is_over(world: Connection) -> None:
    world.exec_driver_sql("UPDATE lineage.delivery SET finished_at = '2024-04-30'")
    assert breaches(world, as_of=datetime(2024, 4, 30, 21, 59, tzinfo=UTC)) == {"perioden_ar_slut": 1}
    assert breaches(world, as_of=datetime(2024, 4, 30, 22, 0, tzinfo=UTC)) == {}


def test_of_a_period_that_runs_only_the_months_that_have_ended_are_asked_for(world: Connection) -> None:
    as_of = datetime(2024, 6, 15, tzinfo=UTC)
    may_lacks = {"perioden_ar_slut": 1, "anordnare_har_levererat_insatser": 2}
    assert breaches(world, Tertial(2024, 2), as_of) == may_lacks
    assert breaches(world, Year(2024), as_of) == may_lacks


def test_a_provider_is_asked_for_the_months_of_its_authorisation(world: Connection) -> None:
    world.exec_driver_sql(f"UPDATE core.anordnare SET auktoriserad_fran = '2024-03-31' WHERE orgnr = '{OTHER}'")
    world.exec_driver_sql(
        "UPDATE lineage.delivery SET status = 'landad', is_current = false WHERE dataset = 'insatser'"
    )
    assert breaches(world)["anordnare_har_levererat_insatser"] == 4 + 2
    assert breaches(world, Month(2024, 3))["anordnare_har_levererat_insatser"] == 2
    assert breaches(world, Month(2024, 2))["anordnare_har_levererat_insatser"] == 1


def test_what_is_checked_is_what_was_known_then(world: Connection) -> None:
    later = {"insats_id": "senare", "known_from": "2024-05-11"}
    tell(world, insatser=[later], narvaro=[{**later, "datum": date(2023, 1, 1), "planerade_timmar": 8}])
    world.exec_driver_sql(
        "DELETE FROM core.person WHERE person_id = (SELECT person_id FROM core.insatser WHERE insats_id = 'senare')"
    )
    assert breaches(world) == {}


def test_a_check_has_one_id_in_the_whole_catalogue() -> None:
    scopes = [Scope("staging", MONTH), Scope("core", TERTIAL, AS_OF), Scope("indicator", TERTIAL, AS_OF, 1)]
    ids = [check.id for scope in scopes for check in plan_checks(INCLUDE, scope)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("stage", "as_of"), [("core", None), ("indicator", AS_OF)])
def test_a_stage_is_not_checked_without_what_it_needs(stage: str, as_of: datetime | None) -> None:
    with pytest.raises(ValueError, match=stage):
        Scope(stage, TERTIAL, as_of)  # type: ignore[arg-type]
