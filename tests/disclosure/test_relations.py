"""What is declared of how counts hang together: every name is one of the catalogue's, and what it says is used."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import attrs
import pytest
from tests.core_rows import INCLUDE
from tests.disclosure.worlds import CATALOGUE, RELATIONS, UNDIVIDED, table_of, world

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.disclosure import Relations, as_count
from arshjul.disclosure.build import build
from arshjul.disclosure.figures import Cell, Figure, FigureKey, PeriodTable, counts
from arshjul.disclosure.protection import protect
from arshjul.periods import parse_period


def test_every_indicator_that_is_named_is_in_the_catalogue() -> None:
    assert RELATIONS.indicators() <= CATALOGUE.keys()


def test_every_programme_code_list_and_breakdown_that_is_named_is_there() -> None:
    lists = load_codelists(INCLUDE)
    programmes = {code.code for code in lists["insatstyper"].codes}
    assert set(RELATIONS.sensitive_programmes) <= programmes
    assert set(RELATIONS.moving) <= {name for one in CATALOGUE.values() for name in one.breakdowns}
    for indicator_id, shown in RELATIONS.year_to_date.items():
        assert set(shown) <= set(CATALOGUE[indicator_id].tables)
    for one in RELATIONS.sums:
        assert CATALOGUE[one.parts].distribution_over
        assert any(code.attributes.get(one.attribute) == one.equals for code in lists[one.code_list].codes)


def test_only_indicators_of_shares_have_a_numerator_that_is_a_count() -> None:
    named = [name for pair in (*RELATIONS.same, *RELATIONS.rests, *RELATIONS.at_most) for name in pair]
    named += [one.whole for one in RELATIONS.sums] + [name for one in RELATIONS.later for name in (one.count, one.of)]
    shares = [as_count(name)[0] for name in named if name.endswith(".taljare")]
    assert shares
    assert all(CATALOGUE[one].disclosure == "andel_personer" for one in shares)


@pytest.mark.parametrize("name", sorted({name for group in RELATIONS.same for name in group}))
def test_a_count_that_is_said_to_be_the_same_follows_from_its_indicator(name: str) -> None:
    indicator_id, _ = as_count(name)
    indicator = CATALOGUE[indicator_id]
    figure = Figure(Decimal(20), Decimal(50), None, 50, units=30, units_at_most=30)
    found = {one.name for one in counts(indicator, (), figure, RELATIONS, 4)}
    assert ".".join(RELATIONS.canonical(as_count(name))) in found


def several(table: PeriodTable, indicator_id: str, cell: Cell, **numbers: int) -> PeriodTable:
    """A table with one figure more."""
    units = numbers.get("units")
    figure = Figure(
        Decimal(numbers["numerator"]),
        Decimal(numbers["denominator"]) if "denominator" in numbers else None,
        None,
        numbers["observations"],
        units=units,
        units_at_most=units,
    )
    return replace(table, figures={**table.figures, (indicator_id, cell): figure})


def empty() -> PeriodTable:
    return PeriodTable("t", parse_period("2024-T1"), {}, {}, {})


def shown(table: PeriodTable, relations: Relations = RELATIONS) -> frozenset[FigureKey]:
    built = build(UNDIVIDED, relations, {}, [table])
    pattern = protect(built.system, seconds=60)
    assert not pattern.exposed
    return built.shown(table, pattern.hidden)


def test_how_many_answered_does_not_follow_from_how_many_answers_there_are() -> None:
    table = empty()
    for code, invited, answered in (("a", 30, 3), ("b", 30, 14), ("c", 30, 17), ("d", 30, 15), ("", 120, 49)):
        cell = (("anordnare", code),) if code else ()
        table = several(table, "svarsfrekvens", cell, numerator=answered, denominator=invited, observations=invited)
        if code not in ("b", "c", "d"):
            continue
        answers = 10 * answered
        table = several(
            table, "kundnojdhet", cell, numerator=4 * answers, denominator=answers, observations=answers, units=answered
        )

    def known(relations: Relations) -> set[str]:
        return {cell[0][1] for _, cell in shown(table, relations) if cell}  # by either of the two

    unlinked = tuple(group for group in RELATIONS.same if "svarsfrekvens.taljare" not in group)
    assert known(attrs.evolve(RELATIONS, same=unlinked)) == {"b", "c", "d"}, "49 less the others: three answered"
    assert len(known(RELATIONS)) < 3


def test_complaints_that_show_no_deficiency_are_not_subtracted_out() -> None:
    table = empty()
    for kategori, (received, deficient, acted) in {"bemotande": (20, 17, 9), "handlaggning": (30, 18, 8)}.items():
        cell = (("kategori", kategori),)
        table = several(table, "synpunkter_inkomna", cell, numerator=received, observations=received)
        table = several(
            table, "brister_atgardade", cell, numerator=acted, denominator=deficient, observations=deficient
        )
    told = shown(table)
    pair = {("synpunkter_inkomna", (("kategori", "bemotande"),)), ("brister_atgardade", (("kategori", "bemotande"),))}
    assert not pair <= told
    other = {
        ("synpunkter_inkomna", (("kategori", "handlaggning"),)),
        ("brister_atgardade", (("kategori", "handlaggning"),)),
    }
    assert other <= told


def test_complaints_that_are_not_answered_yet_are_not_subtracted_out() -> None:
    table = several(empty(), "synpunkter_inkomna", (("typ", "klagomal"),), numerator=20, observations=20)
    answered = "svarstid_synpunkter_median"
    few = several(table, answered, (("typ", "klagomal"),), numerator=90, observations=18)
    many = several(table, answered, (("typ", "klagomal"),), numerator=90, observations=14)
    assert len(shown(few)) < 2
    assert len(shown(many)) == 2


def test_a_programme_that_tells_of_health_is_never_divided_further() -> None:
    table = table_of("2024-T1", world(1))
    sensitive = "sprak_och_arbetsintroduktion"
    relations = attrs.evolve(RELATIONS, sensitive_programmes=(sensitive,))

    def told(relations: Relations) -> set[Cell]:
        cells = {cell for _, cell in shown(table, relations)}
        return {cell for cell in cells if ("insatstyp", sensitive) in cell}

    assert max(len(cell) for cell in told(RELATIONS)) == 2
    assert told(relations) == {(("insatstyp", sensitive),)}


def test_who_left_does_not_follow_from_how_many_were_there_and_how_many_came() -> None:
    cell = (("insatstyp", "jobbpeng_grund"),)
    first = several(empty(), "insatser", cell, numerator=30, observations=30)
    first = several(first, "trappmatning_tackning", cell, numerator=3, denominator=3, observations=3)
    second = replace(empty(), name="u", period=parse_period("2024-T2"))
    second = several(second, "insatser", cell, numerator=40, observations=40)
    second = several(second, "nya_insatser", cell, numerator=13, observations=13)

    def told(relations: Relations) -> int:
        built = build(UNDIVIDED, relations, {}, [first, second])
        pattern = protect(built.system, seconds=60)
        assert not pattern.exposed
        return sum(len(built.shown(table, pattern.hidden)) for table in (first, second))

    assert told(attrs.evolve(RELATIONS, flows=())) == 3, "30 + 13 − 40: three left"
    assert told(RELATIONS) == 2


def test_who_came_does_not_follow_from_two_periods_that_begin_alike() -> None:
    cell = (("insatstyp", "jobbpeng_grund"),)
    first = several(empty(), "insatser", cell, numerator=30, observations=30)
    longer = replace(empty(), name="u", period=parse_period("2024-01--2024-05"))
    longer = several(longer, "insatser", cell, numerator=33, observations=33)
    built = build(UNDIVIDED, RELATIONS, {}, [first, longer])
    pattern = protect(built.system, seconds=60)
    assert not pattern.exposed
    assert sum(len(built.shown(table, pattern.hidden)) for table in (first, longer)) == 1, "33 less 30 came in May"
