"""Klagomålssammanställning: what people have thought of the municipality's activity, for the board's meeting in September.

Counts of each kind kept apart, what they are about, deficiencies and what has been done, how soon they were answered, what
comes back, all beside the same months of the year before. Public values alone, and never a word of what anybody wrote.
Source: BIN 2016-134, 5.3 Klagomålshantering and årshjul, September (requirements R87–R89).
"""

from __future__ import annotations

from collections.abc import Sequence

from arshjul.comparison.change import Comparison
from arshjul.comparison.numbers import swedish_date, swedish_time
from arshjul.periods import first_months
from arshjul.prose.swedish import listed, sentence_case
from arshjul.registers.actions import Action, read_actions
from arshjul.reports.blocks import Block, BulletList, Document, Heading, KeyFigure, KeyFigures, Paragraph, Text, plain
from arshjul.reports.chapters.actions_chapter import kinds_of_action
from arshjul.reports.chapters.complaint_summary import (
    answers_chapter,
    bold,
    categories_chapter,
    complaint_lead,
    deficiencies_chapter,
    kinds_chapter,
    recurring,
)
from arshjul.reports.chapters.complaints import ANSWERED, CASES, MENDED
from arshjul.reports.chapters.human import written_chapter
from arshjul.reports.chapters.method import protection_chapter
from arshjul.reports.chapters.tjansteskrivelse import paper, proposal
from arshjul.reports.facts import Facts
from arshjul.reports.figures import change_clause, change_note, compared, has_anything, has_nothing_beside, told, words
from arshjul.reports.report_type import Reading, ReportType, Section

CONCLUSIONS = Section("slutsatser", "Slutsatser och fortsatt arbete", is_mandatory=False)

_CARDS = (
    (CASES, "ärenden", "kom in"),
    (ANSWERED, "dagar", "till svar, median"),
    (MENDED, "%", "av bristerna har lett till en åtgärd"),
)


def klagomalssammanstallning(reading: Reading) -> Document:
    """Read the actions and write the report."""
    return complaint_report(reading, read_actions(reading.connection, reading.facts.current.as_of))


def complaint_report(reading: Reading, actions: Sequence[Action]) -> Document:
    """Write the report.

    Args:
        reading: What it is written from.
        actions: Every action known then.
    """
    facts = reading.facts
    blocks: list[Block] = [
        proposal(),
        Heading("Sammanfattning"),
        Paragraph(complaint_lead(facts), is_lead=True),
        *_summary(facts),
        *kinds_chapter(facts),
        *categories_chapter(facts),
        Heading("Brister och åtgärder"),
        *deficiencies_chapter(facts),
        *kinds_of_action(facts, actions),
        *answers_chapter(facts),
        *written_chapter(reading, CONCLUSIONS),
        Heading("Så är sammanställningen gjord"),
        BulletList(tuple(map(plain, _method(facts)))),
        *protection_chapter(facts),
    ]
    then = facts.period.same_last_year
    has_then = not has_nothing_beside(facts, then)
    return paper(
        reading,
        blocks,
        title=f"Synpunkter och klagomål {facts.period.year}",
        subtitle=sentence_case(facts.period.title) + (f", jämfört med samma månader {then.year}" if has_then else ""),
        document_type="Klagomålssammanställning",
        description=f"Synpunkter och klagomål på kommunens arbetsmarknadsinsatser {facts.period.title}: antal, kategorier, "
        "brister, åtgärder och svarstider.",
        head=(("Siffror till och med", swedish_date(facts.period.end)),),
    )


def _summary(facts: Facts) -> list[Block]:
    if not has_anything(facts, (CASES,)):
        return []
    cards = tuple(_card(facts, *one) for one in _CARDS if has_anything(facts, one[:1]))
    bullets: list[Text] = []
    if found := recurring(facts):
        bullets.append(bold("Återkommer:", f"{listed(found)}, liksom samma månader förra året."))
    if has_anything(facts, (MENDED,)):
        said = told(facts.indicators[MENDED], facts.current.get(MENDED))
        rest = "andelen som har lett till en åtgärd visas inte, eftersom den kan röja en person."
        if said is not None:
            rest = f"{said} av dem har lett till en åtgärd."
            if not has_nothing_beside(facts, facts.period.same_last_year):
                rest = f"{rest.rstrip('.')}; {change_clause(_change(facts, MENDED))}."
        bullets.append(bold("Ärenden som visar på brister:", rest))
    return [KeyFigures(cards), *([BulletList(tuple(bullets))] if bullets else [])]


def _card(facts: Facts, indicator_id: str, unit: str, what: str) -> KeyFigure:
    value = facts.current.get(indicator_id)
    # Of what the lead says once, nothing is said again.
    is_said = has_nothing_beside(facts, facts.period.same_last_year)
    note = "" if is_said else change_note(_change(facts, indicator_id))
    return KeyFigure(words(facts.indicators[indicator_id], value), unit, what, note)


def _change(facts: Facts, indicator_id: str) -> Comparison:
    return compared(facts, indicator_id, facts.period.same_last_year)


def _method(facts: Facts) -> list[str]:
    return [
        (
            f"Ärenden som kom in till och med den {swedish_date(facts.period.end)} är med, så som de var kända den "
            f"{swedish_time(facts.current.as_of)}."
        ),
        (
            "Det som någon har skrivit läses aldrig in i sammanställningen. Inget enskilt ärende, ingen dag och ingen plats "
            "redovisas."
        ),
        "Jämförelsen gäller samma månader förra året, eftersom ärendena är ojämnt fördelade över året.",
        (
            "En brist är ett ärende som visar att något inte har fungerat som det ska. Den räknas som åtgärdad när ärendet har "
            "en beslutad åtgärd, färdig eller inte."
        ),
        "En kategori återkommer när den står för minst en femtedel av ärendena båda åren.",
    ]


REPORT = ReportType(
    id="klagomalssammanstallning",
    write=klagomalssammanstallning,
    sections=(CONCLUSIONS,),
    indicators=frozenset({CASES, ANSWERED, MENDED}),
    accepts=lambda period: period == first_months(period.year, 8),
)
