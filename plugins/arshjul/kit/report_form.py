"""The form of a unit's quality report as a workbook: what to write, where to write it, and the unit's own public figures.

The same form, unit and figures give the same bytes. Source: Handlingsplan BIN 2016-134, 5.2 Kvalitetsrapporter: "AMI kommer
att utarbeta en mall" (R75, R76).
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from arshjul.catalogue.report_forms import ReportForm

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

FORM_SHEET, FIGURE_SHEET = "Kvalitetsrapport", "Siffror"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_ROOM_TO_WRITE = 180  # points: what a few paragraphs need


@dataclass(frozen=True)
class FormFigure:
    """One public figure of a unit: what it measures, for which period, and the value as readers see it."""

    title: str
    period: str
    value: str


def unit_form(
    form: ReportForm, object_id: str, name: str, year: int, due: date, figures: Iterable[FormFigure]
) -> bytes:
    """Make the form for one unit and year.

    Args:
        form: The version that the year's reports are made with.
        object_id: The follow-up object.
        name: The unit's name.
        year: The year the report is about.
        due: The last day it is in time.
        figures: The unit's public figures, which have left the house already; the sheet is left out without any.

    Returns:
        An XLSX file.
    """
    import xlsxwriter

    written, shown = io.BytesIO(), list(figures)
    with xlsxwriter.Workbook(written, dict(_OPTIONS)) as book:
        # The only time in the file: without it the bytes would tell when they were made.
        made = datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None)
        book.set_properties({"title": f"{form.title} {year}", "created": made})
        _write_form(book, form, object_id, name, year, due)
        if shown:
            _write_figures(book, shown)
    return written.getvalue()


def _write_form(book: Workbook, form: ReportForm, object_id: str, name: str, year: int, due: date) -> None:
    sheet: Worksheet = book.add_worksheet(FORM_SHEET)
    heading, title = book.add_format({"bold": True, "font_size": 12}), book.add_format({"bold": True, "font_size": 16})
    guide = book.add_format({"italic": True, "text_wrap": True, "valign": "top"})
    room = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
    sheet.set_column(0, 0, 110)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    about = (
        f"{name} ({object_id}). Kalenderåret {year}. Lämnas senast {due.isoformat()}. Mallens version {form.version}."
    )
    lines = [(f"{form.title} {year}", title, 24), (about, None, 16), (form.introduction, guide, 50)]
    for section in form.sections:
        must = "" if section.is_mandatory else " (frivilligt)"
        lines += [
            ("", None, 8),
            (f"{section.title}{must}", heading, 18),
            (section.guidance, guide, 36),
            ("", room, _ROOM_TO_WRITE),
        ]
    for row, (text, style, height) in enumerate(lines):
        sheet.set_row(row, height)
        sheet.write_string(row, 0, text, style) if text else sheet.write_blank(row, 0, None, style)


def _write_figures(book: Workbook, figures: list[FormFigure]) -> None:
    sheet: Worksheet = book.add_worksheet(FIGURE_SHEET)
    heading = book.add_format({"bold": True, "bottom": 1})
    sheet.set_column(0, 0, 70)
    sheet.set_column(1, 2, 22)
    sheet.write_row(0, 0, ["Mått", "Period", "Värde"], heading)
    for row, one in enumerate(figures, start=1):
        sheet.write_row(row, 0, [one.title, one.period, one.value])
    sheet.write_string(len(figures) + 2, 0, "Publicerade siffror. Det som inte visas av sekretesskäl finns inte med.")
