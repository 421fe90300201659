"""One value over periods as SVG, on a scale of round numbers that begins at nought. Source: facts/reports.md §5."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from arshjul.comparison.numbers import number
from arshjul.reports.chart_data import Point, TrendChart
from arshjul.reports.fonts import text_width
from arshjul.reports.svg import INK, MUTED, PETROL, RULE, DrawingError, Surface, wrapped


@dataclass(frozen=True)
class _Axes:
    """Where the points of a trend stand, in points."""

    left: float
    right: float
    top: float
    bottom: float
    count: int
    minimum: float
    maximum: float

    @property
    def slot(self) -> float:
        return (self.right - self.left) / self.count

    def x(self, index: int) -> float:
        return self.left + self.slot * (index + 0.5)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * (value - self.minimum) / (self.maximum - self.minimum)


def trend_line(chart: TrendChart, width: float) -> Surface:
    """Draw a line through the periods; a missing value is a gap and one that is not comparable is hollow.

    Args:
        chart: What is drawn.
        width: In points.

    Raises:
        DrawingError: There is nothing to draw, or it does not fit.
    """
    points = chart.points
    if not points:
        raise DrawingError("ett linjediagram har minst en punkt")
    is_scaled = any(value is not None for value in (*(point.value for point in points), chart.target, chart.maximum))
    ticks = chart.scale
    decimals = max(0, -int((ticks[1] - ticks[0]).normalize().as_tuple().exponent))
    tick_width = max(text_width(number(tick, decimals), 8.2) for tick in ticks)
    target_width = text_width(chart.target_label, 8.6, is_bold=True) + 8 if chart.target is not None else 0
    axes = _Axes(tick_width + 8, width - target_width, 30, 132, len(points), float(ticks[0]), float(ticks[-1]))
    every = _labelled_every(points, axes.slot)
    labels = [wrapped(point.label, 8.8, axes.slot * every - 3, lines=3) for point in points]
    surface = Surface(width, axes.bottom + 6 + 10.5 * max(map(len, labels)))
    surface.text(0, 9, chart.unit, size=8.6, color=MUTED)
    for tick in ticks if is_scaled else ticks[:1]:
        y = axes.y(float(tick))
        surface.line((axes.left, y), (axes.right, y), RULE if tick else INK, 0.5 if tick else 0.8)
        surface.text(axes.left - 6, y + 2.8, number(tick, decimals), size=8.2, color=MUTED, anchor="end")
    if chart.target is not None:
        y = axes.y(chart.target)
        surface.line((axes.left, y), (axes.right, y), INK, 1.1, dash="4 3")
        surface.text(axes.right + 6, y + 2.9, chart.target_label, size=8.6, is_bold=True)
    for mark in chart.marks:
        x = axes.left + axes.slot * mark.place
        surface.line((x, 19), (x, axes.bottom), MUTED, 0.9, dash="1.5 2.5")
        surface.text_near(x, 15.5, mark.letter, size=8.6, color=MUTED, is_bold=True)
    _draw_points(surface, points, axes, every)
    for index, label in enumerate(labels):
        if (len(points) - 1 - index) % every == 0:
            for row, line in enumerate(label):
                surface.text_near(axes.x(index), axes.bottom + 12.5 + 10.5 * row, line, size=8.8)
    return surface


def _labelled_every(points: Sequence[Point], slot: float) -> int:
    """Say which points are labelled: all where there is room, else every second, third and so on from the last."""
    widest = max(
        max(text_width(word, 8.8) for point in points for word in point.label.split(" ")),
        max(text_width(point.display, 9.5, is_bold=True) for point in points),
    )
    return max(1, math.ceil((widest + 3) / slot))


def _draw_points(surface: Surface, points: Sequence[Point], axes: _Axes, every: int) -> None:
    for index, (before, after) in enumerate(pairwise(points)):
        if before.value is not None and after.value is not None:
            is_comparable = before.is_comparable and after.is_comparable
            surface.line(
                (axes.x(index), axes.y(before.value)),
                (axes.x(index + 1), axes.y(after.value)),
                PETROL,
                2.2,
                dash="" if is_comparable else "3 3",
            )
    values = [point.value for point in points]
    for index, point in enumerate(points):
        x, is_labelled = axes.x(index), (len(points) - 1 - index) % every == 0
        if point.value is None:
            surface.text_near(x, axes.y(0) - 5, point.display, size=9.5, color=MUTED, is_bold=True)
            continue
        y = axes.y(point.value)
        surface.dot(x, y, 3.8, PETROL, is_hollow=not point.is_comparable)
        if is_labelled:
            around = (*values[max(index - 1, 0) : index], *values[index + 1 : index + 2])
            is_lowest = bool(around) and all(value is not None and value > point.value for value in around)
            is_valley = is_lowest and y + 20 < axes.bottom
            surface.text_near(x, y + 17 if is_valley else y - 9, point.display, size=9.5, is_bold=True)
