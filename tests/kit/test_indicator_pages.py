"""The catalogue's pages say what a definition says, also when it has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

from arshjul.kit.indicator_pages import INDEX, indicator_pages
from arshjul.settings import REPOSITORY

CHANGED = """
version: 2
changes:
  - {version: 2, from: 2026-T2, what: Studier utan studiemedel räknas inte längre.}
"""


def test_a_new_version_is_seen_as_a_break_in_the_series(tmp_path: Path) -> None:
    for folder in ("sql/indicator", "sql/core", "sql/left_out", "contracts"):
        shutil.copytree(REPOSITORY / "include" / folder, tmp_path / folder)
    with (tmp_path / "sql/indicator/maluppfyllelse.yaml").open("a", encoding="utf-8") as file:
        file.write(CHANGED)
    pages = dict(indicator_pages(tmp_path))
    page = pages["maluppfyllelse.md"]
    assert "| 2 | tertial 2 2026 | Studier utan studiemedel räknas inte längre. |" in page
    assert "Serien är bruten där en ny version börjar" in page
    assert "[Måluppfyllelse](maluppfyllelse.md) (version 2)" in pages[INDEX]
    assert "Serien är obruten." in pages["kunder.md"]


def test_the_twins_are_set_side_by_side_reason_by_reason() -> None:
    pages = dict(indicator_pages(REPOSITORY / "include"))
    row = "| Kommunal anställning | ja | nej | ja |"
    with_reasons = {name for name, text in pages.items() if row in text}
    assert with_reasons == {"maluppfyllelse.md", "maluppfyllelse_kolada.md", "maluppfyllelse_bred.md"}
