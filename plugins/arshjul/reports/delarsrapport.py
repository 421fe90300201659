"""Delårsrapport: how the year is going, in April, September and November, with figures to a cut-off of its own.

An issue is not a tertial (trap T4): what is reported is the year's first months to the day that the årshjul states, beside
the same months of the year before. Source: BIN 2016-134, 5.1 and årshjul (requirements R62, R64, R98).
"""

from __future__ import annotations

from datetime import date

from arshjul.catalogue.activities import load_activities
from arshjul.comparison.numbers import swedish_date
from arshjul.periods import Year, first_months
from arshjul.reports import appendix
from arshjul.reports.blocks import Block, Document, Heading, Paragraph, plain
from arshjul.reports.chapters.economy import economy_chapter
from arshjul.reports.chapters.follow_up import read_follow_up
from arshjul.reports.chapters.followed import ANALYSIS, WHY, explained_before, followed_chapter
from arshjul.reports.chapters.goals import goals_chapter
from arshjul.reports.chapters.improvement import actions_chapter, news
from arshjul.reports.chapters.key_indicators import key_indicators_chapter
from arshjul.reports.chapters.method import appendices, method_chapter
from arshjul.reports.chapters.outcome import OUTCOME, outcome_in_brief
from arshjul.reports.chapters.revised import revised_chapter
from arshjul.reports.chapters.summary import summary_chapter
from arshjul.reports.chapters.tjansteskrivelse import BOARD, paper, proposal, signatures_chapter
from arshjul.reports.facts import Facts
from arshjul.reports.figures import has_nothing_beside
from arshjul.reports.report_type import Reading, ReportType

PROPOSAL = f"{BOARD} godkänner delårsrapporten och överlämnar den till kommunstyrelsen."


def delarsrapport(reading: Reading) -> Document:
    """Write the report."""
    facts, cut_off = reading.facts, swedish_date(reading.facts.period.end)
    registers, names = read_follow_up(reading), facts.labels.get("anordnare", {})
    blocks: list[Block] = [
        proposal(PROPOSAL),
        *summary_chapter(facts),
        *appendix.remarks(facts),
        *_about(facts),
        *goals_chapter(facts),
        *followed_chapter(reading),
        *outcome_in_brief(facts),
        *explained_before(reading, OUTCOME),
        *key_indicators_chapter(facts),
        *economy_chapter(facts, registers.ledger, registers.deviations),
        *actions_chapter(registers.actions, registers.day, names),
        *news(registers, _told_before(reading), names),
        *revised_chapter(facts),
        *method_chapter(facts),
        *signatures_chapter(reading),
        *appendices(facts),
    ]
    return paper(
        reading,
        blocks,
        title=f"Delårsrapport per {cut_off} för arbetsmarknadsinsatser",
        subtitle=f"Resultat {_span(facts)}{_beside(facts)}",
        document_type="Delårsrapport",
        description=f"Mål, resultat, ekonomi och åtgärder för kommunens arbetsmarknadsinsatser {_span(facts)}.",
        head=(("Siffror till och med", cut_off),),
    )


def _told_before(reading: Reading) -> date:
    """The cut-off of the issue before, as the årshjul states it; of the year before, for the year's first issue."""
    year, months = reading.facts.period.year, len(reading.facts.period.months)
    issues = [one.period for one in load_activities(reading.include).activities if one.report == REPORT.id]
    numbers = (one.number for one in issues if one is not None)
    before = [number for number in numbers if number is not None and number < months]
    return first_months(year, max(before)).end if before else Year(year - 1).end


def _span(facts: Facts) -> str:
    """The months in words, whatever the period is called: ``januari–april 2026`` for tertial 1 too."""
    first, last = facts.period.months[0], facts.period.months[-1]
    return last.title if first == last else f"{first.title.split()[0]}–{last.title}"


def _beside(facts: Facts) -> str:
    """What the figures are compared with, where there is anything to compare with."""
    then = facts.period.same_last_year
    return "" if has_nothing_beside(facts, then) else f", jämfört med samma månader {then.year}"


def _about(facts: Facts) -> list[Block]:
    """Say what the figures are of, and that the issue has a cut-off of its own."""
    return [
        Heading("Vad rapporten omfattar"),
        Paragraph(
            plain(
                f"Siffrorna gäller {_span(facts)}, till och med den {swedish_date(facts.period.end)}{_beside(facts)}. "
                f"En delårsrapport har ett eget brytdatum och är inte en tertialrapport; "
                "siffrorna kan därför skilja sig från tertialrapportens utan att någon av dem är fel."
            )
        ),
    ]


REPORT = ReportType(
    id="delarsrapport",
    write=delarsrapport,
    sections=(ANALYSIS, WHY),
    accepts=lambda period: len(period.months) < 12 and period == first_months(period.year, len(period.months)),
)
