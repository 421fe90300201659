"""What is done about what was found (``atgarder``), and the internal control's results (``kontrollresultat``).

Every visit's area of improvement, complaint with a deficiency, deviation in the internal control, area named in a
dialogue and missed goal becomes an action, as Linköping's handlingsplan BIN 2016-134 asks (planera, genomför, följ upp,
förbättra).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from arshjul.periods import Month
from arshjul.sample.board import Visit, workday
from arshjul.sample.columns import Row
from arshjul.sample.complaints import CATEGORY_WORDS, Case
from arshjul.sample.dice import Dice
from arshjul.sample.money import OVERSPENT
from arshjul.sample.objects import CONTROL_POINTS, UNITS, ControlPoint
from arshjul.sample.writings import DIALOGUE_ACTIONS, Dialogue

DEVIATION_SHARE, NOT_DONE_SHARE = 0.12, 0.1
# How many days after its date an action is done, at the earliest and latest: some are late.
DONE_AFTER_DUE = (-45, 20)
NEVER_DONE_SHARE = 0.07
STARTED_AFTER_DAYS, IMPROVED_AFTER_DAYS = 21, 60

_OBSERVATIONS = (
    "Underlag saknas för två av tio stickprov.",
    "Rutinen följs, men datum är inte dokumenterat.",
    "Kontrollen visar en försening på mer än en vecka.",
)
_GOAL_ACTIONS = (
    "Yrkessvenska och praktik erbjuds från första veckan.",
    "Fler arbetsgivare bjuds in till språk- och arbetsintroduktion.",
    "Deltagare som står nära målet får tätare stöd av coach.",
)


_EFFECTS = {
    "maluppfyllelse": "Fler når målet efter avslutad insats.",
    "budgetavvikelse": "Utfallet följer budget från nästa tertial.",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One action, with its whole course.

    Attributes:
        action_id: Runs through the years.
        source: Where it comes from, a code.
        source_id: What it comes from there.
        text: What is to be done.
        responsible: The role that answers for it, and the one that helps.
        decided: The day it was decided.
        due: The day it is to be done.
        done: The day it was, or None.
        indicator: The indicator it is to move.
    """

    action_id: str
    source: str
    source_id: str
    text: str
    responsible: tuple[str, str | None]
    decided: date
    due: date
    done: date | None
    indicator: str | None


@dataclass(frozen=True, slots=True)
class ControlResult:
    """One result of a control point."""

    point: ControlPoint
    day: date
    outcome: str
    observation: str | None

    @property
    def result_id(self) -> str:
        return f"{self.point.control_id}/{self.day.isoformat()}"


def control_results(years: Iterable[int], last_year: int, seed: int) -> list[ControlResult]:
    """Return the results of some years, each in the month its point is due."""
    return [one for year in years for one in _results_of(year, year == last_year, seed)]


def _results_of(year: int, is_last: bool, seed: int) -> list[ControlResult]:
    dice = Dice(seed, "control results", *([] if is_last else [str(year)]))
    results: list[ControlResult] = []
    for month in (Month(year, number) for number in range(1, 13)):
        for point in (point for point in CONTROL_POINTS if month.month in point.months):
            day, roll = workday(month.start + timedelta(days=dice.between(9, 20))), dice.unit()
            outcome = "avvikelse" if roll < DEVIATION_SHARE else "utan_avvikelse"
            if roll >= 1 - NOT_DONE_SHARE:
                outcome = "ej_genomford"
            seen = dice.pick(_OBSERVATIONS) if outcome == "avvikelse" else None
            results.append(ControlResult(point, day, outcome, seen))
    return results


_Source = tuple[date, str, str, str, tuple[str, str | None], str | None]


def actions(
    years: Iterable[int],
    seed: int,
    visits: list[Visit],
    cases: list[Case],
    results: list[ControlResult],
    dialogues: list[Dialogue],
) -> list[Action]:
    """Return every action, in the order they were decided."""
    found = sorted(_sources(years, visits, cases, results, dialogues), key=lambda one: (one[0], one[1], one[2], one[3]))
    counted, told = Counter[int](), []
    for decided, source, source_id, text, responsible, indicator in found:
        dice = Dice(seed, "action", source, source_id, text)
        counted[decided.year] += 1
        due = workday(decided + timedelta(days=dice.between(60, 150)))
        done = due + timedelta(days=dice.between(*DONE_AFTER_DUE))
        told.append(
            Action(
                action_id=f"A{decided.year}-{counted[decided.year]:04d}",
                source=source,
                source_id=source_id,
                text=text,
                responsible=responsible,
                decided=decided,
                due=due,
                done=None if dice.chance(NEVER_DONE_SHARE) else done,
                indicator=indicator,
            )
        )
    return told


def _sources(
    years: Iterable[int],
    visits: list[Visit],
    cases: list[Case],
    results: list[ControlResult],
    dialogues: list[Dialogue],
) -> Iterator[_Source]:
    both = ("Enhetschef", "Verksamhetschef")
    for visit in (one for one in visits if not one.is_cancelled):
        for area in visit.areas:
            yield workday(visit.day + timedelta(days=12)), "besok", visit.visit_id, f"{area}.", both, None
    for case in (one for one in cases if one.is_acted_on):
        what = CATEGORY_WORDS.get(case.category, case.category)
        text = f"Brist inom {what} rättas till och rutinen ses över."
        yield workday(case.received + timedelta(days=9)), "klagomal", case.case_id, text, ("Sakkunnig", None), None
    for result in (one for one in results if one.outcome == "avvikelse"):
        decided = min(workday(result.day + timedelta(days=3)), Month.containing(result.day).end)
        text = f"Rutinen bakom kontrollpunkten {result.point.control_id} skrivs om och prövas igen."
        yield decided, "internkontroll", result.result_id, text, (result.point.responsible, None), None
    for one in dialogues:
        for theme, _ in one.areas:
            told = (f"{one.orgnr}/{theme}", DIALOGUE_ACTIONS[theme])
            yield workday(one.day + timedelta(days=14)), "dialog", *told, ("Processutvecklare", None), None
    for year in years:
        yield from _of_the_year(year)


def _of_the_year(year: int) -> Iterator[_Source]:
    """What every year has: missed goals, deviations from the budget, the units' quality reports."""
    both = ("Enhetschef", "Verksamhetschef")
    for text, month in zip(_GOAL_ACTIONS, (2, 6, 10), strict=True):
        came_from = f"maluppfyllelse/{year if month > 2 else year - 1}-T{(month + 1) // 4 or 3}"
        yield workday(date(year, month, 10)), "avvikelse", came_from, text, both, "maluppfyllelse"
    for planned in (one for one in OVERSPENT if one.action):
        after = date(year, planned.month + 1, 14)
        came_from = f"ekonomi/{planned.object_id}/{year}-{planned.month:02d}"
        yield (
            workday(after),
            "avvikelse",
            came_from,
            planned.action,
            ("Enhetschef", "Controller"),
            "budgetavvikelse",
        )
    for unit in UNITS:
        report = f"{unit}/{year - 1}"
        text = "Förbättringsområdena i kvalitetsrapporten förs in i enhetens plan."
        yield workday(date(year, 1, 20)), "kvalitetsrapport", report, text, both, None


def action_rows(all_actions: list[Action], month: Month) -> list[Row]:
    """Return ``atgarder`` decided since the year before began, as known at the month's end."""
    first = date(month.year - 1, 1, 1)
    return [_action_row(one, month.end) for one in all_actions if first <= one.decided <= month.end]


def _action_row(one: Action, day: date) -> Row:
    done = one.done if one.done and one.done <= day else None
    has_begun = one.decided + timedelta(days=STARTED_AFTER_DAYS) <= day
    status = "klar" if done else "pagar" if has_begun else "oppen"
    stage = {"oppen": "planera", "pagar": "genomfor", "klar": "folj_upp"}[status]
    if done and done + timedelta(days=IMPROVED_AFTER_DAYS) <= day:
        stage = "forbattra"
    return (
        one.action_id,
        one.source,
        one.source_id,
        one.text,
        *one.responsible,
        stage,
        one.decided,
        one.due,
        status,
        done,
        f"Beslutad rutin, dnr AMN {done.year}-{one.action_id[-4:]}" if done else None,
        one.indicator,
        _EFFECTS.get(one.indicator or ""),
    )


def result_rows(all_results: list[ControlResult], all_actions: list[Action], month: Month) -> list[Row]:
    """Return the month's ``kontrollresultat``."""
    action_of = {one.source_id: one.action_id for one in all_actions if one.source == "internkontroll"}
    return [
        (one.point.control_id, one.day, one.outcome, one.observation, action_of.get(one.result_id))
        for one in all_results
        if Month.containing(one.day) == month
    ]
