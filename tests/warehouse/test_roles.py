"""Who may do what in the database, and that a production login need not be a superuser."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from arshjul.intake.office import open_office
from arshjul.settings import Settings, load_settings
from arshjul.warehouse import server
from arshjul.warehouse.engine import Role, transaction
from arshjul.warehouse.migrations import migrate


def test_a_login_that_is_no_superuser_can_migrate_its_own_database(servers_folder: Path, tmp_path: Path) -> None:
    """As production does: a server of its own, since roles belong to the whole server."""
    root = servers_folder / "logins"
    server.up(root, fast=True)
    try:
        url = server.server_url(root, "postgres").replace("postgresql+psycopg:", "postgresql:")
        with psycopg.connect(url, autocommit=True) as administrator:
            administrator.execute("CREATE ROLE kommun LOGIN CREATEROLE")
            administrator.execute("CREATE DATABASE arshjul OWNER kommun")
        own = server.server_url(root, "arshjul").replace("postgres@", "kommun@")
        settings = load_settings({"ARSHJUL_HOME": str(tmp_path), "ARSHJUL_DATABASE_URL": own})
        assert migrate(settings)
        for role in Role:
            with transaction(settings, role) as connection:
                assert connection.exec_driver_sql("SELECT current_user").scalar_one() == role.value
    finally:
        server.down(root)


@pytest.mark.parametrize("role", [Role.REPORT, Role.AUDIT, Role.PUBLISH])
@pytest.mark.parametrize("table", ["core.insatser", "core.person", "vault.alias", "staging.insatser"])
def test_readers_and_publishers_reach_neither_persons_nor_vault(database: Settings, role: Role, table: str) -> None:
    with open_office(database), transaction(database) as connection:
        may = connection.exec_driver_sql(
            "SELECT has_schema_privilege(%s, %s, 'USAGE') AND has_table_privilege(%s, %s, 'SELECT')",
            (role.value, table.split(".")[0], role.value, table),
        ).scalar_one()
    assert not may


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.INTAKE, Role.OWNER)])
def test_only_intake_reads_the_vault(database: Settings, role: Role) -> None:
    with transaction(database) as connection:
        may = connection.exec_driver_sql("SELECT has_any_column_privilege(%s, 'vault.alias', 'SELECT')", (role.value,))
        assert not may.scalar_one()
