"""Pages that are made from the code: ``make docs`` writes them, and a test fails when they say something else.

``dags/README.md`` comes from the DAGs' own documentation, README's table of settings from the settings, ``docs/arshjul.md``
from the activities of the year, ``docs/leveranser`` from the contracts and ``docs/indikatorer`` from the definitions of
indicators. ``make docs`` also takes new versions of those definitions into ``tests/house/definitions.lock``.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.definition_lock import main

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.contracts import load_contracts
from arshjul.kit.indicator_pages import indicator_pages
from arshjul.kit.pages import sender_pages
from arshjul.settings import VARIABLES
from arshjul.wheel.rules_page import rules_page

ROOT = Path(__file__).resolve().parents[2]
SENDERS = ROOT / "docs" / "leveranser"
INDICATORS = ROOT / "docs" / "indikatorer"
BEGIN, END = "<!-- settings: made by make docs -->", "<!-- end of settings -->"


def pages() -> Iterator[tuple[Path, str]]:
    """Give every generated page: its path and what it is to say."""
    yield ROOT / "dags" / "README.md", _dags()
    yield ROOT / "README.md", _readme()
    yield ROOT / "docs" / "arshjul.md", rules_page(ROOT / "include")
    yield from ((SENDERS / name, text) for name, text in _for_senders())
    yield from ((INDICATORS / name, text) for name, text in indicator_pages(ROOT / "include"))


def _dags() -> str:
    parts = ["# DAGs\n\nMade by `make docs` from the DAGs' own documentation, which is also what Airflow shows.\n"]
    for path in sorted((ROOT / "dags").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        documentation = re.sub(r"^#", "##", ast.get_docstring(ast.parse(source)) or "")
        parts.append(f"{documentation}\n\n`{path.name}`\n")
    return "\n".join(parts)


def _readme() -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [f"| `{one.name}` | {one.default or '–'} | {one.purpose} |" for one in VARIABLES]
    table = "\n".join([BEGIN, "", "| variable | default | what it is |", "|---|---|---|", *rows, "", END])
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: table, readme, flags=re.DOTALL)


def _for_senders() -> Iterator[tuple[str, str]]:
    return sender_pages(load_contracts(ROOT / "include"), load_codelists(ROOT / "include"))


if __name__ == "__main__":
    for page, text in pages():
        page.parent.mkdir(exist_ok=True)
        page.write_text(text, encoding="utf-8")
    for left in {*SENDERS.glob("*.md"), *INDICATORS.glob("*.md")} - {page for page, _ in pages()}:
        left.unlink()
    sys.exit(main([]))
