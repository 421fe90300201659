"""The account of the board's visits: a section for each, what is lacking, and those outside the season."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.reports.example import texts
from tests.reports.facts_example import share, table
from tests.reports.register_examples import (
    ACTIONS,
    OBJECTS,
    VISITS,
    files_that_pass_the_audit,
    paper_reading,
    tertial_facts,
    visit,
)
from tests.reports.year_example import year_facts

from arshjul.periods import YearToDate
from arshjul.reports.blocks import Document, Heading
from arshjul.reports.redovisning_namndbesok import REPORT, visits_report

FACTS = year_facts(
    YearToDate(2026, 5), {("atgarder_i_tid", ""): share(14, 18)}, as_of=datetime(2026, 6, 3, 7, tzinfo=UTC)
)


def report(*visits: object, has_goals: bool = False) -> Document:
    beside = {"2026-T1": tertial_facts()} if has_goals else None
    found = paper_reading(FACTS, beside=beside)
    return visits_report(found, visits or VISITS, ACTIONS, OBJECTS)  # type: ignore[arg-type]


def words(document: Document) -> str:
    return " ".join(" ".join(texts(document)).split())


def sections(document: Document) -> list[str]:
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    return [block.text.replace("\u00a0", " ") for block in headings if block.level == 2]


def test_four_visits_in_are_four_sections_out() -> None:
    document = report()
    assert sections(document) == [
        "Jobb- och kompetenstorget, 14 oktober 2025",
        "Jobb- och kompetenstorget, 11 februari 2026",
        "Jobb- och kompetenstorget, 18 mars 2026",
        "Arbetsmarknadssatsningen, 13 maj 2026",
    ]
    assert "Nämnden gjorde fyra besök från september 2025 till maj 2026" in words(document)
    assert "tre hos Jobb- och kompetenstorget och ett hos Arbetsmarknadssatsningen" in words(document)


def test_missing_notes_and_analysis_are_listed_on_page_one() -> None:
    found = words(report())
    assert "Det här saknas Jobb- och kompetenstorget, 18 mars 2026: minnesanteckningar och analys." in found
    assert found.index("Det här saknas") < found.index("Besöken")


def test_each_visit_tells_its_actions_with_who_answers_and_how_they_stand() -> None:
    blocks = list(report().blocks)
    assert table(blocks, "atgarder-B1")[0][1:] == [
        "Enhetschef och verksamhetschef",
        "1 februari 2026",
        "Klar 20 januari 2026",
    ]
    assert table(blocks, "atgarder-B2")[0][-1] == "Försenad"
    assert "Av 3 åtgärder är 1 klar, 1 på gång och 1 försenad." in words(report())


def test_an_area_without_an_action_is_told() -> None:
    assert "Ett förbättringsområde i analysen har ännu ingen åtgärd." in words(report())


def test_a_visit_in_june_is_flagged_and_not_counted_as_one_of_the_season() -> None:
    document = report(*VISITS, visit("B5", date(2026, 6, 1)))
    found = words(document)
    assert "Utanför perioden: Jobb- och kompetenstorget 1 juni 2026. Nämndens besök görs september–maj." in found
    assert "Nämnden gjorde fyra besök" in found
    assert "Dessutom 1 utanför perioden" in found
    assert len(sections(document)) == 5


def test_a_visit_that_was_called_off_is_listed_without_a_section() -> None:
    document = report(*VISITS, visit("B6", date(2026, 4, 15), status="installt"))
    assert len(sections(document)) == 4
    assert table(list(document.blocks), "inte-gjorda") == [["15 april 2026", "Jobb- och kompetenstorget", "Inställt"]]


def test_each_visit_is_linked_to_the_quality_report_that_could_be_followed_up() -> None:
    assert [row[3] for row in table(list(report().blocks), "besok")] == ["2025", "2025", "2025", "–"]
    assert "hade inte lämnat någon kvalitetsrapport att följa upp" in words(report())


def test_a_place_that_should_have_been_visited_and_was_not_is_named() -> None:
    assert "Inte besökta: Arbetsmarknadssatsningen." in words(report(*VISITS[:3]))
    assert "Inte besökta" not in words(report())


def test_goals_are_told_by_what_has_been_reported_or_not_at_all() -> None:
    assert "Minst 65 procent når egen försörjning" in words(report(has_goals=True))
    assert "Minst 65 procent" not in words(report())


def test_without_visits_the_paper_says_so() -> None:
    document = visits_report(paper_reading(FACTS), (), ACTIONS, ())
    assert "Nämnden gjorde inga besök i verksamheterna" in words(document)
    assert not sections(document)


def test_it_is_about_the_first_five_months_and_drawn_in_every_format() -> None:
    assert REPORT.accepts(YearToDate(2026, 5))
    assert not REPORT.accepts(YearToDate(2026, 8))
    assert REPORT.beside("2026-01--2026-05") == ("2026-T1",)
    assert len(files_that_pass_the_audit(report(has_goals=True))) == 4
