"""json-stat2 in all the shapes the format allows."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from arshjul.sources.json_stat import read_cube
from arshjul.sources.statistics_page import FetchFailed, read_json


def dataset(**changed: Any) -> dict[str, Any]:
    return {
        "id": ["Region", "Kon"],
        "size": [2, 2],
        "dimension": {
            "Region": {"category": {"index": {"0182": 1, "0580": 0}, "label": {"0580": "Linköping"}}},
            "Kon": {"category": {"index": ["1", "2"]}},
        },
        "value": [1, None, 0, 2.5],
        **changed,
    }


def cells(document: dict[str, Any]) -> list[tuple[str, str, Decimal | None, str]]:
    cube = read_cube(read_json(json.dumps(document).encode(), "SCB"), "SCB")
    return [(codes["Region"], codes["Kon"], value, mark) for codes, value, mark in cube.cells()]


def test_cells_come_in_row_major_order_by_the_index_not_by_the_order_of_the_file() -> None:
    assert cells(dataset()) == [
        ("0580", "1", Decimal(1), ""),
        ("0580", "2", None, ""),
        ("0182", "1", Decimal(0), ""),
        ("0182", "2", Decimal("2.5"), ""),
    ]


def test_sparse_values_are_the_same_as_dense_ones() -> None:
    assert cells(dataset(value={"0": 1, "2": 0, "3": 2.5})) == cells(dataset())


@pytest.mark.parametrize("status", [{"1": ".."}, [None, "..", None, None]])
def test_marks_may_be_sparse_or_dense(status: object) -> None:
    assert [mark for *_, mark in cells(dataset(status=status))] == ["", "..", "", ""]


def test_one_mark_may_stand_for_all() -> None:
    assert {mark for *_, mark in cells(dataset(status="p"))} == {"p"}


def test_a_single_category_needs_no_index_and_a_code_without_a_name_names_itself() -> None:
    document = dataset(size=[1, 2], value=[1, 2])
    document["dimension"]["Region"] = {"category": {"label": {"00": "Riket"}}}
    cube = read_cube(document, "SCB")
    assert (cube.codes["Region"], cube.labels("Kon")) == (("00",), {"1": "1", "2": "2"})


@pytest.mark.parametrize(
    "changed",
    [
        {"size": [2, 3]},
        {"size": [2]},
        {"id": ["Region", "Region"]},
        {"id": None},
        {"dimension": {"Region": {"category": {"index": ["0580", "0182"]}}}},
        {
            "dimension": {
                "Region": {"category": {"index": {"a": 0, "b": 2}}},
                "Kon": {"category": {"index": ["1", "2"]}},
            }
        },
        {"value": [1, 2, 3]},
        {"value": {"4": 1}},
        {"value": {"x": 1}},
        {"value": None},
        {"value": [1, 2, 3, "4"]},
        {"value": [1, 2, 3, True]},
        {"status": [".."]},
        {"status": 3},
    ],
)
def test_what_does_not_fit_together_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(FetchFailed):
        cells(dataset(**changed))


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": ', b"[]", b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_what_is_not_a_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(FetchFailed, match="inte") as failed:
        read_json(body, "SCB")
    assert failed.value.code in ("inte_json", "ovantat_svar")


def test_numbers_are_exact() -> None:
    assert read_json(b'{"a": 44.03409091}', "SCB")["a"] == Decimal("44.03409091")
