"""Every report can be read by whoever does not see it: PDF/UA-1 and PDF/A-2a, a web page and a Word file with structure.

DOS-lagen and WCAG 2.2 AA (facts/privacy.md §3). The text of each report is tested elsewhere; here only how it is built.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import docx
import page
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from sqlalchemy import Connection
from tests.reports.register_examples import (
    ACTIONS,
    CONTROLS,
    DIALOGUE,
    OBJECTS,
    OWN,
    VISITS,
    complaint_facts,
    control_facts,
    pack,
    paper_reading,
    provider_facts,
)
from tests.reports.register_examples import tertial_facts as visited
from tests.reports.year_example import (
    INCLUDE,
    QUALITY_KNOWN,
    every_text,
    fill_registers,
    interim_facts,
    reading,
    spring_facts,
    tertial_facts,
    whole_year_facts,
)

from arshjul.catalogue.contracts import load_contracts
from arshjul.reports.blocks import Document
from arshjul.reports.dialogunderlag import dialogue_pack
from arshjul.reports.docx import render_docx
from arshjul.reports.html import render_html
from arshjul.reports.internkontrollrapport import control_report
from arshjul.reports.klagomalssammanstallning import complaint_report
from arshjul.reports.library import REPORTS
from arshjul.reports.pdf import render_pdf
from arshjul.reports.redovisning_namndbesok import visits_report
from arshjul.reports.tertialrapport import tertialrapport
from arshjul.reports.underlag_namndbesok import board_pack
from arshjul.reports.underlag_tjanstemannabesok import officers_pack

Write = Callable[[Connection], Document]


def _from_registers(report_id: str) -> Write:
    """The reports that read their registers themselves."""
    facts, beside = {
        "delarsrapport": (interim_facts, {}),
        "verksamhetsberattelse": (whole_year_facts, {f"2025-T{one}": tertial_facts(one) for one in (1, 2, 3)}),
        "kvalitetsrapport": (lambda: whole_year_facts(QUALITY_KNOWN), {"2026-T1": spring_facts()}),
    }[report_id]

    def write(connection: Connection) -> Document:
        fill_registers(connection, 2025)
        connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
        report = REPORTS[report_id]
        return report.write(reading(connection, facts(), *every_text(report, "Här står"), beside=beside))

    return write


WRITTEN: dict[str, Write] = {
    **{name: _from_registers(name) for name in ("delarsrapport", "verksamhetsberattelse", "kvalitetsrapport")},
    "tertialrapport": lambda _: tertialrapport(spring_facts(), "Exempelkommun", load_contracts(INCLUDE)),
    "klagomalssammanstallning": lambda _: complaint_report(paper_reading(complaint_facts()), ACTIONS),
    "redovisning_namndbesok": lambda _: visits_report(
        paper_reading(visited(), beside={"2026-T1": visited()}), VISITS, ACTIONS, OBJECTS
    ),
    "internkontrollrapport": lambda _: control_report(paper_reading(control_facts()), CONTROLS),
    "underlag_namndbesok": lambda _: board_pack(paper_reading(visited(), subject="jokt"), pack("namndbesok")),
    "underlag_tjanstemannabesok": lambda _: officers_pack(paper_reading(visited(), subject="jokt"), pack()),
    "dialogunderlag": lambda _: dialogue_pack(paper_reading(provider_facts(), subject=OWN), DIALOGUE),
}


def test_no_report_is_left_out() -> None:
    assert set(WRITTEN) == set(REPORTS)


class Outline(HTMLParser):
    """The elements of a page, in order."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize("report_id", WRITTEN)
def test_every_report_can_be_read_by_whoever_does_not_see_it(connection: Connection, report_id: str) -> None:
    document = WRITTEN[report_id](connection)
    assert_sound_pdf(render_pdf(document))
    assert_sound_page(Outline(render_html(document)))
    assert_sound_word_file(docx.Document(io.BytesIO(render_docx(document))))


def assert_sound_pdf(pdf: bytes) -> None:
    """No failure in either profile but the one that is the validator's own (tests/reports/test_pdf.py)."""
    for profile in ("ua1", "2a"):
        failures = {failure.rule_id for failure in page.validate_pdf_bytes(pdf, profile=profile).failures}
        assert failures <= {"PDFA2A-STREAM-LENGTH-001"}


def assert_sound_page(outline: Outline) -> None:
    """One main heading, no level skipped, Swedish, every header says what it is a header of, every drawing has words."""
    assert outline.all("html") == [{"lang": "sv"}]
    levels = [int(tag[1]) for tag, _ in outline.found if re.fullmatch("h[1-6]", tag)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(header["scope"] in ("col", "row") for header in outline.all("th"))
    assert len(outline.all("caption")) == len(outline.all("table"))
    assert all(drawn["role"] == "img" and drawn["aria-labelledby"] for drawn in outline.all("svg"))
    ids = [attributes["id"] for _, attributes in outline.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = {name for _, one in outline.found for name in (one.get("aria-labelledby") or "").split()}
    assert named <= set(ids)


def assert_sound_word_file(file: Any) -> None:
    """A title, headings without a skipped level, repeated header rows, and words for every picture."""
    styles = [Paragraph(one, file).style.name for one in file.element.body.iter(qn("w:p"))]
    assert styles.count("Title") == 1
    levels = [int(style[-1]) for style in styles if re.fullmatch("Heading [1-6]", style)]
    assert all(after <= before + 1 for before, after in pairwise([0, *levels]))
    for table in file.element.body.iter(qn("w:tbl")):
        assert table.find(qn("w:tr")).find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}").get(qn("w:val"))
    assert all(drawn.get("descr") for drawn in file.element.body.iter(qn("wp:docPr")))
