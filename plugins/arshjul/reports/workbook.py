"""The tables of a document as a workbook: numbers that can be counted on, one table on each sheet.

Numbers are stored as numbers and shown as the document shows them; a protected cell holds the mark and nothing else. No
text becomes a formula or a link, whatever it begins with. Source: facts/reports.md §7, facts/privacy.md §5.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from arshjul.comparison.numbers import MINUS, MISSING, NO_BREAK_SPACE, NOTHING_TO_TELL, PROTECTED
from arshjul.reports.blocks import FORM_ROW_HEIGHT, Cell, Column, Document, Figure, Table
from arshjul.reports.figures import BEYOND_CHANCE, BROKEN
from arshjul.reports.table_csv import defused

FIRST_SHEET = "Läs mig"
TABLE_ROW = 3
"""The table's header stands on row 4 of every sheet (counted from nought here)."""

_LONGEST_SHEET_NAME = 31
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_TEXT = 32_767
_WIDEST_COLUMN = 60
_FILTERED_FROM = 12
_STATES = {"done": "#EDF4F5", "planned": "#FBF3E2", "missing": "#F8E8E4"}

_SIGNS = (
    f"{PROTECTED} uppgiften visas inte, eftersom den kan röja en person. {MISSING} inget att redovisa eller inget att "
    "jämföra med."
)


@dataclass(frozen=True)
class _Formats:
    """Makes a workbook's cell formats, each once."""

    book: Any
    made: dict[tuple[tuple[str, Any], ...], Any]

    def get(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(
                {"font_name": "Calibri", "font_size": 11, "valign": "top"} | properties
            )
        return self.made[key]


def render_workbook(document: Document, extra: Sequence[Table] = ()) -> bytes:
    """Write the tables of a document as XLSX.

    Args:
        document: Its tables, and its figures' values where they are not among them, become sheets in order.
        extra: Tables that stand only here.
    """
    import xlsxwriter

    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties(
            {
                "title": f"{document.title} – tabellbilaga",
                "author": document.unit,
                "company": document.municipality,
                "subject": document.description,
                "keywords": ", ".join(document.keywords),
                # The only time in the file: without it the bytes would tell when they were made.
                "created": datetime.combine(document.date, time(), UTC).replace(tzinfo=None),
            }
        )
        formats = _Formats(book, {})
        named = list(_named([*_tables(document), *extra]))
        _write_first_sheet(book, formats, document, named)
        for number, (name, table) in enumerate(named, start=1):
            _write_table(book.add_worksheet(name), formats, document, table, number)
    return written.getvalue()


def _tables(document: Document) -> Iterator[Table]:
    own = {block.id for block in document.blocks if isinstance(block, Table)}
    for block in document.blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Figure) and block.table.id not in own:
            yield block.table


def _named(tables: Sequence[Table]) -> Iterator[tuple[str, Table]]:
    """Give each table a sheet name that Excel takes and no other sheet has."""
    taken = {FIRST_SHEET.casefold()}
    for table in tables:
        wanted = " ".join(_FORBIDDEN_IN_SHEET_NAME.sub(" ", table.sheet or table.title).split()) or "Tabell"
        name, number = wanted[:_LONGEST_SHEET_NAME].strip(), 1
        while name.casefold() in taken:
            number += 1
            ending = f" ({number})"
            name = wanted[: _LONGEST_SHEET_NAME - len(ending)].strip() + ending
        taken.add(name.casefold())
        yield name, table


def _write_first_sheet(book: Any, formats: _Formats, document: Document, named: Sequence[tuple[str, Table]]) -> None:
    """Say what the workbook is, what its signs mean and what is on each sheet."""
    sheet = book.add_worksheet(FIRST_SHEET)
    label, words = formats.get(bold=True, text_wrap=True), formats.get(text_wrap=True)
    link = formats.get(font_color="#00566B", underline=1, text_wrap=True)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34, words)
    sheet.set_column(1, 1, 84, words)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, _text(document.title), formats.get(bold=True, font_size=16, font_color="#00566B"))
    lines = [
        ("Innehåll", f"Tabellbilaga. {document.subtitle}. Varje blad har en tabell som börjar på rad {TABLE_ROW + 1}."),
        *document.head,
        ("Tecken", _SIGNS),
    ]
    for row, (name, text) in enumerate(lines, start=2):
        sheet.write_string(row, 0, _text(name), label)
        sheet.write_string(row, 1, _text(text), words)
    row = len(lines) + 3
    sheet.write_string(row, 0, "Blad", formats.get(bold=True, bottom=1))
    sheet.write_string(row, 1, "Tabell", formats.get(bold=True, bottom=1))
    for name, table in named:
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A1", link, _text(name))
        sheet.write_string(row, 1, _text(table.title), words)
    _set_page(sheet, document)
    sheet.activate()


def _write_table(sheet: Any, formats: _Formats, document: Document, table: Table, number: int) -> None:
    sheet.hide_gridlines(2)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, _text(table.title), formats.get(bold=True, font_size=14, font_color="#00566B"))
    sheet.write_string(1, 0, _text(table.note), formats.get(font_color="#52606A"))
    last = TABLE_ROW + max(len(table.rows), 1)
    headers = []
    for index, (column, title) in enumerate(zip(table.columns, _unique(table.columns), strict=True)):
        sheet.set_column(index, index, _column_width(table, index))
        head = formats.get(
            bold=True, font_color="#FFFFFF", bg_color="#00566B", text_wrap=True, valign="bottom", align=column.align
        )
        headers.append({"header": title, "header_format": head})
    options = {"name": f"Tabell_{number}", "style": None, "columns": headers}
    sheet.add_table(
        TABLE_ROW, 0, last, len(table.columns) - 1, options | {"autofilter": len(table.rows) >= _FILTERED_FROM}
    )
    for row, content in enumerate(table.rows, start=TABLE_ROW + 1):
        if table.is_form:
            sheet.set_row(row, FORM_ROW_HEIGHT)
        look: dict[str, Any] = {"bottom": 4, "bottom_color": "#C9D2D7", "text_wrap": True}
        if content.is_total:
            look = {"bold": True, "bg_color": "#EDF4F5", "top": 1, "text_wrap": True}
        for index, (cell, column) in enumerate(zip(content.cells, table.columns, strict=True)):
            shown = look | {"bg_color": _STATES[cell.state]} if cell.state else look
            _write_cell(sheet, row, index, cell, column, formats, shown)
    if not table.rows:
        sheet.write_string(last, 0, NOTHING_TO_TELL, formats.get(font_color="#52606A"))
    sheet.freeze_panes(TABLE_ROW + 1, 1)
    sheet.repeat_rows(TABLE_ROW)
    _set_page(sheet, document)


def _write_cell(
    sheet: Any, row: int, index: int, cell: Cell, column: Column, formats: _Formats, look: dict[str, Any]
) -> None:
    # A mark in place of a figure keeps its mark, whatever value came with it.
    if cell.value is None or cell.display in (PROTECTED, MISSING):
        sheet.write_string(row, index, _text(cell.display), formats.get(**look, align=column.align))
    else:
        sheet.write_number(row, index, cell.value, formats.get(**look, num_format=number_format(cell, column)))


def number_format(cell: Cell, column: Column) -> str:
    """Choose Excel's format of a number: the column's, or where rows differ the one that shows what the document shows.

    Args:
        cell: With a value.
        column: ``General`` or nothing means that the rows differ.
    """
    if column.number_format not in ("", "General"):
        return column.number_format
    sign = next((one for one in (BEYOND_CHANCE, BROKEN) if cell.display.endswith(one)), "")
    mark = f'"{sign}"' if sign else ""
    plain = cell.display.removesuffix(sign).replace(NO_BREAK_SPACE, "").replace(MINUS, "-").replace(",", ".")
    plain = plain.removesuffix("%")
    try:
        displayed = Decimal(plain)
    except InvalidOperation:
        return "General"
    decimals = len(plain.partition(".")[2])
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    is_share = displayed != 0 and abs(Decimal(str(cell.value)) * 100 - displayed) < abs(displayed) / 2
    if is_share:
        return f"{pattern}%"
    if plain.startswith("+") or mark:
        return f"+{pattern}{mark};-{pattern}{mark};{pattern}{mark}"
    return pattern


def _unique(columns: Sequence[Column]) -> list[str]:
    """The header texts; Excel's tables refuse two that are alike."""
    titles: list[str] = []
    for column in columns:
        title, number = _text(column.title), 1
        while title.casefold() in {taken.casefold() for taken in titles}:
            number += 1
            title = f"{_text(column.title)} ({number})"
        titles.append(title)
    return titles


def _column_width(table: Table, index: int) -> int:
    longest = max((len(row.cells[index].display) for row in table.rows), default=0)
    word = max(len(word) for word in table.columns[index].title.split(" "))
    # What is to be filled in has nothing to measure: its wish of width counts.
    room = int(14 * table.columns[index].width) if table.is_form else 8
    return min(max(longest, word, room) + 3, _WIDEST_COLUMN)


def _set_page(sheet: Any, document: Document) -> None:
    a4 = 9
    sheet.set_paper(a4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    # An ampersand begins a code in Excel's footers.
    sheet.set_footer(f"&L{document.municipality.replace('&', '&&')}&R&P (&N)")


def _text(text: str) -> str:
    return defused(text)[:_LONGEST_TEXT]
