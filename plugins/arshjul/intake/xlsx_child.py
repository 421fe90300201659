"""The process that parses one workbook: it reads it from standard input and writes its first sheet as JSON lines.

Started by :mod:`arshjul.intake.xlsx_reader` as a process of its own, in Python's isolated mode and with an empty
environment. It first gives up its rights to memory, time and files, then looks the workbook through
(:mod:`arshjul.intake.xlsx_guard`), then parses it: whatever a workbook does to the parser, it does it here.

Lines: ``{"redo": true}`` before anything is read, ``{"blad": …, "rubriker": […]}``, one
``[number, cells, numeric columns, fault, its column]`` per row, and last ``{"slut": true}`` or ``{"avvisad": code}``.
Without such a last line the parsing did not end well.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 30
WALL_SECONDS = 900
OPEN_FILES = 64
TOO_HEAVY = 75
"""Exit code of a process that has used up its time where no signal says so."""

_FORMULA_WITHOUT_VALUE = "formula without value"


class SheetRow(NamedTuple):
    """A row of the sheet: texts and numeric cells by column (from 1), and the first fault with its column."""

    number: int
    texts: dict[int, str]
    numeric: list[int]
    fault: str | None
    fault_column: int

    @property
    def width(self) -> int:
        """The last column that holds something; 0 for a blank row."""
        return max(max(self.texts, default=0), self.fault_column)

    def cells(self) -> list[str | None]:
        return [self.texts.get(column) for column in range(1, self.width + 1)]


def limit_process() -> None:
    """Bound memory and processor time, and allow no byte to be written to any file; on Windows the time only."""
    try:
        import resource
    except ImportError:  # Windows, where only the sender's own checker runs
        clock = threading.Timer(CPU_SECONDS, os._exit, [TOO_HEAVY])
        clock.daemon = True
        clock.start()
        return
    if sys.platform != "darwin":  # which takes no bound on addresses
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    # The softer limit comes first and has a signal of its own, which the parent knows it by.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    # One that waits for nothing uses no processor. Long, since whoever loads the rows may be slow to take them.
    signal.alarm(WALL_SECONDS)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def sheet_lines(content: bytes, most_rows: int, most_columns: int) -> Iterator[Any]:
    """Guard the workbook, parse its first sheet and yield what the parent is told.

    Args:
        content: The whole workbook.
        most_rows: Most data rows.
        most_columns: Most columns.

    Raises:
        ReadRefused: The workbook must not or cannot be read.
    """
    from arshjul.intake.refusals import ReadRefused
    from arshjul.intake.xlsx_guard import guard_workbook

    guard_workbook(io.BytesIO(content))
    place, rows = _first_sheet(content)
    last = 0
    for row in rows:
        if row.number <= last:
            raise ReadRefused("ej_lasbar")
        if not row.width:
            continue
        if row.number > most_rows + 1 or row.width > most_columns:
            raise ReadRefused("for_stort_blad")
        if last == 0:
            if row.number != 1:
                break
            yield {"blad": place, "rubriker": row.cells()}
        else:
            numeric = [column - 1 for column in row.numeric]
            yield [row.number - 1, row.cells(), numeric, row.fault, row.fault_column - 1 if row.fault else None]
        last = row.number
    if last == 0:
        raise ReadRefused("rubrik_saknas")
    yield {"slut": True}


def _first_sheet(content: bytes) -> tuple[str, Iterator[SheetRow]]:
    """The first visible sheet's place among the sheets, and its rows."""
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheets = workbook.worksheets
    index = next((index for index, sheet in enumerate(sheets) if sheet.sheet_state == "visible"), 0)
    return f"{index + 1} av {len(sheets)}", _sheet_rows(workbook, sheets[index])


def _sheet_rows(workbook: Any, sheet: Any) -> Iterator[SheetRow]:
    """Go through the sheet with openpyxl's own parser, below its worksheet.

    The worksheet fills every gap between rows and cells, which is what a sheet with one cell in its last corner is
    made for, and cannot tell a formula that was never calculated from an empty cell.
    """
    from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

    class Parser(WorkSheetParser):
        def parse_cell(self, element: Any) -> dict[str, Any]:
            cell: dict[str, Any] = super().parse_cell(element)
            if cell["value"] is None and element.find(FORMULA_TAG) is not None and element.find(VALUE_TAG) is None:
                cell["data_type"] = _FORMULA_WITHOUT_VALUE
            return cell

    with sheet._get_source() as source:
        parser = Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
        )
        for number, cells in parser.parse():
            yield _sheet_row(number, cells)


def _sheet_row(number: int, cells: list[dict[str, Any]]) -> SheetRow:
    from arshjul.intake.refusals import ReadRefused

    texts: dict[int, str] = {}
    numeric: list[int] = []
    fault, fault_column = None, 0
    for cell in cells:
        column, data_type, value = cell["column"], cell["data_type"], cell["value"]
        if column in texts:
            raise ReadRefused("ej_lasbar")
        text = None
        if data_type == _FORMULA_WITHOUT_VALUE:
            fault, fault_column = fault or "formel_utan_varde", fault_column or column
        elif value is not None:
            text = _text(data_type, value)
            if text is None:
                fault, fault_column = fault or "fel_cellvarde", fault_column or column
            elif data_type == "n":
                numeric.append(column)
        if text and not text.isspace():
            texts[column] = text
    return SheetRow(number, texts, numeric, fault, fault_column)


def _text(data_type: str, value: Any) -> str | None:
    """A value's text; ``None`` for true, false, errors and numbers no one means."""
    if data_type == "n":
        return _number_text(value)
    if data_type in ("b", "e"):
        return None
    if data_type == "d":
        is_day = isinstance(value, datetime) and value.time() == datetime.min.time()
        return str(value.date()) if is_day else value.isoformat() if hasattr(value, "isoformat") else str(value)
    return str(value)


@lru_cache(maxsize=4096)
def _number_text(value: int | float) -> str | None:
    from arshjul.intake.table import decimal_text

    # Excel counts with 15 digits: 7.6000000000000005 in the file is what its owner sees as 7.6.
    return decimal_text(Decimal(f"{value:.15g}") if isinstance(value, float) else value)


def main() -> None:
    # openpyxl imports numpy where there is one: a quarter of a second, and threads that eat the address space.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    import openpyxl  # noqa: F401

    from arshjul.intake.refusals import ReadRefused

    limit_process()  # before the first byte of the workbook, and after our own imports: a slow machine is nobody's fault
    _write({"redo": True})
    try:
        for line in sheet_lines(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2])):
            _write(line)
    except ReadRefused as refused:
        _write({"avvisad": refused.code})
    except MemoryError:
        _write({"avvisad": "for_tung"})
    except Exception:
        # Anything at all can go wrong in there, and nothing of what went wrong may be told.
        _write({"avvisad": "ej_lasbar"})


def _write(line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    if isinstance(line, dict):
        sys.stdout.flush()
