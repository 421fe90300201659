"""Made-up people: personnummer and samordningsnummer that nobody should have.

The serial number is always 980–999. Skatteverket is commonly said to keep that range for test persons; no public
text was found that says so, which is why the numbers are also drawn at random and never taken from a list of people.
The check digit is right (Luhn over YYMMDDNNN), the last serial digit is odd for men and even for women, and every 25th
person has a samordningsnummer (day + 60), some with an unknown day (60) or an unknown month and day (00, 60).

Source: facts/privacy.md §2.1 (what the parser accepts); folkbokföringslagen (1991:481) 18 § (how a number is built).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from arshjul.sample.dice import Dice

SYNTHETIC_SERIALS = range(980, 1000)
EVERY_NTH_COORDINATED = 25

WOMAN, MAN = 0, 1


def luhn_digit(digits: str) -> int:
    """Return the check digit that makes ``digits`` followed by it pass the Luhn test.

    Args:
        digits: ASCII digits without the check digit.
    """
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person.

    Attributes:
        number: Twelve digits, canonical.
        is_woman: What the last serial digit says.
    """

    number: str
    is_woman: bool


class People:
    """Makes people, each with a number that nobody else in this world has.

    Args:
        dice: The stream that decides who they are.
        others: Whose numbers are taken already.
    """

    def __init__(self, dice: Dice, others: Collection[str] = ()) -> None:
        self._dice = dice
        self._others = frozenset(others)
        self._taken: set[str] = set()

    def __len__(self) -> int:
        return len(self._taken)

    def make(self, day: date, youngest: int, oldest: int, women: float) -> Person:
        """Make one more person.

        Args:
            day: The day the ages are counted on.
            youngest: Age in whole years, at least 17 so that even a person whose birthday is unknown is 16.
            oldest: Age in whole years.
            women: Share of women, 0–1.
        """
        age_days = int(365.25 * (youngest + (oldest + 1 - youngest) * self._dice.unit())) + 2
        is_woman = self._dice.chance(women)
        order = len(self._taken)
        number = self._free_number(day - timedelta(days=age_days), WOMAN if is_woman else MAN, order)
        self._taken.add(number)
        return Person(number, is_woman)

    def _free_number(self, born: date, parity: int, order: int) -> str:
        first = self._dice.below(len(SYNTHETIC_SERIALS) // 2)
        while True:
            for step in range(len(SYNTHETIC_SERIALS) // 2):
                serial = SYNTHETIC_SERIALS.start + 2 * ((first + step) % 10) + parity
                number = _number(_birth_digits(born, order), serial)
                if number not in self._taken and number not in self._others:
                    return number
            born -= timedelta(days=1)


def _birth_digits(born: date, order: int) -> str:
    """Eight digits: the birth date, or what a samordningsnummer has in its place."""
    if order % EVERY_NTH_COORDINATED != EVERY_NTH_COORDINATED // 2:
        return f"{born:%Y%m%d}"
    coordinated = order // EVERY_NTH_COORDINATED
    if coordinated % 8 == 2:
        return f"{born:%Y%m}60"
    if coordinated % 8 == 5:
        return f"{born:%Y}0060"
    return f"{born:%Y%m}{born.day + 60}"


def _number(birth_digits: str, serial: int) -> str:
    body = f"{birth_digits}{serial:03d}"
    return f"{body}{luhn_digit(body[2:])}"


def with_wrong_check_digit(number: str) -> str:
    """Return the number with its last digit one step off, so that the Luhn test fails."""
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


def written(number: str, style: str) -> str:
    """Write a twelve-digit number as a sender would.

    Args:
        number: Twelve digits of a person younger than 100 years.
        style: ``12``, ``12-``, ``10`` or ``10-``: how many digits, and whether a hyphen stands before the last four.
    """
    digits = number if style.startswith("12") else number[2:]
    return f"{digits[:-4]}-{digits[-4:]}" if style.endswith("-") else digits
