"""A year's public tables in the order they happen to be made, against a reader with pencil and paper."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pytest
from tests.core_rows import INCLUDE
from tests.disclosure.attacks import attack
from tests.disclosure.conftest import PROVIDERS, House, enrolments, people
from tests.disclosure.public_tables import FEW, counts, margins, over_time, truth

from arshjul.disclosure import insiders, public_tables
from arshjul.disclosure.differencing import Wider
from arshjul.disclosure.release import DisclosureError, Protection, protect, record_release
from arshjul.disclosure.system import Exposure

TERTIALS = ("2024-T1", "2024-T2", "2024-T3")
OUTCOME, DAYS = "maluppfyllelse", "insatsdagar_till_egen_forsorjning"


def read_off(house: House, released: list[Protection], parts: dict[str, tuple[str, ...]]) -> dict[Hashable, int]:
    """The small counts that follow from everything released; a version replaces the one before it."""
    newest = {one.period.key: one for one in released}
    tables = [counts(house, one, OUTCOME) for one in newest.values()]
    true: dict[Hashable, int] = {}
    for one in newest.values():
        true |= truth(house, one, OUTCOME)
    cells = {name: number for table in tables for name, number in table.items()}
    assert any(number is None for number in cells.values())
    assert any(number is not None for number in cells.values())
    groups = {key: one.grouping[OUTCOME] for key, one in newest.items()}
    sums = [*margins(cells, groups), *(line for whole, own in parts.items() for line in over_time(cells, whole, own))]
    found = attack(tables, sums)
    return {name: number for name, number in found.exact.items() if true.get(name) in FEW}


@pytest.mark.parametrize(
    "order",
    [(*TERTIALS, "2024"), ("2024-02", "2024", "2024-T3", "2024-T2", "2024-T1")],
    ids=["tertials first", "year first"],
)
def test_tertials_and_their_year_in_any_order_reveal_nobody(house: House, order: tuple[str, ...]) -> None:
    house.load([_in_autumn(row) for row in enrolments()], code=[])
    assert not read_off(house, [house.export(period) for period in order], {"2024": TERTIALS})


def _in_autumn(row: dict[str, Any]) -> dict[str, Any]:
    """Another exit of the same kind, from September on."""
    day, name = row["slutdatum"], f"{row['insats_id']}h"
    return {
        **row,
        "insats_id": name,
        "person_id": name,
        "slutdatum": f"{day[:5]}{min(int(day[5:7]) + 8, 12):02d}{day[7:]}",
    }


def test_a_table_made_again_after_late_and_corrected_exits_reveals_none_of_them(house: House) -> None:
    first = house.export("2024-T1")
    late = [
        {**row, "insats_id": f"late{place}", "person_id": f"late{place}"} for place, row in enumerate(enrolments()[:40])
    ]
    house.load(late, code=[])
    again = house.export("2024-T1")
    before, after = counts(house, first, OUTCOME), counts(house, again, OUTCOME)
    change = {
        name: abs(number - before[name])  # type: ignore[operator]
        for name, number in after.items()
        if number is not None and before.get(name) is not None
    }
    assert any(change.values())
    assert not {name: number for name, number in change.items() if number in FEW}
    assert {name for name, number in before.items() if number is not None} <= {
        name for name, number in after.items() if number is not None
    }


def two_providers() -> list[dict[str, Any]]:
    """One programme with two providers: a larger one and one with seven exits, two of whom reached the goal."""
    large, small = list(PROVIDERS)[:2]
    return [
        {
            "sender": provider,
            "insats_id": f"two{provider}{number}",
            "person_id": f"two{provider}{number}",
            "insatstyp": "sprak_och_arbetsintroduktion",
            "startdatum": "2023-06-01",
            "slutdatum": "2024-02-20",
            "avslutsorsak": "arbete" if number % 3 == 1 else "sfi",
        }
        for provider, size in ((large, 20), (small, 7))
        for number in range(size)
    ]


def test_a_provider_does_not_read_off_the_other_one_of_its_programme(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = two_providers()
    house.load(rows, person=people(rows), code=[])
    cell = (OUTCOME, (("insatstyp", "sprak_och_arbetsintroduktion"),))
    computation = house.compute("2024-T1")
    savepoint = house.connection.begin_nested()
    with monkeypatch.context() as careless:
        careless.setattr(public_tables, "hide_from_providers", lambda *given, **_: given[4])
        open_value = house.table(house.protect(computation))[cell]
    assert (open_value.denominator, open_value.numerator) == (27, 9), "less its own 20 and 7: two of seven"
    savepoint.rollback()
    assert house.table(house.protect(computation))[cell].is_protected


def test_what_cannot_be_kept_from_a_provider_is_not_shown_at_all(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    computation = house.compute("2024-T1")
    read_off = Wider(frozenset(), (Exposure("2024-T1 maluppfyllelse.taljare insatstyp=jobbpeng_grund = 2", 2, 2),))
    monkeypatch.setattr(insiders, "protect_reader", lambda *_, **__: read_off)
    with pytest.raises(DisclosureError, match="en annan anordnares"):
        house.protect(computation)


def test_means_and_medians_are_published_with_their_intervals(house: House) -> None:
    table = house.table(house.export("2024-T1"))
    mean, median = table[DAYS, ()], table[f"{DAYS}_median", ()]
    assert mean.interval_low is not None
    assert mean.interval_high is not None
    assert mean.value is not None
    assert mean.interval_low < mean.value < mean.interval_high
    assert mean.interval_low == mean.interval_low.to_integral_value(), (
        "outwards to whole days: the exact ends tell more"
    )
    assert median.interval_low is not None
    assert median.interval_high is not None
    assert median.value is not None
    assert median.interval_low <= median.value <= median.interval_high
    assert median.interval_low != mean.interval_low or median.interval_high != mean.interval_high
    for value in table.values():
        if value.is_protected:
            assert value.interval_low is None is value.interval_high
    assert table["insatser", ()].interval_low is None


def test_the_years_first_months_beside_tertials_and_the_year_reveal_nobody(house: House) -> None:
    house.load([_in_autumn(row) for row in enrolments()], code=[])
    order = ("2024-T1", "2024-01--2024-05", "2024-T2", "2024-01--2024-08", "2024-01--2024-10", "2024")
    released = [house.export(period) for period in order]
    assert not read_off(house, released, {"2024-01--2024-08": TERTIALS[:2]})
    tables = {one.period.key: counts(house, one, OUTCOME) for one in released}
    subtracted = {
        (later, earlier, part, cell): number - before
        for earlier, later in (("2024-T1", "2024-01--2024-05"), ("2024-01--2024-08", "2024-01--2024-10"))
        for (_, part, cell), number in tables[later].items()  # type: ignore[misc]
        if number is not None and (before := tables[earlier].get((earlier, part, cell))) is not None
    }
    assert subtracted
    assert not {name for name, number in subtracted.items() if number in FEW}
    assert {cell for _, cell in house.table(released[3]) if _ == DAYS} == {()}, "a year to date tells totals"


def test_only_the_indicators_of_a_report_leave_the_house_with_it(house: House) -> None:
    shown = frozenset({OUTCOME, "kunder"})
    computation = house.compute("2024-T1")
    some = protect(house.connection, INCLUDE, computation, run_id=house.run_id, indicators=shown)
    assert {one for one, _ in house.table(some)} == shown
    record_release(house.connection, INCLUDE, some, "publicering", run_id=house.run_id)
    everything = house.protect(computation)
    assert {one for one, _ in house.table(everything)} > shown
    assert not house.table(everything)[DAYS, ()].is_protected, "what was not asked for was not withheld"
    told = {key: one for key, one in house.table(some).items() if not one.is_protected}
    assert {key: house.table(everything)[key] for key in told} == told
    record_release(house.connection, INCLUDE, everything, "publicering", run_id=house.run_id)
    again = protect(house.connection, INCLUDE, computation, run_id=house.run_id, indicators=frozenset({DAYS}))
    assert again.protection_id == everything.protection_id, "it is out already"
