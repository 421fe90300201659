"""The finished files read back: a number that nobody released is found in every kind of file, wherever it hides."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from tests.reports.example import EXAMPLE

from arshjul.disclosure.artefact import ArtefactError, check_artefacts
from arshjul.disclosure.stored import PublicValue
from arshjul.reports.docx import render_docx
from arshjul.reports.html import render_html
from arshjul.reports.pdf import render_pdf
from arshjul.reports.workbook import render_workbook

PUBLIC = (
    PublicValue("maluppfyllelse", (), Decimal(20), Decimal(40), Decimal("0.5"), 40, None, None, False),
    PublicValue("maluppfyllelse", (("kon", "man"),), None, None, None, None, None, None, True),
)
HEADER = "indikator_id,period,kon,taljare,namnare,varde,antal,skyddad\n"
ROWS = "maluppfyllelse,2026-T1,,20,40,0.5,40,nej\nmaluppfyllelse,2026-T1,man,,,,,ja\n"
PLANTED = "98321"
"""Its figures, one by one, are all in the example."""

LINK = f'<Relationship Target="https://x.example/{PLANTED}" TargetMode="External" Id="rId99" Type="x"/>'


def check(name: str, content: bytes) -> None:
    check_artefacts({name: content}, PUBLIC, EXAMPLE, period="2026-T1")


def test_what_the_report_draws_is_let_through() -> None:
    check("rapport.html", render_html(EXAMPLE))
    check("rapport.pdf", render_pdf(EXAMPLE))
    check("rapport.docx", render_docx(EXAMPLE))
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


@pytest.mark.parametrize(
    ("part", "mark", "planted"),
    [
        ("word/document.xml", "</w:sectPr>", f"</w:sectPr><w:p><w:r><w:t>{PLANTED}</w:t></w:r></w:p>"),
        ("word/document.xml", "<w:t>", f"<w:rPr><w:vanish/></w:rPr><w:t>{PLANTED}"),
        ("word/document.xml", 'descr="', f'descr="{PLANTED} '),
        ("word/document.xml", '<w:tblCaption w:val="', f'<w:tblCaption w:val="{PLANTED} '),
        ("word/document.xml", "<w:instrText>", f"<w:instrText>{PLANTED} "),
        ("word/footer1.xml", "<w:t", f"<w:t>{PLANTED}</w:t><w:t"),
        ("word/settings.xml", "</w:settings>", f'<w:docVar w:name="antal" w:val="{PLANTED}"/></w:settings>'),
        ("word/_rels/document.xml.rels", "</Relationships>", f"{LINK}</Relationships>"),
        ("docProps/core.xml", "<dc:description>", f"<dc:description>{PLANTED}"),
    ],
    ids=["text", "hidden", "alternative text", "caption", "field", "foot", "variable", "link", "property"],
)  # fmt: skip
def test_a_planted_number_is_found_in_a_word_file(part: str, mark: str, planted: str) -> None:
    changed = with_part(render_docx(EXAMPLE), part, lambda xml: xml.replace(mark, planted, 1))
    with pytest.raises(ArtefactError, match="ett tal som inte finns"):
        check("rapport.docx", changed)


@pytest.mark.parametrize("part", ["word/comments.xml", "customXml/item1.xml", "word/embeddings/bok.xlsx"])
def test_a_part_that_reports_do_not_have_is_read_or_refused(part: str) -> None:
    changed = with_part(render_docx(EXAMPLE), part, lambda _: f"<x>{PLANTED}</x>")
    with pytest.raises(ArtefactError):
        check("rapport.docx", changed)


def with_part(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """A Word file with one part changed, or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        before = old.read(name).decode() if name in old.namelist() else ""
        after = change(before)
        assert after != before
        new.writestr(name, after)
    return stream.getvalue()


def letters(apart: float, times: int = 1) -> bytes:
    """The planted number as drawings are set: each figure by itself, so and so far from the one before."""
    steps = [
        f"q 1 0 0 1 {20 + apart * place} 20 cm BT /Plain 9 Tf ({one}) Tj ET Q" for place, one in enumerate(PLANTED)
    ]
    return " ".join(step for step in steps for _ in range(times)).encode()


def planted_pdf(where: str) -> bytes:
    import pikepdf
    from pikepdf import Array, Dictionary, Name

    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(render_pdf(EXAMPLE))) as document:
        page = document.pages[0]
        widths = {"FirstChar": 48, "LastChar": 57, "Widths": Array([556] * 10)}
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, **widths)
        page.resources.Font["/Plain"] = document.make_indirect(font)
        match where:
            case "text":
                page.contents_add(f"BT /Plain 9 Tf 20 20 Td ({PLANTED}) Tj ET".encode())
            case "letters of a drawing":
                page.contents_add(letters(0.556 * 9))
            case "letters drawn twice":
                page.contents_add(letters(0.556 * 9, times=2))
            case "letters far apart":
                page.contents_add(letters(40))
            case "pieces of a line":
                page.contents_add(f"BT /Plain 9 Tf 20 20 Td [({PLANTED[:2]}) 20 ({PLANTED[2:]})] TJ ET".encode())
            case "drawing of its own":
                form = document.make_stream(f"BT /Plain 9 Tf ({PLANTED}) Tj ET".encode())
                form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
                form.Resources = Dictionary(Font=page.resources.Font)
                document.Root.Planted = form
            case "property":
                document.docinfo["/Subject"] = PLANTED
            case "description":
                with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
                    metadata["dc:subject"] = {PLANTED}
            case "attached file":
                document.attachments["underlag.csv"] = PLANTED.encode()
            case _:
                document.Root.Planted = document.make_indirect(Dictionary(Alt=pikepdf.String(PLANTED)))
        document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "where",
    [
        "text", "letters of a drawing", "letters drawn twice", "pieces of a line", "drawing of its own", "property",
        "description", "alternative text",
    ],
)  # fmt: skip
def test_a_planted_number_is_found_in_a_pdf(where: str) -> None:
    with pytest.raises(ArtefactError, match="ett tal som inte finns"):
        check("rapport.pdf", planted_pdf(where))


def test_figures_that_stand_apart_in_a_drawing_are_not_read_as_one_number() -> None:
    check("rapport.pdf", planted_pdf("letters far apart"))


def test_a_file_attached_to_a_pdf_is_refused() -> None:
    with pytest.raises(ArtefactError, match="inte kan läsa tillbaka"):
        check("rapport.pdf", planted_pdf("attached file"))


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
