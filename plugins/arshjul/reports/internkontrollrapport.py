"""Internkontrollrapport: the year's internal control on three levels, and that of the tertial reports, in November.

Every control point with risk, method, responsible and a signal in words; the runs that prove the automatic ones; what
deviated and what is done; what was not controlled; a proposal for next year. Source: BIN 2016-134, 5.3 Internkontroll and
årshjul, August and November; KL 6 kap. 6 § (requirements R66, R83–R86, trap T2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from arshjul.comparison.numbers import IN_WORDS, counted, number, opening, swedish_date
from arshjul.periods import first_months
from arshjul.prose.swedish import in_words, listed
from arshjul.registers.actions import Action, read_actions
from arshjul.registers.controls import ControlPoint, by_level, read_controls
from arshjul.registers.objects import read_objects
from arshjul.registers.report_controls import ReportControl, read_report_controls
from arshjul.registers.spot_checks import SpotCheck, spot_checks
from arshjul.reports import tables
from arshjul.reports.blocks import (
    Block,
    BulletList,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Run,
    Text,
    plain,
    text,
)
from arshjul.reports.chapters.control import CONTROL
from arshjul.reports.chapters.control_points import (
    RULE,
    Signal,
    deviations_table,
    evidence_chapter,
    failing,
    level_chapter,
    levels_table,
    missing_table,
    next_year_table,
    signal,
    signals_sentence,
)
from arshjul.reports.chapters.human import body
from arshjul.reports.chapters.report_control import report_control_chapter, report_control_sentence
from arshjul.reports.chapters.spot_check_chapter import spot_check_chapter
from arshjul.reports.chapters.tjansteskrivelse import BOARD, paper, proposal
from arshjul.reports.facts import Facts
from arshjul.reports.figures import has_anything, statement
from arshjul.reports.report_type import Reading, ReportType, Section

CONCLUSIONS = Section("slutsatser", "Slutsatser")
NEXT_YEAR = Section("nasta_ar", "Nästa års internkontroll", is_mandatory=False)


@dataclass(frozen=True)
class Controls:
    """What the registers say of the year's internal control.

    Attributes:
        points: Every control point with its year.
        reports: Control of the tertial reports.
        samples: Spot checks of payments.
        actions: Every action.
        objects: Names of follow-up objects by id.
    """

    points: tuple[ControlPoint, ...]
    reports: tuple[ReportControl, ...]
    samples: tuple[SpotCheck, ...]
    actions: tuple[Action, ...]
    objects: Mapping[str, str]


def internkontrollrapport(reading: Reading) -> Document:
    """Read the registers to the period's last day and write the report."""
    facts, connection = reading.facts, reading.connection
    as_of, year, last = facts.current.as_of, facts.period.year, facts.period.end
    found = Controls(
        points=read_controls(connection, as_of, year, last),
        reports=read_report_controls(connection, as_of, year, last, BOARD),
        samples=spot_checks(connection, as_of, year),
        actions=read_actions(connection, as_of),
        objects={one.object_id: one.name for one in read_objects(connection, as_of, year)},
    )
    return control_report(reading, found)


def control_report(reading: Reading, controls: Controls) -> Document:
    """Write the report.

    Args:
        reading: What it is written from.
        controls: What the registers say.
    """
    facts, points = reading.facts, controls.points
    levels = by_level(points)
    blocks: list[Block] = [
        proposal(f"{BOARD} godkänner internkontrollrapporten för {facts.period.year}."),
        Heading("Sammanfattning"),
        Paragraph(_lead(facts, points), is_lead=True),
        *_cards(points),
        BulletList(tuple(_bullets(controls, facts.period.end))),
        *([levels_table(levels)] if levels else []),
        Heading(CONCLUSIONS.title),
        *body(reading, CONCLUSIONS),
        Heading("Kontrollpunkterna"),
        *_share(facts),
        *(
            block
            for place, level in enumerate(levels)
            for block in level_chapter(level, controls.objects, is_first=not place)
        ),
        Heading("Avvikelser och åtgärder"),
        *_deviations(controls),
        Heading("Kontroller som saknas"),
        *_missing(points),
        *report_control_chapter(controls.reports, facts.period.end),
        *spot_check_chapter(controls.samples),
        Heading(NEXT_YEAR.title),
        *body(reading, NEXT_YEAR),
        *(
            [Paragraph(plain(_PROPOSED)), next_year_table(points)]
            if points
            else [Paragraph(plain("Det finns inga kontrollpunkter att föreslå."))]
        ),
        *evidence_chapter(points),
        Heading("Så är rapporten framtagen"),
        BulletList(tuple(map(plain, _method(facts)))),
    ]
    return paper(
        reading,
        blocks,
        title=f"Internkontrollrapport {facts.period.year}",
        subtitle=f"Kontroller gjorda till och med den {swedish_date(facts.period.end)}",
        document_type="Internkontrollrapport",
        description=f"Resultatet av {facts.period.year} års internkontroll på tre nivåer, internkontroll av tertialrapporterna, "
        "stickprov, avvikelser, åtgärder och förslag till nästa år.",
    )


_PROPOSED = "Så här föreslås årets kontrollpunkter gå vidare till nästa år."


def _lead(facts: Facts, points: Sequence[ControlPoint]) -> Text:
    if not points:
        return plain(f"Det finns inga kontrollpunkter för {facts.period.year}.")
    size = counted(len(points), "kontrollpunkt", "kontrollpunkter")
    said = f"Av årets **{size}** är {signals_sentence(points)}."
    red = [one.control_id for one in points if signal(one) == "rod"]
    if red:
        return text(f"{said} Det som är rött behöver beslut: {listed(red)}.")
    return text(f"{said} Ingen punkt är röd.")


def _cards(points: Sequence[ControlPoint]) -> list[Block]:
    if not points:
        return []
    found = [signal(one) for one in points]
    told: tuple[tuple[Signal, str, str, str], ...] = (
        ("gron", "grön", "gröna", "reached"),
        ("gul", "gul", "gula", "near"),
        ("rod", "röd", "röda", "missed"),
    )
    cards = []
    for code, one, many, state in told:
        count = found.count(code)
        words = "kontrollpunkt" if count == 1 else "kontrollpunkter"
        # A nought of any colour is no news of that colour.
        shown = state if count else "neutral"
        cards.append(KeyFigure(number(count), one if count == 1 else many, words, "", shown))  # type: ignore[arg-type]
    missing = sum(one.missing for one in points)
    unit = "kontroll" if missing == 1 else "kontroller"
    cards.append(KeyFigure(number(missing), unit, "saknas hittills i år", "", "missed" if missing else "reached"))
    return [KeyFigures(tuple(cards))]


def _bullets(controls: Controls, day: date) -> list[Text]:
    points = controls.points
    found: list[Text] = [(Run("Avvikelser:", "strong"), Run(f" {_deviations_sentence(points)}"))]
    if controls.reports:
        found.append((Run("Tertialrapporterna:", "strong"), Run(f" {report_control_sentence(controls.reports, day)}")))
    faults = sum(one.faults for one in controls.samples)
    checked = sum(one.checked for one in controls.samples)
    if checked:
        size = counted(checked, "granskad utbetalning", "granskade utbetalningar")
        said = f" {opening(faults, 'fel', 'fel', 'ett')} i {size}." if faults else f" Inga fel i {size}."
        found.append((Run("Stickprov:", "strong"), Run(said)))
    return found


def _deviations_sentence(points: Sequence[ControlPoint]) -> str:
    """How many deviations there are, a run of a check that did not hold among them, and how many nothing is done about."""
    count = sum(one.deviations for one in points)
    left = sum(len(one.without_action) + len(failing(one)) for one in points)
    if not count:
        return "Inga har hittats."
    if count == 1:
        return f"En har hittats, och den {'saknar åtgärd' if left else 'är hanterad'}."
    most = len(IN_WORDS) - 1 if count < len(IN_WORDS) else -1
    some_lack = f"varav {in_words(left, most)} saknar åtgärd" if left else "och alla är hanterade"
    return f"{opening(count, '', '')} har hittats, {'och ingen har en åtgärd' if left == count else some_lack}."


def _share(facts: Facts) -> list[Block]:
    """The share without deviation, by level, beside the same months a year earlier."""
    if not has_anything(facts, (CONTROL,)):
        return []
    said = statement(facts, CONTROL, "Andelen kontroller utan avvikelse", facts.period.same_last_year, is_said=False)
    return [
        Paragraph(plain(said)),
        *tables.filled(
            tables.per_breakdown(
                facts, (CONTROL,), "niva", "utan-avvikelse", "Kontroller utan avvikelse, per nivå", "Utan avvikelse"
            )
        ),
    ]


def _deviations(controls: Controls) -> list[Block]:
    found = deviations_table(controls.points, controls.actions)
    if found is None:
        return [Paragraph(plain("Ingen kontroll visar en avvikelse."))]
    return [Paragraph(plain("Varje avvikelse ska ha en åtgärd med ansvarig och slutdag.")), found]


def _missing(points: Sequence[ControlPoint]) -> list[Block]:
    found = missing_table(points)
    if found is None:
        return [Paragraph(plain("Alla kontroller som skulle ha gjorts är gjorda."))]
    return [Paragraph(plain("De här kontrollerna är inte gjorda så ofta som planen säger.")), found]


def _method(facts: Facts) -> list[str]:
    return [
        f"Rapporten bygger på registret över kontrollpunkter och på resultat till och med den {swedish_date(facts.period.end)}.",
        RULE,
        "En automatisk kontrollpunkt räknas som gjord för en period när dess kontroll har körts för perioden.",
        "Nämnden ansvarar för att den interna kontrollen är tillräcklig (kommunallagen, 6 kap. 6 §).",
    ]


REPORT = ReportType(
    id="internkontrollrapport",
    write=internkontrollrapport,
    sections=(CONCLUSIONS, NEXT_YEAR),
    indicators=frozenset({CONTROL}),
    accepts=lambda period: period == first_months(period.year, 10),
)
