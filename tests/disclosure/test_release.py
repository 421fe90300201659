"""Public tables beside each other: what has left the house in any order lets nobody work out what is withheld."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE
from tests.disclosure.attacks import attack
from tests.disclosure.conftest import House, enrolments
from tests.disclosure.public_tables import FEW, counts, margins, over_time, truth

from arshjul.catalogue.indicators import load_indicators
from arshjul.disclosure import public_tables
from arshjul.disclosure.figures import Figure, PeriodTable
from arshjul.disclosure.insiders import InsiderError, Own, hide_from_providers
from arshjul.disclosure.release import (
    DisclosureError,
    Protection,
    check_still_safe,
    find_protection,
    note,
    protect,
    record_release,
    single_cells,
)
from arshjul.disclosure.stored import made_of, released
from arshjul.disclosure.system import Pattern
from arshjul.indicators.compute import compute
from arshjul.indicators.values import find_computation, read_values
from arshjul.periods import parse_period

ORDERS = [
    ("2024-01", "2024-02", "2024-03", "2024-04", "2024-T1"),
    ("2024-T1", "2024-04", "2024-02", "2024-01", "2024-03"),
]


@pytest.mark.parametrize("order", ORDERS, ids=["months first", "tertial first"])
def test_months_and_their_tertial_in_any_order_reveal_nobody(house: House, order: tuple[str, ...]) -> None:
    released = [house.export(period) for period in order]
    tables = [counts(house, one, "maluppfyllelse") for one in released]
    true: dict[Hashable, int] = {}
    for one in released:
        true |= truth(house, one, "maluppfyllelse")
    everything = {name: number for table in tables for name, number in table.items()}
    groups = {one.period.key: one.grouping["maluppfyllelse"] for one in released}
    sums = [*margins(everything, groups), *over_time(everything, "2024-T1", tuple(sorted(order)[:4]))]
    assert any(number is None for number in everything.values())
    assert any(number is not None for number in everything.values())
    found = attack(tables, sums)
    assert not {name: number for name, number in found.exact.items() if true.get(name) in FEW}


def test_what_is_left_when_the_rest_of_a_year_has_been_told_is_protected_too(house: House) -> None:
    first, year = house.export("2024-T1"), house.export("2024")
    tables = [counts(house, one, "maluppfyllelse") for one in (first, year)]
    everything = tables[0] | tables[1]
    rest = {
        (part, cell): everything["2024", part, cell] - everything["2024-T1", part, cell]  # type: ignore[operator]
        for (period, part, cell) in everything  # type: ignore[misc]
        if period == "2024"
        and everything["2024", part, cell] is not None
        and everything.get(("2024-T1", part, cell)) is not None
        and "aldersgrupp" not in dict(cell)
        and ("anordnare", "ovriga") not in cell
    }
    assert rest
    assert not {name: number for name, number in rest.items() if number in FEW}


def test_a_figure_that_changes_by_a_few_stands_as_it_was_shown(house: House) -> None:
    before = house.table(house.export("2024-T1"))
    late = {**enrolments()[0], "insats_id": "late", "person_id": "late", "slutdatum": "2024-03-15"}
    house.load([late, late | {"insats_id": "later", "person_id": "later"}], code=[])
    again = house.export("2024-T1")
    after = house.table(again)
    total = ("maluppfyllelse", ())
    assert not before[total].is_protected
    assert after[total] == before[total], "two late exits would be seen"
    shown = [key for key, value in before.items() if not value.is_protected]
    for key in shown:
        assert not after[key].is_protected
        assert abs(int(after[key].observations or 0) - int(before[key].observations or 0)) not in FEW
    stands, new = after[total], again.computation_id
    told = (stands.numerator, stands.observations)
    assert made_of(house.connection, new, total[0], {}, [{}], *told) == new - 1, "made of the rows that were known then"
    assert made_of(house.connection, new, total[0], {}, [{}], None, None) == new
    fresh = read_values(
        house.connection,
        INCLUDE,
        find_computation(house.connection, INCLUDE, new),
        internal=True,
        indicator_id=total[0],
    )[0]
    assert made_of(house.connection, new, total[0], {}, [{}], fresh.numerator, fresh.observations) == new
    withheld = [key for key, value in before.items() if value.is_protected and key[0] == "maluppfyllelse"]
    assert withheld


def test_a_figure_that_changes_by_many_is_told(house: House) -> None:
    before = house.table(house.export("2024-T1"))
    late = [
        {**row, "insats_id": f"late{place}", "person_id": f"late{place}"} for place, row in enumerate(enrolments()[:40])
    ]
    house.load(late, code=[])
    after = house.table(house.export("2024-T1"))
    total = ("insatser", ())
    assert (after[total].numerator or 0) - (before[total].numerator or 0) == len(late)


def test_the_same_figures_are_shown_the_same_way_again(house: House) -> None:
    first = house.export("2024-T1")
    house.export("2024-01")
    again = house.protect(house.compute("2024-T1"))
    assert again.computation_id != first.computation_id
    assert again.copied_from == first.protection_id
    assert house.table(again) == house.table(first)


def test_small_providers_stand_together_the_same_way_all_year(house: House) -> None:
    first, second = house.export("2024-T1"), house.export("2024-T2")
    members = first.grouping["maluppfyllelse"]
    assert set(members) >= {"5560360827", "5560360835"}
    assert second.grouping == first.grouping
    table = house.table(first)
    for code in members:
        assert table["maluppfyllelse", (("anordnare", code),)].is_protected
    together = table["maluppfyllelse", (("anordnare", "ovriga"),)]
    whole = sum(
        value
        for (name, part, cell), value in truth(house, first, "maluppfyllelse").items()  # type: ignore[misc]
        if part == "whole" and cell in [(("anordnare", code),) for code in members]
    )
    assert together.is_protected or together.denominator == whole
    assert single_cells(house.connection, first.computation_id, "maluppfyllelse", {"anordnare": "ovriga"}) == [
        {"anordnare": code} for code in members
    ]


def test_a_month_does_not_decide_who_stands_together_in_a_tertial(house: House) -> None:
    month, tertial = house.export("2024-01"), house.export("2024-T1")
    assert set(month.grouping["maluppfyllelse"]) > set(tertial.grouping["maluppfyllelse"])
    assert house.export("2024-02").grouping == month.grouping


def test_a_draft_has_not_left_the_house(house: House) -> None:
    draft = house.protect(house.compute("2024-T1"))
    assert house.export("2024-01--2024-03").against == ()
    # The one less the other is April, with few in it.
    with pytest.raises(DisclosureError, match="kör om från Röjandekontroll"):
        check_still_safe(house.connection, INCLUDE, draft)
    with pytest.raises(DisclosureError, match="kör om från Röjandekontroll"):
        record_release(house.connection, INCLUDE, draft, "publicering", run_id=house.run_id)


def test_a_draft_that_is_safe_beside_what_came_out_since_is_released_as_it_is(house: House) -> None:
    draft = house.protect(house.compute("2024-T1"))
    month = house.export("2024-01")
    with pytest.raises(DisclosureError, match="hann inte bevisa"):
        check_still_safe(house.connection, INCLUDE, draft, seconds=0.0)  # too little time is no conflict
    record_release(house.connection, INCLUDE, draft, "publicering", run_id=house.run_id)
    assert house.protect(house.compute("2024-T2")).against == (month.protection_id, draft.protection_id)
    again = house.protect(draft.computation_id)
    assert house.table(again) == house.table(draft)


@pytest.mark.parametrize("first", [0, 1])
def test_reports_that_are_prepared_at_the_same_time_are_made_beside_each_other(house: House, first: int) -> None:
    prepared = [
        protect(house.connection, INCLUDE, house.compute(period), run_id=house.run_id, report_id=report_id)
        for period, report_id in (("2024-T1", "tertialrapport"), ("2024-01--2024-03", "delarsrapport"))
    ]
    assert [one.against for one in prepared] == [(), (prepared[0].protection_id,)]
    # Whichever is approved first, both can be published.
    for one in (prepared[first], prepared[1 - first]):
        record_release(house.connection, INCLUDE, one, "publicering", run_id=house.run_id)
    tertial, part = (
        {name[1:]: number for name, number in counts(house, one, "maluppfyllelse").items() if number is not None}  # type: ignore[index]
        for one in prepared
    )
    in_april = [number - part[name] for name, number in tertial.items() if name in part]
    assert in_april
    assert not [one for one in in_april if one in FEW]


def test_what_a_report_was_about_to_show_does_not_bind_it_when_it_is_made_again(house: House) -> None:
    def prepare() -> Protection:
        computation_id = house.compute("2024-T1")
        return protect(house.connection, INCLUDE, computation_id, run_id=house.run_id, report_id="tertialrapport")

    prepare()
    assert prepare().against == ()


def test_what_is_released_twice_counts_once(house: House, connection: Connection) -> None:
    protection = house.export("2024-T1")
    record_release(connection, INCLUDE, protection, "export", run_id=house.run_id)
    assert connection.exec_driver_sql("SELECT count(*) FROM indicator.release").scalar_one() == 1


def test_without_time_to_prove_it_nothing_is_shown(house: House, connection: Connection) -> None:
    computation_id = house.compute("2024-T1")
    with pytest.raises(DisclosureError, match="hann inte bevisa"):
        protect(connection, INCLUDE, computation_id, run_id=house.run_id, seconds=0.0)
    assert find_protection(connection, computation_id) is None


def test_when_the_tables_cannot_be_shown_their_totals_are(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_breakdowns(
        indicators: object,
        relations: object,
        tables: Sequence[tuple[PeriodTable, object]],
        *rest: object,
        seconds: float,
    ) -> frozenset[str]:
        if any(cell for _, cell in tables[-1][0].figures):
            raise InsiderError("a provider could find another's")
        return hide_from_providers(indicators, relations, tables, *rest, seconds=seconds)  # type: ignore[arg-type]

    monkeypatch.setattr(public_tables, "hide_from_providers", refuse_breakdowns)
    protection = house.export("2024-T1")
    shown = {key for key, value in house.table(protection).items() if not value.is_protected}
    assert ("kunder", ()) in shown
    assert {indicator_id for indicator_id, cell in shown if cell} <= {
        one.id for one in load_indicators(INCLUDE).values() if one.disclosure == "oppen"
    }


def test_a_report_that_cannot_be_shown_beside_earlier_periods_is_shown_without_them(
    house: House, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier, later = house.compute("2024-T1"), house.compute("2024-T2")

    def refuse_company(
        indicators: object,
        relations: object,
        tables: Sequence[tuple[PeriodTable, object]],
        *rest: object,
        seconds: float,
    ) -> frozenset[str]:
        if len(tables) > 1:
            raise InsiderError("together they reveal a person")
        return hide_from_providers(indicators, relations, tables, *rest, seconds=seconds)  # type: ignore[arg-type]

    monkeypatch.setattr(public_tables, "hide_from_providers", refuse_company)
    assert not protect(connection, INCLUDE, later, run_id=house.run_id).companions
    # What is out already cannot be left out: then nothing is shown.
    record_release(
        connection,
        INCLUDE,
        protect(connection, INCLUDE, earlier, run_id=house.run_id),
        "publicering",
        run_id=house.run_id,
    )
    with pytest.raises(DisclosureError, match="inte ens totalerna"):
        protect(connection, INCLUDE, later, run_id=house.run_id)


def test_a_period_that_late_rows_have_changed_by_a_few_stands_beside_the_next_as_it_was_shown(
    house: House, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = house.protect(house.compute("2024-T1"))
    record_release(connection, INCLUDE, shown, "publicering", run_id=house.run_id)
    house.load([{**row, "insats_id": "late", "person_id": "late"} for row in enrolments()[:1]], code=[])
    house.compute("2024-T1")
    later = house.compute("2024-T2")

    def refuse_it_anew(
        indicators: object,
        relations: object,
        tables: Sequence[tuple[PeriodTable, object]],
        *rest: object,
        seconds: float,
    ) -> frozenset[str]:
        if tables[-1][0].period.key == "2024-T1":
            raise InsiderError("the late one could be told apart")
        return hide_from_providers(indicators, relations, tables, *rest, seconds=seconds)  # type: ignore[arg-type]

    monkeypatch.setattr(public_tables, "hide_from_providers", refuse_it_anew)
    assert protect(connection, INCLUDE, later, run_id=house.run_id).companions == (shown.protection_id,)


def test_a_period_that_late_rows_have_changed_by_a_few_is_reported_again_as_it_was_shown(
    house: House, connection: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown = house.protect(house.compute("2024-T1"))
    house.load([{**row, "insats_id": "late", "person_id": "late"} for row in enrolments()[:1]], code=[])
    changed = house.compute("2024-T1")

    def refuse(*_: object, **__: object) -> frozenset[str]:
        raise InsiderError("the late one could be told apart")

    monkeypatch.setattr(public_tables, "hide_from_providers", refuse)
    with pytest.raises(DisclosureError, match="inte ens totalerna"):
        house.protect(changed)  # nothing has been shown: there is nothing to show again
    record_release(connection, INCLUDE, shown, "publicering", run_id=house.run_id)
    out = released(connection)

    with pytest.raises(DisclosureError, match="hann inte bevisa"):
        protect(connection, INCLUDE, changed, run_id=house.run_id, seconds=0.0)
    again = house.protect(changed)
    assert (again.computation_id, again.origin) == (changed, shown.protection_id)
    assert note(again).startswith("Siffrorna för tertial 1 2024 visas som de senast visades")  # type: ignore[union-attr]
    assert note(shown) is None
    assert house.table(again) == house.table(shown)
    record_release(connection, INCLUDE, again, "publicering", run_id=house.run_id)
    assert released(connection) == out, "what is shown again is nothing that was not out"
    some = frozenset({"no_such_indicator"})
    with pytest.raises(DisclosureError, match="inte ens totalerna"):
        protect(connection, INCLUDE, changed, run_id=house.run_id, indicators=some)
    # What was shown by another definition does not stand for what is asked for now.
    catalogue = tmp_path / "include"
    shutil.copytree(INCLUDE, catalogue)
    with (catalogue / "sql" / "indicator" / "kunder.yaml").open("a") as file:
        file.write("version: 2\nchanges:\n  - {version: 2, from: 2024-01, what: Nytt sätt att räkna.}\n")
    anew = compute(connection, catalogue, parse_period("2024-T1"), run_id=house.run_id).computation_id
    with pytest.raises(DisclosureError, match="inte ens totalerna"):
        house.protect(anew)


def test_what_is_out_already_does_not_stop_a_table_that_tells_no_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as careless:
        careless.setattr("arshjul.disclosure.protection.protect", lambda *_, **__: Pattern(frozenset(), 0, 0.0, "none"))
        careless.setattr("arshjul.disclosure.audit.audit", lambda *_, **__: ())
        careless.setattr(public_tables, "hide_from_providers", lambda *given, **_: given[4])
        tertial, part = house.export("2024-T1"), house.export("2024-01--2024-03")
    april = house.protect(house.compute("2024-04"))
    assert april.hidden > 0
    whole, less = house.table(tertial), house.table(part)
    assert not whole["avslutsorsaker", (("avslutsorsak", "annat"),)].is_protected, "few in April, and anybody can tell"
    shown = {key for key, value in house.table(april).items() if not value.is_protected}
    assert ("kunder", ()) in shown
    assert ("avslutsorsaker", (("avslutsorsak", "annat"),)) not in shown
    assert less.keys() <= whole.keys()


def test_a_count_that_only_the_new_table_tells_to_be_nobody_is_not_taken_for_known(
    house: House, connection: Connection
) -> None:
    started = "nya_insatser"

    def january(name: str, basic: int, more: int) -> PeriodTable:
        counted = {"sprak_och_arbetsintroduktion": 40, "jobbpeng_grund": basic, "jobbpeng_forstarkt": more}
        figures = {(started, ((("insatstyp", one),) if one else ())): number for one, number in counted.items()}
        figures[started, ()] = 44
        made = {key: Figure(Decimal(number), None, Decimal(number), number) for key, number in figures.items()}
        return PeriodTable(name, parse_period("2024-01"), made, {}, {})

    few = [(started, (("insatstyp", one),)) for one in ("jobbpeng_grund", "jobbpeng_forstarkt")]
    out = january("out", basic=3, more=1)
    out = replace(out, shown=frozenset(out.figures) - set(few))
    tables: list[tuple[PeriodTable, Own]] = [(out, {}), (january("new", basic=4, more=0), {})]
    room = public_tables.PublicTables(connection, INCLUDE, 60.0)
    with pytest.raises(DisclosureError, match="få personer"):
        room._hide(tables, [out])
    # Nor where the period is not told to be out already: before the new table the four could be either's.
    built = room._build(tables)
    [basic] = [
        one
        for one in room._as_known([table for table, _ in tables], built.system).variables
        if "jobbpeng_grund = 4" in one.key
    ]
    assert basic.sensitive


def test_what_was_left_out_in_a_month_does_not_follow_from_what_was_before_and_after_it(
    empty_house: Callable[[], House], connection: Connection
) -> None:
    rows = enrolments()
    others = [row for row in rows if row["avslutsorsak"] == "annat"]
    before = [row for row in others if row["slutdatum"] < "2024-04"]
    in_april = [row for row in others if row["slutdatum"] >= "2024-04"][:3]
    for row in (*before, *in_april):
        row["avslutsorsak"] = "flyttat"
    house = empty_house()
    house.load(rows)

    def told(protection: Protection) -> int | None:
        found: int | None = connection.exec_driver_sql(
            "SELECT observations FROM indicator.public_left_out WHERE protection_id = %s AND indicator_id = %s",
            (protection.protection_id, "maluppfyllelse"),
        ).scalar_one()
        return found

    part, tertial = house.export("2024-01--2024-03"), house.export("2024-T1")
    assert told(part) == len(before)
    assert told(tertial) is None, "three in April"


def test_withheld_figures_and_reasons_have_no_numbers(house: House, connection: Connection) -> None:
    protection = house.export("2024-T1")
    assert protection.hidden == sum(value.is_protected for value in house.table(protection).values()) > 0
    told = connection.exec_driver_sql("SELECT observations, is_protected FROM indicator.public_left_out").all()
    assert told
    assert all(number is None or number >= FEW.stop for number, _ in told)
