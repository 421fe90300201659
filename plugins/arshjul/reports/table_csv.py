"""Tables for other programs: CSV in UTF-8 with commas and decimal points, safe to open in a spreadsheet.

A text that a spreadsheet would run as a formula gets an apostrophe before it; a number, also a negative one, stays a
number. Source: facts/privacy.md §5 "CSV/XLSX formula injection".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

_TRIGGER = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_LINE_END = re.compile(r"\r\n?")


def defused(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if _TRIGGER.match(text) and not _NUMBER.fullmatch(text) else text


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Write a table line by line, so that its size does not matter.

    Args:
        columns: Header.
        rows: Texts, each row as long as the header; numbers are written with a decimal point by whoever makes them.

    Raises:
        ValueError: A row is not as long as the header.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for number, row in enumerate(chain([columns], rows)):
        if len(row) != len(columns):
            raise ValueError(f"row {number} has {len(row)} fields and not {len(columns)}")
        # A lone carriage return is not quoted by the csv module, and would part the row for those who read it.
        writer.writerow([_LINE_END.sub("\n", defused(text)) for text in row])
        yield buffer.getvalue().encode("utf-8")
        buffer.seek(0)
        buffer.truncate()


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a whole table: UTF-8 without byte order mark, one line per row. See :func:`csv_lines`."""
    return b"".join(csv_lines(columns, rows))
