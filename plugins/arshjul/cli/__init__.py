"""``arshjul``: the same functions as the DAGs, from a keyboard and without a running Airflow (spec/cli.md).

Exit 0 on success, 1 when the input was refused or a check failed, 2 on wrong usage. Every module of this package
registers the commands of one group: a new group is a new module and a word in the import below.
"""

from __future__ import annotations

import sys

import typer

from arshjul.catalogue.yaml_files import CatalogueError
from arshjul.cli import (  # noqa: F401
    calendar,
    coverage,
    database,
    decisions,
    deliveries,
    disposal,
    figures,
    provider_cases,
    quarantine,
    readings,
    registers,
    reports,
    revisions,
    sample,
    sender,
    spot_checks,
    statistics,
    status,
    texts,
    watch,
)
from arshjul.cli.application import app
from arshjul.lineage.archive import ArchiveError
from arshjul.lineage.keys import KeyFileError
from arshjul.settings import SettingsError
from arshjul.warehouse.errors import WarehouseError
from arshjul.warehouse.migrations import MigrationError
from arshjul.warehouse.server import ServerError

__all__ = ["app", "main"]

_REFUSALS = (
    SettingsError,
    CatalogueError,
    KeyFileError,
    ArchiveError,
    MigrationError,
    WarehouseError,
    ServerError,
    OSError,
)


def main() -> None:
    """Run the command line tool."""
    try:
        app()
    except _REFUSALS as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
