"""From a figure back to its rows: for every cell, exactly those that it was computed from."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE
from tests.indicators.conftest import Fill

from arshjul.indicators.compute import Computation, compute
from arshjul.indicators.trace_rows import UnknownCellError, source_rows
from arshjul.indicators.values import read_values
from arshjul.periods import Tertial

T1 = Tertial(2024, 1)
ENROLMENTS = [
    {"insats_id": "i1", "insatstyp": "jobbpeng_grund", "slutdatum": "2024-02-01", "avslutsorsak": "arbete"},
    {"insats_id": "i2", "insatstyp": "jobbpeng_forstarkt", "slutdatum": "2024-02-01", "avslutsorsak": "sfi"},
    {"insats_id": "i3", "insatstyp": "jobbpeng_forstarkt", "slutdatum": "2024-02-01", "avslutsorsak": "avliden"},
    {"insats_id": "i4", "insatstyp": "jobbpeng_grund", "startdatum": "2024-02-01"},
]


def rows(connection: Connection, computation: Computation, indicator_id: str, **cell: str) -> list[int]:
    """Give the row numbers; everything was delivered in one delivery."""
    found = source_rows(connection, INCLUDE, indicator_id, T1, computation.as_of, cell)
    assert len({delivery_id for delivery_id, _ in found}) <= 1
    return [row_no for _, row_no in found]


def test_a_share_leads_to_the_rows_of_its_denominator(connection: Connection, fill: Fill) -> None:
    computation = compute(connection, INCLUDE, T1, run_id=fill(insatser=ENROLMENTS))
    assert rows(connection, computation, "maluppfyllelse") == [1, 2]
    assert rows(connection, computation, "maluppfyllelse", insatstyp="jobbpeng_grund") == [1]
    assert rows(connection, computation, "maluppfyllelse", insatstyp="jobbpeng_grund", kon="man") == []
    assert rows(connection, computation, "avslutsorsaker", avslutsorsak="avliden") == [3]
    assert rows(connection, computation, "kunder") == [1, 2, 3, 4]


def test_an_observation_of_several_rows_leads_to_all_of_them(connection: Connection, fill: Fill) -> None:
    steps = [
        {"insats_id": "i9", "datum": "2023-06-01", "tillfalle": "anvisning", "steg": 1},
        {"insats_id": "i1", "datum": "2023-06-01", "tillfalle": "anvisning", "steg": 1},
        {"insats_id": "i1", "datum": "2023-09-01", "tillfalle": "under", "steg": 2},
        {"insats_id": "i1", "datum": "2024-02-01", "tillfalle": "avslut", "steg": 2},
    ]
    computation = compute(connection, INCLUDE, T1, run_id=fill(insatser=ENROLMENTS, trappsteg=steps))
    assert rows(connection, computation, "stegforflyttning") == [1, 2, 4]  # enrolment 1, placements 2 and 4
    assert rows(connection, computation, "trappmatning_tackning", insatstyp="jobbpeng_forstarkt") == [2, 3]


def test_a_provider_month_leads_to_its_enrolments_and_its_capacity(connection: Connection, fill: Fill) -> None:
    run_id = fill(insatser=ENROLMENTS, kapacitet=[{"manad": date(2023, 1, 1)}, {"manad": date(2024, 3, 1)}])
    computation = compute(connection, INCLUDE, T1, run_id=run_id)
    assert rows(connection, computation, "kunder_per_coach") == [2, 4]  # capacity row 2, enrolment 4


def test_every_indicator_leads_somewhere_from_its_total(connection: Connection, fill: Fill) -> None:
    run_id = fill(
        insatser=[{**row, "anvisad_datum": "2023-05-01"} for row in ENROLMENTS],
        narvaro=[{"insats_id": "i1", "datum": "2024-01-02", "planerade_timmar": 8}],
        kapacitet=[{"manad": date(2024, 1, 1)}],
        uppfoljningar=[{"insats_id": "i1", "manader": months, "status": "egen_forsorjning"} for months in (3, 6, 12)],
    )
    computation = compute(connection, INCLUDE, T1, run_id=run_id)
    for value in read_values(connection, INCLUDE, computation, internal=True):
        if value.cell:
            continue
        found = rows(connection, computation, value.indicator_id, **value.cell)
        assert bool(found) == bool(value.observations), (value.indicator_id, value.cell)


def test_an_unknown_indicator_or_breakdown_is_refused(connection: Connection, fill: Fill) -> None:
    computation = compute(connection, INCLUDE, T1, run_id=fill())
    with pytest.raises(UnknownCellError):
        rows(connection, computation, "finns_inte")
    with pytest.raises(UnknownCellError, match="numerator"):
        rows(connection, computation, "kunder", numerator="1")
