"""One run in a process of its own: ``python -m tests.benchmarks.figures.jobs '<job as JSON>'``, result as JSON."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

from tests.benchmarks.database import most_memory

_HERE = Path(__file__).parent
_BREAKDOWNS = ("avslutsorsak", "insatstyp", "anordnare", "kon", "aldersgrupp")


def ours(job: dict[str, Any]) -> dict[str, Any]:
    """Compute a period as the house does, with whatever cells are kept; of the catalogue, what DuckDB's script computes too.

    Args:
        job: ``url``, ``period`` and ``as_of`` (ISO, or null for now).
    """
    from arshjul.catalogue.indicators import load_indicators
    from arshjul.indicators.compute import compute
    from arshjul.periods import parse_period
    from arshjul.settings import REPOSITORY, load_settings
    from arshjul.warehouse.engine import Role, open_engine

    as_of = job["as_of"] and datetime.fromisoformat(job["as_of"])
    engine = open_engine(load_settings({"ARSHJUL_DATABASE_URL": job["url"]}), Role.COMPUTE)
    script = (_HERE / "rival.sql").read_text(encoding="utf-8")
    catalogue = load_indicators(REPOSITORY / "include").items()
    both = {indicator_id: one for indicator_id, one in catalogue if f"'{indicator_id}'" in script}
    only = mock.patch("arshjul.indicators.compute.load_indicators", return_value=both)
    started = time.perf_counter()
    with only, engine.begin() as connection:
        period = parse_period(job["period"])
        done = compute(connection, REPOSITORY / "include", period, run_id=1, as_of=as_of, helper=engine)
    seconds = time.perf_counter() - started
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT indicator_id, cell, numerator, denominator, value, observations, units FROM indicator.value"
            " WHERE computation_id = %s",
            (done.computation_id,),
        ).all()
    cells = [(row[0], *(row[1].get(name) for name in _BREAKDOWNS), *row[2:]) for row in rows]
    return {"seconds": seconds, "as_of": done.as_of.isoformat(), **_told(cells)}


def rival(job: dict[str, Any]) -> dict[str, Any]:
    """Compute the same in DuckDB from Parquet.

    Args:
        job: ``folder``, ``start``, ``end`` and ``as_of``.
    """
    import duckdb

    script = (_HERE / "rival.sql").read_text(encoding="utf-8").format(**job)
    started = time.perf_counter()
    connection = duckdb.connect()
    connection.execute(script)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, **_told(connection.execute("SELECT * FROM result").fetchall())}


def _told(cells: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Number of cells and a hash of them; quotients follow from their sums, and only a median's value is compared."""
    lines = sorted(
        "|".join(
            [
                *(code or "" for code in cell[:6]),
                *(_plain(number) for number in cell[6:8]),
                _plain(cell[8]) if cell[0].endswith("_median") else "",
                *(_plain(number) for number in cell[9:]),
            ]
        )
        for cell in cells
        if cell[9]
    )
    return {"cells": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()}


def _plain(number: Decimal | float | int | None) -> str:
    if number is None:
        return ""
    text = f"{Decimal(str(number)):.4f}"
    return text.rstrip("0").rstrip(".")


if __name__ == "__main__":
    work = json.loads(sys.argv[1])
    result = (rival if work["contender"] == "rival" else ours)(work)
    sys.stdout.write("\n" + json.dumps({**result, "client_mb": most_memory()}) + "\n")
