"""Rules for a whole delivery that need no database: shared by the line and the offline checker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arshjul.catalogue.contracts import Contract
from arshjul.intake.orgnr import parse_orgnr
from arshjul.intake.verdicts import Refused
from arshjul.periods import Month, PeriodError, parse_month

ENROLMENTS = "insatser"
NO_ROWS = "Filen innehåller inga rader."

_MOST_ROWS_TOLD = 20


@dataclass(frozen=True)
class Slice:
    """What one delivery is about, and replaces: one dataset of one sender for one month."""

    contract: Contract
    sender: str
    month: Month


def check_municipality(about: Slice, kommun_orgnr: str) -> None:
    """Refuse the municipality's own datasets from anybody else.

    Raises:
        Refused: ``ej_kommunen``.
    """
    if about.contract.sender == "kommunen" and about.sender != kommun_orgnr:
        raise Refused("ej_kommunen", f"{about.contract.title} tas bara emot från kommunen själv.")


def check_statements(statements: Mapping[str, str], about: Slice) -> None:
    """Refuse a file that says it is somebody else's, or about another month.

    Args:
        statements: What the file says of itself, as the reader found it.
        about: What its name says.

    Raises:
        Refused: ``avsandare_stammer_inte`` or ``manad_stammer_inte``.
    """
    if "avsandare" in statements and parse_orgnr(statements["avsandare"]) != about.sender:
        raise Refused("avsandare_stammer_inte", "Filen uppger en annan avsändare än filnamnet.")
    if "period" in statements:
        try:
            stated = parse_month(statements["period"])
        except PeriodError:
            stated = None
        if stated != about.month:
            raise Refused("manad_stammer_inte", "Filen uppger en annan månad än filnamnet.")


def wrong_month(month: Month) -> Refused:
    """The refusal of a file where every date lies in another month."""
    return Refused("manad_stammer_inte", f"Inga datum i filen ligger i {month.title}, som är filnamnets månad.")


def month_fields(contract: Contract) -> list[str]:
    """Names of the fields that say which month a row is about."""
    return [rule.field for rule in contract.rules if rule.rule in ("i_manaden", "leveransmanaden")]


def missing_enrolments(month: Month, rows: Sequence[int]) -> str:
    """The warning of open enrolments that the month before had and this one does not mention.

    Args:
        month: The sender's last month before this one.
        rows: Their row numbers in its delivery.
    """
    told = ", ".join(str(row) for row in rows[:_MOST_ROWS_TOLD])
    more = f" och {len(rows) - _MOST_ROWS_TOLD} till" if len(rows) > _MOST_ROWS_TOLD else ""
    what, still = ("pågående insats", "Den") if len(rows) == 1 else ("pågående insatser", "De")
    return (
        f"{len(rows)} {what} i er leverans för {month.title} saknas i den här (rad {told}{more} där). "
        f"{still} räknas som pågående tills ni anger slutdatum."
    )


def closed_rows(closed: int, before: Month, month: Month) -> str:
    """The warning of rows that the register's delivery before this one had and this one lacks.

    Args:
        closed: How many.
        before: Month of the delivery before.
        month: Month of this one.
    """
    what = "rad" if closed == 1 else "rader"
    return (
        f"{closed} {what} i registret för {before.title} saknas i det här och räknas som avslutade från {month.title}. "
        "Det gäller också rader som ligger i karantän: rätta dem och skicka registret igen."
    )
