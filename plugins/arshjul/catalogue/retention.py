"""How long received files must be kept (``include/governing/retention.yaml``).

Source: facts/privacy.md §2.4 (arkivlagen 10 §: gallring takes the board's decision, and without a rule a file is kept); R103.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from arshjul.catalogue.yaml_files import Definition, read_definition


class RetentionRule(Definition):
    """One term.

    Attributes:
        datasets: Whose files it is about.
        years: Whole calendar years after the year of the delivery month.
    """

    datasets: tuple[str, ...]
    years: int


class RetentionPlan(Definition):
    """Everything in ``retention.yaml``.

    Attributes:
        made_up: It is the demo's, which production refuses.
        source: The plan that was decided.
        rules: The terms; a dataset without one is kept for ever.
        unknown_years: The term of a file of no known dataset or month, after the year it came.
    """

    made_up: bool
    source: str
    rules: tuple[RetentionRule, ...]
    unknown_years: int

    def __attrs_post_init__(self) -> None:
        named = [dataset for rule in self.rules for dataset in rule.datasets]
        if len(named) != len(set(named)):
            raise ValueError("a dataset has two terms")
        if min([self.unknown_years, *(rule.years for rule in self.rules)]) < 1:
            raise ValueError("a term is at least one year")

    def free_from(self, dataset: str | None, month: date | None, came: date) -> date | None:
        """Give the first day a file may be destroyed; None when it is kept for ever.

        Args:
            dataset: Its dataset; None when unknown.
            month: First day of its delivery month; None when unknown.
            came: The day it came.
        """
        if dataset is None or month is None:
            return date(came.year + self.unknown_years + 1, 1, 1)
        years = next((rule.years for rule in self.rules if dataset in rule.datasets), None)
        return None if years is None else date(month.year + years + 1, 1, 1)


def load_retention(include: Path) -> RetentionPlan:
    """Read ``include/governing/retention.yaml``.

    Raises:
        CatalogueError: It is wrong.
    """
    return read_definition(include / "governing" / "retention.yaml", RetentionPlan)
