"""What the registers go by, from ``include/registers/rules.yaml``: tolerances, sizes of samples, the survey's window."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from arshjul.catalogue.yaml_files import Definition, read_definition


class PaymentTolerance(Definition):
    """How much a provider's payments of a month may differ from what was performed before somebody is told.

    Attributes:
        kronor: An amount that is always tolerated.
        share: A share (0–1) of what was expected; the larger of the two is tolerated.
    """

    kronor: Decimal
    share: Decimal

    def __attrs_post_init__(self) -> None:
        if self.kronor < 0 or not 0 <= self.share < 1:
            raise ValueError("kronor is not negative, and share lies between 0 and 1")


class SpotCheckRules(Definition):
    """How a sample of payments is drawn.

    Attributes:
        confidence: How sure the sample is to show a fault when ``tolerated`` or more are faulty, 0–1.
        tolerated: Share of faulty payments that the sample is to rule out, 0–1.
        faults_allowed: Faults in the sample with which it still rules that out.
        per_provider: At least so many of every provider.
        risk_weight: A provider whose payments differ beyond the tolerance counts this many times its size.
        diary: What the municipality's register calls the matter; part of the seed.
    """

    confidence: float
    tolerated: float
    faults_allowed: int
    per_provider: int
    risk_weight: int
    diary: str

    def __attrs_post_init__(self) -> None:
        if not (0 < self.confidence < 1 and 0 < self.tolerated < 1):
            raise ValueError("confidence and tolerated lie between 0 and 1")
        if self.faults_allowed < 0 or self.per_provider < 1 or self.risk_weight < 1 or not self.diary.strip():
            raise ValueError(
                "faults_allowed is at least 0, per_provider and risk_weight at least 1, diary is not empty"
            )


class SurveyRules(Definition):
    """When the customer survey runs, and how many must answer.

    Attributes:
        opens: First day, as month and day: ``04-01``.
        closes: Last day to answer, as month and day: ``04-30``.
        minimum_response: The response rate asked for, 0–1.
    """

    opens: str
    closes: str
    minimum_response: Decimal

    def __attrs_post_init__(self) -> None:
        first, last = self.window(2001)
        if first > last or not 0 < self.minimum_response <= 1:
            raise ValueError("the survey opens before it closes, and minimum_response lies between 0 and 1")

    def window(self, year: int) -> tuple[date, date]:
        """Return the first and the last day of a year's survey."""
        return date.fromisoformat(f"{year}-{self.opens}"), date.fromisoformat(f"{year}-{self.closes}")


class EffectRules(Definition):
    """Which missing follow-ups a provider is asked about.

    Attributes:
        asked_months: Those that fell due in so many months back; older ones are only counted.
    """

    asked_months: int

    def __attrs_post_init__(self) -> None:
        if self.asked_months < 1:
            raise ValueError("asked_months is at least 1")


class RegisterRules(Definition):
    """Everything in the file; the parts say what they mean."""

    payments: PaymentTolerance
    spot_checks: SpotCheckRules
    survey: SurveyRules
    effects: EffectRules


def load_register_rules(include: Path) -> RegisterRules:
    """Read ``include/registers/rules.yaml``.

    Raises:
        CatalogueError: It is wrong; the message names the key.
    """
    return read_definition(include / "registers" / "rules.yaml", RegisterRules)
