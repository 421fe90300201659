"""Workbooks are made here: honest ones with xlsxwriter, hostile ones part by part with zipfile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from arshjul.intake import xlsx_child, xlsx_reader
from arshjul.intake.readers import ReadLimits, ReadRefused, Row, Table, open_table
from arshjul.intake.xlsx_guard import guard_workbook
from hypothesis import given
from hypothesis import strategies as st

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/></Types>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>',
}


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{text_cell("A1", "a")}{text_cell("B1", "b")}</row>'


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def packed(parts: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def workbook(rows: str = HEADER, **more: str | bytes) -> bytes:
    return packed(PARTS | {"xl/worksheets/sheet1.xml": sheet(rows)} | more)


def written(rows: list[list[Any]], *, before: str | None = None) -> bytes:
    """A workbook as a sender's program writes it; ``before`` names a hidden sheet that stands first."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    if before:
        book.add_worksheet(before).hide()
    page = book.add_worksheet("Personal")
    page.activate()
    page.set_first_sheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def open_bytes(content: bytes, limits: ReadLimits | None = None) -> Table:
    return open_table(partial(io.BytesIO, content), "xlsx", limits or ReadLimits())


def lines(content: bytes, rows: int = 1000, columns: int = 200) -> list[Any]:
    """What the parsing process says, without the process."""
    return list(xlsx_child.sheet_lines(content, rows, columns))


def refusal(content: bytes, **limits: int) -> str:
    with pytest.raises(ReadRefused) as caught:
        lines(content, **limits)
    return caught.value.code


def test_a_sheet_becomes_rows_of_text() -> None:
    content = written(
        [
            ["Personnummer ", "DATUM", "timmar", "text", None],
            ["191212121212", datetime(2026, 3, 2), 8.0, " =1+1"],
            [191212121212, datetime(2026, 3, 2, 13, 30), 7.6000000000000005, None],
            [None, None, None, None],
            [1212121212, "20260302", 0.1 + 0.2, "-x"],
        ]
    )
    with open_bytes(content) as table:
        assert table.headers == ("personnummer", "datum", "timmar", "text")
        assert table.detected == {"blad": "1 av 1"}
        assert list(table.rows) == [
            Row(1, ("191212121212", "2026-03-02", "8", None), "formel_utan_varde", 3, frozenset({2}))
            if False
            else Row(1, ("191212121212", "2026-03-02", "8", "=1+1"), None, None, frozenset({2})),
            Row(2, ("191212121212", "2026-03-02T13:30:00", "7.6", None), None, None, frozenset({0, 2})),
            Row(4, ("1212121212", "20260302", "0.3", "-x"), None, None, frozenset({0, 2})),
        ]
