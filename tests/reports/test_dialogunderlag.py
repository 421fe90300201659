"""The pack before a dialogue: a provider sees its own figures and the others together, never one of the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reports.example import tables, texts
from tests.reports.facts_example import HIDDEN, INDICATORS, table
from tests.reports.register_examples import (
    DIALOGUE,
    OWN,
    action,
    files_that_pass_the_audit,
    paper_reading,
    provider_facts,
)

from arshjul.comparison.values import MERGED
from arshjul.periods import Tertial, Year
from arshjul.registers.provider_cases import ProviderCase
from arshjul.reports.blocks import Box, Document
from arshjul.reports.chapters.peers_of_provider import FEWEST_PEERS, peers
from arshjul.reports.dialogunderlag import REPORT, dialogue_pack
from arshjul.reports.facts import Facts

SPRING = provider_facts(period=Tertial(2026, 1))


def pack(facts: Facts | None = None, spring: Facts | None = SPRING, **changes: object) -> Document:
    beside = {} if spring is None else {"2026-T1": spring}
    found = paper_reading(facts or provider_facts(), subject=OWN, beside=beside)
    return dialogue_pack(found, replace(DIALOGUE, **changes))  # type: ignore[arg-type]


def words(document: Document) -> str:
    return " ".join(" ".join(texts(document)).split())


def with_values(facts: Facts, values: dict[tuple[str, tuple[tuple[str, str], ...]], object]) -> Facts:
    return replace(facts, current=replace(facts.current, values={**facts.current.values, **values}))


@given(order=st.permutations(range(8)))
@settings(max_examples=20, deadline=None)
def test_who_has_which_value_among_the_others_changes_nothing(order: list[int]) -> None:
    facts = provider_facts()
    moved = {
        (one, (("anordnare", f"9{place}"),)): facts.current.values[one, (("anordnare", f"9{code}"),)]
        for one in ("kunder", "insatser", "maluppfyllelse", "narvarograd", "kunder_per_coach")
        for place, code in enumerate(order)
    }
    names = {code: f"Bolag {code[::-1]}" if code != OWN else name for code, name in facts.labels["anordnare"].items()}
    renamed = replace(with_values(facts, moved), labels={**facts.labels, "anordnare": names})
    assert pack(renamed) == pack(facts)


@given(exponents=st.sets(st.integers(1, 40), min_size=FEWEST_PEERS, max_size=20))
def test_no_number_about_the_others_is_one_others_own(exponents: set[int]) -> None:
    values = [Decimal(2) ** one for one in exponents]
    found = peers(INDICATORS["kunder"], values)
    # The mean of two or three different powers of two is never a power of two; one other's own figure would be.
    assert found is not None
    assert not {found.low, found.middle, found.high} & set(values)
    assert found.low < found.middle < found.high


def test_no_other_provider_is_named_in_any_format() -> None:
    document = pack()
    assert "Konkurrent" not in words(document)
    assert b"Konkurrent" not in files_that_pass_the_audit(document)["papper.html"]


def test_with_fewer_than_five_others_nothing_is_said_of_them() -> None:
    document = pack(provider_facts(FEWEST_PEERS - 1), spring=None)
    found = words(document)
    assert "Det är för få anordnare med siffror som får visas" in found
    assert not any(one.id in ("ni-och-de-andra", "ni-och-alla") for one in tables(document))
    assert "27,3" not in found
    assert any(one.id == "ni-och-de-andra" for one in tables(pack(provider_facts(FEWEST_PEERS), spring=None)))


def test_withheld_others_are_not_counted_as_shown() -> None:
    facts = provider_facts(FEWEST_PEERS)
    hidden = with_values(facts, {("narvarograd", (("anordnare", "90"),)): HIDDEN})
    [row] = [one for one in table(list(pack(hidden, None).blocks), "ni-och-de-andra") if one[0] == "Närvarograd (%)"]
    assert row == ["Närvarograd (%)", "84", "81", "–", "–", "–"]


def test_own_figures_stand_beside_all_and_the_middle_half_of_the_others() -> None:
    rows = table(list(pack().blocks), "ni-och-de-andra")
    assert ["Måluppfyllelse (%)", "52", "44", "47", "32–61", "Bland de mittersta"] in rows
    assert ["Närvarograd (%)", "84", "81", "77", "74–81", "Högre än de flesta"] in rows


def test_own_figures_that_readers_may_not_see_are_withheld_from_the_provider_too() -> None:
    rows = table(list(pack().blocks), "egna-siffror")
    assert ["Betyg i kursutvärderingar", "..", "..", "..", ".."] in rows
    assert "är dold, också för er" in words(pack())


def test_a_small_provider_is_told_that_it_stands_together_with_others() -> None:
    facts = provider_facts()
    cell = (("anordnare", OWN),)
    kept = {key: value for key, value in facts.current.values.items() if key != ("narvarograd", cell)}
    kept["narvarograd", (("anordnare", MERGED),)] = facts.current.values["narvarograd", cell]
    grouped = replace(facts, current=replace(facts.current, values=kept))
    found = words(pack(grouped))
    assert "För närvarograd redovisas ni tillsammans med andra små anordnare." in found
    assert "Närvarograd (%)" not in [row[0] for row in table(list(pack(grouped).blocks), "egna-siffror")]


def test_the_pack_opens_with_last_years_themes_and_actions_and_how_they_stand() -> None:
    document = pack()
    found = words(document)
    assert "Svenska: Det finns för få tider för yrkessvenska." in found
    assert table(list(document.blocks), "atgarder-dialog") == [
        [
            "Svenska: anordnaren och kommunen tar fram en plan.",
            "Processutvecklare",
            "1 oktober 2025",
            "Klar 29 september 2025",
        ]
    ]
    assert found.index("Sedan dialogen 2025") < found.index("Era egna siffror")
    late = action("A", source="dialog", due=date(2025, 12, 1))
    assert table(list(pack(actions=(late,)).blocks), "atgarder-dialog")[0][-1] == "Försenad"
    assert "Vi hade ingen dialog med er 2025" in words(pack(actions=(), statements=()))


@pytest.mark.parametrize(
    ("is_closed", "spring", "waits_for"),
    [
        (False, SPRING, "Kundenkäten 2026 är inte stängd."),
        (False, None, "Kundenkäten 2026 är inte stängd."),
        (True, None, "Kundenkäten 2026 är stängd, men resultatet är inte redovisat än."),
    ],
)
def test_until_the_survey_is_closed_and_reported_the_pack_waits(
    is_closed: bool, spring: Facts | None, waits_for: str
) -> None:
    document = pack(spring=spring, is_survey_closed=is_closed)
    [box] = [block for block in document.blocks if isinstance(block, Box)]
    assert box.title == "Väntar på"
    assert box.paragraphs[0][0].text.startswith(waits_for)
    # Last year's facts hold a survey too; it is stale and stands nowhere.
    assert "Kundnöjdhet" not in words(document)


def test_a_closed_survey_is_shown_with_its_response_rate_as_a_caution() -> None:
    document = pack()
    assert not [block for block in document.blocks if isinstance(block, Box)]
    assert table(list(document.blocks), "enkat")[0] == ["Kundnöjdhet", "4,1", "–", "4,0", "+0,1"]
    assert "Svarsfrekvensen var 31 procent" in words(document)
    assert "läs resultatet med försiktighet" in words(document)


def test_there_is_room_for_own_words_and_a_way_to_correct() -> None:
    document = pack()
    for one in ("framgangsfaktorer", "forbattringsomraden"):
        assert [row[1:] for row in table(list(document.blocks), one)] == [["", ""]] * 4
    assert "skicka en ny fil för samma månad" in words(document)


def test_what_the_provider_has_asked_about_stands_there_with_what_was_done() -> None:
    answered = ProviderCase(
        3,
        OWN,
        "rattelse",
        date(2026, 3, 12),
        "Närvaron är för låg.",
        "rattat",
        "En ny fil är inläst.",
        date(2026, 4, 2),
    )
    waiting = ProviderCase(4, OWN, "synpunkt", date(2026, 4, 20), "Vi tycker att måttet är fel.", None, None, None)
    document = pack(cases=(answered, waiting))
    told = words(document)
    assert "Begäran om rättelse den 12 mars 2026 (ärende 3):" in told
    assert "Närvaron är för låg. Rättat den 2 april 2026: En ny fil är inläst." in told
    assert "Vi tycker att måttet är fel. Vi har inte svarat än." in told
    assert "ärende" not in words(pack())
    assert files_that_pass_the_audit(document)


def test_it_is_about_one_provider_and_the_year_before_and_stays_between_the_two() -> None:
    assert REPORT.accepts(Year(2025))
    assert not REPORT.accepts(Tertial(2025, 1))
    assert REPORT.beside("2025") == ("2026-T1",)
    assert REPORT.has_subject
    assert not REPORT.is_public
