"""The coverage matrix is read from what has come in: one thing undone is one red cell, and no other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE
from tests.registers.follow_up_world import AS_OF, PROJECT, UNIT, YEAR, as_reader, everything_done, fill, objects, thing

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.follow_ups import load_follow_ups
from arshjul.registers.coverage import Coverage, read_coverage
from arshjul.registers.objects import by_purpose, by_role, read_objects

LATER = date(2025, 3, 10)


def matrix(connection: Connection, day: date = LATER, **tables: Any) -> Coverage:
    fill(connection, **tables)
    return read_coverage(as_reader(connection), INCLUDE, AS_OF, YEAR, day)


def red(coverage: Coverage) -> list[tuple[str, str]]:
    return [(cell.object_id, cell.requirement) for cell in coverage.in_state("saknas")]


def test_everything_done_gives_no_red_cell_for_any_of_the_eight_kinds(connection: Connection) -> None:
    coverage = matrix(connection, **everything_done())
    assert red(coverage) == []
    assert {cell.state for cell in coverage.cells.values()} == {"klar"}
    assert len({one.kind for one in coverage.objects}) == 8
    assert "iop" in {one.object_id for one in coverage.objects if coverage.of(one.object_id)}


@pytest.mark.parametrize(
    ("table", "undone", "cell"),
    [
        ("besok", {"besok_id": "b1"}, (UNIT, "namndbesok")),
        ("besok", {"besok_id": "b2"}, (UNIT, "tjanstemannabesok")),
        ("kvalitetsrapporter", {"inkom_datum": "2024-12-20"}, (UNIT, "kvalitetsrapport")),
        ("kvalitetsrapporter", {"objekt_id": "bidrag"}, ("bidrag", "aktivitetsrapport")),
        ("kontrollresultat", {"kontroll_id": "k2"}, (UNIT, "internkontroll")),
        ("ekonomi", {"objekt_id": "iop", "manad": "2024-11-01"}, ("iop", "ekonomi")),
        ("kundenkat_inbjudningar", {"inbjudan_id": "i1"}, ("avtal", "kundenkat")),
    ],
)
def test_one_missing_cell_is_exactly_one_red_cell(
    connection: Connection, table: str, undone: dict[str, str], cell: tuple[str, str]
) -> None:
    rows = everything_done()
    rows[table] = [row for row in rows[table] if not undone.items() <= row.items()]
    assert red(matrix(connection, **rows)) == [cell]


def test_a_provider_that_does_not_attest_the_values_is_red_though_the_dialogue_was_held(connection: Connection) -> None:
    rows = everything_done()
    rows["dialoger"] = [{**rows["dialoger"][0], "tema": "Språk och praktik"}]
    assert red(matrix(connection, **rows)) == [("avtal", "vardegrund")]


def test_what_is_not_due_yet_is_planned_and_a_visit_with_a_day_set_is_too(connection: Connection) -> None:
    rows = everything_done()
    rows["besok"] = [{"besok_id": "b2", "datum": "2024-10-02", "typ": "tjanstemannabesok", "status": "planerat"}]
    coverage = matrix(connection, date(2024, 10, 1), **rows)
    # The window for officials closed on 30 September; the day that is set is still to come.
    assert {cell.state for cell in coverage.of(UNIT) if "besok" in cell.requirement} == {"planerad"}


def test_a_planned_visit_whose_day_has_passed_is_missing(connection: Connection) -> None:
    rows = everything_done()
    rows["besok"] = [
        rows["besok"][0],
        {"besok_id": "b2", "datum": "2024-09-12", "typ": "tjanstemannabesok", "status": "planerat"},
    ]
    assert red(matrix(connection, **rows)) == [(UNIT, "tjanstemannabesok")]


def test_a_late_report_is_done_and_told_to_be_late(connection: Connection) -> None:
    coverage = matrix(connection, **everything_done())
    [late] = coverage.cells["perm", "kvalitetsrapport"].slots
    assert (late.state, late.is_late, late.due) == ("klar", True, date(2024, 12, 31))


def test_a_grant_is_accounted_for_by_its_own_end_and_not_by_the_years(connection: Connection) -> None:
    coverage = matrix(connection, **everything_done())
    [slot] = coverage.cells["bidrag", "aktivitetsrapport"].slots
    assert slot.due == date(2024, 7, 31)


def test_months_before_an_object_began_are_not_asked_for(connection: Connection) -> None:
    late = thing("ny", "avtal", "ekonomi", fran="2024-11-15")
    coverage = matrix(connection, uppfoljningsobjekt=[late], ekonomi=[{"objekt_id": "ny", "manad": "2024-12-01"}])
    assert [(slot.key, slot.state) for slot in coverage.cells["ny", "ekonomi"].slots] == [
        ("11", "saknas"),
        ("12", "klar"),
    ]


def test_every_follow_up_that_can_be_asked_for_has_a_rule_with_a_source() -> None:
    demands = {one.requirement: one.source for one in load_follow_ups(INCLUDE).demands}
    codes = {code.code for code in load_codelists(INCLUDE)["uppfoljningskrav"].codes}
    assert set(demands) == codes - {"inget"}
    assert all(demands.values())


def test_the_three_roles_have_no_project_in_common_and_together_have_all(connection: Connection) -> None:
    more = [thing("p2", "projekt", ami_roll="delagare"), thing("p3", "projekt", ami_roll="agare")]
    fill(connection, uppfoljningsobjekt=objects() + more)
    every = read_objects(as_reader(connection), AS_OF, YEAR)
    lists = by_role(every)
    ids = {role: {one.object_id for one in found} for role, found in lists.items()}
    assert ids == {"deltar": {PROJECT}, "delagare": {"p2"}, "agare": {"perm", "p3"}}
    assert sum(map(len, lists.values())) == sum(one.kind in ("projekt", "permanentas") for one in every)


def test_a_project_without_a_role_is_told_apart_and_not_lost(connection: Connection) -> None:
    fill(connection, uppfoljningsobjekt=[thing("p", "projekt")])
    assert [one.object_id for one in by_role(read_objects(as_reader(connection), AS_OF, YEAR))[""]] == ["p"]


def test_objects_stand_under_each_of_their_purposes_and_an_unknown_one_under_its_code(connection: Connection) -> None:
    odd = thing("udda", "projekt", syften="Integration; något_annat")
    fill(connection, uppfoljningsobjekt=[*objects(), odd])
    found = by_purpose(read_objects(as_reader(connection), AS_OF, YEAR), load_follow_ups(INCLUDE).purposes)
    served = {one.purpose.id: {thing.object_id for thing in one.objects} for one in found}
    assert served == {
        "kompetensforsorjning": set(),
        "etableringstid": {PROJECT},
        "integration": {PROJECT, "perm", "udda"},
        "något_annat": {"udda"},
    }
    assert {one.purpose.id: bool(one.purpose.indicators) for one in found}["kompetensforsorjning"] is False
