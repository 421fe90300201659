"""Code lists from the catalogue to ``core.code``, where SQL can join them and what they were stays known."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection

from arshjul.catalogue.codelists import CodeList
from arshjul.warehouse.statements import Statements

FOREVER = "infinity"


def sync_codes(connection: Connection, statements: Statements, codelists: Mapping[str, CodeList]) -> bool:
    """Copy the code lists when they differ from what the database knows; the earlier words stay as history.

    Args:
        connection: Inside a transaction; commit it soon after.
        statements: The statements of ``include/sql``.
        codelists: Every code list, by name.

    Returns:
        True when something differed.
    """
    codes = json.dumps(
        [
            {
                "code_list": codelist.name,
                "code": code.code,
                "title": code.title,
                "position": position,
                "valid_from": code.valid_from.isoformat(),
                "valid_to": code.valid_to.isoformat() if code.valid_to else FOREVER,
                "attributes": code.attributes,
            }
            for codelist in codelists.values()
            for position, code in enumerate(codelist.codes, start=1)
        ]
    )
    if not statements.fetch_value(connection, "intake/changed_codes.sql", codes=codes):
        return False
    statements.fetch_value(connection, "intake/lock_codes.sql")
    statements.fetch_value(connection, "intake/lock_knowledge.sql")
    known_at = statements.fetch_value(connection, "intake/known_at.sql")
    statements.execute(connection, "intake/close_codes.sql", codes=codes, known_at=known_at)
    statements.execute(connection, "intake/open_codes.sql", codes=codes, known_at=known_at)
    return True
