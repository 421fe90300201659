"""Spot checks of payments: how the samples of a year stand, and the population that one is drawn from.

What is told here of a sample is counts over all its providers: no payment, no person, no single provider. Drawing and
recording: :mod:`arshjul.registers.drawing`.

Source: Kvalitetsrapport 2018 för arbetsmarknadsinsatser, Nacka kommun, "Ekonomiska konsekvenser": "Stickprov genomförs
löpande" (R66); facts/privacy.md §4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection

from arshjul.catalogue.register_rules import PaymentTolerance
from arshjul.catalogue.yaml_files import as_definition
from arshjul.lineage.statements import LEDGER
from arshjul.periods import Period
from arshjul.registers.payments import beyond_tolerance, provider_payments
from arshjul.registers.sampling import Population, upper_bound

Outcome = Literal["utan_avvikelse", "avvikelse", "ej_genomford"]
OUTCOME_WORDS: dict[Outcome, str] = {
    "utan_avvikelse": "utan avvikelse",
    "avvikelse": "avvikelse",
    "ej_genomford": "ej genomförd",
}


@dataclass(frozen=True)
class SpotCheck:
    """One promised sample, drawn or not.

    Attributes:
        period: Key of the period whose payments are sampled.
        diary: What the municipality's register calls the matter.
        closes_on: Last day on which providers delivered for the period.
        committed_on: The day of the promise; never later than ``closes_on``.
        drawn_on: The day of the draw; ``None`` until then.
        tolerated: Share of faults that the sample was to rule out, 0–1.
        confidence: How surely, 0–1.
        population: Number of payments it was drawn from; 0 until then.
        size: Number of payments drawn.
        checked: Of them, checked with a result.
        faults: Of those checked, with a fault.
        not_done: Of those drawn, that could not be checked, for a stated reason.
        actions: Actions (``atgard_id``) that follow from faults.
        unanswered_faults: Faults that no action follows from.
        seed: What decided the draw, in hexadecimal; empty until then.
    """

    period: str
    diary: str
    closes_on: date
    committed_on: date
    drawn_on: date | None
    tolerated: float
    confidence: float
    population: int
    size: int
    checked: int
    faults: int
    not_done: int
    actions: tuple[str, ...]
    unanswered_faults: int
    seed: str

    @property
    def waiting(self) -> int:
        """Drawn and not yet dealt with."""
        return self.size - self.checked - self.not_done

    @property
    def fault_rate(self) -> Decimal | None:
        """Faults among those checked, 0–1; ``None`` when none is."""
        return Decimal(self.faults) / self.checked if self.checked else None

    @property
    def at_most(self) -> float | None:
        """The largest share of faults that the checked payments do not rule out, 0–1; ``None`` when none is checked.

        Clopper and Pearson's one-sided bound at ``confidence``, as if all payments had the same chance to be drawn.
        """
        return upper_bound(self.checked, self.faults, self.confidence) if self.checked else None


@dataclass(frozen=True)
class Promise:
    """One promised sample as the ledger has it, with all that a new draw of it needs.

    Attributes:
        spot_check_id: Its number.
        period: Key of the period.
        first_day: First day of the period.
        last_day: Last day of the period.
        diary: Part of the seed.
        closes_on: Last day on which providers deliver for the period.
        rules: How many are drawn, of whom, and with what weight, as fixed with the promise.
        commitment: SHA-256 of the secret number.
        sealed_nonce: The secret number, encrypted.
        on_day: The day of the promise.
        committed_at: When, by the database's clock.
        draw: The draw, or ``None``.
    """

    spot_check_id: int
    period: str
    first_day: date
    last_day: date
    diary: str
    closes_on: date
    rules: Mapping[str, Any]
    commitment: str
    sealed_nonce: bytes
    on_day: date
    committed_at: datetime
    draw: Draw | None


@dataclass(frozen=True)
class Draw:
    """A draw as the ledger has it.

    Attributes:
        as_of: Point of knowledge at which the population is frozen.
        nonce: The secret number, told.
        manifest_sha256: Hash of the frozen population.
        seed: In hexadecimal.
        population: Number of payments.
        items: Item to provider.
        complete_on: Last day on which payments were to be in.
        on_day: The day of the draw.
        drawn_at: When, by the database's clock.
    """

    as_of: datetime
    nonce: bytes
    manifest_sha256: str
    seed: str
    population: int
    items: Mapping[str, str]
    complete_on: date
    on_day: date
    drawn_at: datetime


@dataclass(frozen=True)
class Result:
    """The newest result of one drawn item; ``None`` for what is still to be checked is no result at all."""

    item: str
    outcome: Outcome
    reason: str | None
    action_id: str | None
    recorded_by: str
    on_day: date


def spot_checks(connection: Connection, as_of: datetime, year: int) -> tuple[SpotCheck, ...]:
    """List the samples of periods of a year, with how the checking of each stands.

    Args:
        connection: Under any role that reads, the reports' too.
        as_of: Point of knowledge: what was recorded later is not there.
        year: The year of the periods.

    Returns:
        By the period's last day.
    """
    rows = LEDGER.fetch_all(connection, "report/spot_checks.sql", as_of=as_of, year=year)
    return tuple(SpotCheck(**{**row, "actions": tuple(row["actions"])}) for row in rows)


def find_promise(connection: Connection, period: Period) -> Promise | None:
    """Read the promised sample of a period, or ``None``.

    Args:
        connection: Under the role that computes or audits.
        period: The period.
    """
    row = LEDGER.fetch_one(connection, "report/find_spot_check.sql", period=period.key)
    if row is None:
        return None
    promise = {name: row[name] for name in Promise.__dataclass_fields__ if name != "draw"}
    draw = {name: row[f"draw_{name}"] for name in Draw.__dataclass_fields__}
    promise["sealed_nonce"] = bytes(promise["sealed_nonce"])
    if draw["as_of"] is None:
        return Promise(**promise, draw=None)
    draw["nonce"] = bytes(draw["nonce"])
    return Promise(**promise, draw=Draw(**draw))


def results(connection: Connection, promise: Promise) -> dict[str, Result]:
    """Read the newest result of every item that has one.

    Args:
        connection: Under the role that computes or audits.
        promise: From :func:`find_promise`.
    """
    rows = LEDGER.fetch_all(connection, "report/spot_check_results.sql", spot_check_id=promise.spot_check_id)
    return {row["item"]: Result(**row) for row in rows}


def population(connection: Connection, promise: Promise, as_of: datetime) -> Population:
    """Read the payments of a promised sample's period, as known at a time, and who weighs more.

    A provider weighs more when its payments of some month of the period differ from what was performed beyond the
    tolerance that was in force at the promise.

    Args:
        connection: Under the role that computes or audits.
        promise: From :func:`find_promise`.
        as_of: Point of knowledge; the same gives the same population for ever.
    """
    span = {"first_day": promise.first_day, "last_day": promise.last_day}
    rows = LEDGER.fetch_all(connection, "report/sampled_payments.sql", as_of=as_of, **span)
    tolerance = as_definition(dict(promise.rules["payments"]), PaymentTolerance)
    amounts = provider_payments(connection, as_of, promise.first_day, promise.last_day)
    risky = {one.provider for one in beyond_tolerance(amounts, tolerance)}
    return Population(
        {row["payment"]: row["provider"] for row in rows},
        {provider: int(promise.rules["spot_checks"]["risk_weight"]) for provider in risky},
    )
