"""Small rules of Swedish that sentences made from facts need."""

from __future__ import annotations

from collections.abc import Sequence


def listed(items: Sequence[str]) -> str:
    """Join words to a list in a sentence: ``a``, ``a och b``, ``a, b och c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} och {items[-1]}"


def sentence_case(text: str) -> str:
    """Begin with a capital letter and leave the rest as it is: ``tertial 1 2026`` becomes ``Tertial 1 2026``."""
    return text[:1].upper() + text[1:]


def swedish_order(text: str) -> list[int]:
    """Sort key of the Swedish alphabet: å, ä and ö come after z, and case does not matter."""
    return [_AFTER_Z.get(letter, ord(letter)) for letter in text.casefold()]


_AFTER_Z = {letter: ord("z") + place for place, letter in enumerate("åäö", start=1)}
