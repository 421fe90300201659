"""Small rules of Swedish that sentences made from facts need."""

from __future__ import annotations

from collections.abc import Sequence

_COMMON = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


def listed(items: Sequence[str]) -> str:
    """Join words to a list in a sentence: ``a``, ``a och b``, ``a, b och c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} och {items[-1]}"


def sentence_case(text: str) -> str:
    """Begin with a capital letter and leave the rest as it is: ``tertial 1 2026`` becomes ``Tertial 1 2026``."""
    return text[:1].upper() + text[1:]


def counted_in_words(count: int, one: str, many: str, *, is_neuter: bool = False) -> str:
    """Write a small count in words, as running text does: ``en insats``, ``ett mål``, ``två insatser``.

    Args:
        count: Nought or more; above twelve it stands in digits.
        one: The noun in the singular.
        many: The noun in the plural.
        is_neuter: The noun takes ``ett``.
    """
    if count == 1:
        return f"{'ett' if is_neuter else 'en'} {one}"
    return f"{_COMMON[count] if 0 <= count < len(_COMMON) else count} {many}"
