"""The goal chain: who serves what, which goals nobody serves, the plan, and the figure that trace can follow."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection
from tests.registers.follow_up_world import AS_OF, as_reader, fill

from arshjul.lineage.trace import read_figure_id
from arshjul.periods import Tertial
from arshjul.registers.goals import GoalChain, PlannedTarget, read_goal_chain

DAY = date(2018, 10, 1)
GOALS: list[dict[str, Any]] = [
    {"mal_id": "F1", "niva": "fullmaktige", "text": "Fler ska försörja sig själva"},
    {"mal_id": "F2", "niva": "fullmaktige", "text": "Ett mål som ingen tar sig an"},
    {
        "mal_id": "N1",
        "overordnat_mal_id": "F1",
        "indikator_id": "maluppfyllelse",
        "malvarde": 65,
        "tolerans": 3,
        "sarskilt_folja": "ja",
    },
    {
        "mal_id": "N2",
        "overordnat_mal_id": "F1",
        "indikator_id": "maluppfyllelse",
        "insatstyp": "jobbpeng_grund",
        "malvarde": 80,
    },
    {"mal_id": "N3", "text": "Ett mål för sig", "overordnat_mal_id": ""},
]
PLAN = [
    {"mal_id": f"N1-{year}", "ar": year, "indikator_id": "maluppfyllelse", "malvarde": 65 + year - 2018}
    for year in (2019, 2020, 2021, 2022)
]


def chain(connection: Connection, *more: dict[str, Any], day: date = DAY, year: int = 2018) -> GoalChain:
    rows = [{"ar": 2018, "period": "2018-01-01", **row} for row in (*GOALS, *more)]
    fill(connection, mal=rows)
    return read_goal_chain(as_reader(connection), AS_OF, year, day)


def test_the_boards_goals_stand_under_the_councils_and_those_that_serve_none_last(connection: Connection) -> None:
    links = [
        (link.council and link.council.goal_id, [one.goal_id for one in link.board]) for link in chain(connection).links
    ]
    assert links == [("F1", ["N1", "N2"]), ("F2", []), (None, ["N3"])]


def test_a_goal_of_the_council_that_nobody_serves_is_an_orphan(connection: Connection) -> None:
    assert [one.goal_id for one in chain(connection).orphans] == ["F2"]


def test_the_specially_followed_are_exactly_those_the_register_marks(connection: Connection) -> None:
    assert [one.goal_id for one in chain(connection).followed] == ["N1"]


def test_a_goal_for_2018_has_its_plan_for_2019_to_2021(connection: Connection) -> None:
    goals = {one.goal_id: one for one in chain(connection, *PLAN).goals}
    assert goals["N1"].plan == (
        PlannedTarget(2019, "N1-2019", Decimal(66)),
        PlannedTarget(2020, "N1-2020", Decimal(67)),
        PlannedTarget(2021, "N1-2021", Decimal(68)),
    )
    assert goals["N2"].plan == (), "another programme's goal is another goal"


def test_a_goal_has_target_direction_and_tolerance_and_one_without_is_told(connection: Connection) -> None:
    found = chain(connection)
    goal = {one.goal_id: one for one in found.goals}["N1"]
    assert (goal.target, goal.direction, goal.tolerance) == (Decimal(65), "upp", Decimal(3))
    assert [one.goal_id for one in found.unmeasured] == ["N3"]


def test_the_figure_behind_a_goal_is_one_that_trace_reads(connection: Connection) -> None:
    goals = {one.goal_id: one for one in chain(connection).goals}
    figures = [goals[one].figure_id(Tertial(2018, 1)) for one in ("N1", "N2", "N3")]
    assert [read_figure_id(one) for one in figures if one] == [
        ("maluppfyllelse", "2018-T1", {}),
        ("maluppfyllelse", "2018-T1", {"insatstyp": "jobbpeng_grund"}),
    ]


def test_a_goal_that_a_newer_register_dropped_is_left_out_from_then_on(connection: Connection) -> None:
    kept = [{**row, "period": "2018-07-01"} for row in GOALS if row["mal_id"] != "F2"]
    found = chain(connection, *kept)
    assert found.orphans == ()
