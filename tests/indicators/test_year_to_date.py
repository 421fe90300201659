"""The year's first months are computed, exported and traced like every other period, and add up to the tertials in them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, load, start_run
from tests.indicators.conftest import Fill
from tests.oracles.random_core import make_core

from arshjul.catalogue.indicators import load_indicators
from arshjul.indicators.compute import Computation, compute
from arshjul.indicators.export import export_rows
from arshjul.indicators.trace_rows import source_rows
from arshjul.indicators.values import latest_computation, read_values
from arshjul.lineage.trace import computed_evidence
from arshjul.periods import Tertial, YearToDate

EIGHT_MONTHS = YearToDate(2024, 8)
TERTIALS = (Tertial(2024, 1), Tertial(2024, 2))
INDICATORS = load_indicators(INCLUDE)
# What goes on is counted in both tertials that it touches; who started in a period's last fourteen days is left out.
NOT_ADDITIVE = {"kunder", "insatser", "anordnare_aktiva", "kartlaggning_inom_14_dagar"}
ADDITIVE = sorted(
    one.id for one in INDICATORS.values() if one.kind != "median" and one.id not in NOT_ADDITIVE and "ar" in one.cadence
)

Amounts = dict[tuple[str, frozenset[tuple[str, str]]], tuple[Decimal, Decimal, int]]


def amounts(connection: Connection, computation: Computation) -> Amounts:
    """Numerator, denominator and observations of every cell that does not move with age.

    The parts of a distribution share their denominator, which has no row where a part is nobody's.
    """
    return {
        (one.indicator_id, frozenset(one.cell.items())): (
            one.numerator or Decimal(0),
            Decimal(0) if INDICATORS[one.indicator_id].distribution_over else one.denominator or Decimal(0),
            one.observations or 0,
        )
        for one in read_values(connection, INCLUDE, computation, internal=True)
        if "aldersgrupp" not in one.cell
    }


@pytest.fixture
def computed(connection: Connection) -> Mapping[str, Amounts]:
    run_id = start_run(connection)
    load(connection, run_id, make_core(2, 60, 160, 150))
    return {
        period.key: amounts(connection, compute(connection, INCLUDE, period, run_id=run_id))
        for period in (*TERTIALS, EIGHT_MONTHS)
    }


def test_january_to_august_is_the_two_tertials_together(computed: Mapping[str, Amounts]) -> None:
    parts = [computed[period.key] for period in TERTIALS]
    whole = computed[EIGHT_MONTHS.key]
    nothing = (Decimal(0), Decimal(0), 0)
    seen = set()
    for key in {key for one in (whole, *parts) for key in one if key[0] in ADDITIVE}:
        together = tuple(sum(numbers) for numbers in zip(*(one.get(key, nothing) for one in parts), strict=True))
        assert whole.get(key, nothing) == together, key
        seen |= {key[0]} if whole.get(key, nothing)[2] else set()
    assert len(seen) > 20


def test_what_goes_on_is_not_counted_twice(computed: Mapping[str, Amounts]) -> None:
    total = frozenset[tuple[str, str]]()
    whole, *parts = (computed[period.key]["kunder", total][0] for period in (EIGHT_MONTHS, *TERTIALS))
    assert max(parts) <= whole < sum(parts)


def test_it_is_exported_and_traced_by_its_key(connection: Connection, fill: Fill) -> None:
    exits = [
        {"insats_id": f"i{month}", "slutdatum": f"2024-0{month}-10", "avslutsorsak": "arbete"} for month in range(1, 10)
    ]
    computation = compute(connection, INCLUDE, EIGHT_MONTHS, run_id=fill(insatser=exits))
    assert latest_computation(connection, INCLUDE, EIGHT_MONTHS) == computation
    columns, rows = export_rows(connection, INCLUDE, computation, internal=True)
    assert {row[columns.index("period")] for row in rows} == {"2024-01--2024-08"}
    found = source_rows(connection, INCLUDE, "maluppfyllelse", EIGHT_MONTHS, computation.as_of, {})
    assert [row_no for _, row_no in found] == list(range(1, 9)), "the exit in September is none of it"
    evidence = computed_evidence(connection, "maluppfyllelse/2024-01--2024-08")
    assert evidence.computation.computation_id == computation.computation_id
