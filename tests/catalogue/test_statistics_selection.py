"""What is fetched from the statistics services is defined as the house wants it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from arshjul.catalogue.statistics import SOURCES, load_selection, selection_file
from arshjul.catalogue.yaml_files import CatalogueError

INCLUDE = Path(__file__).resolve().parents[2] / "include"


@pytest.mark.parametrize("source", SOURCES)
def test_a_selection_names_where_it_comes_from_and_cells_that_are_known(source: str) -> None:
    selection = load_selection(INCLUDE, source)
    assert selection.address.startswith("https://")
    assert selection.source_line == f"Källa: {selection.title}"
    assert {"0580", "0182"} == set(selection.own_areas)
    assert any(one.value is not None for one in selection.known_cells)
    assert set(selection.totals) == set(selection.titles)


@pytest.mark.parametrize(
    ("source", "change"),
    [
        ("kolada", {"areas": ["580"]}),
        ("kolada", {"areas": ["0580", "0580"]}),
        ("kolada", {"own_areas": ["0114"]}),
        ("kolada", {"kpis": [{"id": "40455", "title": "x"}]}),
        ("kolada", {"address": "http://api.kolada.se/v3"}),
        ("kolada", {"known_cells": []}),
        ("kolada", {"known_cells": [{"series": "U40455", "area": "0580", "period": "2021", "dimensions": {}}]}),
        (
            "kolada",
            {"known_cells": [{"series": "N99999", "area": "0580", "period": "2021", "dimensions": {"gender": "T"}}]},
        ),
        ("kolada", {"nyckeltal": []}),
        ("scb", {"areas": [180]}),
        ("scb", {"tables": []}),
        ("scb", {"source": "kolada"}),
    ],
)
def test_a_selection_that_would_fetch_something_else_is_refused(tmp_path: Path, source: str, change: object) -> None:
    shutil.copytree(INCLUDE / "statistics", tmp_path / "statistics")
    file = selection_file(tmp_path, source)
    definition = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump(definition | change), encoding="utf-8")  # type: ignore[operator]
    with pytest.raises(CatalogueError):
        load_selection(tmp_path, source)


def test_there_is_no_other_service() -> None:
    with pytest.raises(ValueError, match="kolada and scb"):
        load_selection(INCLUDE, "eurostat")
