"""The quality report: eleven parts in order, the report's year beside its data's, and one voice from summary to appendix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from tests.core_rows import load
from tests.reports.facts_example import HIDDEN, said
from tests.reports.year_example import (
    QUALITY_KNOWN,
    every_text,
    fill_registers,
    reading,
    spring_facts,
    survey,
    text,
    values,
    whole_year_facts,
    year_facts,
)

from arshjul.periods import Tertial, Year
from arshjul.reports.blocks import Box, BulletList, Document, Figure, Heading, KeyFigures, Paragraph, Table
from arshjul.reports.html import render_html
from arshjul.reports.kvalitetsrapport import REPORT
from arshjul.reports.pdf import render_pdf

SPRING = "2026-T1"


@pytest.fixture
def registers(connection: Connection) -> Connection:
    fill_registers(connection, 2025)
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    return connection


def quality_report(connection: Connection, **changes: object) -> Document:
    usual = {"of": whole_year_facts(QUALITY_KNOWN), "beside": {SPRING: spring_facts()}} | changes
    of = usual.pop("of")
    return REPORT.write(reading(connection, of, *every_text(REPORT, "Här står"), **usual))  # type: ignore[arg-type]


def parts(document: Document) -> list[str]:
    found = [block.title for block in document.blocks[:1] if isinstance(block, Box)]
    return [*found, *(block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1)]


def test_the_eleven_parts_come_in_order(registers: Connection) -> None:
    assert parts(quality_report(registers))[:12] == [
        "Förslag till beslut",
        "Sammanfattning",
        "Ärendet",
        "Måluppfyllnadsgrad",
        "Framgångsfaktorer enligt anordnarna",
        "Förbättringsområden enligt anordnarna",
        "Fortsatt arbete",
        "Ekonomiska konsekvenser",
        "Konsekvenser för barn",
        "Bilagor",
        "Underskrifter",
        "Bilaga 1: Dataunderlag, 2025 och tertial 1 2026",
    ]


def test_the_parts_stand_there_when_there_is_nothing_to_tell(connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    facts = year_facts(Year(2025), {}, as_of=QUALITY_KNOWN, goals=())
    document = REPORT.write(reading(connection, facts))
    assert parts(document)[:11] == parts(quality_report(connection))[:11]
    assert "Ingen kvalitetsdialog har förts 2026." in said(list(document.blocks))
    render_pdf(document)


def test_the_reports_year_is_not_that_of_its_data(registers: Connection) -> None:
    document = quality_report(registers)
    assert document.title == "Kvalitetsrapport 2026 för arbetsmarknadsinsatser"
    assert document.subtitle == "Resultat för 2025 och tertial 1 2026"
    assert REPORT.beside("2025") == (SPRING,)
    assert REPORT.accepts(Year(2025))
    assert not REPORT.accepts(Tertial(2025, 1))


def test_a_tertial_beside_a_year_is_marked_and_has_its_like_beside_it(registers: Connection) -> None:
    document = quality_report(registers)
    words = said(list(document.blocks))
    assert "ej jämförbar period: ett tertial bredvid ett helår" in words
    assert "är 1 dag kortare än tertial 1 2025, då den var 240 dagar" in words
    table = next(one for one in document.blocks if isinstance(one, Table) and one.id == "ar-och-tertial")
    assert [column.title for column in table.columns] == [
        "Mått",
        "2024",
        "2025",
        "Förändring",
        "Tertial 1 2025",
        "Tertial 1 2026",
        "Förändring",
    ]
    [figure] = [one for one in document.blocks if isinstance(one, Figure) and one.id.endswith("-ar")]
    assert [point.is_comparable for point in figure.chart.points] == [True, True, False]  # type: ignore[union-attr]


def test_without_the_tertial_the_year_stands_alone(registers: Connection) -> None:
    document = quality_report(registers, beside={})
    assert document.subtitle == "Resultat för 2025"
    assert "Det finns ingen kundundersökning att redovisa för 2026." in said(list(document.blocks))


def test_the_body_says_every_sentence_of_the_summary(registers: Connection) -> None:
    document = quality_report(registers)
    places = [place for place, one in enumerate(document.blocks) if isinstance(one, Heading) and one.level == 1]
    summary, body = document.blocks[: places[1]], said(list(document.blocks[places[1] :]))
    bullets = next(one for one in summary if isinstance(one, BulletList))
    lead = next(one for one in summary if isinstance(one, Paragraph) and one.is_lead)
    sentences = [lead.text[0].text, *(item[1].text.strip() for item in bullets.items)]
    assert len(sentences) == 7
    for told in sentences:
        for sentence in re.split(r"(?<=\.) (?=[A-ZÅÄÖ])", told.replace("\u00a0", " ")):
            assert sentence in body


def test_only_providers_with_more_than_ten_customers_are_in_the_dialogue(registers: Connection) -> None:
    # Four providers had 14, 12, 11 and 10 customers.
    assert "Kvalitetsdialog fördes med tre anordnare 2026." in said(list(quality_report(registers).blocks))


def test_themes_are_told_by_the_rule_and_nobody_is_named(registers: Connection) -> None:
    document = quality_report(registers)
    words = said(list(document.blocks))
    assert re.search("Samtliga tre anordnare .*kartläggning och vägledning", words)
    assert re.search(r"Några anordnare \(2 av 3\) .*språk och praktik", words)
    start = next(
        n for n, one in enumerate(document.blocks) if isinstance(one, Heading) and one.text.startswith("Framg")
    )
    end = next(n for n, one in enumerate(document.blocks) if isinstance(one, Heading) and one.text == "Fortsatt arbete")
    assert "Alfa AB" not in said(list(document.blocks[start:end]))


@pytest.mark.parametrize("section", ["fortsatt_arbete", "ekonomiska_konsekvenser", "konsekvenser_for_barn"])
def test_a_missing_part_is_said_to_be_missing(registers: Connection, section: str) -> None:
    texts = [one for one in every_text(REPORT, "Här står") if one.section != section]
    document = REPORT.write(reading(registers, whole_year_facts(QUALITY_KNOWN), *texts, beside={}))
    title = next(one.title for one in REPORT.sections if one.id == section)
    place = next(n for n, one in enumerate(document.blocks) if isinstance(one, Heading) and one.text == title)
    after = document.blocks[place + 1]
    assert isinstance(after, Box)
    assert after.title == "Text saknas"


def spoken_numbers(document: Document) -> Iterator[str]:
    """Every number of the running text before the appendices; dates, years, tertials and steps of the house are no figures."""
    end = next(n for n, one in enumerate(document.blocks) if isinstance(one, Heading) and one.text == "Bilagor")
    shown = [one for one in document.blocks[:end] if isinstance(one, (Paragraph, BulletList, KeyFigures))]
    words = said(shown).replace("\u00a0", " ")
    words = re.sub(r"tertial [123] \d{4}|\d{1,2} (?:januari|maj) \d{4}|(?<![\d ])\d{4}(?= |\.|,|;|\)|\n|$)", " ", words)
    words = re.sub(r"(?<= )20\d\d\b(?! kronor)", " ", words)
    for found in re.finditer(r"\d+(?: \d{3})*(?:,\d+)?", words):
        yield found[0]


def appendix_numbers(document: Document) -> set[str]:
    start = next(
        n for n, one in enumerate(document.blocks) if isinstance(one, Heading) and one.text.startswith("Bilaga 1")
    )
    end = next(
        n for n, one in enumerate(document.blocks) if isinstance(one, Heading) and one.text.startswith("Bilaga 2")
    )
    tables = [one for one in document.blocks[start:end] if isinstance(one, Table)]
    cells = " | ".join(cell.display for one in tables for row in one.rows for cell in row.cells).replace("\u00a0", " ")
    return set(re.findall(r"\d+(?: \d{3})*(?:,\d+)?", cells))


def assert_every_number_is_found(document: Document) -> None:
    lacking = sorted(set(spoken_numbers(document)) - appendix_numbers(document))
    assert not lacking


def test_every_number_in_the_text_is_found_in_the_appendix(registers: Connection) -> None:
    document = quality_report(registers)
    assert len(set(spoken_numbers(document))) > 15
    assert_every_number_is_found(document)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    outcome=st.integers(25, 80),
    ended=st.integers(200, 4000),
    customers=st.integers(50, 4000),
    answered=st.integers(20, 300),
)
def test_so_are_those_of_any_other_year(
    registers: Connection, outcome: int, ended: int, customers: int, answered: int
) -> None:
    then = values(50, 400, "201.3", 870)
    year = year_facts(Year(2025), values(outcome, ended, "240.1", customers), then, as_of=QUALITY_KNOWN)
    now = {**values(outcome, ended, "239.2", customers), **survey("4.2", 347, answered)}
    spring = year_facts(Tertial(2026, 1), now, {**then, **survey("4.0", 330, 80)}, as_of=QUALITY_KNOWN)
    assert_every_number_is_found(quality_report(registers, of=year, beside={SPRING: spring}))


def test_a_withheld_figure_is_nowhere(registers: Connection) -> None:
    hidden = {**values(44, 410, "240.1", 910), ("maluppfyllelse", "insatstyp=sprak_och_arbetsintroduktion"): HIDDEN}
    year = year_facts(Year(2025), hidden, values(47, 395, "201.3", 870), as_of=QUALITY_KNOWN)
    words = said(list(quality_report(registers, of=year).blocks))
    assert "språk- och arbetsintroduktion" not in words.lower()
    assert "Lägst måluppfyllelse av dem som kan visas har jobbpeng förstärkt, 66 procent." in words


def test_an_explanation_follows_the_figure_into_the_next_years_comparison(connection: Connection) -> None:
    run_id = fill_registers(connection, 2025)
    note = {
        "period": "2025-05-01",
        "rapport_id": "kvalitetsrapport/2024",
        "avsnitt": "forklaring",
        "indikator_id": "maluppfyllelse",
        "text": "Många bytte insats i väntan på en etableringsplan: {maluppfyllelse} nådde målet.",
        "forfattare": "Processutvecklaren",
        "datum": "2025-05-20",
    }
    load(connection, run_id, {"code": [], "analystexter": [note]})
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    words = said(list(quality_report(connection).blocks))
    assert "Förklaring till 2024 (Processutvecklaren, 20 maj 2025):" in words
    assert "Många bytte insats i väntan på en etableringsplan: 47 procent nådde målet." in words
    other = year_facts(Year(2023), values(40, 300, "210", 700), as_of=QUALITY_KNOWN)
    assert "etableringsplan" not in said(list(quality_report(connection, of=other, beside={}).blocks))


def test_two_different_functions_sign(registers: Connection) -> None:
    table = next(
        one for one in quality_report(registers).blocks if isinstance(one, Table) and one.id == "underskrifter"
    )
    functions = [row.cells[0].display for row in table.rows]
    assert functions == ["Processutvecklare", "Enhetschef"]


def test_what_a_person_writes_follows_the_figures(registers: Connection) -> None:
    texts = [
        one if one.section != "orsaker" else text("orsaker", "Bara {maluppfyllelse 2026-T1} nådde målet i våras.")
        for one in every_text(REPORT, "Här står")
    ]
    document = REPORT.write(
        reading(registers, whole_year_facts(QUALITY_KNOWN), *texts, beside={SPRING: spring_facts()})
    )
    assert "Bara 45 procent nådde målet i våras." in said(list(document.blocks))


def test_the_same_facts_are_the_same_bytes(registers: Connection) -> None:
    first, second = quality_report(registers), quality_report(registers)
    assert first == second
    assert render_pdf(first) == render_pdf(second)
    assert render_html(first) == render_html(second)


def test_a_provider_that_raised_it_later_is_not_known_then(registers: Connection) -> None:
    early = replace(whole_year_facts(QUALITY_KNOWN).current, as_of=QUALITY_KNOWN.replace(year=1999))
    facts = replace(whole_year_facts(QUALITY_KNOWN), current=early)
    assert "Inga framgångsfaktorer togs upp i dialogerna 2026." in said(
        list(quality_report(registers, of=facts).blocks)
    )
