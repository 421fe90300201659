"""The charts of a report as SVG: bars against a target, figures on a scale, and one value over periods.

Colour never carries a meaning alone: every bar has its figure and, where there is a target, words for how it stands. The
interval of a value is a thin line across the end of its bar, and stands in words in the text that is read aloud.
A protected or missing value is drawn without any length, so that nothing in the drawing depends on it. The same chart
is drawn at two widths, for paper and for a telephone. Source: facts/reports.md §5 (palette and sizes).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from arshjul.comparison.numbers import MISSING, PROTECTED, number
from arshjul.reports.blocks import Figure
from arshjul.reports.chart_data import Bar, BarChart, Dot, DotChart, Point
from arshjul.reports.dots import dot_rows
from arshjul.reports.fonts import text_width
from arshjul.reports.svg import (
    AMBER,
    BRICK,
    INK,
    MUTED,
    PAPER,
    PETROL,
    RULE,
    TRACK,
    Anchor,
    DrawingError,
    Surface,
    wrapped,
)
from arshjul.reports.trend_line import trend_line

PAPER_WIDTH = 468.0
"""Width of the text on A4 with our margins, in points."""

TELEPHONE_WIDTH = 250.0
"""Shown on a 350 pixel wide screen its letters are as large as the text around it."""

_BARS_KEPT_TOGETHER = 12
_BARS_IN_A_PIECE = 4
_NARROWEST_BARS = 60.0

_ANCHORS: tuple[Anchor, ...] = ("start", "middle", "end")
_HALF_DIGIT = 0.34
"""Half the height of a digit, in parts of its size: centres a line of text on a bar."""


@dataclass(frozen=True)
class Drawing:
    """A chart, or a part of one, with the same in words for those who do not see it."""

    svg: str
    words: str


def draw(figure: Figure, width: float, name: str) -> Drawing:
    """Draw a figure's chart in one piece.

    Args:
        figure: With its title.
        width: In points.
        name: Prefix of ids inside the SVG, unique in the page.

    Raises:
        DrawingError: It does not fit, or there is nothing to draw.
    """
    return _drawing(figure, width, name, slice(None), "")


def draw_in_pieces(figure: Figure, width: float, name: str) -> list[Drawing]:
    """Draw a figure's chart for pages: one of many bars comes in pieces that join, so that it can run over to the next.

    Args:
        figure: With its title.
        width: In points.
        name: Prefix of ids inside the SVGs, unique in the document.

    Raises:
        DrawingError: It does not fit, or there is nothing to draw.
    """
    count = len(figure.chart.bars) if isinstance(figure.chart, BarChart) else 1
    if count <= _BARS_KEPT_TOGETHER:
        return [draw(figure, width, name)]
    pieces = math.ceil(count / _BARS_IN_A_PIECE)
    borders = [round(count * index / pieces) for index in range(pieces + 1)]
    return [
        _drawing(figure, width, f"{name}-{index}", slice(start, end), f", del {index} av {pieces}")
        for index, (start, end) in enumerate(pairwise(borders), start=1)
    ]


def _drawing(figure: Figure, width: float, name: str, part: slice, which: str) -> Drawing:
    chart = figure.chart
    if isinstance(chart, BarChart):
        surface = _target_bars(chart, width, part)
        shown = [", ".join(filter(None, (_said(bar), _reach(bar), bar.note))) for bar in chart.bars[part]]
        heading = chart.target_label
    elif isinstance(chart, DotChart):
        surface = dot_rows(chart, width)
        shown = [", ".join(filter(None, (_said(dot), _reach(dot), _before(chart, dot)))) for dot in chart.dots]
        heading = chart.now_label
    else:
        surface = trend_line(chart, width)
        shown = [_said(point) for point in chart.points]
        heading = chart.target_label
    what = [f"{figure.title}{which}", *filter(None, (figure.description, heading)), "; ".join(shown)]
    words = "".join(f"{sentence.rstrip('.')}. " for sentence in what).rstrip()
    return Drawing(surface.finished(figure.title, words, name), words)


def _said(shown: Bar | Dot | Point) -> str:
    return f"{shown.label}: {_spoken(shown.display)}"


def _spoken(display: str) -> str:
    # A mark is silent when it is read aloud.
    return {PROTECTED: "visas inte", MISSING: "saknas"}.get(display, display)


def _reach(shown: Bar | Dot) -> str:
    """The interval in words; a value that is not told has none."""
    if shown.interval is None or shown.value is None:
        return ""
    low, high = (number(end, 1 if isinstance(shown, Dot) else 0) for end in shown.interval)
    return f"mellan {low} och {high}{'' if isinstance(shown, Dot) else ' procent'}"


def _before(chart: DotChart, dot: Dot) -> str:
    return f"{chart.then_label} {_spoken(dot.then_display)}" if dot.then_display else ""


@dataclass(frozen=True)
class _Layout:
    """Measures of a bar chart, in points: where its columns stand and how high its rows are."""

    size: float
    label_width: float
    bars_left: float
    bars_width: float
    bar_height: float
    line_height: float
    row_padding: float
    note_size: float
    is_stacked: bool

    def x(self, percent: float) -> float:
        return self.bars_left + self.bars_width * percent / 100


def _target_bars(chart: BarChart, width: float, part: slice) -> Surface:
    """Draw some of the bars, laid out as one chart with the others: the target's name above the first, the scale last."""
    bars = chart.bars[part]
    if not bars:
        raise DrawingError("ett stapeldiagram har minst en stapel")
    layout = _stacked(chart, width) if width < PAPER_WIDTH * 0.75 else _side_by_side(chart, width)
    is_first, is_last = bars[0] is chart.bars[0], bars[-1] is chart.bars[-1]
    top = 22.0 if is_first and chart.target is not None else 0.0
    rows = _rows(bars, layout, top)
    bottom = rows[-1].bottom
    surface = Surface(width, bottom + (14 if is_last else 0))
    for row in rows:
        if row.bar.is_total and row.bar is not chart.bars[0]:
            surface.line((0, row.top - 4.5), (width, row.top - 4.5), RULE, 0.6)
        _draw_bar(surface, row, layout)
    for before, row in zip((None, *rows), rows, strict=False):
        above = before.bottom if before else max(top - 5, 0)
        _draw_target(surface, row, chart.target, layout, above)
        _draw_interval(surface, row, layout)
    if is_first and chart.target is not None:
        surface.text_near(layout.x(chart.target), top - 10, chart.target_label, size=9.5, is_bold=True)
    for percent, anchor in zip(chart.scale, _ANCHORS, strict=True) if is_last else ():
        surface.text(layout.x(percent), bottom + 11, f"{percent}\u00a0%", size=8.2, color=MUTED, anchor=anchor)
    return surface


@dataclass(frozen=True)
class _Row:
    """One bar's place, in points from the top."""

    bar: Bar
    label: tuple[str, ...]
    top: float
    bottom: float
    text_height: float

    def bar_top(self, layout: _Layout) -> float:
        if layout.is_stacked:
            return self.top + self.text_height + 2
        return self.top + (self.bottom - self.top - layout.bar_height) / 2


def _side_by_side(chart: BarChart, width: float) -> _Layout:
    """Label, figure, bar and words in four columns. Many bars stand closer."""
    is_dense = len(chart.bars) > 16
    size = 8.4 if is_dense else 9.5
    note_size = 8.0 if is_dense else 8.6
    natural = max(text_width(bar.label, size, is_bold=bar.is_total) for bar in chart.bars)
    label_width = min(natural, width * (0.44 if is_dense else 0.36)) + 0.5
    value_width = max(text_width(bar.display, size, is_bold=True) for bar in chart.bars)
    note_width = max(text_width(bar.note, note_size) for bar in chart.bars)
    left = label_width + 10 + value_width + 8
    bars_width = width - left - (note_width + 12 if note_width else 0)
    if bars_width < _NARROWEST_BARS:
        raise DrawingError(f"staplarna får bara {bars_width:.0f} punkter bredvid sina texter")
    return _Layout(
        size=size,
        label_width=label_width,
        bars_left=left,
        bars_width=bars_width,
        bar_height=8.5 if is_dense else 13,
        line_height=10.0 if is_dense else 11.2,
        row_padding=5.5 if is_dense else 8.5,
        note_size=note_size,
        is_stacked=False,
    )


def _stacked(chart: BarChart, width: float) -> _Layout:
    """Label above the bar, for narrow screens."""
    value_width = max(text_width(bar.display, 9.5, is_bold=True) for bar in chart.bars)
    return _Layout(
        size=9.5,
        label_width=width,
        bars_left=value_width + 8,
        bars_width=width - value_width - 8,
        bar_height=11,
        line_height=11.4,
        row_padding=11,
        note_size=8.6,
        is_stacked=True,
    )


def _rows(bars: Sequence[Bar], layout: _Layout, top: float) -> list[_Row]:
    """Place the rows below each other."""
    rows: list[_Row] = []
    y = top
    for bar in bars:
        if bar.is_total:
            y += 8
        label = wrapped(bar.label, layout.size, layout.label_width, lines=2, is_bold=bar.is_total)
        text_height = layout.line_height * len(label)
        if layout.is_stacked:
            height = text_height + layout.bar_height + (layout.line_height if bar.note else 0)
        else:
            height = max(text_height, layout.bar_height)
        rows.append(_Row(bar, label, y, y + height + layout.row_padding, text_height))
        y = rows[-1].bottom
    return rows


def _draw_bar(surface: Surface, row: _Row, layout: _Layout) -> None:
    bar = row.bar
    bar_top = row.bar_top(layout)
    middle = bar_top + layout.bar_height / 2
    label_top = row.top if layout.is_stacked else middle - row.text_height / 2
    for index, line in enumerate(row.label):
        baseline = label_top + layout.line_height * (index + 0.5) + layout.size * _HALF_DIGIT
        surface.text(0, baseline, line, size=layout.size, is_bold=bar.is_total)
    baseline = middle + layout.size * _HALF_DIGIT
    color = MUTED if bar.value is None else INK
    surface.text(layout.bars_left - 8, baseline, bar.display, size=layout.size, color=color, is_bold=True, anchor="end")
    surface.rectangle(layout.bars_left, bar_top, layout.bars_width, layout.bar_height, TRACK)
    if bar.value is not None:
        length = layout.bars_width * min(max(bar.value, 0), 100) / 100
        surface.rectangle(layout.bars_left, bar_top, length, layout.bar_height, _color(bar, PETROL))
    if bar.note:
        if layout.is_stacked:
            x, y = layout.bars_left, bar_top + layout.bar_height + layout.line_height
        else:
            x, y = layout.x(100) + 10, middle + layout.note_size * _HALF_DIGIT
        surface.text(x, y, bar.note, size=layout.note_size, color=_color(bar, MUTED))


def _color(bar: Bar, otherwise: str) -> str:
    return AMBER if bar.is_near else BRICK if bar.is_reached is False else otherwise


def _draw_interval(surface: Surface, row: _Row, layout: _Layout) -> None:
    """Draw how far chance reaches: a line with ends, light around so that it is seen on the bar and beside it."""
    if row.bar.interval is None or row.bar.value is None:
        return
    low, high = (layout.x(min(max(end, 0), 100)) for end in row.bar.interval)
    middle = row.bar_top(layout) + layout.bar_height / 2
    for color, width, reach in ((PAPER, 2.6, 0.9), (INK, 0.9, 0.0)):
        surface.line((low - reach, middle), (high + reach, middle), color, width)
        for x in (low, high):
            surface.line((x, middle - 3 - reach), (x, middle + 3 + reach), color, width)


def _draw_target(surface: Surface, row: _Row, common: float | None, layout: _Layout, above: float) -> None:
    """Draw the row's piece of the target line. Rows with the common target join to one line; others get a mark."""
    target = common if row.bar.target is None else row.bar.target
    if target is None:
        return
    start, end = row.bar_top(layout) - 3, row.bar_top(layout) + layout.bar_height + 3
    if target == common and not layout.is_stacked:
        start, end = above, row.bottom
    x = layout.x(target)
    surface.line((x, start), (x, end), PAPER, 3)
    surface.line((x, start), (x, end), INK, 1.2)
