from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from arshjul.periods import Month
from arshjul.sample import write_correction
from arshjul.sample.world import build_world


def test_a_correction_mends_the_bad_rows_and_changes_one_exit(town: Any, tmp_path: Path, reader: Any) -> None:
    correction = write_correction(tmp_path, Month(2026, 3), provider_index=1)
    (first,) = [file for file in town.files("insatser") if file.path == correction.file.path]
    before = {row["insats_id"]: row for row in town.rows[first.path]}
    after = {row["insats_id"]: row for row in reader(tmp_path / correction.file.path)}
    assert first.bad_rows == 1
    assert correction.file.bad_rows == 0
    assert len(after) == correction.file.rows_in == first.good_rows
    changed = [insats_id for insats_id, row in after.items() if row != before[insats_id]]
    assert changed == [correction.insats_id]
    assert before[correction.insats_id]["avslutsorsak"] == correction.reason_before
    assert after[correction.insats_id]["avslutsorsak"] == correction.reason_after == "arbete"
    assert correction.reason_before not in (
        "arbete",
        "studier",
        "eget_foretag",
        "kommunal_anstallning",
        "felregistrerad",
    )


def test_the_first_provider_with_something_to_correct_is_chosen(tmp_path: Path) -> None:
    chosen = write_correction(tmp_path, Month(2026, 1), scale=0.05)
    assert (tmp_path / chosen.file.path).is_file()


def test_a_month_with_nothing_to_correct_says_so_and_writes_nothing(tmp_path: Path) -> None:
    world = build_world(2026, scale=0.01)
    ends = {Month.containing(one.stay.ended) for one in world.enrolments[2]}
    quiet = next(month for month in world.months if month not in ends)
    with pytest.raises(ValueError, match="nothing to correct"):
        write_correction(tmp_path, quiet, scale=0.01, provider_index=2)
    assert list(tmp_path.iterdir()) == []
