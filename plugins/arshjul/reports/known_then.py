"""A report as it was known then: which computation it was made from, and what its figures meant.

A report is a function of its computation, its public table and the time until which checks are told of. Given the same
three, it is the same byte for byte, whatever has been delivered, computed, checked, released or defined since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

from arshjul.catalogue.indicators import Indicator, load_indicators
from arshjul.catalogue.yaml_files import CatalogueError, parse_definition
from arshjul.periods import Period
from arshjul.settings import REPOSITORY
from arshjul.warehouse.statements import Statements

_STATEMENTS = Statements(REPOSITORY / "include" / "sql")


@dataclass(frozen=True)
class KnownThen:
    """What a report of a period was made from.

    Attributes:
        computation_id: The computation.
        protection_id: The public table that was published; None when nothing was, or before public tables were kept.
        checks_until: Checks made later are not told of: when the report was frozen, else the time that was asked for.
        published_at: When it was published, or None.
        files: Name to SHA-256 of the files that were published; empty when nothing was.
    """

    computation_id: int
    protection_id: int | None
    checks_until: datetime
    published_at: datetime | None
    files: Mapping[str, str]

    def differing(self, files: Mapping[str, bytes], *, is_part: bool = False) -> list[str]:
        """Name the files that are not what was published, or are missing on either side.

        Args:
            files: What was made again.
            is_part: Only some of the published files were, those about one subject.
        """
        made = {name: sha256(content).hexdigest() for name, content in files.items()}
        names = made.keys() if is_part else made.keys() | self.files.keys()
        return sorted(name for name in names if made.get(name) != self.files.get(name))


def known_then(connection: Connection, report_id: str, period: Period, as_of: datetime) -> KnownThen | None:
    """Find what a report of a period was made from, as known at a time.

    That is the computation of exactly that point of knowledge; else of what had been published by then; else the newest
    one known then.

    Args:
        connection: Under a role that may read reports and publications.
        report_id: Which report.
        period: What is reported.
        as_of: The time, with a time zone.

    Returns:
        None when nothing had been computed.
    """
    row = _STATEMENTS.fetch_one(
        connection, "report/known_then.sql", report_id=report_id, period=period.key, as_of=as_of
    )
    if row is None:
        return None
    is_published = row["published_at"] is not None
    return KnownThen(
        row["computation_id"],
        row["protection_id"],
        row["frozen_at"] or as_of,
        row["published_at"],
        {file["name"]: file["sha256"] for file in row["files"]} if is_published else {},
    )


def definitions_then(connection: Connection, include: Path, computation_id: int) -> dict[str, Indicator]:
    """Read the definitions that a computation was made with, by id; today's where they were not kept.

    Args:
        connection: Under a role that may read reports.
        include: The catalogue's folder.
        computation_id: The computation.

    Raises:
        CatalogueError: A definition of today, needed in place of one of then, is wrong.
    """
    found: dict[str, Indicator] = {}
    rows = _STATEMENTS.fetch_all(connection, "report/definitions.sql", computation_id=computation_id)
    for row in rows:
        try:
            found[row["indicator_id"]] = parse_definition(row["definition"], Indicator)
        except CatalogueError:
            # Written for an older form of the catalogue: today's says the same, if it still is there.
            if (today := load_indicators(include).get(row["indicator_id"])) is not None:
                found[today.id] = today
    return {name: found[name] for name in sorted(found)} or load_indicators(include)
