"""Underlag till tjänstemannabesök: a working paper for the officials' yearly visit, in August or September.

The agenda of the source document: systematic quality work, results of internal control, tertial reports (and internal
control of them: trap T2), and what was to improve since last year. The minutes' form is last. Source: BIN 2016-134, 5.2
Tjänstemannabesök and årshjul, August (requirements R72–R74, R97).
"""

from __future__ import annotations

from arshjul.periods import Tertial
from arshjul.reports.blocks import Block, Cell, Column, Document, Heading, Paragraph, Row, Table, plain
from arshjul.reports.chapters.peers_of_provider import OF_SURVEY, OWN
from arshjul.reports.chapters.report_control import report_control_chapter
from arshjul.reports.chapters.visit_figures import BUDGET, WHOLE, figures_section
from arshjul.reports.chapters.visit_pack import (
    Pack,
    before_visit,
    controls_section,
    followed_section,
    other_actions,
    quality_section,
    read_pack,
)
from arshjul.reports.chapters.visit_paper import QUESTIONS, visit_paper
from arshjul.reports.facts import document_date
from arshjul.reports.report_type import Reading, ReportType

PACK_INDICATORS = frozenset({*WHOLE, *OWN, *OF_SURVEY, BUDGET})

_AGENDA = (
    "Förbättringsområden sedan förra besöket: vad är klart, vad återstår?",
    "Det systematiska kvalitetsarbetet och senaste kvalitetsrapporten.",
    "Resultatet av internkontrollen, också av tertialrapporterna själva.",
    "Tertialrapporternas resultat: vad förklarar dem?",
    "Nya förbättringsområden, ansvariga och slutdagar.",
)
_ALWAYS = (
    "Vad har ni ändrat sedan förra året, och hur vet ni att det blev bättre?",
    "Vilka resultat är ni mest nöjda med, och vilka oroar er?",
    "Vad behöver ni från oss eller från nämnden?",
)


def underlag_tjanstemannabesok(reading: Reading) -> Document:
    """Read the registers and write the pack."""
    return officers_pack(reading, read_pack(reading, "tjanstemannabesok"))


def officers_pack(reading: Reading, pack: Pack) -> Document:
    """Write the pack.

    Args:
        reading: What it is written from.
        pack: What the registers say.
    """
    facts, day = reading.facts, document_date(reading.facts)
    told = [
        *before_visit(pack, day),
        *other_actions(pack, day),
        *quality_section(pack),
        *controls_section(pack),
        *report_control_chapter(pack.reports, day),
        *figures_section(facts, pack.object.object_id, pack.object.provider),
        *followed_section(pack),
        *_minutes(),
    ]
    return visit_paper(
        reading,
        pack,
        told,
        name="Tjänstemannabesök",
        agenda=("Dagordning", _AGENDA),
        always_asked=_ALWAYS,
        description=f"Underlag till tjänstemannabesök hos {pack.object.name}: dagordning, frågor, åtgärder, internkontroll, "
        "kvalitetsrapport och siffror.",
        to="De som besöker",
    )


def _minutes() -> list[Block]:
    """The form of the minutes: each area to improve is a line, and becomes an action (requirement R73)."""
    rows = tuple(Row((Cell(str(number)), Cell(""), Cell(""), Cell(""), Cell(""))) for number in range(1, 6))
    return [
        Heading("Mall för minnesanteckningar"),
        Paragraph(
            plain(
                "Skriv analysen i löpande text, utan uppgifter om enskilda. Skriv varje förbättringsområde på en egen rad som "
                "börjar med ett bindestreck: varje rad blir en åtgärd. Enhetschefen ansvarar, tillsammans med verksamhetschefen."
            )
        ),
        Table(
            id="minnesanteckningar",
            title="Förbättringsområden som vi kom överens om",
            columns=(
                Column("Nr", width=0),
                Column("Förbättringsområde", width=3),
                Column("Ansvarig", width=1.4),
                Column("Medansvarig", width=1.4),
                Column("Klart senast", width=1.2),
            ),
            rows=rows,
            sheet="Minnesanteckningar",
            is_form=True,
        ),
    ]


REPORT = ReportType(
    id="underlag_tjanstemannabesok",
    write=underlag_tjanstemannabesok,
    sections=(QUESTIONS,),
    indicators=PACK_INDICATORS,
    is_public=False,
    has_subject=True,
    accepts=lambda period: isinstance(period, Tertial),
)
