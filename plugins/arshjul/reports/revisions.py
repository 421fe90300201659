"""What a reader is told when a figure of an earlier report is not what it was.

Everything here is made from public values. The reasons come from :sql:`indicator.public_revision`, which gives all of a
table's or none: a reason left out would follow from the others. So the report may print every sentence as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection, RowMapping

from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.numbers import SWEDISH_TIME, swedish_date
from arshjul.comparison.values import PublicValue, amount_of_change, rounded_parts, scale, shown, with_unit
from arshjul.periods import Period, parse_period
from arshjul.prose.swedish import listed, sentence_case
from arshjul.settings import REPOSITORY
from arshjul.warehouse.statements import Statements

_STATEMENTS = Statements(REPOSITORY / "include" / "sql")

REASON_WORDS = {
    "sena_uppgifter": "uppgifter som kom efter rapporten",
    "rattade_uppgifter": "rättade uppgifter",
    "andrad_definition": "en ändrad definition",
    "andrad_kodlista": "ändrade koder",
    "andrad_berakning": "ett ändrat sätt att beräkna",
    "andrad_definition_eller_berakning": "en ändrad definition eller ett ändrat sätt att beräkna",
}
"""Reasons in words, in the order they are told."""

NOT_DIVIDED = "Ändringen redovisas inte uppdelad på orsaker."


@dataclass(frozen=True)
class PublicRevision:
    """A figure of a reported period that readers now see with another value.

    Attributes:
        period: The reported period.
        indicator_id: The indicator.
        cell: Breakdown to code; ``{}`` is the total.
        report_id: Which report told the old value.
        reported_on: The date of that report.
        old: As it stood there.
        new: As it stands in the public table now.
        parts: Reason to change of the value, which sum exactly to the difference; None when they are not told.
    """

    period: Period
    indicator_id: str
    cell: Mapping[str, str]
    report_id: str
    reported_on: date
    old: PublicValue
    new: PublicValue
    parts: Mapping[str, Decimal] | None


def public_revisions(
    connection: Connection, as_of: datetime, protections: Sequence[int], few: int
) -> tuple[PublicRevision, ...]:
    """Read what has changed in the public tables that a report shows, since each of their periods was reported.

    Args:
        connection: Under the role that reads reports.
        as_of: Point of knowledge of the report: reports and comparisons made later are not told of.
        protections: The public tables that it shows beside its own period: the companions of its protection.
        few: Fewer persons than this are never told.

    Returns:
        By period, indicator and cell.
    """
    rows = _STATEMENTS.fetch_all(
        connection, "report/revisions.sql", as_of=as_of, protections=list(protections), few=few
    )
    return tuple(_revision(row) for row in rows)


def _revision(row: RowMapping) -> PublicRevision:
    old, new = (
        PublicValue(row[f"{side}_numerator"], row[f"{side}_denominator"], row[f"{side}_value"], None)
        for side in ("old", "new")
    )
    told = None if row["parts"] is None else {part["reason"]: Decimal(part["value"]) for part in row["parts"]}
    return PublicRevision(
        parse_period(row["period"]),
        row["indicator_id"],
        row["cell"],
        row["report_id"],
        row["reported_as_of"].astimezone(SWEDISH_TIME).date(),
        old,
        new,
        None if told is None else {reason: told[reason] for reason in REASON_WORDS if reason in told},
    )


def revision_note(revision: PublicRevision, indicator: Indicator, labels: Mapping[str, Mapping[str, str]]) -> str:
    """Tell a revision in Swedish: what it is now, what it was, when that was told, and why.

    Args:
        revision: What has changed.
        indicator: The definition of now.
        labels: Breakdown to code to words.

    Returns:
        One paragraph: ``Måluppfyllelse, tertial 1 2026: värdet är nu 43 procent; i rapporten den 12 maj 2026 stod 44
        procent. Hela ändringen beror på rättade uppgifter.`` What is printed adds up: parts are rounded to sum to the
        printed difference.
    """
    words = [labels.get(breakdown, {}).get(code, code) for breakdown, code in sorted(revision.cell.items())]
    subject = ", ".join([indicator.title, *words, revision.period.title])
    report = f"i rapporten den {swedish_date(revision.reported_on)}"
    new, old = shown(indicator, revision.new), shown(indicator, revision.old)
    if new == old:
        kept = (
            "det finns fortfarande inget värde" if new is None else f"värdet är fortfarande {with_unit(indicator, new)}"
        )
        return f"{subject}: {kept}, men underlaget är ett annat än {report}."
    if new is None or old is None:
        now = "det finns inget värde längre" if new is None else f"värdet är nu {with_unit(indicator, new)}"
        then = "fanns inget värde" if old is None else f"stod {with_unit(indicator, old)}"
        return f"{subject}: {now}; {report} {then}."
    told = f"värdet är nu {with_unit(indicator, new)}; {report} stod {with_unit(indicator, old)}"
    return f"{subject}: {told}. {_why(indicator, new - old, revision.parts)}"


def reasons(revision: PublicRevision, indicator: Indicator) -> str:
    """Tell only why a figure has changed, for a table where both values stand."""
    new, old = shown(indicator, revision.new), shown(indicator, revision.old)
    if new is None or old is None or new == old:
        return NOT_DIVIDED
    return _why(indicator, new - old, revision.parts)


def _why(indicator: Indicator, difference: Decimal, parts: Mapping[str, Decimal] | None) -> str:
    if not parts:
        return NOT_DIVIDED
    if len(parts) == 1:
        return f"Hela ändringen beror på {REASON_WORDS[next(iter(parts))]}."
    exact = [Fraction(part) * scale(indicator) for part in parts.values()]
    sizes = dict(zip(parts, rounded_parts(exact, difference, indicator.decimals), strict=True))
    told = {reason: size for reason, size in sizes.items() if size}
    if len(told) == 1:
        return f"Nästan hela ändringen beror på {REASON_WORDS[next(iter(told))]}."
    sentences = [
        f"{REASON_WORDS[reason]} {'höjde' if size > 0 else 'sänkte'} värdet med {amount_of_change(indicator, size)}"
        for reason, size in told.items()
    ]
    return f"{sentence_case(listed(sentences))}."
