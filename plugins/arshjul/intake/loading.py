"""From a file's rows to a table in the database, as text, by ``COPY``: memory does not grow with the file.

A personnummer never gets there: while the rows stream by it is replaced with its keyed alias, its ciphertext and what
the indicators need (birth date, sex), or with the code of what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice

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
_NO_PERSON = [""] * len(_PERSON_COLUMNS)
# What COPY's text format gives a meaning of its own.
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}

_Cells = Sequence[str]


def load_rows(
    connection: Connection,
    statements: Statements,
    contract: Contract,
    table: Table,
    header: Header,
    keys: IdentityKeys,
    reference_date: date,
) -> None:
    """Stream all rows of an opened file into the temporary table ``delivered`` of the transaction.

    Args:
        connection: Inside a transaction that has not loaded anything before.
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
    identity = next((place for place, field in enumerate(header.fields) if field and field.format), None)
    identity = identity if identity is not None and contract.identity_field in header.fields else None
    known = [place for place, field in enumerate(header.fields) if field and place != identity]
    columns = [header.field_name(place) for place in known]
    hide = None if identity is None else _Hiding(identity, keys, reference_date)
    copy = statements.render(
        "intake/copy_delivered.sql.j2", columns=[*columns, *(_PERSON_COLUMNS if identity is not None else ())]
    )
    pick = _picker(known, len(header.fields), hide)
    empty = [""] * (len(columns) + (len(_PERSON_COLUMNS) if hide else 0))
    rows = iter(table.rows)
    with copy_text(connection, copy) as stream:
        while batch := list(islice(rows, _BATCH_ROWS)):
            stream.write(_encode(batch, pick, empty, header))
    statements.execute(connection, "intake/analyze_delivered.sql")
