"""The workbook has every table, numbers as numbers, and nothing that runs or reveals."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from tests.reports.example import CROWDED, EXAMPLE, document, reveal, tables

from arshjul.comparison.numbers import NOTHING_TO_TELL, PROTECTED
from arshjul.reports.blocks import Cell, Column, Document, Row, Table
from arshjul.reports.workbook import FIRST_SHEET, number_format, render_workbook

HEADER_ROW = 4


def opened(given: Document, extra: Sequence[Table] = ()) -> Any:
    return openpyxl.load_workbook(io.BytesIO(render_workbook(given, extra)))


def table(title: str = "Tabell", sheet: str = "", *cells: Cell) -> Table:
    rows = (Row((Cell("Insats"), *cells)),)
    return Table(title, title, (Column("Namn"), *(Column(f"Kolumn {n}") for n in range(len(cells)))), rows, sheet=sheet)


def content(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER_ROW)]


@pytest.mark.parametrize("given", [EXAMPLE, CROWDED], ids=["example", "crowded"])
def test_every_table_has_a_sheet_with_every_cell_from_row_four(given: Document) -> None:
    found = {sheet.cell(1, 1).value: content(sheet) for sheet in opened(given).worksheets[1:]}
    for one in tables(given):
        header, *rows = found[one.title]
        assert header == [column.title for column in one.columns]
        expected = [
            [cell.display if cell.value is None else pytest.approx(float(cell.value)) for cell in row.cells]
            for row in one.rows
        ]
        nothing = [[NOTHING_TO_TELL, *[None] * (len(one.columns) - 1)]]
        assert rows == (expected or nothing)


def test_the_first_sheet_tells_what_the_others_are_and_what_the_signs_mean() -> None:
    book = opened(EXAMPLE)
    assert book.sheetnames[0] == FIRST_SHEET
    told = [cell.value for row in book[FIRST_SHEET].iter_rows() for cell in row if cell.value]
    assert {*book.sheetnames[1:], EXAMPLE.title, *(one.title for one in tables(EXAMPLE))} <= set(told)
    assert any(text.startswith(PROTECTED) for text in told)


def test_a_figure_whose_table_stands_in_the_text_gets_no_second_sheet() -> None:
    assert opened(EXAMPLE).sheetnames.count("Utfall mot mål") == 1
    assert not [name for name in opened(EXAMPLE).sheetnames if "(2)" in name]


def test_tables_of_its_own_stand_last() -> None:
    assert opened(EXAMPLE, [table("Siffror")]).sheetnames[-1] == "Siffror"


def test_shares_are_stored_as_shares_and_shown_in_percent() -> None:
    sheet = opened(EXAMPLE)["Utfall mot mål"]
    assert (sheet["C5"].value, sheet["C5"].number_format) == (0.74, "0%")
    assert (sheet["E5"].value, sheet["E5"].number_format) == (9, "+0;-0;0")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Cell("44", Decimal("0.44")), "#,##0%"),
        (Cell("44,4\u00a0%", 0.444), "#,##0.0%"),
        (Cell("1\u00a0284", 1284), "#,##0"),
        (Cell("0,5", 0.5), "#,##0.0"),
        (Cell("+3", 3), "+#,##0;-#,##0;#,##0"),
        (Cell("−3", -3), "#,##0"),
        (Cell("0", 0), "#,##0"),
        (Cell("−3*", -3), '+#,##0"*";-#,##0"*";#,##0"*"'),
        (Cell("+0,2b", Decimal("0.2")), '+#,##0.0"b";-#,##0.0"b";#,##0.0"b"'),
        (Cell("fem", 5), "General"),
    ],
)
def test_where_rows_differ_a_number_is_shown_as_the_document_shows_it(cell: Cell, expected: str) -> None:
    assert number_format(cell, Column("Värde", "right", number_format="General")) == expected
    assert number_format(cell, Column("Värde", "right", number_format="0.00")) == "0.00"


@pytest.mark.parametrize("given", [EXAMPLE, CROWDED], ids=["example", "crowded"])
def test_a_protected_cell_is_the_mark_whatever_value_stands_behind_it(given: Document) -> None:
    assert render_workbook(reveal(given, 3)) == render_workbook(reveal(given, 4)) == render_workbook(given)


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x.example","y")', "@SUM(1)", "+46 70", "-1+1", "\t=1", "{=1}"])
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    hostile = replace(table(f"{text} titel", "", Cell(text)), note=text)
    book = opened(replace(document(hostile), title=text, unit=text, head=((text, text),)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.hyperlink is None or cell.hyperlink.target is None for cell in cells)
    assert not [cell for cell in cells if isinstance(cell.value, str) and cell.value[0] in "=+-@\t"]
    assert any(cell.value in (text, f"'{text}") for cell in cells)


def test_a_web_address_is_text_and_no_link() -> None:
    sheet = opened(document(table("Tabell", "", Cell("https://evil.example")))).worksheets[1]
    assert sheet["B5"].value == "https://evil.example"
    assert sheet["B5"].hyperlink is None


def test_sheet_names_are_short_unique_and_such_as_excel_takes() -> None:
    long = "Utfall mot mål per insats, kön och åldersgrupp"
    wanted = [long, long, long.upper(), "Läs mig", "a/b:c*d?[e]\\", "'", "kön", "KÖN"]
    names = opened(document(*(table(f"Tabell {n}", name) for n, name in enumerate(wanted)))).sheetnames
    assert len(names) == len(wanted) + 1
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_two_columns_with_the_same_header_are_told_apart() -> None:
    columns = (Column("Mått"), Column("Förändring"), Column("Förändring"))
    twice = Table("t", "T", columns, (Row((Cell("a"), Cell("1", 1), Cell("2", 2))),))
    assert content(opened(document(twice)).worksheets[1]) == [["Mått", "Förändring", "Förändring (2)"], ["a", 1, 2]]


def test_sheets_are_easy_to_read_and_to_print() -> None:
    for sheet in opened(EXAMPLE).worksheets[1:]:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes == "B5"
        assert sheet.print_title_rows == "$4:$4"
        assert len(sheet.tables) == 1


def test_nothing_in_the_file_is_hidden_or_runs() -> None:
    book = opened(EXAMPLE)
    assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}
    with zipfile.ZipFile(io.BytesIO(render_workbook(EXAMPLE))) as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower() or "external" in name.lower()]


def test_the_file_tells_its_title_and_the_documents_own_date() -> None:
    properties = opened(EXAMPLE).properties
    assert properties.title.startswith(EXAMPLE.title)
    assert properties.creator == EXAMPLE.unit
    assert properties.created.date() == EXAMPLE.date
