"""The PDF is accessible, archivable, complete, the same each time, and reveals nothing that is protected."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest

from arshjul.reports.blocks import (
    Block,
    Box,
    BulletList,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
    plain,
    text,
)
from arshjul.reports.chart_data import Bar, BarChart, Point, TrendChart
from arshjul.reports.fonts import UnprintableTextError
from arshjul.reports.pdf import TEMPLATES, PdfError, render_pdf, share_width

LONG = "Språk- och arbetsintroduktion för nyanlända med kort tidigare utbildning"
HOSTILE = '#import "x" $a$ *b* \\u{41} <script> & Åsa Öberg'


def outcome(count: int) -> Table:
    rows = tuple(
        Row(
            (
                Cell(f"{LONG} {index}" if index % 4 == 0 else f"Insats {index}"),
                Cell(".." if index % 5 == 2 else str(index), None if index % 5 == 2 else index),
                Cell("−21", -21),
            ),
            is_total=index == count - 1,
        )
        for index in range(count)
    )
    columns = (Column("Insats", width=2.6), Column("Avslutade", "right"), Column("Avvikelse (procentenheter)", "right"))
    return Table("mal", "Utfall mot mål per insats", columns, rows, ".. = uppgiften visas inte.")


def bar_figure(value: float | None = 88.0) -> Figure:
    display = ".." if value is None else "88\u00a0%"
    chart = BarChart((Bar("Jobbpeng", value, display, 65, "23 över målet", True),), 65, "Mål 65\u00a0%")
    return Figure("f", "Jobbpengen når målet", "Andel avslutade insatser", chart, "Källa: leveranser.", outcome(3))


def trend_figure() -> Figure:
    chart = TrendChart((Point("Tertial 1 2025", 184, "184"), Point("Tertial 2 2025", None, "..")), "dagar")
    return Figure("t", "Vägen blev längre", "", chart, "Källa: leveranser.", outcome(2))


def document(*blocks: Block, title: str = "Tertialrapport för arbetsmarknadsinsatser") -> Document:
    return Document(
        title=title,
        subtitle="Resultat januari–april 2026",
        municipality="Exempelkommun",
        unit="Enheten för uppföljning",
        document_type="Tertialrapport",
        date=date(2026, 5, 5),
        description="Uppföljning av kommunens insatser.",
        keywords=("tertialrapport", "insatser"),
        head=(("Till", "Arbetsmarknadsnämnden"), ("Datum", "5\u00a0maj\u00a02026")),
        blocks=blocks,
    )


EVERYTHING = document(
    Box("Förslag till beslut", (plain("Nämnden noterar informationen till protokollet."),)),
    Heading("Sammanfattning"),
    Paragraph(text("Av insatserna ledde **44 procent** till _arbete_."), is_lead=True),
    KeyFigures(
        (
            KeyFigure("44", "%", "nådde målet", "Målet är 65\u00a0%", "missed"),
            KeyFigure("239", "dagar", "till egen försörjning", "Oförändrat", "reached"),
            KeyFigure("..", "kunder", "hade en insats", "Jämförelsevärde saknas"),
        )
    ),
    BulletList((plain(HOSTILE), (Run("Vägen", "strong"), Run(" är lång.")))),
    Box("Undantag från kvalitetsgrinden", (plain("Två anordnare har bytt system."),), "warning"),
    Heading("Måluppfyllelse"),
    bar_figure(),
    outcome(25),
    Heading("Vilka som når målet", 2),
    Table("tom", "Kvar i egen försörjning", (Column("Mått"), Column("Utfall", "right")), ()),
    trend_figure(),
    PageBreak(),
    Heading("Bilaga"),
    outcome(90),
    Paragraph(plain("Slut.")),
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_pdf(EVERYTHING)


def structure(pdf: bytes) -> Iterator[tuple[str, Any]]:
    """Every structure element, in reading order."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        waiting = [opened.Root.StructTreeRoot]
        while waiting:
            element = waiting.pop(0)
            if "/S" in element:
                yield str(element.S), element
            kids = element.get("/K")
            several = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
            waiting = [kid for kid in several if isinstance(kid, pikepdf.Dictionary)] + waiting


def letters(pdf: bytes) -> str:
    """The text layer of all pages, without any space."""
    found: list[str] = []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for sheet in opened.pages:
            fonts = {name: to_unicode(font) for name, font in sheet.Resources.Font.items()}
            current: dict[int, str] = {}
            for operands, operator in pikepdf.parse_content_stream(sheet):
                if str(operator) == "Tf":
                    current = fonts[str(operands[0])]
                elif str(operator) in ("Tj", "TJ"):
                    shown = operands[0] if str(operator) == "TJ" else [operands[0]]
                    codes = b"".join(bytes(piece) for piece in shown if isinstance(piece, pikepdf.String))
                    pairs = zip(codes[::2], codes[1::2], strict=True)
                    found.extend(current[high * 256 + low] for high, low in pairs)
    return re.sub(r"\s", "", "".join(found))


def to_unicode(font: pikepdf.Object) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>\n", table)
    return {int(code, 16): bytes.fromhex(target).decode("utf-16-be") for code, target in pairs}


def ends_of_streams(pdf: bytes) -> list[bytes]:
    """What stands where each stream ends by its own account."""
    starts = re.finditer(rb"/Length (\d+)[^>]*>>\s*stream\r?\n", pdf)
    return [pdf[found.end() + int(found[1]) :][:10].strip() for found in starts]


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_the_file_is_accessible_and_archivable(pdf: bytes, profile: str) -> None:
    failures = {failure.rule_id for failure in page.validate_pdf_bytes(pdf, profile=profile).failures}
    # The validator takes compressed data that ends in a carriage return for the line's end; counted here instead.
    assert failures <= {"PDFA2A-STREAM-LENGTH-001"}
    assert set(ends_of_streams(pdf)) == {b"endstream"}


def test_the_file_tells_language_title_and_colour(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "sv-SE"
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        assert len(opened.Root.OutputIntents) == 1
        assert str(opened.docinfo["/Title"]) == EVERYTHING.title
        assert str(opened.docinfo["/Author"]) == EVERYTHING.unit


def test_headings_make_an_outline_without_a_gap(pdf: bytes) -> None:
    levels = [int(kind[2]) for kind, _ in structure(pdf) if re.fullmatch("/H[1-6]", kind)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_outline() as outline:
        assert [item.title for item in outline.root] == [
            "Förslag till beslut",
            "Sammanfattning",
            "Måluppfyllelse",
            "Bilaga",
        ]


def test_every_table_has_headers_for_its_columns_and_its_rows(pdf: bytes) -> None:
    tables = [table for kind, table in structure(pdf) if kind == "/Table"]
    scopes = [
        {str(one.O): str(one.get("/Scope")) for one in element.A}["/Table"]
        for kind, element in structure(pdf)
        if kind == "/TH"
    ]
    rows = sum(len(block.rows) or 1 for block in EVERYTHING.blocks if isinstance(block, Table))
    columns = sum(len(block.columns) for block in EVERYTHING.blocks if isinstance(block, Table))
    assert len(tables) == 3
    assert (scopes.count("/Row"), scopes.count("/Column")) == (rows, columns)


def test_a_figure_has_its_values_as_alternative_text(pdf: bytes) -> None:
    alternatives = [str(figure.Alt) for kind, figure in structure(pdf) if kind == "/Figure"]
    assert alternatives == [
        "Jobbpengen når målet. Andel avslutade insatser. Mål 65\u00a0%. Jobbpeng: 88\u00a0%, 23 över målet.",
        "Vägen blev längre. Tertial 1 2025: 184; Tertial 2 2025: visas inte.",
    ]


def said(part: object) -> Iterator[str]:
    """What a reader is to find of a block, wherever it stands."""
    match part:
        case Heading(text=words):
            yield words
        case Paragraph(text=runs):
            yield "".join(run.text for run in runs)
        case BulletList(items=items):
            yield from ("".join(run.text for run in item) for item in items)
        case KeyFigures(cards=cards):
            yield from (words for card in cards for words in (card.number, card.unit, card.text, card.comparison))
        case Figure():
            yield from (part.title, part.description, part.source)
        case Table():
            yield from (part.title, part.note, *(column.title for column in part.columns))
            yield from (cell.display for row in part.rows for cell in row.cells)
        case Box():
            yield from (part.title, *("".join(run.text for run in paragraph) for paragraph in part.paragraphs))


def test_every_text_of_the_document_is_in_the_text_layer_and_hostile_text_stands_as_it_is(pdf: bytes) -> None:
    layer = letters(pdf)
    wanted = [EVERYTHING.title, EVERYTHING.subtitle, *(words for pair in EVERYTHING.head for words in pair)]
    wanted += [words for block in EVERYTHING.blocks for words in said(block)]
    assert [words for words in wanted if re.sub(r"\s", "", words) not in layer] == []
    assert re.sub(r"\s", "", HOSTILE) in layer
    assert "Ingauppgifterförperioden." in layer


def test_a_long_table_repeats_its_header_and_pages_are_counted(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        count = len(opened.pages)
    layer = letters(pdf)
    assert f"{count}({count})" in layer
    assert layer.count("Avvikelse(procentenheter)") >= 4


def test_a_chart_of_many_bars_runs_over_pages_instead_of_leaving_one_empty() -> None:
    chart = BarChart(tuple(Bar(f"{LONG} {index}", 50.0, "50\u00a0%") for index in range(40)), None, "")
    made = render_pdf(document(Heading("A"), Figure("f", "Titel", "", chart, "Källa.", outcome(3))))
    alternatives = [str(figure.Alt) for kind, figure in structure(made) if kind == "/Figure"]
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert len(opened.pages) == 2
    assert [alternative.partition(". ")[0] for alternative in alternatives] == [
        f"Titel, del {number} av 10" for number in range(1, 11)
    ]


def test_the_same_document_is_the_same_bytes(pdf: bytes) -> None:
    assert render_pdf(EVERYTHING) == pdf


def test_a_hidden_value_changes_no_byte() -> None:
    def with_hidden(value: Decimal) -> bytes:
        hidden = Cell("..", value)
        table = Table("t", "T", (Column("Insats"), Column("Antal", "right")), (Row((Cell("Jobbpeng"), hidden)),))
        return render_pdf(document(Heading("A"), table))

    assert with_hidden(Decimal(3)) == with_hidden(Decimal(4))


def test_another_date_is_another_file(pdf: bytes) -> None:
    assert render_pdf(replace(document(Heading("A")), date=date(2026, 5, 6))) != render_pdf(document(Heading("A")))


def test_a_character_that_cannot_be_set_is_named_by_code_point_before_anything_is_set() -> None:
    with pytest.raises(UnprintableTextError, match=r"U\+1F600") as caught:
        render_pdf(document(Heading("A"), outcome(1), Paragraph(plain("hemligt 😀"))))
    assert "hemligt" not in str(caught.value)


def test_what_typst_warns_of_or_refuses_is_an_error(tmp_path: Path) -> None:
    template = (TEMPLATES / "rapport.typ").read_text(encoding="utf-8")
    (tmp_path / "rapport.typ").write_text(template.replace('"Source Serif Pro"', '"Saknas"'), encoding="utf-8")
    with pytest.raises(PdfError, match="unknown font family"):
        render_pdf(document(Heading("A")), tmp_path)
    with pytest.raises(PdfError, match="heading"):
        render_pdf(document(Heading("A", 2)))


def test_a_warning_that_opens_a_document_is_a_chapter_of_its_own() -> None:
    levels = [kind for kind, _ in structure(render_pdf(document(Box("Undantag", (plain("Skäl."),), "warning"))))]
    assert "/H1" in levels


def test_columns_get_what_they_need_before_anyone_gets_more() -> None:
    few, cells, unbroken = [40, 30], [100, 30], [100, 80]
    assert share_width([few, cells, unbroken], [3, 1], 60) == [40, 30]
    assert share_width([few, cells, unbroken], [3, 1], 90) == pytest.approx([60, 30])
    assert share_width([few, cells, unbroken], [3, 1], 150) == pytest.approx([100, 50])
    assert share_width([few, cells, unbroken], [3, 1], 400) == pytest.approx([300, 100])
    assert share_width([few, cells, unbroken], [3, 0], 400) == pytest.approx([320, 80])


def test_two_long_texts_share_by_their_wishes() -> None:
    assert share_width([[40, 40], [900, 900], [900, 900]], [3, 1], 480) == pytest.approx([360, 120])
