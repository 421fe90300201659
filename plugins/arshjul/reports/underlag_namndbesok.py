"""Underlag till nämndbesök: a working paper for the board's members before a visit from September to May.

What they follow up there: the board's goals, areas of development and the unit's quality report. Source: BIN 2016-134,
5.2 Nämndbesök and årshjul, May (requirements R69, R70, R79).
"""

from __future__ import annotations

from arshjul.periods import Tertial
from arshjul.reports.blocks import Document
from arshjul.reports.chapters.goals import goals_chapter
from arshjul.reports.chapters.tjansteskrivelse import BOARD
from arshjul.reports.chapters.visit_figures import figures_section
from arshjul.reports.chapters.visit_pack import (
    Pack,
    before_visit,
    followed_section,
    other_actions,
    quality_section,
    read_pack,
)
from arshjul.reports.chapters.visit_paper import QUESTIONS, visit_paper
from arshjul.reports.facts import document_date
from arshjul.reports.report_type import Reading, ReportType

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
    told = [
        *before_visit(pack, day),
        *quality_section(pack),
        *other_actions(pack, day),
        *goals_chapter(facts),
        *figures_section(facts, pack.object.object_id, pack.object.provider),
        *followed_section(pack),
    ]
    return visit_paper(
        reading,
        pack,
        told,
        name="Nämndbesök",
        agenda=("Besökets innehåll", _AGENDA),
        always_asked=_ALWAYS,
        description=f"Underlag till nämndens besök hos {pack.object.name}: frågor, utvecklingsområden, kvalitetsrapport, mål och "
        "siffror.",
        to=f"{BOARD}s ledamöter",
    )


REPORT = ReportType(
    id="underlag_namndbesok",
    write=underlag_namndbesok,
    sections=(QUESTIONS,),
    is_public=False,
    has_subject=True,
    accepts=lambda period: isinstance(period, Tertial),
)
