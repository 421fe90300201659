"""The files of a report, all drawn from one document and one set of facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arshjul.reports import appendix
from arshjul.reports.blocks import Document, Table
from arshjul.reports.docx import render_docx
from arshjul.reports.facts import Facts
from arshjul.reports.html import render_html
from arshjul.reports.pdf import render_pdf
from arshjul.reports.report_type import ReportType
from arshjul.reports.table_csv import write_csv
from arshjul.reports.workbook import render_workbook


def extra_tables(report: ReportType, facts: Facts) -> list[Table]:
    """The tables that only the workbook has: all figures by name, every check, sources.

    A paper about one provider or object shows only what is in it.
    """
    if report.has_subject:
        return []
    return [appendix.figures(facts), appendix.all_checks(facts), appendix.sources(facts)]


def render_files(
    report: ReportType,
    document: Document,
    facts: Facts,
    data: tuple[Sequence[str], Iterable[Sequence[str]]] | None,
    subject: str = "",
) -> dict[str, bytes]:
    """Draw a report in every format.

    Args:
        report: Which report it is.
        document: What it says.
        facts: For what only the workbook tells: all figures by name, every check, sources.
        data: Header and rows of the open data file: the public indicator values, protected as everywhere else. ``None``
            for a report without one.
        subject: Whom or what it is about, where it is about one.

    Returns:
        File name to content: the report as HTML, PDF and DOCX, the tables as XLSX, the values as CSV.
    """
    name = "-".join([report.stem, facts.period.key, *([subject] if subject else [])])
    files = {
        f"{name}.html": render_html(document),
        f"{name}.pdf": render_pdf(document),
        f"{name}.docx": render_docx(document),
        f"{name}-tabellbilaga.xlsx": render_workbook(document, extra_tables(report, facts)),
    }
    if data is not None:
        files[f"{name}-indikatorer.csv"] = write_csv(*data)
    return files
