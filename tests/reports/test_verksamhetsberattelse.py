"""The annual report: the year beside its tertials, the goals, the follow-up there should have been, and how the wheel went."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import Connection
from tests.core_rows import load
from tests.reports.facts_example import said, table
from tests.reports.register_examples import ACTIONS
from tests.reports.year_example import (
    YEAR_KNOWN,
    every_text,
    fill_registers,
    interim_facts,
    reading,
    tertial_facts,
    whole_year_facts,
    year_facts,
)

from arshjul.periods import Tertial, Year
from arshjul.registers.loops import OpenLoop
from arshjul.reports.blocks import Box, Document, Heading, Table
from arshjul.reports.chapters.followed import followed_indicators
from arshjul.reports.chapters.improvement import actions_chapter
from arshjul.reports.chapters.year_outcome import year_outcome_chapter
from arshjul.reports.facts import Facts
from arshjul.reports.html import render_html
from arshjul.reports.library import REPORTS
from arshjul.reports.pdf import render_pdf
from arshjul.reports.verksamhetsberattelse import REPORT
from arshjul.wheel.outcome import Outcome

TERTIALS = {f"2025-T{number}": number for number in (1, 2, 3)}


@pytest.fixture
def registers(connection: Connection) -> Connection:
    fill_registers(connection, 2025)
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    return connection


def annual_report(connection: Connection, facts: Facts | None = None, *tertials: str) -> Document:
    of = facts or whole_year_facts()
    beside = {key: tertial_facts(TERTIALS[key]) for key in tertials or TERTIALS}
    return REPORT.write(
        reading(connection, of, *every_text(REPORT, "Här står", followed_indicators(of)), beside=beside)
    )


def test_the_tertials_stand_beside_the_year_and_are_not_compared_with_it(registers: Connection) -> None:
    document = annual_report(registers)
    rows = table(list(document.blocks), "tertial-for-tertial")
    assert rows[0] == ["Måluppfyllelse (%)", "43", "44", "45", "44"]
    assert ["Kunder", "480", "480", "480", "910"] in rows
    assert "Tertialen jämförs inte med helåret" in said(list(document.blocks))
    assert REPORT.beside("2025") == tuple(TERTIALS)
    assert REPORT.accepts(Year(2025))
    assert not REPORT.accepts(Tertial(2025, 1))


def test_a_tertial_that_was_not_reported_is_said_to_be_missing(registers: Connection) -> None:
    document = annual_report(registers, None, "2025-T1", "2025-T2")
    found = next(one for one in document.blocks if isinstance(one, Table) and one.id == "tertial-for-tertial")
    assert [column.title for column in found.columns] == ["Mått", "Tertial 1 2025", "Tertial 2 2025", "Helår 2025"]
    assert "Värden saknas för tertial 3 2025." in found.note


def test_budget_and_outcome_add_up_and_the_deviation_has_its_action(registers: Connection) -> None:
    blocks = list(annual_report(registers).blocks)
    rows = table(blocks, "budget-utfall")
    assert rows[-1] == ["Samtliga verksamheter", "19 320 000", "19 221 400", "+98 600", "+0,5"]
    assert rows[0][1:4] == ["14 400 000", "14 058 000", "+342 000"]
    [deviation] = table(blocks, "budgetavvikelser")
    assert deviation[:3] == ["Arbetsmarknadssatsningen", "Maj 2025", "−153 200"]
    assert deviation[4].startswith("Säg upp den extra lokalen")
    assert "Utfallet är 98 600 kronor (0,5 procent) lägre än budgeten." in said(blocks)


def test_what_is_late_and_what_is_open_at_the_years_end_is_listed(registers: Connection) -> None:
    blocks = list(annual_report(registers).blocks)
    assert [row[0] for row in table(blocks, "atgarder-forsenade")] == [
        "Inför gemensam rutin för kartläggning inom två veckor."
    ]
    assert table(blocks, "oppna-fragor") == [["Avvikelse", "1", "0"], ["Besök", "1", "0"]]


def test_the_coverage_matrix_says_done_planned_and_missing(registers: Connection) -> None:
    blocks = list(annual_report(registers).blocks)
    rows = {row[0]: row[1:] for row in table(blocks, "tackning")}
    assert "Klar" in rows["Jobb- och kompetenstorget"]
    assert rows["Arbetsmarknadssatsningen"].count("Saknas") == 1
    missing = [row[:2] for row in table(blocks, "tackning-saknas")]
    assert ["Arbetsmarknadssatsningen", "Nämndbesök"] in missing
    matrix = next(one for one in blocks if isinstance(one, Table) and one.id == "tackning")
    states = {(cell.display, cell.state) for row in matrix.rows for cell in row.cells[1:]}
    assert states <= {("Klar", "done"), ("Planerad", "planned"), ("Saknas", "missing"), ("–", "")}


def test_actions_after_complaints_are_not_told_here(connection: Connection) -> None:
    run_id = fill_registers(connection, 2025)
    secret = "Byt handläggare i ärendet om Stina."
    action = {"atgard_id": "k1", "kalla": "klagomal", "kall_id": "S-1", "beskrivning": secret, "period": "2025-12-01"}
    load(connection, run_id, {"code": [], "atgarder": [action]})
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    page = render_html(annual_report(connection)).decode()
    assert secret not in page
    assert "Åtgärder efter klagomål redovisas i klagomålssammanställningen." in page


@pytest.mark.parametrize("report_id", ["delarsrapport", "verksamhetsberattelse", "kvalitetsrapport"])
def test_what_a_unit_wrote_for_itself_is_in_no_report(connection: Connection, report_id: str) -> None:
    run_id = fill_registers(connection, 2025)
    internal = ("Öppet resultat", "Vårt arbete", "Det vi ska ändra")
    written = {
        "objekt_id": "jokt",
        "ar": 2025,
        "inkom_datum": "2025-12-20",
        "period": "2025-12-01",
        **dict(zip(_UNIT_FIELDS, internal, strict=True)),
    }
    load(connection, run_id, {"code": [], "kvalitetsrapporter": [written]})
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    facts = whole_year_facts() if report_id != "delarsrapport" else interim_facts()
    page = render_html(REPORTS[report_id].write(reading(connection, facts))).decode()
    assert not [one for one in internal if one in page], "a unit's own report is told of by the unit"


_UNIT_FIELDS = ("resultat_och_analys", "systematiskt_kvalitetsarbete", "forbattringsomraden")


def test_the_mandatory_parts_are_there_or_said_to_be_missing(registers: Connection) -> None:
    document = REPORT.write(reading(registers, whole_year_facts(), is_draft=True))
    missing = [block for block in document.blocks if isinstance(block, Box) and block.title == "Text saknas"]
    assert len(missing) == 4, "two followed indicators, economy and children"
    assert {section.id for section in REPORT.sections if section.is_mandatory} == {
        "analys",
        "ekonomiska_konsekvenser",
        "konsekvenser_for_barn",
    }


def test_nothing_known_is_a_short_report_without_empty_chapters(connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    facts = year_facts(Year(2025), {}, as_of=YEAR_KNOWN, goals=())
    document = REPORT.write(reading(connection, facts))
    blocks = list(document.blocks)
    for heading, after in pairwise(blocks):
        if isinstance(heading, Heading):
            assert not isinstance(after, Heading) or after.level > heading.level, heading.text
    render_pdf(document)


def test_it_is_the_same_bytes_when_made_again(registers: Connection) -> None:
    registers.exec_driver_sql("RESET ROLE")
    run_id = registers.exec_driver_sql("SELECT max(run_id) FROM lineage.run").scalar_one()
    registers.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    first = annual_report(registers)
    registers.exec_driver_sql("RESET ROLE")
    later = {"atgard_id": "a9", "beskrivning": "Senare beslut", "period": "2026-02-01", "known_from": "2026-05-01"}
    load(registers, run_id, {"code": [], "atgarder": [later]})
    registers.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    again = annual_report(registers)
    assert first == again, "what became known after the freeze is not in it"
    assert render_pdf(first) == render_pdf(again)


def test_the_years_outcome_counts_what_was_planned() -> None:
    rows = (
        Outcome("a", "Delårsrapport", 3, 2, 1, 0, 0, 0, 0),
        Outcome("b", "Nämndbesök", 2, 1, 0, 0, 1, 0, 1),
        Outcome("c", "Stickprov", 0, 0, 0, 0, 0, 0, 12),
        Outcome("", "Hela året", 5, 3, 1, 0, 1, 0, 13),
    )
    blocks = year_outcome_chapter(2025, rows)
    assert "Av 5 planerade tillfällen under 2025 är 3 klara i tid, 1 klart för sent och 1 missat." in said(blocks)
    assert [row[0] for row in table(blocks, "arshjulets-utfall")] == ["Delårsrapport", "Nämndbesök", "Hela året"]
    early, nothing = Outcome("", "Hela året", 5, 2, 1, 0, 0, 2, 0), Outcome("", "Hela året", 5, 0, 0, 0, 0, 5, 0)
    for one, sentence in (
        (early, "är 2 klara i tid och 1 klart för sent, medan 2 återstår."),
        (nothing, "återstår 5."),
    ):
        assert f"Av 5 planerade tillfällen under 2025 {sentence}" in said(year_outcome_chapter(2025, [one]))


LACKING = OpenLoop("besok", "B1", date(2025, 5, 1), ())
ACTED = replace(LACKING, source_id="B2", actions=ACTIONS[:1])


@pytest.mark.parametrize(
    ("loops", "sentence"),
    [
        ([LACKING], "stegen. Den saknar åtgärd."),
        ([ACTED], "stegen. Den har en beslutad åtgärd."),
        ([LACKING, ACTED], "stegen. En av dem saknar åtgärd."),
        ([ACTED, ACTED], "stegen. Alla har en beslutad åtgärd."),
    ],
)
def test_the_open_loops_tell_what_is_done_about_one_or_several(loops: list[OpenLoop], sentence: str) -> None:
    assert sentence in said(actions_chapter(ACTIONS, date(2026, 9, 8), {}, loops))
