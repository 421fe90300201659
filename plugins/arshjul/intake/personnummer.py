"""Reading a personnummer or samordningsnummer, strictly and without ever repeating it.

Own parser because the packages on PyPI accept Arabic digits, future births and trailing newlines, decide the century
from today's date and print the number in their errors (facts/privacy.md §2.1, whose points 1–9 this module follows).
Nothing here logs, and no exception, ``repr`` or ``str`` holds the number.

Sources: folkbokföringslagen (1991:481) 18 § for the form and check digit of a personnummer; lagen (2022:1697) om
samordningsnummer for the day plus 60. Unknown day or month (``00`` and ``60``) occurs in Skatteverket's test data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

PERSONNUMMER_ERRORS = {
    "PNR_FORMAT": "Numret ska ha 10 eller 12 siffror, med eller utan bindestreck före de fyra sista.",
    "PNR_TALFORMAT": "Numret är lagrat som tal, så inledande nollor kan ha gått förlorade. Ange det som text.",
    "PNR_INTERIM": "Tillfälliga nummer med bokstav tas inte emot.",
    "PNR_KONTROLLSIFFRA": "Numrets kontrollsiffra stämmer inte.",
    "PNR_DATUM": "Numrets födelsedatum finns inte i almanackan.",
    "PNR_FRAMTID": "Numrets födelsedatum ligger efter leveransens datum.",
}

PERSONNUMMER_WARNINGS = {
    "PNR_TECKEN": "Numret är skrivet med ett annat streck än bindestreck.",
    "PNR_SKILJETECKEN": "Bindestreck och plustecken i numret stämmer inte med åldern.",
    "PNR_ALDER": "Personen är yngre än 16 år eller äldre än 70 år.",
}

_YOUNGEST_AGE, _OLDEST_AGE = 16, 70
_CENTENARIAN_AGE = 100
_SAM_DAY_OFFSET = 60
_BLANKS = " \u00a0"
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_NUMBER = re.compile(
    r"(?P<century>18|19|20)?(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"(?P<sign>[-+]?)(?P<serial>[0-9]{3})(?P<check>[0-9])",
    re.ASCII,
)
_INTERIM = re.compile(r"(?:18|19|20)?[0-9]{6}[-+]?[TRSUWXJKLMN][0-9]{3}", re.ASCII)


class PersonnummerError(ValueError):
    """The text is not an acceptable number. Holds a code from :data:`PERSONNUMMER_ERRORS`, never the number."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class PersonId:
    """A number that has passed every check. ``repr`` and ``str`` show the kind only.

    Attributes:
        canonical: The number as twelve digits, century first. Personal data: goes to the vault and nowhere else.
        kind: ``pn`` for a personnummer, ``sam`` for a samordningsnummer.
        birth_date: ``None`` when a samordningsnummer's day or month is unknown.
        warnings: Codes from :data:`PERSONNUMMER_WARNINGS`; two spellings of one number are equal all the same.
    """

    canonical: str = field(repr=False)
    kind: str
    birth_date: date | None = field(repr=False)
    warnings: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @property
    def sex(self) -> str:
        """``man`` or ``kvinna``, from the last digit of the serial number (odd is man)."""
        return "man" if int(self.canonical[10]) % 2 else "kvinna"


def parse_personnummer(text: str, reference_date: date, *, from_number: bool = False) -> PersonId:
    """Read a personnummer or samordningsnummer of 10 or 12 digits, with or without ``-`` or ``+``.

    Args:
        text: What the cell holds.
        reference_date: The delivery's date, which decides the century of 10 digits, so that an archived file read
            again years later gives the same person.
        from_number: The cell was a number in Excel or JSON, where only twelve digits are sure to have kept all zeros.

    Raises:
        PersonnummerError: The number cannot be accepted; the code says why.
    """
    stripped = text.strip(_BLANKS)
    plain = stripped.translate(_DASHES)
    found = _NUMBER.fullmatch(plain)
    if from_number and not (found and found["century"] and not found["sign"]):
        raise PersonnummerError("PNR_TALFORMAT")
    if found is None:
        raise PersonnummerError("PNR_INTERIM" if _INTERIM.fullmatch(plain) else "PNR_FORMAT")
    ten_digits = found["year"] + found["month"] + found["day"] + found["serial"] + found["check"]
    if found["serial"] == "000":
        raise PersonnummerError("PNR_FORMAT")
    if not _is_luhn(ten_digits):
        raise PersonnummerError("PNR_KONTROLLSIFFRA")
    year = _full_year(found, reference_date)
    kind, birth_date = _birth(year, int(found["month"]), int(found["day"]))
    if year > reference_date.year or (birth_date is not None and birth_date > reference_date):
        raise PersonnummerError("PNR_FRAMTID")
    warnings = ["PNR_TECKEN"] if plain != stripped else []
    if found["century"] and found["sign"] and (found["sign"] == "+") != _is_centenarian(year, reference_date):
        warnings.append("PNR_SKILJETECKEN")
    if birth_date is not None and not _YOUNGEST_AGE <= _age(birth_date, reference_date) <= _OLDEST_AGE:
        warnings.append("PNR_ALDER")
    return PersonId(f"{year:04d}{ten_digits[2:]}", kind, birth_date, tuple(warnings))


def _is_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn (modulus 10) check digit of the nine before it."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[0::2])
    return (doubled + sum(int(digit) for digit in digits[1::2])) % 10 == 0


def _full_year(found: re.Match[str], reference_date: date) -> int:
    """The year of birth: as given, else the latest possible one, a century earlier after ``+``."""
    if found["century"]:
        return int(found["century"] + found["year"])
    latest = reference_date.year - (reference_date.year - int(found["year"])) % 100
    return latest - 100 if found["sign"] == "+" else latest


def _birth(year: int, month: int, day: int) -> tuple[str, date | None]:
    """The kind of number, and its date of birth unless that is unknown (allowed in a samordningsnummer only)."""
    kind = "sam" if day >= _SAM_DAY_OFFSET else "pn"
    if kind == "sam":
        day -= _SAM_DAY_OFFSET
        if (month == 0 and day <= 31) or (day == 0 and month <= 12):
            return kind, None
    try:
        return kind, date(year, month, day)
    except ValueError:
        raise PersonnummerError("PNR_DATUM") from None


def _is_centenarian(year: int, reference_date: date) -> bool:
    # The sign changes on New Year's Eve of the year someone turns 100, so years are compared and not days.
    return reference_date.year - year >= _CENTENARIAN_AGE


def _age(birth_date: date, day: date) -> int:
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
