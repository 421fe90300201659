"""The reports that there are, by id. A report's module is imported when it is asked for, so that naming them is light."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING

from arshjul.catalogue.report_titles import REPORT_TITLES
from arshjul.periods import Period, Tertial, first_months

if TYPE_CHECKING:
    from arshjul.reports.report_type import ReportType


class _Library(Mapping[str, "ReportType"]):
    """Each report is ``REPORT`` of the module of its name."""

    def __getitem__(self, report_id: str) -> ReportType:
        if report_id not in REPORT_TITLES:
            raise KeyError(report_id)
        report: ReportType = import_module(f"arshjul.reports.{report_id}").REPORT
        return report

    def __iter__(self) -> Iterator[str]:
        return iter(REPORT_TITLES)

    def __len__(self) -> int:
        return len(REPORT_TITLES)


REPORTS: Mapping[str, ReportType] = _Library()
"""Every kind of report, by id."""


def newest_period(report_id: str, day: date) -> Period:
    """Give the newest period that a report can be about and that has ended before a day: what to report when nobody says.

    Args:
        report_id: One of :data:`REPORTS`.
        day: The day in Sweden.
    """
    accepts = REPORTS[report_id].accepts
    candidates: list[Period] = [
        period
        for year in (day.year - 1, day.year)
        for period in (*(Tertial(year, n) for n in (1, 2, 3)), *(first_months(year, n) for n in range(1, 13)))
    ]
    ended = [period for period in candidates if period.end < day and accepts(period)]
    return max(ended, key=lambda period: (period.end, len(period.months)))
