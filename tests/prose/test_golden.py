"""Nacka's thirty figures as facts: each comes out as a statement, and a figure that changes changes its own sentences only."""

from __future__ import annotations

from typing import Any

import pytest
from tests.prose.account_example import WORDING, account, as_table, golden

from arshjul.prose.statements import Statement

FIGURES = golden()

PHRASES: dict[str, tuple[str, ...]] = {
    "G1": ("109 besvarat hela enkäten",),
    "G2": ("Av 347 tillfrågade",),
    "G3": ("Svarsfrekvensen är 31 procent",),
    "G4": ("med 12 procentenheter, från 19 procent 2016 till 31 procent 2018", "Det är en förbättring"),
    "G5": ("fortsatt låg", "båda under 40 procent"),
    "G6": ("nio anordnare i maj 2018", "9 av 31 anordnare (29 procent)"),
    "G7": ("fler än tio kunder under 2017",),
    "G8": ("2017 fanns 31 anordnare",),
    "G9": ("Både antalet kunder och antalet insatser har ökat sedan 2014",),
    "G10": ("från 201 dagar 2016",),
    "G11": ("har ökat med 39 dagar", "till 240 dagar 2017"),
    "G12": ("239 dagar under tertial 1 2018, en marginell nedgång från 240 dagar 2017", "ej jämförbar period"),
    "G13": ("Målet, minst 65 procent, är inte nått",),
    "G14": ("44 procent 2017, 21 procentenheter under målet",),
    "G15": ("88 procent 2017, 23 procentenheter över målet",),
    "G16": ("68 procent 2017, 3 procentenheter över målet",),
    "G17": ("28 procent 2017, 37 procentenheter under målet", "Lägst måluppfyllelse har språk- och arbetsintroduktion"),
    "G18": ("jämförelsevärde saknas för 2016",),
    "G19": ("insats hos Arbetsförmedlingen, svenska för invandrare och andra studier",),
    "G20": ("Ett fåtal", "deltidsarbete, föräldraledig, saknar barnomsorg och sjukskriven"),
    "G21": ("på en skala från ett till fem",),
    "G22": ("Kundernas omdöme är över fyra", "i samtliga fyra frågeområden"),
    "G23": ("har ökat i samtliga fyra frågeområden sedan 2017",),
    "G24": ("Högst omdöme får påståendet ”Bra behandlad av anordnaren och av andra kunder”",),
    "G25": ("27,4, inom det som räknas som rimligt (25–30)", "två inom, en under och en över"),
    "G26": ("tre till sex månader efter avslutet",),
    "G27": ("i april 2018 och låg till grund för dialogen i maj 2018",),
    "G28": ("uppgifter om 2017 och tertial 1 2018",),
    "G29": ("två personer: enhetschef och processutvecklare",),
    "G30": ("tre utfall: arbete, studier och eget företag",),
}


def facts_of(figure_id: str) -> list[str]:
    """The facts that a figure is."""
    return [name for name in FIGURES[figure_id] if name != "changed"]


def told(table: dict[str, dict[str, Any]]) -> dict[str, Statement]:
    """Every statement of an account, by id."""
    topics = account(table).statements(WORDING).values()
    return {one.id: one for statements in topics for one in statements}


BEFORE = told(as_table(FIGURES))


def text_of(statement: Statement) -> str:
    """The statement with ordinary spaces."""
    return statement.text.replace("\u00a0", " ")


@pytest.mark.parametrize("figure_id", FIGURES)
def test_every_figure_comes_out_in_a_statement_that_names_it_as_its_fact(figure_id: str) -> None:
    own = " ".join(text_of(one) for one in BEFORE.values() if set(facts_of(figure_id)) & set(one.facts))
    assert len(FIGURES) == 30
    for phrase in PHRASES[figure_id]:
        assert phrase in own


@pytest.mark.parametrize("figure_id", FIGURES)
def test_a_figure_that_changes_changes_exactly_sentences_that_stand_on_it(figure_id: str) -> None:
    for name in facts_of(figure_id):
        table = as_table(FIGURES)
        changed = {key: value for key, value in FIGURES[figure_id]["changed"].items() if key in table[name]}
        table[name] = table[name] | changed
        after = told(table)
        assert after.keys() == BEFORE.keys()
        differing = [one for one in BEFORE if after[one].text != BEFORE[one].text]
        assert differing, f"nothing says {name}"
        assert all(name in BEFORE[one].facts for one in differing)


def test_only_what_has_no_stored_earlier_value_is_refused() -> None:
    assert [text_of(one) for one in BEFORE.values() if one.is_refused] == [
        "Måluppfyllelsen, 44 procent 2017, kan inte jämföras bakåt: jämförelsevärde saknas för 2016."
    ]


def test_figures_that_contradict_each_other_are_refused_instead_of_told() -> None:
    refused = {}
    for name, field, wrong in (
        ("answered", "count", 400),
        ("rate", "value", 35),
        ("met", "count", 40),
        ("outcome", "value", 90),
        ("dialogue_held", "month", "2018-03"),
        ("signatories", "names", ["Enhetschef", "Enhetschef"]),
        ("few", "names", ["Bor långt bort"]),
    ):
        table = as_table(FIGURES)
        table[name] = table[name] | {field: wrong}
        refused[name] = [text_of(one) for one in told(table).values() if one.is_refused and name in one.facts]
    assert "109 av 347 är inte 35 procent" in refused["rate"][0]
    assert all(refused.values())
