"""Facts of a made-up municipality, put together by hand: what the chapters are tested on, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.comparisons import load_bridges, load_peers, load_uncertainty
from arshjul.catalogue.indicators import load_indicators
from arshjul.comparison.targets import Goal
from arshjul.lineage.ledger import CheckResult, CheckRun
from arshjul.periods import Period, Tertial
from arshjul.reports.blocks import Block, BulletList, KeyFigures, Paragraph, Table, Text
from arshjul.reports.context import Context, Question
from arshjul.reports.facts import Computed, Facts, Value

INCLUDE = Path(__file__).resolve().parents[2] / "include"
INDICATORS = load_indicators(INCLUDE)
REPORTED = Tertial(2026, 1)
AS_OF = datetime(2026, 5, 12, 8, tzinfo=UTC)
HIDDEN = Value(None, None, None, None, is_protected=True)

Values = Mapping[tuple[str, str], Value]
"""By indicator and cell, the cell as ``insatstyp=a,kon=man`` and empty for the total."""


def share(numerator: int, denominator: int) -> Value:
    return Value(Decimal(numerator), Decimal(denominator), Decimal(numerator) / denominator, denominator)


def count(number: int) -> Value:
    return Value(Decimal(number), None, Decimal(number), number)


def mean(value: str, observations: int, low: str | None = None, high: str | None = None) -> Value:
    ends = (None if end is None else Decimal(end) for end in (low, high))
    exact = Decimal(value)
    return Value(exact * observations, Decimal(observations), exact, observations, False, *ends)


def amount(kronor: int, observations: int = 12) -> Value:
    return Value(Decimal(kronor), None, Decimal(kronor), observations)


def goal(mal_id: str, **changes: object) -> Goal:
    usual = Goal(
        mal_id=mal_id,
        level="namnd",
        parent_id=None,
        goal="65 procent når målet.",
        indicator_id="maluppfyllelse",
        insatstyp=None,
        target=Decimal(65),
        direction="upp",
        tolerance=Decimal(3),
        is_followed=False,
        closed_from=None,
        version=1,
        version_from=AS_OF,
        delivery_id=1,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def computed(period: Period, values: Values) -> Computed:
    found = {}
    for (indicator_id, cell), value in values.items():
        pairs = tuple(sorted((part.split("=")[0], part.split("=")[1]) for part in cell.split(",") if part))
        found[indicator_id, pairs] = value
    return Computed(1, period.key, AS_OF, "", found)


def facts(
    current: Values,
    *,
    last_year: Values | None = None,
    previous: Values | None = None,
    goals: tuple[Goal, ...] = (),
    questions: Mapping[tuple[int, str], Question] | None = None,
    merged: Mapping[str, int] | None = None,
    checks: tuple[CheckResult, ...] = (),
    explanations: Mapping[str, str] | None = None,
) -> Facts:
    """Facts of the first tertial of 2026."""
    now = computed(REPORTED, current)
    then = None if previous is None else computed(REPORTED.previous, previous)
    year_ago = None if last_year is None else computed(REPORTED.same_last_year, last_year)
    stored = ((REPORTED.same_last_year, year_ago), (REPORTED.previous, then), (REPORTED, now))
    return Facts(
        period=REPORTED,
        current=now,
        previous=then,
        last_year=year_ago,
        history=tuple((period, values) for period, values in stored if values is not None),
        indicators=INDICATORS,
        labels={
            "insatstyp": {"a": "Jobbpeng", "b": "Coachning"},
            "anordnare": {"1": "Alfa AB", "2": "Beta AB", "3": "Gamma AB", "ovriga": "Övriga anordnare"},
            "kon": {"kvinna": "Kvinnor", "man": "Män"},
            "block": {"mal": "Mål"},
            "fraga_id": {"F1": "Jag vet vad jag ska göra.", "F2": "Jag får stöd."},
            "avslutsorsak": {"arbete": "Arbete"},
        },
        left_out=(),
        deliveries=(),
        refused=(),
        checks=(CheckRun(1, 1, "indicator", REPORTED.key, AS_OF, 1, AS_OF, "varning", None, checks),) if checks else (),
        context=Context(
            goals=goals,
            revisions=(),
            questions=questions or {},
            official={},
            peers=load_peers(INCLUDE),
            bridges=load_bridges(INCLUDE),
            code_lists=load_codelists(INCLUDE),
            uncertainty=load_uncertainty(INCLUDE),
            explanations=explanations or {},
            merged=merged or {},
        ),
    )


def said(blocks: list[Block]) -> str:
    """Every sentence of some blocks, cards included and tables not, with ordinary spaces."""
    found: list[str] = []

    def runs(text: Text) -> str:
        return "".join(run.text for run in text)

    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(runs(block.text))
        elif isinstance(block, BulletList):
            found += map(runs, block.items)
        elif isinstance(block, KeyFigures):
            found += [
                f"{card.number} {card.unit} {card.text} {card.interval} {card.comparison}" for card in block.cards
            ]
    return "\n".join(found).replace("\u00a0", " ")


def table(blocks: list[Block], table_id: str) -> list[list[str]]:
    """The rows of one table as readers see them, with ordinary spaces."""
    found = next(block for block in blocks if isinstance(block, Table) and block.id == table_id)
    return [[cell.display.replace("\u00a0", " ") for cell in row.cells] for row in found.rows]
