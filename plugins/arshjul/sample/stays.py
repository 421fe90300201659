"""Who takes which place, from when to when, and how it ends: the skeleton of the made-up municipality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from arshjul.periods import Month
from arshjul.sample.dice import Dice, EvenShare
from arshjul.sample.people import People, Person
from arshjul.sample.programmes import (
    LONGEST_DAYS,
    OUTSIDE_REASONS,
    OUTSIDE_SHARE,
    REACHED_REASONS,
    Programme,
    outside_reason,
)
from arshjul.sample.providers import Provider

STARTS_A_MONTH = 36.0
SUMMER_SHARE = 0.45
PARALLEL_SHARE = 0.035
RETURNING_SHARE = 0.31
LONGEST_PAUSE_DAYS = 150
EARLIER_YEARS = 2
EARLIER_IDS = 5000
"""Above the numbers of the last two years' enrolments, which begin anew from 1."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A place taken in a programme.

    Attributes:
        insats_id: The provider's id of the enrolment; another provider may use the same.
        provider: The provider's index.
        programme: In what.
        started: First day.
        ended: Last day, also where it lies beyond the sample.
        reason: Code in ``avslutsorsaker``; empty until the exits are decided.
    """

    insats_id: str
    provider: int
    programme: Programme
    started: date
    ended: date
    reason: str = ""

    @property
    def is_reached(self) -> bool:
        """Whether the exit counts as reached by the own definition."""
        return self.reason in REACHED_REASONS

    @property
    def is_outside(self) -> bool:
        """Whether the exit is outside the denominator."""
        return self.reason in OUTSIDE_REASONS


def take_places(
    providers: tuple[Provider, ...], last_year: int, seed: int, scale: float
) -> tuple[list[Stay], list[Stay]]:
    """Return every place taken that is open some day of ``last_year`` or the three years before, its reason still empty.

    A provider that takes few has exactly as many customers each year.

    Returns:
        Those open some day of the last two years, and those that had ended before.
    """
    whole = sum(provider.size for provider in providers)
    newest, earlier = list[Stay](), list[Stay]()
    for provider in providers:
        monthly = STARTS_A_MONTH * scale * provider.size / whole
        new = list(_places_of(provider, monthly, last_year, seed))
        old = list(_places_of(provider, monthly, last_year - EARLIER_YEARS, seed, until=date(last_year - 1, 1, 1)))
        if provider.customers_a_year is not None:
            kept = _as_many([*new, *old], provider.customers_a_year)
            new, old = [one for one in new if one in kept], [one for one in old if one in kept]
        newest += new
        earlier += old
    return newest, earlier


def _places_of(provider: Provider, monthly: float, year: int, seed: int, until: date = date.max) -> Iterator[Stay]:
    """Yield the places open some day of a year or the year before, of those that ended before a day.

    Args:
        provider: The provider.
        monthly: New places a month, when nothing grows or shrinks.
        year: The year.
        seed: The world's seed.
        until: Given for the years before the last two; it is another stream with other ids.
    """
    is_earlier = until < date.max
    dice = Dice(seed, "starts", str(provider.index), *(["earlier"] if is_earlier else []))
    history_start = date(year - 1, 1, 1)
    month = Month.containing(history_start - timedelta(days=LONGEST_DAYS))
    passed, order = (-12 * EARLIER_YEARS, EARLIER_IDS) if is_earlier else (0, 0)
    while month.start < until and (is_earlier or month.year <= year):
        trend = 1 + provider.yearly_change * passed / 12
        expected = monthly * trend * (SUMMER_SHARE if month.month == 7 else 1.05)
        for day in sorted(dice.below(28) for _ in range(int(expected + dice.unit()))):
            order += 1
            started = _weekday_near(month.start + timedelta(days=day))
            programme = dice.weighted(provider.profile)
            ended = started + timedelta(days=dice.bell(*programme.days) - 1)
            if history_start <= ended < until:
                insats_id = f"{provider.prefix}-{started.year}-{order:04d}"
                yield Stay(insats_id, provider.index, programme, started, ended)
        month, passed = Month.containing(month.end + timedelta(days=1)), passed + 1


def _as_many(stays: list[Stay], customers: int) -> list[Stay]:
    """Keep the first stays that give no year more than so many."""
    kept: list[Stay] = []
    in_year: Counter[int] = Counter()
    for stay in sorted(stays, key=lambda one: (one.started, one.insats_id)):
        years = range(stay.started.year, stay.ended.year + 1)
        if all(in_year[year] < customers for year in years):
            in_year.update(years)
            kept.append(stay)
    return kept


def _weekday_near(day: date) -> date:
    """The Friday before a day of the weekend, or the Monday after where that Friday is in another month."""
    into_weekend = max(0, day.weekday() - 4)
    return day + timedelta(days=-into_weekend if day.day > into_weekend else 3 - into_weekend)


def decide_exits(stays: list[Stay], last_year: int, dice: Dice) -> list[Stay]:
    """Give every stay its reason, in order of exit so that each tertial holds the shares of its programmes."""
    even: dict[str, EvenShare] = {}
    decided: list[Stay] = []
    for stay in sorted(stays, key=lambda one: (one.ended, one.provider, one.insats_id)):
        code = stay.programme.code
        if code not in even:
            even[code] = EvenShare(dice)
        if dice.chance(OUTSIDE_SHARE):
            reason = outside_reason(dice)
        elif even[code].deal(stay.programme.reached[stay.ended.year >= last_year]):
            reason = dice.weighted(stay.programme.reached_by)
        else:
            reason = dice.weighted(stay.programme.ended_by)
        decided.append(replace(stay, reason=reason))
    return decided


def assign_people(stays: list[Stay], few: frozenset[int], people: People, dice: Dice) -> Iterator[tuple[Stay, Person]]:
    """Give every stay its person, in order of start.

    Most are new. Some come back after an exit that led nowhere, often to another programme; a few are enrolled in
    another programme at another provider at the same time, never in more than two. Those at a provider that takes few
    customers have not been there before, so that its customers are as many as its places.

    Args:
        stays: Every stay.
        few: Indices of the providers that take few.
        people: Makes those who are new.
        dice: Decides who comes back.
    """
    recent: list[tuple[Stay, Person]] = []
    busy_until: dict[str, date] = {}
    doubled: set[str] = set()
    for stay in sorted(stays, key=lambda one: (one.started, one.provider, one.insats_id)):
        oldest = stay.started - timedelta(days=LONGEST_PAUSE_DAYS)
        recent = [pair for pair in recent if pair[0].ended >= oldest]
        roll = dice.unit()
        candidates: list[Person] = []
        if stay.provider in few:
            person = _pick_or_make([], people, stay, dice)
        elif roll < PARALLEL_SHARE:
            candidates = [p for other, p in recent if _goes_beside(other, stay) and p.number not in doubled]
            person = _pick_or_make(candidates, people, stay, dice)
            doubled.add(person.number)
        elif roll < PARALLEL_SHARE + RETURNING_SHARE:
            candidates = [p for other, p in recent if _leads_on(other) and busy_until[p.number] < stay.started]
            person = _pick_or_make(candidates, people, stay, dice)
        else:
            person = _pick_or_make([], people, stay, dice)
        busy_until[person.number] = max(stay.ended, busy_until.get(person.number, stay.ended))
        if stay.provider not in few:
            recent.append((stay, person))
        yield stay, person


def _pick_or_make(candidates: list[Person], people: People, stay: Stay, dice: Dice) -> Person:
    if candidates:
        return dice.pick(candidates)
    return people.make(stay.started, *stay.programme.ages, stay.programme.women)


def _goes_beside(other: Stay, stay: Stay) -> bool:
    return (
        other.provider != stay.provider
        and other.programme.code != stay.programme.code
        and other.started < stay.started < other.ended
        and not (other.is_outside or stay.is_outside)
    )


def _leads_on(other: Stay) -> bool:
    return not (other.is_reached or other.is_outside)
