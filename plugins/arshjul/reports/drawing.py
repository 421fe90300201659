"""One report, from public values to finished files that have been read back: the same way for a draft and for the board."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection

from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.numbers import SWEDISH_TIME, swedish_date
from arshjul.disclosure.artefact import check_artefacts
from arshjul.disclosure.stored import public_values
from arshjul.periods import Period
from arshjul.reports.blocks import Document
from arshjul.reports.reading import read
from arshjul.reports.rendering import extra_tables, render_files
from arshjul.reports.report_type import Reading, ReportType
from arshjul.settings import REPOSITORY, Settings
from arshjul.warehouse.statements import Statements

_STATEMENTS = Statements(REPOSITORY / "include" / "sql")

OpenData: TypeAlias = Callable[[Mapping[str, Indicator]], tuple[Sequence[str], Iterable[Sequence[str]]]]
"""From the definitions that the figures were made with to the header and rows of the open data file."""


@dataclass(frozen=True)
class Drawn:
    """A drawn report.

    Attributes:
        reading: What it was written from.
        files: File name to content.
    """

    reading: Reading
    files: dict[str, bytes]


def draw_report(
    connection: Connection,
    settings: Settings,
    report: ReportType,
    period: Period,
    computation_id: int,
    protection_id: int,
    open_data: OpenData,
    *,
    subject: str = "",
    until: datetime | None = None,
    is_draft: bool = False,
) -> Drawn:
    """Draw a report in every format and make sure that its files show nothing but what readers may be told.

    Args:
        connection: Under a role that may read reports.
        settings: Where the catalogue is, and the municipality's name.
        report: Which report.
        period: What it is about.
        computation_id: The computation its figures come from.
        protection_id: Their public table.
        open_data: Gives the values as a table; called where the report has a data file.
        subject: Whom or what it is about, where it is about one.
        until: Checks made later and texts written later are not in it; all are when not given.
        is_draft: It is not put up for approval.

    Raises:
        FactsMissing: The values have not been through disclosure control, or the subject is in no register.
        ArtefactError: A file shows a figure that is withheld, or is of a kind that cannot be read back.
    """
    reading = read(
        connection,
        settings.include,
        report,
        period,
        settings.kommun_namn,
        computation_id=computation_id,
        protection_id=protection_id,
        checks_until=until,
        texts_as_of=until,
        subject=subject,
        is_draft=is_draft,
    )
    document = _naming_what_it_replaces(connection, report.write(reading), reading, report, until)
    data = open_data(reading.facts.indicators) if report.has_open_data else None
    files = render_files(report, document, reading.facts, data, subject)
    said = (document, *extra_tables(report, reading.facts))
    check_artefacts(files, public_values(connection, protection_id), said, period=period.key)
    return Drawn(reading, files)


def _naming_what_it_replaces(
    connection: Connection, document: Document, reading: Reading, report: ReportType, until: datetime | None
) -> Document:
    """Say on the first page which version the paper replaces, when one had been published by then.

    A version of the very same figures is not told of: a run that is done again after it published makes the same bytes.
    """
    published_at = _STATEMENTS.fetch_value(
        connection,
        "report/earlier_publication.sql",
        report_id=report.id,
        period=reading.facts.period.key,
        computation_id=reading.facts.current.computation_id,
        until=until,
    )
    if published_at is None:
        return document
    day = swedish_date(published_at.astimezone(SWEDISH_TIME).date())
    return replace(document, subtitle=f"{document.subtitle}. Ersätter versionen av den {day}")
