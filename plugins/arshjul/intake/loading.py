"""From a file's rows to a table in the database, as text, by ``COPY``: memory does not grow with the file.

A personnummer never gets there: while the rows stream by it is replaced with its keyed alias, its ciphertext and what
the indicators need (birth date, sex), or with the code of what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice
from typing import TypeAlias

from sqlalchemy import Connection

from arshjul.catalogue.contracts import Contract
from arshjul.intake.headers import Header
from arshjul.intake.identity import IdentityKeys
from arshjul.intake.personnummer import PersonnummerError, parse_personnummer
from arshjul.intake.table import Row, Table
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
)
# What the text format of COPY gives a meaning of its own.
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPED = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}

_Pick: TypeAlias = Callable[[Row], Sequence[str | None]]


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
        keys: Turn a personnummer into its alias and ciphertext.
        reference_date: Decides the century of ten digits: the delivery month's last day.

    Raises:
        ReadRefused: The file cannot be read to its end.
        WarehouseError: The database refused something.
    """
    execute_text(connection, statements.render("intake/create_delivered.sql.j2", contract=contract))
    columns, pick = _plan(contract, header, keys, reference_date)
    copy = statements.render("intake/copy_delivered.sql.j2", columns=columns)
    rows = iter(table.rows)
    with copy_text(connection, copy) as stream:
        while batch := list(islice(rows, _BATCH_ROWS)):
            stream.write(_encode(batch, pick, len(columns), header))
    statements.execute(connection, "intake/analyze_delivered.sql")


def _plan(contract: Contract, header: Header, keys: IdentityKeys, reference_date: date) -> tuple[list[str], _Pick]:
    """Say which columns are filled, in which order, and how their texts are picked from a row."""
    identity = contract.identity_field
    person = header.fields.index(identity) if identity and identity in header.fields else None
    known = [place for place, field in enumerate(header.fields) if field and place != person]
    columns = [header.field_name(place) for place in known]
    if len(known) == len(header.fields):
        return columns, lambda row: row.cells  # the common case: every column as it stands
    if person is None:
        return columns, lambda row: [row.cells[place] for place in known]
    hide = _hider(keys, reference_date)

    def pick(row: Row) -> list[str | None]:
        return [*(row.cells[place] for place in known), *hide(row.cells[person], person in row.numeric)]

    return [*columns, *_PERSON_COLUMNS], pick


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


def _hider(keys: IdentityKeys, reference_date: date) -> Callable[[str | None, bool], Sequence[str]]:
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
        ]

    return hide


def _bytes(value: bytes) -> str:
    return f"\\x{value.hex()}"
