"""One measure over the stored periods of the same type, as a figure."""

from __future__ import annotations

from arshjul.reports import tables
from arshjul.reports.blocks import Figure, Point, TrendChart
from arshjul.reports.facts import Facts
from arshjul.reports.figures import is_percent, shown, words
from arshjul.reports.numbers import NO_BREAK_SPACE, number


def trend(facts: Facts, indicator_id: str, title: str, description: str) -> Figure:
    """Draw the total of an indicator for every stored period, against the board's goal where there is one."""
    indicator, target = facts.indicators[indicator_id], facts.target(indicator_id)
    points = []
    for period, stored in facts.history:
        value = stored.get(indicator_id)
        rounded = shown(indicator, value)
        points.append(
            Point(period.title.capitalize(), None if rounded is None else float(rounded), words(indicator, value))
        )
    percent = f"{NO_BREAK_SPACE}%" if is_percent(indicator) else ""
    chart = TrendChart(
        tuple(points),
        "procent" if is_percent(indicator) else indicator.unit,
        None if target is None else float(target.target),
        "" if target is None else f"Mål {number(target.target, 0)}{percent}",
        100 if is_percent(indicator) else None,
    )
    table = tables.history(facts, indicator_id, f"{indicator_id}-historik", f"{title} över tid", f"{title[:22]} tid")
    source = "Källa: anordnarnas leveranser. Bara perioder med lagrade värden visas."
    return Figure(f"{indicator_id}-trend", f"{title} över tid", description, chart, source, table)
