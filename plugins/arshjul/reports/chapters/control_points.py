"""Internal control in a report: each control point with its signal, what it found, and the runs that are its proof.

A signal is a word, and the colour follows the word. Source: BIN 2016-134, 5.3 Internkontroll and årshjul, November;
KL 6 kap. 6 § (requirements R83–R86).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from arshjul.comparison.numbers import MISSING, SWEDISH_TIME, counted, number, swedish_date
from arshjul.periods import parse_period
from arshjul.prose.swedish import listed, sentence_case
from arshjul.registers.actions import Action
from arshjul.registers.controls import CheckEvidence, ControlPoint, LevelSummary
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Run, Table, plain
from arshjul.reports.chapters.actions_chapter import answers

Signal = Literal["gron", "gul", "rod", "vantar"]

SIGNALS: Mapping[Signal, str] = {"gron": "Grön", "gul": "Gul", "rod": "Röd", "vantar": "Inte bedömd"}

STATES: Mapping[Signal, Literal["", "done", "planned", "missing"]] = {
    "gron": "done",
    "gul": "planned",
    "rod": "missing",
    "vantar": "",
}
"""How a table colours a signal, whose word stands beside."""

RULE = (
    "Grön: alla kontroller är gjorda och ingen visar en avvikelse. Gul: en kontroll saknas, eller en avvikelse har fått en "
    "åtgärd. Röd: ingen kontroll är gjord, eller en avvikelse saknar åtgärd. Inte bedömd: den första kontrollen är inte "
    "gjord och har inte behövt göras än."
)
_HASH_SHOWN = 16
_HIGH_RISK = 9
_LOW_RISK = 4


def failing(point: ControlPoint) -> list[CheckEvidence]:
    """The newest run of each period that did not hold and that nobody has waived."""
    newest = {one.period: one for one in point.evidence}
    return [one for one in newest.values() if not one.is_success and one.waiver_reason is None]


def signal(point: ControlPoint) -> Signal:
    """Judge one point by its year, by the rule that stands in the report."""
    if not point.made and not point.expected:
        return "vantar"
    if not point.made or point.without_action or failing(point):
        return "rod"
    return "gul" if point.missing or point.deviations else "gron"


def reason(point: ControlPoint) -> str:
    """Say in words why a point has its signal."""
    parts = []
    if point.missing:
        parts.append(f"{counted(point.missing, 'kontroll', 'kontroller')} saknas")
    if point.deviations:
        left = len(point.without_action) + len(failing(point))
        tail = (
            f", {number(left)} utan åtgärd" if left else ", hanterad" if point.deviations == 1 else ", alla hanterade"
        )
        parts.append(f"{counted(point.deviations, 'avvikelse', 'avvikelser')}{tail}")
    if not parts:
        return "inte aktuell än" if signal(point) == "vantar" else "utan avvikelse"
    return "; ".join(parts)


def signal_cell(point: ControlPoint) -> Cell:
    """The signal and why, for a table."""
    found = signal(point)
    return Cell(f"{SIGNALS[found]}: {reason(point)}", state=STATES[found])


def levels_table(levels: Sequence[LevelSummary]) -> Table:
    """How many points of each signal there are on each level; the board's row has its units' too."""
    rows = []
    for level in levels:
        title = level.title
        if level.units:
            title = f"{title}, med enheternas"
        found = [signal(one) for one in level.every]
        counts = [len(found), *(found.count(one) for one in SIGNALS)]
        rows.append(Row((Cell(title), *(Cell(number(count), count) for count in counts))))
    return Table(
        id="nivaer",
        title="Kontrollpunkter per nivå",
        columns=(
            Column("Nivå", width=2.6),
            Column("Punkter", "right", number_format="#,##0"),
            *(Column(words, "right", number_format="#,##0") for words in SIGNALS.values()),
        ),
        rows=tuple(rows),
        note=f"Enhetens punkter räknas också hos nämnden. {RULE}",
        sheet="Nivåer",
    )


def level_chapter(level: LevelSummary, objects: Mapping[str, str], *, is_first: bool) -> list[Block]:
    """Write the points of one level: what is controlled, risk, how, who answers, and the result.

    Args:
        level: The level.
        objects: Names of follow-up objects by id.
        is_first: Its table explains the columns of them all.
    """
    title = _LEVELS.get(level.level, level.title)
    return [Heading(title, 2), points_table(level.points, objects, f"punkter-{level.level}", title, has_note=is_first)]


_LEVELS = {
    "kommungemensam": "Kommungemensamma kontrollpunkter",
    "namnd": "Nämndens kontrollpunkter",
    "enhet": "Enheternas egna kontrollpunkter",
}
_COLUMNS = (
    "Risk är sannolikhet gånger konsekvens, från 1 till 16. Gjorda: så många gånger som kontrollen är gjord, av så många som "
    "den skulle ha gjorts till och med rapportens sista dag."
)


def points_table(
    points: Sequence[ControlPoint], objects: Mapping[str, str], table_id: str, title: str, *, has_note: bool
) -> Table:
    """Control points one below the other.

    Args:
        points: In the order they are to stand.
        objects: Names of follow-up objects by id.
        table_id: Stable name.
        title: Caption; also the sheet's name.
        has_note: Explain the columns.
    """
    rows = []
    for one in points:
        about = f" ({objects.get(one.object_id, one.object_id)})" if one.object_id else ""
        how = f"{'Automatisk' if one.is_automatic else 'Manuell'}, {_rhythm(one.frequency)}"
        # More often than the plan asks for by then is told by the number alone.
        made = f"{number(one.made)} av {number(one.expected)}" if one.made <= one.expected > 0 else number(one.made)
        rows.append(
            Row(
                (
                    Cell(f"{one.control_id} {one.text}{about}"),
                    Cell(number(one.risk), one.risk),
                    Cell(how),
                    Cell(one.responsible),
                    Cell(made),
                    signal_cell(one),
                )
            )
        )
    return Table(
        id=table_id,
        title=title,
        columns=(
            Column("Kontrollpunkt", width=3.2),
            Column("Risk", "right", 0.5, "0"),
            Column("Så görs den", width=1.3),
            Column("Ansvarig", width=1.3),
            Column("Gjorda", "right", 0.8),
            Column("Resultat", width=1.8),
        ),
        rows=tuple(rows),
        note=_COLUMNS if has_note else "",
        sheet=title.removesuffix(" kontrollpunkter"),
    )


def _rhythm(frequency: str) -> str:
    """How often in words; the register may hold a code for it."""
    words = {"manad": "varje månad", "tertial": "varje tertial", "ar": "varje år", "kvartal": "varje kvartal"}
    return words.get(frequency, frequency[:1].lower() + frequency[1:])


def deviations_table(points: Sequence[ControlPoint], actions: Sequence[Action]) -> Table | None:
    """Every deviation with what was seen and what is done about it; ``None`` when there is none.

    Args:
        points: Every point.
        actions: Every action, to tell who does what.
    """
    by_id = {one.action_id: one for one in actions}
    rows: list[tuple[date, Row]] = []
    for point in points:
        for result in point.results:
            if result.outcome != "avvikelse":
                continue
            found = [by_id[one] for one in result.action_ids if one in by_id]
            told = " ".join(f"{one.text} {answers(one)}, senast {swedish_date(one.due)}." for one in found)
            action = Cell(told or "Åtgärd saknas", state="" if told else "missing")
            seen = (Cell(swedish_date(result.day)), Cell(point.control_id), Cell(result.observation or MISSING))
            rows.append((result.day, Row((*seen, action))))
        for run in failing(point):
            day = run.checked_at.astimezone(SWEDISH_TIME).date()
            seen = (Cell(swedish_date(day)), Cell(point.control_id), Cell(_not_held(run)))
            rows.append((day, Row((*seen, Cell("Åtgärd saknas", state="missing")))))
    if not rows:
        return None
    return Table(
        id="avvikelser",
        title="Avvikelser och åtgärder",
        columns=(
            Column("Dag", width=1.1),
            Column("Punkt", width=0.7),
            Column("Iakttagelse", width=2.2),
            Column("Åtgärd", width=2.8),
        ),
        rows=tuple(row for _, row in sorted(rows, key=lambda pair: pair[0])),
        sheet="Avvikelser",
    )


def _not_held(run: CheckEvidence) -> str:
    return f"Den automatiska kontrollen för {parse_period(run.period).title} höll inte."


def missing_table(points: Sequence[ControlPoint]) -> Table | None:
    """Points that have not been controlled as often as they should; ``None`` when all have."""
    rows = [
        Row(
            (
                Cell(f"{one.control_id} {one.text}"),
                Cell(one.responsible),
                Cell(number(one.expected), one.expected),
                Cell(number(one.made), one.made),
                Cell(number(one.missing), one.missing),
            )
        )
        for one in points
        if one.missing
    ]
    if not rows:
        return None
    return Table(
        id="saknade-kontroller",
        title="Kontroller som saknas",
        columns=(
            Column("Kontrollpunkt", width=3),
            Column("Ansvarig", width=1.4),
            Column("Skulle göras", "right", number_format="0"),
            Column("Gjorda", "right", number_format="0"),
            Column("Saknas", "right", number_format="0"),
        ),
        rows=tuple(rows),
        sheet="Saknade kontroller",
    )


def evidence_chapter(points: Sequence[ControlPoint]) -> list[Block]:
    """Write the runs of every automatic point: they are its proof."""
    automatic = [one for one in points if one.is_automatic]
    heading = Heading("Automatiska kontroller och deras bevis")
    if not automatic:
        return [heading, Paragraph(plain("Ingen kontrollpunkt är automatisk."))]
    blocks: list[Block] = [
        heading,
        Paragraph(
            plain(
                "En automatisk kontrollpunkt är en kontroll i flödet som tar fram siffrorna. Varje körning skrivs i en logg där "
                "varje rad är kedjad till raden före. Loggnumret visar vilken rad det är, så att en granskare kan öppna den."
            )
        ),
    ]
    never = [one.control_id for one in automatic if not one.evidence]
    if never:
        blocks.append(
            Paragraph((Run("Inga körningar: ", "strong"), Run(f"{listed(never)} har inte körts under året.")))
        )
    return [*blocks, *(_runs_table(one) for one in automatic if one.evidence)]


def _runs_table(point: ControlPoint) -> Table:
    rows = []
    for run in point.evidence:
        outcome = Cell("Höll", state="done") if run.is_success else Cell("Höll inte", state="missing")
        if run.waiver_reason:
            persons = f" ({counted(len(run.waived_by), 'person', 'personer')})" if run.waived_by else ""
            outcome = Cell(f"Höll inte, undantag{persons}: {run.waiver_reason}", state="planned")
        rows.append(
            Row(
                (
                    Cell(sentence_case(parse_period(run.period).title)),
                    Cell(swedish_date(run.checked_at.astimezone(SWEDISH_TIME).date())),
                    outcome,
                    Cell(number(run.check_run_id), run.check_run_id),
                    Cell(run.hash[:_HASH_SHOWN]),
                )
            )
        )
    return Table(
        id=f"korningar-{point.control_id}",
        title=f"{point.control_id}: körningar av kontrollen",
        columns=(
            Column("Period", width=1.3),
            Column("Kördes", width=1.3),
            Column("Utfall", width=2.2),
            Column("Körning", "right", 0.8, "0"),
            Column("Loggnummer (början)", width=1.5),
        ),
        rows=tuple(rows),
        note=f"{point.text} Loggnumrets {_HASH_SHOWN} första tecken av 64 visas.",
        sheet=f"Körningar {point.control_id}",
    )


def next_year_table(points: Sequence[ControlPoint]) -> Table:
    """A proposal for each point next year, by a stated rule; people decide."""
    rows = tuple(
        Row(
            (
                Cell(f"{one.control_id} {one.text}"),
                Cell(number(one.risk), one.risk),
                Cell(SIGNALS[signal(one)]),
                Cell(_next(one)),
            )
        )
        for one in points
    )
    return Table(
        id="nasta-ar",
        title="Förslag till kontrollpunkter nästa år",
        columns=(
            Column("Kontrollpunkt", width=3),
            Column("Risk", "right", 0.5, "0"),
            Column("I år", width=0.9),
            Column("Förslag", width=2.2),
        ),
        rows=rows,
        note=f"Förslaget följer en regel. Röd: behåll och kontrollera oftare. Gul: behåll. Grön med risk {_HIGH_RISK} eller mer "
        f"och manuell: pröva att automatisera. Grön med risk {_LOW_RISK} eller mindre: pröva glesare. Övriga: behåll.",
        sheet="Förslag nästa år",
    )


def _next(point: ControlPoint) -> str:
    found = signal(point)
    if found == "rod":
        return "Behåll och kontrollera oftare"
    if found == "gron" and point.risk <= _LOW_RISK:
        return "Pröva glesare"
    if found == "gron" and point.risk >= _HIGH_RISK and not point.is_automatic:
        return "Behåll, pröva att automatisera"
    return "Behåll"


def signals_sentence(points: Sequence[ControlPoint]) -> str:
    """Tell how many points have each signal: ``8 är gröna, 3 gula och 1 röd``."""
    forms: dict[Signal, tuple[str, str]] = {
        "gron": ("grön", "gröna"),
        "gul": ("gul", "gula"),
        "rod": ("röd", "röda"),
        "vantar": ("inte bedömd", "inte bedömda"),
    }
    found = [signal(one) for one in points]
    parts = [f"{number(count)} {forms[one][count != 1]}" for one in SIGNALS if (count := found.count(one))]
    return listed(parts)
