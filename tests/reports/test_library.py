"""The library of reports: which there are, what each can be about, and that naming them costs nothing."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from arshjul.periods import Month, Period, Tertial, Year, first_months
from arshjul.reports.library import REPORTS, newest_period


def test_every_report_has_the_id_it_is_found_by() -> None:
    assert {name: report.id for name, report in REPORTS.items()} == {name: name for name in REPORTS}
    assert len(REPORTS) == 10


def test_working_papers_and_what_goes_to_one_provider_are_made_for_each() -> None:
    assert {name for name, report in REPORTS.items() if report.has_subject} == {
        "underlag_namndbesok",
        "underlag_tjanstemannabesok",
        "dialogunderlag",
    }


@pytest.mark.parametrize(
    ("report_id", "day", "period"),
    [
        ("tertialrapport", date(2026, 5, 20), Tertial(2026, 1)),
        ("tertialrapport", date(2026, 1, 10), Tertial(2025, 3)),
        ("delarsrapport", date(2026, 4, 15), first_months(2026, 3)),
        ("delarsrapport", date(2026, 9, 10), first_months(2026, 8)),
        ("verksamhetsberattelse", date(2026, 2, 10), Year(2025)),
        ("kvalitetsrapport", date(2026, 6, 10), Year(2025)),
        ("klagomalssammanstallning", date(2026, 9, 10), first_months(2026, 8)),
        ("klagomalssammanstallning", date(2026, 8, 31), first_months(2025, 8)),
        ("redovisning_namndbesok", date(2026, 6, 2), first_months(2026, 5)),
        ("underlag_tjanstemannabesok", date(2026, 8, 20), Tertial(2026, 1)),
        ("internkontrollrapport", date(2026, 11, 12), first_months(2026, 10)),
        ("dialogunderlag", date(2026, 5, 20), Year(2025)),
    ],
)
def test_nobody_has_to_say_which_period_is_the_newest(report_id: str, day: date, period: Period) -> None:
    assert newest_period(report_id, day) == period


def test_no_report_is_about_a_single_later_month() -> None:
    assert [name for name, report in REPORTS.items() if report.accepts(Month(2026, 7))] == []


def test_naming_the_reports_imports_none_of_them() -> None:
    program = (
        "import sys\nfrom arshjul.reports.library import REPORTS\nnames = list(REPORTS)\n"
        "print([name for name in names if f'arshjul.reports.{name}' in sys.modules], 'typst' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] False"
