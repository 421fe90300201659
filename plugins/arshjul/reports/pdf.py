"""A document as PDF, accessible (PDF/UA-1) and archivable (PDF/A-2a), the same bytes for the same document.

Typst sets the page from ``include/templates/rapport.typ``. Text goes in as data and never as markup, so a name with a
``#`` or ``$`` in it prints as it stands. Typst refuses much that would make the file inaccessible; what it only warns of
is an error here. Source: facts/reports.md §2 (what was tried) and §3 (what validates).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from arshjul.comparison.numbers import NOTHING_TO_TELL, swedish_date
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
    opened,
)
from arshjul.reports.charts import PAPER_WIDTH, draw_in_pieces
from arshjul.reports.fonts import font_folder, require_printable, text_width
from arshjul.reports.svg import wrapped
from arshjul.settings import REPOSITORY

TEMPLATES = REPOSITORY / "include" / "templates"

_LINES_KEPT_TOGETHER = 14
_WIDE_ENOUGH = PAPER_WIDTH * 0.3
"""A column of words this wide, in points, reads well."""


class PdfError(RuntimeError):
    """The document could not be set, or not without a warning."""


def render_pdf(document: Document, templates: Path = TEMPLATES) -> bytes:
    """Draw a document as PDF.

    Args:
        document: What it says.
        templates: Folder with ``rapport.typ``.

    Raises:
        UnprintableTextError: A character is not in the typeface.
        DrawingError: A chart does not fit.
        PdfError: Typst refused the document, or had to warn of something.
    """
    require_printable(_texts(document))
    return _with_row_headers(_compiled(_model(document), document, templates))


def _compiled(model: dict[str, Any], document: Document, templates: Path) -> bytes:
    import typst

    with font_folder() as folder:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
        try:
            pdf, warnings = typst.compile_with_warnings(
                str(templates / "rapport.typ"),
                root=str(templates),
                font_paths=fonts,
                ignore_system_fonts=True,
                sys_inputs={"document": json.dumps(model, ensure_ascii=False)},
                pdf_standards=["ua-1", "a-2a"],
                timestamp=datetime.combine(document.date, time(12), UTC),
            )
        except typst.TypstError as error:
            # Typst quotes the source around an error, never the data.
            raise PdfError(f"rapport.typ: {error}") from None
    if warnings:
        raise PdfError(f"rapport.typ: {'; '.join(warning.message for warning in warnings)}")
    if not isinstance(pdf, bytes):
        raise PdfError("rapport.typ: became more than one file")
    return pdf


def _with_row_headers(pdf: bytes) -> bytes:
    """Mark the first cell of every body row as its header, which Typst 0.15 has no way to say."""
    import pikepdf

    name = pikepdf.Name
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for part in opened.objects:
            if isinstance(part, pikepdf.Dictionary) and part.get("/S") == name.TBody:
                for row in _kids(part):
                    first = _kids(row)[0]
                    first.S = name.TH
                    for attributes in first.A:
                        if name.Table == attributes.O:
                            attributes.Scope = name.Row
        written = io.BytesIO()
        opened.save(written, deterministic_id=True)
    return written.getvalue()


def _kids(element: Any) -> list[Any]:
    import pikepdf

    return list(element.K) if isinstance(element.K, pikepdf.Array) else [element.K]


def _texts(part: object) -> Iterator[str]:
    """Every text in a document, whatever it stands in."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from _texts(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))


def _model(document: Document) -> dict[str, Any]:
    """Turn a document into what the template reads."""
    blocks: list[dict[str, Any]] = []
    has_heading = False
    for index, block in enumerate(opened(document.blocks)):
        blocks.append(_block(block, index, has_heading=has_heading))
        if index and blocks[-2]["kind"] == "paragraph":
            blocks[-2]["is-introduction"] = isinstance(block, Table | Figure | BulletList | NumberedList)
            blocks[-2]["follows-heading"] = index > 1 and blocks[-3]["kind"] == "heading"
        has_heading = has_heading or isinstance(block, Heading | Box)
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "municipality": document.municipality,
        "unit": document.unit,
        "document-type": document.document_type,
        "description": document.description,
        "keywords": document.keywords,
        "date": [document.date.year, document.date.month, document.date.day],
        "date-text": swedish_date(document.date),
        "head": document.head,
        "blocks": blocks,
    }


def _block(block: Block, index: int, *, has_heading: bool) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": block.text, "level": block.level}
        case Paragraph():
            return {"kind": "paragraph", "text": _runs(block.text), "is-lead": block.is_lead, "is-introduction": False}
        case BulletList() | NumberedList():
            kind = "bullet-list" if isinstance(block, BulletList) else "numbered-list"
            return {"kind": kind, "items": [_runs(item) for item in block.items]}
        case Signatures():
            return {"kind": "signatures", "people": [vars(person) for person in block.people]}
        case KeyFigures():
            return {"kind": "key-figures", "cards": [vars(card) for card in block.cards]}
        case Figure():
            pieces = draw_in_pieces(block, PAPER_WIDTH, f"figur-{index}")
            return {
                "kind": "figure",
                "title": block.title,
                "description": block.description,
                "source": block.source,
                "pieces": [{"svg": piece.svg, "alt": piece.words} for piece in pieces],
            }
        case Table():
            return _table(block)
        case Box():
            # A warning stands under the chapter it concerns; the outline may not skip a level.
            level = 2 if block.kind == "warning" and has_heading else 1
            paragraphs = [_runs(paragraph) for paragraph in block.paragraphs]
            return {"kind": "box", "style": block.kind, "title": block.title, "level": level, "paragraphs": paragraphs}
        case PageBreak() | Written():  # what people have written is opened before it comes here
            return {"kind": "page-break"}


def _runs(text: Text) -> list[dict[str, str]]:
    return [{"text": run.text, "style": run.style, "link": run.link} for run in text]


def column_widths(table: Table) -> tuple[list[float], list[float], float, float]:
    """Share a page's width among a table's columns, in a smaller size when it is crowded.

    Returns:
        Widths; the least that each column asks for; size of the letters; space at each side of a cell. All in points.
    """
    size, inset = 9.4, 6.0
    steps = _column_steps(table, size, inset)
    # Long texts may take lines, but not so many that a name stands on three of them beside numbers.
    if sum(min(cells, max(longest, _WIDE_ENOUGH)) for longest, cells in zip(*steps[:2], strict=True)) > PAPER_WIDTH:
        size, inset = 8.4, 3.5
        steps = _column_steps(table, size, inset)
    widths = share_width(steps, [column.width for column in table.columns], PAPER_WIDTH)
    return widths, list(steps[0]), size, inset


def _table(table: Table) -> dict[str, Any]:
    widths, least, size, inset = column_widths(table)
    return {
        "kind": "table",
        "row-height": FORM_ROW_HEIGHT if table.is_form else 0,
        "title": table.title,
        "size": size,
        "inset": inset,
        "empty": NOTHING_TO_TELL,
        # Only when a word has to be parted: Typst fills each line of a ragged text and would part words all over.
        "hyphenate": sum(least) > PAPER_WIDTH,
        "is-breakable": not table.is_form and _lines(table, widths, size, inset) > _LINES_KEPT_TOGETHER,
        "columns": [
            {"title": column.title, "align": column.align, "width": width}
            for column, width in zip(table.columns, widths, strict=True)
        ],
        "rows": [
            {
                "cells": [{"display": cell.display, "state": cell.state} for cell in row.cells],
                "is-total": row.is_total,
            }
            for row in table.rows
        ],
        "note": table.note,
    }


def _column_steps(table: Table, size: float, inset: float) -> tuple[list[float], ...]:
    """Measure what columns ask for, in points, in three steps.

    First a header of two lines at most and the longest word or number; then cells of words without a new line; last
    headers without one, too.
    """

    def width(texts: Sequence[str]) -> float:
        return max((text_width(text, size, is_bold=True) for text in texts), default=0.0) + 2 * inset + 0.5

    longest, cells, unbroken = [], [], []
    for index, column in enumerate(table.columns):
        texts = [row.cells[index].display for row in table.rows]
        words = [word for text in texts for word in text.split(" ")]
        head = column.title.split(" ")
        halves = [(" ".join(head[:cut]), " ".join(head[cut:])) for cut in range(len(head))]
        least = max(min(map(width, halves)), width(words), width(texts) if column.align == "right" else 0.0)
        unbroken.append(width([column.title, *texts]))
        longest.append(least if column.width else unbroken[-1])
        cells.append(max(longest[-1], width(texts)))
    return longest, cells, unbroken


def _lines(table: Table, widths: Sequence[float], size: float, inset: float) -> int:
    """Count the lines of text a table is high."""
    rooms = [width - 2 * inset for width in widths]
    return sum(
        max(len(wrapped(cell.display, size, room, lines=99)) for cell, room in zip(row.cells, rooms, strict=True))
        for row in table.rows
    )


def share_width(steps: Sequence[Sequence[float]], wishes: Sequence[float], total: float) -> list[float]:
    """Share a width among columns in proportion to their wishes, but one step of what they ask for before the next.

    Args:
        steps: What each column asks for, in points; no step asks for less than the one before.
        wishes: Shares relative to each other; 0 takes what it asks for and nothing more.
        total: What there is to share, in points.

    Returns:
        Widths in points. They sum to more than ``total`` only when the first step alone does.
    """
    floor, *higher = steps
    for ceiling in (*higher, [total] * len(wishes)):
        if sum(ceiling) >= total:
            break
        floor = ceiling

    def widths(unit: float) -> list[float]:
        shares = zip(floor, ceiling, wishes, strict=True)
        return [min(max(unit * wish, low), high) if wish else low for low, high, wish in shares]

    least, most = 0.0, total
    # What is taken grows with the unit, so the unit that takes it all is found by halving.
    for _ in range(50):
        unit = (least + most) / 2
        least, most = (least, unit) if sum(widths(unit)) > total else (unit, most)
    return widths(least)
