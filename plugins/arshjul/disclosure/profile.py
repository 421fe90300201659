"""Fewer, larger cells: small providers are shown together, before anything is withheld.

Source: facts/privacy.md §0 D2 and §1.4 step 1. Which providers stand together is decided once for the months, once for the
tertials of a calendar year, since a grouping that changes is itself a way to subtract and costs other cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from arshjul.catalogue.disclosure import FEW, FEW_OF_PROVIDER, Relations, as_count
from arshjul.catalogue.indicators import Indicator
from arshjul.catalogue.yaml_files import changed
from arshjul.disclosure.figures import Cell, Figure, FigureKey
from arshjul.periods import Period, YearToDate

PROVIDER = "anordnare"

OTHERS = "ovriga"
"""Code of ``anordnare`` for several small providers shown together."""

_TOGETHER = ((PROVIDER, OTHERS),)


def tables_of(indicators: Mapping[str, Indicator], period: Period, relations: Relations) -> dict[str, Indicator]:
    """Give the catalogue with the tables that readers see of a period: of a year to date little more than totals.

    Source: facts/privacy.md §1.5, "Periods": either tertials or cumulative figures in detail, not both.

    Args:
        indicators: The catalogue.
        period: The period.
        relations: Which tables a year to date has besides the totals.
    """
    if not isinstance(period, YearToDate):
        return dict(indicators)
    return {
        one.id: one
        if one.disclosure == "oppen"
        else changed(
            one,
            tables=tuple(table for table in one.tables if not table or table in relations.year_to_date.get(one.id, ())),
        )
        for one in indicators.values()
    }


def grouping(
    indicators: Mapping[str, Indicator], figures: Mapping[FigureKey, Figure], months: int
) -> dict[str, tuple[str, ...]]:
    """Choose which providers are shown together, for each indicator that can be put together.

    Those with fewer than ten observations, and then the smallest one next, until they are at least two and five
    observations. Different persons and medians do not add up, so those of small providers are only withheld.

    Args:
        indicators: The catalogue.
        figures: The period's figures.
        months: Months of the period.

    Returns:
        Indicator to the providers' codes in order; an empty tuple where everybody is large enough.
    """
    chosen: dict[str, tuple[str, ...]] = {}
    for indicator in indicators.values():
        if (PROVIDER,) in indicator.tables and can_be_put_together(indicator):
            sizes = {
                cell[0][1]: _size(indicator, figure, months)
                for (indicator_id, cell), figure in figures.items()
                if indicator_id == indicator.id and len(cell) == 1 and cell[0][0] == PROVIDER
            }
            chosen[indicator.id] = _smallest(sizes)
    return chosen


def can_be_put_together(indicator: Indicator) -> bool:
    """Say whether several providers' figures make one by adding up."""
    return indicator.kind != "median" and indicator.id not in _OF_DIFFERENT_PERSONS and indicator.disclosure != "oppen"


_OF_DIFFERENT_PERSONS = frozenset({"kunder"})


def _size(indicator: Indicator, figure: Figure, months: int) -> int:
    if indicator.disclosure == "kvot_personer":
        return int(figure.numerator) // months
    return figure.observations if figure.units is None else figure.units


def _smallest(sizes: Mapping[str, int]) -> tuple[str, ...]:
    """The providers below ten, and as many of the next smallest as it takes to hide each among the others."""
    order = sorted(sizes, key=lambda code: (sizes[code], code))
    members = [code for code in order if sizes[code] < FEW_OF_PROVIDER]
    if not members:
        return ()
    for code in order[len(members) :]:
        if len(members) >= 2 and sum(sizes[one] for one in members) >= FEW:
            break
        members.append(code)
    return tuple(sorted(members)) if len(members) >= 2 else ()


@dataclass(frozen=True)
class Reduced:
    """Figures with the rows ``anordnare=ovriga`` among them, and the rows that these stand for.

    Attributes:
        figures: All figures.
        merged: The rows of providers shown together: never shown themselves.
    """

    figures: Mapping[FigureKey, Figure]
    merged: frozenset[FigureKey]


def reduce(figures: Mapping[FigureKey, Figure], groups: Mapping[str, tuple[str, ...]]) -> Reduced:
    """Add the row of the providers shown together to each indicator's table.

    Args:
        figures: The period's figures.
        groups: What :func:`grouping` gave, maybe for an earlier period of the year.
    """
    all_figures, merged = dict(figures), set[FigureKey]()
    for indicator_id, members in groups.items():
        keys = [(indicator_id, ((PROVIDER, code),)) for code in members]
        present = [key for key in keys if key in figures]
        merged.update(present)
        if present:
            all_figures[(indicator_id, _TOGETHER)] = _sum(figures[key] for key in present)
    return Reduced(all_figures, frozenset(merged))


def _sum(parts: Iterable[Figure]) -> Figure:
    figures = tuple(parts)
    numerator = sum((one.numerator for one in figures), Decimal(0))
    denominators = [one.denominator for one in figures if one.denominator is not None]
    denominator = sum(denominators, Decimal(0)) if denominators else None
    units = [one.units for one in figures if one.units is not None]
    at_most = [one.units_at_most for one in figures if one.units_at_most is not None]
    squares = [one.squares for one in figures if one.squares is not None]
    return Figure(
        numerator=numerator,
        denominator=denominator,
        value=numerator if denominator is None else numerator / denominator if denominator else None,
        observations=sum(one.observations for one in figures),
        units=max(units) if units else None,  # at least so many different persons: nobody knows how many are the same
        units_at_most=sum(at_most) if at_most else None,
        squares=sum(squares, Decimal(0)) if len(squares) == len(figures) else None,
    )


def with_zeros(
    figures: Mapping[FigureKey, Figure],
    indicators: Mapping[str, Indicator],
    relations: Relations,
    reached: Mapping[str, frozenset[str]],
) -> dict[FigureKey, Figure]:
    """Add the cells that would tell by not being there that nobody is in them, where that says the same of everybody.

    Nobody reached the goal: then there are no days to self-support either, and no exit for a reason that counts. Such a
    cell is always withheld, since either side of a share that is 0 is.

    Args:
        figures: The period's figures.
        indicators: The catalogue.
        relations: Which counts are the same.
        reached: For each declared sum, by its whole, the codes of the distribution that make it up; and by the
            distribution all its codes.
    """
    full = dict(figures)
    for (indicator_id, cell), figure in figures.items():
        if figure.observations:
            for other in _counted_among(indicator_id, relations):
                _add_nobody(full, indicators.get(other), cell, Decimal(0))
            if indicator_id in relations.lasting:
                # Where something is going on, nobody to follow up would tell that nobody reached the goal months ago.
                for later in relations.later:
                    _add_nobody(full, indicators.get(as_count(later.count)[0]), cell, Decimal(0))
    for one in relations.sums:
        distribution = indicators.get(one.parts)
        over = (distribution.distribution_over if distribution else None) or ""
        wholes = {
            tuple(pair for pair in cell if pair[0] != over): figure.denominator
            for (indicator_id, cell), figure in figures.items()
            if indicator_id == one.parts and figure.observations
        }
        for cell, whole in wholes.items():
            for code in sorted(reached[one.parts]):
                _add_nobody(full, distribution, tuple(sorted((*cell, (over, code)))), whole)
    return full


def _add_nobody(
    figures: dict[FigureKey, Figure], indicator: Indicator | None, cell: Cell, whole: Decimal | None
) -> None:
    """Add a cell that nobody is in, where the indicator has it in a table."""
    if indicator is not None and {name for name, _ in cell} in [set(table) for table in indicator.tables]:
        denominator = None if indicator.kind == "median" else whole
        figures.setdefault((indicator.id, cell), Figure(Decimal(0), denominator, None, 0))


def _counted_among(indicator_id: str, relations: Relations) -> list[str]:
    """The indicators whose observations are some of an indicator's: those its numerator counts, or all but a few."""
    groups = [group for group in relations.same if f"{indicator_id}.taljare" in group]
    for larger, smaller in relations.rests:
        own = ".".join(relations.canonical((indicator_id, "antal")))
        if smaller.endswith(".antal") and ".".join(relations.canonical(as_count(larger))) == own:
            groups += [group for group in relations.same if smaller in group]
    return [as_count(name)[0] for group in groups for name in group if name.endswith(".antal")]
