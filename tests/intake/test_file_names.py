"""What a file's name and folder say of a delivery."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arshjul.intake.file_names import read_address
from arshjul.intake.orgnr import parse_orgnr
from arshjul.periods import Month

DATASETS = ("insatser", "narvaro")


class Named:
    """A landed file of which only the name matters."""

    def __init__(self, name: str, sender: str | None = None, channel: str = "kommandorad") -> None:
        self.path: Any = type("Named", (), {"name": name})()
        self.sender = sender
        self.channel = channel


def test_a_name_that_follows_the_rule_says_everything() -> None:
    address = read_address(Named("Insatser_5560360793_2026-03.CSV"), DATASETS)
    assert (address.dataset, address.sender, address.month, address.kind, address.refusal) == (
        "insatser",
        "5560360793",
        Month(2026, 3),
        "csv",
        None,
    )
    assert address.file_name == address.given_name == "Insatser_5560360793_2026-03.CSV"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "insatser_5560360793_2026-03",
        "insatser_5560360793_2026-03.csv\n",
        "insatser_5560360793_2026-03 (1).csv",
        "insatser_556036079_2026-03.csv",
        "insatser_556036-0793_2026-03.csv",
        "insatser_٥٥٦٠٣٦٠٧٩٣_2026-03.csv",
        "../insatser_5560360793_2026-03.csv",
        "i" * 120 + "nsatser_5560360793_2026-03.csv",
        "19900101-2385 Anna.xlsx",
    ],
)
def test_a_name_that_breaks_the_rule_is_refused_and_kept_out_of_the_ledger(name: str) -> None:
    address = read_address(Named(name), DATASETS)
    assert address.refusal is not None
    assert address.refusal.rule == "filnamn"
    assert address.file_name in ("okant-filnamn", "okant-filnamn.csv", "okant-filnamn.xlsx")
    assert "19900101" not in address.given_name


def test_a_folder_decides_over_a_name_and_they_must_agree() -> None:
    name = "insatser_5560360793_2026-03.csv"
    assert read_address(Named(name, "5560360793"), DATASETS).refusal is None
    other = read_address(Named(name, "5590000013"), DATASETS)
    assert other.refusal is not None
    assert (other.refusal.rule, other.sender) == ("avsandare_stammer_inte", "5590000013")


def test_in_the_landing_a_file_must_lie_in_somebodys_folder() -> None:
    address = read_address(Named("insatser_5560360793_2026-03.csv", channel="mapp"), DATASETS)
    assert address.refusal is not None
    assert address.refusal.rule == "avsandare_okand"


@given(st.text(max_size=200))
def test_whatever_it_is_called_the_ledger_gets_a_short_plain_name(name: str) -> None:
    address = read_address(Named(name), DATASETS)
    assert len(address.file_name) <= 120
    assert address.file_name.isprintable()
    assert address.given_name.isprintable()


@given(st.integers(0, 999_999_999))
def test_only_the_right_check_digit_makes_an_organisationsnummer(nine: int) -> None:
    accepted = [digit for digit in "0123456789" if parse_orgnr(f"{nine:09d}{digit}")]
    assert len(accepted) == 1
    text = f"{nine:09d}{accepted[0]}"
    assert parse_orgnr(f"{text[:6]}-{text[6:]}") == text


@pytest.mark.parametrize("text", ["", "556036079", "55603-60793", "5560360793 ", "5560360793\n", "٥٥٦٠٣٦٠٧٩٣"])
def test_other_texts_are_no_organisationsnummer(text: str) -> None:
    assert parse_orgnr(text) is None
