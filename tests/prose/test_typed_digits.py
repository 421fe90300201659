"""No sentence of ours holds a typed number of its own: templates and rules put figures in from facts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "include" / "templates").glob("*.j2"))
RULES = sorted((ROOT / "plugins" / "arshjul" / "prose").glob("*.py"))

# What shows how something is written, or names a thing that has a number in its name.
_EXAMPLES = {"2026-05-12"}
_NAMES = re.compile(r"SHA-256")

REPORTS = sorted(path for path in (ROOT / "plugins" / "arshjul" / "reports").rglob("*.py") if path.name != "svg.py")
"""All but what writes drawings."""

# Numbers that belong to a definition or a name, and that no delivery can change.
_DEFINED = re.compile(
    r"[Bb]ilaga \d|6 kap\. 6 §|från 1 till (?:5|16)|1 till 5|där 5 är|95 fall av 100|0 eller 100 procent|första tecken av 64"
)


def said_by(template: str) -> str:
    """The words of a template that a reader sees: not its code, tags, styles or scripts."""
    without_code = re.sub(r"\{[{%#].*?[}%#]\}", "", template, flags=re.DOTALL)
    without_drawing = re.sub(r"<(style|script|svg)\b.*?</\1>", "", without_code, flags=re.DOTALL)
    return _NAMES.sub("", re.sub(r"<[^>]*>", "", without_drawing))


def sentences(source: str) -> list[str]:
    """Every piece of Swedish text in a module: its strings that are not docstrings and have a blank between words."""
    tree = ast.parse(source)
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documentation
        and re.search(r"[a-zåäö] [a-zåäö]", node.value)
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_typed_digit(path: Path) -> None:
    assert not re.findall(r"\d+", said_by(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_a_rule_holds_no_typed_digit_in_what_it_says(path: Path) -> None:
    found = [text for text in sentences(path.read_text(encoding="utf-8")) if re.search(r"\d", text)]
    assert [text for text in found if not any(example in text for example in _EXAMPLES)] == []


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_a_chapter_holds_no_typed_digit_but_what_is_defined(path: Path) -> None:
    found = sentences(path.read_text(encoding="utf-8"))
    assert [text for text in found if re.search(r"\d", _DEFINED.sub("", text))] == []


def test_what_indicators_are_called_holds_no_typed_digit() -> None:
    wording = yaml.safe_load((ROOT / "include" / "prose" / "wording.yaml").read_text(encoding="utf-8"))
    names = [one[form] for one in wording["subjects"] for form in ("subject", "bare")]
    words = [one["word"] for version in wording["versions"] for one in version["quantifiers"]]
    assert not [text for text in (*names, *words) if re.search(r"\d", text)]


def test_the_lint_sees_a_typed_digit() -> None:
    assert re.findall(r"\d+", said_by("<p class='x2'>Utfallet blev 44 procent, {{ value2 }}</p>")) == ["44"]
    assert sentences('"""Doc 1."""\nx = f"Utfallet blev 44 procent av {y}"\n') == ["Utfallet blev 44 procent av "]
