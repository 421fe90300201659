"""From a report's facts to the facts that prose makes sentences of: the same values, with what they are called.

A figure keeps its name (``maluppfyllelse/2025/insatstyp=jobbpeng_grund``), so that a statement can be followed to the
appendix and on to its source (requirements R94, R95).
"""

from __future__ import annotations

from arshjul.catalogue.prose import Wording, load_wordings
from arshjul.comparison.values import MERGED
from arshjul.periods import Period
from arshjul.prose.facts import Count, Measured
from arshjul.prose.swedish import Noun
from arshjul.reports.appendix import figure_id
from arshjul.reports.facts import Computed, Facts
from arshjul.reports.figures import SURVEY
from arshjul.reports.report_type import Reading


class Voice:
    """Makes prose's facts of one report's facts."""

    def __init__(self, reading: Reading, facts: Facts) -> None:
        """Take the wording of the facts' period.

        Args:
            reading: Of the report.
            facts: Those of its period, or of one beside it.

        Raises:
            CatalogueError: The wording is wrong.
        """
        self.facts = facts
        self.wordings = load_wordings(reading.include)
        self.wording: Wording = self.wordings.at(facts.period)

    def measured(self, indicator_id: str, period: Period | None = None, **cell: str) -> Measured:
        """Give one figure as a fact.

        Args:
            indicator_id: The indicator.
            period: Another period that the facts hold; their own when not given.
            cell: Breakdown and code; nothing for the total.
        """
        when = period or self.facts.period
        computed = self._computed(when)
        indicator, subject = self.facts.indicators[indicator_id], self.wordings.of(indicator_id)
        pairs = tuple(sorted(cell.items()))
        return Measured(
            id=figure_id(when.key, indicator_id, pairs, tuple(sorted(cell))),
            provenance=f"beräkning {computed.computation_id}" if computed else "saknas",
            indicator=indicator,
            period=when,
            value=computed.get(indicator_id, **cell) if computed else None,
            subject=subject.subject if subject else indicator.title.lower(),
            bare=subject.bare if subject else indicator.title.lower(),
            part=", ".join(self._named(breakdown, code) for breakdown, code in pairs),
            is_merged=MERGED in cell.values(),
            wording=self._wording_of(indicator_id, when, cell),
        )

    def parts(self, indicator_id: str, breakdown: str, period: Period | None = None) -> tuple[Measured, ...]:
        """Give every part of a figure by one breakdown, in reading order."""
        when = period or self.facts.period
        computed = self._computed(when)
        codes = computed.codes(indicator_id, breakdown) if computed else frozenset()
        order = [code for code in self.facts.labels.get(breakdown, {}) if code in codes]
        return tuple(self.measured(indicator_id, when, **{breakdown: code}) for code in order)

    def series(self, indicator_id: str) -> tuple[Measured, ...]:
        """Give the total of every stored period of the facts' length, oldest first."""
        return tuple(self.measured(indicator_id, period) for period, _ in self.facts.history)

    def counted(self, name: str, count: int | None, noun: Noun) -> Count:
        """Give a count of a register as a fact."""
        return Count(f"{name}/{self.facts.period.key}", "register", count, noun, self.facts.period)

    def _computed(self, period: Period) -> Computed | None:
        facts = self.facts
        stored = (*(computed for _, computed in facts.history), facts.previous, facts.last_year)
        return next((one for one in stored if one is not None and one.period == period.key), None)

    def _named(self, breakdown: str, code: str) -> str:
        """A code in words; a question is a sentence of its own and stands without its full stop."""
        return self.facts.label(breakdown, code).removesuffix(".")

    def _wording_of(self, indicator_id: str, period: Period, cell: dict[str, str]) -> str | None:
        """The versions of the questions behind a grade: two grades compare when they are the same."""
        if indicator_id != SURVEY:
            return None
        asked = (
            f"{code}:{question.version}"
            for (year, code), question in sorted(self.facts.context.questions.items())
            if year == period.year
            and cell.get("fraga_id", code) == code
            and cell.get("block", question.block) == question.block
        )
        return ", ".join(asked)
