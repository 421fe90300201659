"""The council's goals and the board's that serve them, and how each of them stands."""

from __future__ import annotations

from arshjul.comparison.numbers import MISSING, number, opening
from arshjul.comparison.targets import Goal, Judgement, chain_sentence, chains, judge
from arshjul.comparison.values import places_of
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Table, plain
from arshjul.reports.facts import Facts
from arshjul.reports.figures import value_cell


def goals_chapter(facts: Facts) -> list[Block]:
    """Write the chapter; empty when no goal for the year is known."""
    goals = [goal for goal in facts.context.goals if goal.applies_to(facts.period)]
    if not goals:
        return []
    judgements = {goal.mal_id: _judged(facts, goal) for goal in goals}
    measured = [found for goal in goals if goal.level == "namnd" and (found := judgements[goal.mal_id]) is not None]
    sentences = [chain_sentence(measured)] if measured else ["Inget av nämndens mål har ett värde att bedöma mot."]
    lonely = [chain.council for chain in chains(goals) if chain.council is not None and not chain.board]
    if lonely:
        sentences.append(f"{opening(len(lonely), 'mål', 'mål', 'ett')} hos fullmäktige har inget mål hos nämnden.")
    return [Heading("Målen"), Paragraph(plain(" ".join(sentences))), _table(facts, goals, judgements)]


def _judged(facts: Facts, goal: Goal) -> Judgement | None:
    indicator = facts.indicators.get(goal.indicator_id or "")
    if indicator is None or goal.target is None:
        return None
    cell = {} if goal.insatstyp is None else {"insatstyp": goal.insatstyp}
    return judge(indicator, facts.current.get(indicator.id, **cell), goal)


def _table(facts: Facts, goals: list[Goal], judgements: dict[str, Judgement | None]) -> Table:
    rows = []
    for chain in chains(goals):
        if chain.council is not None:
            rows.append(_row(facts, chain.council, judgements[chain.council.mal_id]))
        rows += [_row(facts, goal, judgements[goal.mal_id]) for goal in chain.board]
    return Table(
        id="mal",
        title=f"Fullmäktiges och nämndens mål {facts.period.year}",
        columns=(
            Column("Mål", width=3.4),
            Column("Mått", width=1.8),
            Column("Målvärde", "right"),
            Column("Utfall", "right", number_format="General"),
            Column("Bedömning", width=1.3),
        ),
        rows=tuple(rows),
        note=tables.explained(rows, "Fullmäktiges mål står med fet stil, och nämndens mål som hör till det under."),
        sheet="Mål",
    )


def _row(facts: Facts, goal: Goal, judgement: Judgement | None) -> Row:
    indicator = facts.indicators.get(goal.indicator_id or "")
    target = Cell(MISSING)
    outcome = Cell(MISSING)
    if indicator is not None and goal.target is not None:
        limit = "minst" if goal.direction == "upp" else "högst"
        target = Cell(f"{limit} {number(goal.target, places_of(goal.target))}")
        cell = {} if goal.insatstyp is None else {"insatstyp": goal.insatstyp}
        outcome = value_cell(indicator, facts.current.get(indicator.id, **cell))
    measure = MISSING
    if indicator is not None:
        measure = tables.value_title(indicator)
        measure += f", {facts.label('insatstyp', goal.insatstyp)}" if goal.insatstyp else ""
    words = f"{goal.goal.rstrip('.')} (följs särskilt)." if goal.is_followed else goal.goal
    return Row(
        (
            Cell(words),
            Cell(measure),
            target,
            outcome,
            Cell(judgement.words if judgement else MISSING),
        ),
        is_total=goal.level == "fullmaktige",
    )
