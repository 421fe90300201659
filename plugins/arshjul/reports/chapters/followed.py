"""The indicators that the municipal board is to follow specially, each with its figure, its goal and a person's analysis.

Source: BIN 2016-134, 5.1 "särskilt följa, redovisa och analysera indikatorer" (requirements R22, R52, R98).
"""

from __future__ import annotations

from collections.abc import Sequence

from arshjul.comparison.numbers import MISSING, PROTECTED, number, opening
from arshjul.comparison.targets import Goal, Judgement, judge
from arshjul.comparison.values import places_of
from arshjul.periods import Period
from arshjul.prose.changes import change, level
from arshjul.prose.facts import Target
from arshjul.prose.levels import against_target
from arshjul.prose.swedish import sentence_case
from arshjul.prose.texts import EXPLANATION
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Run, Table, plain
from arshjul.reports.chapters.human import body
from arshjul.reports.chapters.paths import coverage
from arshjul.reports.facts import Facts
from arshjul.reports.figures import cells_beside, columns_beside, has_nothing_beside, value_cell
from arshjul.reports.report_type import Reading, Section
from arshjul.reports.voice import Voice
from arshjul.reports.written import explanation_notes

ANALYSIS = Section("analys", "Särskilt följda indikatorer", per_followed_indicator=True)

WHY = Section(EXPLANATION, "Förklaring", is_mandatory=False, per_followed_indicator=True)
"""Why an indicator became what it did: it follows the indicator into later reports' comparisons (requirement R96)."""


def followed_goals(facts: Facts) -> tuple[Goal, ...]:
    """The goals that are specially followed and have a measure we know, in the register's order."""
    return tuple(
        goal
        for goal in facts.context.goals
        if goal.is_followed and goal.indicator_id in facts.indicators and goal.applies_to(facts.period)
    )


def followed_indicators(facts: Facts) -> tuple[str, ...]:
    """The indicators that a person must write an analysis of, each once."""
    return tuple(dict.fromkeys(goal.indicator_id for goal in followed_goals(facts) if goal.indicator_id))


def followed_chapter(reading: Reading) -> list[Block]:
    """Write the chapter; one sentence when no indicator is specially followed."""
    facts, heading = reading.facts, Heading(ANALYSIS.title)
    goals = followed_goals(facts)
    if not goals:
        nothing = f"Inga mått är utpekade för särskild uppföljning {facts.period.year}."
        return [heading, Paragraph(plain(nothing))]
    size = opening(len(followed_indicators(facts)), "mått", "mått", "ett").lower()
    introduction = (
        f"Fullmäktige har pekat ut {size} som nämnden särskilt ska följa, redovisa och analysera för kommunstyrelsen."
    )
    return [
        heading,
        Paragraph(plain(introduction)),
        _table(facts, goals),
        *(block for one in followed_indicators(facts) for block in _one(reading, one)),
    ]


def explained_before(reading: Reading, indicator_id: str) -> tuple[Block, ...]:
    """Why an indicator became what it did a year earlier, beside its comparison where it is not specially followed (R96)."""
    if indicator_id in followed_indicators(reading.facts):
        return ()
    return explanation_notes(reading, indicator_id, reading.facts.period.same_last_year)


def _one(reading: Reading, indicator_id: str) -> list[Block]:
    facts = reading.facts
    explanations = explanation_notes(reading, indicator_id, facts.period.same_last_year)
    why = body(reading, WHY, indicator_id)
    return [
        Heading(facts.indicators[indicator_id].title, 2),
        Paragraph(plain(" ".join(_statements(reading, indicator_id)))),
        *explanations,
        *body(reading, ANALYSIS, indicator_id),
        *([Paragraph((Run(WHY.title, "strong"),)), *why] if why else []),
    ]


def _statements(reading: Reading, indicator_id: str) -> list[str]:
    """The figure beside each of its goals, how it has changed in a year, and how many stand behind it."""
    facts, voice = reading.facts, Voice(reading, reading.facts)
    said = []
    for goal in followed_goals(facts):
        if goal.indicator_id == indicator_id and goal.target is not None:
            cell = {} if goal.insatstyp is None else {"insatstyp": goal.insatstyp}
            value = voice.measured(indicator_id, facts.period, **cell)
            said.append(against_target(voice.wording, value, Target(goal.mal_id, "mal", goal)).text)
    then = facts.period.same_last_year
    if not has_nothing_beside(facts, then):
        said.append(change(voice.wording, voice.measured(indicator_id), voice.measured(indicator_id, then)).text)
    elif not said:
        said.append(level(voice.wording, voice.measured(indicator_id)).text)
    return [*dict.fromkeys(said), *filter(None, [coverage(facts, indicator_id)])]


def _table(facts: Facts, goals: Sequence[Goal]) -> Table:
    then = facts.period.same_last_year
    beside = columns_beside(facts, then)
    rows = tuple(_row(facts, goal, then) for goal in goals)
    columns = [
        Column("Mått", width=2.6),
        Column("Målvärde", "right", 1.1),
        Column(sentence_case(facts.period.title), "right", number_format="General"),
        *beside,
    ]
    return Table(
        id="sarskilt-foljda",
        title=f"Särskilt följda indikatorer, {facts.period.title}",
        columns=(*columns, Column("Bedömning", width=1.4)),
        rows=rows,
        note=tables.explained(
            rows,
            "Förändring av procent anges i procentenheter." if beside else f"Jämförelsevärde saknas för {then.title}.",
        ),
        sheet="Särskilt följda",
    )


def _row(facts: Facts, goal: Goal, then: Period) -> Row:
    indicator = facts.indicators[goal.indicator_id or ""]
    cell = {} if goal.insatstyp is None else {"insatstyp": goal.insatstyp}
    value = facts.current.get(indicator.id, **cell)
    name = tables.value_title(indicator) + (f", {facts.label('insatstyp', goal.insatstyp)}" if goal.insatstyp else "")
    cells = [Cell(name), Cell(target_words(goal)), value_cell(indicator, value)]
    cells += cells_beside(facts, indicator.id, then, **cell)
    return Row((*cells, judgement_cell(judge(indicator, value, goal if goal.target is not None else None))))


def target_words(goal: Goal) -> str:
    """A goal's target as it stands in a table: ``minst 65``."""
    if goal.target is None:
        return MISSING
    limit = "minst" if goal.direction == "upp" else "högst"
    return f"{limit} {number(goal.target, places_of(goal.target))}"


def judgement_cell(judgement: Judgement) -> Cell:
    """How a value stands to its goal, in words."""
    return Cell(PROTECTED if judgement.mark == PROTECTED else judgement.words)
