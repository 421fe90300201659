"""Which stretches of a year follow from which tables."""

from __future__ import annotations

import pytest

from arshjul.disclosure.spans import Timeline, span_of
from arshjul.periods import parse_period


def timeline(*told: tuple[str, int]) -> Timeline:
    found = Timeline()
    for period, count in told:
        assert found.enter(span_of(parse_period(period)), count)
    return found


@pytest.mark.parametrize(
    ("period", "span"),
    [("2024-05", (4, 5)), ("2024-T2", (4, 8)), ("2024", (0, 12)), ("2024-01--2024-10", (0, 10))],
)
def test_a_period_is_two_boundaries_of_its_year(period: str, span: tuple[int, int]) -> None:
    assert span_of(parse_period(period)) == span


def test_two_tables_with_one_end_in_common_tell_what_lies_between_the_others() -> None:
    found = timeline(("2024-01--2024-08", 40), ("2024-01--2024-10", 47))
    assert found.count((8, 10)) == 7
    assert list(found.spans()) == [(0, 8), (0, 10), (8, 10)]
    assert found.pieces((0, 10)) == [(0, 8), (8, 10)]


def test_what_follows_goes_on_from_what_has_followed() -> None:
    found = timeline(("2024-T1", 10), ("2024-T2", 20), ("2024-01--2024-05", 13))
    assert found.count((4, 5)) == 3
    assert found.count((5, 8)) == 17
    assert found.count((0, 8)) == 30


def test_tables_that_share_no_boundary_tell_nothing_together() -> None:
    found = timeline(("2024-01--2024-05", 13), ("2024-T2", 20))
    assert found.count((4, 5)) is None
    assert found.count((0, 8)) is None
    assert list(found.spans()) == [(0, 5), (4, 8)]


def test_a_third_table_joins_them() -> None:
    found = timeline(("2024-01--2024-05", 13), ("2024-T2", 20))
    before = found.copy()
    assert found.enter((0, 4), 10)
    assert (found.count((4, 5)), found.count((5, 8))) == (3, 17)
    assert before.count((4, 5)) is None


def test_a_table_that_tells_something_else_is_not_entered() -> None:
    found = timeline(("2024-T1", 10), ("2024-T2", 20))
    assert not found.enter((0, 8), 33)
    assert found.count((0, 8)) == 30
    assert not found.enter((0, 5), 9), "May would be less than nobody"
    assert found.count((0, 5)) is None
