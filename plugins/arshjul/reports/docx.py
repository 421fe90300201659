"""A document as a Word file, for the official who writes the analysis.

What has been computed stands in locked parts, what a person writes in parts of its own that can be edited and not removed,
each with a tag (``analys:<avsnitt>``). The ledger's text is what counts; the file is a copy to read and work in. Headings,
lists, captions and table heads are Word's own, so that reading aids find them. Source: facts/reports.md §6; facts/privacy.md
§3 (DOS-lagen, WCAG 2.2 AA).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from arshjul.comparison.numbers import NOTHING_TO_TELL
from arshjul.reports.blocks import (
    FORM_ROW_HEIGHT,
    Block,
    Box,
    BulletList,
    Document,
    Figure,
    Heading,
    KeyFigures,
    NumberedList,
    PageBreak,
    Paragraph,
    Signatures,
    Table,
    Text,
    Written,
    plain,
)
from arshjul.reports.charts import PAPER_WIDTH, draw_in_pieces
from arshjul.reports.docx_styles import (
    AMBER,
    AMBER_TINT,
    BRICK,
    BRICK_TINT,
    INK,
    MUTED,
    PETROL,
    RULE,
    TINT,
    add_field,
    element,
    new_file,
    picture,
    written_bytes,
)
from arshjul.reports.pdf import column_widths

_STATES = {"done": TINT, "planned": AMBER_TINT, "missing": BRICK_TINT}
_CARD_COLOURS = {"reached": PETROL, "near": AMBER, "missed": BRICK, "neutral": INK}
_LONGEST_NAME = 64


def render_docx(document: Document) -> bytes:
    """Draw a document as a Word file.

    Args:
        document: What it says.

    Raises:
        DrawingError: A chart does not fit.
    """
    writer = _Writer(new_file(document))
    writer.head(document)
    for block in document.blocks:
        writer.block(block)
    return written_bytes(writer.file)


@dataclass
class _Writer:
    """Writes blocks at the end of a file, and counts figures and tables as the other formats do."""

    file: Any
    counted: dict[str, int] = field(default_factory=lambda: {"Figur": 0, "Tabell": 0})
    breaks: bool = False
    has_heading: bool = False

    def head(self, document: Document) -> None:
        self.paragraph(plain(document.title), "Title")
        self.paragraph(plain(document.subtitle), "Subtitle")
        for label, value in document.head:
            line = self.paragraph((), "Normal")
            line.paragraph_format.tab_stops.add_tab_stop(_points(120))
            line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = _points(120), _points(-120)
            line.paragraph_format.space_after = _points(1)
            line.add_run(f"{label}\t")
            line.add_run(value).bold = True

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                self.has_heading = True
                self.paragraph(plain(block.text), f"Heading {block.level}")
            case Paragraph():
                self.paragraph(block.text, "Ingress" if block.is_lead else "Normal")
            case BulletList() | NumberedList():
                self.listed(block)
            case Table(is_form=True):
                self.table(block)
            case KeyFigures() | Figure() | Table():
                self.computed(block)
            case Box():
                self.box(block)
            case Signatures():
                self.signatures(block)
            case Written():
                self.written(block)
            case PageBreak():
                self.breaks = True

    def paragraph(self, text: Text, style: str) -> Any:
        made = self.file.add_paragraph(style=style)
        if self.breaks:
            made.paragraph_format.page_break_before, self.breaks = True, False
        for run in text:
            if run.link:
                _add_link(made, run.text, run.link)
                continue
            added = made.add_run(run.text)
            # Only what is set apart says so: a heading keeps its own style's weight.
            added.bold = True if run.style == "strong" else None
            added.italic = True if run.style == "emphasis" else None
        return made

    def listed(self, block: BulletList | NumberedList) -> None:
        if isinstance(block, BulletList):
            for item in block.items:
                self.paragraph(item, "List Bullet")
            return
        # Each list counts from one: Word counts on, unless it is told that this is another list.
        numbering = self.file.part.numbering_part.element
        style = self.file.styles["List Number"].element.pPr.numPr.numId.val
        kind = next(one for one in numbering.num_lst if one.numId == style).abstractNumId.val
        own = numbering.add_num(kind)
        own.add_lvlOverride(ilvl=0).add_startOverride(1)
        for item in block.items:
            properties = self.paragraph(item, "List Number")._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, own.numId

    def caption(self, kind: str, title: str, description: str = "") -> str:
        self.counted[kind] += 1
        made = self.paragraph((), "Caption")
        number = made.add_run(f"{kind} ")
        number.bold = True
        add_field(made, f"SEQ {kind} \\* ARABIC", str(self.counted[kind]))
        made.add_run(". ")
        made.add_run(title).bold = True
        if description:
            made.add_run().add_break()
            made.add_run(description)
        return f"{kind} {self.counted[kind]}"

    def figure(self, block: Figure) -> None:
        from docx.oxml.ns import qn

        name = self.caption("Figur", block.title, block.description)
        for piece in draw_in_pieces(block, PAPER_WIDTH, block.id):
            line = self.paragraph((), "Normal")
            line.paragraph_format.keep_with_next = True
            run = line.add_run()
            run.add_picture(io.BytesIO(picture(piece.svg)), width=_points(PAPER_WIDTH))
            said = run._r.find(f".//{qn('wp:docPr')}")
            said.set("name", name)
            said.set("descr", piece.words)
        self.paragraph(plain(block.source), "Not")

    def table(self, block: Table) -> None:
        self.caption("Tabell", block.title)
        widths, _, size, _ = column_widths(block)
        rows = max(len(block.rows), 1)
        made = _add_table(self.file, rows + 1, widths, block.title, block.note)
        for index, column in enumerate(block.columns):
            _fill(made.cell(0, index), column.title, size, column.align, shade=PETROL, colour="FFFFFF", is_bold=True)
        for number, row in enumerate(block.rows, start=1):
            cells = made.rows[number].cells
            for index, (cell, column) in enumerate(zip(row.cells, block.columns, strict=True)):
                shade = _STATES.get(cell.state, TINT if row.is_total else "")
                _fill(cells[index], cell.display, size, column.align, shade=shade, is_bold=row.is_total)
            if block.is_form:
                made.rows[number].height = _points(FORM_ROW_HEIGHT)
        if not block.rows:
            _fill(made.cell(1, 0).merge(made.cell(1, len(widths) - 1)), NOTHING_TO_TELL, size, "left", colour=MUTED)
        # Word wants a paragraph after a table, and readers the note there.
        self.paragraph(plain(block.note), "Not")

    def key_figures(self, block: KeyFigures) -> None:
        made = _add_table(self.file, len(block.cards) + 1, [110, 178, 180], "Nyckeltal", "")
        for index, title in enumerate(("Värde", "Vad det är", "Jämförelse")):
            _fill(made.cell(0, index), title, 9.4, "left", shade=PETROL, colour="FFFFFF", is_bold=True)
        for number, card in enumerate(block.cards, start=1):
            cells = made.rows[number].cells
            value = f"{card.number} {card.unit}".strip()
            _fill(cells[0], value, 13, "left", colour=_CARD_COLOURS[card.state], is_bold=True)
            _fill(cells[1], card.text, 9.4, "left")
            _fill(cells[2], "\n".join(part for part in (card.interval, card.comparison) if part), 9.4, "left")
        self.paragraph((), "Not")

    def box(self, block: Box) -> None:
        is_warning = block.kind == "warning"
        heading = self.paragraph(plain(block.title), f"Heading {2 if is_warning and self.has_heading else 1}")
        self.has_heading = True
        for one in (heading, *(self.paragraph(text, "Ruta") for text in block.paragraphs)):
            properties = one._p.get_or_add_pPr()
            border = element("pBdr")
            edge = AMBER if is_warning else PETROL
            border.append(element("left", val="single", sz="24", space="8", color=edge))
            shade = element("shd", val="clear", color="auto", fill=AMBER_TINT if is_warning else TINT)
            properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
            properties.insert_element_before(shade, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
        self.paragraph((), "Not")

    def signatures(self, block: Signatures) -> None:
        for person in block.people:
            line = self.paragraph(plain(person.name), "Underskrift")
            line.paragraph_format.space_before = _points(44)
            line.paragraph_format.right_indent = _points(PAPER_WIDTH / 2)
            border = element("pBdr")
            border.append(element("top", val="single", sz="6", space="4", color=INK))
            line._p.get_or_add_pPr().insert_element_before(
                border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
            )
            if person.name:
                line.add_run().add_break()
            line.add_run(person.title)

    def written(self, block: Written) -> None:
        """A part that can be edited and not removed; without a text it holds the sentence that says so."""

        def inside() -> None:
            for part in block.blocks:
                if block.is_missing and isinstance(part, Paragraph):
                    self.paragraph(part.text, "Saknad text")
                else:
                    self.block(part)

        self._control(block.tag, block.title, "sdtLocked", inside)

    def computed(self, block: KeyFigures | Figure | Table) -> None:
        """A part that is read and copied, and not edited."""

        def inside() -> None:
            match block:
                case KeyFigures():
                    self.key_figures(block)
                case Figure():
                    self.figure(block)
                case Table():
                    self.table(block)

        name, title = ("nyckeltal", "Nyckeltal") if isinstance(block, KeyFigures) else (block.id, block.title)
        self._control(name, title, "sdtContentLocked", inside)

    def _control(self, tag: str, title: str, lock: str, inside: Callable[[], None]) -> None:
        body = self.file.element.body
        before = set(body)
        inside()
        control, properties, content = element("sdt"), element("sdtPr"), element("sdtContent")
        properties.append(element("alias", val=_shortened(title)))
        properties.append(element("tag", val=_shortened(tag)))
        properties.append(element("lock", val=lock))
        control.append(properties)
        control.append(content)
        made = [one for one in body if one not in before]
        if made:
            made[0].addprevious(control)
            content.extend(made)


def _shortened(name: str) -> str:
    """Word takes no longer names of parts than 64 characters; a number is not cut in two."""
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME].rstrip("0123456789,. \u00a0")


def _points(size: float) -> Any:
    from docx.shared import Pt

    return Pt(size)


def _add_link(paragraph: Any, text: str, address: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(text)
    run.font.underline, run.font.color.rgb = True, RGBColor.from_string(PETROL)
    link.append(run._r)
    paragraph._p.append(link)


def _add_table(file: Any, rows: int, widths: Sequence[float], title: str, note: str) -> Any:
    """Add a table whose first row repeats on every page, whose rows stay whole and which says what it is."""
    made = file.add_table(rows, len(widths))
    made.autofit = False
    properties = made._tbl.tblPr
    borders = element("tblBorders")
    for edge in ("top", "bottom", "insideH"):
        borders.append(element(edge, val="single", sz="4", space="0", color=RULE))
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption")
    # The order of these is Word's own: what is to be read aloud comes last.
    properties.append(element("tblCaption", val=title))
    if note:
        properties.append(element("tblDescription", val=note))
    for column, width in zip(made.columns, widths, strict=True):
        column.width = _points(width)
    for number, row in enumerate(made.rows):
        row_properties = row._tr.get_or_add_trPr()
        row_properties.append(element("cantSplit"))
        if number == 0:
            row_properties.append(element("tblHeader"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = _points(width)
    return made


def _fill(
    cell: Any, text: str, size: float, align: str, *, shade: str = "", colour: str = INK, is_bold: bool = False
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import RGBColor

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = _points(2)
    if align == "right":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.color.rgb = _points(size), is_bold or None, RGBColor.from_string(colour)
    if shade:
        cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=shade))
