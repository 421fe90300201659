"""Each rule of primary disclosure control, at its borders."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE
from tests.indicators.conftest import Fill

from arshjul.indicators.compute import compute
from arshjul.indicators.values import read_values
from arshjul.periods import parse_period

EXIT = {"slutdatum": "2024-02-01"}


def protected(
    connection: Connection, run_id: int, indicator_id: str, period: str = "2024-T1"
) -> dict[tuple[tuple[str, str], ...], bool]:
    """Compute, and tell of each cell of an indicator whether readers get it without numbers."""
    computation = compute(connection, INCLUDE, parse_period(period), run_id=run_id)
    values = read_values(connection, INCLUDE, computation, internal=False, indicator_id=indicator_id)
    for value in values:
        numbers = (value.numerator, value.observations)
        assert all((number is None) == value.is_protected for number in numbers)
        assert not value.is_protected or (value.denominator, value.value) == (None, None)
    return {tuple(sorted(value.cell.items())): value.is_protected for value in values}


def of_provider(flags: dict[tuple[tuple[str, str], ...], bool]) -> dict[str, bool]:
    return {cell[0][1]: flag for cell, flag in flags.items() if len(cell) == 1 and cell[0][0] == "anordnare"}


def exits(reached: int, not_reached: int) -> list[dict[str, Any]]:
    sender = f"{reached}-{not_reached}"
    reasons = ["arbete"] * reached + ["sfi"] * not_reached
    return [
        {**EXIT, "sender": sender, "insats_id": f"{sender}-{number}", "avslutsorsak": reason}
        for number, reason in enumerate(reasons)
    ]


@pytest.mark.parametrize("indicator_id", ["kunder", "insatser", "nya_insatser"])
def test_a_count_of_one_to_four_is_protected_and_five_is_not(
    connection: Connection, fill: Fill, indicator_id: str
) -> None:
    run_id = fill(
        insatser=[
            {"sender": str(size), "insats_id": f"{size}-{number}", "startdatum": "2024-02-01"}
            for size in range(1, 8)
            for number in range(size)
        ]
    )
    flags = protected(connection, run_id, indicator_id)
    assert of_provider(flags) == {str(size): size < 5 for size in range(1, 8)}
    assert not flags[()]


def test_a_count_of_nought_is_shown(connection: Connection, fill: Fill) -> None:
    assert protected(connection, fill(), "kunder") == {(): False}


def test_a_share_is_protected_unless_both_sides_hold_five(connection: Connection, fill: Fill) -> None:
    sizes = [(reached, other) for reached in range(8) for other in range(8) if reached + other]
    run_id = fill(insatser=[row for size in sizes for row in exits(*size)])
    flags = of_provider(protected(connection, run_id, "maluppfyllelse"))
    assert flags == {f"{reached}-{other}": not (reached >= 5 and other >= 5) for reached, other in sizes}


def test_all_and_none_are_protected_however_many_they_are(connection: Connection, fill: Fill) -> None:
    run_id = fill(insatser=[*exits(60, 0), *exits(0, 60), *exits(55, 5), *exits(5, 55)])
    assert of_provider(protected(connection, run_id, "maluppfyllelse")) == {
        "60-0": True,
        "0-60": True,
        "55-5": False,
        "5-55": False,
    }


def test_a_share_of_nothing_has_nothing_to_protect(connection: Connection, fill: Fill) -> None:
    assert protected(connection, fill(), "maluppfyllelse") == {(): False}


def test_the_whole_of_a_distribution_is_shown_from_five_but_its_parts_are_shares(
    connection: Connection, fill: Fill
) -> None:
    rows = [
        {**EXIT, "insats_id": f"{programme}-{reason}-{number}", "insatstyp": programme, "avslutsorsak": reason}
        for programme, reason, size in (("a", "sfi", 5), ("a", "annat", 6), ("b", "sfi", 4), ("c", "annat", 5))
        for number in range(size)
    ]
    flags = protected(connection, fill(insatser=rows), "avslutsorsaker")
    assert flags == {
        (): False,  # 20 of 20
        (("avslutsorsak", "annat"),): False,  # 11 of 20
        (("avslutsorsak", "sfi"),): False,  # 9 of 20
        (("insatstyp", "a"),): False,  # 11 of 11
        (("insatstyp", "b"),): True,  # 4 of 4
        (("insatstyp", "c"),): False,  # 5 of 5: how many there were, nothing more
        (("avslutsorsak", "sfi"), ("insatstyp", "a")): False,  # 5 of 11
        (("avslutsorsak", "annat"), ("insatstyp", "a")): False,  # 6 of 11
        (("avslutsorsak", "sfi"), ("insatstyp", "b")): True,  # 4 of 4
        (("avslutsorsak", "annat"), ("insatstyp", "c")): True,  # 5 of 5: each of them
    }


@pytest.mark.parametrize(
    "indicator_id", ["insatsdagar_till_egen_forsorjning", "insatsdagar_till_egen_forsorjning_median"]
)
def test_a_mean_or_median_needs_ten_observations(connection: Connection, fill: Fill, indicator_id: str) -> None:
    run_id = fill(insatser=[row for size in (1, 5, 9, 10, 11) for row in exits(size, 0)])
    flags = of_provider(protected(connection, run_id, indicator_id))
    assert flags == {"1-0": True, "5-0": True, "9-0": True, "10-0": False, "11-0": False}


def test_a_mean_of_nothing_has_nothing_to_protect(connection: Connection, fill: Fill) -> None:
    assert protected(connection, fill(), "insatsdagar_till_egen_forsorjning") == {(): False}


@pytest.mark.parametrize("indicator_id", ["kunder_per_coach", "kapacitetsutnyttjande"])
def test_persons_in_a_ratio_are_counted_by_month(connection: Connection, fill: Fill, indicator_id: str) -> None:
    """Two persons for four months are eight in the sum, and the sum over four tells that they are two."""
    run_id = fill(
        insatser=[
            {"sender": str(size), "insats_id": f"{size}-{number}"}
            for size in (0, 1, 2, 4, 5, 6)
            for number in range(size)
        ],
        kapacitet=[
            {"sender": str(size), "manad": date(2024, month, 1)} for size in (0, 1, 2, 4, 5, 6) for month in range(1, 5)
        ],
    )
    expected = {"0": False, "1": True, "2": True, "4": True, "5": False, "6": False}
    for period in ("2024-T1", "2024-01"):
        flags = protected(connection, run_id, indicator_id, period)
        assert of_provider(flags) == expected
        assert not flags[()]


def test_attendance_is_protected_by_the_number_of_persons_not_of_days(connection: Connection, fill: Fill) -> None:
    def group(sender: str, persons: int, hours: list[int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        stays = [
            {"sender": sender, "insats_id": f"{sender}-{number}", "person_id": f"{sender}-{number % persons}"}
            for number in range(8)
        ]
        days = [
            {
                "sender": sender,
                "insats_id": stay["insats_id"],
                "datum": date(2024, 2, number + 1),
                "planerade_timmar": 8,
                "narvarande_timmar": hours[number % len(hours)],
            }
            for stay in stays
            for number in range(6)
        ]
        return stays, days

    groups = [
        group("four_persons", 4, [8, 0]),
        group("five_persons", 5, [8, 0]),
        group("always_there", 8, [8]),
        group("never_there", 8, [0]),
    ]
    run_id = fill(
        insatser=[row for stays, _ in groups for row in stays], narvaro=[row for _, days in groups for row in days]
    )
    assert of_provider(protected(connection, run_id, "narvarograd")) == {
        "four_persons": True,
        "five_persons": False,
        "always_there": True,
        "never_there": True,
    }


def test_providers_are_no_persons(connection: Connection, fill: Fill) -> None:
    assert protected(connection, fill(insatser=[{"insats_id": "i1"}]), "anordnare_aktiva") == {(): False}
