"""Every requirement stands once in docs/requirements.md, and whatever is named there exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import typer

from arshjul.catalogue.activities import load_activities
from arshjul.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NAMED_FILE = re.compile(r"`((?:dags|docs|include|plugins|tests)/[\w./-]+)`")
NAMED_DAG = re.compile(r"DAG `(\w+)`")
NAMED_COMMAND = re.compile(r"`arshjul ([\w-]+)")
EXPECTED = [*(f"R{number}" for number in range(1, 107)), *(f"T{number}" for number in range(1, 18))]


def rows() -> list[list[str]]:
    """The cells of every row of the page's tables: its id, and what stands after it."""
    lines = [line for line in PAGE.splitlines() if re.match(r"\| [RT]\d+ \|", line)]
    return [[cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")] for line in lines]


def proofs(cell: str) -> list[str]:
    """What a cell names that can be run or looked at."""
    found = [f"{path}::{name}" for path, name in NAMED_TEST.findall(cell)]
    return [*found, *NAMED_FILE.findall(cell), *NAMED_DAG.findall(cell), *NAMED_COMMAND.findall(cell)]


@cache
def functions(path: Path) -> frozenset[str]:
    """Names of the functions at the top of a module, without importing it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_requirement_and_contradiction_stands_exactly_once_in_order() -> None:
    assert [row[0] for row in rows()] == EXPECTED
    assert {len(row) for row in rows()} == {4}


def test_every_test_that_is_named_exists() -> None:
    named = NAMED_TEST.findall(PAGE)
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not ((ROOT / path).is_file() and name.startswith("test_") and name in functions(ROOT / path))
    ]
    assert len(named) > 200
    assert missing == []


@pytest.mark.parametrize("path", sorted(set(NAMED_FILE.findall(PAGE))))
def test_every_file_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_dag_and_command_that_is_named_exists() -> None:
    assert [one for one in NAMED_DAG.findall(PAGE) if not (ROOT / "dags" / f"{one}.py").is_file()] == []
    commands = getattr(typer.main.get_command(app), "commands")  # noqa: B009 - only a group has commands
    assert set(NAMED_COMMAND.findall(PAGE)) <= set(commands)


def test_a_case_of_sql_stands_beside_the_test_that_runs_it() -> None:
    runs = "tests/sql/test_cases.py::test_an_indicator_gives_exactly_the_expected_cells"
    in_cells = {Path(one).parts[2] for one in NAMED_FILE.findall(PAGE) if one.startswith("tests/sql/")}
    assert in_cells == {"indicator"}
    assert runs in proofs(PAGE)


def test_a_row_is_met_or_waits_and_the_ones_that_wait_as_a_whole_are_those_that_are_listed() -> None:
    *_, named = re.findall(r"^\*\*Wait as a whole:\*\* (.+)\.$", PAGE, re.M)
    waiting = [identity for identity, said, shown, waits in rows() if not said and not shown and waits]
    assert waiting == named.split(", ")
    assert [row[0] for row in rows() if row[0] not in waiting and not (row[1] and proofs(f"{row[2]} {row[3]}"))] == []


def test_nothing_that_the_year_says_it_meets_waits_as_a_whole() -> None:
    activities = load_activities(ROOT / "include").activities
    met = {one for activity in activities for source in activity.sources for one in source.requirements}
    known = {row[0]: row[2] or row[3] for row in rows() if row[1]}
    assert met <= known.keys()
