"""A definition holds exactly what its class says, or the error names the file and the key."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml

from arshjul.catalogue.codelists import Code
from arshjul.catalogue.contracts import Constraints, Contract
from arshjul.catalogue.yaml_files import CatalogueError, as_definition, read_definition
from arshjul.settings import REPOSITORY

CAPACITY = REPOSITORY / "include" / "contracts" / "kapacitet.yaml"


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("order",), "3", "expected int, found str @ $.order"),
        (("order",), True, "expected int, found bool @ $.order"),
        (("order",), None, "expected int, found NoneType @ $.order"),
        (("register",), 1, "expected bool, found int @ $.register_"),
        (("name",), 7, "expected str, found int @ $.name"),
        (("primaryKey",), "manad", "expected a list, found str @ $.primary_key"),
        (("primaryKey",), ["nej"], "unknown fields: nej @ $"),
        (("fields",), {"a": 1}, "expected a list, found dict @ $.fields"),
        (("fields", 0), "manad", "expected keys and values, found str @ $.fields[0]"),
        (("fields", 0, "type"), "text", "text not in literal"),
        (("fields", 0, "maxlength"), 3, "unknown keys: maxlength @ $.fields[0]"),
        (
            ("fields", 1, "constraints", "minimum"),
            "3",
            "expected a number, found str @ $.fields[1].constraints.minimum",
        ),
        (("rules",), [{"rule": "hogst_falt", "field": "manad", "less": ["a"]}], "expected 2 items, found 1"),
    ],
)
def test_no_value_is_converted(tmp_path: Path, place: tuple[Any, ...], value: Any, message: str) -> None:
    definition = deepcopy(yaml.safe_load(CAPACITY.read_text(encoding="utf-8")))
    inner = definition
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    changed = tmp_path / "kapacitet.yaml"
    changed.write_text(yaml.safe_dump(definition), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_definition(changed, Contract)
    assert str(caught.value).startswith("kapacitet.yaml: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("data", [None, [], "x", {}])
def test_an_empty_file_is_no_definition(data: object) -> None:
    with pytest.raises(CatalogueError, match=r"found|missing"):
        as_definition(data, Contract)


def test_numbers_are_exact_and_keys_have_their_frictionless_names() -> None:
    bounds = as_definition({"maxLength": 3, "exclusiveMinimum": 0.1, "maximum": 24}, Constraints)
    assert bounds == Constraints(max_length=3, exclusive_minimum=Decimal("0.1"), maximum=Decimal(24))
    with pytest.raises(CatalogueError, match="unknown keys: max_length"):
        as_definition({"max_length": 3}, Constraints)


def test_a_definition_cannot_be_changed() -> None:
    code = Code(code="ja", title="Ja", valid_from=date(2026, 1, 1))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        code.title = "Nej"  # type: ignore[misc]
    assert attrs.evolve(code, title="Nej").code == "ja"


def test_a_file_that_is_not_yaml_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "trasig.yaml"
    broken.write_text("namn: [", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"^trasig\.yaml: "):
        read_definition(broken, Contract)
