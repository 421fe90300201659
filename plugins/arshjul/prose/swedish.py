"""Small rules of Swedish that sentences made from facts need: counts in words, inflection, lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from arshjul.comparison.numbers import IN_WORDS, counted, number
from arshjul.periods import Month, Period, Year


@dataclass(frozen=True)
class Noun:
    """What is counted.

    Attributes:
        one: One of it: ``anordnare``, ``mål``.
        many: More: ``anordnare``, ``mål``.
        article: ``en`` or ``ett``.
    """

    one: str
    many: str
    article: Literal["en", "ett"] = "en"


def in_words(count: int, most: int, article: Literal["en", "ett"] = "en") -> str:
    """Write a count with letters up to a limit: ``nio``, ``ett``; with digits above it: ``13``.

    Args:
        count: How many.
        most: The highest count written with letters.
        article: Of what is counted.

    Source: Svenska skrivregler (Språkrådet), "Siffror eller bokstäver": small counts in running text with letters.
    """
    if not 0 <= count <= min(most, len(IN_WORDS) - 1):
        return number(count)
    return article if count == 1 else IN_WORDS[count]


def some(count: int, noun: Noun, most: int) -> str:
    """Write a count and what is counted: ``nio anordnare``, ``ett mål``, ``31 anordnare``."""
    word = in_words(count, most, noun.article)
    if word[:1].isdigit():
        return counted(count, noun.one, noun.many)
    return f"{word} {noun.one if count == 1 else noun.many}"


def some_of(count: int, of: int, noun: Noun, most: int) -> str:
    """Write a part of a whole; with digits throughout when the whole is, so that the two can be compared.

    ``nio av tolv anordnare``, ``9 av 31 anordnare``.
    """
    limit = most if of <= most else -1
    return f"{in_words(count, limit, noun.article)} av {some(of, noun, limit)}"


def all_of(whole: int, noun: Noun, most: int) -> str:
    """Write a whole: ``samtliga fyra anordnare``; a single one is told as a count."""
    return some_of(1, 1, noun, most) if whole == 1 else f"samtliga {some(whole, noun, most)}"


def limit_in_words(limit: Decimal, most: int, article: Literal["en", "ett"] = "ett") -> str:
    """Write a limit: a whole one with letters as a number is named, another with its decimals."""
    if limit != limit.to_integral_value():
        return number(limit, -int(limit.normalize().as_tuple().exponent))
    return in_words(int(limit), most, article)


def listed(items: Sequence[str]) -> str:
    """Join words to a list in a sentence: ``a``, ``a och b``, ``a, b och c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} och {items[-1]}"


def made_up_of(parts: Sequence[str], count: int, verb: str) -> str:
    """Say, after its subject, what a whole is made up of: ``är 3 klara och 2 planerade, medan 4 saknas``; ``saknas 4``.

    Args:
        parts: What parts of it are, with their counts; may be none.
        count: How many have nothing but a verb to be told of; may be none.
        verb: That verb.
    """
    if not parts:
        return f"{verb} {number(count)}"
    return f"är {listed(parts)}" + (f", medan {number(count)} {verb}" if count else "")


def sentence_case(text: str) -> str:
    """Begin with a capital letter and leave the rest as it is: ``tertial 1 2026`` becomes ``Tertial 1 2026``."""
    return text[:1].upper() + text[1:]


def swedish_order(text: str) -> list[int]:
    """Sort key of the Swedish alphabet: å, ä and ö come after z, and case does not matter."""
    return [_AFTER_Z.get(letter, ord(letter)) for letter in text.casefold()]


_AFTER_Z = {letter: ord("z") + place for place, letter in enumerate("åäö", start=1)}


def inside(title: str) -> str:
    """Write a title as it stands inside a sentence: ``Jobbpeng grund`` becomes ``jobbpeng grund``, ``SFI`` stays."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def during(period: Period) -> str:
    """Say when, after a value: ``2017``, ``under tertial 1 2018``, ``i maj 2018``."""
    if isinstance(period, Year):
        return period.title
    return f"{'i' if isinstance(period, Month) else 'under'} {period.title}"


def in_the_course_of(period: Period) -> str:
    """Say when, as a sentence begins: a year is never its first word."""
    return f"Under {period.title}" if isinstance(period, Year) else sentence_case(during(period))
