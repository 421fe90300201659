"""What was paid beside what was performed: the arithmetic is the indicator's, the tolerance the municipality's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, PROVIDER, load, start_run

from arshjul.catalogue.register_rules import PaymentTolerance, load_register_rules
from arshjul.indicators.compute import compute
from arshjul.indicators.values import read_values
from arshjul.periods import Month
from arshjul.registers.payments import ProviderPayment, beyond_tolerance, provider_payments
from arshjul.warehouse.errors import WarehouseError

OTHER = "5590000013"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
MARCH = Month(2024, 3)


def twenty_days_three_interrupted() -> list[dict[str, object]]:
    return [
        {
            "insats_id": "A1",
            "datum": f"2024-03-{day:02d}",
            "planerade_timmar": 8,
            "narvarande_timmar": 0 if day > 17 else 8,
        }
        for day in range(1, 21)
    ]


def march(connection: Connection, **more: list[dict[str, object]]) -> tuple[ProviderPayment, ...]:
    load(
        connection,
        start_run(connection),
        {
            "anordnare": [
                {"period": "2024-01-01", "orgnr": PROVIDER, "namn": "Åsa AB", "auktoriserad_fran": "2020-01-01"}
            ],
            "insatser": [{"insats_id": "A1"}, {"insats_id": "B1", "sender": OTHER, "insatstyp": "jobbpeng_forstarkt"}],
            "narvaro": twenty_days_three_interrupted(),
            "utbetalningar": [
                {"utbetalning_id": "u1", "insats_id": "A1", "manad": "2024-03-01", "dagpris": 500, "belopp": 10_000}
            ],
            **more,
        },
    )
    return provider_payments(connection, NOW, MARCH.start, MARCH.end)


def test_twenty_days_of_which_three_interrupted_cost_8500_and_an_invoice_of_10000_is_flagged(
    connection: Connection,
) -> None:
    [found] = march(connection)
    assert (found.provider, found.name, found.month) == (PROVIDER, "Åsa AB", MARCH)
    assert (found.payable_days, found.expected, found.paid, found.difference) == (17, 8_500, 10_000, 1_500)
    assert beyond_tolerance([found], load_register_rules(INCLUDE).payments) == (found,)


def test_the_differences_sum_to_the_indicator(connection: Connection) -> None:
    unpaid = {"insats_id": "B1", "sender": OTHER, "datum": "2024-03-04", "planerade_timmar": 8, "narvarande_timmar": 8}
    paid = {
        "utbetalning_id": "u2",
        "insats_id": "C1",
        "anordnare_orgnr": OTHER,
        "manad": "2024-03-01",
        "dagpris": 70,
        "belopp": 140,
    }
    found = march(
        connection,
        narvaro=[*twenty_days_three_interrupted(), unpaid],
        utbetalningar=[
            {"utbetalning_id": "u1", "insats_id": "A1", "manad": "2024-03-01", "dagpris": 500, "belopp": 10_000},
            paid,
        ],
    )
    assert [(one.provider, one.name, one.unpriced) for one in found] == [(PROVIDER, "Åsa AB", 0), (OTHER, OTHER, 1)]
    computation = compute(connection, INCLUDE, MARCH, run_id=start_run_again(connection), as_of=NOW)
    values = {
        tuple(value.cell.items()): value.value
        for value in read_values(connection, INCLUDE, computation, internal=True)
        if value.indicator_id == "ersattningsavvikelse"
    }
    assert values[()] == sum(one.difference for one in found)
    assert values[(("anordnare", OTHER),)] == found[1].difference == 140


def start_run_again(connection: Connection) -> int:
    run: int = connection.exec_driver_sql("SELECT run_id FROM lineage.run").scalar_one()
    return run


def payment(paid: int, expected: int, provider: str = PROVIDER) -> ProviderPayment:
    return ProviderPayment(provider, "Namn", MARCH, Decimal(paid), 1, Decimal(expected), 0)


@pytest.mark.parametrize(
    ("paid", "expected", "is_flagged"),
    [
        (1_100, 1_000, False),
        (1_101, 1_000, True),
        (899, 1_000, True),
        (900, 1_000, False),
        (102_000, 100_000, False),
        (102_001, 100_000, True),
        (101, 0, True),
        (100, 0, False),
    ],
)
def test_the_larger_of_an_amount_and_a_share_is_tolerated_and_not_a_krona_more(
    paid: int, expected: int, is_flagged: bool
) -> None:
    tolerance = PaymentTolerance(kronor=Decimal(100), share=Decimal("0.02"))
    assert bool(beyond_tolerance([payment(paid, expected)], tolerance)) is is_flagged


def test_the_largest_difference_comes_first() -> None:
    tolerance = PaymentTolerance(kronor=Decimal(0), share=Decimal(0))
    found = beyond_tolerance([payment(1, 0), payment(0, 9, OTHER), payment(5, 5)], tolerance)
    assert [one.difference for one in found] == [-9, 1]


def test_whoever_makes_reports_cannot_see_unprotected_amounts(connection: Connection) -> None:
    march(connection)
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    with pytest.raises(WarehouseError):
        provider_payments(connection, NOW, date(2024, 1, 1), date(2024, 12, 31))
