"""A month beyond tolerance is a deviation with the same id every time, red when nothing is done about it in ten days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE
from tests.registers.follow_up_world import AS_OF, UNIT, YEAR, as_reader, fill, thing

from arshjul.catalogue.follow_ups import Tolerance, load_follow_ups
from arshjul.periods import Month
from arshjul.registers.actions import read_actions
from arshjul.registers.deviations import Deviation, LedgerMonth, is_beyond, read_deviations, tolerance_on

MARCH = Month(YEAR, 3)
DUE = date(2024, 4, 15)  # the tenth working day of April 2024: Easter Monday is none
RULE = Tolerance(
    version=1, valid_from=date(2000, 1, 1), percent=Decimal(5), amount=Decimal(25000), days_to_action=10, source="s"
)


def deviations(connection: Connection, day: date, *rows: dict[str, Any], **tables: Any) -> tuple[Deviation, ...]:
    fill(connection, uppfoljningsobjekt=[thing(UNIT, "egen_verksamhet")], ekonomi=rows, **tables)
    reader = as_reader(connection)
    return read_deviations(reader, INCLUDE, AS_OF, Month(YEAR, 1), Month(YEAR, 12), day, read_actions(reader, AS_OF))


OVER = {"manad": "2024-03-01", "budget": 100000, "utfall": 140000, "known_from": "2024-04-20"}


def test_the_accounts_of_a_month_are_judged_together(connection: Connection) -> None:
    rows = [{**OVER, "konto": "4610"}, {**OVER, "konto": "3010", "budget": 0, "utfall": -40000}]
    assert deviations(connection, date(2024, 12, 31), *rows) == ()


def test_a_deviation_has_an_id_of_object_and_month_and_waits_for_an_action_from_when_the_ledger_was_due(
    connection: Connection,
) -> None:
    [found] = deviations(connection, DUE, OVER)
    assert (found.deviation_id, found.seen_on, found.ledger.object_name) == (
        "ekonomi/o1/2024-03",
        DUE,
        "Namn på o1",
    )
    assert (found.ledger.difference, found.ledger.percent) == (Decimal(40000), Decimal(40))


def test_a_ledger_that_comes_early_is_seen_when_it_comes(connection: Connection) -> None:
    [found] = deviations(connection, DUE, {**OVER, "known_from": datetime(2024, 4, 4, 23, tzinfo=UTC)})
    assert found.seen_on == date(2024, 4, 5), "the day in Sweden"


def test_without_an_action_it_is_red_on_the_eleventh_day_and_not_on_the_tenth(connection: Connection) -> None:
    [tenth] = deviations(connection, date(2024, 4, 25), OVER)
    assert (tenth.is_red, tenth.act_by) == (False, date(2024, 4, 25))


def test_on_the_eleventh_day_it_is_red(connection: Connection) -> None:
    [found] = deviations(connection, date(2024, 4, 26), OVER)
    assert found.is_red


def test_an_action_that_names_it_makes_it_no_longer_red_and_one_for_another_month_does_not(
    connection: Connection,
) -> None:
    rows = [OVER, {**OVER, "manad": "2024-04-01"}]
    action = {"atgard_id": "a", "kalla": "avvikelse", "kall_id": "ekonomi/o1/2024-03"}
    march, april = deviations(connection, date(2024, 12, 31), *rows, atgarder=[action])
    assert ([one.action_id for one in march.actions], march.is_red) == (["a"], False)
    assert april.is_red


def test_what_was_not_known_yet_is_no_deviation(connection: Connection) -> None:
    assert deviations(connection, date(2024, 12, 31), {**OVER, "known_from": "2025-06-01"}) == ()


@pytest.mark.parametrize(
    ("budget", "outcome", "beyond"),
    [
        (100000, 125000, False),  # on the amount
        (100000, 125001, True),
        (1000000, 1050000, False),  # on the percentage, twice the amount
        (1000000, 1050001, True),
        (1000, 2000, False),  # a hundred percent of a trifle
        (100000, 60000, True),  # too little is a deviation too
        (-100000, -60000, True),  # and so is a revenue that did not come
        (0, 25001, True),  # nothing was budgeted
        (0, 20000, False),
    ],
)
def test_beyond_is_more_than_both_amount_and_percentage(budget: int, outcome: int, beyond: bool) -> None:
    month = LedgerMonth(UNIT, "", MARCH, Decimal(budget), Decimal(outcome), DUE)
    assert is_beyond(month, RULE) is beyond


def test_a_new_tolerance_does_not_change_how_an_older_month_was_judged() -> None:
    newer = Tolerance(
        version=2, valid_from=date(2024, 4, 1), percent=Decimal(1), amount=Decimal(1), days_to_action=5, source="s"
    )
    assert tolerance_on((RULE, newer), date(2024, 3, 1)) == RULE
    assert tolerance_on((RULE, newer), date(2024, 4, 1)) == newer


def test_the_tolerance_in_the_catalogue_names_its_source() -> None:
    assert all(one.source for one in load_follow_ups(INCLUDE).tolerances)
