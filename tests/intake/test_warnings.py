"""What is received but looks odd stands on the receipt, by row number, and the checker says the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.core_rows import INCLUDE

from arshjul.catalogue.contracts import load_contracts
from arshjul.intake.checker import check_files
from arshjul.intake.delivery_rules import Slice, far_fewer_rows, future_month, person_warnings
from arshjul.lineage.expected import swedish_today
from arshjul.periods import Month

Desk = Any  # tests/intake/conftest.py

AGE = "Personen är yngre än 16 år eller äldre än 70 år. Det gäller rad"
SIGN = "Bindestreck och plustecken i numret stämmer inte med åldern. Det gäller rad"


def test_odd_personnummer_are_loaded_and_told_by_row(desk: Desk) -> None:
    usual, old = desk.person(1), "194001019803"
    wrong_sign = f"{usual[:8]}+{usual[8:]}"
    rows = [
        [f"A{place}", number, "jobbpeng_grund", "2026-03-02", "", ""]
        for place, number in enumerate([usual, old, wrong_sign, "190001019801", "199001019803"])
    ]
    receipt = desk.send("insatser", rows)
    assert desk.reasons(receipt) == {(5, "personnummer", "personnummer")}
    assert receipt.warnings == (f"{AGE} 2, 4.", f"{SIGN} 3.")
    [checked] = check_files(desk.office.settings, [desk.put(desk.name("insatser"), desk.csv("insatser", rows))])
    assert checked.receipt.warnings == receipt.warnings


def test_many_rows_with_the_same_warning_are_counted() -> None:
    numbers = list(range(1, 31))
    first = ", ".join(str(number) for number in numbers[:20])
    assert person_warnings({"PNR_ALDER": (30, numbers)}) == [f"{AGE} {first} och 10 till."]
    assert person_warnings({"PNR_ALDER": (30, numbers[:20])}) == [f"{AGE} {first} och 10 till."]


def test_a_month_that_has_not_begun_is_received_with_a_warning(empty_desk: Desk) -> None:
    today = swedish_today()
    next_year = Month(today.year + 1, 12)
    receipt = empty_desk.send("anordnare", [empty_desk.provider(empty_desk.PROVIDER)], next_year.key)
    assert (receipt.status, receipt.rows_loaded) == ("mottagen", 1)
    assert receipt.warnings == (f"December {next_year.year} har inte börjat. Kontrollera månaden i filnamnet.",)


def test_a_month_that_has_begun_gives_no_warning() -> None:
    assert future_month(Month(2026, 4), date(2026, 4, 1)) == []
    assert future_month(Month(2026, 4), date(2026, 3, 31)) == [
        "April 2026 har inte börjat. Kontrollera månaden i filnamnet."
    ]


def test_a_file_with_less_than_half_of_the_rows_may_not_be_whole(desk: Desk) -> None:
    def days(month: str, count: int) -> list[list[str]]:
        return [["A1", f"{month}-{day:02}", "8", "8", ""] for day in range(1, count + 1)]

    desk.send("insatser", [["A1", desk.person(1), "jobbpeng_grund", "2026-03-01", "", ""]], "2026-03")
    assert desk.send("narvaro", days("2026-03", 24), "2026-03").warnings == ()
    april = desk.send("narvaro", days("2026-04", 11), "2026-04")
    assert april.warnings == (
        "Filen har 11 rader. Er leverans för mars 2026 hade 24. Kontrollera att hela filen kom med.",
    )
    assert desk.send("narvaro", days("2026-04", 12), "2026-04").warnings == ()
    cut = desk.send("narvaro", days("2026-03", 2), "2026-03")
    assert cut.warnings == (
        "Filen har 2 rader. Den leverans som den ersätter hade 24. Kontrollera att hela filen kom med.",
    )
    assert cut.rows_loaded + cut.rows_unchanged == 2, "it is a warning: the sender may mean it"


def test_a_first_delivery_with_the_history_makes_no_later_one_small() -> None:
    enrolments = Slice(load_contracts(INCLUDE)["insatser"], "5560360793", Month(2026, 2))
    assert far_fewer_rows(enrolments, 30, Month(2026, 1), 900) == []
    assert far_fewer_rows(enrolments, 30, Month(2026, 2), 900)
    assert far_fewer_rows(enrolments, 0, Month(2026, 2), 19) == []
