"""Verksamhetsberättelse: the year that was, its result and economy, in February.

Made of what was known when the year was closed, so that it can be made again, byte for byte. Source: BIN 2016-134, 5.1
"föregående års resultat och ekonomi" and årshjul (requirements R18, R63, R67, R68, R98, R106).
"""

from __future__ import annotations

from datetime import date

from arshjul.catalogue.activities import load_activities
from arshjul.periods import Year
from arshjul.registers.coverage import read_coverage
from arshjul.registers.loops import read_open_loops
from arshjul.reports import appendix
from arshjul.reports.blocks import Block, Document
from arshjul.reports.chapters.activity import PROCESS, VOLUMES, process_chapter, volumes_chapter
from arshjul.reports.chapters.complaints import complaints_chapter
from arshjul.reports.chapters.coverage_chapter import coverage_chapter
from arshjul.reports.chapters.customers import customers_chapter
from arshjul.reports.chapters.economy import economy_chapter
from arshjul.reports.chapters.follow_up import read_follow_up
from arshjul.reports.chapters.followed import ANALYSIS, WHY, explained_before, followed_chapter
from arshjul.reports.chapters.goals import goals_chapter
from arshjul.reports.chapters.groups import groups_chapter
from arshjul.reports.chapters.human import CHILDREN, ECONOMIC, written_chapter
from arshjul.reports.chapters.improvement import actions_chapter
from arshjul.reports.chapters.method import appendices, method_chapter
from arshjul.reports.chapters.money import MONEY
from arshjul.reports.chapters.outcome import OUTCOME, outcome_chapter
from arshjul.reports.chapters.paths import DAYS, days_chapter, lasting_chapter, steps_chapter
from arshjul.reports.chapters.revised import revised_chapter
from arshjul.reports.chapters.summary import summary_chapter
from arshjul.reports.chapters.tertials import tertials_chapter, tertials_of
from arshjul.reports.chapters.tjansteskrivelse import BOARD, paper, proposal, signatures_chapter
from arshjul.reports.chapters.year_outcome import year_outcome_chapter
from arshjul.reports.figures import has_nothing_beside
from arshjul.reports.report_type import Reading, ReportType
from arshjul.wheel.outcome import outcome
from arshjul.wheel.standing import read_year

PROPOSAL = f"{BOARD} godkänner verksamhetsberättelsen och överlämnar den till kommunstyrelsen."


def verksamhetsberattelse(reading: Reading) -> Document:
    """Write the report."""
    facts, year = reading.facts, reading.facts.period.year
    registers = read_follow_up(reading)
    connection, as_of = reading.connection, facts.current.as_of
    loops = read_open_loops(connection, reading.include, as_of, year, date(year, 12, 31))
    standings = read_year(connection, load_activities(reading.include), year, registers.day, as_of)
    coverage = read_coverage(connection, reading.include, as_of, year, registers.day)
    blocks: list[Block] = [
        proposal(PROPOSAL),
        *summary_chapter(facts),
        *appendix.remarks(facts),
        *goals_chapter(facts),
        *followed_chapter(reading),
        *outcome_chapter(facts),
        *explained_before(reading, OUTCOME),
        *groups_chapter(facts),
        *days_chapter(facts),
        *steps_chapter(facts),
        *lasting_chapter(facts),
        *tertials_chapter(reading, (OUTCOME, DAYS, *VOLUMES, *PROCESS, *MONEY)),
        *volumes_chapter(facts),
        *process_chapter(facts),
        *customers_chapter(facts),
        *complaints_chapter(facts),
        *economy_chapter(facts, registers.ledger, registers.deviations),
        *actions_chapter(registers.actions, registers.day, facts.labels.get("anordnare", {}), loops),
        *coverage_chapter(coverage),
        *year_outcome_chapter(year, outcome(standings)),
        *written_chapter(reading, ECONOMIC),
        *written_chapter(reading, CHILDREN),
        *revised_chapter(facts),
        *method_chapter(facts),
        *signatures_chapter(reading),
        *appendices(facts),
    ]
    has_before = not has_nothing_beside(facts, facts.period.same_last_year)
    return paper(
        reading,
        blocks,
        title=f"Verksamhetsberättelse {year} för arbetsmarknadsinsatser",
        subtitle="Årets resultat och ekonomi" + (f", jämfört med {year - 1}" if has_before else ""),
        document_type="Verksamhetsberättelse",
        description=f"Mål, resultat, ekonomi och uppföljning för kommunens arbetsmarknadsinsatser {year}.",
    )


REPORT = ReportType(
    id="verksamhetsberattelse",
    write=verksamhetsberattelse,
    sections=(ANALYSIS, WHY, ECONOMIC, CHILDREN),
    beside=tertials_of,
    accepts=lambda period: isinstance(period, Year),
)
