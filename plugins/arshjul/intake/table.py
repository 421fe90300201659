"""What every reader makes of a file: headers, and rows of text to go through once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import TracebackType
from typing import BinaryIO, NamedTuple, TypeAlias

from arshjul.intake.refusals import ReadRefused

OpenStream: TypeAlias = Callable[[], BinaryIO]
"""Opens the same archived file from its start each time it is called, as a buffered stream."""

FORMULA_SIGNS = ("=", "＝")
"""What begins a formula; the second is its full-width form, which some spreadsheets take for the first."""

_MOST_DIGITS = 40

_NO_COLUMNS: frozenset[int] = frozenset()

# Control characters, marks that turn the reading direction, characters without width, the mark of a failed conversion,
# and halves of characters: none of them can be seen, and a code or a number with one in it is not what it looks like.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd\ud800-\udfff]"
)


class Row(NamedTuple):
    """One data row.

    Attributes:
        number: The row's place below the header: 1 is the first row below it, in every kind of file. A blank row is
            no row but keeps its number, so that the number always points to the same place in the file.
        cells: Text in the order of the headers, stripped of blanks, ``None`` for a blank cell. A row with the fault
            ``fel_antal_kolumner`` has as many cells as the file gave it.
        fault: Why the row cannot be typed, a key of ``ROW_FAULTS``.
        fault_column: Index of the column the fault is about; ``None`` when it is about the whole row.
        numeric: Indexes of the cells that were numbers in Excel or JSON, where leading zeros may have been lost.
    """

    number: int
    cells: tuple[str | None, ...]
    fault: str | None = None
    fault_column: int | None = None
    numeric: frozenset[int] = _NO_COLUMNS


class Plain(NamedTuple):
    """Rows in a block that need no look of their own: every line has a cell for each header and none is blank.

    Attributes:
        number: The first row's place below the header; the others follow without gaps.
        total: How many rows.
        text: The rows as they stand in UTF-8, each ended by ``\\n``: Unicode NFC with visible characters only, nothing to
            strip or unquote.
        delimiter: What stands between the cells, and nowhere else.
    """

    number: int
    total: int
    text: bytes
    delimiter: str

    def rows(self) -> Iterator[Row]:
        """Every row by itself."""
        for number, line in enumerate(self.text.decode().split("\n")[:-1], start=self.number):
            yield Row(number, tuple([cell or None for cell in line.split(self.delimiter)]))


@dataclass
class Table:
    """An opened file. Use it as a context manager; its rows can be gone through once.

    Going through the rows may still raise :class:`~arshjul.intake.refusals.ReadRefused`, which is about the whole
    file: what was read of it before must not be kept.

    Attributes:
        headers: Column names, stripped and in lower case. A JSON file's are all its keys, in the order they turn up;
            a JSON file without rows has none.
        rows: The data rows in order.
        pieces: The same rows, plain ones by the block, where the reader can tell; go through one or the other.
        detected: What was found out about the file, in Swedish, for the receipt.
        statements: What the file itself says about its sender and period (JSON only).
    """

    headers: tuple[str, ...]
    rows: Iterator[Row]
    detected: Mapping[str, str]
    statements: Mapping[str, str] = field(default_factory=dict)
    pieces: Iterator[Row | Plain] | None = None
    on_close: Callable[[], None] = field(default=lambda: None, repr=False)

    def close(self) -> None:
        """Let go of the file, whether or not all rows were read."""
        self.on_close()

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def clean_text(text: str) -> str | None:
    """Return a cell's text in Unicode NFC without surrounding blanks (NBSP too), ``None`` when nothing is left."""
    return unicodedata.normalize("NFC", text).strip() or None


def has_forbidden(text: str) -> bool:
    """Whether text holds characters that cannot be seen or stored."""
    # The mark of a failed conversion is the only one of them that Python calls printable.
    return (not text.isprintable() or "\ufffd" in text) and _FORBIDDEN.search(text) is not None


def text_fault(text: str) -> str | None:
    """Return what is wrong with a cell's text whatever its field, a key of ``ROW_FAULTS``, or ``None``.

    A text that begins as a formula is refused, the other signs a spreadsheet runs (``+ - @``) are not: they begin
    telephone numbers and lists. What leaves the house is defused all the same. Source: facts/privacy.md §5.
    """
    if has_forbidden(text):
        return "otillatet_tecken"
    return "formel" if text.startswith(FORMULA_SIGNS) else None


def decimal_text(value: Decimal | int) -> str | None:
    """Return a number as its shortest decimal text with a point, ``None`` when nobody means a number so long.

    >>> decimal_text(Decimal("8.0")), decimal_text(Decimal("1E+3")), decimal_text(Decimal("-0.50"))
    ('8', '1000', '-0.5')
    """
    number = Decimal(value)
    # Checked first: written out, an exponent of a few digits is a text of gigabytes.
    if not number.is_finite() or len(number.as_tuple().digits) > _MOST_DIGITS or abs(number.adjusted()) > _MOST_DIGITS:
        return None
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def normalise_header(text: str | None) -> str:
    """Return a column name as it is compared: NFC, no surrounding blanks, no invisible characters, lower case."""
    return (clean_text(_FORBIDDEN.sub("", text or "")) or "").casefold()


def normalise_headers(names: Sequence[str | None], most: int) -> tuple[str, ...]:
    """Return the header row's column names; blank ones at its end are no columns.

    Args:
        names: The header row's cells.
        most: Most columns.

    Raises:
        ReadRefused: ``rubrik_saknas``, ``for_manga_kolumner`` or ``dubblett_kolumn``.
    """
    headers = [normalise_header(name) for name in names]
    while headers and not headers[-1]:
        headers.pop()
    if not headers or "" in headers:
        raise ReadRefused("rubrik_saknas")
    if len(headers) > most:
        raise ReadRefused("for_manga_kolumner")
    if len(set(headers)) != len(headers):
        raise ReadRefused("dubblett_kolumn")
    return tuple(headers)


def make_row(number: int, cells: Sequence[str | None], width: int, numeric: frozenset[int] = _NO_COLUMNS) -> Row | None:
    """Return a row of raw cells with the care any text may need, or ``None`` when it is blank.

    Args:
        number: The row's place below the header.
        cells: The cells as the file has them.
        width: Number of headers. Blank cells beyond it are left out.
        numeric: Indexes of the cells that were numbers.
    """
    cleaned = [None if cell is None else clean_text(cell) for cell in cells]
    if not any(cleaned):
        return None
    while len(cleaned) > width and cleaned[-1] is None:
        cleaned.pop()
    if len(cleaned) != width:
        return Row(number, tuple(cleaned), "fel_antal_kolumner", None, numeric)
    for column, cell in enumerate(cleaned):
        if cell is not None and (fault := text_fault(cell)):
            return Row(number, tuple(cleaned), fault, column, numeric)
    return Row(number, tuple(cleaned), None, None, numeric)
