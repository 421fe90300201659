"""The Word file: what a person writes can be edited, what has been computed cannot, and it is the same each time."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import docx
import pytest
from docx.oxml.ns import qn
from tests.reports.example import CROWDED, EXAMPLE, tables

from arshjul.reports.blocks import (
    FORM_ROW_HEIGHT,
    Block,
    BulletList,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    NumberedList,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Signature,
    Signatures,
    Table,
    Written,
    plain,
)
from arshjul.reports.docx import render_docx

MISSING = Written("ekonomi", "Ekonomiska konsekvenser", (Paragraph(plain("Texten saknas.")),), is_missing=True)
WRITTEN = Written(
    "analys",
    "Särskilt följda mått",
    (Heading("Varför", 2), Paragraph(plain("Fler gick vidare.")), BulletList((plain("Språket."), plain("Praktiken.")))),
    indicator_id="maluppfyllelse",
)
COUNTED = NumberedList((plain("Först"), plain("Sedan")))


def opened(*blocks: Block, base: Document = EXAMPLE) -> Any:
    return docx.Document(io.BytesIO(render_docx(replace(base, blocks=blocks or base.blocks))))


def controls(file: Any) -> dict[str, tuple[str, Any]]:
    """Tag to lock and content of every part of a file."""
    found = {}
    for one in file.element.body.iter(qn("w:sdt")):
        properties = one.find(qn("w:sdtPr"))
        lock = properties.find(qn("w:lock")).get(qn("w:val"))
        found[properties.find(qn("w:tag")).get(qn("w:val"))] = (lock, one.find(qn("w:sdtContent")))
    return found


def said(element: Any) -> str:
    return "".join(one.text or "" for one in element.iter(qn("w:t")))


def test_what_a_person_writes_is_an_editable_part_with_its_sections_tag() -> None:
    found = controls(opened(Heading("Analys"), WRITTEN, MISSING))
    assert set(found) == {"analys:analys:maluppfyllelse", "analys:ekonomi"}
    assert {lock for lock, _ in found.values()} == {"sdtLocked"}, "the part stays, its content is free"
    assert said(found["analys:analys:maluppfyllelse"][1]) == "VarförFler gick vidare.Språket.Praktiken."
    assert said(found["analys:ekonomi"][1]) == "Texten saknas."


def test_every_table_and_figure_is_locked() -> None:
    computed = [block for block in EXAMPLE.blocks if isinstance(block, (Table, Figure))]
    found = controls(opened())
    assert len(computed) > 3
    assert all(found[block.id][0] == "sdtContentLocked" for block in computed)
    assert found["nyckeltal"][0] == "sdtContentLocked"


@pytest.mark.parametrize("document", [EXAMPLE, CROWDED], ids=["example", "crowded"])
def test_every_table_says_what_it_is_and_repeats_its_head(document: Document) -> None:
    file = opened(base=document)
    titles = [table.title for table in document.blocks if isinstance(table, Table)]
    made = {one.tblPr.find(qn("w:tblCaption")).get(qn("w:val")): one for one in file.element.body.iter(qn("w:tbl"))}
    assert set(titles) <= set(made)
    for one in made.values():
        first, *rest = one.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in (first, *rest))
        tags = [child.tag.rpartition("}")[2] for child in one.tblPr]
        order = ["tblW", "tblBorders", "tblLayout", "tblLook", "tblCaption", "tblDescription"]
        assert tags == [tag for tag in order if tag in tags], "Word takes them in this order only"


def test_every_cell_of_every_table_is_in_the_file() -> None:
    words = said(opened().element.body)
    shown = [table for table in EXAMPLE.blocks if isinstance(table, Table)]
    missing = [cell.display for table in shown for row in table.rows for cell in row.cells if cell.display not in words]
    assert tables(EXAMPLE)
    assert missing == []


def test_a_key_figures_interval_and_comparison_stand_on_lines_of_their_own() -> None:
    card = KeyFigure("47", "%", "nådde målet", "Målet är 65 %.", interval="mellan 41 och 53 procent")
    lines = [one.tag for one in opened(KeyFigures((card,))).element.body.iter(qn("w:t"), qn("w:br"))]
    assert lines[-3:] == [qn("w:t"), qn("w:br"), qn("w:t")]


def test_charts_are_pictures_with_their_values_in_words() -> None:
    figures = [block for block in EXAMPLE.blocks if isinstance(block, Figure)]
    told = [one.get("descr") for one in opened().element.body.iter(qn("wp:docPr"))]
    assert len(told) >= len(figures) > 0
    assert all("%" in words or "dagar" in words for words in told)


def test_headings_lists_and_captions_are_words_own() -> None:
    file = opened(Heading("Kapitel"), Heading("Avsnitt", 2), BulletList((plain("En sak"),)), COUNTED, COUNTED)
    styles = [(one.text, one.style.name) for one in file.paragraphs]
    assert ("Kapitel", "Heading 1") in styles
    assert ("Avsnitt", "Heading 2") in styles
    assert ("En sak", "List Bullet") in styles
    numbers = [one._p.pPr.numPr.numId.val for one in file.paragraphs if one.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3], "each list counts from one"


def test_what_follows_a_page_break_begins_a_page() -> None:
    file = opened(Paragraph(plain("Före")), PageBreak(), Heading("Bilaga"))
    [appendix] = [one for one in file.paragraphs if one.text == "Bilaga"]
    assert appendix.paragraph_format.page_break_before


def test_a_link_leads_where_it_says_and_two_sign() -> None:
    link = Run("arbetsmarknad", link="https://www.exempelkommun.example/arbetsmarknad")
    file = opened(
        Paragraph((Run("Läs om "), link)), Signatures((Signature("Förvaltningschef"), Signature("Chef", "N N")))
    )
    [found] = [one for one in file.paragraphs if one.hyperlinks]
    assert found.text == "Läs om arbetsmarknad"
    assert found.hyperlinks[0].address == link.link
    assert [one.text for one in file.paragraphs if one.style.name == "Underskrift"] == ["Förvaltningschef", "N N\nChef"]


def test_a_link_to_anything_but_a_page_or_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="http"):
        Run("här", link="javascript:alert(1)")


def test_a_state_has_a_colour_beside_its_words() -> None:
    columns = (Column("Objekt"), Column("Kvalitetsrapport"))
    matrix = Table("tackning", "Täckning", columns, (Row((Cell("Jobbtorget"), Cell("Saknas", state="missing"))),))
    shades = {one.get(qn("w:fill")) for one in opened(matrix).element.body.iter(qn("w:shd"))}
    assert "F8E8E4" in shades


def test_the_file_is_swedish_on_a4_and_tells_only_the_documents_own_day() -> None:
    file = opened()
    section = file.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    [language] = {one.get(qn("w:val")) for one in file.styles.element.iter(qn("w:lang"))}
    assert language == "sv-SE"
    assert file.core_properties.title == EXAMPLE.title
    assert file.core_properties.created.date() == file.core_properties.modified.date() == EXAMPLE.date
    foot = said(section.footer._element)
    assert foot.endswith("Sida 1 av 1")


def test_the_same_document_is_the_same_bytes_and_nothing_of_the_template_comes_along() -> None:
    made = render_docx(EXAMPLE)
    assert made == render_docx(EXAMPLE)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        names = parts.namelist()
        assert {one.date_time[0] for one in parts.infolist()} == {1980}
        assert not [name for name in names if "thumbnail" in name or "customXml" in name or "Effects" in name]
        types = ET.fromstring(parts.read("[Content_Types].xml"))
    declared = {one.get("PartName", "").lstrip("/") for one in types}
    assert all(not name or name in names for name in declared), "Word refuses a file that names what is not there"


def test_a_form_is_open_to_fill_in_and_its_rows_are_high_enough_to_write_in() -> None:
    form = Table(
        "mall", "Att fylla i", (Column("Nr", width=0), Column("Vad")), (Row((Cell("1"), Cell(""))),), is_form=True
    )
    made = opened(form).tables[0]
    assert made._tbl.getparent().tag == qn("w:body")
    assert made.rows[1].height.pt == FORM_ROW_HEIGHT
    assert next(opened(replace(form, is_form=False)).element.body.iter(qn("w:lock"))) is not None
