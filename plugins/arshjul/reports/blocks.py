"""The content model: what a document says, whatever it is drawn as.

Text is made of runs, so that emphasis and links never need markup in a string. Cells carry both what a reader sees and the
raw value that the workbook stores; a protected cell has no raw value at all, so nothing can leak through another format.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Run:
    """A piece of text with one emphasis."""

    text: str
    style: Literal["plain", "strong", "emphasis"] = "plain"


Text: TypeAlias = tuple[Run, ...]

_MARKED = re.compile(r"\*\*(?P<strong>.+?)\*\*|_(?P<emphasis>[^_]+)_")


def text(source: str) -> Text:
    """Turn our own sentence into runs: ``**strong**`` and ``_emphasis_``, nothing else.

    Only for sentences written in this code: a name from a register is put in with :class:`Run`, never through here.
    """
    runs: list[Run] = []
    position = 0
    for found in _MARKED.finditer(source):
        if found.start() > position:
            runs.append(Run(source[position : found.start()]))
        style: Literal["strong", "emphasis"] = "strong" if found["strong"] else "emphasis"
        runs.append(Run(found[style], style))
        position = found.end()
    if position < len(source):
        runs.append(Run(source[position:]))
    return tuple(runs)


def plain(source: str) -> Text:
    """Take a text as it stands."""
    return (Run(source),)


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        display: What a reader sees.
        value: What the workbook stores; ``None`` for text, missing and protected cells.
    """

    display: str
    value: Decimal | int | float | None = None


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        title: Header.
        align: Numbers to the right, words to the left.
        width: Share of the width relative to the other columns; 0 fits the content.
        number_format: Excel's format of the values, such as ``0%``; empty for text.
    """

    title: str
    align: Literal["left", "right"] = "left"
    width: float = 1
    number_format: str = ""


@dataclass(frozen=True)
class Row:
    """One row; the first cell is its header."""

    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a caption. An empty one says so in words.

    Attributes:
        id: Stable name; the workbook's sheet and the HTML anchor are made from it.
        title: Caption.
        columns: At least one.
        rows: Each with as many cells as there are columns.
        note: Below the table.
        sheet: Name of its sheet in the workbook; the title when empty.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    sheet: str = ""

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.id}: a row has not as many cells as there are columns")


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
class TrendChart:
    """One value over periods, in order, with an optional target line; ``unit`` stands at the axis.

    The marks of the scale belong to what is said, so that every number in a finished file can be found here.
    """

    points: tuple[Point, ...]
    unit: str
    target: float | None = None
    target_label: str = ""
    maximum: float | None = None
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


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a chapter."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a lead is set larger."""

    text: Text
    is_lead: bool = False


@dataclass(frozen=True)
class BulletList:
    """A list without order."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class KeyFigure:
    """One card: the figure, its unit, what it is, what it is compared with, and how certain it is where that is known."""

    number: str
    unit: str
    text: str
    comparison: str
    state: Literal["reached", "near", "missed", "neutral"] = "neutral"
    interval: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """Cards, four in a row."""

    cards: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Figure:
    """A chart with caption, source and the same values as a table (shown in HTML, in the workbook, in the alt text).

    Attributes:
        id: Stable name.
        title: What the chart shows, as a statement.
        description: What is measured.
        chart: What is drawn.
        source: Where the figures come from.
        table: Its values as a table.
    """

    id: str
    title: str
    description: str
    chart: BarChart | DotChart | TrendChart
    source: str
    table: Table


@dataclass(frozen=True)
class Box:
    """A box that stands out: the proposal for decision, or a waiver beside the figures it concerns."""

    title: str
    paragraphs: tuple[Text, ...]
    kind: Literal["proposal", "warning"] = "proposal"


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page, where there are pages."""


Block: TypeAlias = Heading | Paragraph | BulletList | KeyFigures | Figure | Table | Box | PageBreak


@dataclass(frozen=True)
class Document:
    """A whole document.

    Attributes:
        title: What it is.
        subtitle: What it covers.
        municipality: Name of the municipality.
        unit: Unit that made it.
        document_type: As registered, such as ``Tertialrapport``.
        date: Date of the document; also the only time that ends up in the files.
        description: One sentence for the files' metadata.
        keywords: For the files' metadata.
        head: Label and value at the top of the first page.
        blocks: The content, in order.
    """

    title: str
    subtitle: str
    municipality: str
    unit: str
    document_type: str
    date: date
    description: str
    keywords: tuple[str, ...]
    head: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...] = field(default=())
