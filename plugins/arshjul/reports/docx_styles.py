"""The look of a Word file: A4, Swedish, real heading styles, page head and foot; and its bytes, the same every time.

Source: facts/reports.md §6 (what was tried); Word's own rules are ECMA-376 part 1, §17.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

from arshjul.comparison.numbers import swedish_date
from arshjul.reports.blocks import Document

INK, MUTED, PETROL, BRICK, AMBER = "1B242A", "52606A", "00566B", "B0452A", "8A5A00"
RULE, TINT, AMBER_TINT, BRICK_TINT = "C9D2D7", "EDF4F5", "FBF3E2", "F8E8E4"
SANS, SERIF = "Calibri", "Georgia"

_STYLES = (
    # name, based on, typeface, size, bold, colour, space before, space after, kept with the next
    ("Normal", "", SANS, 10.5, False, INK, 0, 7, False),
    ("Title", "", SERIF, 24, True, INK, 12, 2, True),
    ("Subtitle", "", SANS, 12.5, False, MUTED, 0, 12, False),
    ("Heading 1", "", SERIF, 16, True, PETROL, 20, 6, True),
    ("Heading 2", "", SANS, 12, True, INK, 14, 5, True),
    ("Heading 3", "", SANS, 10.5, True, INK, 10, 4, True),
    ("List Bullet", "", SANS, 10.5, False, INK, 0, 4, False),
    ("List Number", "", SANS, 10.5, False, INK, 0, 4, False),
    ("Caption", "", SANS, 9.5, False, INK, 12, 4, True),
    ("Header", "", SANS, 8.5, False, MUTED, 0, 0, False),
    ("Footer", "", SANS, 8.5, False, MUTED, 0, 0, False),
    ("Ingress", "Normal", SANS, 12, False, INK, 0, 8, False),
    ("Not", "Normal", SANS, 8.5, False, MUTED, 3, 10, False),
    ("Ruta", "Normal", SANS, 10.5, False, INK, 0, 0, False),
    ("Saknad text", "Normal", SANS, 10.5, False, BRICK, 0, 7, False),
    ("Underskrift", "Normal", SANS, 10.5, False, INK, 0, 0, True),
)
_NOT_OURS = ("docProps/app.xml", "docProps/thumbnail.jpeg", "customXml/", "word/stylesWithEffects.xml")
_LINKS_TO_THEM = ("/extended-properties", "/thumbnail", "/customXml", "/stylesWithEffects")
"""What the template carries along and nobody has use for."""


def new_file(document: Document) -> Any:
    """Begin a Word file that looks as reports do, with its properties, page head and foot."""
    import docx

    file = docx.Document()
    _set_properties(file, document)
    _set_styles(file)
    _set_page(file, document)
    return file


def written_bytes(file: Any) -> bytes:
    """Give the file's bytes: the same for the same document, without what the template carried along."""
    for part in (file.part.package, file.part):
        for key, one in list(part.rels.items()):
            if one.reltype.endswith(_LINKS_TO_THEM):
                del part.rels[key]
    saved, written = io.BytesIO(), io.BytesIO()
    file.save(saved)
    with zipfile.ZipFile(saved) as made, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(made.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            if not name.startswith(_NOT_OURS):
                # The earliest date that a ZIP can hold: the file does not tell when it was made.
                kept.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), made.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def element(tag: str, **attributes: str) -> Any:
    """Make an element of Word's own namespace with attributes of it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def add_field(paragraph: Any, code: str, shown: str) -> None:
    """Add a field that Word counts, such as the number of the page, with what is shown until it has."""
    for kind in ("begin", "code", "separate", "shown", "end"):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = shown
        elif kind == "code":
            text = element("instrText")
            text.text = code
            run._r.append(text)
        else:
            run._r.append(element("fldChar", fldCharType=kind))


def _set_properties(file: Any, document: Document) -> None:
    made = datetime.combine(document.date, time(12), UTC)
    properties = file.core_properties
    properties.title = document.title
    properties.author = properties.last_modified_by = document.unit
    properties.subject = document.description
    properties.keywords = ", ".join(document.keywords)
    properties.comments = ""
    properties.language = "sv-SE"
    properties.created = properties.modified = made
    properties.revision = 1


def _set_styles(file: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, base, face, size, is_bold, colour, before, after, is_kept in _STYLES:
        style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH) if base else file.styles[name]
        if base:
            style.base_style = file.styles[base]
            style.quick_style = True
        style.font.name, style.font.size, style.font.bold = face, Pt(size), is_bold
        style.font.italic = False
        style.font.color.rgb = RGBColor.from_string(colour)
        fonts = style.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        layout = style.paragraph_format
        layout.space_before, layout.space_after, layout.keep_with_next = Pt(before), Pt(after), is_kept
    title = file.styles["Title"].element.pPr
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    defaults = file.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for language in defaults.findall(qn("w:lang")):
        defaults.remove(language)
    defaults.append(element("lang", val="sv-SE", eastAsia="sv-SE", bidi="ar-SA"))


def _set_page(file: Any, document: Document) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm, Pt

    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.top_margin, section.bottom_margin = Mm(24), Mm(27), Mm(22)
    # What is left is 468 points: the width that charts and tables are measured for.
    section.right_margin = section.page_width - section.left_margin - Pt(468)
    section.different_first_page_header_footer = True

    def line(paragraph: Any, left: str, right: str) -> None:
        paragraph.paragraph_format.tab_stops.clear_all()
        paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(468), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.text = f"{left}\t{right}"

    first, later = section.first_page_header.paragraphs[0], section.header.paragraphs[0]
    line(first, document.municipality, document.document_type)
    line(later, document.title, swedish_date(document.date))
    for foot in (section.first_page_footer.paragraphs[0], section.footer.paragraphs[0]):
        line(foot, f"{document.municipality} · {document.unit}", "Sida ")
        add_field(foot, "PAGE", "1")
        foot.add_run(" av ")
        add_field(foot, "NUMPAGES", "1")


def picture(svg: str) -> bytes:
    """Turn a drawing of ours into a PNG, sharp enough for print.

    Args:
        svg: The drawing.
    """
    import typst

    from arshjul.reports.fonts import font_folder
    from arshjul.settings import REPOSITORY

    templates = REPOSITORY / "include" / "templates"
    with font_folder() as folder:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
        drawn = typst.compile(
            str(templates / "diagram.typ"),
            root=str(templates),
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"svg": svg},
            format="png",
            ppi=200,
        )
    if not isinstance(drawn, bytes):
        raise TypeError("a drawing became more than one picture")
    return drawn
