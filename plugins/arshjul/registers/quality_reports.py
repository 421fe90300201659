"""The units' own quality reports: who owes one for a year, what has come, and what it lacks by the form it was made with.

Internal text (``internt``) is never read here: no function of this module can give it.

Source: Handlingsplan BIN 2016-134, 5.2 Kvalitetsrapporter, and the årshjul's January (R75–R79, T1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from arshjul.catalogue.report_forms import ReportForm
from arshjul.lineage.statements import LEDGER


@dataclass(frozen=True)
class UnitReport:
    """The quality report that one follow-up object owes for one year.

    Attributes:
        object_id: The follow-up object.
        name: Its name.
        provider: The provider behind the object, where it is one's; else empty.
        email: That provider's address in the register; else empty.
        year: The year the report is about.
        due: The last day it is in time.
        received: When it came; ``None`` when it has not.
        form_version: The version of the form it was made with; empty when it has not come.
        texts: Contract field to what the unit wrote, what is internal left out; empty when it has not come.
    """

    object_id: str
    name: str
    provider: str
    email: str
    year: int
    due: date
    received: date | None
    form_version: str
    texts: Mapping[str, str]

    @property
    def is_in_time(self) -> bool:
        return self.received is not None and self.received <= self.due


def unit_reports(connection: Connection, as_of: datetime, year: int) -> tuple[UnitReport, ...]:
    """List every follow-up object that owes a quality report for a year, with the report if it has come.

    Args:
        connection: Under any role that reads, the reports' too.
        as_of: Point of knowledge.
        year: The year the reports are about.

    Returns:
        By the object's name.
    """
    rows = LEDGER.fetch_all(connection, "report/unit_quality_reports.sql", as_of=as_of, year=year)
    return tuple(UnitReport(**row) for row in rows)


def lacking(report: UnitReport, forms: Mapping[str, ReportForm]) -> tuple[str, ...]:
    """Say in Swedish what a report that has come lacks, by the version of the form it was made with.

    A later version of the form changes nothing here (R76).

    Args:
        report: One that has come.
        forms: Every version, from :func:`arshjul.catalogue.report_forms.load_report_forms`.

    Returns:
        One sentence for each shortcoming; nothing when the report is complete, or has not come.
    """
    if report.received is None:
        return ()
    form = forms.get(report.form_version)
    if form is None:
        return (f"Mallversionen {report.form_version} finns inte, så det går inte att se om rapporten är fullständig.",)
    return tuple(
        f"Avsnittet ”{section.title}” är kortare än {section.at_least} tecken."
        if report.texts.get(section.field, "").strip()
        else f"Avsnittet ”{section.title}” saknas."
        for section in form.sections
        if section.is_mandatory and len(report.texts.get(section.field, "").strip()) < max(section.at_least, 1)
    )


@dataclass(frozen=True)
class UnitFigure:
    """A figure of one provider as it was published.

    Attributes:
        indicator_id: The indicator.
        period: Key of the period.
        value: Its value, unrounded.
    """

    indicator_id: str
    period: str
    value: Decimal


def unit_figures(connection: Connection, provider: str, year: int) -> tuple[UnitFigure, ...]:
    """List a provider's published figures of the periods of a year: what a unit's form is prefilled with (R75).

    Args:
        connection: Under any role that reads publications.
        provider: Ten-digit organisationsnummer.
        year: The year.

    Returns:
        Of each indicator and period the newest that was published; what was withheld is not among them.
    """
    rows = LEDGER.fetch_all(connection, "report/unit_figures.sql", provider=provider, year=str(year))
    return tuple(UnitFigure(**row) for row in rows)
