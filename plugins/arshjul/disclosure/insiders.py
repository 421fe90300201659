"""What each provider can work out about the others' participants: it subtracts its own rows from what is shown.

The figures of everybody else are tables like the public ones, with the same sums, and seen where the public ones are.
So a provider's view is the same system with the provider's rows taken away, and nobody else may be read off in it
(`arshjul.disclosure.differencing`). Source: facts/privacy.md §1.4 step 5 (d) and §1.5 (insider).

Only remainders that rest on a single other provider can be read off: what is left of several providers is a count of
nobody that the reader could point to. What a provider left out of an indicator, and what is not divided by provider
(reasons for exits), is taken to be unknown to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from arshjul.catalogue.disclosure import Relations
from arshjul.catalogue.indicators import Indicator
from arshjul.disclosure.build import Built, build, place, place_of
from arshjul.disclosure.differencing import Wider, as_seen_by, known_exactly, protect_reader
from arshjul.disclosure.figures import Figure, FigureKey, PeriodTable, names_of
from arshjul.disclosure.polytope import Clock
from arshjul.disclosure.profile import OTHERS, PROVIDER, reduce
from arshjul.disclosure.system import AuditError, System, Variable

Own = Mapping[str, Mapping[FigureKey, Figure]]
"""Provider to its share of each figure that is not divided by provider."""


class InsiderError(AuditError):
    """A provider could work out a count of another's participants, and no pattern was found that prevents it."""


def hide_from_providers(
    indicators: Mapping[str, Indicator],
    relations: Relations,
    tables: Sequence[tuple[PeriodTable, Own]],
    built: Built,
    hidden: frozenset[str],
    *,
    seconds: float,
) -> frozenset[str]:
    """Widen a pattern until no provider can put a number to another's few participants.

    Args:
        indicators: The catalogue.
        relations: How its counts hang together.
        tables: The tables of the public system, each with what every provider knows of it.
        built: The public system.
        hidden: Its pattern.
        seconds: The budget for all providers together.

    Returns:
        The wider pattern.

    Raises:
        AuditError: No final answer in time.
        InsiderError: No pattern was found that keeps a new number from some provider.
    """
    clock = Clock(seconds)
    divided = {name: one for name, one in indicators.items() if PROVIDER in one.breakdowns}
    newest = [(table, own) for table, own in tables if table.shown is None]
    providers = sorted({provider for _, own in newest for provider in own})
    for provider in providers:
        others = [everybody_else(table, provider, own.get(provider, {}), divided) for table, own in tables]
        system = build(divided, relations, {}, others, keeps_zeros=True).system
        view = _view(system, built.system, hidden, _of_one_other(tables, provider, divided, relations))
        wider = protect_reader(view, seconds=clock.left())
        if wider.exposed and _tells_more(view, wider, clock):
            raise InsiderError("a provider can work out a count of another's participants")
        if wider.hidden:
            places = {place_of(key) for key in wider.hidden}
            hidden |= {v.key for v in built.system.variables if v.shown and not v.forced and place_of(v.key) in places}
    return hidden


def _tells_more(view: System, wider: Wider, clock: Clock) -> bool:
    """Whether a provider knows more than what was released before tells it: that cannot be taken back."""
    nothing_new = as_seen_by(view, (), (v.key for v in view.variables if not v.forced))
    before = {exposure.key for exposure in known_exactly(nothing_new, seconds=clock.left())}
    return any(exposure.key not in before for exposure in wider.exposed)


def everybody_else(
    table: PeriodTable, provider: str, own: Mapping[FigureKey, Figure], divided: Mapping[str, Indicator]
) -> PeriodTable:
    """Take a provider's rows out of a table.

    Args:
        table: The table.
        provider: Whose rows; its own line goes.
        own: Its share of every other figure.
        divided: The indicators that know whose their rows are; others are left out.
    """
    figures = {
        key: _less(figure, own.get(key))
        for key, figure in table.figures.items()
        if key[0] in divided and (PROVIDER, provider) not in key[1]
    }
    return replace(table, figures=figures, left_out={})


def _less(whole: Figure, own: Figure | None) -> Figure:
    """What remains of a figure; of the persons behind it as many as there are if nobody is at two providers."""
    if own is None:
        return whole
    return Figure(
        numerator=whole.numerator - own.numerator,
        denominator=None if whole.denominator is None else whole.denominator - (own.denominator or Decimal(0)),
        value=None,
        observations=whole.observations - own.observations,
        units=None if whole.units is None else max(0, whole.units - (own.units or 0)),
        units_at_most=None if whole.units_at_most is None else max(0, whole.units_at_most - (own.units_at_most or 0)),
    )


def _of_one_other(
    tables: Sequence[tuple[PeriodTable, Own]], provider: str, divided: Mapping[str, Indicator], relations: Relations
) -> frozenset[str]:
    """The places whose counts, less a provider's own, are all some single other provider's."""
    places: set[str] = set()
    for table, own in tables:
        figures = reduce(table.figures, table.grouping).figures
        for key in figures:
            indicator = divided.get(key[0])
            if indicator is None:
                continue
            members = table.grouping.get(indicator.id, ())
            code = dict(key[1]).get(PROVIDER)
            if code is None:
                shares = [figure for other, shares in own.items() if other != provider and (figure := shares.get(key))]
            else:
                lines = [(indicator.id, ((PROVIDER, one),)) for one in (members if code == OTHERS else (code,))]
                shares = [figures[line] for line in lines if line in figures and line[1] != ((PROVIDER, provider),)]
            if sum(bool(figure.observations) for figure in shares) == 1:
                places |= {place(table.period, name, key[1], members) for name in names_of(indicator, relations)}
    return frozenset(places)


def _view(system: System, public: System, hidden: frozenset[str], of_one_other: frozenset[str]) -> System:
    """The figures of everybody else, seen where the public ones are.

    Args:
        system: Them, as a system of their own.
        public: The public system.
        hidden: Its pattern.
        of_one_other: Where a number would be some single other provider's.
    """
    known: dict[str, list[Variable]] = {}
    for variable in public.variables:
        known.setdefault(place_of(variable.key), []).append(variable)
    near = {
        index
        for row in system.equations
        if any(place_of(system.variables[index].key) in of_one_other for index, _ in row)
        for index, _ in row
    }

    def seen(index: int, own: Variable) -> Variable:
        where = place_of(own.key)
        there = known.get(where, [])
        # A figure that was shown, has changed and is withheld now has two numbers in one place: it counts as withheld.
        forced = all(v.forced for v in there) if there else own.forced or not (own.value or " rest " in where)
        shown = bool(there) and all(v.forced or (v.shown and v.key not in hidden) for v in there)
        is_asked = not forced and (where in of_one_other or (" rest " in where and index in near))
        return replace(
            own,
            forced=forced,
            shown=shown,
            need_low=own.need_low if is_asked else None,
            need_high=own.need_high if is_asked else None,
            weight=max([own.weight, *(v.weight for v in there)]),
        )

    return replace(system, variables=tuple(seen(index, own) for index, own in enumerate(system.variables)))
