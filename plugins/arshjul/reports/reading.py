"""What a report is written from, read under one point of knowledge: figures, other periods beside them, people's texts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from arshjul.periods import Period, parse_period
from arshjul.prose.texts import read_texts
from arshjul.reports.facts import Facts, assemble
from arshjul.reports.report_type import Reading, ReportType
from arshjul.settings import REPOSITORY
from arshjul.warehouse.statements import Statements

_STATEMENTS = Statements(REPOSITORY / "include" / "sql")


def read(
    connection: Connection,
    include: Path,
    report: ReportType,
    period: Period,
    municipality: str,
    *,
    computation_id: int | None = None,
    protection_id: int | None = None,
    checks_until: datetime | None = None,
    texts_as_of: datetime | None = None,
    subject: str = "",
    is_draft: bool = False,
) -> Reading:
    """Read everything that a report is written from.

    Args:
        connection: Under the role that may read reports.
        include: The catalogue's folder.
        report: Which report.
        period: What it is about.
        municipality: Its name.
        computation_id: The computation to report; the period's newest when not given.
        protection_id: The public table to report from; the computation's newest when not given.
        checks_until: Checks made later are not told of; all are when not given.
        texts_as_of: Texts written later are not read; all are when not given. It is not the figures' own point of
            knowledge, since the analysis is written when the figures are known.
        subject: Whom or what it is about, where it is about one.
        is_draft: It is not put up for approval.

    Raises:
        FactsMissing: The period has not been computed, or has not been through disclosure control.
    """
    facts = assemble(connection, include, period, computation_id, protection_id, checks_until)
    beside = {key: _released(connection, include, key, facts.current.as_of) for key in report.beside(period.key)}
    return Reading(
        connection=connection,
        include=include,
        facts=facts,
        texts=read_texts(connection, report.id, period.key, texts_as_of),
        municipality=municipality,
        beside={key: found for key, found in beside.items() if found is not None},
        subject=subject,
        is_draft=is_draft,
    )


def _released(connection: Connection, include: Path, key: str, as_of: datetime) -> Facts | None:
    """What readers had been told of another period when the figures were pinned; nothing else may stand beside them."""
    row = _STATEMENTS.fetch_one(connection, "report/released_then.sql", period=key, as_of=as_of)
    if row is None:
        return None
    return assemble(connection, include, parse_period(key), row["computation_id"], row["protection_id"], as_of)
