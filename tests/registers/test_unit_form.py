"""The form that a unit is sent: its own published figures, room for each section, and the same bytes each time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, PROVIDER, start_run

from arshjul.catalogue.report_forms import load_report_forms
from arshjul.kit.report_form import FormFigure, unit_form
from arshjul.registers.quality_reports import UnitFigure, unit_figures

OTHER = "5590000013"
FORM = load_report_forms(INCLUDE)["2"]
FIGURES = [FormFigure("Kunder", "tertial 1 2024", "41"), FormFigure("=1+1", "2024", "44,0")]


def made(figures: list[FormFigure]) -> bytes:
    return unit_form(FORM, "OBJ-1", "Jobbtorget", 2024, date(2024, 12, 31), figures)


def test_every_section_has_its_heading_its_guidance_and_room_to_write() -> None:
    sheet = openpyxl.load_workbook(BytesIO(made([])))["Kvalitetsrapport"]
    cells = [row[0] for row in sheet.iter_rows()]
    for section in FORM.sections:
        [place] = [number for number, cell in enumerate(cells) if str(cell.value or "").startswith(section.title)]
        assert cells[place + 1].value == section.guidance
        assert cells[place + 2].value is None
        assert cells[place + 2].border.left.style == "thin"


def test_figures_stand_on_a_sheet_of_their_own_and_nothing_is_a_formula() -> None:
    book = openpyxl.load_workbook(BytesIO(made(FIGURES)))
    rows = [tuple(cell.value for cell in row) for row in book["Siffror"].iter_rows(max_row=3)]
    assert rows == [("Mått", "Period", "Värde"), ("Kunder", "tertial 1 2024", "41"), ("=1+1", "2024", "44,0")]
    assert {cell.data_type for row in book["Siffror"].iter_rows() for cell in row if cell.value} == {"s"}
    assert openpyxl.load_workbook(BytesIO(made([]))).sheetnames == ["Kvalitetsrapport"]


def test_the_same_form_gives_the_same_bytes() -> None:
    assert made(FIGURES) == made(FIGURES)


def test_a_unit_gets_its_newest_published_figures_and_nobody_elses(connection: Connection) -> None:
    run_id = start_run(connection)
    # Publishing takes checks, approvals and a package: here only what was published matters.
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    for publication, period in ((1, "2024-T1"), (2, "2024-T1"), (3, "2023-T1")):
        row = {"publication_id": publication, "package_id": publication, "run_id": run_id, "period": period}
        insert(connection, "published.publication", row)
    figures = [
        (1, "kunder", PROVIDER, 40),
        (2, "kunder", PROVIDER, 41),
        (2, "insatser", PROVIDER, None),
        (2, "kunder", OTHER, 9),
        (3, "kunder", PROVIDER, 30),
    ]
    for number, (publication, indicator, provider, value) in enumerate(figures):
        row = {
            "publication_id": publication,
            "figure_id": f"f{number}",
            "indicator_id": indicator,
            "cell": f'{{"anordnare": "{provider}"}}',
            "value": value,
            "is_protected": value is None,
        }
        insert(connection, "published.figure", row)
    assert unit_figures(connection, PROVIDER, 2024) == (UnitFigure("kunder", "2024-T1", Decimal(41)),)


def insert(connection: Connection, table: str, row: dict[str, object]) -> None:
    needed = connection.exec_driver_sql(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema || '.' || table_name = %s"
        " AND is_nullable = 'NO' AND column_default IS NULL",
        (table,),
    )
    fillers = {"bigint": 1, "integer": 1, "text": "x", "date": "2024-06-01", "timestamp with time zone": "2024-06-01"}
    full = {name: fillers[kind] for name, kind in needed if name not in row and kind in fillers} | row
    names, places = ", ".join(full), ", ".join(f"%({name})s" for name in full)
    connection.exec_driver_sql(f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({places})", full)
