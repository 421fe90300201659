"""How an occurrence stands on a day, and how a year went."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from tests.wheel.year import of_2026, real

from arshjul.wheel.events import Event, EventKind
from arshjul.wheel.occurrences import occurrences
from arshjul.wheel.outcome import outcome
from arshjul.wheel.standing import NOT_IN_USE, STATE_WORDS, Standing, State, standings

LONG_AGO = date(2020, 1, 1)
CALENDAR = real()
PLANNED = occurrences(CALENDAR, 2026, of_2026())


def event(activity: str, kind: EventKind, day: date, part: str = "", note: str = "") -> Event:
    return Event(activity, 2026, part, kind, day, note)


def stand(key: str, day: date, *happened: Event, since: date = LONG_AGO) -> Standing:
    """Give one occurrence's standing by activity, or by activity and part."""
    activity, _, part = key.partition("/")
    found = standings(CALENDAR, PLANNED, happened, day, since)
    [one] = [one for one in found if (one.occurrence.activity.id, one.occurrence.part) == (activity, part)]
    return one


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 9, 5), "planerad"),
        (date(2026, 9, 6), "pagar"),
        (date(2026, 9, 8), "pagar"),
        (date(2026, 9, 9), "forsenad"),
        (date(2026, 9, 16), "forsenad"),
        (date(2026, 9, 17), "missad"),
    ],
)
def test_what_is_bound_to_a_meeting_is_missed_when_it_is_over(day: date, state: State) -> None:
    assert stand("klagomal", day).state == state


@pytest.mark.parametrize(("day", "state"), [(date(2026, 6, 1), "forsenad"), (date(2026, 6, 2), "missad")])
def test_other_things_are_missed_after_twenty_working_days(day: date, state: State) -> None:
    assert stand("kundundersokning", day).occurrence.missed_after == date(2026, 6, 1)
    assert stand("kundundersokning", day).state == state


def test_done_in_time_and_done_late() -> None:
    in_time = stand("klagomal", date(2026, 12, 1), event("klagomal", "klar", date(2026, 9, 8)))
    assert (in_time.state, in_time.is_done_late, in_time.state_in_words) == ("klar", False, "klar")
    late = stand("klagomal", date(2026, 12, 1), event("klagomal", "klar", date(2026, 9, 9)))
    assert (late.state, late.is_done_late, late.state_in_words) == ("klar", True, "klar, för sent")


def test_it_was_done_when_it_was_first_done() -> None:
    again = (event("klagomal", "klar", date(2026, 9, 8)), event("klagomal", "klar", date(2026, 10, 1)))
    assert stand("klagomal", date(2026, 12, 1), *again).done_on == date(2026, 9, 8)


def test_what_happens_later_is_not_known() -> None:
    assert stand("klagomal", date(2026, 9, 7), event("klagomal", "klar", date(2026, 9, 8))).state == "pagar"


def test_not_applicable_has_its_reason() -> None:
    one = stand(
        "klagomal", date(2026, 12, 1), event("klagomal", "ej_aktuell", date(2026, 9, 1), note="Inga kom in i år.")
    )
    assert (one.state, one.reason) == ("ej_aktuell", "Inga kom in i år.")


def test_one_months_event_is_not_anothers() -> None:
    done = event("stickprov", "klar", date(2026, 4, 20), part="2026-03")
    assert stand("stickprov/2026-03", date(2026, 4, 30), done).state == "klar"
    assert stand("stickprov/2026-02", date(2026, 4, 30), done).state == "forsenad"


def test_what_was_due_before_the_year_was_followed_is_not_missed() -> None:
    since = date(2026, 6, 1)
    one = stand("verksamhetsberattelse", date(2026, 12, 1), since=since)
    assert (one.state, one.reason) == ("ej_aktuell", NOT_IN_USE)
    done = event("verksamhetsberattelse", "klar", date(2026, 2, 9))
    assert stand("verksamhetsberattelse", date(2026, 12, 1), done, since=since).state == "klar"
    assert stand("klagomal", date(2026, 12, 1), since=since).state == "missad"


def test_the_dialogue_waits_until_the_survey_is_closed() -> None:
    may = date(2026, 5, 4)
    waiting = stand("dialog", may)
    assert waiting.waits_for == ("Kundundersökning",)
    assert waiting.state_in_words == "pågår, väntar på annat"
    for kind in ("klar", "ej_aktuell"):
        assert stand("dialog", may, event("kundundersokning", kind, date(2026, 5, 2))).waits_for == ()
    done = event("dialog", "klar", may)
    assert stand("dialog", may, done).waits_for == (), "what is done waits for nothing"


def daily(day: date, *days: date) -> State:
    happened = (event("atgardsgenomgang", "klar", one) for one in days)
    return stand("atgardsgenomgang", day, *happened, since=date(2026, 1, 1)).state


def test_what_is_done_every_day_is_late_when_a_day_has_gone_by() -> None:
    today = date(2026, 3, 10)
    assert daily(today, today) == "pagar"
    assert daily(today, today - timedelta(days=1)) == "pagar", "today's is not done yet"
    assert daily(today, today - timedelta(days=2)) == "forsenad"
    assert daily(date(2026, 1, 1)) == "pagar", "the first day"
    assert daily(date(2026, 1, 3)) == "forsenad", "never done at all"
    assert daily(date(2027, 1, 2), date(2026, 12, 31)) == "klar"
    assert daily(date(2027, 1, 2), date(2026, 12, 24)) == "missad"


def test_every_event_leaves_its_mark() -> None:
    happened = [
        event("klagomal", "startad", date(2026, 9, 6)),
        event("klagomal", "paminnelse", date(2026, 9, 4), note="ami_sakkunnig"),
        event("klagomal", "paminnelse", date(2026, 9, 9), note="ami_chef"),
        event("klagomal", "missad", date(2026, 9, 17)),
    ]
    one = stand("klagomal", date(2026, 9, 20), *happened)
    assert one.started_on == date(2026, 9, 6)
    assert one.reminded == {"ami_sakkunnig": date(2026, 9, 4), "ami_chef": date(2026, 9, 9)}
    assert one.is_told
    assert one.as_json()["paminnelse"] == "2026-09-09"


def test_every_state_has_its_word() -> None:
    assert set(STATE_WORDS) == set(get_args(State))


def test_the_years_outcome_counts_every_occurrence_once() -> None:
    day = date(2027, 3, 1)
    happened = [
        event("klagomal", "klar", date(2026, 9, 8)),
        event("internkontroll", "klar", date(2026, 11, 12)),
        event("dialog", "ej_aktuell", date(2026, 5, 20), note="Inga anordnare i år."),
        event("stickprov", "klar", date(2026, 4, 20), part="2026-03"),
    ]
    found = standings(CALENDAR, PLANNED, happened, day, LONG_AGO)
    rows = {row.activity_id: row for row in outcome(found)}
    whole = rows[""]
    assert whole.title == "Hela året"
    assert (whole.done, whole.done_late, whole.not_applicable) == (2, 1, 1)
    assert whole.missed == whole.planned - 3
    assert whole.planned == len(PLANNED) - 1
    assert (rows["stickprov"].planned, rows["stickprov"].done, rows["stickprov"].missed) == (12, 1, 11)
    assert rows["internkontroll"].done_late == 1
    for row in rows.values():
        assert row.planned == row.done + row.done_late + row.late + row.missed + row.not_due, row.title


def test_before_the_year_everything_is_planned() -> None:
    found = standings(CALENDAR, PLANNED, (), date(2025, 8, 1), LONG_AGO)
    assert {one.state for one in found} == {"planerad"}
    [*_, whole] = outcome(found)
    assert whole == replace(whole, planned=len(PLANNED), not_due=len(PLANNED), done=0, late=0, missed=0)
