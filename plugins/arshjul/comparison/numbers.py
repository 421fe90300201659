"""Numbers and dates as Swedish readers see them. All formatting of them stands here, once.

Decimal comma, no-break space (U+00A0) between thousands and before the percent sign, true minus (U+2212), and no minus
on nought. Halves are rounded away from zero (28,5 becomes 29), as readers expect and as published tables do it; the
banker's rounding that Python defaults to would print 28. Source: facts/reports.md §2 "Numbers", facts/privacy.md §3
"Klarspråk".
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from arshjul.periods import MONTH_NAMES

Number: TypeAlias = int | float | Decimal

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"

PROTECTED = ".."
"""Stands where a figure could reveal a person: one mark for every reason (privacy.md §0, D1)."""

MISSING = "–"
"""Stands where there is nothing to report."""

NOTHING_TO_TELL = "Inga uppgifter för perioden."
"""Stands in a table without rows."""

IN_WORDS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
"""Counts that are written with letters where they are."""

SWEDISH_TIME = ZoneInfo("Europe/Stockholm")


def rounded(value: Number, decimals: int = 0) -> Decimal:
    """Round half away from zero.

    Args:
        value: A float is taken as its shortest decimal text, so that 0.285 is 0.285 and nothing below it.
        decimals: Decimals kept.

    Raises:
        ValueError: The value is not a finite number.
    """
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise ValueError("only a finite number can be shown")
    result = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return result if result else abs(result)


def number(value: Number, decimals: int = 0) -> str:
    """Write a number: ``1 234,5``, ``−3``."""
    result = rounded(value, decimals)
    digits = f"{abs(result):,.{decimals}f}".replace(",", NO_BREAK_SPACE).replace(".", ",")
    return f"{MINUS}{digits}" if result < 0 else digits


def signed(value: Number, decimals: int = 0) -> str:
    """Write a difference with its sign: ``+3``, ``−37``, ``0``."""
    text = number(value, decimals)
    return f"+{text}" if rounded(value, decimals) > 0 else text


def percent(share: Number, decimals: int = 0) -> str:
    """Write a share as percent for tables and charts: 0.44 is ``44 %``."""
    exact = Decimal(repr(share)) if isinstance(share, float) else Decimal(share)
    return f"{number(exact * 100, decimals)}{NO_BREAK_SPACE}%"


def counted(count: Number, one: str, many: str, decimals: int = 0) -> str:
    """Write a count and what is counted, never parted at a line's end: ``1 insats``, ``2 insatser``, ``1,0 dagar``."""
    text = number(count, decimals)
    return f"{text}{NO_BREAK_SPACE}{one if text == '1' else many}"


def opening(count: int, one: str, many: str, article: Literal["en", "ett"] = "en") -> str:
    """Begin a sentence with a count: ``Ett mål``, ``Två mål``, ``Sammanlagt 31 mål``; no sentence begins with a digit.

    Args:
        count: How many; at least one.
        one: What is counted, of one; may be empty.
        many: Of more.
        article: Of what is counted.
    """
    if count >= len(IN_WORDS):
        return f"Sammanlagt {counted(count, one, many)}".rstrip()
    word = article if count == 1 else IN_WORDS[count]
    return f"{word.capitalize()} {one if count == 1 else many}".rstrip()


def percentage_points(difference: Number, decimals: int = 0) -> str:
    """Write the size of a difference between two percentages, in words: ``1 procentenhet``, ``21 procentenheter``."""
    return counted(abs(rounded(difference, decimals)), "procentenhet", "procentenheter", decimals)


def swedish_date(day: date) -> str:
    """Write a date: ``5 maj 2026``."""
    return f"{day.day}{NO_BREAK_SPACE}{MONTH_NAMES[day.month - 1]}{NO_BREAK_SPACE}{day.year}"


def swedish_time(moment: datetime) -> str:
    """Write a moment in Swedish time: ``5 maj 2026 kl. 14.30``.

    Raises:
        ValueError: The moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be told")
    local = moment.astimezone(SWEDISH_TIME)
    return f"{swedish_date(local.date())} kl.{NO_BREAK_SPACE}{local:%H.%M}"
