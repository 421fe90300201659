"""The complaints' summary: kinds apart, what comes back, what is done, and nothing of any one case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.reports.example import tables, texts
from tests.reports.facts_example import HIDDEN, said, table
from tests.reports.register_examples import (
    ACTIONS,
    KNOWN,
    action,
    complaint_facts,
    complaints,
    done,
    files_that_pass_the_audit,
    paper_reading,
)
from tests.reports.year_example import year_facts

from arshjul.periods import YearToDate
from arshjul.reports.blocks import Document
from arshjul.reports.facts import Facts
from arshjul.reports.klagomalssammanstallning import REPORT, complaint_report

NOW = complaints(22, 13, {"bemotande": 7, "information": 28})
THEN = complaints(18, 12, {"bemotande": 6, "information": 24})


def report(facts: Facts, *actions: object) -> Document:
    return complaint_report(paper_reading(facts), actions or ACTIONS)  # type: ignore[arg-type]


def words(document: Document) -> str:
    return " ".join(" ".join(texts(document)).split())


def test_the_kinds_are_told_apart_and_sum_to_the_whole() -> None:
    blocks = list(report(complaint_facts(NOW, THEN)).blocks)
    assert table(blocks, "slag") == [
        ["Klagomål", "22", "18", "+4"],
        ["Synpunkter", "13", "12", "+1"],
        ["Samtliga ärenden", "35", "30", "+5"],
    ]
    assert "35 ärenden: 22 klagomål och 13 synpunkter. Det är 5 fler än under januari–augusti 2025." in said(blocks)


def test_with_one_kind_withheld_neither_is_in_a_sentence() -> None:
    hidden = {**NOW, ("synpunkter_inkomna", "typ=synpunkt"): HIDDEN, ("synpunkter_inkomna", "typ=klagomal"): HIDDEN}
    blocks = list(report(complaint_facts(hidden, THEN)).blocks)
    assert "kom det in 35 ärenden. Det är" in said(blocks)
    assert [row[1] for row in table(blocks, "slag")] == ["..", "..", "35"]
    assert "22" not in words(report(complaint_facts(hidden, THEN)))


def test_a_withheld_total_is_not_said_to_be_small() -> None:
    hidden = {**NOW, ("synpunkter_inkomna", ""): HIDDEN}
    told = said(list(report(complaint_facts(hidden, THEN)).blocks))
    assert "visas inte, eftersom uppgiften kan röja en person." in told
    assert "så få" not in told


def test_a_withheld_comparison_is_not_said_to_be_missing() -> None:
    before = {**THEN, ("synpunkter_inkomna", ""): HIDDEN}
    told = said(list(report(complaint_facts(NOW, before)).blocks))
    assert "Jämförelsen med januari–augusti 2025 visas inte, eftersom den kan röja en person." in told
    assert "Jämförelsevärde saknas" not in told


def test_without_last_years_months_nothing_is_compared() -> None:
    found = words(report(complaint_facts(NOW)))
    assert "Jämförelsevärde saknas för januari–augusti 2025." in found
    assert "Om något återkommer går inte att säga" in found


@pytest.mark.parametrize(("then", "comes_back"), [(6, True), (5, False)])
def test_a_category_comes_back_with_a_fifth_of_the_cases_both_years(then: int, comes_back: bool) -> None:
    earlier = complaints(18, 12, {"bemotande": then, "information": 30 - then})
    found = words(report(complaint_facts(NOW, earlier)))
    assert ("Bemötande och information återkommer: de står var för sig" in found) is comes_back
    assert ("Information återkommer: den står för minst en femtedel" in found) is not comes_back


def test_a_withheld_category_is_not_said_to_come_back() -> None:
    hidden = {**NOW, ("synpunkter_inkomna", "kategori=information"): HIDDEN}
    assert "Återkommer: bemötande, liksom" in words(report(complaint_facts(hidden, THEN)))


def test_an_action_stands_once_by_its_wording_and_no_case_is_named() -> None:
    document = report(complaint_facts(NOW, THEN))
    assert table(list(document.blocks), "atgarder-klagomal") == [
        ["Väntande får besked varje månad.", "Enhetschef och verksamhetschef", "På gång"]
    ]
    found = words(document)
    assert not any(one in found for one in ("S1", "S2", "K1", "trappan"))


def test_when_the_share_of_deficiencies_is_withheld_no_action_is_told() -> None:
    hidden = {**NOW, ("brister_atgardade", ""): HIDDEN}
    found = words(report(complaint_facts(hidden, THEN)))
    assert "Väntande får besked" not in found
    assert "Åtgärderna redovisas inte var för sig" in found


def test_when_the_share_of_deficiencies_is_withheld_it_is_not_told_that_there_are_no_actions() -> None:
    facts = complaint_facts({**NOW, ("brister_atgardade", ""): HIDDEN}, THEN)
    assert report(facts) == complaint_report(paper_reading(facts), ())


def test_an_old_action_that_is_done_is_not_told_and_one_that_is_left_is() -> None:
    old = {"source": "klagomal", "decided": date(2025, 3, 1), "due": date(2025, 6, 1)}
    found = words(
        report(
            complaint_facts(NOW, THEN),
            done("K1", date(2025, 5, 1), **old, text="Hissen är lagad."),
            action("K2", **old, text="Breven skickas i tid."),
        )
    )
    assert "Hissen" not in found
    assert "Breven skickas i tid. Enhetschef och verksamhetschef Försenad" in found


def test_months_without_a_case_are_a_short_paper_without_empty_tables() -> None:
    document = report(year_facts(YearToDate(2026, 8), {}, as_of=KNOWN), action("X", source="dialog"))
    assert "kom det inte in några synpunkter eller klagomål" in words(document)
    assert not tables(document)


def test_it_is_about_the_first_eight_months() -> None:
    assert REPORT.accepts(YearToDate(2026, 8))
    assert not REPORT.accepts(YearToDate(2026, 9))
    assert REPORT.is_public


def test_it_is_drawn_in_every_format_with_the_same_words() -> None:
    files = files_that_pass_the_audit(report(complaint_facts(NOW, THEN)))
    assert "22 klagomål och 13 synpunkter" in files["papper.html"].decode().replace("\u00a0", " ")


def test_with_three_years_of_the_same_months_the_course_is_drawn() -> None:
    facts = complaint_facts(NOW, THEN)
    earlier = (YearToDate(2024, 8), facts.stored(YearToDate(2025, 8)))
    document = report(replace(facts, history=(earlier, *facts.history)))  # type: ignore[arg-type]
    [figure] = [block for block in document.blocks if getattr(block, "id", "") == "synpunkter_inkomna-trend"]
    assert [point.display for point in figure.chart.points] == ["30", "30", "35"]  # type: ignore[union-attr]
    assert "synpunkter_inkomna-trend" not in [getattr(block, "id", "") for block in report(facts).blocks]


def test_a_draft_says_so() -> None:
    reading = replace(paper_reading(complaint_facts(NOW)), is_draft=True)
    assert ("Status", "Utkast, inte godkänt") in complaint_report(reading, ()).head
