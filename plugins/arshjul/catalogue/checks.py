"""Checks of the quality gate that are written by hand (others are made from contracts and indicator definitions).

A check is ``include/checks/<stage>/<id>.yaml`` and a statement of the same stem, ``include/sql/quality/<stage>/<id>.sql.j2``,
that returns one row for every breach: no row, no breach.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from arshjul.catalogue.yaml_files import CatalogueError, Definition, read_folder

Stage = Literal["staging", "core", "indicator"]
Severity = Literal["stopp", "varning"]


class Check(Definition):
    """One check.

    Attributes:
        id: Stem of its two files; named by waivers and in the ledger.
        title: What holds when the check holds, in Swedish.
        action: What to do when it does not, in Swedish.
        severity: ``stopp`` (nothing is published) or ``varning`` (it is told).
        explanation: For a warning: what it means for whoever reads the figures, in Swedish; stands in the report's appendix.
    """

    id: str
    title: str
    action: str
    severity: Severity
    explanation: str = ""

    def __attrs_post_init__(self) -> None:
        if (self.severity == "varning") != bool(self.explanation):
            raise ValueError("a warning, and nothing else, has an explanation")


def load_checks(include: Path, stage: Stage) -> dict[str, Check]:
    """Read ``include/checks/<stage>``.

    Raises:
        CatalogueError: A check is wrong, its id is not its stem, or one of its two files is missing.
    """
    checks = read_folder(include / "checks" / stage, Check)
    statements = {path.name.removesuffix(".sql.j2") for path in (include / "sql" / "quality" / stage).glob("*.sql.j2")}
    if lone := statements ^ set(checks):
        raise CatalogueError(f"a check is two files with one stem: {', '.join(sorted(lone))}")
    for stem, check in checks.items():
        if check.id != stem:
            raise CatalogueError(f"{stem}.yaml: id is {check.id}")
    return checks
