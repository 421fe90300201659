"""XLSX: the first sheet, with its header in row 1, parsed in a process of its own (:mod:`arshjul.intake.xlsx_child`).

The workbook goes to that process through a pipe and comes back row by row through another, so that its plain text is
never on disk and a hostile one can neither fill this process's memory nor take it along when it falls.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from arshjul.intake.refusals import REFUSALS, ReadLimits, ReadRefused
from arshjul.intake.table import OpenStream, Row, Table, make_row, normalise_headers
from arshjul.intake.xlsx_child import TOO_HEAVY
from arshjul.settings import bare_environment

# The folder our package lies in, or the one file that the sender's checker is.
_ROOT = str(Path(__file__).resolve().parents[2])
_CHILD = ("-c", f"import sys; sys.path.insert(0, {_ROOT!r}); from arshjul.intake.xlsx_child import main; main()")
_OUT_OF_TIME = (TOO_HEAVY, *(-getattr(signal, name, TOO_HEAVY) for name in ("SIGXCPU", "SIGALRM")))
_PIECE_BYTES = 1 << 20
_ENDING_SECONDS = 5  # from its last line to its end; one that lingers is killed when the table is closed
# Python's own XML parser in C: the guard has refused every type definition by then, and the process has its limits.
_ENVIRONMENT = {"OPENPYXL_LXML": "False", "OPENPYXL_DEFUSEDXML": "False"}


def open_xlsx(open_stream: OpenStream, limits: ReadLimits) -> Table:
    """Open a workbook's first visible sheet.

    Args:
        open_stream: Opens the file from its start; called once.
        limits: How much the file may hold.

    Raises:
        ReadRefused: The workbook must not or cannot be read.
        RuntimeError: The parsing process cannot start: our fault and not the sender's.
    """
    child = subprocess.Popen(
        [sys.executable, "-I", "-B", *_CHILD, str(limits.xlsx_rows), str(limits.columns)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=bare_environment() | _ENVIRONMENT,
    )
    try:
        lines = _lines(child)
        if next(lines, None) != {"redo": True}:
            raise RuntimeError("the process that parses workbooks does not start; is openpyxl installed?")
        _feed(child, open_stream, limits.xlsx_bytes)
        first = _next_line(lines)
        headers = normalise_headers(first["rubriker"], limits.columns)
    except BaseException:
        _stop(child)
        raise
    return Table(
        headers=headers,
        rows=_rows(lines, len(headers)),
        detected={"blad": first["blad"]},
        on_close=partial(_stop, child),
    )


def _lines(child: subprocess.Popen[bytes]) -> Iterator[Any]:
    for line in cast(IO[bytes], child.stdout):
        try:
            yield json.loads(line)
        except ValueError:
            break  # killed in the middle of a line
    with suppress(subprocess.TimeoutExpired):
        if child.wait(_ENDING_SECONDS) in _OUT_OF_TIME:
            yield {"avvisad": "for_tung"}


def _feed(child: subprocess.Popen[bytes], open_stream: OpenStream, limit_bytes: int) -> None:
    size = 0
    # A child that has died over what it got so far tells so by its silence, not by a broken pipe.
    with open_stream() as stream, suppress(BrokenPipeError), cast(IO[bytes], child.stdin) as pipe:
        while piece := stream.read(_PIECE_BYTES):
            size += len(piece)
            if size > limit_bytes:
                raise ReadRefused("for_stor")
            pipe.write(piece)


def _next_line(lines: Iterator[Any]) -> Any:
    """The next line of the parsing process.

    Raises:
        ReadRefused: It refused the workbook, or died over it.
    """
    line = next(lines, {"avvisad": "ej_lasbar"})
    if isinstance(line, dict) and "avvisad" in line:
        raise ReadRefused(line["avvisad"] if line["avvisad"] in REFUSALS else "ej_lasbar")
    return line


def _rows(lines: Iterator[Any], width: int) -> Iterator[Row]:
    while (line := _next_line(lines)) != {"slut": True}:
        number, cells, numeric, fault, fault_column = line
        row = make_row(number, cells + [None] * (width - len(cells)), width, frozenset(numeric))
        if fault is not None:
            row = Row(number, tuple(cells) if row is None else row.cells, fault, fault_column, frozenset(numeric))
        if row is not None:
            yield row


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    with child:  # closes the pipes and waits
        pass
