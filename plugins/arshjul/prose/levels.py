"""Rules that say how high a figure is: against a goal or a limit, beside others, as a whole beside its parts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from arshjul.catalogue.prose import Wording
from arshjul.comparison.numbers import number
from arshjul.comparison.targets import judge
from arshjul.comparison.uncertainty import interval_sentence
from arshjul.comparison.values import places_of, with_unit
from arshjul.prose.changes import AREA, all_areas, require_shown
from arshjul.prose.facts import Limit, Measured, Span, Target
from arshjul.prose.statements import Refused, rule
from arshjul.prose.swedish import during, in_words, inside, limit_in_words, listed, sentence_case, some, some_of

_VERDICTS = {"natt": "är nått", "nara": "är inte nått, men nära", "inte_natt": "är inte nått"}
_LEAST = {"dagar": "Kortast"}


@rule
def against_target(_: Wording, value: Measured, target: Target) -> str:
    """Tell a value, how far it is from its goal, and whether the goal is reached, nearly reached or not.

    Source: N17, N37 "uppnåddes inte" (R47, R60).
    """
    seen = require_shown(value)
    found = judge(value.indicator, value.value, target.goal)
    goal = target.goal
    if found.outcome is None or goal.target is None:
        raise Refused(f"Det finns inget mål att jämföra {value.name} med.")
    where = f", {found.distance_words}" if found.distance else ", precis på målet"
    # A threshold that has changed, or a tolerance that decided, is told as the comparison room tells it.
    threshold = found.threshold if goal.version > 1 or found.outcome == "nara" else None
    least = f"{'minst' if goal.direction == 'upp' else 'högst'} {with_unit(value.indicator, goal.target, places_of(goal.target))}"
    limit = "" if threshold else f", {least},"
    told = (
        f"{sentence_case(value.name)} var {with_unit(value.indicator, seen)} {during(value.period)}{where}. "
        f"Målet{limit} {_VERDICTS[found.outcome]}."
    )
    return " ".join(filter(None, (told, threshold, interval_sentence(value.indicator, value.value))))


@rule
def lowest(wording: Wording, values: Sequence[Measured]) -> str:
    """Tell which of several parts has the lowest value; all are named when they share it.

    Source: N17, N37 "Lägst resultat får insatsen …" (R48).
    """
    bare = values[0].bare if values else "värde"
    word = _LEAST.get(values[0].indicator.unit if values else "", "Lägst")
    shown = [(one, one.shown) for one in values if one.shown is not None]
    if len(shown) < 2:
        raise Refused(f"Det går inte att säga vad som har {word.lower()} {bare}, eftersom för få värden kan visas.")
    end = min(seen for _, seen in shown)
    found = [one for one, seen in shown if seen == end]
    if len(found) == len(shown):
        who = "Båda" if len(found) == 2 else f"Alla {in_words(len(found), wording.in_words)}"
        return f"{who} har samma {bare}: {found[0].told}."
    names = listed([inside(one.part) for one in found])
    both = "" if len(found) == 1 else "båda " if len(found) == 2 else "alla "
    among = " av dem som kan visas" if len(shown) < len(values) else ""
    return f"{word} {bare}{among} har {names}, {both}{found[0].told}."


@rule
def best_question(_: Wording, values: Sequence[Measured]) -> str:
    """Tell which of the survey's questions got the highest grade; several are named when they share it.

    Source: N45 "Högst resultat får påståendet om …" (G24).
    """
    shown = [(one, one.shown) for one in values if one.shown is not None]
    if len(shown) < 2:
        raise Refused("Det går inte att säga vilket påstående som får högst omdöme, eftersom för få kan visas.")
    best = max(seen for _one, seen in shown)
    found = [one for one, seen in shown if seen == best]
    what = "påståendet" if len(found) == 1 else "påståendena"
    among = " av dem som kan visas" if len(shown) < len(values) else ""
    return f"Högst omdöme{among} får {what} {listed([f'”{one.part}”' for one in found])}: {found[0].told}."


@rule
def all_above(wording: Wording, values: Sequence[Measured], limit: Limit, scale: Span | None = None) -> str:
    """Tell whether all grades are above a limit, else how many are and which are not.

    Source: N25 "Samtliga omdömen ligger på över fyra poäng av fem möjliga", N45 the scale (G21, G22, R57).
    """
    shown = [(one, one.shown) for one in values if one.shown is not None]
    if not shown:
        raise Refused("Omdömena kan inte redovisas.")
    above = [one for one, seen in shown if limit.is_passed_by(seen)]
    below = [one for one, seen in shown if not limit.is_passed_by(seen)]
    mark = limit_in_words(limit.limit, wording.in_words)
    ends = () if scale is None else (limit_in_words(end, wording.in_words) for end in (scale.low, scale.high))
    on = f" på en skala från {' till '.join(ends)}" if scale else ""
    subject = sentence_case(values[0].subject)
    hidden = len(values) - len(shown)
    rest = f" {sentence_case(some(hidden, AREA, wording.in_words))} kan inte visas." if hidden else ""
    if not below:
        return f"{subject} är över {mark}{on} i {all_areas(len(above), wording)}{' som visas' if hidden else ''}.{rest}"
    word = wording.quantifier(len(above), len(shown))
    told = some_of(len(above), len(shown), AREA, wording.in_words) if above else f"inget {AREA.one}"
    if word and above:
        told = f"{word} {AREA.many} ({told.removesuffix(f' {AREA.many}')})"
    names = listed([f"{inside(one.part)} ({one.told})" for one in below])
    return f"{subject} är över {mark}{on} i {told}. Inte över {mark}: {names}.{rest}"


@rule
def still_low(_: Wording, now: Measured, then: Measured, limit: Limit) -> str:
    """Tell whether a figure is low, and whether it still is: below the limit now and before.

    Source: N33 "Svarsfrekvensen är fortsatt låg" (G5, R34).
    """
    seen = require_shown(now)
    mark, name = with_unit(now.indicator, limit.limit), sentence_case(now.name)
    # The figure itself is told beside how many answered; here it is only held against the limit and its earlier value.
    before = "" if then.shown is None else f", då den var {then.told}"
    was_low = then.shown is not None and then.shown < limit.limit
    if seen >= limit.limit:
        if was_low:
            return f"{name} är inte längre låg: minst {mark}, till skillnad från {then.period.title}{before}."
        return f"{name} är inte låg: minst {mark}."
    if not before:
        return f"{name} är låg: under {mark}. Tidigare värde går inte att visa."
    if was_low:
        both = f"värdena för {now.period.title} och {then.period.title} ({then.told})"
        return f"{name} är fortsatt låg: {both} är båda under {mark}."
    return f"{name} är låg: under {mark}. Så var det inte {during(then.period)}{before}."


@rule
def careful(_: Wording, rate: Measured, low: Limit) -> str:
    """Tell how many stand behind the grades, and to be careful when they are few.

    Source: N33 (31 percent), N45 "relativt jämnt resultat" (trap T9, R34).
    """
    seen = require_shown(rate)
    caution = " och bör därför tolkas försiktigt" if seen < low.limit else ""
    return f"Omdömena {during(rate.period)} bygger på svar från {rate.told} av de tillfrågade{caution}."


@rule
def total_and_parts(_: Wording, total: Measured, parts: Sequence[Measured]) -> str:
    """Tell that a total fits its programmes, and how much of it the one with the lowest value is.

    The total lies between the lowest and the highest; with numerators and denominators their sums are the same. A total
    that does not fit is not told with its parts: one of the figures is wrong.

    Source: N17, total 44 beside 88, 68 and 28 (trap T15, R48).
    """
    seen = require_shown(total)
    shown = sorted(((one.shown, one) for one in parts if one.shown is not None), key=lambda pair: pair[0])
    if len(shown) < len(parts) or len(shown) < 2:
        raise Refused(f"Om {total.name} stämmer med delarna går inte att pröva, eftersom alla delar inte kan visas.")
    name, (low, lowest_part), (high, _highest) = sentence_case(total.name), shown[0], shown[-1]
    amounts = _amounts([total, *parts])
    if not low <= seen <= high or (amounts and not _sums(amounts)):
        raise Refused(
            f"{name}, {total.told}, går inte ihop med delarnas värden. Uppgifterna behöver kontrolleras innan de redovisas."
        )
    told = (
        f"{name}, {total.told}, ligger mellan insatsernas lägsta värde, {with_unit(total.indicator, low)}, och "
        f"högsta, {with_unit(total.indicator, high)}."
    )
    share = share_of(total, lowest_part)
    if share is None:
        return told
    return f"{told} {sentence_case(lowest_part.part)} stod för {number(share)} procent av underlaget."


def share_of(total: Measured, part: Measured) -> Decimal | None:
    """How much of what a total is of that a part is of, in percent; ``None`` when that is not known."""
    amounts = _amounts([total, part])
    return 100 * amounts[1][1] / amounts[0][1] if amounts and amounts[0][1] else None


def _amounts(facts: Sequence[Measured]) -> list[tuple[Decimal, Decimal]]:
    """Numerator and denominator of every figure; nothing when one of them does not have both."""
    found = [
        (one.value.numerator, one.value.denominator)
        for one in facts
        if one.value is not None and one.value.numerator is not None and one.value.denominator is not None
    ]
    return found if len(found) == len(facts) else []


def _sums(amounts: Sequence[tuple[Decimal, Decimal]]) -> bool:
    total, *parts = amounts
    return (sum(one for one, _ in parts), sum(one for _, one in parts)) == total


@rule
def under_definitions(_: Wording, own: Measured, others: Sequence[Measured]) -> str:
    """Tell the same result under several definitions of what counts: it is never one truth.

    Source: N17 and N19, where "studier" both counts and does not (trap T6, R61).
    """
    require_shown(own)
    told = [f"{one.told} {one.subject.removeprefix(f'{own.subject} ')}" for one in others if one.shown is not None]
    if not told:
        raise Refused(f"{sentence_case(own.name)} går inte att visa enligt någon annan definition.")
    return (
        f"{sentence_case(own.name)} {during(own.period)} beror på vad som räknas: "
        f"{listed([f'{own.told} enligt kommunens egen definition', *told])}."
    )
