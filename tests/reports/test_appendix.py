"""What stands last: what warnings mean, which definitions have changed, and nothing that counts persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import attrs
from tests.reports.facts_example import INCLUDE, INDICATORS, count, facts, share

from arshjul.catalogue.contracts import load_contracts
from arshjul.catalogue.indicators import Change
from arshjul.lineage.ledger import CheckResult
from arshjul.reports import appendix
from arshjul.reports.facts import Delivered

NOW = {("kunder", ""): count(725), ("maluppfyllelse", ""): share(88, 200)}


def result(check_id: str, unexpected: int, severity: str = "varning") -> CheckResult:
    return CheckResult(check_id, f"{check_id} håller.", severity, False, "Fråga.", 100, unexpected)  # type: ignore[arg-type]


def test_a_warning_is_explained_by_its_own_words() -> None:
    given = facts(
        NOW, checks=(result("kapacitet_racker", 7),), explanations={"kapacitet_racker": "Platserna räcker inte."}
    )
    (table,) = appendix.warnings(given)
    assert [cell.display for cell in table.rows[0].cells] == ["kapacitet_racker håller.", "Platserna räcker inte."]


def test_a_warning_of_coverage_tells_what_coverage_means_and_for_which_measures() -> None:
    (table,) = appendix.warnings(facts(NOW, checks=(result("trappmatning_tackning_tackning", 1),)))
    told = table.rows[0].cells[1].display
    assert told.startswith(
        "Täckningen visar hur stor del av dem som skulle mätas, följas upp eller svara som också blev det."
    )
    assert told.endswith("Det gäller ”Stegförflyttning” och ”Stegförflyttning i genomsnitt”.")


def test_a_warning_without_words_of_its_own_is_explained_and_stops_are_not() -> None:
    given = facts(NOW, checks=(result("kostnad_per_lyckat_avslut_intervall", 1), result("avslut_finns", 1, "stopp")))
    (table,) = appendix.warnings(given)
    assert [row.cells[1].display for row in table.rows] == [
        "Minst ett värde ligger utanför det som är rimligt. Läs måttet med försiktighet tills orsaken är känd."
    ]
    assert appendix.warnings(facts(NOW)) == []


def test_definitions_stand_in_swedish_order_with_their_version_and_what_has_changed() -> None:
    given = facts(NOW)
    (table,) = appendix.definitions(given)
    titles = [row.cells[0].display for row in table.rows]
    assert titles[0] == "Aktiva anordnare"
    assert titles.index("Åtgärder i tid") == len(titles) - 1
    change = Change(version=2, from_="2026-T1", what="Deltidsarbete räknas från 2026.")
    changed = attrs.evolve(INDICATORS["maluppfyllelse"], version=2, changes=(change,))
    table, breaks = appendix.definitions(replace(given, indicators={**INDICATORS, changed.id: changed}))
    assert next(row for row in table.rows if row.cells[0].display == "Måluppfyllelse").cells[2].display == "2"
    assert [cell.display for cell in breaks.rows[0].cells] == [
        "Måluppfyllelse",
        "2",
        "Tertial 1 2026",
        "Deltidsarbete räknas från 2026.",
    ]


def test_deliveries_of_providers_and_of_the_municipality_stand_apart() -> None:
    def delivered(sender: str, dataset: str, months: int) -> Delivered:
        return Delivered(sender, dataset, months, 10, 9, 1, datetime(2026, 5, 1, tzinfo=UTC))

    given = replace(
        facts(NOW), deliveries=(delivered("1", "insatser", 4), delivered("2", "narvaro", 3), delivered("9", "mal", 4))
    )
    theirs, ours = appendix.deliveries(given, load_contracts(INCLUDE))
    assert [column.title for column in theirs.columns] == ["Anordnare", "Insatser", "Närvaro"]
    assert [[cell.display for cell in row.cells] for row in theirs.rows] == [
        ["Alfa AB", "4", "–"],
        ["Beta AB", "–", "3"],
    ]
    assert [[cell.display for cell in row.cells] for row in ours.rows] == [["Mål", "4"]]


def test_every_figure_in_the_workbook_has_its_interval() -> None:
    rows = {row.cells[0].display: [cell.display for cell in row.cells] for row in appendix.figures(facts(NOW)).rows}
    assert rows["maluppfyllelse/2026-T1"][-2:] == ["44", "37–51"]
    assert rows["kunder/2026-T1"][-2:] == ["725", "–"]
