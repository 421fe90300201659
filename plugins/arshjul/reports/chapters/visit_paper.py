"""The frame of the working papers before a visit: what the officials' and the board's have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arshjul.comparison.numbers import swedish_time
from arshjul.reports.blocks import Block, Box, BulletList, Document, Heading, NumberedList, Paragraph, plain
from arshjul.reports.chapters.human import written_chapter
from arshjul.reports.chapters.tjansteskrivelse import paper
from arshjul.reports.chapters.visit_pack import Pack, asked, visit_sentence
from arshjul.reports.facts import document_date
from arshjul.reports.report_type import Reading, Section

QUESTIONS = Section("fragor", "Frågor från oss som besöker", is_mandatory=False)


def visit_paper(
    reading: Reading,
    pack: Pack,
    told: Iterable[Block],
    *,
    name: str,
    agenda: tuple[str, Sequence[str]],
    always_asked: Sequence[str],
    description: str,
    to: str,
) -> Document:
    """Write a working paper: when the visit is, its agenda, what to ask, what the visitors ask themselves, and what is told.

    Args:
        reading: What it is written from.
        pack: What the registers say.
        told: The chapters on how things stand.
        name: What such a visit is called.
        agenda: Its heading and its points.
        always_asked: Questions beside those that follow from what is told.
        description: What the paper is, for those who cannot see it.
        to: Whom it is for.
    """
    heading, points = agenda
    blocks: list[Block] = [
        Paragraph(plain(visit_sentence(pack)), is_lead=True),
        _working_box(reading),
        Heading(heading),
        NumberedList(tuple(map(plain, points))),
        Heading("Att fråga om"),
        BulletList((*asked(pack, document_date(reading.facts)), *map(plain, always_asked))),
        *written_chapter(reading, QUESTIONS),
        *told,
    ]
    return paper(
        reading,
        blocks,
        title=f"{name}: {pack.object.name}",
        subtitle=f"Underlag med siffror för {reading.facts.period.title}",
        document_type=f"Underlag till {name.lower()}",
        description=description,
        to=to,
        head=(("Status", "Arbetsmaterial"),),
    )


def _working_box(reading: Reading) -> Box:
    """Say that the paper is working material, and how old its facts are."""
    known = swedish_time(reading.facts.current.as_of)
    said = f"Allt här är så som det var känt den {known}. Underlaget är till för besöket och är inte beslutat."
    return Box("Arbetsmaterial", (plain(said),))
