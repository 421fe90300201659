"""CSV as it really arrives: delimiter and encoding found out, rows streamed, ragged rows told apart from bad files.

The file is gone through twice: once to know its encoding (:mod:`arshjul.intake.text_encoding`), once for the rows.
Memory is a few blocks: no row may be longer than two of them.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from arshjul.intake.refusals import ReadLimits, ReadRefused
from arshjul.intake.table import OpenStream, Row, Table, make_row, normalise_headers
from arshjul.intake.text_encoding import BLOCK_BYTES, MOST_ROW_BYTES, TextFacts, examine_text

_DELIMITERS = {";": "semikolon", ",": "komma", "\t": "tabb"}


def open_csv(open_stream: OpenStream, limits: ReadLimits) -> Table:
    """Open a CSV file.

    Args:
        open_stream: Opens the file from its start.
        limits: How much the file may hold.

    Raises:
        ReadRefused: The file cannot be read.
    """
    facts = examine_text(open_stream, limits.csv_bytes)
    stream = open_stream()
    try:
        return _open_decoded(stream, facts, limits)
    except ReadRefused:
        stream.close()
        raise


def _open_decoded(stream: BinaryIO, facts: TextFacts, limits: ReadLimits) -> Table:
    lines = _Lines(stream, facts.encoding)
    chunks = iter(lines)
    first = next(chunks, None)
    if first is None:
        raise ReadRefused("tom_fil")
    delimiter = _find_delimiter(first.getvalue())
    reader = csv.reader(chain.from_iterable(chain([first], chunks)), delimiter=delimiter, strict=True)
    headers = normalise_headers(next(reader), limits.columns)
    return Table(
        headers=headers,
        rows=_rows(reader, lines, len(headers), facts.is_plain),
        detected={"teckenkodning": facts.name, "skiljetecken": _DELIMITERS[delimiter]},
        on_close=stream.close,
    )


def _find_delimiter(text: str) -> str:
    """The delimiter that splits the header into most columns, quotes respected."""

    def width(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
        except csv.Error:
            return -1

    best = max(_DELIMITERS, key=width)
    if width(best) < 0:
        raise ReadRefused("fel_citattecken")
    return best


class _Lines:
    """A file's text in chunks that end where a line ends, for as long as each of them also ends a record.

    Attributes:
        records: How many records have been made of the lines; counted by who reads them.
    """

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self.records = 0

    def __iter__(self) -> Iterator[io.StringIO]:
        rest, pending, seen = "", 0, 0
        is_done = False
        while not is_done:
            block = self._stream.read(BLOCK_BYTES)
            is_done = not block
            rest += self._decoder.decode(block, final=is_done)
            # A return at the very end may be half of a line end; it waits for what follows.
            cut = len(rest) if is_done else max(rest.rfind("\n"), rest.rfind("\r", 0, -1)) + 1
            pending = pending + cut if self.records == seen else cut
            seen = self.records
            if max(pending, len(rest) - cut) > MOST_ROW_BYTES:
                raise ReadRefused("for_lang_rad", self.records + 1)
            if cut:
                yield io.StringIO(rest[:cut], newline="")
                rest = rest[cut:]


def _rows(reader: Iterator[list[str]], lines: _Lines, width: int, is_plain: bool) -> Iterator[Row]:
    number = 0
    try:
        for record in reader:
            number += 1
            lines.records = number
            if is_plain and len(record) == width:
                cells = tuple([cell.strip() or None for cell in record])
                if any(cells):
                    yield Row(number, cells)
            elif (row := make_row(number, record, width)) is not None:
                yield row
    except csv.Error:
        raise ReadRefused("fel_citattecken", number + 1) from None
