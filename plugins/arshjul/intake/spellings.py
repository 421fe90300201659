"""What a cell's text means as a date, a number, a month, a code: the forms that are accepted, in Python.

The offline checker reads with these; the database with ``include/sql/intake/spellings.sql.j2``. A test holds the two
together. A text that means nothing gives ``None``; nothing is ever raised.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from arshjul.catalogue.codelists import Code, CodeList
from arshjul.catalogue.contracts import Field
from arshjul.intake.orgnr import parse_orgnr

_DATE = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,20})?", re.ASCII)
_INTEGER = re.compile(r"(-?[0-9]{1,9})(?:[.,]0{1,20})?", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(?:-01)?", re.ASCII)  # Excel makes a day of a month: 2026-03 is 2026-03-01
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ", "abcdefghijklmnopqrstuvwxyzåäö")


def read_date(text: str) -> date | None:
    """Read ``YYYY-MM-DD`` or ``YYYYMMDD``, a day that exists."""
    found = _DATE.fullmatch(text)
    return _day(found[1], found[3], found[4]) if found else None


def read_number(text: str) -> Decimal | None:
    """Read a number with a decimal comma or point, without exponent or thousands separators."""
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def read_integer(text: str) -> int | None:
    """Read a whole number; decimals are accepted when they are zeros, as Excel writes them."""
    found = _INTEGER.fullmatch(text)
    return int(found[1]) if found else None


def read_month(text: str) -> date | None:
    """Read ``YYYY-MM`` as the month's first day."""
    found = _MONTH.fullmatch(text)
    return _day(found[1], found[2], "01") if found else None


def read_code(text: str, codelist: CodeList) -> Code | None:
    """Find a code, in any case; a code spelled exactly so goes first."""
    lowered = text.translate(_LOWER)
    found = [code for code in codelist.codes if code.code.translate(_LOWER) == lowered]
    return min(found, key=lambda code: (code.code != text, code.code), default=None)


def reader_of(field: Field) -> Callable[[str], Any]:
    """Return what reads a field that is neither a code nor a personnummer."""
    if field.format == "orgnr":
        return parse_orgnr
    return _READERS[field.type]


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "date": read_date,
    "number": read_number,
    "integer": read_integer,
    "yearmonth": read_month,
}
