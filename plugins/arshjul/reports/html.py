"""A document as one web page that needs nothing from elsewhere: letters, colours and charts are in the file.

Jinja escapes every text. The only markup put in as it stands is the drawing of our own charts and our own style sheet. No
scripts; a content security policy in the page forbids them and everything from other places. Source: facts/reports.md
§1 and §8, facts/privacy.md §3 (DOS-lagen, WCAG 2.2 AA) and §5 (XSS).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from arshjul.comparison.numbers import NOTHING_TO_TELL
from arshjul.reports.blocks import Block, Box, Document, Figure, Heading, opened
from arshjul.reports.charts import PAPER_WIDTH, TELEPHONE_WIDTH, draw
from arshjul.reports.fonts import web_fonts
from arshjul.settings import REPOSITORY

TEMPLATES = REPOSITORY / "include" / "templates"


@dataclass(frozen=True)
class _Part:
    """A block with what the page knows of it: its kind, its number among figures or tables, its heading's level."""

    block: Block
    kind: str
    number: int
    level: int


def render_html(document: Document, templates: Path = TEMPLATES) -> bytes:
    """Draw a document as an HTML page.

    Args:
        document: What it says.
        templates: Folder with ``rapport.html.j2`` and ``rapport.css``.

    Raises:
        DrawingError: A chart does not fit.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def drawn(figure: Figure, width: float, name: str) -> Markup:
        # Our own drawing: every text in it is escaped where it is written.
        return Markup(draw(figure, width, name).svg)  # noqa: S704

    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    page = environment.get_template("rapport.html.j2").render(
        document=document,
        parts=list(_parts(document)),
        style=Markup(web_fonts() + (templates / "rapport.css").read_text(encoding="utf-8")),  # noqa: S704
        drawn=drawn,
        wide=PAPER_WIDTH,
        narrow=TELEPHONE_WIDTH,
        nothing_to_tell=NOTHING_TO_TELL,
    )
    return page.encode("utf-8")


def _parts(document: Document) -> Iterator[_Part]:
    """Number figures and tables in order, as Typst does, and place headings below the title's level."""
    counted = {"Figure": 0, "Table": 0, "Heading": 0, "Box": 0}
    for block in opened(document.blocks):
        kind = type(block).__name__
        level = 0
        if isinstance(block, Heading):
            level = block.level + 1
        elif isinstance(block, Box):
            # A warning stands under the chapter it concerns; the outline may not skip a level.
            level = 3 if block.kind == "warning" and counted["Heading"] + counted["Box"] else 2
        if kind in counted:
            counted[kind] += 1
        yield _Part(block, kind, counted.get(kind, 0), level)
