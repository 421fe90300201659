"""Rules for a whole delivery that need no database: shared by the line and the offline checker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from arshjul.catalogue.contracts import Contract
from arshjul.intake.orgnr import parse_orgnr
from arshjul.intake.personnummer import PERSONNUMMER_WARNINGS
from arshjul.intake.verdicts import Refused
from arshjul.periods import Month, Period, PeriodError, parse_month

NO_ROWS = "Filen innehåller inga rader."

_MOST_ROWS_TOLD = 20
_FEWEST_TO_COMPARE = 20


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
    what, still = ("pågående insats", "Den") if len(rows) == 1 else ("pågående insatser", "De")
    return (
        f"{len(rows)} {what} i er leverans för {month.title} saknas i den här (rad {_listed(rows, len(rows))} där). "
        f"{still} räknas som pågående tills ni anger slutdatum."
    )


def closed_rows(closed: int, before: Month, month: Month) -> str:
    """The warning of rows that the register's delivery before this one had and this one lacks.

    Args:
        closed: How many.
        before: Month of the delivery before.
        month: Month of this one.
    """
    what, ended = ("rad", "avslutad") if closed == 1 else ("rader", "avslutade")
    return (
        f"{closed} {what} i registret för {before.title} saknas i det här och räknas som {ended} från {month.title}. "
        "Det gäller också rader som ligger i karantän: rätta dem och skicka registret igen."
    )


def future_month(month: Month, today: date) -> list[str]:
    """The warning of a delivery for a month that has not begun."""
    return (
        [f"{month.title.capitalize()} har inte börjat. Kontrollera månaden i filnamnet."] if month.start > today else []
    )


def far_fewer_rows(about: Slice, rows: int, month: Month, rows_before: int) -> list[str]:
    """The warning of a file with less than half of the rows that could be expected: it may not be whole.

    Compared with the delivery it replaces; with an earlier month's only where every row is about its own month, since
    a first delivery may carry the history.

    Args:
        about: What the delivery is about.
        rows: How many rows it has.
        month: Month of the delivery to compare with.
        rows_before: How many rows that one had.
    """
    if (
        rows_before < _FEWEST_TO_COMPARE
        or 2 * rows >= rows_before
        or (month < about.month and not month_fields(about.contract))
    ):
        return []
    which = "Den leverans som den ersätter" if month == about.month else f"Er leverans för {month.title}"
    return [f"Filen har {rows} rader. {which} hade {rows_before}. Kontrollera att hela filen kom med."]


def already_reported(period: Period) -> str:
    """The warning of a delivery for a period of which a report has been published."""
    return (
        f"{period.title.capitalize()} är redan rapporterat. Leveransen är inläst som vanligt och är märkt som en ändring "
        "efteråt. Den rapport som är publicerad ändras inte."
    )


def person_warnings(found: Mapping[str, tuple[int, Sequence[int]]]) -> list[str]:
    """The warnings of personnummer that are accepted but look odd, one sentence for each kind.

    Args:
        found: For each key of ``PERSONNUMMER_WARNINGS`` that was met, on how many rows and the first of their numbers.
    """
    return [
        f"{PERSONNUMMER_WARNINGS[code]} Det gäller rad {_listed(rows, total)}."
        for code, (total, rows) in sorted(found.items())
    ]


def _listed(rows: Sequence[int], total: int) -> str:
    """Row numbers, the first of them when they are many."""
    told = ", ".join(str(row) for row in rows[:_MOST_ROWS_TOLD])
    return f"{told} och {total - _MOST_ROWS_TOLD} till" if total > _MOST_ROWS_TOLD else told
