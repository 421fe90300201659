"""A whole year and the tertial after it beside each other, each compared with its like and never with each other.

A quality report of one year holds the figures of the year before and of the first tertial (traps T10 and T13). A tertial
also holds fewer of those who stay long; it stands here marked as unlike, with the same tertial a year earlier as its like.
"""

from __future__ import annotations

from collections.abc import Sequence

from arshjul.comparison.change import OTHER_PERIOD
from arshjul.comparison.numbers import MISSING
from arshjul.comparison.values import is_percent, shown
from arshjul.prose.swedish import sentence_case
from arshjul.reports import tables
from arshjul.reports.blocks import Cell, Column, Figure, Row, Table
from arshjul.reports.chart_data import Point, TrendChart
from arshjul.reports.facts import Facts
from arshjul.reports.figures import (
    cells_beside,
    columns_beside,
    has_nothing_beside,
    value_cell,
    words,
)
from arshjul.reports.trends import event_marks, goal_label


def side_by_side(year: Facts, spring: Facts | None, indicator_ids: Sequence[str]) -> Table:
    """The totals of a year and of the tertial after it, each with the change since its like.

    Args:
        year: The year.
        spring: The first tertial of the year after; ``None`` when it has not been reported.
        indicator_ids: The rows; those without any value are left out.
    """
    both = [year] if spring is None else [year, spring]
    known = [one for one in indicator_ids if any(facts.current.get(one) is not None for facts in both)]
    columns = [Column("Mått", width=2.2)]
    for facts in both:
        beside = columns_beside(facts, facts.period.same_last_year, width=1.15)
        now = Column(sentence_case(facts.period.title), "right", number_format="General")
        columns += [*beside[:1], now, *beside[1:]]
    rows = []
    for one in known:
        cells = [Cell(tables.value_title(year.indicators[one]))]
        for facts in both:
            found = cells_beside(facts, one, facts.period.same_last_year)
            cells += [*found[:1], value_cell(facts.indicators[one], facts.current.get(one)), *found[1:]]
        rows.append(Row(tuple(cells)))
    unlike = "Ett tertial och ett helår är ej jämförbara perioder: vart och ett jämförs med samma period året före."
    return Table(
        id="ar-och-tertial",
        title="År och tertial var för sig" if spring else f"Resultat {year.period.title}",
        columns=tuple(columns),
        rows=tuple(rows),
        note=tables.explained(
            rows,
            "Förändring av procent anges i procentenheter."
            if any(is_percent(year.indicators[one]) for one in known)
            and not all(has_nothing_beside(facts, facts.period.same_last_year) for facts in both)
            else "",
            unlike if spring else "",
            nothing=f"{MISSING} = inget att redovisa eller inget att jämföra med.",
        ),
        sheet="År och tertial",
    )


def year_and_tertial_trend(
    year: Facts, spring: Facts | None, indicator_id: str, title: str, description: str, source: str
) -> Figure:
    """Draw the total for every stored year, and the tertial after them as a hollow point of its own.

    Args:
        year: With the years before it.
        spring: The first tertial of the year after, when reported.
        indicator_id: The indicator.
        title: What the chart shows.
        description: What is measured.
        source: Where the figures come from.
    """
    indicator, goal = year.indicators[indicator_id], year.target(indicator_id)
    stored = [(period, computed, True) for period, computed in year.history]
    if spring is not None and spring.current.get(indicator_id) is not None:
        stored.append((spring.period, spring.current, False))
    points, rows = [], []
    for period, computed, is_alike in stored:
        value = computed.get(indicator_id)
        rounded = shown(indicator, value)
        name = sentence_case(period.title)
        points.append(Point(name, None if rounded is None else float(rounded), words(indicator, value), is_alike))
        rows.append(
            Row((Cell(name), value_cell(indicator, value), Cell("" if is_alike else sentence_case(OTHER_PERIOD))))
        )
    percent = is_percent(indicator)
    marks, events = event_marks(year, [period for period, _, _ in stored], indicator_id)
    chart = TrendChart(
        tuple(points),
        "procent" if percent else indicator.unit,
        None if goal is None or goal.target is None else float(goal.target),
        goal_label(goal, "\u00a0%" if percent else ""),
        100 if percent else None,
        marks,
    )
    table = Table(
        id=f"{indicator_id}-ar",
        title=f"{indicator.title} per år",
        columns=(
            Column("Period", width=2),
            Column(tables.value_title(indicator), "right", number_format=tables.excel_format(indicator)),
            Column("Anmärkning", width=1.6),
        ),
        rows=tuple(rows),
        sheet=f"{indicator.title[:24]} per år",
    )
    return Figure(f"{indicator_id}-ar", title, description, chart, f"{source} {events}".strip(), table)
