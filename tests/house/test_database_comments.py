"""Every table and column in the warehouse explains itself, in the database."""

from __future__ import annotations

from arshjul.settings import Settings
from arshjul.warehouse.engine import transaction
from arshjul.warehouse.statements import Statements


def test_every_table_and_every_column_has_a_comment(database: Settings) -> None:
    with transaction(database) as connection:
        bare = Statements(database.include / "sql").fetch_all(connection, "lineage/uncommented.sql")
    assert [(row["table_name"], row["column_name"]) for row in bare] == []
