"""References in people's texts: the only way that a figure gets in."""

from __future__ import annotations

import pytest

from arshjul.prose.references import RULES, NotAllowed, Reference, UnknownReference, filled_in, read_reference


def resolve(reference: Reference) -> str:
    """A report that shows one figure."""
    if reference != Reference("maluppfyllelse"):
        raise UnknownReference
    return "44\u00a0procent"


def test_a_reference_becomes_the_figure_that_readers_see() -> None:
    assert filled_in("Utfallet {maluppfyllelse} är lågt.", resolve) == "Utfallet 44\u00a0procent är lågt."


def test_a_reference_may_name_a_period_and_a_part_in_any_order() -> None:
    wanted = Reference("kunder", "2025-T1", (("insatstyp", "jobbpeng_grund"), ("kon", "man")))
    assert read_reference("kunder 2025-T1 kon=man insatstyp=jobbpeng_grund") == wanted
    assert read_reference(" kunder insatstyp=jobbpeng_grund kon=man 2025-T1") == wanted
    assert read_reference("kvar_i_egen_forsorjning_12m 2026-01--2026-08").period == "2026-01--2026-08"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Utfallet blev 44 procent.", "siffra"),
        ("Hälften (½) och m².", "siffra"),
        ("Utfallet blev ٤٤ procent.", "siffra"),
        ("Kapitel Ⅳ.", "siffra"),
        ("{maluppfyllelse", "referens"),
        ("maluppfyllelse}", "referens"),
        ("{}", "referens"),
        ("{Målet}", "referens"),
        ("{maluppfyllelse 44}", "referens"),
        ("{maluppfyllelse 2025 2024}", "referens"),
        ("{maluppfyllelse kon=man kon=kvinna}", "referens"),
        ("{kunder}", "okand_referens"),
        ("{maluppfyllelse 2025}", "okand_referens"),
        ("[[44 procent]]", "hakparentes"),
        ("[[2026-13-01]]", "hakparentes"),
        ("[[]]", "hakparentes"),
        ("]]", "hakparentes"),
        ("[[44", "siffra"),
    ],
)
def test_everything_else_is_refused_by_its_rule(text: str, rule: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        filled_in(text, resolve)
    assert refused.value.rules == (rule,)
    assert str(refused.value) == RULES[rule]
    assert text not in RULES[rule]


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(NotAllowed) as refused:
        filled_in("Det var 3 fler än {okand} och 4 fler än [[fem]].", resolve)
    assert refused.value.rules == ("siffra", "okand_referens", "hakparentes")


def test_dates_clauses_and_registry_numbers_are_no_figures() -> None:
    text = "Beslutet [[2026-05-12]], [[§ 45]], [[§§ 45–47]], [[AMN 2026-14]] och [[Dnr BIN 2016/134]]."
    assert filled_in(text, resolve).replace("\u00a0", " ") == (
        "Beslutet 12 maj 2026, § 45, §§ 45–47, AMN 2026-14 och Dnr BIN 2016/134."
    )
