"""Who is reminded of what on which day, and what the letters say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tests.wheel.year import INCLUDE, of_2026, real

from arshjul.catalogue.letters import plain_text
from arshjul.wheel.events import Event
from arshjul.wheel.letters import due_reminders, letter_values, newly_missed, told
from arshjul.wheel.occurrences import CalendarDay, occurrences
from arshjul.wheel.standing import Standing, standings

CALENDAR = real()
LONG_AGO = date(2020, 1, 1)


def look(day: date, happened: Iterable[Event] = (), days: Iterable[CalendarDay] | None = None) -> tuple[Standing, ...]:
    planned = occurrences(CALENDAR, 2026, of_2026() if days is None else days)
    return standings(CALENDAR, planned, happened, day, LONG_AGO)


def reminded(day: date, happened: Iterable[Event] = ()) -> dict[str, set[str]]:
    found = due_reminders(CALENDAR, look(day, happened), day)
    return {role: {one.occurrence.activity.id for one in about} for role, about in found.items()}


def already(activity: str, role: str, day: date) -> Event:
    return Event(activity, 2026, "", "paminnelse", day, role)


def test_main_and_shared_responsibility_are_both_reminded_from_the_first_day() -> None:
    assert "klagomal" not in reminded(date(2026, 8, 24)).get("ami_sakkunnig", set())
    found = reminded(date(2026, 8, 25))
    assert "klagomal" in found["ami_sakkunnig"]
    assert "klagomal" in found["ami_chef"]
    assert "klagomal" not in found["controller"]


def test_each_is_reminded_once_for_each_reminder_and_by_itself() -> None:
    told_one = [already("klagomal", "ami_sakkunnig", date(2026, 8, 25))]
    found = reminded(date(2026, 8, 26), told_one)
    assert "klagomal" not in found.get("ami_sakkunnig", set())
    assert "klagomal" in found["ami_chef"], "whose letter could not be sent yesterday"
    assert "klagomal" in reminded(date(2026, 9, 4), told_one)["ami_sakkunnig"], "two working days before"


def test_nobody_is_reminded_on_a_free_day_or_of_what_is_settled_or_missed() -> None:
    assert reminded(date(2026, 9, 5)) == {}, "a Saturday"
    done = [Event("klagomal", 2026, "", "klar", date(2026, 9, 7))]
    assert "klagomal" not in reminded(date(2026, 9, 9), done).get("ami_chef", set())
    assert "klagomal" in reminded(date(2026, 9, 16))["ami_chef"]
    assert "klagomal" not in reminded(date(2026, 9, 17))["ami_chef"], "the meeting is over"


def test_the_watch_tells_of_each_missed_thing_once() -> None:
    day = date(2026, 9, 17)

    def missed(on: date, *happened: Event) -> set[str]:
        return {one.occurrence.activity.id for one in newly_missed(look(on, happened), on)}

    assert "klagomal" not in missed(date(2026, 9, 16))
    assert "klagomal" in missed(day)
    assert "klagomal" not in missed(day, Event("klagomal", 2026, "", "missad", day))
    assert "klagomal" not in missed(date(2026, 12, 1)), "long ago"


def test_the_watch_tells_at_once_of_a_daily_round_that_has_stopped() -> None:
    day = date(2026, 3, 10)
    quiet = Event("atgardsgenomgang", 2026, "", "klar", date(2026, 3, 7))
    assert "atgardsgenomgang" in {one.occurrence.activity.id for one in newly_missed(look(day, [quiet]), day)}
    alive = Event("atgardsgenomgang", 2026, "", "klar", date(2026, 3, 9))
    assert "atgardsgenomgang" not in {one.occurrence.activity.id for one in newly_missed(look(day, [alive]), day)}
    told_of = Event("atgardsgenomgang", 2026, "", "missad", date(2026, 3, 9))
    assert "atgardsgenomgang" not in {
        one.occurrence.activity.id for one in newly_missed(look(day, [quiet, told_of]), day)
    }
    later, again = date(2026, 6, 10), [quiet, told_of, alive]
    assert "atgardsgenomgang" in {one.occurrence.activity.id for one in newly_missed(look(later, again), later)}, (
        "it went on, and has stopped a second time"
    )


def test_what_was_missed_is_told_of_again_when_its_meeting_was_moved_and_it_is_missed_again() -> None:
    told_of = [Event("klagomal", 2026, "", "missad", date(2026, 9, 17))]
    moved = [replace(one, day=date(2026, 9, 28)) if one.day == date(2026, 9, 16) else one for one in of_2026()]

    def missed(day: date) -> set[str]:
        return {one.occurrence.activity.id for one in newly_missed(look(day, told_of, moved), day)}

    assert "klagomal" not in missed(date(2026, 9, 18))
    assert "klagomal" in missed(date(2026, 9, 29))


def letter(day: date, *activities: str, days: Iterable[CalendarDay] | None = None) -> str:
    about = [one for one in look(day, days=days) if one.occurrence.activity.id in activities]
    names = {"kommun": "Exempelkommun", "kontakt": "datateam@exempelkommun.example"}
    return plain_text(
        INCLUDE, "moment_paminnelse.txt.j2", namn="Enhetschef", **letter_values(told(about, CALENDAR), day), **names
    )


def test_the_letter_tells_what_comes_and_what_is_late() -> None:
    text = letter(date(2026, 9, 9), "klagomal", "tjanstemannabesok")
    assert text.startswith("Försenat i årshjulet: Synpunkter och klagomål till nämnden med flera\n\nHej!\n")
    late, _, ahead = text.partition("Det här står på tur:")
    assert (
        "- Synpunkter och klagomål till nämnden: senast 8 september 2026. Ansvarig: Sakkunnig på avdelningen." in late
    )
    assert "- Tjänstemannabesök: börjar 3 augusti 2026, klart senast 30 september 2026." in ahead
    assert "går till funktionen Enhetschef." in text
    assert "{" not in text
    assert "\n\n\n" not in text


def test_the_letter_tells_that_a_meeting_is_not_registered_and_what_is_waited_for() -> None:
    assert "Sammanträdet är inte registrerat" in letter(date(2026, 9, 9), "klagomal", days=[])
    assert "Väntar på: Kundundersökning." in letter(date(2026, 5, 15), "dialog")


def test_the_watchs_letter_says_what_to_do() -> None:
    day = date(2026, 9, 17)
    about = told([one for one in look(day) if one.occurrence.activity.id == "klagomal"], CALENDAR)
    text = plain_text(INCLUDE, "moment_missat.txt.j2", kommun="Exempelkommun", **letter_values(about, day))
    assert text.startswith("Årshjulet: ett moment blev inte av\n")
    assert "(klagomal/2026): senast 8 september 2026" in text
    assert "arshjul activity" in text
