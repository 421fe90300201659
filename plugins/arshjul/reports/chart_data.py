"""What a chart shows: bars, points over time and dots on a scale, without saying how they are drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Bar:
    """One bar: ``value`` is ``None`` when the figure is protected or missing, and then no length is drawn.

    Attributes:
        label: What it is about.
        value: In percent, 0–100.
        display: What stands at the bar.
        target: Target in percent, if there is one.
        note: In words how it stands to the target; said in words because colour alone does not carry meaning.
        is_reached: Against its target; ``None`` when that cannot be said.
        is_total: Set apart from the others.
        is_near: Not reached, but within what counts as near the target.
        interval: Ends of the value's interval, in percent; ``None`` when it has none.
    """

    label: str
    value: float | None
    display: str
    target: float | None = None
    note: str = ""
    is_reached: bool | None = None
    is_total: bool = False
    is_near: bool = False
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars from 0 to 100 percent against a target line; ``scale`` is the marks below them."""

    bars: tuple[Bar, ...]
    target: float | None
    target_label: str
    scale: tuple[int, int, int] = (0, 50, 100)


@dataclass(frozen=True)
class Point:
    """One point of a trend; a gap when ``value`` is ``None``, hollow when it is not comparable with the others."""

    label: str
    value: float | None
    display: str
    is_comparable: bool = True


def round_scale(values: Sequence[float]) -> tuple[Decimal, ...]:
    """Choose round numbers, nought among them, that reach past the lowest and the highest value in about four steps."""
    low, high = min(*values, 0.0), max(*values, 0.0)
    rough = max(high, -low) / 4 or 1.0
    power = Decimal(1).scaleb(math.floor(math.log10(rough)))
    step = next(power * factor for factor in (1, 2, Decimal("2.5"), 5, 10) if float(power * factor) >= rough * 0.999999)
    # A value that is a whole number of steps gets no step of its own above it, in spite of binary fractions.
    first = math.floor(low / float(step) + 1e-9)
    last = math.ceil(high / float(step) - 1e-9)
    return tuple(step * index for index in range(first, max(last, first + 1) + 1))


@dataclass(frozen=True)
class Mark:
    """An event outside the house that a series spans (requirement R7); below the chart stands what the letter is.

    Attributes:
        place: Where, counted in periods from the chart's left edge: 1.5 is in the middle of the second period.
        letter: What stands at it.
    """

    place: float
    letter: str


@dataclass(frozen=True)
class TrendChart:
    """One value over periods, in order, with an optional target line; ``unit`` stands at the axis.

    The marks of the scale belong to what is said, so that every number in a finished file can be found here.
    """

    points: tuple[Point, ...]
    unit: str
    target: float | None = None
    target_label: str = ""
    maximum: float | None = None
    marks: tuple[Mark, ...] = ()
    scale: tuple[Decimal, ...] = field(init=False)

    def __post_init__(self) -> None:
        given = (*(point.value for point in self.points), self.target, self.maximum)
        values = [value for value in given if value is not None]
        # With every value withheld there is still a goal to draw, and it needs a scale.
        object.__setattr__(self, "scale", round_scale([*values, 0.0]) if values else (Decimal(0), Decimal(1)))


@dataclass(frozen=True)
class Dot:
    """One row of a dot chart.

    Attributes:
        label: What it is about.
        value: ``None`` when the figure is protected or missing, and then no dot is drawn.
        display: What stands at the dot.
        then: The same figure of the period compared with, where the two mean the same.
        then_display: What stands at it, for those who do not see the chart.
        interval: Ends of the value's interval.
        is_group: The figure of a group, which the rows after it belong to.
    """

    label: str
    value: float | None
    display: str
    then: float | None = None
    then_display: str = ""
    interval: tuple[float, float] | None = None
    is_group: bool = False


@dataclass(frozen=True)
class DotChart:
    """Figures on a scale that does not begin at nought, such as grades; ``then_label`` is empty without a comparison."""

    dots: tuple[Dot, ...]
    scale: tuple[int, ...]
    now_label: str
    then_label: str = ""
