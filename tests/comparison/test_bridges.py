"""Bridges between definitions sum exactly, as counted and as printed, and give nothing away that is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.comparison.public_values import HIDDEN, INCLUDE, INDICATORS, count, share, spaces

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.comparisons import load_bridges
from arshjul.catalogue.yaml_files import CatalogueError, changed
from arshjul.comparison.bridges import (
    DOES_NOT_SUM,
    HIDDEN_TOTAL,
    MISSING_TOTAL,
    WITHHELD,
    BridgeTable,
    Get,
    build_bridges,
)
from arshjul.comparison.values import PublicValue

BRIDGE = load_bridges(INCLUDE)["maluppfyllelse"]
CODES = load_codelists(INCLUDE)["avslutsorsaker"]
OUTSIDE = {code.code for code in CODES.codes if code.attributes["own"] == "outside"}

exits = st.fixed_dictionaries({code.code: st.integers(0, 200) for code in CODES.codes})


def public(ended: Mapping[str, int], **withheld: PublicValue | None) -> Get:
    """The public tables of so many exits for each reason; ``withheld`` says what stands there instead."""
    whole = sum(number for code, number in ended.items() if code not in OUTSIDE)
    values: dict[str, PublicValue | None] = {
        twin.indicator: share(
            sum(ended.get(code.code, 0) for code in CODES.codes if code.attributes[twin.attribute] == "reached"), whole
        )
        for twin in (BRIDGE.base, *BRIDGE.twins)
    }
    values |= {code: count(number) for code, number in ended.items() if number}
    values |= withheld
    return lambda indicator_id, cell: values.get(cell.get("avslutsorsak", indicator_id))


def bridges(get: Get) -> tuple[BridgeTable, ...]:
    return build_bridges(BRIDGE, INDICATORS, CODES, get)


ENDED = {"arbete": 60, "kommunal_anstallning": 11, "studier": 20, "andra_studier": 16, "deltidsarbete": 7, "sfi": 100}


def test_the_parts_are_those_of_the_specification() -> None:
    kolada, lenient = BRIDGE.twins
    assert BRIDGE.steps(kolada, CODES) == (("kommunal_anstallning", -1),)
    assert BRIDGE.steps(lenient, CODES) == (("andra_studier", 1), ("deltidsarbete", 1))


def test_a_bridge_as_it_is_printed() -> None:
    kolada, lenient = bridges(public({**ENDED, "flyttat": 30}))
    assert (kolada.denominator, kolada.decimals, kolada.note) == (214, 1, None)
    assert [(spaces(row.words), row.count_mark, row.share_mark) for row in kolada.rows] == [
        ("Kommunens egen definition", "91", "42,5"),
        ("Kommunal anställning räknas inte", "−11", "−5,1"),
        ("Koladas definition (egen bearbetning)", "80", "37,4"),
    ]
    # 7.477 and 3.271 percentage points lead from 42.523 to 53.271: 42.5 + 7.5 + 3.3 is 53.3.
    assert [(row.words, row.count_mark, row.share_mark) for row in lenient.rows] == [
        ("Kommunens egen definition", "91", "42,5"),
        ("Andra studier räknas också", "+16", "+7,5"),
        ("Deltidsarbete räknas också", "+7", "+3,3"),
        ("Bred definition", "114", "53,3"),
    ]


@settings(max_examples=500, deadline=None)
@given(exits)
def test_every_bridge_sums_exactly(ended: dict[str, int]) -> None:
    for table in bridges(public(ended)):
        if not sum(number for code, number in ended.items() if code not in OUTSIDE):
            assert table.note == MISSING_TOTAL
            continue
        *before, last = table.rows
        assert sum(row.count for row in before) == last.count
        assert sum((row.share for row in before), Fraction()) == last.share
        assert sum((row.shown_share for row in before), Decimal(0)) == last.shown_share
        assert all(abs(Fraction(row.shown_share) - 100 * row.share) < Fraction(2, 10) for row in table.rows)


def test_a_withheld_part_is_told_and_cannot_be_found_by_subtraction() -> None:
    kolada, lenient = bridges(public(ENDED, kommunal_anstallning=HIDDEN))
    assert (kolada.rows, kolada.note) == ((), WITHHELD)
    assert lenient.note is None
    _, lenient = bridges(public(ENDED, deltidsarbete=HIDDEN))
    assert (lenient.rows, lenient.note) == ((), WITHHELD)


@pytest.mark.parametrize(
    ("withheld", "note"),
    [
        ({"maluppfyllelse": HIDDEN}, HIDDEN_TOTAL),
        ({"maluppfyllelse_kolada": HIDDEN}, HIDDEN_TOTAL),
        ({"maluppfyllelse": None}, MISSING_TOTAL),
        ({"maluppfyllelse": share(0, 0), "maluppfyllelse_kolada": share(0, 0)}, MISSING_TOTAL),
        ({"maluppfyllelse": share(90, 214)}, DOES_NOT_SUM),
        ({"maluppfyllelse": share(91, 215)}, DOES_NOT_SUM),
        ({"kommunal_anstallning": count(12)}, DOES_NOT_SUM),
        ({"kommunal_anstallning": None}, DOES_NOT_SUM),
    ],
)
def test_a_bridge_that_cannot_stand_is_not_shown(withheld: dict[str, PublicValue | None], note: str) -> None:
    kolada = bridges(public(ENDED, **withheld))[0]
    assert (kolada.rows, kolada.denominator, kolada.note) == ((), None, note)


def test_a_bridge_for_one_programme_asks_for_its_cells() -> None:
    asked = []

    def get(indicator_id: str, cell: Mapping[str, str]) -> PublicValue | None:
        asked.append((indicator_id, dict(cell)))
        return public(ENDED)(indicator_id, cell)

    build_bridges(BRIDGE, INDICATORS, CODES, get, {"insatstyp": "jobbpeng_grund"})
    assert ("maluppfyllelse", {"insatstyp": "jobbpeng_grund"}) in asked
    assert ("avslutsorsaker", {"insatstyp": "jobbpeng_grund", "avslutsorsak": "kommunal_anstallning"}) in asked


def test_definitions_with_different_denominators_carry_no_bridge() -> None:
    moved = changed(
        CODES,
        codes=(*CODES.codes[:-1], changed(CODES.codes[-1], attributes={**CODES.codes[-1].attributes, "kolada": "not"})),
    )
    with pytest.raises(CatalogueError, match="inside one definition and outside"):
        BRIDGE.steps(BRIDGE.twins[0], moved)
    silent = changed(CODES, codes=(changed(CODES.codes[0], attributes={"own": "reached"}),))
    with pytest.raises(CatalogueError, match="does not say kolada"):
        BRIDGE.steps(BRIDGE.twins[0], silent)
