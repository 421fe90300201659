"""The benchmark itself runs, and who takes part in it agrees on every row: no times are asserted."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.benchmarks.__main__ import main
from tests.benchmarks.report import Measured, Report

_QUICK = "copy,keyed,ours,pandas,identical,corrected,corrected_pandas,small_ours,small_pandas"


def test_contenders_have_the_same_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rows", "2000", "--rounds", "1", "--costs", "--only", _QUICK, "--out", str(tmp_path / "bench")]) == 0
    said = capsys.readouterr().out
    assert (tmp_path / "bench.md").read_text(encoding="utf-8") == said
    assert "| Årshjul, everything on | 1 |" in said
    assert "| Årshjul, no archive | 1 |" in said


def test_no_ratio_is_told_when_contenders_disagree() -> None:
    report = Report(rows=10)
    report.add(0, "copy", Measured(1.0, 10, 10, ""))
    report.add(0, "ours", Measured(2.0, 10, 10, "10 123 1"))
    assert "| 0.500 |" in report.text()
    report.add(0, "pandas", Measured(3.0, 10, 10, "10 124 1"))
    assert not report.agrees
    assert "|" not in report.text()


def test_no_verdict_is_given_when_the_measure_itself_varies() -> None:
    report = Report(rows=10)
    for number, seconds in enumerate((1.0, 2.0)):
        report.add(number, "copy", Measured(seconds, 10, 10, ""))
        report.add(number, "ours", Measured(4.0, 10, 10, "10 123 1"))
    assert "met" not in report.text().replace("was met", "")
