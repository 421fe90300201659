"""How a change is spread over providers: a total may rise while most providers fall (requirements R41, T11).

Only values that readers are shown are compared, rounded as they are shown; what is withheld is counted as not shown and
nothing is worked out for it. How many are not shown can be counted in the table already, so nothing is revealed. The small
providers that are put together as ``ovriga`` are not a provider and need not be the same ones both times: they are left
out, and that they are there is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.change import difference_between
from arshjul.comparison.numbers import counted
from arshjul.comparison.values import MERGED, Figure

MOST = 0.5
"""From this share of the providers on, "most" go the other way than the total (R41: at least half).

Of all that have both values, also those not shown: what is said then holds whatever the withheld values are.
"""

Direction = Literal[-1, 0, 1]


@dataclass(frozen=True)
class Distribution:
    """How many providers moved which way.

    Attributes:
        total: Which way the total moved: 1, 0 or −1; ``None`` when the total cannot be compared.
        up: Providers whose shown value is higher than before.
        down: Lower.
        unchanged: The same.
        not_shown: Withheld in one of the periods, or both.
        only_in_one: Without a value in one of the periods: they are new or gone, or had nothing to count.
        has_merged: Small providers are put together and are not among these.
        is_opposed: The total moved one way and at least half of the providers the other way.
        is_simpson: The total of a share, mean or ratio moved one way and no provider that way, at least two the other:
            what has changed is who has how many (Simpson 1951, *The Interpretation of Interaction in Contingency
            Tables*, JRSS B 13:238–241). Never said when a provider is withheld or put together with others.
        sentences: What a reader may be told.
    """

    total: Direction | None
    up: int
    down: int
    unchanged: int
    not_shown: int
    only_in_one: int
    has_merged: bool
    is_opposed: bool
    is_simpson: bool
    sentences: tuple[str, ...]

    @property
    def compared(self) -> int:
        """Providers that could be compared."""
        return self.up + self.down + self.unchanged


def distribution_of_change(
    indicator: Indicator,
    now: Figure | None,
    then: Figure | None,
    providers_now: Mapping[str, Figure],
    providers_then: Mapping[str, Figure],
    names: tuple[str, str] = ("anordnare", "anordnare"),
) -> Distribution:
    """Count how many providers moved which way beside the total.

    Args:
        indicator: The definition.
        now: The total of the period told of.
        then: The total of the period compared with.
        providers_now: Public value of each provider.
        providers_then: Likewise, for the period compared with.
        names: What they are called: one, and many. Other breakdowns than providers are counted in the same way.
    """
    codes = [code for code in dict.fromkeys((*providers_now, *providers_then)) if code != MERGED]
    up = down = unchanged = not_shown = only_in_one = 0
    for code in codes:
        pair = providers_now.get(code), providers_then.get(code)
        difference = difference_between(indicator, *pair)
        if any(value is not None and value.is_protected for value in pair):
            not_shown += 1
        elif difference is None:
            only_in_one += 1
        elif difference == 0:
            unchanged += 1
        else:
            up, down = (up + 1, down) if difference > 0 else (up, down + 1)
    total = _direction(indicator, now, then)
    same, other = (up, down) if total == 1 else (down, up)
    moved = total in (1, -1)
    has_merged = MERGED in providers_now or MERGED in providers_then
    is_opposed = moved and other > 0 and other >= MOST * (up + down + unchanged + not_shown)
    is_simpson = (
        is_opposed
        and same == 0
        and other >= 2
        and not not_shown
        and not has_merged
        and indicator.kind in ("share", "mean", "ratio")
    )
    found = Distribution(
        total, up, down, unchanged, not_shown, only_in_one, has_merged, is_opposed, is_simpson, sentences=()
    )
    return replace(found, sentences=_sentences(indicator, found, names))


def _direction(indicator: Indicator, now: Figure | None, then: Figure | None) -> Direction | None:
    difference = difference_between(indicator, now, then)
    if difference is None:
        return None
    return 0 if difference == 0 else 1 if difference > 0 else -1


def _sentences(indicator: Indicator, found: Distribution, names: tuple[str, str]) -> tuple[str, ...]:
    told = [_movements(indicator, found, names)] if found.compared else []
    if found.is_opposed and found.total:
        way, against, most = ("ökade", "minskade", found.down) if found.total > 0 else ("minskade", "ökade", found.up)
        least, every = "minst " if found.not_shown else "", counted(found.compared + found.not_shown, *names)
        among = (
            ("båda" if most == 2 else f"alla {every}")
            if most == found.compared + found.not_shown > 1
            else f"{least}{most} av {every}"
        )
        told.append(f"Totalen {way}, men värdet {against} för {among}.")
        if found.is_simpson:
            told.append(f"Att totalen ändå {way} beror på att fördelningen mellan {names[1]} har ändrats.")
    if found.not_shown:
        told.append(f"För {counted(found.not_shown, *names)} visas ingen jämförelse, eftersom den kan röja en person.")
    if found.only_in_one:
        told.append(f"För {counted(found.only_in_one, *names)} finns värde bara för den ena perioden.")
    if found.has_merged:
        told.append(f"Små {names[1]} som redovisas tillsammans ingår inte i jämförelsen.")
    return tuple(told)


def _movements(indicator: Indicator, found: Distribution, names: tuple[str, str]) -> str:
    """``Av 5 anordnare som kan jämföras har 3 fått fler och 2 färre.``; a way that none has gone is not told."""
    ways = (
        ("fått fler", "fler"),
        ("fått färre", "färre"),
        ("lika många", "lika många"),
    )
    if indicator.kind != "count":
        ways = (
            ("ett högre värde", "ett högre"),
            ("ett lägre värde", "ett lägre"),
            ("ett oförändrat värde", "ett oförändrat"),
        )
    moved = [(count, *way) for count, way in zip((found.up, found.down, found.unchanged), ways, strict=True) if count]
    if len(moved) > 1:
        parts = [f"{count} {short if place else full}" for place, (count, full, short) in enumerate(moved)]
        return f"Av {counted(found.compared, *names)} som kan jämföras har {', '.join(parts[:-1])} och {parts[-1]}."
    every = {1: f"Den enda {names[0]}", 2: f"Båda de {names[1]}"}.get(
        found.compared, f"Alla {counted(found.compared, *names)}"
    )
    return f"{every} som kan jämföras har {moved[0][1]}."
