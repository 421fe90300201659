"""Spot checks of payments in a report: drawn how, what was found, and how many faults cannot be ruled out.

Told for all providers together, never for one. Source: Nacka, Kvalitetsrapport 2018, "Stickprov genomförs löpande"
(requirement R66).
"""

from __future__ import annotations

from collections.abc import Sequence

from arshjul.comparison.numbers import MISSING, counted, number, opening, percent, rounded, swedish_date
from arshjul.periods import parse_period
from arshjul.prose.swedish import listed, sentence_case
from arshjul.registers.spot_checks import SpotCheck
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Table, plain


def spot_check_chapter(checks: Sequence[SpotCheck]) -> list[Block]:
    """Write the chapter; one sentence when no sample has been promised.

    Args:
        checks: From :func:`arshjul.registers.spot_checks.spot_checks`.
    """
    heading = Heading("Stickprov av utbetalningar")
    if not checks:
        return [heading, Paragraph(plain("Inga stickprov är beslutade för året."))]
    drawn = [one for one in checks if one.drawn_on is not None]
    waiting = [parse_period(one.period).title for one in checks if one.drawn_on is None]
    unchecked = [one for one in drawn if not one.checked]
    sentences = [_told(one) for one in drawn if one not in unchecked or len(unchecked) == 1]
    if len(unchecked) > 1:
        size = counted(sum(one.size for one in unchecked), "utbetalning", "utbetalningar")
        which = opening(len(unchecked), "stickprov", "stickprov", "ett")
        sentences.append(f"{which} med tillsammans {size} är dragna, men inget är granskat än.")
    if waiting:
        sentences.append(f"Stickprovet för {listed(waiting)} är utlovat men inte draget.")
    blocks: list[Block] = [heading, Paragraph(plain(" ".join(sentences)))]
    if drawn:
        blocks.append(_table(drawn))
        blocks.append(Paragraph(plain(_HOW)))
    return blocks


_HOW = (
    "Ett hemligt tal lovades innan någon kunde veta vad anordnarna skulle leverera, och avslöjades när stickprovet drogs. "
    "Därför kan ingen ha valt vilka utbetalningar som granskas, och vem som helst kan dra om samma stickprov."
)


def _told(one: SpotCheck) -> str:
    """One sample in words, with the share of faults that it cannot rule out."""
    title = sentence_case(parse_period(one.period).title)
    if not one.checked or one.at_most is None:
        return f"{title}: {counted(one.size, 'utbetalning', 'utbetalningar')} är dragna, men ingen är granskad än."
    found = f"{counted(one.faults, 'fel', 'fel')}" if one.faults else "inga fel"
    return (
        f"{title}: av {counted(one.checked, 'granskad utbetalning', 'granskade utbetalningar')} hittades {found}. Stickprovet "
        f"kan inte utesluta att upp till {percent(one.at_most, 1)} av alla utbetalningar är fel."
    )


def _table(drawn: Sequence[SpotCheck]) -> Table:
    rows = []
    for one in drawn:
        left = one.unanswered_faults
        action = f"{number(left)} fel utan åtgärd" if left else "Alla har en åtgärd" if one.faults else "Behövs inte"
        action = action if one.checked else MISSING
        bound, rate = one.at_most, one.fault_rate
        rows.append(
            Row(
                (
                    Cell(sentence_case(parse_period(one.period).title)),
                    Cell(swedish_date(one.committed_on)),
                    Cell(number(one.population), one.population),
                    Cell(number(one.size), one.size),
                    Cell(number(one.checked), one.checked),
                    Cell(number(one.faults), one.faults),
                    Cell(MISSING) if rate is None else Cell(percent(rate, 1), rounded(rate * 100, 1) / 100),
                    Cell(MISSING) if bound is None else Cell(percent(bound, 1), rounded(bound * 100, 1) / 100),
                    Cell(action, state="missing" if left else ""),
                )
            )
        )
    levels = {one.confidence for one in drawn}
    sure = f" Gränsen gäller med {percent(levels.pop())} säkerhet." if len(levels) == 1 else ""
    return Table(
        id="stickprov",
        title="Stickprov av utbetalningar",
        columns=(
            Column("Period", width=1.1),
            Column("Utlovat", width=1.1),
            Column("Alla", "right", number_format="#,##0"),
            Column("Dragna", "right", number_format="#,##0"),
            Column("Granskade", "right", number_format="#,##0"),
            Column("Fel", "right", number_format="#,##0"),
            Column("Andel fel", "right", number_format="0.0%"),
            Column("Högst fel", "right", number_format="0.0%"),
            Column("Åtgärd", width=1.2),
        ),
        rows=tuple(rows),
        note=f"Högst fel: en större andel fel bland alla utbetalningar skulle ha synts i stickprovet.{sure}",
        sheet="Stickprov",
    )
