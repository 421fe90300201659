"""Every SQL case: a folder with given rows, parameters, and exactly what is to come out.

``sql/indicator/<id>/<case>``: the indicator is computed over ``given`` for the period in ``params.yaml`` (as known at
``as_of``, now when not said). ``expect.csv`` holds every cell that its breakdown columns span, an empty code being the
margin; ``expect_left_out.csv`` everything left out, nothing when it is not there. ``sql/core/<function>/<case>``: the
function is called with ``params.yaml``, and the columns of ``expect.csv`` are all its rows. Lines with # explain.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, load, start_run

from arshjul.catalogue.indicators import load_indicators
from arshjul.indicators.compute import Computation, compute
from arshjul.indicators.values import read_values
from arshjul.periods import parse_period

HERE = Path(__file__).parent
INDICATOR_CASES = sorted(path.parent for path in (HERE / "indicator").glob("*/*/params.yaml"))
CORE_CASES = sorted(path.parent for path in (HERE / "core").glob("*/*/params.yaml"))
MEASURES = ("taljare", "namnare", "varde", "antal")


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def given(case: Path) -> Mapping[str, list[dict[str, str]]]:
    return {file.name.removeprefix("core.").removesuffix(".csv"): rows_of(file) for file in (case / "given").glob("*")}


def params(case: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((case / "params.yaml").read_text(encoding="utf-8")))


def name(case: Path) -> str:
    return "/".join(case.parts[-3:])


@pytest.fixture
def catalogue_of(tmp_path: Path) -> Any:
    """Make a catalogue of one indicator, so that a case computes nothing else."""

    def make(indicator_id: str) -> Path:
        folder = tmp_path / "sql"
        (folder / "indicator").mkdir(parents=True)
        for part in ("compute", "core", "left_out"):
            (folder / part).symlink_to(INCLUDE / "sql" / part)
        for suffix in (".sql", ".yaml"):
            file = f"{indicator_id}{suffix}"
            (folder / "indicator" / file).symlink_to(INCLUDE / "sql" / "indicator" / file)
        return tmp_path

    return make


@pytest.mark.parametrize("case", INDICATOR_CASES, ids=name)
def test_an_indicator_gives_exactly_the_expected_cells(case: Path, core: Connection, catalogue_of: Any) -> None:
    indicator_id, settings = case.parts[-2], params(case)
    include, run_id = catalogue_of(indicator_id), start_run(core)
    load(core, run_id, given(case))
    as_of = settings.get("as_of")
    computation = compute(
        core,
        include,
        parse_period(str(settings["period"])),
        run_id=run_id,
        as_of=as_of and datetime.fromisoformat(as_of).replace(tzinfo=UTC),
    )
    expected = rows_of(case / "expect.csv")
    breakdowns = [column for column in expected[0] if column not in MEASURES]
    cells = {
        tuple(value.cell.get(breakdown, "") for breakdown in breakdowns): value
        for value in read_values(core, include, computation, internal=True)
        if value.cell.keys() <= set(breakdowns)
    }
    assert {code: measures(value) for code, value in cells.items()} == {
        tuple(row[breakdown] for breakdown in breakdowns): expected_measures(row) for row in expected
    }
    assert left_out(core, computation) == expected_left_out(case)


def measures(value: Any) -> tuple[Any, ...]:
    return tuple(rounded(number) for number in (value.numerator, value.denominator, value.value, value.observations))


def expected_measures(row: Mapping[str, str]) -> tuple[Any, ...]:
    return tuple(rounded(Fraction(row[measure])) if row[measure] else None for measure in MEASURES)


def rounded(number: Decimal | Fraction | int | None) -> Fraction | None:
    """Numbers are exact but for a quotient, which the database gives with some twenty digits."""
    return None if number is None else round(Fraction(number), 12)


def left_out(core: Connection, computation: Computation) -> dict[str, int]:
    rows = core.exec_driver_sql(
        "SELECT reason, observations FROM indicator.left_out WHERE computation_id = %s", (computation.computation_id,)
    )
    return {row.reason: row.observations for row in rows}


def expected_left_out(case: Path) -> dict[str, int]:
    file = case / "expect_left_out.csv"
    return {row["reason"]: int(row["observations"]) for row in rows_of(file)} if file.exists() else {}


@pytest.mark.parametrize("case", CORE_CASES, ids=name)
def test_a_function_of_core_gives_exactly_the_expected_rows(case: Path, core: Connection) -> None:
    arguments = list(params(case).values())
    load(core, start_run(core), given(case))
    expected = rows_of(case / "expect.csv")
    call = f"SELECT * FROM core.{case.parts[-2]}({', '.join(['%s'] * len(arguments))})"
    found = core.exec_driver_sql(call, tuple(arguments)).mappings()
    assert sorted([tuple(text(row[column]) for column in expected[0]) for row in found]) == sorted(
        tuple(row.values()) for row in expected
    )


def text(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def test_every_indicator_and_every_function_of_core_has_a_case() -> None:
    assert {case.parts[-2] for case in INDICATOR_CASES} == set(load_indicators(INCLUDE))
    functions = {file.stem for file in (INCLUDE / "sql" / "core").glob("*.sql")}
    assert functions - {case.parts[-2] for case in CORE_CASES} == {"pin_as_of"}


def test_every_left_out_belongs_to_an_indicator() -> None:
    assert {file.stem for file in (INCLUDE / "sql" / "left_out").glob("*.sql")} <= set(load_indicators(INCLUDE))
