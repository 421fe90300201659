"""The content model: what a document says, whatever it is drawn as.

Text is made of runs, so that emphasis and links never need markup in a string. Cells carry both what a reader sees and the
raw value that the workbook stores; a protected cell has no raw value at all, so nothing can leak through another format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from arshjul.reports.chart_data import BarChart, DotChart, TrendChart

_LINKS = ("https://", "http://", "mailto:")


@dataclass(frozen=True)
class Run:
    """A piece of text with one emphasis; ``link`` is a web or e-mail address that it leads to."""

    text: str
    style: Literal["plain", "strong", "emphasis"] = "plain"
    link: str = ""

    def __post_init__(self) -> None:
        if self.link and not self.link.startswith(_LINKS):
            raise ValueError("a link leads to http, https or mailto")


Text: TypeAlias = tuple[Run, ...]

FORM_ROW_HEIGHT = 42
"""Points: room for two lines of handwriting."""

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
        state: How a state in a matrix is coloured; its words stand in ``display``, since colour alone does not carry meaning.
    """

    display: str
    value: Decimal | int | float | None = None
    state: Literal["", "done", "planned", "missing"] = ""


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
        is_form: Its rows are to be filled in: high enough to write in by hand, and open to edit in the Word file.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    sheet: str = ""
    is_form: bool = False

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.id}: a row has not as many cells as there are columns")


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a chapter."""

    text: str
    level: Literal[1, 2, 3] = 1


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
class NumberedList:
    """A list in order, counted from one; what it counts to belongs to what is said, as every number in a finished file."""

    items: tuple[Text, ...]
    numbers: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", tuple(range(1, len(self.items) + 1)))


@dataclass(frozen=True)
class Signature:
    """A line to sign on: the function that signs, and the name where the report is to say it."""

    title: str
    name: str = ""


@dataclass(frozen=True)
class Signatures:
    """The signature block, side by side."""

    people: tuple[Signature, ...]


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


@dataclass(frozen=True)
class Written:
    """What a person writes: an editable part of the Word file, and plain text everywhere else.

    Attributes:
        section: ``avsnitt``; the part's tag in the Word file is ``analys:<avsnitt>``.
        title: What it is, for whoever edits it.
        blocks: The text, or in a draft the sentence that says that it is missing.
        indicator_id: What it is about, where a section has one text for each indicator.
        is_missing: Nobody has written it.
    """

    section: str
    title: str
    blocks: tuple[Paragraph | BulletList | NumberedList | Heading, ...]
    indicator_id: str | None = None
    is_missing: bool = False

    @property
    def tag(self) -> str:
        """Its name in the Word file."""
        return ":".join(["analys", self.section, *([self.indicator_id] if self.indicator_id else [])])


Block: TypeAlias = (
    Heading
    | Paragraph
    | BulletList
    | NumberedList
    | KeyFigures
    | Figure
    | Table
    | Box
    | Signatures
    | Written
    | PageBreak
)
"""What a document is made of. New kinds are drawn by four renderers: html, pdf, docx and, where they hold tables, workbook."""


def opened(blocks: Iterable[Block]) -> Iterator[Block]:
    """Give the blocks with what people have written in their place among them."""
    for block in blocks:
        if isinstance(block, Written):
            yield from block.blocks
        else:
            yield block


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
