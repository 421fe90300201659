"""The files of a report package, all drawn from one document and one set of facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arshjul.reports import appendix
from arshjul.reports.blocks import Document, Table
from arshjul.reports.facts import Facts
from arshjul.reports.html import render_html
from arshjul.reports.pdf import render_pdf
from arshjul.reports.table_csv import write_csv
from arshjul.reports.workbook import render_workbook


def extra_tables(facts: Facts) -> list[Table]:
    """The tables that only the workbook has: all figures by name, every check, sources."""
    return [appendix.figures(facts), appendix.all_checks(facts), appendix.sources(facts)]


def render_files(
    document: Document,
    facts: Facts,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
) -> dict[str, bytes]:
    """Draw a report in every format.

    Args:
        document: What it says.
        facts: For what only the workbook tells: all figures by name, every check, sources.
        columns: Header of the open data file.
        rows: The public indicator values, protected as everywhere else.

    Returns:
        File name to content: the report as HTML and PDF, the tables as XLSX, the values as CSV.
    """
    name = f"{document.document_type.lower()}-{facts.period.key}"
    return {
        f"{name}.html": render_html(document),
        f"{name}.pdf": render_pdf(document),
        f"{name}-tabellbilaga.xlsx": render_workbook(document, extra_tables(facts)),
        f"{name}-indikatorer.csv": write_csv(columns, rows),
    }
