"""The made-up municipality itself: who was enrolled where, when, and how it went.

Everything is true here; what senders get wrong is added afterwards by :mod:`arshjul.sample.faults`. An enrolment's
whole course is decided at once, also beyond the sample's year: the files tell as much of it as was known at each
month's end.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from arshjul.periods import Month, Year
from arshjul.sample.dice import Dice
from arshjul.sample.people import People, Person
from arshjul.sample.programmes import last_step
from arshjul.sample.providers import Provider, make_providers
from arshjul.sample.stays import Stay, assign_people, decide_exits, take_places

FOLLOW_UP_MONTHS = (3, 6, 12)
# The share still self-supporting when followed up; one draw per person, so nobody is back after being out.
STILL_SUPPORTED = (0.87, 0.80, 0.72)
FOLLOW_UP_MISSING, FOLLOW_UP_NOT_REACHED = 0.08, 0.12
FOLLOWED_UP_ANYWAY = 0.05

YEARS_TOGETHER = 3

PLANNED_DAYS_A_WEEK = ((3, 48), (4, 38), (5, 14))


@dataclass(frozen=True, slots=True)
class Placement:
    """One placement on the staircase: the day, the step (1–5) and the occasion (tillfalle)."""

    day: date
    step: int
    occasion: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One follow-up after the exit: 3, 6 or 12 months, the day it was done and the status."""

    months: int
    day: date
    status: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One person's enrolment in one programme, with everything that is ever reported about it.

    Attributes:
        stay: Where, what, when and why it ended.
        person: Who.
        referred: Day of the referral, or None where it is not reported.
        mapped: Day of the mapping talk (kartläggning), or None where there was none.
        coach: The coach's id, or None where it is not reported.
        placements: On the staircase, in order of time.
        follow_ups: After the exit, in order of time.
        weekdays: Planned days, Monday is 0.
        planned_hours: On each planned day.
    """

    stay: Stay
    person: Person
    referred: date | None
    mapped: date | None
    coach: str | None
    placements: tuple[Placement, ...]
    follow_ups: tuple[FollowUp, ...]
    weekdays: tuple[int, ...]
    planned_hours: float

    def is_active(self, first: date, last: date) -> bool:
        """Return whether it was open some day from ``first`` to ``last``, both included."""
        return self.stay.started <= last and self.stay.ended >= first


@dataclass(frozen=True, slots=True)
class World:
    """A made-up municipality as one of its years' files tell of it: that year and the one before.

    Attributes:
        year: The year whose twelve months are delivered.
        seed: What it was made from.
        providers: In register order.
        enrolments: Per provider, in order of start: every one open some day of the two years.
        ever: The same, of all years that hang together.
    """

    year: int
    seed: int
    providers: tuple[Provider, ...]
    enrolments: tuple[tuple[Enrolment, ...], ...]
    ever: tuple[tuple[Enrolment, ...], ...]

    @property
    def last_year(self) -> int:
        """The last of the three years that hang together."""
        return last_year_of(self.year)

    def customers(self, provider: Provider, year: int) -> int:
        """Count the different persons with an enrolment open some day of a year."""
        whole = Year(year)
        return len({one.person.number for one in self.ever[provider.index] if one.is_active(whole.start, whole.end)})

    @property
    def months(self) -> tuple[Month, ...]:
        return Year(self.year).months

    @property
    def everyone(self) -> Iterator[Enrolment]:
        """Every enrolment of every provider."""
        return (enrolment for of_provider in self.enrolments for enrolment in of_provider)

    def delivered(self, provider: Provider, month: Month) -> list[Enrolment]:
        """Return what the provider's file of the month is about: open some day of it; in January also the history."""
        first = Year(self.year - 1).start if month.month == 1 else month.start
        return [one for one in self.enrolments[provider.index] if one.is_active(first, month.end)]

    def active(self, provider: Provider, day: date) -> list[Enrolment]:
        """Return the provider's enrolments that are open on the day."""
        return [one for one in self.enrolments[provider.index] if one.is_active(day, day)]


def last_year_of(year: int) -> int:
    """Return the last of the three years that a year hangs together with: 2024, 2025 and 2026 are one municipality."""
    return year + (2026 - year) % YEARS_TOGETHER


def build_world(year: int, seed: int = 1, scale: float = 1.0, providers_count: int | None = None) -> World:
    """Make the municipality.

    Args:
        year: The year whose months are delivered; its history is the year before. Three years hang together (see
            :func:`last_year_of`): what one of them tells of the year before is what that year's own files told.
        seed: Another seed is another municipality of the same kind.
        scale: Multiplies providers and persons; 1 is 12 providers and about 900 persons.
        providers_count: How many providers instead; the scale then multiplies persons only.

    Raises:
        ValueError: The scale is not positive.
    """
    if not scale > 0:
        raise ValueError("scale must be positive")
    last_year = last_year_of(year)
    providers = make_providers(scale, providers_count)
    newest, earlier = take_places(providers, last_year, seed, scale)
    coaches = [max(1, round(_places_at_once(newest, provider) / 27)) for provider in providers]
    few = frozenset(provider.index for provider in providers if provider.customers_a_year is not None)
    ever: list[list[Enrolment]] = [[] for _ in providers]
    numbers: set[str] = set()
    for stays, name in ((newest, ()), (earlier, ("earlier",))):
        decided = decide_exits(stays, last_year, Dice(seed, "exits", *name))
        people = People(Dice(seed, "people", *name), numbers)
        for stay, person in assign_people(decided, few, people, Dice(seed, "who", *name)):
            provider = providers[stay.provider]
            ever[provider.index].append(_tell(stay, person, provider, coaches[provider.index], seed))
            numbers.add(person.number)
    for of_provider in ever:
        of_provider.sort(key=lambda one: one.stay.started)
    first, last = Year(year - 1).start, Year(year).end
    told = (tuple(one for one in of_provider if one.is_active(first, last)) for of_provider in ever)
    return World(year, seed, providers, tuple(told), tuple(tuple(of_provider) for of_provider in ever))


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _places_at_once(stays: list[Stay], provider: Provider) -> float:
    """Places taken on an average day of the last two years, roughly: what the number of coaches follows."""
    return sum((stay.ended - stay.started).days for stay in stays if stay.provider == provider.index) / 900


def _tell(stay: Stay, person: Person, provider: Provider, coaches: int, seed: int) -> Enrolment:
    dice = Dice(seed, "course", str(stay.provider), stay.insats_id)
    referred = stay.started - timedelta(days=dice.between(3, 35)) if dice.chance(0.92) else None
    wait = dice.below(15) if dice.chance(0.84) else dice.between(15, 40)
    mapped = stay.started + timedelta(days=wait) if dice.chance(0.95) else None
    coach = f"{provider.team}-{dice.between(1, coaches)}" if dice.chance(0.95) else None
    return Enrolment(
        stay=stay,
        person=person,
        referred=referred,
        mapped=mapped if mapped and mapped <= stay.ended else None,
        coach=coach,
        placements=_place(stay, dice),
        follow_ups=_follow_up(stay, dice),
        weekdays=_plan(dice),
        planned_hours=dice.pick(stay.programme.planned_hours),
    )


def _place(stay: Stay, dice: Dice) -> tuple[Placement, ...]:
    """The placements that were made: some forget the first, more forget the last."""
    first = dice.weighted(stay.programme.first_steps)
    last = last_step(first, stay.is_reached, dice)
    halfway = stay.started + (stay.ended - stay.started) // 2
    made = (
        (dice.chance(0.96), Placement(stay.started, first, "anvisning")),
        (dice.chance(0.55), Placement(halfway, dice.pick((first, last)), "under")),
        (dice.chance(0.90) and not stay.is_outside, Placement(stay.ended, last, "avslut")),
    )
    return tuple(placement for is_made, placement in made if is_made)


def _follow_up(stay: Stay, dice: Dice) -> tuple[FollowUp, ...]:
    """The follow-ups that were tried: of those who reached the goal, and of a few others."""
    lasting = dice.unit()
    done: list[FollowUp] = []
    if not stay.is_reached and (stay.is_outside or not dice.chance(FOLLOWED_UP_ANYWAY)):
        return ()
    for months, still in zip(FOLLOW_UP_MONTHS, STILL_SUPPORTED, strict=True):
        day = months_later(stay.ended, months) + timedelta(days=dice.between(-5, 6))
        roll = dice.unit()
        if roll < FOLLOW_UP_MISSING:
            continue
        if roll < FOLLOW_UP_MISSING + FOLLOW_UP_NOT_REACHED:
            status = "ej_nadd"
        else:
            status = "egen_forsorjning" if stay.is_reached and lasting < still else "ej_egen_forsorjning"
        done.append(FollowUp(months, day, status))
    return tuple(done)


def _plan(dice: Dice) -> tuple[int, ...]:
    """Which days of the week are planned: three to five of Monday to Friday, in a row from some day on."""
    days = dice.weighted(PLANNED_DAYS_A_WEEK)
    first = dice.below(5)
    return tuple(sorted((first + step) % 5 for step in range(days)))
