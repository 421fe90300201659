"""CSV as it really arrives: delimiter and encoding found out, rows streamed, ragged rows told apart from bad files.

The file is gone through twice: once to know its encoding (:mod:`arshjul.intake.text_encoding`), once for the rows.
Memory is a few blocks and the longest row.

A block in which a few looks at the whole of it show that every line is a row as it stands (right number of cells, no
quotes, nothing to strip) is handed on as it is; any other goes through the parser, row by row.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from arshjul.intake.refusals import ReadLimits, ReadRefused
from arshjul.intake.table import OpenStream, Plain, Row, Table, make_row, normalise_headers
from arshjul.intake.text_encoding import BLOCK_BYTES, MOST_ROW_BYTES, TextFacts, examine_text

_DELIMITERS = {";": "semikolon", ",": "komma", "\t": "tabb"}
# A first line that tells Excel the delimiter and is no header.
_STATED = re.compile(r"sep=([;,\t])(?:\r\n|\r|\n|$)", re.IGNORECASE)
_ASCII = bytes(range(128))
_ODD_BLANKS = re.compile(r"\s")
# The parser takes no cell longer than csv.field_size_limit(), 131 072 characters: a block with such a line is its to judge.
_LONG_LINE = 1 << 16


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
    text = lines.next_block() or ""
    if stated := _STATED.match(text):
        text = text[stated.end() :] or lines.next_block() or ""
    if not text:
        raise ReadRefused("tom_fil")
    delimiter = stated[1] if stated else _find_delimiter(text)
    lines.go_on(text)
    headers = normalise_headers(next(csv.reader(lines, delimiter=delimiter, strict=True)), limits.columns)
    records = _Records(lines, delimiter, len(headers), facts.is_plain)
    return Table(
        headers=headers,
        rows=records.rows(),
        pieces=records.pieces(),
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
    """A file's lines, read block by block: an iterator for the parser, which stops only where a record ends.

    Attributes:
        records: How many records have been made of the lines; counted by who reads them.
    """

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._blocks = self._read(stream, codecs.getincrementaldecoder(encoding)("strict"))
        self._block = io.StringIO(newline="")
        self._is_between = False
        self.records = 0

    def _read(self, stream: BinaryIO, decoder: codecs.IncrementalDecoder) -> Iterator[str]:
        """Blocks that end where a line ends, for as long as each of them also ends a record."""
        rest, pending, seen = "", 0, 0
        is_done = False
        while not is_done:
            block = stream.read(BLOCK_BYTES)
            is_done = not block
            rest += decoder.decode(block, final=is_done)
            # A return at the very end may be half of a line end; it waits for what follows.
            cut = len(rest) if is_done else max(rest.rfind("\n"), rest.rfind("\r", 0, -1)) + 1
            pending = pending + cut if self.records == seen else cut
            seen = self.records
            if max(pending, len(rest) - cut) > MOST_ROW_BYTES:
                raise ReadRefused("for_lang_rad", self.records + 1)
            if cut:
                yield rest[:cut]
                rest = rest[cut:]

    def next_block(self) -> str | None:
        """What is left of the block that is being read, else the next one; ``None`` at the end of the file."""
        return self._block.read() or next(self._blocks, None)

    def go_on(self, block: str) -> None:
        """Read lines from here."""
        self._block = io.StringIO(block, newline="")

    def begin_record(self) -> None:
        """Say that the next line is a record's first: there the parser stops when the block has ended."""
        self._is_between = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._block.readline()
        if not line and not self._is_between:
            # A quoted cell goes on in the next block.
            self.go_on(next(self._blocks))
            line = self._block.readline()
        if not line:
            raise StopIteration
        self._is_between = False
        return line


class _Records:
    """The rows of an opened file; go through them once, one way or the other."""

    def __init__(self, lines: _Lines, delimiter: str, width: int, is_plain: bool) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._width = width
        self._is_plain = is_plain

    def rows(self) -> Iterator[Row]:
        """Every row by itself."""
        for piece in self.pieces():
            if isinstance(piece, Plain):
                yield from piece.rows()
            else:
                yield piece

    def pieces(self) -> Iterator[Row | Plain]:
        """Blocks of plain rows, and the other rows by themselves."""
        while (block := self._lines.next_block()) is not None:
            if self._is_plain and (piece := self._plain_rows(block)) is not None:
                self._lines.records += piece.total
                yield piece
            else:
                yield from self._parsed(block)

    def _parsed(self, block: str) -> Iterator[Row]:
        self._lines.go_on(block)
        reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        while True:
            self._lines.begin_record()
            try:
                record = next(reader, None)
            except csv.Error:
                raise ReadRefused("fel_citattecken", self._lines.records + 1) from None
            if record is None:
                return
            self._lines.records += 1
            number = self._lines.records
            if self._is_plain and len(record) == self._width:
                cells = tuple([cell.strip() or None for cell in record])
                if any(cells):
                    yield Row(number, cells)
            elif (row := make_row(number, record, self._width)) is not None:
                yield row

    def _plain_rows(self, block: str) -> Plain | None:
        """The block's rows as they stand, when each line is a row whose cells are what stands there."""
        text = block.replace("\r\n", "\n") if "\r" in block else block
        if not text.endswith("\n"):
            text += "\n"
        edge, blank = self._delimiter, self._delimiter * (self._width - 1)
        odd = ['"', "\r", f"\n{blank}\n", *({"\t"} - {edge})]
        if " " in text:
            odd += [f" {edge}", f"{edge} ", " \n", "\n "]
        if text.startswith((" ", f"{blank}\n")) or any(one in text for one in odd) or _has_long_line(text):
            return None
        data = text.encode()
        if not text.isascii() and _ODD_BLANKS.search(data.translate(None, _ASCII).decode()):
            return None
        marks = data.translate(None, bytes(set(range(256)) - set(f"{edge}\n".encode())))
        row = f"{blank}\n".encode()
        count = len(marks) // len(row)
        return Plain(self._lines.records + 1, count, data, edge) if marks == row * count else None


def _has_long_line(text: str) -> bool:
    return any(text.find("\n", start, start + _LONG_LINE) < 0 for start in range(0, len(text) - _LONG_LINE, _LONG_LINE))
