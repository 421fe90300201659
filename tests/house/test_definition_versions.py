"""A definition does not change its meaning quietly: a changed formula is a new version with a sentence about it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.house.definition_lock import HOW_TO_RAISE, INCLUDE, actual, faults, fingerprint, locked, plain

from arshjul.catalogue.indicators import load_indicators


def test_no_formula_has_changed_without_a_new_version() -> None:
    found = list(faults(locked(), actual()))
    assert not found, "\n".join([*found, HOW_TO_RAISE])
    assert locked() == actual(), "new indicators or versions: run make docs"


@pytest.fixture
def include(tmp_path: Path) -> Path:
    """A catalogue to change."""
    for folder in ("sql/indicator", "sql/core", "contracts/codelists"):
        shutil.copytree(INCLUDE / folder, tmp_path / folder)
    return tmp_path


def change(include: Path, file: str, old: str, new: str) -> None:
    path = include / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


BREAKDOWNS = "[insatstyp, anordnare, kon, aldersgrupp]"
NOT, REACHED = "{own: not, kolada: not, lenient: reached}", "{own: reached, kolada: not, lenient: reached}"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("sql/indicator/maluppfyllelse.sql", "'reached'", "'not'"),
        ("sql/indicator/maluppfyllelse.sql", "x.own <> 'outside'", "x.own <> ''"),
        ("sql/indicator/maluppfyllelse.yaml", f"breakdowns: {BREAKDOWNS}", "breakdowns: [insatstyp, anordnare, kon]"),
        ("sql/indicator/maluppfyllelse.yaml", "kind: share", "kind: ratio"),
        ("sql/core/exit.sql", "e.slutdatum IS NOT NULL", "e.slutdatum > '2000-01-01'"),
        ("contracts/codelists/avslutsorsaker.yaml", NOT, REACHED),
    ],
)
def test_a_changed_formula_under_the_old_version_is_a_fault(include: Path, file: str, old: str, new: str) -> None:
    before = actual(include)
    change(include, file, old, new)
    change(include, "sql/indicator/maluppfyllelse.yaml", "[insatstyp, aldersgrupp]]", "[insatstyp]]")
    assert "maluppfyllelse" in {fault.partition(":")[0] for fault in faults(before, actual(include))}


def test_a_new_version_with_a_sentence_is_no_fault_and_going_back_is(include: Path) -> None:
    before = actual(include)
    change(include, "sql/indicator/maluppfyllelse.sql", "x.own <> 'outside'", "x.own = 'reached'")
    file = include / "sql/indicator/maluppfyllelse.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text + "version: 2\nchanges:\n  - {version: 2, from: 2026-T2, what: Räknas om.}\n", encoding="utf-8"
    )
    later = actual(include)
    assert list(faults(before, later)) == []
    assert [one.partition(":")[0] for one in faults(later, before)] == ["maluppfyllelse"]


def test_comments_and_layout_are_not_part_of_a_formula(include: Path) -> None:
    before = fingerprint(load_indicators(include)["maluppfyllelse"], include)
    change(include, "sql/indicator/maluppfyllelse.sql", "-- one row is", "-- each row is")
    change(include, "sql/indicator/maluppfyllelse.sql", "\nFROM core", " /* here */ from  core")
    change(include, "sql/core/exit.sql", "LEFT JOIN", "LEFT\n        join")
    assert fingerprint(load_indicators(include)["maluppfyllelse"], include) == before


def test_what_stands_in_a_string_is_kept_as_it_is() -> None:
    assert plain("SELECT 'A -- B'::TEXT -- end\n, \"Kön\"") == "select 'A -- B' :: text , \"Kön\""
