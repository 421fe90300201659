"""The data set that goes with a quality report: every figure that its text tells, in tables a machine can read.

Source: Kvalitetsrapport 2018, Nacka, Bilagor (requirement R94: every number in the text is found in the appendix).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.numbers import MISSING
from arshjul.prose.swedish import sentence_case
from arshjul.reports import tables
from arshjul.reports.blocks import Cell, Column, Row, Table
from arshjul.reports.chapters.followed import target_words
from arshjul.reports.facts import Cell as FigureCell
from arshjul.reports.facts import Facts
from arshjul.reports.figures import (
    cells_beside,
    columns_beside,
    count_cell,
    interval_cell,
    judged,
    value_cell,
)

_COLUMNS = (Column("Mått", width=2), Column("Avser", width=1.9))


def figures_of(facts: Facts, indicator_ids: Sequence[str], table_id: str, sheet: str) -> Table:
    """Every public figure of some measures in one period, beside the same period a year earlier.

    Args:
        facts: Of the period.
        indicator_ids: The measures, in order.
        table_id: Stable name.
        sheet: Name of its sheet.
    """
    then = facts.period.same_last_year
    stored, beside = facts.stored(then), columns_beside(facts, then, width=1.1)
    every = (
        _row(facts, facts.indicators[one], dict(cell))
        for one in indicator_ids
        for cell in _cells(facts, one, stored.values if stored else ())
    )
    # A part that is withheld both years is left out: it tells nothing, and its total says that something is.
    rows = tuple(
        row
        for row in every
        if row.is_total or any(cell.value is not None for cell in row.cells[2 : 4 if beside else 3])
    )
    return Table(
        id=table_id,
        title=f"Siffrorna i rapporten, {facts.period.title}",
        columns=(
            *_COLUMNS,
            *beside[:1],
            Column(sentence_case(facts.period.title), "right", number_format="General"),
            *beside[1:],
            Column(tables.UNCERTAINTY, "right"),
            Column("Täljare", "right", number_format="#,##0"),
            Column("Antal", "right", number_format="#,##0"),
            Column("Mål", "right"),
            Column("Från målet", "right", number_format="General"),
        ),
        rows=rows,
        note=tables.explained(
            rows,
            "Delar som inte visas är utelämnade. Antal = så många som värdet räknas på. Täljare = så många av dem, eller den "
            "summa, som delas.",
            "Förändring av procent anges i procentenheter." if beside else "",
        ),
        sheet=sheet,
    )


def _cells(facts: Facts, indicator_id: str, then: Iterable[tuple[str, FigureCell]]) -> list[FigureCell]:
    """The total and the breakdowns by one thing, in reading order; finer ones stand in the open data."""
    keys = {cell for one, cell in (*facts.current.values, *then) if one == indicator_id and len(cell) <= 1}

    def place(cell: FigureCell) -> tuple[int, str, int, str]:
        if not cell:
            return 0, "", 0, ""
        [(breakdown, code)] = cell
        order = list(facts.labels.get(breakdown, {}))
        return 1, breakdown, order.index(code) if code in order else len(order), code

    return sorted(keys, key=place)


def _row(facts: Facts, indicator: Indicator, cell: dict[str, str]) -> Row:
    value = facts.current.get(indicator.id, **cell)
    about = ", ".join(facts.label(breakdown, code) for breakdown, code in cell.items()) or "Alla"
    beside = cells_beside(facts, indicator.id, facts.period.same_last_year, **cell)
    return Row(
        (
            Cell(tables.value_title(indicator)),
            Cell(about),
            *beside[:1],
            value_cell(indicator, value),
            *beside[1:],
            interval_cell(indicator, value),
            *(
                count_cell(value, what) if value is not None else Cell(MISSING)
                for what in ("numerator", "observations")
            ),
            *_goal(facts, indicator, cell),
        ),
        is_total=not cell,
    )


def _goal(facts: Facts, indicator: Indicator, cell: dict[str, str]) -> tuple[Cell, Cell]:
    """The goal and the distance to it; only totals and programmes have goals."""
    if set(cell) - {"insatstyp"}:
        return Cell(MISSING), Cell(MISSING)
    judgement = judged(facts, indicator.id, cell.get("insatstyp"))
    if judgement.goal is None or judgement.goal.target is None:
        return Cell(MISSING), Cell(MISSING)
    return Cell(target_words(judgement.goal)), Cell(judgement.mark, judgement.distance)
