"""A dot chart as SVG: grades on their scale, beside those of a year before, group by group.

A figure that is protected or missing has no dot, and so no place on the scale. The hollow dot is the earlier one; both are
told in words as well. Source: facts/reports.md §5.
"""

from __future__ import annotations

from dataclasses import dataclass

from arshjul.comparison.numbers import number
from arshjul.reports.chart_data import Dot, DotChart
from arshjul.reports.fonts import text_width
from arshjul.reports.svg import INK, MUTED, PAPER, PETROL, RULE, DrawingError, Surface, wrapped

_SIZE = 9.2
_LINE = 10.8
_GAP = 8.5
_TOP = 20.0
_HALF_DIGIT = 0.34
_NARROW = 350.0
"""Below this width the label stands above its dots."""


@dataclass(frozen=True)
class _Scale:
    """Where the scale stands, in points."""

    left: float
    right: float
    minimum: int
    maximum: int

    def x(self, value: float) -> float:
        inside = min(max(value, self.minimum), self.maximum)
        return self.left + (self.right - self.left) * (inside - self.minimum) / (self.maximum - self.minimum)


def dot_rows(chart: DotChart, width: float) -> Surface:
    """Draw the rows below each other, with the scale under the last.

    Args:
        chart: What is drawn.
        width: In points.

    Raises:
        DrawingError: There is nothing to draw, or it does not fit.
    """
    if not chart.dots:
        raise DrawingError("ett punktdiagram har minst en rad")
    is_stacked = width < _NARROW
    display_width = max(text_width(dot.display, _SIZE, is_bold=True) for dot in chart.dots) + 10
    label_width = width if is_stacked else width * 0.47
    scale = _Scale(6.0 if is_stacked else label_width + 16, width - display_width, chart.scale[0], chart.scale[-1])
    labels = [wrapped(dot.label, _SIZE, label_width, lines=3, is_bold=dot.is_group) for dot in chart.dots]
    tops, y = [], _TOP
    for dot, label in zip(chart.dots, labels, strict=True):
        y += 5 if dot.is_group and dot is not chart.dots[0] else 0
        tops.append(y)
        y += _LINE * len(label) + (_LINE if is_stacked else 0) + _GAP
    surface = Surface(width, y + 12)
    for grade in chart.scale:
        surface.line((scale.x(grade), _TOP - 4), (scale.x(grade), y - 2), RULE, 0.5)
        surface.text_near(scale.x(grade), y + 9, number(grade), size=8.2, color=MUTED)
    _draw_legend(surface, chart, width)
    for dot, label, top in zip(chart.dots, labels, tops, strict=True):
        for index, line in enumerate(label):
            baseline = top + _LINE * (index + 0.5) + _SIZE * _HALF_DIGIT
            surface.text(0, baseline, line, size=_SIZE, is_bold=dot.is_group)
        middle = top + _LINE * (len(label) + 0.5 if is_stacked else len(label) / 2)
        _draw_dot(surface, dot, scale, middle, width)
    return surface


def _draw_legend(surface: Surface, chart: DotChart, width: float) -> None:
    """Say what the dots are, from the right: the filled one, and the hollow one where there is one."""
    right = width
    labels = [(chart.then_label, MUTED, True)] if chart.then_label else []
    for label, color, is_hollow in ((chart.now_label, PETROL, False), *labels):
        surface.text(right, 9, label, size=8.6, color=color, is_bold=not is_hollow, anchor="end")
        right -= text_width(label, 8.6, is_bold=not is_hollow) + 7
        surface.dot(right, 6.2, 3, color, is_hollow=is_hollow)
        right -= 14


def _draw_dot(surface: Surface, dot: Dot, scale: _Scale, middle: float, width: float) -> None:
    color = MUTED if dot.value is None else INK
    baseline = middle + _SIZE * _HALF_DIGIT
    surface.text(width, baseline, dot.display, size=_SIZE, color=color, is_bold=True, anchor="end")
    if dot.value is None:
        return
    if dot.interval is not None:
        low, high = (scale.x(end) for end in dot.interval)
        surface.line((low, middle), (high, middle), MUTED, 1)
        for x in (low, high):
            surface.line((x, middle - 2.5), (x, middle + 2.5), MUTED, 1)
    if dot.then is not None:
        surface.dot(scale.x(dot.then), middle, 3.4, MUTED, is_hollow=True)
    surface.dot(scale.x(dot.value), middle, 4.6, PAPER)
    surface.dot(scale.x(dot.value), middle, 3.6, PETROL)
