"""Kvalitetsrapport: the yearly paper to the board, in the shape of Nacka's, with eleven parts in order and a data appendix.

The report's year is not that of its data (trap T13): a report of 2026 tells of 2025 and of tertial 1 of 2026, which are
never compared with each other without a mark (trap T10). Source: Kvalitetsrapport 2018 för arbetsmarknadsinsatser, Nacka
kommun (requirements R59, R67, R68, R80, R81, R91–R95).
"""

from __future__ import annotations

from arshjul.catalogue.register_rules import load_register_rules
from arshjul.comparison.numbers import number
from arshjul.periods import Tertial, Year, parse_period
from arshjul.reports import appendix
from arshjul.reports.blocks import (
    Block,
    BulletList,
    Cell,
    Column,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Row,
    Table,
    plain,
)
from arshjul.reports.chapters.data_appendix import figures_of
from arshjul.reports.chapters.dialogue_chapter import read_dialogues, themes_chapter, themes_table
from arshjul.reports.chapters.human import CHILDREN, ECONOMIC, written_chapter
from arshjul.reports.chapters.method import checks_appendix, definitions_appendix, method_chapter, protection_chapter
from arshjul.reports.chapters.money import paid_and_cost
from arshjul.reports.chapters.quality import FIGURES, OF_THE_YEAR, case_chapter, result_chapter, summary_of_quality
from arshjul.reports.chapters.quality_statements import (
    Quality,
    QualityStatements,
    in_numbers,
    quality_statements,
    theme_count,
    theme_sentence,
)
from arshjul.reports.chapters.tjansteskrivelse import paper, proposal, signatures_chapter
from arshjul.reports.report_type import Reading, ReportType, Section

WHY = Section("orsaker", "Orsaker till resultatet", is_mandatory=False)
CONTINUED = Section("fortsatt_arbete", "Fortsatt arbete")


def spring_of(period_key: str) -> tuple[str, ...]:
    """The key of the first tertial after a year."""
    return (Tertial(parse_period(period_key).year + 1, 1).key,)


def kvalitetsrapport(reading: Reading) -> Document:
    """Write the report."""
    quality = _read(reading)
    said = quality_statements(quality)
    year, spring = quality.year, quality.spring
    periods = " och ".join([year.period.title, *([spring.period.title] if spring else [])])
    blocks: list[Block] = [
        proposal(),
        *summary_of_quality(quality, said),
        *appendix.remarks(year),
        *case_chapter(said),
        *result_chapter(quality, said, written_chapter(reading, WHY, level=2)),
        *_themes(quality),
        *written_chapter(reading, CONTINUED),
        *written_chapter(reading, ECONOMIC),
        *paid_and_cost(year, heading=""),
        *written_chapter(reading, CHILDREN),
        *_attachments(periods),
        *signatures_chapter(reading),
        *_data(quality, said, periods),
    ]
    return paper(
        reading,
        blocks,
        title=f"Kvalitetsrapport {quality.report_year} för arbetsmarknadsinsatser",
        subtitle=f"Resultat för {periods}",
        document_type="Tjänsteskrivelse",
        description=f"Kvaliteten i kommunens arbetsmarknadsinsatser: resultat för {periods}, kundernas omdömen och "
        "anordnarnas erfarenheter.",
    )


def _read(reading: Reading) -> Quality:
    report_year = reading.facts.period.year + 1
    return Quality(
        report_year=report_year,
        reading=reading,
        spring=reading.beside.get(Tertial(report_year, 1).key),
        dialogues=read_dialogues(reading, report_year),
        rules=load_register_rules(reading.include),
    )


def _themes(quality: Quality) -> list[Block]:
    return [
        *themes_chapter(
            quality.dialogues,
            "framgangsfaktor",
            "Framgångsfaktorer enligt anordnarna",
            lambda theme: theme_sentence(quality, theme),
            lambda theme: theme_count(quality, theme),
        ),
        *themes_chapter(
            quality.dialogues,
            "forbattringsomrade",
            "Förbättringsområden enligt anordnarna",
            lambda theme: theme_sentence(quality, theme),
            lambda theme: theme_count(quality, theme),
        ),
    ]


def _attachments(periods: str) -> list[Block]:
    items = (f"Dataunderlag, {periods}", "Så är rapporten framtagen", "Kontroller", "Definitioner")
    return [
        Heading("Bilagor"),
        BulletList(tuple(plain(f"Bilaga {place}: {item}") for place, item in enumerate(items, start=1))),
    ]


def _data(quality: Quality, said: QualityStatements, periods: str) -> list[Block]:
    year, spring = quality.year, quality.spring
    introduction = (
        "Här finns varje siffra som står i rapportens text. Samma tabeller finns i tabellbilagan och som öppna data, så att "
        "de kan läsas av en dator."
    )
    return [
        PageBreak(),
        Heading(f"Bilaga 1: Dataunderlag, {periods}"),
        Paragraph(plain(f"{said.covers[0].text} {introduction}")),
        figures_of(year, OF_THE_YEAR, "data-ar", f"Data {year.period.title}"),
        *([figures_of(spring, FIGURES, "data-tertial", f"Data {spring.period.key}")] if spring else []),
        _numbers(quality),
        *([themes_table(quality.dialogues)] if quality.dialogues.themes else []),
        *method_chapter(year, "Bilaga 2: Så är rapporten framtagen"),
        *protection_chapter(year, Heading("Så skyddas personer", 2)),
        *checks_appendix(year),
        *definitions_appendix(year, "Bilaga 4: Definitioner"),
    ]


def _numbers(quality: Quality) -> Table:
    rows = tuple(Row((Cell(name), Cell(number(value), value))) for name, value in in_numbers(quality))
    return Table(
        id="data-ovrigt",
        title="Antal och gränser som texten använder",
        columns=(Column("Uppgift", width=4), Column("Värde", "right", number_format="General")),
        rows=rows,
        sheet="Antal och gränser",
    )


REPORT = ReportType(
    id="kvalitetsrapport",
    write=kvalitetsrapport,
    sections=(WHY, CONTINUED, ECONOMIC, CHILDREN),
    indicators=frozenset(FIGURES),
    beside=spring_of,
    accepts=lambda period: isinstance(period, Year),
)
