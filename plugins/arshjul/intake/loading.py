"""From a file's rows to a table in the database, as text, by ``COPY``: memory does not grow with the file.

A personnummer never gets there: while the rows stream by it is replaced with its keyed alias, its ciphertext and what
the indicators need (birth date, sex), or with the code of what is wrong with it. A sensitive text is replaced with its
keyed mark, its length and its ciphertext.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, groupby
from typing import TypeAlias

from sqlalchemy import Connection

from arshjul.catalogue.contracts import Contract, Field
from arshjul.intake.headers import Header
from arshjul.intake.identity import IdentityKeys
from arshjul.intake.personnummer import PersonnummerError, parse_personnummer
from arshjul.intake.table import Plain, Row, Table
from arshjul.warehouse.statements import Statements, copy_text, execute_text

_BATCH_ROWS = 4096
_PERSON_COLUMNS = (
    "person_mark",
    "person_error",
    "person_key_id",
    "person_kind",
    "person_birth_date",
    "person_sex",
    "person_encrypted",
    "person_warnings",
)
# What the text format of COPY gives a meaning of its own.
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPED = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}

_Pick: TypeAlias = Callable[[Row], Sequence[str | None]]
_Hide: TypeAlias = Callable[[str | None, bool], Sequence[str]]
"""What replaces a cell, given its text and whether it was a number."""


def load_rows(
    connection: Connection,
    statements: Statements,
    contract: Contract,
    table: Table,
    header: Header,
    keys: IdentityKeys,
    reference_date: date,
) -> None:
    """Stream all rows of an opened file into ``delivered``, a temporary table of the transaction.

    Args:
        connection: Inside a transaction that has not loaded a file before.
        statements: The statements of ``include/sql``.
        contract: What the file is held to.
        table: The opened file.
        header: The file's columns.
        keys: Turn a personnummer into its alias and ciphertext, a sensitive text into its mark and ciphertext.
        reference_date: Decides the century of ten digits: the delivery month's last day.

    Raises:
        ReadRefused: The file cannot be read to its end.
        WarehouseError: The database refused something.
    """
    execute_text(connection, statements.render("intake/create_delivered.sql.j2", contract=contract))
    columns, pick = _plan(header, keys, reference_date)
    is_as_it_stands = all(field and not _is_hidden(field) for field in header.fields)
    following = 1  # the number that the database gives the next row that has none
    for run in _runs(table.pieces if is_as_it_stands and table.pieces else table.rows):
        first = next(run)
        delimiter = first.delimiter if isinstance(first, Plain) else None
        if isinstance(first, Plain) and first.number != following:
            statements.fetch_value(connection, "intake/number_on.sql", row_no=first.number)
            following = first.number
        copy = statements.render("intake/copy_delivered.sql.j2", columns=columns, delimiter=delimiter)
        with copy_text(connection, copy) as stream:
            for batch in chain([first], run):
                if isinstance(batch, Plain):
                    stream.write(_escaped(batch.text))
                    following += batch.total
                else:
                    stream.write(_encode(batch, pick, len(columns), header))


def _runs(pieces: Iterable[Row | Plain]) -> Iterator[Iterator[list[Row] | Plain]]:
    """Part batches so that one ``COPY`` takes each run: plain rows that are numbered without gaps, or single rows."""
    count = 0

    def begins_at(batch: list[Row] | Plain) -> int | None:
        nonlocal count
        if not isinstance(batch, Plain):
            return None
        count += batch.total
        return batch.number + batch.total - count  # the same as long as rows follow without gaps

    return (run for _, run in groupby(_batches(pieces), begins_at))


def _is_hidden(field: Field) -> bool:
    return field.format == "personnummer" or field.sensitive


def _batches(pieces: Iterable[Row | Plain]) -> Iterator[list[Row] | Plain]:
    """Gather single rows; a block of plain ones is a batch as it is."""
    rows: list[Row] = []
    for piece in pieces:
        if isinstance(piece, Row):
            rows.append(piece)
        if rows and (isinstance(piece, Plain) or len(rows) == _BATCH_ROWS):
            yield rows
            rows = []
        if isinstance(piece, Plain):
            yield piece
    if rows:
        yield rows


def _escaped(text: bytes) -> bytes:
    return text.replace(b"\\", rb"\\") if b"\\" in text else text


def _plan(header: Header, keys: IdentityKeys, reference_date: date) -> tuple[list[str], _Pick]:
    """Say which columns are filled, in which order, and how their texts are picked from a row."""
    hidden: list[tuple[int, _Hide]] = []
    columns: list[int] = []
    more: list[str] = []
    for place, field in enumerate(header.fields):
        if field is None:
            continue
        if field.format == "personnummer":
            hidden.append((place, _person_hider(keys, reference_date)))
            more += _PERSON_COLUMNS
        elif field.sensitive:
            hidden.append((place, _text_hider(keys)))
            more += _text_columns(field)
        else:
            columns.append(place)
    names = [*(header.field_name(place) for place in columns), *more]
    if len(columns) == len(header.fields):
        return names, lambda row: row.cells  # the common case: every column as it stands

    def pick(row: Row) -> list[str | None]:
        cells = [row.cells[place] for place in columns]
        for place, hide in hidden:
            cells += hide(row.cells[place], place in row.numeric)
        return cells

    return names, pick


def _encode(batch: Sequence[Row], pick: _Pick, width: int, header: Header) -> bytes:
    """Write rows in the text format of COPY."""
    if not any(row.fault for row in batch):
        lines = [f"{row.number}\t\t\t" + "\t".join([cell or "" for cell in pick(row)]) for row in batch]
        text = "\n".join(lines) + "\n"
        # One look at the whole batch tells that nothing in it needs escaping, which is nearly always so.
        tabs, ends = len(batch) * (width + 2), len(batch)
        if "\\" not in text and "\r" not in text and text.count("\t") == tabs and text.count("\n") == ends:
            return text.encode()
    return "".join([_line(row, pick, width, header) for row in batch]).encode()


def _line(row: Row, pick: _Pick, width: int, header: Header) -> str:
    """Write one row with care; one with a fault is only its number and what is wrong with it where."""
    cells: Sequence[str | None] = [None] * width if row.fault else pick(row)
    line = [str(row.number), row.fault, header.field_name(row.fault_column), *cells]
    return "\t".join([_escape(cell or "") for cell in line]) + "\n"


def _escape(cell: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPED[found[0]], cell)


def _person_hider(keys: IdentityKeys, reference_date: date) -> _Hide:
    """Make what replaces a personnummer with the columns of ``_PERSON_COLUMNS``."""
    empty = [""] * len(_PERSON_COLUMNS)

    def hide(text: str | None, is_number: bool) -> Sequence[str]:
        if text is None:
            return empty
        try:
            person = parse_personnummer(text, reference_date, from_number=is_number)
        except PersonnummerError as error:
            # Two rows with different wrong numbers say different things: the keyed hash of the text tells them apart.
            mark = keys.alias(f"?{text.encode().hex()}")
            return [_bytes(mark), error.code, *empty[2:]]
        mark = keys.alias(person.canonical)
        return [
            _bytes(mark),
            "",
            str(keys.key_id),
            person.kind,
            person.birth_date.isoformat() if person.birth_date else "",
            person.sex,
            _bytes(keys.encrypt(person.canonical, mark)),
            " ".join(person.warnings),
        ]

    return hide


def _text_columns(field: Field) -> list[str]:
    return [field.column, f"{field.name}_length", f"{field.name}_encrypted"]


def _text_hider(keys: IdentityKeys) -> _Hide:
    """Make what replaces a sensitive text with the columns of :func:`_text_columns`."""

    def hide(text: str | None, _: bool) -> Sequence[str]:
        if text is None:
            return ["", "", ""]
        mark = keys.mark(text)
        return [_bytes(mark), str(len(text)), _bytes(keys.encrypt(text, mark))]

    return hide


def _bytes(value: bytes) -> str:
    return f"\\x{value.hex()}"
