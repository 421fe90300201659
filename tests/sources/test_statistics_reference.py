"""Real answers of Kolada and SCB, where somebody has them: ``ARSHJUL_REFERENCE_DATA`` names their folder.

They are not in the repository. Without the folder these tests are skipped, and nothing else needs it.
"""

from __future__ import annotations

import csv
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from arshjul.catalogue.statistics import load_selection
from arshjul.settings import REPOSITORY
from arshjul.sources.json_stat import read_cube
from arshjul.sources.kolada import read_kolada
from arshjul.sources.scb import read_scb
from arshjul.sources.statistics_page import Asked, read_json

# Read when the tests are collected: no test sees the developer's own settings.
FOLDER = Path(os.environ.get("ARSHJUL_REFERENCE_DATA") or "-")

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="ARSHJUL_REFERENCE_DATA names no folder of real answers")


def content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def test_the_areas_of_kolada_are_read() -> None:
    areas = {one.area: one.title for one in read_kolada("areas", {}, content("kolada_v3_municipality.json")).areas}
    assert len(areas) == 312
    assert (areas["0580"], areas["0182"], areas["0000"]) == ("Linköping", "Nacka", "Riket")


def test_the_known_cells_of_kolada_are_what_kolada_has_said() -> None:
    said = {
        (row["geo"], row["year"]): row["u40455"]
        for row in csv.DictReader(content("kolada_v2_u40455_T.csv").decode().splitlines())
    }
    known = [one for one in load_selection(REPOSITORY / "include", "kolada").known_cells if one.series == "U40455"]
    assert known
    for cell in known:
        assert cell.value is not None
        assert abs(Decimal(said[cell.area, cell.period]) - cell.value) <= cell.tolerance


def test_a_real_description_of_a_table_fits_the_definition() -> None:
    selection = load_selection(REPOSITORY / "include", "scb")
    [table] = [one for one in selection.tables if one.id == "TAB6471"]  # type: ignore[union-attr]
    cube = read_cube(read_json(content("TAB6471_metadata.json"), "SCB"), "SCB")
    assert set(cube.codes) == {table.area, table.period, table.measure, *table.dimensions}
    assert set(selection.areas) <= set(cube.codes[table.area])
    assert set(table.measures) <= set(cube.codes[table.measure])
    assert all(set(codes) <= set(cube.codes[name]) for name, codes in table.dimensions.items())
    assert table.first_period in cube.codes[table.period]
    roles = {"table": table.id, "area": table.area, "period": table.period, "measure": table.measure}
    [series] = read_scb(
        "metadata", {"measures": list(table.measures), **roles}, content("TAB6471_metadata.json")
    ).series
    assert series.attributes["unit"] == "antal"
    assert series.attributes["last_period"] == "2026M04"
    assert any("kontrollerad slumpmässig osäkerhet" in note for note in series.attributes["notes"])


def test_real_cells_of_scb_are_read_and_add_up_to_about_the_population() -> None:
    document = json.loads(content("TAB6471_data.json"))
    cube = read_cube(document, "SCB")
    asked = Asked(("TAB6471/000007SF",), cube.codes["Region"], "2026M01", "9999", {})
    request = {
        "table": "TAB6471",
        "area": "Region",
        "period": "Tid",
        "measure": "ContentsCode",
        "body": {"selection": [{"variableCode": name, "valueCodes": list(of)} for name, of in cube.codes.items()]},
        "asked": asked.as_json(),
    }
    cells = read_scb("data", request, content("TAB6471_data.json")).cells
    assert len(cells) == 21 * 11 * 3 * 4
    assert cells[0].value == 245_284
    population = sum(one.value or 0 for one in cells if one.period == "2026M01" and one.dimensions["Kon"] == "TotSa")
    [known] = [one for one in load_selection(REPOSITORY / "include", "scb").known_cells if one.area == "00"]
    assert known.value is not None
    assert abs(population - known.value) < known.tolerance


def test_the_configuration_of_scb_states_its_limits() -> None:
    config = read_json(content("config.json"), "SCB")
    assert (config["maxDataCells"], config["maxCallsPerTimeWindow"]) == (150_000, 3)
