"""The way to self-support: how long it takes, how far those come who do not reach it, and whether it lasts."""

from __future__ import annotations

from arshjul.comparison.uncertainty import coverage_sentence, interval_sentence
from arshjul.reports import tables
from arshjul.reports.blocks import Block, BulletList, Heading, Paragraph, plain
from arshjul.reports.facts import Facts
from arshjul.reports.figures import (
    change_sentence,
    compared,
    has_anything,
    has_nothing_beside,
    main_period,
    statement,
    told,
    usual_periods,
)
from arshjul.reports.trends import series

DAYS = "insatsdagar_till_egen_forsorjning"
STEPS = ("stegforflyttning", "stegforflyttning_medel", "trappmatning_tackning")
LASTING = (
    "kvar_i_egen_forsorjning_3m",
    "uppfoljning_tackning_3m",
    "kvar_i_egen_forsorjning_6m",
    "uppfoljning_tackning_6m",
    "kvar_i_egen_forsorjning_12m",
    "uppfoljning_tackning_12m",
)


def coverage(facts: Facts, indicator_id: str) -> str:
    """How many stand behind the total of an indicator, as a sentence; empty when it has no such measure."""
    rule = facts.context.uncertainty.coverage_of(indicator_id)
    measure = facts.indicators.get(rule.coverage) if rule else None
    value = facts.current.get(rule.coverage) if rule else None
    return coverage_sentence(rule, measure, value) or ""


def with_certainty(facts: Facts, indicator_id: str, subject: str) -> str:
    """Tell a total, its change since a year earlier or else the period before, its interval and how many stand behind."""
    sentences = [statement(facts, indicator_id, subject, main_period(facts, indicator_id))]
    value = facts.current.get(indicator_id)
    if told(facts.indicators[indicator_id], value) is not None:
        sentences.append(interval_sentence(facts.indicators[indicator_id], value) or "")
        sentences.append(coverage(facts, indicator_id))
    return " ".join(filter(None, sentences))


def days_chapter(facts: Facts) -> list[Block]:
    """Write the chapter on days to self-support."""
    indicator, value = facts.indicators[DAYS], facts.current.get(DAYS)
    before = facts.period.previous
    sentences = [
        "Måttet är antalet kalenderdagar från insatsens första till sista dag, för dem som nådde egen försörjning.",
        statement(facts, DAYS, "Tiden till egen försörjning", before),
    ]
    if told(indicator, value) is not None:
        others = [one for one in usual_periods(facts) if one != before and not has_nothing_beside(facts, one)]
        sentences += [change_sentence(compared(facts, DAYS, period)) for period in others]
        sentences.append(interval_sentence(indicator, value) or "")
    sentences.append("Medianen påverkas mindre av enstaka långa insatser.")
    return [
        Heading("Tid till egen försörjning"),
        Paragraph(plain(" ".join(filter(None, sentences)))),
        *series(facts, DAYS, "Insatsdagar", "Genomsnitt för insatser som avslutades och ledde till egen försörjning"),
        *tables.filled(
            tables.per_breakdown(
                facts,
                (DAYS, f"{DAYS}_median"),
                "insatstyp",
                "dagar",
                "Insatsdagar till egen försörjning per insats",
                "Dagar per insats",
            )
        ),
    ]


def steps_chapter(facts: Facts) -> list[Block]:
    """Write the chapter on steps; one sentence when nobody has been measured."""
    explanation = (
        "Trappan visar hur deltagarna rör sig mot arbete, också de som inte nådde hela vägen. Bara avslutade insatser med "
        "placering både vid anvisning och vid avslut kan mätas."
    )
    if not has_anything(facts, STEPS[:2]):
        nothing = f"{explanation} Ingen sådan insats avslutades under {facts.period.title}."
        return [Heading("Stegförflyttning"), Paragraph(plain(nothing))]
    return [
        Heading("Stegförflyttning"),
        Paragraph(
            plain(f"{explanation} {with_certainty(facts, STEPS[0], 'Andelen som har tagit minst ett steg uppåt')}")
        ),
        *tables.filled(
            tables.per_breakdown(facts, STEPS, "insatstyp", "steg", "Stegförflyttning och täckning per insats", "Steg")
        ),
    ]


def lasting_chapter(facts: Facts) -> list[Block]:
    """Write the chapter on those who still support themselves; one sentence when nobody was to be followed up."""
    explanation = (
        "De som nådde egen försörjning följs upp efter tre, sex och tolv månader. Andelen gäller dem som gick att nå."
    )
    if not has_anything(facts, LASTING):
        nothing = f"{explanation} Ingen uppföljning finns att redovisa för {facts.period.title}."
        return [Heading("Kvar i egen försörjning"), Paragraph(plain(nothing))]
    return [
        Heading("Kvar i egen försörjning"),
        Paragraph(plain(explanation)),
        *lasting_items(facts),
        tables.comparison(facts, LASTING, "varaktighet", "Kvar i egen försörjning, med täckning", "Kvar i försörjning"),
    ]


def lasting_items(facts: Facts) -> list[Block]:
    """List the share that is left at each follow-up that has been made; nothing when none has."""
    months = {3: "tre", 6: "sex", 12: "tolv"}
    items = [
        with_certainty(facts, f"kvar_i_egen_forsorjning_{number}m", f"Andelen kvar efter {name} månader")
        for number, name in months.items()
        if has_anything(facts, (f"kvar_i_egen_forsorjning_{number}m",))
    ]
    return [BulletList(tuple(plain(item) for item in items))] if items else []
