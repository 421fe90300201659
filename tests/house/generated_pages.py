"""Pages that are made from the code: ``make docs`` writes them, and a test fails when they say something else.

``dags/README.md`` comes from the DAGs' own documentation, and README's table of settings from the settings.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from arshjul.settings import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- settings: made by make docs -->", "<!-- end of settings -->"


def pages() -> Iterator[tuple[Path, str]]:
    """Give every generated page: its path and what it is to say."""
    yield ROOT / "dags" / "README.md", _dags()
    yield ROOT / "README.md", _readme()


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


if __name__ == "__main__":
    for page, text in pages():
        page.write_text(text, encoding="utf-8")
