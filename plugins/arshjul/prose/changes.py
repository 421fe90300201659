"""Rules that say how a figure has changed: since another period, over several, and how it is spread.

The arithmetic is the comparison room's: differences are taken between values as readers see them, and chance is judged there.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from arshjul.catalogue.prose import Wording
from arshjul.comparison.change import (
    NOT_COMPARABLE,
    OTHER_PERIOD,
    Comparison,
    compare,
    difference_between,
)
from arshjul.comparison.distribution import distribution_of_change
from arshjul.comparison.numbers import number
from arshjul.comparison.values import MERGED, PublicValue, amount_of_change, is_percent
from arshjul.periods import Month, Period, Tertial, Year
from arshjul.prose.facts import Measured, Trend
from arshjul.prose.statements import Refused, rule
from arshjul.prose.swedish import Noun, during, in_the_course_of, sentence_case, some, some_of

_HAVE_GONE = {1: "har ökat", -1: "har minskat", 0: "har ingen tydlig riktning"}


def require_shown(fact: Measured) -> Decimal:
    """Return a figure as readers see it.

    Raises:
        Refused: There is none, or it is withheld.
    """
    if fact.is_protected:
        raise Refused(
            f"{sentence_case(fact.name)} {during(fact.period)} visas inte, eftersom uppgiften kan röja en person."
        )
    if fact.shown is None:
        raise Refused(f"{sentence_case(fact.name)} {during(fact.period)} går inte att redovisa: uppgift saknas.")
    return fact.shown


@rule
def change(wording: Wording, now: Measured, then: Measured) -> str:
    """Tell how a figure has changed since another period.

    Without a stored earlier value it is said that there is none (trap T8, R58). A tertial beside a year is marked and its
    size of change is not told (T10, R59). Other wordings of a question do not compare (R35). What chance gives is told
    where that is known, and what is within it is neither better nor worse (T9).

    Source: N15 "har ökat från … till", "marginell nedgång"; N33 "har förbättrats".
    """
    require_shown(now)
    if now.wording != then.wording:
        raise Refused(
            f"{sentence_case(now.name)} kan inte jämföras med {then.period.title}, eftersom frågan har formulerats om."
        )
    found = compare(now.indicator, now.value, then.value, now.period, then.period)
    if found.state == "annan_period":
        return _beside_unlike(wording, now, then)
    if found.difference is None:
        raise Refused(_no_comparison(now, found))
    if not found.difference:
        return f"{sentence_case(now.name)} var {now.told} {during(now.period)}, oförändrat jämfört med {then.period.title}."
    size = amount_of_change(now.indicator, found.difference)
    told = (
        f"{sentence_case(now.name)} har {'ökat' if found.difference > 0 else 'minskat'} med {size}, från {then.told} "
        f"{during(then.period)} till {now.told} {during(now.period)}."
    )
    if _is_marginal(wording, now, found.difference, then.shown):
        noun = "ökning" if found.difference > 0 else "nedgång"
        told = (
            f"{sentence_case(now.name)} var {now.told} {during(now.period)}, en marginell {noun} från {then.told} "
            f"{during(then.period)}."
        )
    elif now.indicator.good != "none" and found.is_beyond_chance is not False:
        is_better = (now.indicator.good == "up") == (found.difference > 0)
        told += f" Det är en {'förbättring' if is_better else 'försämring'}."
    return " ".join(filter(None, (told, found.caution, found.chance)))


@rule
def since_the_like(_: Wording, now: Measured, then: Measured) -> str:
    """Tell how a figure just told differs from the same period a year earlier, without telling the figure again.

    Source: N15, where the tertial stands beside years that it cannot be compared with (trap T10, R59).
    """
    require_shown(now)
    found = compare(now.indicator, now.value, then.value, now.period, then.period)
    if found.difference is None:
        raise Refused(_no_comparison(now, found))
    if not found.difference:
        return f"{sentence_case(now.name)} är densamma som {during(then.period)}."
    told = f"{sentence_case(now.name)} är {found.words}, då den var {then.told}."
    return " ".join(filter(None, (told, found.caution, found.chance)))


@rule
def level(_: Wording, now: Measured) -> str:
    """Tell a figure alone, where it is said elsewhere that there is nothing at all to compare with (trap T8).

    Source: N15 "240 dagar under 2017"; R58.
    """
    seen = require_shown(now)
    # "Antalet insatser var 400 insatser" says the same word twice.
    told = number(seen) if now.indicator.kind == "count" else now.told
    return f"{in_the_course_of(now.period)} var {now.name} {told}."


def _no_comparison(now: Measured, found: Comparison) -> str:
    name, then = sentence_case(now.name), found.then_period.title
    if found.words == NOT_COMPARABLE:
        return f"{name}, {now.told} {during(now.period)}, kan inte jämföras bakåt: {NOT_COMPARABLE} för {then}."
    return f"{name} var {now.told} {during(now.period)}. Jämförelsen med {then} visas inte, eftersom den kan röja en person."


def _beside_unlike(wording: Wording, now: Measured, then: Measured) -> str:
    difference = difference_between(now.indicator, now.value, then.value)
    if difference is None:
        raise Refused(
            f"{sentence_case(now.name)} var {now.told} {during(now.period)}; {NOT_COMPARABLE} för {then.period.title}."
        )
    marginal = "marginell " if _is_marginal(wording, now, difference, then.shown) else ""
    noun = "uppgång" if difference > 0 else "nedgång"
    way = f"en {marginal}{noun} från" if difference else "oförändrat mot"
    return (
        f"{sentence_case(now.name)} var {now.told} {during(now.period)}, {way} {then.told} {during(then.period)} "
        f"({OTHER_PERIOD}: {_length(now.period)} bredvid {_length(then.period)})."
    )


def _length(period: Period) -> str:
    if isinstance(period, Month):
        return "en månad"
    if isinstance(period, Tertial):
        return "ett tertial"
    return "ett helår" if isinstance(period, Year) else "en del av ett år"


def _is_marginal(wording: Wording, now: Measured, difference: Decimal, then: Decimal | None) -> bool:
    """By percentage points for percent, else relative to the earlier value."""
    if is_percent(now.indicator):
        return abs(difference) <= wording.marginal_points
    return bool(then) and 100 * abs(difference) < wording.marginal_below * abs(then or Decimal(0))


@rule
def trends(_: Wording, first: Trend, second: Trend) -> str:
    """Tell which way two figures have gone over several periods.

    Source: N15 "både antalet kunder som antalet insatser ökar sedan 2014" (R50).
    """
    for one in (first, second):
        if one.since is None:
            raise Refused(f"Det finns för få perioder för att säga vart {one.subject} är på väg.")
    if first.since is None or second.since is None:
        raise AssertionError("told above")
    if (first.direction, first.since) == (second.direction, second.since) and first.direction:
        return f"Både {first.subject} och {second.subject} {_HAVE_GONE[first.direction]} sedan {first.since.title}."
    clauses = [
        f"{one.subject} {_HAVE_GONE[one.direction]} sedan {one.since.title}" for one in (first, second) if one.since
    ]
    return f"{sentence_case(clauses[0])}, medan {clauses[1]}."


@rule
def risen(wording: Wording, now: Sequence[Measured], then: Sequence[Measured]) -> str:
    """Tell in how many parts a grade has risen since the year before; parts that were asked otherwise are left out.

    Source: N25 "Kundnöjdheten har också ökat från föregående år"; R35, R57.
    """
    earlier = {one.part: one for one in then}
    pairs = [
        (one, earlier[one.part]) for one in now if one.part in earlier and earlier[one.part].wording == one.wording
    ]
    found = [compare(new.indicator, new.value, old.value, new.period, old.period) for new, old in pairs]
    moved = [one.difference for one in found if one.difference is not None]
    subject, since = now[0].subject, then[0].period.title if then else now[0].period.same_last_year.title
    if not moved:
        raise Refused(f"Hur {subject} har ändrats går inte att säga: {NOT_COMPARABLE} för {since}.")
    up, down = sum(one > 0 for one in moved), sum(one < 0 for one in moved)
    left = len(now) - len(moved)
    rest = f" {sentence_case(some(left, AREA, wording.in_words))} kan inte jämföras." if left else ""
    if up == len(moved):
        those = f"{all_areas(up, wording)}{' som kan jämföras' if left else ''}"
        return f"{sentence_case(subject)} har ökat i {those} sedan {since}.{rest}"
    way = f"ökat i {some_of(up, len(moved), AREA, wording.in_words)}" if up else "inte ökat i något frågeområde"
    fell = f" och minskat i {some(down, AREA, wording.in_words)}" if down else ""
    return f"{sentence_case(subject)} har {way}{fell} sedan {since}.{rest}"


AREA = Noun("frågeområde", "frågeområden", "ett")
"""What the survey's blocks are called."""


def all_areas(count: int, wording: Wording) -> str:
    """``samtliga fyra frågeområden``, ``båda frågeområdena``, ``det enda frågeområdet``."""
    if count == 1:
        return "det enda frågeområdet"
    return "båda frågeområdena" if count == 2 else f"samtliga {some(count, AREA, wording.in_words)}"


@rule
def total_and_providers(
    _: Wording,
    now: Measured,
    then: Measured,
    providers_now: Sequence[Measured],
    providers_then: Sequence[Measured],
) -> str:
    """Tell how the change of a total is spread over providers: it may rise while most of them fall.

    Source: N15 and N43, which are both true (trap T11, R41).
    """
    require_shown(now)
    found = distribution_of_change(
        now.indicator,
        now.value,
        then.value,
        _by_part(providers_now),
        _by_part(providers_then),
    )
    if not found.compared:
        raise Refused(f"Hur {now.name} har ändrats hos anordnarna går inte att säga: {NOT_COMPARABLE}.")
    return " ".join(found.sentences)


def _by_part(parts: Sequence[Measured]) -> dict[str, PublicValue]:
    """The values by part; those that are put together stand under the name that the comparison room knows them by."""
    return {MERGED if one.is_merged else one.part: one.value for one in parts if one.value is not None}
