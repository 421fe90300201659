"""A year to read: nothing is said by colour alone, and the page needs nothing from elsewhere."""

from __future__ import annotations

import itertools
import re
from datetime import date
from html.parser import HTMLParser

from tests.wheel.year import INCLUDE, meetings, of_2026, real

from arshjul.wheel.events import Event
from arshjul.wheel.occurrences import occurrences
from arshjul.wheel.pages import year_as_html, year_as_text
from arshjul.wheel.rules_page import explanation, rules_page
from arshjul.wheel.standing import Standing, standings

CALENDAR = real()
DAY = date(2026, 9, 9)
DONE = (
    Event("verksamhetsberattelse", 2026, "", "klar", date(2026, 2, 10)),
    Event("delarsrapport_april", 2026, "", "klar", date(2026, 4, 9)),
    Event("namndbesok", 2026, "2025-10-15", "klar", date(2025, 10, 7)),
)


def look(*happened: Event) -> tuple[Standing, ...]:
    return standings(CALENDAR, occurrences(CALENDAR, 2026, of_2026()), happened, DAY, date(2020, 1, 1))


class Cells(HTMLParser):
    """The texts of a table's body cells, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        self.is_open = self.is_open or tag in ("td", "th")
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.is_open = self.is_open and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.rows[-1][-1] += data


def drawn() -> str:
    return year_as_html(INCLUDE, CALENDAR, "Exempelkommun", 2026, DAY, look(*DONE))


def test_the_pages_wheel_has_both_lanes_and_blank_months() -> None:
    table = re.search(r'<table class="wheel">.*?</table>', drawn(), re.DOTALL)
    assert table
    cells = Cells()
    cells.feed(table[0])
    [head, *months] = cells.rows
    assert head == ["Månad", "Avdelningen för arbetsmarknad och integration", "Verksamhet"]
    assert [row[0] for row in months if row[1:] == ["", ""]] == ["Mars", "Juli", "Oktober", "December"]
    by_month = {row[0]: row[1:] for row in months}
    assert by_month["Februari"][0].startswith("Verksamhetsberättelse")
    assert "klar 10 februari 2026" in by_month["Februari"][0]
    assert "klar, för sent 9 april 2026" in by_month["April"][0]
    assert "1 av 2 klara" in by_month["Maj"][0]
    assert "försenad, skulle ha varit klar 8 september 2026" in by_month["September"][0]
    assert "Internkontroll, delårsrapport" in by_month["November"][0]
    assert "Delårsrapport i november: planerad, senast 10 november 2026" in by_month["November"][0]


def test_every_state_is_a_word_and_not_only_a_colour() -> None:
    for state, words in re.findall(r'<span class="state (\w+)">([^<]*)</span>', drawn()):
        assert words.strip(), state


def test_the_page_is_one_file_in_swedish_with_headings_in_order() -> None:
    page = drawn()
    assert '<html lang="sv">' in page
    assert not re.search(r"<script|<link|<img|url\(|https?:", page)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert page.count("<th ") == page.count('scope="')
    assert "Sammanträdet är inte registrerat" not in page


def test_what_is_preliminary_says_so() -> None:
    found = standings(CALENDAR, occurrences(CALENDAR, 2026, meetings([])), (), DAY, date(2020, 1, 1))
    assert "Sammanträdet är inte registrerat" in year_as_html(INCLUDE, CALENDAR, "X", 2026, DAY, found)
    assert "2026-09-22 (prel.)  Synpunkter och klagomål" in year_as_text(CALENDAR, 2026, DAY, found)


def test_a_name_in_the_calendar_cannot_become_markup() -> None:
    page = year_as_html(INCLUDE, CALENDAR, "<b>Kommun</b>", 2026, DAY, look())
    assert "<b>Kommun" not in page


def test_the_text_has_a_table_for_each_month_and_the_outcome() -> None:
    text = year_as_text(CALENDAR, 2026, DAY, look(*DONE))
    assert text.startswith("Årshjulet 2026, läget 9 september 2026\n\nOktober 2025\n  senast ")
    september = text.partition("September 2026\n")[2].partition("\n\n")[0]
    [line] = [line for line in september.splitlines() if "klagomål" in line]
    assert re.split(r" {2,}", line.strip()) == [
        "2026-09-08",
        "Synpunkter och klagomål till nämnden",
        "avdelningen",
        "Sakkunnig på avdelningen",
        "försenad",
    ]
    assert re.search(r"Utfall: \d+ planerade, 2 klara i tid, 1 klara för sent, ", text)


def test_an_activity_is_explained_by_document_heading_and_clause() -> None:
    text = explanation(CALENDAR["klagomal"], CALENDAR, INCLUDE)
    assert "BIN 2016-134, antagen 2017-12-11, Bildningsnämnden" in text
    assert "5.3 Resultatkvalitet, Klagomålshantering" in text
    assert "[R87, R88, R89]" in text
    assert "Arbetsmarknadsnämnden" in text
    for activity in CALENDAR.activities:
        assert explanation(activity, CALENDAR, INCLUDE).count("Källa: ") == len(activity.sources), activity.id


def test_a_clause_with_a_decision_of_its_own_tells_it_with_its_day() -> None:
    rests = "Punkten vilar på analysmodellen, antagen av ekonomichefsgruppen 2015-03-19."
    assert rests in explanation(CALENDAR["atgardsgenomgang"], CALENDAR, INCLUDE)
    assert rests in rules_page(INCLUDE)
    assert "Punkten vilar på" not in explanation(CALENDAR["klagomal"], CALENDAR, INCLUDE)
