"""What it cost: the budget, what was paid beside what presence would cost, and the cost of an exit that succeeded."""

from __future__ import annotations

from arshjul.comparison.values import shown, with_unit
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Heading, Paragraph, Table, plain
from arshjul.reports.facts import Facts
from arshjul.reports.figures import has_anything, is_nothing, main_period, statement, undelivered

BUDGET = "budgetavvikelse"
PAID = "ersattningsavvikelse"
COST = "kostnad_per_lyckat_avslut"
MONEY = (BUDGET, PAID, COST)


def money_chapter(facts: Facts) -> list[Block]:
    """Write the chapter; one sentence when there is nothing to tell."""
    if not has_anything(facts, MONEY):
        nothing = undelivered(facts, MONEY) or f"Det finns inga uppgifter om ekonomin för {facts.period.title}."
        return [Heading("Ekonomi"), Paragraph(plain(nothing))]
    budget = _signed(
        facts,
        BUDGET,
        "Verksamheten har kostat {amount} mindre än budgeten.",
        "Verksamheten har kostat {amount} mer än budgeten.",
        "Verksamheten har kostat lika mycket som budgeten.",
    )
    return [
        Heading("Ekonomi"),
        Paragraph(plain(" ".join(filter(None, (budget, *_sentences(facts)))))),
        tables.comparison(facts, MONEY, "ekonomi", "Ekonomi i sammandrag", "Ekonomi"),
        *tables.filled(
            tables.per_breakdown(
                facts, (BUDGET,), "objekt_id", "budget-verksamhet", "Budgetavvikelse per verksamhet", "Budget"
            ),
            *_tables(facts),
        ),
    ]


def paid_and_cost(facts: Facts, heading: str = "Ersättning till anordnare") -> list[Block]:
    """Write what was paid to providers and what an exit cost, where the budget is told of elsewhere; empty without either.

    Args:
        facts: Of the report.
        heading: The part's; none when empty.
    """
    if not has_anything(facts, (PAID, COST)):
        missing = undelivered(facts, (PAID, COST))
        return [*([Heading(heading, 2)] if heading else []), Paragraph(plain(missing))] if missing else []
    return [
        *([Heading(heading, 2)] if heading else []),
        Paragraph(plain(" ".join(filter(None, _sentences(facts))))),
        *tables.filled(*_tables(facts)),
    ]


def _sentences(facts: Facts) -> list[str]:
    sentences = [
        _signed(
            facts,
            PAID,
            "Anordnarna har fått {amount} mer än vad den redovisade närvaron motsvarar.",
            "Anordnarna har fått {amount} mindre än vad den redovisade närvaron motsvarar.",
            "Det som har betalats till anordnarna motsvarar den redovisade närvaron.",
        ),
    ]
    if has_anything(facts, (COST,)):
        sentences.append(statement(facts, COST, "Kostnaden per lyckat avslut", main_period(facts, COST)))
        sentences.append("Kostnaden gäller alla pågående insatser, inte bara dem som avslutades.")
    sentences.append(undelivered(facts, (PAID, COST)))
    return sentences


def _tables(facts: Facts) -> list[Table]:
    return [
        tables.per_breakdown(
            facts,
            (PAID,),
            "anordnare",
            "ersattning-anordnare",
            "Utbetalt jämfört med redovisad närvaro, per anordnare",
            "Ersättning",
        ),
        tables.per_breakdown(
            facts, (COST,), "insatstyp", "kostnad-insats", "Kostnad per lyckat avslut, per insats", "Kostnad"
        ),
    ]


def _signed(facts: Facts, indicator_id: str, above: str, below: str, nought: str) -> str:
    """Tell which way an amount goes, in a sentence instead of a sign."""
    indicator, value = facts.indicators[indicator_id], facts.current.get(indicator_id)
    seen = None if is_nothing(indicator, value) else shown(indicator, value)
    if seen is None:
        return ""
    if not seen:
        return nought
    return (above if seen > 0 else below).format(amount=with_unit(indicator, abs(seen)))
