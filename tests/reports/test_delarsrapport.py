"""The interim report: its own cut-off, like beside like, and what a person must have written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection
from tests.reports.facts_example import said
from tests.reports.register_examples import action, done
from tests.reports.year_example import (
    INTERIM_KNOWN,
    every_text,
    fill_registers,
    interim_facts,
    reading,
    text,
    values,
    year_facts,
)

from arshjul.catalogue.governing import OutsideEvent
from arshjul.periods import Period, Tertial, YearToDate
from arshjul.reports.blocks import Box, Document, Heading, Table
from arshjul.reports.chapters.actions_chapter import gathered_table
from arshjul.reports.chapters.follow_up import read_follow_up
from arshjul.reports.chapters.followed import followed_indicators
from arshjul.reports.chapters.improvement import news
from arshjul.reports.chart_data import TrendChart
from arshjul.reports.charts import draw
from arshjul.reports.delarsrapport import REPORT
from arshjul.reports.facts import Facts
from arshjul.reports.html import render_html
from arshjul.reports.pdf import render_pdf
from arshjul.reports.report_type import Reading
from arshjul.reports.trends import trend


@pytest.fixture
def registers(connection: Connection) -> Connection:
    fill_registers(connection, 2025)
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    return connection


def complete(connection: Connection, facts: Facts) -> Reading:
    return reading(connection, facts, *every_text(REPORT, "Här står", followed_indicators(facts)))


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]


@pytest.mark.parametrize(
    ("period", "cut_off", "span"),
    [
        (YearToDate(2026, 3), "31 mars 2026", "januari–mars 2026"),
        (Tertial(2026, 1), "30 april 2026", "januari–april 2026"),
        (YearToDate(2026, 8), "31 augusti 2026", "januari–augusti 2026"),
        (YearToDate(2026, 10), "31 oktober 2026", "januari–oktober 2026"),
    ],
)
def test_an_issue_says_its_own_cut_off_and_what_months_it_is_about(
    registers: Connection, period: Period, cut_off: str, span: str
) -> None:
    facts = year_facts(period, values(46, 260, "236", 640), as_of=datetime(2026, 11, 9, tzinfo=UTC))
    document = REPORT.write(complete(registers, facts))
    assert document.title.replace("\u00a0", " ") == f"Delårsrapport per {cut_off} för arbetsmarknadsinsatser"
    assert ("Siffror till och med", cut_off) in [(name, what.replace("\u00a0", " ")) for name, what in document.head]
    assert f"Siffrorna gäller {span}, till och med den {cut_off}." in said(list(document.blocks))


def test_the_same_months_of_the_year_before_stand_beside(registers: Connection) -> None:
    document = REPORT.write(complete(registers, interim_facts()))
    found = next(block for block in document.blocks if isinstance(block, Table) and block.id == "sarskilt-foljda")
    assert [column.title for column in found.columns][2:5] == [
        "Januari–augusti 2026",
        "Januari–augusti 2025",
        "Förändring",
    ]
    assert [cell.display for cell in found.rows[0].cells][1:5] == ["minst 65", "46", "43", "+3"]


def test_without_a_stored_year_before_nothing_is_compared(registers: Connection) -> None:
    facts = year_facts(YearToDate(2026, 8), values(46, 260, "236", 640), as_of=INTERIM_KNOWN)
    document = REPORT.write(complete(registers, facts))
    text = said(list(document.blocks))
    assert "Jämförelsevärde saknas för januari–augusti 2025, så inga förändringar redovisas." in text
    assert text.count("saknas för januari–augusti 2025") == 2, "in the summary and beside the outcome"


def test_every_followed_indicator_has_its_own_analysis(registers: Connection) -> None:
    facts = interim_facts()
    texts = (
        text("analys", "Fler får **stöd** tidigt: {maluppfyllelse} når målet.", "maluppfyllelse"),
        text("analys", "Kartläggningen går fortare.", "insatsdagar_till_egen_forsorjning"),
    )
    document = REPORT.write(reading(registers, facts, *texts))
    words = said(list(document.blocks))
    assert "Fler får stöd tidigt: 46 procent når målet." in words
    assert "Kartläggningen går fortare." in words
    assert not [block for block in document.blocks if isinstance(block, Box) and block.title == "Text saknas"]


def test_a_missing_analysis_is_said_to_be_missing_and_of_what(registers: Connection) -> None:
    document = REPORT.write(reading(registers, interim_facts(), is_draft=True))
    missing = [block for block in document.blocks if isinstance(block, Box) and block.title == "Text saknas"]
    assert len(missing) == 2
    assert "måluppfyllelse" in missing[0].paragraphs[0][0].text
    assert ("Status", "Utkast, inte godkänt") in document.head


def test_the_chapters_come_in_the_boards_order(registers: Connection) -> None:
    document = REPORT.write(complete(registers, interim_facts()))
    assert headings(document) == [
        "Sammanfattning",
        "Vad rapporten omfattar",
        "Målen",
        "Särskilt följda indikatorer",
        "Måluppfyllelse",
        "Nyckeltal",
        "Ekonomi",
        "Åtgärder",
        "Ändrade uppgifter sedan tidigare rapporter",
        "Så är rapporten framtagen",
        "Underskrifter",
        "Bilaga 1: Så skyddas personer",
        "Bilaga 2: Definitioner",
        "Bilaga 3: Kontroller",
    ]
    first = document.blocks[0]
    assert isinstance(first, Box)
    assert first.title == "Förslag till beslut"


def test_it_can_be_drawn_and_drawn_again(registers: Connection) -> None:
    document = REPORT.write(complete(registers, interim_facts()))
    again = REPORT.write(complete(registers, interim_facts()))
    assert render_pdf(document) == render_pdf(again)
    assert render_html(document) == render_html(again)


def test_an_outside_event_is_marked_in_the_series_that_spans_it() -> None:
    facts = year_facts(Tertial(2026, 1), values(46, 260, "236", 640), values(43, 240, "240", 610), as_of=INTERIM_KNOWN)
    said_of = {"text": "Anvisningarna kan ändras.", "source": "SFS 2025:400"}
    event = OutsideEvent(day=date(2025, 7, 1), title="Ny socialtjänstlag", **said_of)
    elsewhere = OutsideEvent(day=date(2025, 8, 1), title="Ny enkät", indicators=("kundnojdhet",), **said_of)
    with_events = replace(facts, context=replace(facts.context, events=(event, elsewhere)))
    figure = trend(with_events, "maluppfyllelse", "Måluppfyllelse", "Andel")
    assert isinstance(figure.chart, TrendChart)
    assert [mark.letter for mark in figure.chart.marks] == ["A"]
    assert figure.chart.marks[0].place == 1, "between the two tertials"
    assert figure.source.replace("\u00a0", " ").endswith("A: Ny socialtjänstlag, 1 juli 2025.")
    assert ">A<" in draw(figure, 468, "figur-1").svg


@pytest.mark.parametrize(
    ("months", "cut_off", "since", "decided", "done", "actions"),
    [
        # a1 was decided in March, a2 and a3 in June; a3 was done in December.
        (
            3,
            "2024-12-31",
            "31 december 2024",
            "1 åtgärd",
            "ingen",
            ["Inför gemensam rutin för kartläggning inom två veckor."],
        ),
        (8, "2025-03-31", "31 mars 2025", "2 åtgärder", "ingen", ["Pröva praktik", "Säg upp"]),
        (10, "2025-08-31", "31 augusti 2025", "inga åtgärder", "1", ["Pröva praktik"]),
    ],
)
def test_what_has_come_since_the_issue_before_is_singled_out(
    registers: Connection, months: int, cut_off: str, since: str, decided: str, done: str, actions: list[str]
) -> None:
    period, pinned = YearToDate(2025, months), datetime(2026, 11, 9, tzinfo=UTC)
    day = {3: datetime(2025, 4, 8, tzinfo=UTC), 8: datetime(2025, 9, 8, tzinfo=UTC)}.get(months, pinned)
    facts = year_facts(period, values(46, 260, "236", 640), as_of=pinned)
    chapter = news(replace(read_follow_up(reading(registers, facts)), day=day.date()), date.fromisoformat(cut_off), {})
    words = said(chapter).replace("\u00a0", " ")
    assert f"Sedan den {since} har {decided} beslutats och {done} blivit klar" in words
    table = next(block for block in chapter if isinstance(block, Table))
    texts = sorted(row.cells[0].display for row in table.rows)
    assert [text.startswith(start) for text, start in zip(texts, actions, strict=True)] == [True] * len(actions)
    document = REPORT.write(complete(registers, facts))
    assert f"Sedan den {since} har" in said(list(document.blocks)).replace("\u00a0", " ")


def test_a_month_beyond_the_tolerance_after_the_issue_before_is_new(registers: Connection) -> None:
    facts = year_facts(YearToDate(2025, 8), values(46, 260, "236", 640), as_of=datetime(2026, 11, 9, tzinfo=UTC))
    registers_then = read_follow_up(reading(registers, facts))
    assert "En ny avvikelse från budget" in said(news(registers_then, date(2025, 3, 31), {})).replace("\u00a0", " ")
    assert "Ingen ny avvikelse från budget" in said(news(registers_then, date(2025, 5, 31), {}))


def test_an_action_decided_with_several_providers_stands_once_with_their_names() -> None:
    day, names = date(2026, 9, 1), {"5560000001": "Örnen AB", "5560000002": "Alfa AB"}
    told = [
        done("A1", date(2026, 8, 9), source="dialog", source_id="5560000001/2026-05-12", due=date(2026, 8, 1)),
        action("A2", source="dialog", source_id="5560000002/2026-05-13", due=date(2026, 8, 20)),
        action("A3", source="dialog", source_id="5560000002/2026-05-13", due=date(2026, 10, 5)),
        action("A4", text="En annan åtgärd.", due=date(2026, 10, 5)),
    ]
    found = gathered_table(told, day, "atgarder", "Åtgärder", names)
    first, second = ([cell.display.replace("\u00a0", " ") for cell in row.cells] for row in found.rows)
    assert first[0].endswith(" Gäller Alfa AB och Örnen AB.")
    assert first[3:] == ["1 augusti 2026 till 5 oktober 2026", "1 klar (1 för sent), 1 försenad och 1 pågår"]
    assert second[0] == "En annan åtgärd."
