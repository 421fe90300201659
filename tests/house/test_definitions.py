"""One test loads and validates every definition in the catalogue."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from arshjul.catalogue.checks import load_checks
from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.contracts import Contract, load_contracts
from arshjul.catalogue.indicators import Indicator, load_indicators
from arshjul.catalogue.recipients import load_recipients
from arshjul.catalogue.yaml_files import CatalogueError, read_definition

INCLUDE = Path(__file__).resolve().parents[2] / "include"


def test_every_definition_loads_and_names_only_what_exists() -> None:
    contracts, codelists = load_contracts(INCLUDE), load_codelists(INCLUDE)
    indicators, recipients = load_indicators(INCLUDE), load_recipients(INCLUDE)
    for contract in contracts.values():
        lists = {field.code_list for field in contract.fields if field.code_list}
        assert lists <= set(codelists), contract.name
    for indicator in indicators.values():
        assert re.fullmatch(r"[a-z0-9_]+", indicator.id)
        assert indicator.reviewed <= date(2030, 1, 1)
        assert not re.search(r"n/a|todo|tbd", f"{indicator.owner} {indicator.checked_by}", re.I)
        assert len(indicator.definition) > 40, indicator.id
    for stage in ("staging", "core", "indicator"):
        for check in load_checks(INCLUDE, stage).values():
            assert check.title.endswith("."), check.id
            assert check.action.endswith("."), check.id
    assert recipients


def test_every_field_is_described_for_the_sender_in_swedish() -> None:
    for contract in load_contracts(INCLUDE).values():
        for field in contract.fields:
            assert field.title, field.name
            assert field.description.endswith("."), f"{contract.name}.{field.name}"


@pytest.mark.parametrize("kind", [Contract, Indicator])
def test_an_unknown_key_is_refused(tmp_path: Path, kind: type[Contract | Indicator]) -> None:
    source = INCLUDE / ("contracts/kapacitet.yaml" if kind is Contract else "sql/indicator/kunder.yaml")
    changed = tmp_path / source.name
    changed.write_text(source.read_text(encoding="utf-8") + "\nnoggrannhet: hög\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="noggrannhet"):
        read_definition(changed, kind)
