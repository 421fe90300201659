"""What each computation meant: the text of every definition it was made with, kept for ever.

A computation's hash of the whole catalogue says *that* something changed; this says which indicator, which version, and
from what to what. A new version is a changed meaning, a new text with the same version a changed wording or a statement
that is written in another way: the house keeps them apart (tests/house/test_definition_versions.py).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from arshjul.catalogue.indicators import load_indicators
from arshjul.warehouse.statements import Statements


@dataclass(frozen=True)
class RememberedDefinition:
    """One indicator's definition as a computation used it.

    Attributes:
        indicator_id: The indicator.
        version: Version that the definition said it was.
        sha256: Hash of the indicator and its three texts.
        definition: The YAML.
        statement: The SELECT of its observations.
        left_out: The SELECT of what it left out, or None when it left nothing out.
    """

    indicator_id: str
    version: int
    sha256: str
    definition: str
    statement: str
    left_out: str | None


def definitions_now(include: Path) -> dict[str, RememberedDefinition]:
    """Read the catalogue's definitions as a computation would remember them, by indicator.

    Raises:
        CatalogueError: A definition is wrong.
    """
    folder = include / "sql"
    found = {}
    for indicator in load_indicators(include).values():
        definition = (folder / "indicator" / f"{indicator.id}.yaml").read_text(encoding="utf-8")
        statement = (folder / "indicator" / f"{indicator.id}.sql").read_text(encoding="utf-8")
        file = folder / "left_out" / f"{indicator.id}.sql"
        left_out = file.read_text(encoding="utf-8") if file.is_file() else None
        sha256 = _sha256(indicator.id, definition, statement, left_out or "")
        found[indicator.id] = RememberedDefinition(
            indicator.id, indicator.version, sha256, definition, statement, left_out
        )
    return found


def remember_definitions(connection: Connection, include: Path, computation_id: int) -> None:
    """Keep the text of every definition in the catalogue, and that a computation was made with them.

    Args:
        connection: In the transaction that enters the computation.
        include: The folder with the catalogue and its SQL.
        computation_id: The computation, just entered.

    Raises:
        CatalogueError: A definition is wrong.
        WarehouseError: The computation is not there, or its definitions are already remembered.
    """
    used = [vars(definition) for definition in definitions_now(include).values()]
    Statements(include / "sql").execute(
        connection, "compute/remember_definitions.sql", computation_id=computation_id, definitions=Jsonb(used)
    )


def definitions_used(connection: Connection, include: Path, computation_id: int) -> dict[str, RememberedDefinition]:
    """Read which definitions a computation was made with, by indicator.

    Args:
        connection: To the warehouse.
        include: The folder with the SQL.
        computation_id: The computation. One made before definitions were remembered gives an empty answer.
    """
    rows = Statements(include / "sql").fetch_all(
        connection, "compute/definitions_used.sql", computation_id=computation_id
    )
    return {row["indicator_id"]: RememberedDefinition(**row) for row in rows}


def _sha256(*texts: str) -> str:
    # Each text by its own hash, so that no text can run over into the next.
    return hashlib.sha256("\n".join(hashlib.sha256(text.encode()).hexdigest() for text in texts).encode()).hexdigest()
