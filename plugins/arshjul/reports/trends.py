"""One measure over the stored periods of the same type, as a figure."""

from __future__ import annotations

from arshjul.catalogue.indicators import series_break
from arshjul.comparison.numbers import NO_BREAK_SPACE, number
from arshjul.comparison.targets import Goal
from arshjul.comparison.values import is_percent, places_of, shown
from arshjul.reports import tables
from arshjul.reports.blocks import Figure, Point, TrendChart
from arshjul.reports.facts import Facts
from arshjul.reports.figures import words
from arshjul.reports.swedish import sentence_case


def goal_label(goal: Goal | None, percent: str) -> str:
    """What stands at a target line: ``Mål 65 %``."""
    if goal is None or goal.target is None:
        return ""
    return f"Mål {number(goal.target, places_of(goal.target))}{percent}"


def trend(facts: Facts, indicator_id: str, title: str, description: str) -> Figure:
    """Draw the total of an indicator for every stored period, against the goal where there is one.

    A period whose figure meant something else than today's is hollow, and the line to it is broken.
    """
    indicator, goal = facts.indicators[indicator_id], facts.target(indicator_id)
    points, is_broken = [], False
    for period, stored in facts.history:
        value = stored.get(indicator_id)
        rounded = shown(indicator, value)
        is_alike = series_break(indicator, period, facts.period) is None
        is_broken = is_broken or not is_alike
        points.append(
            Point(
                sentence_case(period.title),
                None if rounded is None else float(rounded),
                words(indicator, value),
                is_comparable=is_alike,
            )
        )
    chart = TrendChart(
        tuple(points),
        "procent" if is_percent(indicator) else indicator.unit,
        None if goal is None or goal.target is None else float(goal.target),
        goal_label(goal, f"{NO_BREAK_SPACE}%" if is_percent(indicator) else ""),
        100 if is_percent(indicator) else None,
    )
    table = tables.history(facts, indicator_id, f"{indicator_id}-historik", f"{title} över tid", f"{title[:22]} tid")
    source = "Källa: anordnarnas leveranser. Bara perioder med lagrade värden visas."
    if is_broken:
        source += " Ihålig markör: definitionen var en annan."
    return Figure(f"{indicator_id}-trend", f"{title} över tid", description, chart, source, table)
