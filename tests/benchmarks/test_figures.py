"""The benchmark of figures runs, and DuckDB has the same cells as we do: no times are asserted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.benchmarks.figures.__main__ import Bench, main, report

_TINY = ["--enrolments", "300", "--attendance", "3000", "--providers", "4", "--municipality", "40", "--rounds", "1"]


def run(seconds: float, sha256: str) -> dict[str, Any]:
    return {"seconds": seconds, "sha256": sha256, "cells": 1, "client_mb": 1.0}


def test_duckdb_and_a_rebuild_and_a_delta_have_the_same_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("duckdb")
    assert main([*_TINY, "--out", str(tmp_path / "figures.md")]) == 0
    said = capsys.readouterr().out
    assert (tmp_path / "figures.md").read_text(encoding="utf-8") == said
    assert "| duckdb | 1 |" in said
    assert "| a municipality's tertial | 1 |" in said


@pytest.mark.parametrize("other", ["duckdb", "and rebuilt"])
def test_no_ratio_is_told_when_cells_differ(other: str) -> None:
    bench = Bench(Path(), None)  # type: ignore[arg-type]
    for what in ("rebuild", "from cells", "duckdb", "last month delivered again", "and rebuilt"):
        bench.runs[what].append(run(2.0, "same" if what != other else "different"))
    assert "|" not in report(bench)
    bench.runs[other][-1]["sha256"] = "same"
    assert "at most 9 times DuckDB: 1.000 (met)" in report(bench)
