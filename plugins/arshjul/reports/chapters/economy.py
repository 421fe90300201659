"""Economy against budget: what every activity has cost, beside what was meant, and the months that are beyond tolerance.

Source: BIN 2016-134, 5.1 Ekonomi- och verksamhetsuppföljning (requirements R51, R62, R63).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from arshjul.comparison.numbers import MISSING, NO_BREAK_SPACE, number, opening, signed
from arshjul.prose.swedish import sentence_case
from arshjul.registers.deviations import Deviation, LedgerMonth
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Table, plain
from arshjul.reports.chapters.money import paid_and_cost
from arshjul.reports.facts import Facts

NO_ACTION = "Åtgärd saknas"


def economy_chapter(facts: Facts, ledger: Sequence[LedgerMonth], deviations: Sequence[Deviation]) -> list[Block]:
    """Write the chapter; one sentence when no ledger is known.

    Args:
        facts: For what was paid to providers and what an exit cost.
        ledger: Budget and outcome of the period's months.
        deviations: The months beyond tolerance.
    """
    heading = Heading("Ekonomi")
    if not ledger:
        nothing = f"Det finns ingen budget och inget utfall att redovisa för {facts.period.title}."
        return [heading, Paragraph(plain(nothing)), *paid_and_cost(facts)]
    budget, outcome = _sum(ledger, "budget"), _sum(ledger, "outcome")
    return [
        heading,
        Paragraph(plain(_lead(facts, budget, outcome))),
        _by_object(facts, ledger),
        *_deviations(facts, deviations),
        *paid_and_cost(facts),
    ]


def _sum(ledger: Iterable[LedgerMonth], what: str) -> Decimal:
    return sum((getattr(one, what) for one in ledger), Decimal(0))


def _kronor(amount: Decimal) -> str:
    return f"{number(abs(amount))}{NO_BREAK_SPACE}kronor"


def _lead(facts: Facts, budget: Decimal, outcome: Decimal) -> str:
    left = budget - outcome
    said = f"Verksamheten har kostat {_kronor(outcome)} under {facts.period.title}. Budgeten är {_kronor(budget)}."
    if not left:
        return f"{said} Utfallet är lika med budgeten."
    way = "lägre" if left > 0 else "högre"
    percent = f" ({number(abs(100 * left / budget), 1)} procent)" if budget else ""
    return f"{said} Utfallet är {_kronor(left)}{percent} {way} än budgeten."


def _by_object(facts: Facts, ledger: Sequence[LedgerMonth]) -> Table:
    names = {one.object_id: one.object_name for one in ledger}
    rows = [
        _row(name, [one for one in ledger if one.object_id == object_id], is_total=False)
        for object_id, name in names.items()
    ]
    return Table(
        id="budget-utfall",
        title=f"Budget och utfall per verksamhet, {facts.period.title}, kronor",
        columns=(
            Column("Verksamhet", width=2.6),
            Column("Budget", "right", number_format="#,##0"),
            Column("Utfall", "right", number_format="#,##0"),
            Column("Avvikelse", "right", number_format="#,##0"),
            Column("Avvikelse (%)", "right", number_format="General"),
        ),
        rows=(*rows, _row("Samtliga verksamheter", ledger, is_total=True)),
        note=tables.explained(
            rows, "Plus betyder att det har kostat mindre än budgeten, minus att det har kostat mer."
        ),
        sheet="Budget och utfall",
    )


def _row(name: str, ledger: Sequence[LedgerMonth], *, is_total: bool) -> Row:
    budget, outcome = _sum(ledger, "budget"), _sum(ledger, "outcome")
    left = budget - outcome
    share = Cell(signed(100 * left / abs(budget), 1), round(100 * left / abs(budget), 1)) if budget else Cell(MISSING)
    return Row(
        (
            Cell(name),
            Cell(number(budget), round(budget)),
            Cell(number(outcome), round(outcome)),
            Cell(signed(left), round(left)),
            share,
        ),
        is_total=is_total,
    )


def _deviations(facts: Facts, deviations: Sequence[Deviation]) -> list[Block]:
    heading = Heading("Avvikelser från budget", 2)
    if not deviations:
        return [heading, Paragraph(plain("Ingen verksamhet har en månad utanför det som tolereras."))]
    objects = {one.ledger.object_id for one in deviations}
    without = sum(not one.actions for one in deviations)
    places = opening(len(objects), "verksamhet", "verksamheter").lower()
    said = f"{opening(len(deviations), 'månad', 'månader')} hos {places} ligger utanför det som tolereras."
    said += (
        f" {opening(without, 'avvikelse', 'avvikelser')} har ännu ingen beslutad åtgärd."
        if without
        else (" Den har en beslutad åtgärd." if len(deviations) == 1 else " Alla har en beslutad åtgärd.")
    )
    rows = tuple(
        Row(
            (
                Cell(one.ledger.object_name),
                Cell(sentence_case(one.ledger.month.title)),
                Cell(signed(-one.ledger.difference), round(-one.ledger.difference)),
                Cell(
                    MISSING if one.ledger.percent is None else signed(-one.ledger.percent, 1),
                    None if one.ledger.percent is None else round(-one.ledger.percent, 1),
                ),
                Cell(_action(one), state="" if one.actions else "missing"),
            )
        )
        for one in deviations
    )
    return [
        heading,
        Paragraph(plain(said)),
        Table(
            id="budgetavvikelser",
            title=f"Månader utanför det som tolereras, {facts.period.title}",
            columns=(
                Column("Verksamhet", width=2),
                Column("Månad", width=1.3),
                Column("Avvikelse (kr)", "right", number_format="#,##0"),
                Column("Avvikelse (%)", "right", number_format="General"),
                Column("Åtgärd", width=2.6),
            ),
            rows=rows,
            note=tables.explained(rows),
            sheet="Avvikelser",
        ),
    ]


def _action(deviation: Deviation) -> str:
    found = "; ".join(
        f"{one.text.rstrip('.')} ({one.responsible}, {one.status_title.lower()})" for one in deviation.actions
    )
    return found or NO_ACTION
