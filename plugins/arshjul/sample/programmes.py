"""The three programmes of the made-up municipality and how they usually go.

The shares are chosen so that a report tells Nacka's story of 2017–2018: jobbpeng grund 88 percent, jobbpeng förstärkt
68 and språk- och arbetsintroduktion 28 in work, studies or own business after the programme, 44 in all against a goal
of 65, down from the year before, after something like 220 days.

Source: Nacka kommun, Kvalitetsrapport 2018 för arbetsmarknadsinsatser; codes from spec/deliveries.md, "Code lists".
"""

from __future__ import annotations

from dataclasses import dataclass

from arshjul.sample.dice import Dice

# Own definition, spec/deliveries.md: the reasons that count as reached.
REACHED_REASONS = frozenset({"arbete", "kommunal_anstallning", "eget_foretag", "studier"})
OUTSIDE_REASONS = frozenset({"flyttat", "avliden", "felregistrerad"})

OUTSIDE_SHARE = 0.04
_OUTSIDE = (("flyttat", 60), ("felregistrerad", 35), ("avliden", 5))

Weights = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """One kind of programme (insatstyp).

    Attributes:
        code: Its code in the list ``insatstyper``.
        reached: Share of exits inside the denominator that reach the goal: (years before the sample's, that year).
        days: Middle and largest deviation of an enrolment's length, calendar days.
        ages: Youngest and oldest at the first start, years.
        women: Share of women, 0–1.
        first_steps: Where on the staircase (1–5) people start, with weights.
        planned_hours: Hours a planned day can have.
        reached_by: Exit reasons of those who reach the goal, with weights.
        ended_by: Exit reasons of those who do not, with weights.
    """

    code: str
    reached: tuple[float, float]
    days: tuple[int, int]
    ages: tuple[int, int]
    women: float
    first_steps: tuple[tuple[int, int], ...]
    planned_hours: tuple[float, ...]
    reached_by: Weights
    ended_by: Weights


GRUND = Programme(
    code="jobbpeng_grund",
    reached=(0.88, 0.88),
    days=(150, 100),
    ages=(17, 58),
    women=0.44,
    first_steps=((2, 15), (3, 55), (4, 30)),
    planned_hours=(4.0, 6.0, 7.5),
    reached_by=(("arbete", 74), ("studier", 13), ("eget_foretag", 6), ("kommunal_anstallning", 7)),
    ended_by=(("deltidsarbete", 30), ("af_insats", 25), ("sjukskriven", 15), ("andra_studier", 15), ("annat", 15)),
)
FORSTARKT = Programme(
    code="jobbpeng_forstarkt",
    reached=(0.72, 0.68),
    days=(225, 150),
    ages=(19, 62),
    women=0.48,
    first_steps=((1, 15), (2, 55), (3, 30)),
    planned_hours=(3.5, 4.0, 6.0),
    reached_by=(("arbete", 66), ("studier", 15), ("eget_foretag", 5), ("kommunal_anstallning", 14)),
    ended_by=(
        ("af_insats", 35),
        ("deltidsarbete", 18),
        ("sjukskriven", 20),
        ("andra_studier", 10),
        ("foraldraledig", 6),
        ("annat", 11),
    ),
)
SPRAK = Programme(
    code="sprak_och_arbetsintroduktion",
    reached=(0.32, 0.28),
    days=(255, 180),
    ages=(18, 60),
    women=0.57,
    first_steps=((1, 55), (2, 38), (3, 7)),
    planned_hours=(3.0, 3.5, 4.0),
    reached_by=(("arbete", 57), ("studier", 32), ("eget_foretag", 3), ("kommunal_anstallning", 8)),
    ended_by=(
        ("af_insats", 38),
        ("sfi", 30),
        ("andra_studier", 10),
        ("deltidsarbete", 6),
        ("foraldraledig", 7),
        ("saknar_barnomsorg", 4),
        ("sjukskriven", 3),
        ("annat", 2),
    ),
)

# What a provider mostly does; over all providers about 67 % språk, 21 % förstärkt and 12 % grund.
PROFILES: tuple[tuple[tuple[Programme, int], ...], ...] = (
    ((SPRAK, 68), (FORSTARKT, 21), (GRUND, 11)),
    ((SPRAK, 76), (FORSTARKT, 17), (GRUND, 7)),
    ((SPRAK, 44), (FORSTARKT, 34), (GRUND, 22)),
    ((SPRAK, 60), (FORSTARKT, 23), (GRUND, 17)),
)

LONGEST_DAYS = max(programme.days[0] + programme.days[1] for programme in (GRUND, FORSTARKT, SPRAK))

_STEP_CHANGES = {True: ((0, 16), (1, 58), (2, 26)), False: ((-1, 7), (0, 37), (1, 47), (2, 9))}


def outside_reason(dice: Dice) -> str:
    """Draw an exit reason that is outside the denominator."""
    return dice.weighted(_OUTSIDE)


def last_step(first: int, is_reached: bool, dice: Dice) -> int:
    """Draw the step (1–5) a person stands on at the exit, mostly one above the first."""
    return min(5, max(1, first + dice.weighted(_STEP_CHANGES[is_reached])))
