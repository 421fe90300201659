"""The exported table: columns, which cells readers get, and numbers that any program can read."""

from __future__ import annotations

import csv
import re

from sqlalchemy import Connection
from tests.core_rows import INCLUDE, PROVIDER
from tests.indicators.conftest import Fill

from arshjul.catalogue.indicators import load_indicators
from arshjul.disclosure.release import protect
from arshjul.indicators.compute import Computation, compute
from arshjul.indicators.export import export_rows
from arshjul.periods import Tertial
from arshjul.reports.table_csv import write_csv

COLUMNS = [
    *("indikator_id", "period", "insatstyp", "anordnare", "kon", "aldersgrupp"),
    *("avslutsorsak", "block", "fraga_id", "kalla", "kategori", "niva", "objekt_id", "typ"),
    *("taljare", "namnare", "varde", "antal", "skyddad"),
]


def computed(connection: Connection, fill: Fill) -> Computation:
    """13 exits of which 7 reached, all women of 34 in one programme at one provider, except for one man."""
    exits = [
        {"insats_id": f"i{number}", "person_id": f"p{number}", "slutdatum": "2024-02-01", "avslutsorsak": reason}
        for number, reason in enumerate(["arbete"] * 7 + ["sfi"] * 6)
    ]
    run_id = fill(insatser=exits, person=[{"person_id": "p0", "sex": "man"}])
    computation = compute(connection, INCLUDE, Tertial(2024, 1), run_id=run_id)
    protect(connection, INCLUDE, computation.computation_id, run_id=run_id)
    return computation


def table(connection: Connection, computation: Computation, internal: bool) -> list[dict[str, str]]:
    columns, rows = export_rows(connection, INCLUDE, computation, internal=internal)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_the_columns_are_those_of_the_specification_and_then_the_other_breakdowns(
    connection: Connection, fill: Fill
) -> None:
    columns, rows = export_rows(connection, INCLUDE, computed(connection, fill), internal=True)
    assert list(columns) == COLUMNS
    assert {len(row) for row in rows} == {len(columns)}


def test_readers_get_the_tables_of_the_catalogue_and_nothing_more(connection: Connection, fill: Fill) -> None:
    shown = table(connection, computed(connection, fill), internal=False)
    indicators = load_indicators(INCLUDE)
    for row in shown:
        cell = {name for name in COLUMNS[2:-5] if row[name]}
        assert cell in [set(one) for one in indicators[row["indikator_id"]].tables]
    exits = [row for row in shown if row["indikator_id"] == "maluppfyllelse"]
    assert [(row["insatstyp"], row["anordnare"], row["kon"], row["aldersgrupp"]) for row in exits] == [
        ("", "", "", ""),
        ("", PROVIDER, "", ""),
        ("jobbpeng_grund", "", "", ""),
        ("jobbpeng_grund", "", "", "25-34"),
        ("jobbpeng_grund", "", "kvinna", ""),
        ("jobbpeng_grund", "", "man", ""),
    ]


def test_a_protected_row_has_no_numbers_and_says_so(connection: Connection, fill: Fill) -> None:
    shown = table(connection, computed(connection, fill), internal=False)
    row = next(row for row in shown if row["indikator_id"] == "maluppfyllelse" and row["kon"] == "man")
    assert [row[name] for name in ("taljare", "namnare", "varde", "antal", "skyddad")] == ["", "", "", "", "ja"]
    for row in shown:
        assert (row["skyddad"] == "ja") == (row["antal"] == "")


def test_inside_the_house_every_combination_is_there_and_nothing_is_withheld(
    connection: Connection, fill: Fill
) -> None:
    inside = table(connection, computed(connection, fill), internal=True)
    assert {row["skyddad"] for row in inside} == {"nej"}
    assert all(row["antal"] for row in inside)
    row = next(
        row
        for row in inside
        if (row["indikator_id"], row["anordnare"], row["kon"], row["aldersgrupp"])
        == ("maluppfyllelse", PROVIDER, "man", "25-34")
    )
    assert (row["taljare"], row["namnare"], row["varde"], row["antal"]) == ("1", "1", "1", "1")


def test_numbers_are_unrounded_with_a_point_and_without_an_exponent(connection: Connection, fill: Fill) -> None:
    inside = table(connection, computed(connection, fill), internal=True)
    total = next(
        row
        for row in inside
        if row["indikator_id"] == "maluppfyllelse" and not any(row[name] for name in COLUMNS[2:-5])
    )
    assert re.fullmatch(r"0\.5384615384615384\d+", total["varde"])
    for row in inside:
        for name in ("taljare", "namnare", "varde", "antal"):
            assert re.fullmatch(r"|-?\d+(\.\d*[1-9])?", row[name]), (row["indikator_id"], name)


def test_the_same_computation_is_always_the_same_file(connection: Connection, fill: Fill) -> None:
    computation = computed(connection, fill)
    files = []
    for _ in range(2):
        columns, rows = export_rows(connection, INCLUDE, computation, internal=False)
        files.append(write_csv(columns, rows))
    assert files[0] == files[1]
    lines = files[0].decode("utf-8").splitlines()
    assert lines[0].split(",") == COLUMNS
    assert len(list(csv.reader(lines))) == len(rows) + 1
