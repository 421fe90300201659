"""Underlag till nämndbesök: a working paper for the board's members before a visit from September to May.

What they follow up there: the board's goals, areas of development and the unit's quality report. Source: BIN 2016-134,
5.2 Nämndbesök and årshjul, May (requirements R69, R70, R79).
"""

from __future__ import annotations

from arshjul.periods import Tertial
from arshjul.reports.blocks import Block, BulletList, Document, Heading, NumberedList, Paragraph, Text, plain
from arshjul.reports.chapters.goals import goals_chapter
from arshjul.reports.chapters.human import written_chapter
from arshjul.reports.chapters.tjansteskrivelse import BOARD, paper
from arshjul.reports.chapters.visit_figures import figures_section
from arshjul.reports.chapters.visit_pack import (
    Pack,
    asked,
    before_visit,
    followed_section,
    other_actions,
    quality_section,
    read_pack,
    visit_sentence,
)
from arshjul.reports.facts import document_date
from arshjul.reports.report_type import Reading, ReportType
from arshjul.reports.underlag_tjanstemannabesok import QUESTIONS, working_box

_AGENDA = (
    "Nämndens mål: hur bidrar verksamheten, och vad hindrar?",
    "Utvecklingsområden från förra besöket: vad är klart?",
    "Kvalitetsrapporten: vad har ni lärt er, och vad gör ni annorlunda?",
    "Samtal mellan nämnd och verksamhet.",
)
_ALWAYS = (
    "Vad är ni stolta över det senaste året?",
    "Vad vill ni att nämnden ska förstå om ert arbete?",
)


def underlag_namndbesok(reading: Reading) -> Document:
    """Read the registers and write the pack."""
    return board_pack(reading, read_pack(reading, "namndbesok"))


def board_pack(reading: Reading, pack: Pack) -> Document:
    """Write the pack.

    Args:
        reading: What it is written from.
        pack: What the registers say.
    """
    facts, day = reading.facts, document_date(reading.facts)
    questions: list[Text] = [*asked(pack, day), *map(plain, _ALWAYS)]
    blocks: list[Block] = [
        Paragraph(plain(visit_sentence(pack)), is_lead=True),
        working_box(reading),
        Heading("Besökets innehåll"),
        NumberedList(tuple(map(plain, _AGENDA))),
        Heading("Att fråga om"),
        BulletList(tuple(questions)),
        *written_chapter(reading, QUESTIONS),
        *before_visit(pack, day),
        *quality_section(pack),
        *other_actions(pack, day),
        *goals_chapter(facts),
        *figures_section(facts, pack.object.object_id, pack.object.provider),
        *followed_section(pack),
    ]
    return paper(
        reading,
        blocks,
        title=f"Nämndbesök: {pack.object.name}",
        subtitle=f"Underlag med siffror för {facts.period.title}",
        document_type="Underlag till nämndbesök",
        description=f"Underlag till nämndens besök hos {pack.object.name}: frågor, utvecklingsområden, kvalitetsrapport, mål och "
        "siffror.",
        to=f"{BOARD}s ledamöter",
        head=(("Status", "Arbetsmaterial"),),
    )


REPORT = ReportType(
    id="underlag_namndbesok",
    title="Underlag till nämndbesök",
    write=underlag_namndbesok,
    sections=(QUESTIONS,),
    is_public=False,
    has_subject=True,
    accepts=lambda period: isinstance(period, Tertial),
)
