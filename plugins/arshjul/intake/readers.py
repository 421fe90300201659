"""An archived file becomes rows of text: one way in for CSV, XLSX and JSON.

    kind = detect_kind("insatser_5560360793_2026-03.csv")
    with open_table(partial(archive.open, sha256), kind, ReadLimits()) as table:
        for row in table.rows: ...

Rows are numbered from the first row below the header (1), cells are stripped text or ``None``, and nothing is typed
here: a decimal comma, a date or a code is left as it stands for the checks that know the field.
"""

from __future__ import annotations

from arshjul.intake.csv_reader import open_csv
from arshjul.intake.json_reader import open_json
from arshjul.intake.refusals import REFUSALS, ROW_FAULTS, ReadLimits, ReadRefused
from arshjul.intake.table import OpenStream, Row, Table
from arshjul.intake.xlsx_reader import open_xlsx

__all__ = [
    "REFUSALS",
    "ROW_FAULTS",
    "OpenStream",
    "ReadLimits",
    "ReadRefused",
    "Row",
    "Table",
    "detect_kind",
    "open_table",
]

_OPENERS = {"csv": open_csv, "xlsx": open_xlsx, "json": open_json}


def detect_kind(file_name: str) -> str:
    """Return ``csv``, ``xlsx`` or ``json``, by the file's extension in any case.

    Raises:
        ReadRefused: ``fel_filtyp``.
    """
    _, dot, extension = file_name.rpartition(".")
    kind = extension.lower()
    if not dot or kind not in _OPENERS:
        raise ReadRefused("fel_filtyp")
    return kind


def open_table(open_stream: OpenStream, kind: str, limits: ReadLimits) -> Table:
    """Open an archived file as a table.

    Args:
        open_stream: Opens the file's content from its start as a buffered binary stream; called up to three times.
        kind: What :func:`detect_kind` returned.
        limits: How much the file may hold.

    Raises:
        ReadRefused: The file cannot be read; also while the rows are gone through.
    """
    return _OPENERS[kind](open_stream, limits)
