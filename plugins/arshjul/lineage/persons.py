"""What the ledger may keep of a text that somebody types: it can never forget, so a personnummer is never let in."""

from __future__ import annotations

import re

# A month and a day before the last four digits, with whatever dash and spaces; a coordination number's day is 60 more. The check
# digit is not asked about: a number that is written wrong points at somebody too.
_NUMBER = re.compile(
    r"(?<!\d)(?:18|19|20)?\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01]|[6-8]\d|9[01])\s?[-+\u2010-\u2015\u2212]?\s?\d{4}(?!\d)"
)


def holds_personnummer(text: str) -> bool:
    """Say whether something in a text is written as a personnummer or samordningsnummer.

    An organisationsnummer has at least 20 where the month stands. A sole trader's own number is a personnummer.

    Args:
        text: What somebody has typed.
    """
    return _NUMBER.search(text) is not None


def fit_to_keep(text: str) -> str:
    """Give what the ledger may keep of a few words: one line of at most 200 characters, without what is written as a person.

    Args:
        text: What somebody has typed.
    """
    readable = "".join(letter if letter.isprintable() else " " for letter in text)
    return _NUMBER.sub("[struket]", " ".join(readable.split()))[:200] or "okänt"
