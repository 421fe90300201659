"""The rules of the årshjul in Swedish: when something is done, and about which period."""

from __future__ import annotations

from arshjul.catalogue.activities import Activity, ActivityCalendar, DayRule, PeriodRule
from arshjul.periods import MONTH_NAMES

_NUMBERS = {
    1: "första", 2: "andra", 3: "tredje", 4: "fjärde", 5: "femte", 6: "sjätte", 7: "sjunde", 8: "åttonde", 9: "nionde",
    10: "tionde", 11: "elfte", 12: "tolfte", 13: "trettonde", 14: "fjortonde", 15: "femtonde",
}  # fmt: skip

_EVERY = {"ar": "varje år", "manad": "varje månad", "besok": "inför varje besök", "dag": "varje dag"}

KINDS = {
    "rapport": "rapport",
    "register": "insamling",
    "besok": "besök",
    "enkat": "enkät",
    "dialog": "dialog",
    "kontroll": "kontroll",
    "leverans": "leverans",
    "uppfoljning": "uppföljning",
    "beslut": "beslut",
}

STAGES = {
    "planera": "Planera",
    "genomfor": "Genomför",
    "folj_upp": "Följ upp, analysera",
    "forbattra": "Förbättra, åtgärda",
}

STARTERS = {
    "follow_the_year": "startas av det dagliga flödet Följ årshjulet",
    "data": "startar när underlaget är inläst",
    "schema": "har ett eget schema",
}


def due_in_words(activity: Activity, calendar: ActivityCalendar) -> str:
    """Say when an activity is due: ``6 arbetsdagar före nämndens sammanträde i september, senast vid utskicket``."""
    return _rule(activity.due, calendar, "besöket")


def opens_in_words(activity: Activity, calendar: ActivityCalendar) -> str:
    """Say when an activity begins; a report never before its data is in."""
    words = _rule(activity.opens, calendar, "besöket" if activity.every == "besok" else "sista dagen")
    return f"{words}, dock när periodens leveranser är inlästa" if activity.report and activity.every == "ar" else words


def period_in_words(rule: PeriodRule) -> str:
    """Say what period an activity is about: ``årets första 8 månader``."""
    year = {-1: "året före", 0: "året", 1: "nästa år"}.get(rule.year, f"år {rule.year:+d}")
    if rule.kind == "tertial":
        return f"tertial {rule.number}" + ("" if rule.year == 0 else f" {year}")
    if rule.kind == "forsta_manader":
        last = MONTH_NAMES[(rule.number or 12) - 1]
        return f"januari–{last}" + ("" if rule.year == 0 else f" {year}")
    return "månaden" if rule.kind == "manad" else year


def every_in_words(activity: Activity) -> str:
    """Say how often: ``varje månad``."""
    return _EVERY[activity.every]


def _rule(rule: DayRule, calendar: ActivityCalendar, anchor: str) -> str:
    year = {-1: " året före", 0: "", 1: " året efter"}.get(rule.year, f" år {rule.year:+d}")
    if rule.workdays is not None:
        count = abs(rule.workdays)
        words = f"{count} {'arbetsdag' if count == 1 else 'arbetsdagar'} {'före' if rule.workdays < 0 else 'efter'}"
        if rule.board is None:
            return f"{words} {anchor}"
        meeting = f"{words} sammanträdet i {_month(rule)}{year} ({calendar.boards[rule.board]})"
        return f"{meeting}, senast vid utskicket" if rule.workdays < 0 else meeting
    month = "månaden efter" if rule.months_after == 1 else f"{rule.months_after} månader efter"
    if rule.months_after == 0:
        month = "månaden"
    if rule.month is not None:
        month = f"{_month(rule)}{year}"
    if rule.day is not None:
        return f"den {rule.day} {month}"
    number = rule.workday or 1
    which = "sista" if number == -1 else f"{_NUMBERS[abs(number)]}{' från slutet räknat' if number < 0 else ''}"
    return f"{which} arbetsdagen {'i ' if rule.month else ''}{month}"


def _month(rule: DayRule) -> str:
    return MONTH_NAMES[(rule.month or 1) - 1]
