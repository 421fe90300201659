"""The facts of an account of quality, made from a table of figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from tests.prose.told import Account, Result, Survey

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.indicators import load_indicators
from arshjul.catalogue.prose import load_wordings
from arshjul.comparison.targets import Goal
from arshjul.comparison.values import PublicValue, scale
from arshjul.periods import Period, Year, parse_month, parse_period
from arshjul.prose.facts import Count, Covers, Held, Limit, Measured, Names, Span, Target, Trend
from arshjul.prose.swedish import Noun

INCLUDE = Path(__file__).resolve().parents[2] / "include"
INDICATORS = load_indicators(INCLUDE)
WORDINGS = load_wordings(INCLUDE)
WORDING = WORDINGS.at(Year(2018))
REASONS = frozenset(code.title for code in load_codelists(INCLUDE)["avslutsorsaker"].codes)
PROVIDERS = Noun("anordnare", "anordnare")
PERSONS = Noun("person", "personer")

Table = Mapping[str, Mapping[str, Any]]

_OUTCOME, _DAYS = "maluppfyllelse", "insatsdagar_till_egen_forsorjning"


def golden() -> dict[str, dict[str, Any]]:
    """Read the thirty figures: id → fact → what it is, and ``changed``."""
    read: dict[str, dict[str, Any]] = yaml.safe_load(
        (Path(__file__).parent / "golden" / "nacka.yaml").read_text(encoding="utf-8")
    )
    return read


def as_table(figures: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Put the facts of all figures in one table."""
    return {name: fact for figure in figures.values() for name, fact in figure.items() if name != "changed"}


def measured(
    indicator_id: str, value: float | str | None, period: Period, part: str = "", *, name: str = "", **fields: Any
) -> Measured:
    """A figure as readers see it, without the counts behind it."""
    indicator, subject = INDICATORS[indicator_id], WORDINGS.of(indicator_id)
    assert subject is not None
    exact = None if value is None else PublicValue(None, None, Decimal(str(value)) / scale(indicator), 100)
    fact_id = name or f"{indicator_id}/{period.key}/{part}"
    return Measured(
        fact_id, "test", indicator, period, exact, subject=subject.subject, bare=subject.bare, part=part, **fields
    )


def target(percent: float | str, *, tolerance: str | None = None, name: str = "mål") -> Target:
    """The board's goal for how many reach it."""
    goal = Goal(
        mal_id=name,
        level="namnd",
        parent_id=None,
        goal="Fler i egen försörjning",
        indicator_id=_OUTCOME,
        insatstyp=None,
        target=Decimal(str(percent)),
        direction="upp",
        tolerance=None if tolerance is None else Decimal(tolerance),
        is_followed=True,
        closed_from=None,
        version=1,
        version_from=datetime(2017, 1, 1, tzinfo=UTC),
        delivery_id=1,
    )
    return Target(name, "register", goal)


def account(table: Table) -> Account:
    """Make the account of a table of facts."""

    def figure(name: str, indicator_id: str) -> Measured:
        fact = table[name]
        return measured(indicator_id, fact["value"], parse_period(fact["period"]), fact.get("part", ""), name=name)

    def count(name: str, noun: Noun, period: str) -> Count:
        return Count(name, "register", table[name]["count"], noun, parse_period(period))

    def limit(name: str) -> Limit:
        period = table[name].get("period")
        return Limit(name, "regel", Decimal(str(table[name]["limit"])), parse_period(period) if period else None)

    def names(name: str) -> Names:
        return Names(
            name, "register", tuple(table[name]["names"]), REASONS if name in ("common", "few") else frozenset()
        )

    def span(name: str) -> Span:
        return Span(name, "regel", *(Decimal(str(table[name][end])) for end in ("low", "high")))

    def held(name: str) -> Held:
        return Held(name, "årshjulet", parse_month(table[name]["month"]))

    def trend(name: str) -> Trend:
        fact = table[name]
        return Trend(name, "beräkning", fact["subject"], parse_period(fact["since"]), fact["direction"])

    programmes = ("jobbpeng_grund", "jobbpeng_forstarkt", "sprak_och_arbetsintroduktion")
    blocks = ("bemotande", "mal", "paverkan", "arbetslivet")
    goal = target(table["target"]["target"], name="target")
    return Account(
        covers=Covers(
            "covers", "rapporten", table["covers"]["year"], tuple(map(parse_period, table["covers"]["periods"]))
        ),
        signatories=names("signatories"),
        met=count("met", PROVIDERS, "2018-05"),
        providers=count("providers", PROVIDERS, "2017"),
        more_than=limit("more_than"),
        survey_held=held("survey_held"),
        dialogue_held=held("dialogue_held"),
        survey=Survey(
            answered=count("answered", PERSONS, "2018"),
            asked=count("asked", PERSONS, "2018"),
            rate=figure("rate", "svarsfrekvens"),
            earlier_rate=figure("earlier_rate", "svarsfrekvens"),
            low=limit("low"),
            scale=span("scale"),
            above=Limit("above", "regel", Decimal(4)),
            grades=tuple(figure(name, "kundnojdhet") for name in blocks),
            earlier_grades=tuple(figure(f"{name}_2017", "kundnojdhet") for name in blocks),
            items=tuple(figure(name, "kundnojdhet") for name in ("item_behandlad", "item_tydliga_mal")),
        ),
        result=Result(
            outcome=figure("outcome", _OUTCOME),
            earlier=figure("earlier_outcome", _OUTCOME),
            target=goal,
            programmes=tuple(figure(name, _OUTCOME) for name in programmes),
            programme_targets=(goal,) * len(programmes),
            success=names("success"),
            common=names("common"),
            few=names("few"),
            days=(figure("days_2016", _DAYS), figure("days_2017", _DAYS)),
            days_lately=figure("days_lately", _DAYS),
        ),
        customers=trend("customers"),
        measures=trend("measures"),
        per_coach=measured("kunder_per_coach", "27.4", Year(2017)),
        coaches=tuple(
            measured("kunder_per_coach", value, Year(2017), name)
            for value, name in (("25.0", "A"), ("30.0", "B"), ("31.0", "C"), ("24.9", "D"))
        ),
        caseload=span("caseload"),
        followed_up=span("followed_up"),
    )
