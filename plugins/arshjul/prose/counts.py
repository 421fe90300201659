"""Rules that say how many there were, which they were and when: what figures are about rather than how they have moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, TypeAlias, get_args

from arshjul.catalogue.prose import Wording
from arshjul.comparison.numbers import number, rounded
from arshjul.periods import Year
from arshjul.prose.changes import require_shown
from arshjul.prose.facts import Count, Covers, Held, Limit, Measured, Names, Span
from arshjul.prose.statements import Refused, rule
from arshjul.prose.swedish import (
    Noun,
    all_of,
    during,
    in_the_course_of,
    in_words,
    inside,
    limit_in_words,
    listed,
    sentence_case,
    some,
    some_of,
)

Place: TypeAlias = Literal["inom", "under", "över"]
"""Where a figure lies beside a span."""


@rule
def response(_: Wording, answered: Count, asked: Count, rate: Measured) -> str:
    """Tell how many answered the whole survey of those asked, and the rate, which must be their quotient.

    Source: N13, N33 "109 av 347 personer har svarat på hela undersökningen" (G1–G3, R33, R34).
    """
    seen = require_shown(rate)
    if answered.count is None or asked.count is None:
        raise Refused("Hur många som har svarat på enkäten går inte att redovisa: uppgift saknas.")
    if not 0 <= answered.count <= asked.count or not asked.count:
        raise Refused("Antalet som har svarat på enkäten går inte ihop med antalet som har fått den.")
    if rounded(Decimal(100 * answered.count) / asked.count, rate.indicator.decimals) != seen:
        raise Refused(
            f"Svarsfrekvensen redovisas inte: {number(answered.count)} av {number(asked.count)} är inte {rate.told}."
        )
    return (
        f"Av {number(asked.count)} tillfrågade har {number(answered.count)} besvarat hela enkäten {during(rate.period)}. "
        f"Svarsfrekvensen är {rate.told}."
    )


@rule
def dialogues(wording: Wording, met: Count) -> str:
    """Tell how many providers the year's dialogue was held with.

    Source: N13, N33 "nio anordnare" (G6, R80).
    """
    if met.count is None:
        raise Refused("Hur många anordnare dialogen har förts med går inte att redovisa: uppgift saknas.")
    if not met.count:
        return f"Ingen kvalitetsdialog har förts {during(met.period)}."
    return f"Kvalitetsdialog fördes med {some(met.count, met.noun, wording.in_words)} {during(met.period)}."


@rule
def share_met(wording: Wording, met: Count, all_of_them: Count) -> str:
    """Tell how many of all providers the dialogue reached.

    Source: N13 and N43, nine of 31 (G6, G8).
    """
    if met.count is None or not all_of_them.count:
        raise Refused("Hur stor del av anordnarna dialogen nådde går inte att säga: uppgift saknas.")
    if met.count > all_of_them.count:
        raise Refused(
            f"Dialogen kan inte ha förts med fler anordnare ({number(met.count)}) än det fanns ({number(all_of_them.count)})."
        )
    if met.count == all_of_them.count:
        return f"Dialogen nådde {all_of(met.count, met.noun, wording.in_words)}."
    part = some_of(met.count, all_of_them.count, met.noun, wording.in_words)
    share = number(Decimal(100 * met.count) / all_of_them.count)
    return f"Dialogen nådde {part} ({share} procent)."


@rule
def there_were(wording: Wording, counted: Count) -> str:
    """Tell how many of something there were in a period.

    Source: N43 "2017 fanns 31 anordnare" (G8, R19).
    """
    if counted.count is None:
        raise Refused(f"Antalet {counted.noun.many} {during(counted.period)} går inte att redovisa: uppgift saknas.")
    return f"{in_the_course_of(counted.period)} fanns {some(counted.count, counted.noun, wording.in_words)}."


@rule
def selected(wording: Wording, limit: Limit) -> str:
    """Tell who was chosen for the dialogue: strictly more customers than the limit.

    Source: N33 "samtliga med fler än tio kunder under 2017" (G7, trap T12, R80).
    """
    more = "fler än" if limit.is_strict else "minst"
    when = f" under {limit.period.title}" if limit.period else ""
    return f"Dialogen gällde anordnare med {more} {limit_in_words(limit.limit, wording.in_words, 'en')} kunder{when}."


@rule
def how_many(wording: Wording, theme: Names, raised: Count, of: Count) -> str:
    """Tell how many of a whole raised a theme, in a word and with the count behind it.

    ``Nästan samtliga anordnare (28 av 31) tar upp ledig kapacitet.`` Small wholes need no word: ``En av två anordnare …``.

    Source: N43 "nästan samtliga anordnare", N61 "flera", N73 "några" (R81).
    """
    if raised.count is None or not of.count or raised.count > of.count:
        raise Refused(f"Hur många {of.noun.many} som tar upp {_told(theme)} går inte att säga.")
    count, whole = raised.count, of.count
    word = wording.quantifier(count, whole)
    if count == whole:
        who = sentence_case(all_of(whole, of.noun, wording.in_words))
    elif count and word:
        who = f"{sentence_case(word)} {of.noun.many} ({number(count)} av {number(whole)})"
    elif count:
        # A whole that is written with digits would begin the sentence with one.
        is_large = whole > wording.in_words
        few = f"{of.noun.article} {of.noun.one} ({number(count)} av {number(whole)})"
        who = sentence_case(few if is_large and count == 1 else some_of(count, whole, of.noun, wording.in_words))
    else:
        who = f"{'Inget' if of.noun.article == 'ett' else 'Ingen'} av {some(whole, of.noun, wording.in_words)}"
    return f"{who} tar upp {_told(theme)}."


def in_a_cell(wording: Wording, count: int, whole: int) -> str:
    """Write how many of a whole by the same rule as it stands in a table: ``Flera (5 av 9)``, ``Samtliga (9 av 9)``."""
    word = wording.quantifier(count, whole) or ("samtliga" if count == whole else in_words(count, wording.in_words))
    return f"{sentence_case(word)} ({number(count)} av {number(whole)})"


def split_reasons(
    parts: Iterable[Measured], wording: Wording, known: frozenset[str], prefix: str
) -> tuple[Names, Names]:
    """Part reasons that are common from those that are few; what is withheld is in neither.

    Args:
        parts: The share of each reason; its ``part`` is the reason in words.
        wording: From which share a reason is common.
        known: Every reason there is, in words.
        prefix: Begins the ids of the two facts.
    """
    shown = [(one, one.shown) for one in parts if one.shown]
    sizes = {True: [one for one, seen in shown if seen >= 100 * wording.common_share]}
    sizes[False] = [one for one, seen in shown if seen < 100 * wording.common_share]
    both = [
        Names(f"{prefix}/{name}", "avslutsorsaker", tuple(one.part for one in sizes[is_common]), known)
        for name, is_common in (("vanliga", True), ("ovanliga", False))
    ]
    return both[0], both[1]


@rule
def common_reasons(_: Wording, reasons: Names) -> str:
    """Tell the common reasons among those who did not reach the goal.

    Source: N19 "har i stället erbjudits en insats hos Arbetsförmedlingen, svenska för invandrare eller andra studier" (G19).
    """
    which = "Den vanligaste orsaken" if len(reasons.names) == 1 else "De vanligaste orsakerna"
    return f"{which} bland dem som inte nådde målet var {_told(reasons)}."


@rule
def few_reasons(_: Wording, reasons: Names) -> str:
    """Tell the reasons that only a few had among those who did not reach the goal.

    Source: N19 "Ett mindre antal arbetar deltid, är föräldralediga …" (G20).
    """
    return f"Ett fåtal av dem som inte nådde målet hade en annan orsak: {_told(reasons)}."


def _told(names: Names) -> str:
    if not names.names:
        raise Refused("Inga orsaker kan redovisas.")
    if names.known and (unknown := [name for name in names.names if name not in names.known]):
        raise Refused(f"Det finns ingen kod för {listed(unknown)}. Kodlistan behöver kompletteras.")
    return listed([inside(name) for name in names.names])


@rule
def counts_as_success(wording: Wording, outcomes: Names) -> str:
    """Tell what counts as having reached the goal.

    Source: N17 "arbete, studier eller eget företagande" (G30, R47).
    """
    told = _told(outcomes)
    how_many_words = in_words(len(outcomes.names), wording.in_words)
    return f"Som egen försörjning räknas {how_many_words} utfall: {told}."


@rule
def caseload(wording: Wording, whole: Measured, providers: Sequence[Measured], span: Span) -> str:
    """Tell how many customers a coach has, and how many providers are within what is reasonable.

    Source: N65 "mellan 25–30 kunder" (G25, R40).
    """
    seen = require_shown(whole)
    between = f"{number(span.low)}–{number(span.high)}"
    told = (
        f"{in_the_course_of(whole.period)} var {whole.name} {number(seen, whole.indicator.decimals)}, "
        f"{_where(seen, span)} det som räknas som rimligt ({between})."
    )
    found = places(providers, span)
    total, provider = sum(found.values()), Noun("anordnare", "anordnare")
    parts = [f"{in_words(count, wording.in_words)} {where}" for where, count in found.items() if count]
    if total < 2:
        return told
    among = " som kan visas" if total < len(providers) else ""
    if len(parts) == 1:
        [where] = [where for where, count in found.items() if count]
        return f"{told} {sentence_case(all_of(total, provider, wording.in_words))}{among} ligger {where} det."
    return f"{told} Av {some(total, provider, wording.in_words)}{among} ligger {listed(parts)}."


def places(parts: Sequence[Measured], span: Span) -> dict[Place, int]:
    """Count the shown parts that are within a span, below it and above it; those that are put together are no part."""
    found = [_where(one.shown, span) for one in parts if one.shown is not None and not one.is_merged]
    return {one: found.count(one) for one in get_args(Place)}


def _where(number: Decimal, span: Span) -> Place:
    if number < span.low:
        return "under"
    return "över" if number > span.high else "inom"


@rule
def followed_up(wording: Wording, span: Span) -> str:
    """Tell when those who have reached the goal are followed up after they have left.

    Source: N95 "tre till sex månader och ibland längre tid efter avslut" (G26, R55).
    """
    ends = [limit_in_words(end, wording.in_words, "en") for end in (span.low, span.high)]
    return f"Den som har nått egen försörjning följs upp {ends[0]} till {ends[1]} månader efter avslutet."


@rule
def survey_before_dialogue(_: Wording, survey: Held, dialogue: Held) -> str:
    """Tell when the survey and the dialogue were held; the dialogue builds on the survey's answers.

    Source: N13, N33 (G27, R105).
    """
    if survey.month >= dialogue.month:
        raise Refused(
            f"Dialogen i {dialogue.month.title} kan inte bygga på kundenkäten, som gjordes i {survey.month.title}."
        )
    return f"Kundenkäten gjordes i {survey.month.title} och låg till grund för dialogen i {dialogue.month.title}."


@rule
def covers(_: Wording, report: Covers) -> str:
    """Tell which periods a report's figures are of, and that its own year may be another.

    Source: N5 "Kvalitetsrapport 2018", N115 "2017 och tertial 1 2018" (G28, trap T13).
    """
    if not report.periods:
        raise Refused("Det framgår inte vilka perioder rapporten redovisar.")
    told = listed([period.title for period in report.periods])
    other = [period for period in report.periods if isinstance(period, Year) and period.year != report.year]
    mark = " Rapportens år är alltså ett annat än det år som uppgifterna gäller." if other else ""
    return f"Rapporten för {report.year} redovisar uppgifter om {told}.{mark}"


@rule
def signed_by(wording: Wording, functions: Names) -> str:
    """Tell who signs: at least two functions, and never the same twice.

    Source: N117–123 (G29, R93).
    """
    if len(set(functions.names)) < 2 or len(set(functions.names)) < len(functions.names):
        raise Refused("Rapporten behöver skrivas under av två olika funktioner.")
    how_many_words = in_words(len(functions.names), wording.in_words)
    return f"Rapporten skrivs under av {how_many_words} personer: {listed([inside(one) for one in functions.names])}."
