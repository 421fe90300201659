"""Tertialrapport: the board's report after each tertial, as one document made from facts.

Order and parts follow the board papers in the sources (requirements R92, R94): proposal, summary, goals and results, the
way there, customers, follow-up, money, what has changed since earlier reports, how the report was made, appendix. Every
number is put in by code from the facts, which are public values; a sentence that needs a comparison says so when the
earlier value is not stored (trap T8).
"""

from __future__ import annotations

from arshjul.catalogue.contracts import Contract, load_contracts
from arshjul.comparison.numbers import swedish_date, swedish_time
from arshjul.periods import Tertial
from arshjul.reports import appendix
from arshjul.reports.blocks import Block, Box, Document, Heading, PageBreak, plain
from arshjul.reports.chapters.activity import process_chapter, volumes_chapter
from arshjul.reports.chapters.complaints import complaints_chapter
from arshjul.reports.chapters.control import control_chapter
from arshjul.reports.chapters.customers import customers_chapter
from arshjul.reports.chapters.definitions import definitions_chapter
from arshjul.reports.chapters.goals import goals_chapter
from arshjul.reports.chapters.groups import groups_chapter
from arshjul.reports.chapters.method import method_chapter, protection_chapter
from arshjul.reports.chapters.money import money_chapter
from arshjul.reports.chapters.outcome import outcome_chapter
from arshjul.reports.chapters.paths import days_chapter, lasting_chapter, steps_chapter
from arshjul.reports.chapters.revised import revised_chapter
from arshjul.reports.chapters.summary import summary_chapter
from arshjul.reports.facts import Facts, document_date
from arshjul.reports.report_type import Reading, ReportType

REPORT_ID = "tertialrapport"
BOARD = "Arbetsmarknadsnämnden"
UNIT = "Enheten för uppföljning"


def tertialrapport(
    facts: Facts, municipality: str, contracts: dict[str, Contract], *, is_draft: bool = False
) -> Document:
    """Write the report.

    Args:
        facts: Everything it says.
        municipality: Name of the municipality.
        contracts: For the datasets' names.
        is_draft: Say so: it is not put up for approval.
    """
    first, last = facts.period.months[0], facts.period.months[-1]
    blocks: list[Block] = [
        Box("Förslag till beslut", (plain(f"{BOARD} noterar informationen till protokollet."),)),
        *summary_chapter(facts),
        *appendix.remarks(facts),
        *goals_chapter(facts),
        *outcome_chapter(facts),
        *definitions_chapter(facts, municipality),
        *groups_chapter(facts),
        *days_chapter(facts),
        *steps_chapter(facts),
        *lasting_chapter(facts),
        *volumes_chapter(facts),
        *process_chapter(facts),
        *customers_chapter(facts),
        *complaints_chapter(facts),
        *control_chapter(facts),
        *money_chapter(facts),
        *revised_chapter(facts),
        *method_chapter(facts),
        *_appendices(facts, contracts),
    ]
    return Document(
        title=f"Tertialrapport för arbetsmarknadsinsatser, {facts.period.title}",
        subtitle=f"Resultat {first.title.split()[0]}–{last.title}",
        municipality=municipality,
        unit=UNIT,
        document_type="Tertialrapport",
        date=document_date(facts),
        description=f"Uppföljning av kommunens arbetsmarknadsinsatser {facts.period.title}: måluppfyllelse, tid till egen "
        "försörjning, stegförflyttning, volymer, resurser, kundernas omdömen, synpunkter och ekonomi.",
        keywords=("tertialrapport", "arbetsmarknadsinsatser", facts.period.key),
        head=(
            ("Till", BOARD),
            ("Från", UNIT),
            ("Datum", swedish_date(document_date(facts))),
            ("Uppgifterna hämtade", swedish_time(facts.current.as_of)),
            *([("Status", "Utkast, inte godkänt")] if is_draft else []),
        ),
        blocks=tuple(blocks),
    )


def _appendices(facts: Facts, contracts: dict[str, Contract]) -> list[Block]:
    return [
        PageBreak(),
        *protection_chapter(facts),
        Heading("Bilaga 2: Leveranser"),
        *appendix.deliveries(facts, contracts),
        *([appendix.refusals(facts)] if facts.refused else []),
        Heading("Bilaga 3: Kontroller"),
        appendix.checks(facts),
        *appendix.warnings(facts),
        Heading("Bilaga 4: Definitioner"),
        *appendix.definitions(facts),
    ]


def _write(reading: Reading) -> Document:
    contracts = load_contracts(reading.include)
    return tertialrapport(reading.facts, reading.municipality, contracts, is_draft=reading.is_draft)


REPORT = ReportType(id=REPORT_ID, write=_write, accepts=lambda period: isinstance(period, Tertial))
