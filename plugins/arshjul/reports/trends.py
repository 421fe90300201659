"""One measure over the stored periods of the same type, as a figure."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

from arshjul.catalogue.governing import events_between
from arshjul.catalogue.indicators import series_break
from arshjul.comparison.numbers import NO_BREAK_SPACE, number, swedish_date
from arshjul.comparison.targets import Goal
from arshjul.comparison.values import is_percent, places_of, shown
from arshjul.periods import Period
from arshjul.prose.swedish import sentence_case
from arshjul.reports import tables
from arshjul.reports.blocks import Figure
from arshjul.reports.chart_data import Mark, Point, TrendChart
from arshjul.reports.facts import Facts
from arshjul.reports.figures import words


def goal_label(goal: Goal | None, percent: str) -> str:
    """What stands at a target line: ``Mål 65 %``."""
    if goal is None or goal.target is None:
        return ""
    return f"Mål {number(goal.target, places_of(goal.target))}{percent}"


def event_marks(facts: Facts, periods: Sequence[Period], indicator_id: str) -> tuple[tuple[Mark, ...], str]:
    """Mark the events outside the house that a series spans, and tell what each mark is.

    Args:
        facts: Know the events.
        periods: The chart's, in order.
        indicator_id: The indicator.

    Returns:
        The marks, and a sentence on each to stand below the chart; empty without any.
    """
    events = events_between(facts.context.events, periods[0].start, periods[-1].end, indicator_id)
    marks, told = [], []
    for letter, event in zip(ascii_uppercase, events, strict=False):
        begun = [place for place, period in enumerate(periods) if period.start <= event.day]
        period = periods[begun[-1]]
        length = (period.end - period.start).days + 1
        # An event in a gap between two periods stands where the later one begins.
        marks.append(Mark(begun[-1] + min((event.day - period.start).days / length, 1), letter))
        told.append(f"{letter}: {event.title}, {swedish_date(event.day)}.")
    return tuple(marks), " ".join(told)


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
    marks, events = event_marks(facts, [period for period, _ in facts.history], indicator_id)
    chart = TrendChart(
        tuple(points),
        "procent" if is_percent(indicator) else indicator.unit,
        None if goal is None or goal.target is None else float(goal.target),
        goal_label(goal, f"{NO_BREAK_SPACE}%" if is_percent(indicator) else ""),
        100 if is_percent(indicator) else None,
        marks,
    )
    table = tables.history(facts, indicator_id, f"{indicator_id}-historik", f"{title} över tid", f"{title[:22]} tid")
    source = "Källa: anordnarnas leveranser. Bara perioder med lagrade värden visas."
    if is_broken:
        source += " Ihålig markör: definitionen var en annan."
    source = f"{source} {events}".strip()
    return Figure(f"{indicator_id}-trend", f"{title} över tid", description, chart, source, table)


def series(facts: Facts, indicator_id: str, title: str, description: str) -> list[Figure]:
    """Draw the total over time where there are at least two values to draw a line between; else nothing.

    Args:
        facts: Of the report.
        indicator_id: The indicator.
        title: What the chart shows.
        description: What is measured.
    """
    figure = trend(facts, indicator_id, title, description)
    return [figure] if has_line(figure) else []


def has_line(figure: Figure) -> bool:
    """Say whether a trend has at least two values: one alone tells less than the sentence above it."""
    points = figure.chart.points if isinstance(figure.chart, TrendChart) else ()
    return sum(point.value is not None for point in points) > 1
