"""Numbers here are made from hypothesis' dates and serials, or are Skatteverket's published test numbers."""

from __future__ import annotations

import traceback
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arshjul.intake.personnummer import (
    PERSONNUMMER_ERRORS,
    PERSONNUMMER_WARNINGS,
    PersonId,
    PersonnummerError,
    parse_personnummer,
)

REFERENCE = date(2026, 3, 31)
TOLVAN = "191212121212"
UNKNOWN_DAY = "191500722390"


def check_digit(nine: str) -> str:
    """Luhn the long way, independent of the parser's."""
    total = 0
    for place, digit in enumerate(nine):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return str(-total % 10)


def twelve_digits(day: date, serial: int, day_offset: int = 0) -> str:
    nine = f"{day.year % 100:02d}{day.month:02d}{day.day + day_offset:02d}{serial:03d}"
    return f"{day.year // 100}{nine}{check_digit(nine)}"


def code_of(text: str, reference: date = REFERENCE, *, from_number: bool = False) -> str:
    with pytest.raises(PersonnummerError) as caught:
        parse_personnummer(text, reference, from_number=from_number)
    return caught.value.code


births = st.dates(date(1930, 1, 1), date(2010, 3, 31))
serials = st.integers(1, 999)
numbers = st.builds(twelve_digits, births, serials, st.sampled_from([0, 60]))


@given(births, serials)
def test_a_number_gives_back_its_date_kind_and_sex(birth: date, serial: int) -> None:
    person = parse_personnummer(twelve_digits(birth, serial), REFERENCE)
    assert (person.kind, person.birth_date) == ("pn", birth)
    assert person.sex == ("man" if serial % 2 else "kvinna")


@given(births, serials)
def test_a_coordination_number_has_its_day_sixty_higher(birth: date, serial: int) -> None:
    person = parse_personnummer(twelve_digits(birth, serial, 60), REFERENCE)
    assert (person.kind, person.birth_date) == ("sam", birth)


@given(numbers)
def test_every_spelling_is_the_same_person(number: str) -> None:
    person = parse_personnummer(number, REFERENCE)
    assert person.canonical == number
    spellings = [number[2:], f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}", f"\u00a0 {number} "]
    spellings += [f"{number[:8]}{dash}{number[8:]}" for dash in "–−‑"]
    # Ten digits mean the latest possible year, so those born more than a century ago are not among the dates here.
    assert all(parse_personnummer(text, REFERENCE) == person for text in spellings)


@given(numbers, st.integers(2, 11), st.integers(1, 9))
def test_every_wrong_digit_is_found(number: str, place: int, step: int) -> None:
    wrong = f"{number[:place]}{(int(number[place]) + step) % 10}{number[place + 1 :]}"
    assert code_of(wrong) in PERSONNUMMER_ERRORS
    assert code_of(wrong[2:]) in PERSONNUMMER_ERRORS


@given(numbers, st.integers(2, 10))
def test_every_swap_of_neighbours_is_found_except_zero_and_nine(number: str, place: int) -> None:
    pair = number[place : place + 2]
    swapped = number[:place] + pair[::-1] + number[place + 2 :]
    if pair[0] != pair[1] and set(pair) != {"0", "9"}:
        assert code_of(swapped) in PERSONNUMMER_ERRORS


@given(st.text(max_size=20) | st.text("0123456789-+ TR٠１", max_size=14))
def test_any_text_is_a_person_or_a_code(text: str) -> None:
    try:
        told = set(parse_personnummer(text, REFERENCE).warnings)
    except PersonnummerError as error:
        told = {error.code}
    assert told <= PERSONNUMMER_ERRORS.keys() | PERSONNUMMER_WARNINGS.keys()


@given(numbers)
def test_nothing_that_is_shown_holds_the_number(number: str) -> None:
    person = parse_personnummer(number, REFERENCE)
    assert repr(person) == str(person) == f"PersonId(kind='{person.kind}')"
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    with pytest.raises(PersonnummerError) as caught:
        parse_personnummer(wrong, REFERENCE)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert wrong not in told
    assert caught.value.args == ("PNR_KONTROLLSIFFRA",)


def test_the_published_test_numbers_are_read() -> None:
    assert parse_personnummer(TOLVAN, REFERENCE).birth_date == date(1912, 12, 12)
    unknown = parse_personnummer(UNKNOWN_DAY, REFERENCE)
    assert (unknown.kind, unknown.birth_date, unknown.sex) == ("sam", None, "man")


@pytest.mark.parametrize("middle", ["0000", "0060", "0760", "0075"])
def test_unknown_month_or_day_is_for_coordination_numbers_only(middle: str) -> None:
    nine = f"80{middle}123"
    if middle == "0000":
        assert code_of(f"19{nine}{check_digit(nine)}") == "PNR_DATUM"
    else:
        assert parse_personnummer(f"19{nine}{check_digit(nine)}", REFERENCE).birth_date is None


@pytest.mark.parametrize("middle", ["0230", "1301", "0132", "0059", "0292", "1360", "0099", "0691"])
def test_a_day_that_does_not_exist_is_refused(middle: str) -> None:
    nine = f"80{middle}123"
    assert code_of(f"19{nine}{check_digit(nine)}") == "PNR_DATUM"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12121212",
        "1912121212123",
        TOLVAN + "\n",
        "1912 1212-1212",
        "19121212--1212",
        "169001012385",
        "009001012385",
        "٩٠٠١٠١-٢٣٨٥",
        "１９１２１２１２１２１２",
        "19121212_1212",
        "191212120000",
    ],
)
def test_anything_but_ten_or_twelve_plain_digits_is_refused(text: str) -> None:
    assert code_of(text) == "PNR_FORMAT"


@pytest.mark.parametrize("letter", "TRSUWXJKLMN")
def test_interim_numbers_are_refused(letter: str) -> None:
    assert code_of(f"900101-{letter}385") == "PNR_INTERIM"


def test_the_century_of_ten_digits_comes_from_the_reference_date() -> None:
    ten = twelve_digits(date(1926, 3, 1), 123)[2:]
    signed = f"{ten[:6]}+{ten[6:]}"
    assert parse_personnummer(ten, date(2025, 12, 31)).birth_date == date(1926, 3, 1)
    assert parse_personnummer(ten, date(2026, 3, 1)).birth_date == date(2026, 3, 1)
    assert parse_personnummer(signed, date(2026, 3, 1)).birth_date == date(1926, 3, 1)


def test_a_birth_after_the_reference_date_is_refused() -> None:
    number = twelve_digits(date(2026, 4, 1), 123)
    assert code_of(number) == "PNR_FRAMTID"
    assert code_of(number[2:]) == "PNR_FRAMTID"
    assert parse_personnummer(number, date(2026, 4, 1)).birth_date == date(2026, 4, 1)
    nine = "270060123"
    assert code_of(f"20{nine}{check_digit(nine)}") == "PNR_FRAMTID"


def test_a_number_cell_needs_all_twelve_digits() -> None:
    number = twelve_digits(date(1990, 1, 1), 238)
    assert parse_personnummer(number, REFERENCE, from_number=True).canonical == number
    assert code_of(number[2:], from_number=True) == "PNR_TALFORMAT"
    assert code_of("101238", from_number=True) == "PNR_TALFORMAT"
    assert code_of(f"{number}.5", from_number=True) == "PNR_TALFORMAT"


def test_oddities_warn_and_do_not_refuse() -> None:
    number = twelve_digits(date(1990, 1, 1), 238)
    young = twelve_digits(date(2010, 4, 1), 238)
    old = twelve_digits(date(1955, 3, 30), 238)
    assert parse_personnummer(number, REFERENCE).warnings == ()
    assert parse_personnummer(f"{number[:8]}–{number[8:]}", REFERENCE).warnings == ("PNR_TECKEN",)
    assert parse_personnummer(f"{number[:8]}+{number[8:]}", REFERENCE).warnings == ("PNR_SKILJETECKEN",)
    assert parse_personnummer(f"{TOLVAN[:8]}-{TOLVAN[8:]}", REFERENCE).warnings == ("PNR_SKILJETECKEN", "PNR_ALDER")
    assert parse_personnummer(young, REFERENCE).warnings == ("PNR_ALDER",)
    assert parse_personnummer(old, REFERENCE).warnings == ("PNR_ALDER",)
    assert parse_personnummer(twelve_digits(date(1955, 4, 1), 238), REFERENCE).warnings == ()


def test_warnings_do_not_make_two_persons_of_one() -> None:
    number = twelve_digits(date(1990, 1, 1), 238)
    persons: set[PersonId] = {
        parse_personnummer(number, REFERENCE),
        parse_personnummer(f"{number[:8]}–{number[8:]}", REFERENCE),
    }
    assert len(persons) == 1
