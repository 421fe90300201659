"""What the benchmark says: medians, ratios of the same round, memory, and whether the goals were met."""

from __future__ import annotations

import json
import platform
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from tests.benchmarks.contenders import CONTENDERS

_MOST_SPREAD = 1.5
_LEAST_STAGE_S = 0.005


@dataclass(frozen=True)
class Measured:
    """One run of one contender.

    Attributes:
        seconds: From the open file to the commit.
        client_mb: The most memory its process had.
        server_mb: The most private memory the server's processes had together.
        checksum: Of its good rows and the number of bad ones; empty when it does not judge.
        stages: Seconds by step, for Årshjul.
        receipt: What Årshjul said of the file.
    """

    seconds: float
    client_mb: float
    server_mb: float
    checksum: str
    stages: dict[str, float] = field(default_factory=dict)
    receipt: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Goal:
    """A ratio that was promised: ``above`` over ``below`` of the same round."""

    text: str
    above: str
    below: str
    is_met: Callable[[float], bool]


# facts/performance.md §5 as issue B sets them; at a million rows.
_GOALS = (
    _Goal("at least 0,15 of bare COPY", "copy", "ours", lambda ratio: ratio >= 0.15),
    _Goal("at least 10 times dlt default", "dlt", "ours", lambda ratio: ratio >= 10),
    _Goal("at least 2,5 times dlt arrow", "dlt_arrow", "ours", lambda ratio: ratio >= 2.5),
    _Goal("identical file at most 0,10 of bare COPY", "identical", "copy", lambda ratio: ratio <= 0.10),
    _Goal("corrected file at most 0,75 of the first load", "corrected", "ours", lambda ratio: ratio <= 0.75),
    _Goal("1 000 rows at most 5 times their bare COPY", "small_ours", "small_copy", lambda ratio: ratio <= 5),
)


@dataclass
class Report:
    """All runs of one benchmark.

    Attributes:
        rows: Rows of the attendance file.
    """

    rows: int
    _runs: dict[str, dict[int, Measured]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, number: int, name: str, measured: Measured) -> None:
        """Add one contender's run of one round."""
        self._runs[name][number] = measured

    @property
    def agrees(self) -> bool:
        """Whether everybody who judged a file has the same good rows of it, and as many bad ones."""
        good, bad = defaultdict(set), defaultdict(set)
        for name, runs in self._runs.items():
            for count, content, *rest in (run.checksum.split() for run in runs.values() if run.checksum):
                good[CONTENDERS[name].file].add((count, content))
                bad[CONTENDERS[name].file].update(rest)
        return all(len(found) <= 1 for found in (*good.values(), *bad.values()))

    def json(self) -> str:
        """Everything that was measured."""
        runs = {name: {number: asdict(run) for number, run in runs.items()} for name, runs in self._runs.items()}
        return json.dumps({"rows": self.rows, "python": platform.python_version(), "runs": runs}, indent=1)

    def text(self) -> str:
        """The report in Markdown; without ratios when contenders do not agree."""
        lines = [f"# Receiving {self.rows:,} attendance rows".replace(",", " "), ""]
        if not self.agrees:
            lines += ["Contenders do not have the same rows; their times say nothing.", ""]
            lines += [
                f"- {name}: {sorted({run.checksum for run in runs.values()})}" for name, runs in self._runs.items()
            ]
            return "\n".join(lines) + "\n"
        return "\n".join([*lines, *self._contenders(), *self._promises(), *self._steps()]) + "\n"

    def _contenders(self) -> list[str]:
        lines = ["| contender | rounds | s | of bare COPY | client MB | server MB |", "|---|---|---|---|---|---|"]
        for name, runs in self._runs.items():
            ratio = self._ratio("small_copy" if name.startswith("small") else "copy", name)
            lines.append(
                f"| {CONTENDERS[name].title} | {len(runs)} | {median(run.seconds for run in runs.values()):.3f} "
                f"| {'' if ratio is None else f'{ratio:.3f}'} | {max(run.client_mb for run in runs.values()):.0f} "
                f"| {max(run.server_mb for run in runs.values()):.0f} |"
            )
        return [*lines, ""]

    def _ratio(self, above: str, below: str) -> float | None:
        """The median over rounds of one contender's time divided by another's in the same round."""
        both = self._runs.get(above, {}).keys() & self._runs.get(below, {}).keys()
        ratios = [self._runs[above][number].seconds / self._runs[below][number].seconds for number in both]
        return median(ratios) if ratios else None

    def _promises(self) -> list[str]:
        copies = [run.seconds for run in self._runs.get("copy", {}).values()]
        if not copies:
            return []
        spread = max(copies) / min(copies)
        lines = [f"Bare COPY varied by a factor of {spread:.2f} between rounds.", ""]
        if spread > _MOST_SPREAD:
            return [*lines, "That is too much to say whether a goal was met: run again on a quiet machine.", ""]
        told = [(goal, self._ratio(goal.above, goal.below)) for goal in _GOALS]
        lines += [
            f"- {goal.text}: {ratio:.3f} ({'met' if goal.is_met(ratio) else 'NOT met'})"
            for goal, ratio in told
            if ratio is not None
        ]
        return [*lines, ""]

    def _steps(self) -> list[str]:
        lines = []
        for name in ("ours", "corrected", "identical", "small_ours"):
            runs = [run.stages for run in self._runs.get(name, {}).values()]
            steps = {
                step: median(run.get(step, 0.0) for run in runs)
                for step in dict.fromkeys(key for run in runs for key in run)
            }
            told = [f"| {step} | {seconds:.3f} |" for step, seconds in steps.items() if seconds >= _LEAST_STAGE_S]
            if told:
                lines += [f"Steps of {CONTENDERS[name].title}:", "", "| step | s |", "|---|---|", *told, ""]
        return lines
