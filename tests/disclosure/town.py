"""A small municipality in a database of its own, taken through the line by hand: computed, protected, drawn, published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.core_rows import load, start_run
from tests.disclosure.conftest import enrolments, people

from arshjul.disclosure.release import find_protection
from arshjul.disclosure.stored import PublicValue, public_values
from arshjul.indicators.compute import compute
from arshjul.indicators.values import Value, find_computation, read_values
from arshjul.lineage.ledger import CheckResult, record_check_run
from arshjul.orchestration.publication import (
    APPROVE,
    COMMENT,
    freeze_report,
    protect_figures,
    record_answer,
    release,
)
from arshjul.orchestration.runs import RunKey
from arshjul.periods import parse_period
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

PERIODS = ("2024-T1", "2024-T2")
KNOWN = datetime(2024, 9, 5, tzinfo=UTC)
SMALL = ("5560360827", "5560360835")
"""Two providers that are shown together, so that what each of them achieved is told nowhere."""


def at_small(row: dict[str, Any]) -> dict[str, Any]:
    """At the smaller one those of three months in four get a job, at the other one the second of each month."""
    month, day = row["slutdatum"][-4:-3], row["slutdatum"][-2:]
    got_a_job = int(month) % 4 > 0 if row["sender"] == SMALL[1] else day != "10"
    return row | {"insatstyp": "jobbpeng_grund", "avslutsorsak": "arbete" if got_a_job else "sfi"}


ROWS = [at_small(row) if row["sender"] in SMALL else row for row in enrolments()]
OF_SMALL = {row["person_id"] for row in ROWS if row["sender"] in SMALL}
PERSONS = [one | ({"sex": "kvinna"} if one["person_id"] in OF_SMALL else {}) for one in people(ROWS)]

Cell = tuple[tuple[str, str], ...]


class Town:
    """A house of its own with computed and protected values, and the report drawn from them.

    Args:
        settings: Of an empty database.
        rows: Its enrolments.
    """

    def __init__(self, settings: Settings, rows: list[dict[str, Any]]) -> None:
        self.settings = settings
        with transaction(settings) as connection:
            self.run_id = start_run(connection)
            load(connection, self.run_id, {"insatser": rows, "person": PERSONS})
        self.computations = []
        for period in PERIODS:
            with transaction(settings, Role.COMPUTE) as connection:
                done = compute(connection, settings.include, parse_period(period), run_id=self.run_id, as_of=KNOWN)
                self.computations.append(done.computation_id)
        self.protection_id = protect_figures(settings, self._key, self.computations[-1])

    @property
    def _key(self) -> RunKey:
        return RunKey("tertial_indicators", "run", PERIODS[-1], report_id="tertialrapport")

    def package(self) -> dict[str, bytes]:
        """Draw the report of the newest period; give the files that are put up for approval, the manifest too."""
        folder = Path(freeze_report(self.settings, self._key, self.protection_id)["folder"])
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    def public(self) -> list[list[PublicValue]]:
        with transaction(self.settings, Role.REPORT) as connection:
            found = [find_protection(connection, one) for one in self.computations]
            return [public_values(connection, one.protection_id) for one in found if one]

    def true(self) -> list[dict[tuple[str, Cell], Value]]:
        with transaction(self.settings, Role.COMPUTE) as connection:
            return [
                {
                    (one.indicator_id, tuple(sorted(one.cell.items()))): one
                    for one in read_values(
                        connection,
                        self.settings.include,
                        find_computation(connection, self.settings.include, computation_id),
                        internal=True,
                    )
                }
                for computation_id in self.computations
            ]

    def publish(self) -> None:
        """Check, draw, approve by two and publish the report of the newest period."""
        [*_, computation_id] = self.computations
        holds = CheckResult("delar_summerar", "Delarna summerar.", "stopp", True, "Räkna om.", 4, 0)
        with transaction(self.settings, Role.COMPUTE) as connection:
            for stage in ("core", "indicator"):
                record_check_run(
                    connection, run_id=self.run_id, stage=stage, period=PERIODS[-1], results=[holds],
                    as_of=None, computation_id=computation_id,
                )  # fmt: skip
        package = freeze_report(self.settings, self._key, self.protection_id)
        for step, person in (("granskning", "anna"), ("godkannande", "bertil")):
            answer = {
                "chosen_options": [APPROVE],
                "params_input": {COMMENT: ""},
                "responded_by_user": {"name": person},
                "responded_at": datetime(2026, 5, 12, 9, tzinfo=UTC),
            }
            record_answer(self.settings, package, step, answer)
        release(self.settings, self._key, package)


Build = Callable[[list[dict[str, Any]]], Town]
