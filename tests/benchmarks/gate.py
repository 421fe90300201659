"""How much the gate costs beside the same checks as plain SQL: ``python -m tests.benchmarks.gate --rows 500000``.

A month of enrolments and attendance is staged (both of the size given). The plain contender asks every question that the
gate plans in one SELECT for each batch of rows; the gate is :func:`arshjul.quality.expectations.run_checks`, ledger aside.
Both run in fresh processes, one after the other in each round, must break the same checks, and leave imports untimed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, LiteralString, cast

from psycopg import sql
from sqlalchemy import Engine
from tests.benchmarks.database import Database

from arshjul.catalogue.contracts import load_contracts
from arshjul.intake.staging import prepare_staging
from arshjul.periods import Month
from arshjul.quality.expectations import run_checks
from arshjul.quality.plan import PlannedCheck, Scope, plan_checks
from arshjul.settings import load_settings, silence_telemetry
from arshjul.warehouse.engine import Role, open_engine
from arshjul.warehouse.migrations import migrate
from arshjul.warehouse.statements import Statements

MONTH = Month(2026, 3)
STAGED = ("insatser", "narvaro")
_FILL = (Path(__file__).parent / "gate_rows.sql").read_text(encoding="utf-8")


def _engine(home: str, url: str) -> tuple[Path, Engine]:
    settings = load_settings({"ARSHJUL_HOME": home, "ARSHJUL_DATABASE_URL": url})
    return settings.include, open_engine(settings, Role.INTAKE)


def _planned(include: Path) -> list[PlannedCheck]:
    return plan_checks(include, Scope("staging", MONTH), STAGED)


def _condition(check: PlannedCheck) -> sql.Composable:
    """Say in SQL which rows break an expectation."""
    given = check.arguments
    column = sql.Identifier(given.get("column", ""))
    bounds = [
        sql.SQL(f"{{}} {sign} {{}}").format(of, sql.Literal(given[name]))
        for name, of, sign in (
            ("min_value", column, "<=" if given.get("strict_min") else "<"),
            ("max_value", sql.SQL("length({})").format(column) if "Lengths" in check.expectation else column, ">"),
        )
        if given.get(name) is not None
    ]
    match check.expectation:
        case "ExpectColumnValuesToNotBeNull":
            return sql.SQL("{} IS NULL").format(column)
        case "ExpectColumnValuesToBeInSet":
            return sql.SQL("NOT ({} = ANY ({}))").format(column, sql.Literal(given["value_set"]))
        case "ExpectTableRowCountToEqual":
            return sql.SQL("true")
        case _:
            return sql.SQL(" OR ").join(bounds)


def plain(home: str, url: str, _folder: Path) -> tuple[float, list[str]]:
    """Ask everything in one SELECT for each batch of rows."""
    include, engine = _engine(home, url)
    batches: dict[str, list[PlannedCheck]] = defaultdict(list)
    for check in _planned(include):
        batches[check.batch].append(check)
    begun, broken = time.perf_counter(), []
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for batch, checks in batches.items():
            counts = sql.SQL(", ").join(
                sql.SQL("count(*) FILTER (WHERE {})").format(_condition(check)) for check in checks
            )
            asked = sql.SQL("SELECT {} FROM ({}) AS batch").format(counts, sql.SQL(cast(LiteralString, batch)))
            found = driver.execute(asked).fetchone()
            broken += [check.id for check, count in zip(checks, found, strict=True) if count]
    return time.perf_counter() - begun, sorted(broken)


def gate(home: str, url: str, folder: Path) -> tuple[float, list[str]]:
    """Run the same checks as the gate does, Data Docs included."""
    silence_telemetry()
    import great_expectations  # noqa: F401 - so that its import is not timed

    include, engine = _engine(home, url)
    checks = _planned(include)
    begun = time.perf_counter()
    outcomes = run_checks(engine, checks, folder / "docs", "bench")
    seconds = time.perf_counter() - begun
    return seconds, sorted(outcome.check.id for outcome in outcomes if not outcome.is_success)


_CONTENDERS = {"plain": plain, "gate": gate}


def prepare(home: str, url: str) -> None:
    """Make the tables that the month is staged in."""
    settings = load_settings({"ARSHJUL_HOME": home, "ARSHJUL_DATABASE_URL": url})
    migrate(settings)
    contracts = load_contracts(settings.include)
    engine = open_engine(settings, Role.INTAKE)
    with engine.begin() as connection:
        prepare_staging(connection, Statements(settings.include / "sql"), contracts.values())
    engine.dispose()


def _measure(rows: int, rounds: int) -> tuple[dict[str, list[float]], set[str]]:
    """Give the seconds of each contender, and what they found broken: one text when they agree."""
    seconds: dict[str, list[float]] = defaultdict(list)
    broken: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="arshjul-gate-") as place, Database(Path(place) / "server") as database:
        database.create("gate")
        home, url = str(Path(place) / "home"), database.url("gate")
        prepare(home, url)
        with database.connect("gate") as connection:
            connection.execute(_FILL.replace(":rows", str(rows)).encode())
        for number in range(rounds):
            for name in _CONTENDERS:
                job = json.dumps([name, home, url, str(Path(place) / f"{name}-{number}")])
                command = [sys.executable, "-m", "tests.benchmarks.gate", "--job", job]
                done = subprocess.run(command, capture_output=True, text=True)
                if done.returncode:
                    raise RuntimeError(done.stderr[-2000:])
                took, found = json.loads(done.stdout.splitlines()[-1])
                seconds[name].append(took)
                broken.add(", ".join(found))
                sys.stderr.write(f"round {number + 1}: {name} {took:.2f} s\n")
    return seconds, broken


def main() -> int:
    """Run the rounds and print the ratio; returns 1 when the two do not agree on what is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.gate", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of each of the two datasets")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--job", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        name, home, url, folder = json.loads(options.job)
        sys.stdout.write(json.dumps(_CONTENDERS[name](home, url, Path(folder))))
        return 0
    seconds, broken = _measure(options.rows, options.rounds)
    if len(broken) != 1:
        sys.stdout.write(f"the contenders do not agree on what is broken: {broken}\n")
        return 1
    ratio = statistics.median(slow / fast for fast, slow in zip(seconds["plain"], seconds["gate"], strict=True))
    plain_seconds, gate_seconds = (statistics.median(seconds[name]) for name in _CONTENDERS)
    sys.stdout.write(
        f"{options.rows} + {options.rows} rows; broken: {broken.pop()}\n"
        f"plain SQL {plain_seconds:.2f} s, the gate {gate_seconds:.2f} s: {ratio:.2f} times (goal: at most 2)\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
