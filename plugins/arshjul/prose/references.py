"""What a person may write where a figure belongs: a reference, never the digits themselves (requirement R95).

``{maluppfyllelse}`` is the total of the report's period; ``{maluppfyllelse insatstyp=jobbpeng_grund}`` a part of it;
``{maluppfyllelse 2025}`` another period that the report holds. A date, a clause or a registry number, which is no figure,
stands in double brackets: ``[[2026-05-12]]``, ``[[§ 45]]``, ``[[AMN 2026-14]]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from arshjul.comparison.numbers import NO_BREAK_SPACE, swedish_date
from arshjul.periods import PeriodError, parse_period

RULES: Mapping[str, str] = {
    "siffra": "En siffra är skriven för hand. Använd en referens, till exempel {maluppfyllelse}, "
    "eller dubbla hakparenteser om det är ett datum, en paragraf eller ett diarienummer.",
    "referens": "Referensen går inte att läsa. Skriv {indikator}, {indikator period} eller {indikator uppdelning=kod}.",
    "okand_referens": "Referensen pekar på en uppgift som rapporten inte visar.",
    "hakparentes": "Inom dubbla hakparenteser får bara ett datum, en paragraf eller ett diarienummer stå.",
    "lank": "En länk får bara leda till en adress som börjar med http://, https:// eller mailto:.",
    "lista": "En lista får inte innehålla annat än enkla punkter.",
    "html": "HTML är inte tillåtet.",
    "bild": "Bilder är inte tillåtna.",
    "form": "Bara rubriker, stycken, listor, fetstil, kursiv stil och länkar är tillåtna.",
    "tecken": "Ett tecken finns inte i rapportens typsnitt.",
}
"""What is refused in a text that a person has written, in words for whoever wrote it."""


@dataclass(frozen=True)
class Reference:
    """A figure that a text points at.

    Attributes:
        indicator_id: The indicator.
        period: Key of the period; ``None`` for the report's own.
        cell: Breakdown and code.
    """

    indicator_id: str
    period: str | None = None
    cell: tuple[tuple[str, str], ...] = ()


class UnknownReference(LookupError):
    """The report does not show what a text points at."""


class NotAllowed(ValueError):
    """A piece of text breaks some of :data:`RULES`; ``rules`` says which, in order."""

    def __init__(self, *rules: str) -> None:
        super().__init__(" ".join(RULES[rule] for rule in rules))
        self.rules = rules


Resolve: TypeAlias = Callable[[Reference], str]
"""Gives the figure as readers see it, with its unit, or raises :class:`UnknownReference`."""

_PIECE = re.compile(r"\[\[(?P<fixed>[^\[\]]*)\]\]|\{(?P<reference>[^{}]*)\}")
_INDICATOR = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_CELL = re.compile(r"(?P<breakdown>[a-z_]+)=(?P<code>[^\s=]+)", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CLAUSE = re.compile(r"§§? [0-9]{1,4}(?:[–-][0-9]{1,4})?(?: [a-z])?", re.ASCII)
_REGISTRY_NUMBER = re.compile(r"(?:[Dd]nr )?[A-ZÅÄÖ]{2,6} [0-9]{4}[-/:.][0-9]{1,6}")


def filled_in(text: str, resolve: Resolve) -> str:
    """Put figures where a text points at them.

    Args:
        text: One run of text, without markup.
        resolve: Where figures come from.

    Raises:
        NotAllowed: A digit is typed, or something in brackets cannot be read or found. All that is wrong is told at once.
    """
    parts: list[str] = []
    broken: list[str] = []
    for piece, found in _pieces(text):
        try:
            parts.append(_bare(piece) if found is None else _pointed_at(found, resolve))
        except NotAllowed as refused:
            broken += refused.rules
    if broken:
        raise NotAllowed(*dict.fromkeys(broken))
    return "".join(parts)


def _pieces(text: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Part a text in what stands in brackets and what stands between."""
    position = 0
    for found in _PIECE.finditer(text):
        yield text[position : found.start()], None
        yield found[0], found
        position = found.end()
    yield text[position:], None


def _pointed_at(found: re.Match[str], resolve: Resolve) -> str:
    if found["fixed"] is not None:
        return _fixed(found["fixed"].strip())
    try:
        return resolve(read_reference(found["reference"]))
    except UnknownReference:
        raise NotAllowed("okand_referens") from None


def read_reference(text: str) -> Reference:
    """Read what stands between braces.

    Raises:
        NotAllowed: It is no reference.
    """
    first, *rest = text.split() or [""]
    period, cell = None, {}
    for word in rest:
        if part := _CELL.fullmatch(word):
            if part["breakdown"] in cell:
                raise NotAllowed("referens")
            cell[part["breakdown"]] = part["code"]
        elif period is None:
            period = _period(word)
        else:
            raise NotAllowed("referens")
    if not _INDICATOR.fullmatch(first):
        raise NotAllowed("referens")
    return Reference(first, period, tuple(sorted(cell.items())))


def _period(word: str) -> str:
    try:
        return parse_period(word).key
    except PeriodError:
        raise NotAllowed("referens") from None


def _bare(text: str) -> str:
    # Every sign that stands for a number: ½, ² and digits of other scripts too.
    if any(letter.isnumeric() for letter in text):
        raise NotAllowed("siffra")
    if any(mark in text for mark in ("{", "}")):
        raise NotAllowed("referens")
    if "[[" in text or "]]" in text:
        raise NotAllowed("hakparentes")
    return text


def _fixed(text: str) -> str:
    if _CLAUSE.fullmatch(text) or _REGISTRY_NUMBER.fullmatch(text):
        return text.replace(" ", NO_BREAK_SPACE)
    if not _DAY.fullmatch(text):
        raise NotAllowed("hakparentes")
    try:
        return swedish_date(date.fromisoformat(text))
    except ValueError:
        raise NotAllowed("hakparentes") from None
