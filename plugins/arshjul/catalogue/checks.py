"""Checks of the quality gate that are not made from contracts or indicator definitions.

Each is one file in ``include/checks/<stage>/``; the check is a Great Expectations expectation on one table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from arshjul.catalogue.yaml_files import CatalogueError, Definition, read_folder

Stage = Literal["staging", "core", "indicator"]
Severity = Literal["stopp", "varning"]


class Check(Definition):
    """One check.

    Attributes:
        id: Stem of its file; named by waivers and in the ledger.
        title: What holds when the check holds, in Swedish.
        action: What to do when it does not, in Swedish.
        severity: ``stopp`` (nothing is published) or ``varning`` (it is told).
        table: Table with schema, such as ``core.narvaro``.
        expectation: Class name in Great Expectations.
        arguments: The expectation's arguments; a query's columns are never shown, only counted.
    """

    id: str
    title: str
    action: str
    severity: Severity
    table: str
    expectation: str
    arguments: dict[str, Any] = {}


def load_checks(include: Path, stage: Stage) -> dict[str, Check]:
    """Read ``include/checks/<stage>``.

    Raises:
        CatalogueError: A check is wrong or its id is not its file's stem.
    """
    checks = read_folder(include / "checks" / stage, Check)
    for stem, check in checks.items():
        if check.id != stem:
            raise CatalogueError(f"{stem}.yaml: id is {check.id}")
    return checks
