"""What providers were paid, beside what the days they reported would cost.

Everything is summed from ``core.remuneration``, which the indicator ``ersattningsavvikelse`` is made of: there is one
arithmetic. The amounts are not protected: they stay in the house (reports show the indicator's public values).

Source: Kvalitetsrapport 2018 för arbetsmarknadsinsatser, Nacka kommun, "Ekonomiska konsekvenser": payment is made for
service that has been reported and performed, with regard to interruptions (R65).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from arshjul.catalogue.register_rules import PaymentTolerance
from arshjul.lineage.statements import LEDGER
from arshjul.periods import Month


@dataclass(frozen=True)
class ProviderPayment:
    """One provider's payments for one month beside the days that were reported.

    Attributes:
        provider: Ten-digit organisationsnummer.
        name: Its name in the register; the number when it is not there.
        month: The month that was paid for.
        paid: Kronor that were paid.
        payable_days: Days with attendance: interruptions and absence are not paid for.
        expected: What those days cost at the price that was paid, in kronor.
        unpriced: Enrolments with days but without any price to count by; they are in neither sum.
    """

    provider: str
    name: str
    month: Month
    paid: Decimal
    payable_days: int
    expected: Decimal
    unpriced: int

    @property
    def difference(self) -> Decimal:
        """Kronor paid beyond what was performed; negative when too little was paid."""
        return self.paid - self.expected


def provider_payments(
    connection: Connection, as_of: datetime, first_day: date, last_day: date
) -> tuple[ProviderPayment, ...]:
    """List every provider and month with a payment or payable days.

    Args:
        connection: Under a role that may see unprotected amounts (compute, audit, publish); not the reports'.
        as_of: Point of knowledge.
        first_day: First day of the span; a month counts when its first day lies in it.
        last_day: Last day of the span.

    Returns:
        By month, then by provider.
    """
    rows = LEDGER.fetch_all(
        connection, "report/provider_payments.sql", as_of=as_of, first_day=first_day, last_day=last_day
    )
    return tuple(ProviderPayment(**{**row, "month": Month.containing(row["month"])}) for row in rows)


def beyond_tolerance(payments: Iterable[ProviderPayment], tolerance: PaymentTolerance) -> tuple[ProviderPayment, ...]:
    """Keep those whose difference is more than what is tolerated, the largest first.

    Args:
        payments: From :func:`provider_payments`.
        tolerance: From ``include/registers/rules.yaml``. The larger of an amount and a share of what was expected is
            tolerated; a difference of exactly that much still is.
    """
    flagged = [one for one in payments if abs(one.difference) > _tolerated(one, tolerance)]
    return tuple(sorted(flagged, key=lambda one: (-abs(one.difference), one.month, one.provider)))


def _tolerated(payment: ProviderPayment, tolerance: PaymentTolerance) -> Decimal:
    return max(tolerance.kronor, tolerance.share * payment.expected)
