"""What a year's follow-up asks for: when each kind is due, which deviations are tolerated, which purposes there are.

``include/registers/{coverage,deviations,purposes}.yaml``. Every rule names the document and clause it comes from (R2).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import attrs

from arshjul.catalogue.yaml_files import CatalogueError, Definition, changed, read_definition


class DueDay(Definition):
    """A day of the year, or of a later one.

    Attributes:
        month: 1–12.
        day: 1–28, so that every year has it; 29–31 where the month has.
        years_after: 0 for the year itself, 1 for the next.
    """

    month: int
    day: int
    years_after: int = 0

    def __attrs_post_init__(self) -> None:
        self.in_year(2001)  # a year without 29 February: the day must be there every year

    def in_year(self, year: int) -> date:
        """Return the day for a year's follow-up."""
        return date(year + self.years_after, self.month, self.day)


class Demand(Definition):
    """When one kind of follow-up must be done.

    Attributes:
        requirement: Code of the list ``uppfoljningskrav``.
        every: ``ar`` (once, by the day in ``due``), ``tertial`` (three days in ``due``), ``manad`` (as the ledger is
            due) or ``slut`` (once, counted from the object's last day in the year).
        due: Last days.
        days_after: Days after the last day that still count.
        source: Document and clause.
    """

    requirement: str
    every: Literal["ar", "tertial", "manad", "slut"]
    due: tuple[DueDay, ...] = ()
    days_after: int = 0
    source: str

    def __attrs_post_init__(self) -> None:
        if len(self.due) != {"ar": 1, "tertial": 3, "manad": 0, "slut": 0}[self.every]:
            raise ValueError(f"{self.requirement}: a wrong number of last days for every: {self.every}")

    def later(self, days: int) -> Demand:
        """Return the demand with more days after its last day, as the code list gives them."""
        return changed(self, days_after=self.days_after + days) if days else self


class CoverageRules(Definition):
    """Everything in ``coverage.yaml``."""

    demands: tuple[Demand, ...]


class Tolerance(Definition):
    """How far an object's month may be from its budget; beyond is further than both amount and percent.

    Attributes:
        version: Its number.
        valid_from: First day of the first month it applies to.
        percent: Percent of the month's budget.
        amount: SEK.
        days_to_action: Days until a deviation without an action is red.
        source: Document and clause.
    """

    version: int
    valid_from: date
    percent: Decimal
    amount: Decimal
    days_to_action: int
    source: str


class DeviationRules(Definition):
    """Everything in ``deviations.yaml``; versions in order of time."""

    tolerances: tuple[Tolerance, ...]

    def __attrs_post_init__(self) -> None:
        order = [(one.version, one.valid_from) for one in self.tolerances]
        if not order or order != sorted(set(order)) or len({one.version for one in self.tolerances}) != len(order):
            raise ValueError("tolerances stand in order of version and day, each once")


class Purpose(Definition):
    """What an object may serve.

    Attributes:
        id: As the register writes it in ``syften``.
        title: In words.
        indicators: Indicators that measure it; empty says that there is none (R15).
        source: Document and clause.
    """

    id: str
    title: str
    indicators: tuple[str, ...] = ()
    source: str = ""


class PurposeList(Definition):
    """Everything in ``purposes.yaml``."""

    purposes: tuple[Purpose, ...]


@attrs.frozen
class FollowUpRules:
    """What the registers of follow-up go by.

    Attributes:
        demands: When each kind of follow-up is due.
        tolerances: Versions of the tolerance for deviations from budget.
        purposes: Known purposes.
    """

    demands: tuple[Demand, ...]
    tolerances: tuple[Tolerance, ...]
    purposes: tuple[Purpose, ...]


def load_follow_ups(include: Path) -> FollowUpRules:
    """Read the three files.

    Raises:
        CatalogueError: One of them is wrong, or says two things about one kind of follow-up.
    """
    folder = include / "registers"
    demands = read_definition(folder / "coverage.yaml", CoverageRules).demands
    if len({one.requirement for one in demands}) != len(demands):
        raise CatalogueError("coverage.yaml: a requirement stands twice")
    return FollowUpRules(
        demands,
        read_definition(folder / "deviations.yaml", DeviationRules).tolerances,
        read_definition(folder / "purposes.yaml", PurposeList).purposes,
    )
