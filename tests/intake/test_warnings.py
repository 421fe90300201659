"""What is received but looks odd stands on the receipt, by row number, and the checker says the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from arshjul.intake.checker import check_files
from arshjul.intake.delivery_rules import future_month, person_warnings
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
