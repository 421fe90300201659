"""The finished files read back: a number that nobody released is found in every kind of file, wherever it hides."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
from tests.reports.example import EXAMPLE

from arshjul.disclosure.artefact import ArtefactError, check_artefacts
from arshjul.disclosure.stored import PublicValue
from arshjul.reports.html import render_html
from arshjul.reports.pdf import render_pdf
from arshjul.reports.workbook import render_workbook

PUBLIC = (
    PublicValue("maluppfyllelse", (), Decimal(20), Decimal(40), Decimal("0.5"), 40, None, None, False),
    PublicValue("maluppfyllelse", (("kon", "man"),), None, None, None, None, None, None, True),
)
HEADER = "indikator_id,period,kon,taljare,namnare,varde,antal,skyddad\n"
ROWS = "maluppfyllelse,2026-T1,,20,40,0.5,40,nej\nmaluppfyllelse,2026-T1,man,,,,,ja\n"
PLANTED = "98765"


def check(name: str, content: bytes) -> None:
    check_artefacts({name: content}, PUBLIC, EXAMPLE, period="2026-T1")


def test_what_the_report_draws_is_let_through() -> None:
    check("rapport.html", render_html(EXAMPLE))
    check("rapport.pdf", render_pdf(EXAMPLE))
    check("rapport.xlsx", render_workbook(EXAMPLE))
    check("rapport.csv", (HEADER + ROWS).encode())


@pytest.mark.parametrize(
    ("mark", "planted"),
    [
        ("</main>", f"<p>{PLANTED}</p></main>"),
        ("<main", f'<main data-antal="{PLANTED}"'),
        ("</main>", f'<img alt="{PLANTED} personer" src=""></main>'),
        ("</main>", f"<svg><title>{PLANTED}</title></svg></main>"),
        ("</main>", f"<!-- {PLANTED} --></main>"),
    ],
    ids=["text", "data attribute", "alternative text", "drawing", "comment"],
)
def test_a_planted_number_is_found_in_a_page(mark: str, planted: str) -> None:
    page = render_html(EXAMPLE).decode()
    assert mark in page
    with pytest.raises(ArtefactError, match="ett tal som inte finns"):
        check("rapport.html", page.replace(mark, planted, 1).encode())


@pytest.mark.parametrize("where", ["cell", "hidden sheet", "comment", "property"])
def test_a_planted_number_is_found_in_a_workbook(where: str) -> None:
    from openpyxl import load_workbook
    from openpyxl.comments import Comment

    book = load_workbook(io.BytesIO(render_workbook(EXAMPLE)))
    sheet = book.worksheets[1]
    if where == "cell":
        sheet["Z90"] = int(PLANTED)
    elif where == "hidden sheet":
        hidden = book.create_sheet("Underlag")
        hidden.sheet_state = "veryHidden"
        hidden["A1"] = int(PLANTED)
    elif where == "comment":
        sheet["A1"].comment = Comment(PLANTED, "x")
    else:
        book.properties.description = PLANTED
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(ArtefactError, match="ett tal som inte finns"):
        check("rapport.xlsx", stream.getvalue())


@pytest.mark.parametrize("where", ["text", "property", "alternative text"])
def test_a_planted_number_is_found_in_a_pdf(where: str) -> None:
    import pikepdf

    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(render_pdf(EXAMPLE))) as document:
        if where == "text":
            page = document.pages[0]
            font = document.make_indirect(
                pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
            )
            page.resources.Font["/Plain"] = font
            page.contents_add(f"BT /Plain 9 Tf 20 20 Td ({PLANTED}) Tj ET".encode())
        elif where == "property":
            document.docinfo["/Subject"] = PLANTED
        else:
            document.Root.Planted = pikepdf.Dictionary(Alt=pikepdf.String(PLANTED))
            document.Root.Planted = document.make_indirect(document.Root.Planted)
        document.save(stream)
    with pytest.raises(ArtefactError, match="ett tal som inte finns"):
        check("rapport.pdf", stream.getvalue())


@pytest.mark.parametrize(
    ("true", "planted"),
    [("man,,,,,ja", "man,2,,,,ja"), ("man,,,,,ja", "man,2,9,0.22,9,nej"), (",20,40,0.5,40", ",21,40,0.5,40")],
    ids=["a number beside the mark", "a hidden row shown", "another number"],
)
def test_data_files_hold_just_the_public_table(true: str, planted: str) -> None:
    with pytest.raises(ArtefactError, match="Rad"):
        check("siffror.csv", (HEADER + ROWS.replace(true, planted)).encode())


def test_a_row_that_nobody_released_is_found_in_json() -> None:
    row = {"indikator_id": "maluppfyllelse", "period": "2026-T1", "kon": "kvinna", "taljare": 3, "namnare": 9}
    with pytest.raises(ArtefactError, match="Rad 1"):
        check("siffror.json", json.dumps([row]).encode())


def test_a_file_that_cannot_be_read_back_stops() -> None:
    with pytest.raises(ArtefactError, match="inte kan läsa tillbaka"):
        check("underlag.parquet", b"PAR1")
