"""The house's limits: they are kept by tests, not by good intentions (docs/architecture.md, "Limits")."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "plugins" / "arshjul"
MODULES = sorted(PACKAGE.rglob("*.py"))
DAGS = sorted((ROOT / "dags").glob("*.py"))
STATEMENTS = sorted((ROOT / "include" / "sql").rglob("*.sql")) + sorted((ROOT / "include" / "sql").rglob("*.j2"))

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "Dockerfile",
    "Makefile",
    "README.md",
    "dags",
    "docker-compose.yaml",
    "docs",
    "include",
    "plugins",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "tests",
}
NOT_OURS = {
    ".git",
    ".venv",
    ".arshjul",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
    ".hypothesis",
}
SQL_STRING = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|CREATE|WITH)\b.*\b(FROM|INTO|SET|TABLE|AS)\b", re.S)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            )
            docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_the_top_level_holds_only_what_the_map_shows() -> None:
    assert {path.name for path in ROOT.iterdir()} - NOT_OURS - {"__pycache__"} == TOP_LEVEL


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_short_and_so_are_its_functions(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert [(name, lines) for name, lines in functions(path) if lines > 50] == []


@pytest.mark.parametrize("path", DAGS, ids=relative)
def test_a_dag_file_is_a_table_of_contents(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("path", MODULES + DAGS, ids=relative)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_no_drawer_is_called_utils_common_or_helpers() -> None:
    everything = [path for folder in ("dags", "plugins", "include", "tests") for path in (ROOT / folder).rglob("*")]
    assert [relative(path) for path in everything if re.fullmatch(r"_?(utils?|common|helpers?)", path.stem)] == []


@pytest.mark.parametrize("path", MODULES + DAGS, ids=relative)
def test_sql_lives_in_include_sql(path: Path) -> None:
    strings = [
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in strings if SQL_STRING.match(text) and ("\n" in text or len(text) > 100)] == []


@pytest.mark.parametrize("path", STATEMENTS, ids=relative)
def test_a_statement_says_what_it_is_for_on_its_first_line(path: Path) -> None:
    assert re.match(r"(--|\{#) ?\S.{10,}", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "settings.py"], ids=relative)
def test_only_settings_reads_the_environment(path: Path) -> None:
    assert not re.search(r"os\.environ\b(?!\.copy)|os\.getenv", path.read_text(encoding="utf-8"))


def test_nothing_but_the_plugin_stands_beside_the_package() -> None:
    """Airflow runs every module directly under plugins/ under its bare name, which could replace a standard one."""
    assert {path.name for path in (ROOT / "plugins").iterdir()} - {"__pycache__"} == {
        ".airflowignore",
        "arshjul",
        "arshjul_plugin.py",
    }
    assert (ROOT / "plugins" / ".airflowignore").read_text(encoding="utf-8") == "arshjul/\n"


def test_the_repository_names_no_machine_and_no_registry() -> None:
    texts = [
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and path.suffix in {".py", ".md", ".sql", ".j2", ".yaml", ".toml", ".txt", ".typ", ".css"}
        and not NOT_OURS & set(path.relative_to(ROOT).parts)
    ]
    forbidden = re.compile(r"/work/|/root/|pypi\.org|files\.pythonhosted|/tmp/bash" + "_jobs")
    found = [relative(path) for path in texts if forbidden.search(path.read_text(encoding="utf-8"))]
    assert found == [relative(Path(__file__).resolve())]
