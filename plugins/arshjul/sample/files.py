"""Rows to bytes, in each sender's own shape, the same bytes everywhere.

An XLSX file is written by xlsxwriter and packed again without compression: deflate gives other bytes with another zlib,
and ``ZipInfo`` notes the operating system.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime

from arshjul.sample.columns import COLUMNS, Cell, Row
from arshjul.sample.providers import FileShape

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)


def file_name(dataset: str, orgnr: str, month_key: str, suffix: str) -> str:
    """Return a delivery's name: ``<dataset>_<orgnr>_<YYYY-MM>.<suffix>`` (spec/deliveries.md, "Files")."""
    return f"{dataset}_{orgnr}_{month_key}.{suffix}"


def encode(shape: FileShape, dataset: str, rows: list[Row]) -> bytes:
    """Write rows as the sender would.

    Args:
        shape: The sender's way of writing.
        dataset: Names the columns.
        rows: Cells in the order of :data:`arshjul.sample.columns.COLUMNS`.
    """
    if shape.suffix == "xlsx":
        return _xlsx(COLUMNS[dataset], rows)
    if shape.suffix == "json":
        return _json(dataset, rows)
    return _csv(shape, COLUMNS[dataset], rows)


def _csv(shape: FileShape, columns: tuple[str, ...], rows: list[Row]) -> bytes:
    def text(cell: Cell) -> str:
        if isinstance(cell, str):
            return cell
        if cell is None:
            return ""
        if isinstance(cell, date):
            return cell.strftime(shape.date_pattern)
        return str(cell) if isinstance(cell, int) else f"{cell:g}".replace(".", shape.decimal)

    headers = [f" {name.upper()} " if shape.loud_headers else name for name in columns]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=shape.delimiter, lineterminator=shape.line_end)
    writer.writerow(headers)
    writer.writerows([text(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode(shape.encoding)


def _json(dataset: str, rows: list[Row]) -> bytes:
    """An array of objects; ``kapacitet`` wrapped as ``{"rader": […]}``, the other form the contract allows."""

    def value(cell: Cell) -> str | float | None:
        return cell.isoformat() if isinstance(cell, date) else cell

    objects = [dict(zip(COLUMNS[dataset], map(value, row), strict=True)) for row in rows]
    content = {"rader": objects} if dataset == "kapacitet" else objects
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _xlsx(columns: tuple[str, ...], rows: list[Row]) -> bytes:
    import xlsxwriter

    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED, "author": "Exempelkommun"})
        day_format = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Blad1")
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day_format)
                elif cell is not None:
                    sheet.write_number(number, column, cell)
    return _repacked(packed)


def _repacked(packed: io.BytesIO) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return stored.getvalue()
