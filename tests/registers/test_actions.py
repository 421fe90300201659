"""Actions: overdue as of a day, age in a stage, their later effect; and the loops that are open at year end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE
from tests.registers.follow_up_world import AS_OF, UNIT, YEAR, as_reader, fill, thing

from arshjul.periods import Tertial
from arshjul.registers.actions import NOTHING_TO_COMPARE, Action, later_effect, read_actions, stage_counts
from arshjul.registers.loops import OpenLoop, read_open_loops

YEAR_END = date(2024, 12, 31)


def only(connection: Connection, *rows: dict[str, Any]) -> Action:
    fill(connection, atgarder=[{"atgard_id": "a1", **row} for row in rows])
    [action] = read_actions(as_reader(connection), AS_OF)
    return action


def test_an_action_is_overdue_the_day_after_it_was_due(connection: Connection) -> None:
    action = only(connection, {"forfallodatum": "2024-02-01"})
    assert not action.is_overdue(date(2024, 2, 1))
    assert action.is_overdue(date(2024, 2, 2))
    assert action.responsible == "Enhetschefen"


def test_an_action_that_says_it_is_done_without_evidence_is_still_overdue(connection: Connection) -> None:
    action = only(connection, {"status": "klar", "bevis": ""})
    assert action.is_overdue(date(2024, 3, 1))


def test_the_age_of_a_stage_is_counted_from_the_delivery_month_that_first_told_of_it(connection: Connection) -> None:
    action = only(
        connection,
        {"period": "2024-01-01", "pdca": "planera"},
        {"period": "2024-02-01", "pdca": "genomfor"},
        {"period": "2024-03-01", "pdca": "genomfor"},
    )
    assert (action.stage, action.stage_since) == ("genomfor", date(2024, 2, 1))
    assert action.days_in_stage(date(2024, 3, 2)) == 30


def test_a_stage_that_was_left_and_entered_again_is_counted_from_the_second_time(connection: Connection) -> None:
    months = enumerate(("planera", "genomfor", "planera"), start=1)
    action = only(connection, *({"period": f"2024-0{month}-01", "pdca": stage} for month, stage in months))
    assert (action.stage, action.stage_since) == ("planera", date(2024, 3, 1))


def test_a_stage_does_not_begin_before_the_action_was_decided(connection: Connection) -> None:
    assert only(connection, {"beslutad_datum": "2024-04-19"}).stage_since == date(2024, 4, 19)


def test_stages_are_counted_with_the_overdue_and_the_oldest(connection: Connection) -> None:
    rows = [
        {"atgard_id": "a1", "pdca": "genomfor", "beslutad_datum": "2024-04-01", "forfallodatum": "2024-05-01"},
        {"atgard_id": "a2", "pdca": "genomfor", "beslutad_datum": "2024-04-10", "forfallodatum": "2024-09-01"},
        {"atgard_id": "a3", "pdca": "forbattra", "status": "klar", "bevis": "Protokoll"},
    ]
    fill(connection, atgarder=rows)
    [stage] = stage_counts(read_actions(as_reader(connection), AS_OF), date(2024, 6, 1))
    assert (stage.title, stage.count, stage.overdue, stage.oldest_days) == ("Genomför", 2, 1, 61)


VALUES = [
    (Tertial(2023, 3), Decimal(40)),
    (Tertial(2024, 1), Decimal(44)),
    (Tertial(2024, 2), Decimal(47)),
    (Tertial(2024, 3), Decimal(50)),
]


def test_the_later_effect_is_the_newest_value_after_minus_the_newest_before(connection: Connection) -> None:
    done = {"beslutad_datum": "2024-02-10", "klar_datum": "2024-06-15", "status": "klar", "bevis": "Protokoll"}
    effect = later_effect(only(connection, done), VALUES)
    assert (effect.before_period, effect.after_period) == (Tertial(2023, 3), Tertial(2024, 3))
    assert (effect.change, effect.words) == (Decimal(10), None)


@pytest.mark.parametrize(
    "values", [VALUES[1:], VALUES[:2], [(VALUES[0][0], None), *VALUES[1:]]], ids=["no before", "no after", "withheld"]
)
def test_without_a_value_on_both_sides_nothing_is_compared(connection: Connection, values: Any) -> None:
    done = {"beslutad_datum": "2024-02-10", "klar_datum": "2024-06-15", "status": "klar", "bevis": "Protokoll"}
    effect = later_effect(only(connection, done), values)
    assert (effect.change, effect.words) == (None, NOTHING_TO_COMPARE)


def loops(connection: Connection, **tables: Any) -> tuple[OpenLoop, ...]:
    fill(connection, uppfoljningsobjekt=[thing(UNIT, "egen_verksamhet")], **tables)
    return read_open_loops(as_reader(connection), INCLUDE, AS_OF, YEAR, YEAR_END)


FOUND: dict[str, Any] = {
    "synpunkter": [{"arende_id": "s1", "brist": "ja"}, {"arende_id": "s2", "brist": "nej"}],
    "kontrollpunkter": [{"kontroll_id": "k1", "period": "2023-12-01"}],
    "kontrollresultat": [{"datum": "2024-03-12", "utfall": "avvikelse"}],
    "besok": [{"besok_id": "b1", "datum": "2024-02-14", "analys": "Bra.\n- Kortare väg till praktik\n- Fast kontakt"}],
    "ekonomi": [{"manad": "2024-03-01", "budget": 100000, "utfall": 140000}],
}


def test_whatever_was_found_without_an_action_is_an_open_loop(connection: Connection) -> None:
    open_ = loops(connection, **FOUND)
    assert [(one.source, one.source_id, one.words) for one in open_] == [
        ("avvikelse", "ekonomi/o1/2024-03", "åtgärd saknas"),
        ("besok", "b1", "åtgärd saknas"),
        ("internkontroll", "k1/2024-03-12", "åtgärd saknas"),
        ("klagomal", "s1", "åtgärd saknas"),
    ]


def actions_for(stage: str) -> list[dict[str, Any]]:
    sources = [
        ("klagomal", "s1"),
        ("internkontroll", "k1/2024-03-12"),
        ("besok", "b1"),
        ("besok", "b1"),
        ("avvikelse", "ekonomi/o1/2024-03"),
    ]
    row = {"pdca": stage, "beslutad_datum": "2024-04-20", "status": "klar", "klar_datum": "2024-06-01", "bevis": "Dnr"}
    return [
        {"atgard_id": f"a{number}", "kalla": source, "kall_id": source_id, **row}
        for number, (source, source_id) in enumerate(sources)
    ]


def test_actions_that_have_gone_through_all_four_stages_close_the_loops(connection: Connection) -> None:
    assert loops(connection, **FOUND, atgarder=actions_for("forbattra")) == ()


def test_an_action_that_has_not_come_to_the_fourth_stage_leaves_its_loop_open(connection: Connection) -> None:
    open_ = loops(connection, **FOUND, atgarder=actions_for("folj_upp"))
    assert {(one.source, one.words) for one in open_} == {
        (source, "åtgärden står i fasen Följ upp och analysera")
        for source in ("klagomal", "internkontroll", "besok", "avvikelse")
    }


def test_one_action_for_two_areas_leaves_the_visit_open(connection: Connection) -> None:
    [_, _, *actions] = actions_for("forbattra")
    found = {"besok": FOUND["besok"], "atgarder": actions[1:]}
    assert [one.source_id for one in loops(connection, **found)] == ["b1"]
