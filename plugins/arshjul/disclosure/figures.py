"""The figures of one period as the disclosure room sees them: true numbers, and which of them have left the house.

Each figure is taken apart into the counts that a reader could work out from it (`counts`), each with what an attacker
must be left believing of it. Source of the rules: facts/privacy.md §0 D1 and §1.1–1.3; the same rules, as SQL, give the
mark ``is_protected`` (``arshjul/indicators/disclosure.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from arshjul.catalogue.disclosure import FEW, FEW_FOR_MEAN, Relations
from arshjul.catalogue.indicators import Indicator
from arshjul.periods import Period

Cell = tuple[tuple[str, str], ...]
"""Breakdown and code, sorted by breakdown; empty for the total."""

FigureKey = tuple[str, Cell]
"""Indicator and cell."""

Need = tuple[int, int]
"""The attacker's smallest possible value must be at most the first, the largest at least the second."""

UNTOLD = "orsaker som är för få att visas"
"""The reason under which all is put that an indicator left out and that may not be told, also when that is nobody."""

SHARE_OF_AMOUNT = 10
"""An amount must stay unknown within a tenth of itself, either way (the p %-rule with p = 10, privacy.md §1.1)."""


@dataclass(frozen=True)
class Figure:
    """One figure with its numbers.

    Attributes:
        numerator: Sum of numerators.
        denominator: Sum of denominators.
        value: Unrounded.
        observations: Number of observations.
        units: Different persons behind it, where they decide protection; of several providers together, at least so many.
        units_at_most: The same, when nobody stands behind the figures of two providers.
        squares: Sum of squared numerators, of a mean only; never public.
        interval_low: Lower end of a median's interval, where it has one.
        interval_high: Upper end.
    """

    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None
    observations: int
    units: int | None = None
    units_at_most: int | None = None
    squares: Decimal | None = None
    interval_low: Decimal | None = None
    interval_high: Decimal | None = None


@dataclass(frozen=True)
class PeriodTable:
    """All figures of one computation that readers could see.

    Attributes:
        name: Tells the tables of one system apart.
        period: The period.
        figures: The cells of the catalogue's tables, with their true numbers.
        left_out: How many an indicator left out, by indicator and reason.
        grouping: Indicator to the providers shown together.
        shown: The cells that left the house with these numbers; None when that is not decided yet.
        left_out_shown: The same for what was left out.
    """

    name: str
    period: Period
    figures: Mapping[FigureKey, Figure]
    left_out: Mapping[tuple[str, str], int]
    grouping: Mapping[str, tuple[str, ...]]
    shown: frozenset[FigureKey] | None = None
    left_out_shown: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Counted:
    """One count that follows from a figure.

    Attributes:
        name: What is counted; the same name in the same cell is the same count in every indicator.
        cell: The cell it is a count of; the whole of a distribution stands in the cell without the distribution.
        value: How many.
        need: What an attacker must be left believing; None when the count reveals nobody.
        stands: Whether a reader sees it with the figure; the other side of a share is worked out.
        adds_up: Whether cells sum to their margins.
        part_of: Name of the count it is a share of, for the two sides of a share.
        few: Below this a remainder of it is too small to be known.
    """

    name: str
    cell: Cell
    value: int
    need: Need | None
    stands: bool = True
    adds_up: bool = True
    part_of: str | None = None
    few: int = FEW


def counts(indicator: Indicator, cell: Cell, figure: Figure, relations: Relations, months: int) -> tuple[Counted, ...]:
    """Take a figure apart into counts.

    Args:
        indicator: Its definition; the rule is its ``disclosure``.
        cell: Its cell.
        figure: Its numbers.
        relations: Says which counts are the same.
        months: Months of the period.
    """
    antal = ".".join(relations.canonical((indicator.id, "antal")))
    taljare = ".".join(relations.canonical((indicator.id, "taljare")))
    match indicator.disclosure:
        case "oppen":
            return ()
        case "antal_personer":
            number = int(figure.numerator)
            return (Counted(antal, cell, number, few_persons(number)),)
        case "andel_personer":
            return _share(indicator, cell, figure, antal, taljare)
        case "medel_personer":
            return _mean(indicator, cell, figure, antal)
        case "kvot_personer":
            limit = FEW * months
            persons = int(figure.numerator)
            return (Counted(taljare, cell, persons, (0, limit) if 0 < persons < limit else None, few=limit),)
        case "kvot_per_person":
            # The amount is public: with the quotient it gives the number of persons. That it is 0 is sensitive where
            # the share that they are the numerator of says so: there must be somebody who did not reach.
            persons = int(figure.denominator or 0)
            return (Counted(antal, cell, persons, few_persons(persons)),)
        case "medel_enheter":
            # Everybody answers the same questions: whoever sees how many answers there are knows how many answered.
            persons = int(figure.units_at_most or 0)
            return (
                Counted(antal, cell, persons, few_persons(persons)),
                _amount(indicator, cell, figure, FEW_FOR_MEAN),
            )
        case _:
            return (_amount(indicator, cell, figure, FEW),)


def names_of(indicator: Indicator, relations: Relations) -> frozenset[str]:
    """Name every count that can follow from an indicator's figures."""
    antal = ".".join(relations.canonical((indicator.id, "antal")))
    taljare = ".".join(relations.canonical((indicator.id, "taljare")))
    return frozenset({antal, taljare, f"{antal}-{taljare}", f"{indicator.id}.matt"})


def few_persons(number: int, few: int = FEW) -> Need | None:
    """What must be left open about a count of persons: 1–4 may not be known to be few."""
    return (0, few) if 0 < number < few else None


def side_of_share(number: int, whole: int) -> Need | None:
    """What must be left open about either side of a share: 1–4, and 0, which says the same of everybody."""
    return few_persons(number) if number else (0, min(2, whole)) if whole else None


def _share(indicator: Indicator, cell: Cell, figure: Figure, antal: str, taljare: str) -> tuple[Counted, ...]:
    whole, part = int(figure.denominator or 0), int(figure.numerator)
    over = indicator.distribution_over
    whole_cell = tuple(pair for pair in cell if pair[0] != over)
    all_of_them = Counted(antal, whole_cell, whole, few_persons(whole))
    if over and whole_cell == cell:
        return (all_of_them,)
    return (
        all_of_them,
        Counted(taljare, cell, part, side_of_share(part, whole), part_of=antal),
        Counted(
            f"{antal}-{taljare}",
            cell,
            whole - part,
            side_of_share(whole - part, whole),
            stands=False,
            adds_up=not over,
            part_of=antal,
        ),
    )


def _mean(indicator: Indicator, cell: Cell, figure: Figure, antal: str) -> tuple[Counted, ...]:
    """How many there are may be known from another indicator; how many a *mean* is of is a count of its own.

    What follows from other means, by subtraction, is again a mean, and of that many.
    """
    number = figure.observations
    return (
        Counted(antal, cell, number, few_persons(number)),
        Counted(
            f"{indicator.id}.matt",
            cell,
            number,
            few_persons(number, FEW_FOR_MEAN),
            adds_up=indicator.kind != "median",
            few=FEW_FOR_MEAN,
        ),
    )


def _amount(indicator: Indicator, cell: Cell, figure: Figure, few: int) -> Counted:
    """An amount hangs on its observations: where these cannot be told, the amount cannot be subtracted out either."""
    number = figure.observations
    units = number if figure.units is None else figure.units
    is_uniform = indicator.kind == "ratio" and figure.numerator in (0, figure.denominator)
    need = None
    if number and (0 < units < few or is_uniform):
        spread = -(-number // SHARE_OF_AMOUNT)
        need = (number - spread, number + spread)
    return Counted(f"{indicator.id}.matt", cell, number, need)
