"""The coverage matrix: every follow-up object and every follow-up that it must have in the year, done, planned or missing.

Source: BIN 2016-134, 1 and 5 (requirements R11, R17, R18).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from arshjul.comparison.numbers import MISSING, counted, number, swedish_date
from arshjul.prose.swedish import made_up_of
from arshjul.registers.coverage import STATE_WORDS, Coverage, State
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Table, plain

_COLOURS: dict[State, Literal["done", "planned", "missing"]] = {
    "klar": "done",
    "planerad": "planned",
    "saknas": "missing",
}
_MOST_DAYS = 3
_SHORT = {
    "tertialrapport": "Tertial",
    "kvalitetsrapport": "Kvalitet",
    "namndbesok": "Nämnd",
    "tjanstemannabesok": "Tjänst",
    "dialog": "Dialog",
    "vardegrund": "Värde",
    "kundenkat": "Enkät",
    "internkontroll": "Kontroll",
    "ekonomi": "Ekonomi",
    "aktivitetsrapport": "Aktivitet",
}
"""Titles that leave room for the names; below the table stands what they are short for."""


def coverage_chapter(coverage: Coverage) -> list[Block]:
    """Write the chapter; one sentence when nothing has to be followed up."""
    heading = Heading("Det som ska följas upp")
    cells = coverage.cells.values()
    if not cells:
        nothing = f"Inget uppföljningsobjekt har krav på uppföljning {coverage.year}."
        return [heading, Paragraph(plain(nothing))]
    count = {state: len(coverage.in_state(state)) for state in STATE_WORDS}
    forms: dict[State, tuple[str, str]] = {"klar": ("klar", "klara"), "planerad": ("planerad", "planerade")}
    parts = [counted(count[one], *forms[one]) for one in forms if count[one]]
    objects = counted(len(coverage.objects), "verksamhet, avtal eller projekt", "verksamheter, avtal och projekt")
    sentences = [
        f"Under {coverage.year} ska {objects} tillsammans ha {counted(len(cells), 'uppföljning', 'uppföljningar')}.",
        f"Av dem {made_up_of(parts, count['saknas'], 'saknas')}.",
    ]
    return [heading, Paragraph(plain(" ".join(sentences))), _matrix(coverage), *_missing(coverage)]


def _matrix(coverage: Coverage) -> Table:
    rows = []
    for one in coverage.objects:
        found = {cell.requirement: cell for cell in coverage.of(one.object_id)}
        if not found:
            continue
        states = (found[code].state if code in found else None for code in coverage.requirements)
        rows.append(
            Row(
                (
                    Cell(one.name),
                    *(Cell(STATE_WORDS[state], state=_COLOURS[state]) if state else Cell(MISSING) for state in states),
                )
            )
        )
    return Table(
        id="tackning",
        title=f"Uppföljningar {coverage.year}, läget {swedish_date(coverage.day)}",
        columns=(
            Column("Uppföljningsobjekt", width=2.6),
            *(Column(_SHORT.get(code, title)) for code, title in coverage.requirements.items()),
        ),
        rows=tuple(rows),
        note=f"{MISSING} = krävs inte. Planerad = tiden har inte gått ut, eller en dag är bestämd. {_key(coverage)}",
        sheet="Täckning",
    )


def _key(coverage: Coverage) -> str:
    """What the short titles stand for."""
    pairs = [f"{_SHORT[code]} = {title.lower()}" for code, title in coverage.requirements.items() if code in _SHORT]
    return f"{', '.join(pairs)}." if pairs else ""


def _missing(coverage: Coverage) -> list[Block]:
    """What is missing, with the day it should have been done."""
    missing = coverage.in_state("saknas")
    if not missing:
        return []
    names = {one.object_id: one.name for one in coverage.objects}
    rows = tuple(
        Row(
            (
                Cell(names[cell.object_id]),
                Cell(cell.title),
                Cell(_days([slot.due for slot in cell.missing])),
            )
        )
        for cell in missing
    )
    return [
        Table(
            id="tackning-saknas",
            title="Uppföljningar som saknas",
            columns=(
                Column("Uppföljningsobjekt", width=2),
                Column("Uppföljning", width=1.6),
                Column("Sista dag", width=2),
            ),
            rows=rows,
            sheet="Saknade uppföljningar",
        )
    ]


def _days(days: Sequence[date]) -> str:
    """The last days; of many the first and the last."""
    if len(days) <= _MOST_DAYS:
        return ", ".join(map(swedish_date, days))
    return f"{number(len(days))} gånger, från {swedish_date(days[0])} till {swedish_date(days[-1])}"
