"""What customers think: the survey by block and question, beside the year before, and evaluations of courses."""

from __future__ import annotations

from arshjul.comparison.change import Comparison
from arshjul.comparison.numbers import MISSING
from arshjul.comparison.uncertainty import shown_interval
from arshjul.comparison.values import shown
from arshjul.prose.swedish import sentence_case
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Cell, Column, Figure, Heading, Paragraph, Row, Table, plain
from arshjul.reports.chapters.paths import coverage, with_certainty
from arshjul.reports.chart_data import Dot, DotChart
from arshjul.reports.facts import Facts, Value
from arshjul.reports.figures import (
    SURVEY,
    change_cell,
    columns_beside,
    compared,
    has_anything,
    interval_cell,
    value_cell,
    words,
)

ANSWERS = "svarsfrekvens"
COURSES = "kursbetyg"
COURSE_COVERAGE = "kursutvardering_tackning"

GRADES = (1, 2, 3, 4, 5)
_MOST_IN_A_FIGURE = 24


def customers_chapter(facts: Facts) -> list[Block]:
    """Write the chapter; one sentence when no survey was sent and no course was evaluated."""
    heading = Heading("Kundernas omdömen")
    if not has_anything(facts, (SURVEY, COURSES)):
        sentences = [f"Det finns inga omdömen från kunder att redovisa för {facts.period.title}."]
        if has_anything(facts, (ANSWERS,)):
            sentences.append(coverage(facts, SURVEY))
        return [heading, Paragraph(plain(" ".join(sentences)))]
    return [
        heading,
        *survey_part(facts),
        *_courses(facts),
        *tables.filled(
            tables.per_breakdown(
                facts,
                [one for one in (SURVEY, ANSWERS, COURSES, COURSE_COVERAGE) if has_anything(facts, (one,))],
                "anordnare",
                "omdomen-anordnare",
                "Omdömen per anordnare",
                "Omdömen per anordnare",
            )
        ),
    ]


def survey_part(facts: Facts) -> list[Block]:
    """Write what the survey says, as words, chart and table, without a heading; one sentence when none was sent."""
    if not has_anything(facts, (SURVEY,)):
        return [Paragraph(plain(f"Ingen kundenkät började skickas ut under {facts.period.title}."))]
    sentences = [
        "Kundenkäten ger omdömen från 1 till 5, där 5 är bäst.",
        with_certainty(facts, SURVEY, "Genomsnittet för alla frågor"),
    ]
    if facts.last_year is not None and any(_then(facts, kind, code) is None for kind, code in _rows(facts)):
        sentences.append("Frågor som är nya eller har formulerats om sedan förra året jämförs inte.")
    return [Paragraph(plain(" ".join(sentences))), *survey_figures(facts)]


def survey_figures(facts: Facts) -> list[Block]:
    """Show what the survey says as chart and table."""
    rows = _rows(facts)
    table = _table(facts, rows)
    return [*_figures(facts, rows, table, sentence_case(facts.period.same_last_year.title)), *tables.filled(table)]


def _rows(facts: Facts) -> list[tuple[str, str]]:
    """Every block followed by its questions: breakdown and code, in reading order."""
    asked = facts.in_order(SURVEY, "fraga_id")
    block_of = {code: _block(facts, code) for code in asked}
    rows: list[tuple[str, str]] = []
    for block in facts.in_order(SURVEY, "block"):
        rows.append(("block", block))
        rows += [("fraga_id", code) for code in asked if block_of[code] == block]
    lone = [("fraga_id", code) for code in asked if ("fraga_id", code) not in rows]
    return [*rows, *lone]


def _block(facts: Facts, question: str) -> str:
    found = facts.context.questions.get((facts.period.year, question))
    return found.block if found else ""


def _comparison(facts: Facts, kind: str, code: str) -> Comparison:
    return compared(facts, SURVEY, facts.period.same_last_year, **{kind: code})


def _then(facts: Facts, kind: str, code: str) -> Value | None:
    """The grade of the year before, where it was asked for in the same words."""
    if facts.last_year is None or _comparison(facts, kind, code).state == "saknas":
        return None
    return facts.last_year.get(SURVEY, **{kind: code})


def _table(facts: Facts, rows: list[tuple[str, str]]) -> Table:
    indicator, year_ago = facts.indicators[SURVEY], facts.period.same_last_year
    beside = columns_beside(facts, year_ago, "0.0")

    def cells(label: str, now: Value | None, then: Value | None, change: Comparison) -> tuple[Cell, ...]:
        given = Cell(label), value_cell(indicator, now), interval_cell(indicator, now)
        return (*given, value_cell(indicator, then), change_cell(change)) if beside else given

    found = [
        Row(
            cells(
                facts.label(kind, code),
                facts.current.get(SURVEY, **{kind: code}),
                _then(facts, kind, code),
                _comparison(facts, kind, code),
            ),
            is_total=kind == "block",
        )
        for kind, code in rows
    ]
    change = compared(facts, SURVEY, year_ago)
    then = facts.last_year.get(SURVEY) if facts.last_year and change.state != "saknas" else None
    total = cells("Alla frågor", facts.current.get(SURVEY), then, change)
    found.append(Row(total, is_total=True))
    return Table(
        id="kundnojdhet-fragor",
        title=f"Kundernas omdömen per fråga, {facts.period.title}",
        columns=(
            Column("Fråga", width=3.4),
            Column("Betyg", "right", number_format="0.0"),
            Column(tables.UNCERTAINTY, "right"),
            *beside,
        ),
        rows=tuple(found),
        note=tables.explained(
            found,
            f"{tables.UNCERTAINTY}: mellan de två talen ligger värdet med hänsyn till slumpen. Den anges där varje person "
            "räknas en gång.",
            nothing=f"{MISSING} = inget att redovisa, eller frågan ställdes inte med samma ord förra året.",
        ),
        sheet="Kundernas omdömen",
    )


def _figures(facts: Facts, rows: list[tuple[str, str]], table: Table, then_label: str) -> list[Block]:
    dots = tuple(_dot(facts, kind, code) for kind, code in rows)
    if all(dot.value is None for dot in dots):
        return []
    parts = [dots[start : start + _MOST_IN_A_FIGURE] for start in range(0, len(dots), _MOST_IN_A_FIGURE)]
    has_then = any(dot.then is not None for dot in dots)
    return [
        Figure(
            f"omdomen-{number}",
            "Kundernas omdömen per fråga" + (f", del {number} av {len(parts)}" if len(parts) > 1 else ""),
            "Medelvärde på skalan 1 till 5",
            DotChart(part, GRADES, sentence_case(facts.period.title), then_label if has_then else ""),
            "Källa: kundenkäten. Strecket genom en punkt visar hur mycket värdet kan bero på slumpen.",
            table,
        )
        for number, part in enumerate(parts, start=1)
    ]


def _dot(facts: Facts, kind: str, code: str) -> Dot:
    indicator = facts.indicators[SURVEY]
    now, then = facts.current.get(SURVEY, **{kind: code}), _then(facts, kind, code)
    seen, before, reach = shown(indicator, now), shown(indicator, then), shown_interval(indicator, now)
    return Dot(
        facts.label(kind, code),
        None if seen is None else float(seen),
        words(indicator, now),
        None if before is None else float(before),
        "" if then is None else words(indicator, then),
        None if reach is None else (float(reach.low), float(reach.high)),
        is_group=kind == "block",
    )


def _courses(facts: Facts) -> list[Block]:
    if not has_anything(facts, (COURSES,)):
        return []
    sentences = f"Deltagarna betygsätter kurserna från 1 till 5. {with_certainty(facts, COURSES, 'Genomsnittet')}"
    return [Heading("Kursutvärderingar", 2), Paragraph(plain(sentences))]
