"""What stands in include/comparison names only what exists, and a wrong definition is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.comparison.public_values import INCLUDE, INDICATORS

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.comparisons import load_bridges, load_peers, load_uncertainty
from arshjul.catalogue.statistics import load_selection
from arshjul.catalogue.yaml_files import CatalogueError


def test_bridges_are_between_twins_and_over_a_distribution() -> None:
    for bridge in load_bridges(INCLUDE).values():
        twins = [INDICATORS[twin.indicator] for twin in (bridge.base, *bridge.twins)]
        assert len({(twin.kind, twin.unit, twin.decimals) for twin in twins}) == 1
        assert all({()} <= set(twin.tables) <= set(twins[0].tables) for twin in twins)
        parts = INDICATORS[bridge.parts]
        assert parts.distribution_over == bridge.over
        assert (bridge.over,) in parts.tables
        for twin in bridge.twins:
            assert bridge.steps(twin, load_codelists(INCLUDE)[bridge.code_list])


def test_peers_are_fetched_and_belong_to_an_indicator() -> None:
    peers = load_peers(INCLUDE)
    for series in peers.series:
        selection = load_selection(INCLUDE, series.source)
        assert series.indicator in INDICATORS
        assert series.series in selection.titles
        assert dict(series.dimensions) == dict(selection.totals[series.series])
        assert {peers.area, peers.country} <= set(selection.areas)
        assert peers.of(series.indicator) is series
    assert peers.of("kunder") is None
    kolada = load_selection(INCLUDE, "kolada")
    assert peers.group in getattr(kolada, "groups")  # noqa: B009 - only Kolada's selection has groups


def test_measures_of_coverage_are_shares_and_stand_beside_an_indicator() -> None:
    rules = load_uncertainty(INCLUDE)
    for rule in rules.coverage:
        assert INDICATORS[rule.indicator].kind in ("share", "mean")
        assert INDICATORS[rule.coverage].kind == "share"
        assert INDICATORS[rule.coverage].unit == "procent"
        assert 0 < rule.caution_below < 100
    for many in rules.many_from_one:
        assert many.once_by in (None, *INDICATORS[many.indicator].breakdowns)


@pytest.fixture
def include(tmp_path: Path) -> Path:
    shutil.copytree(INCLUDE / "comparison", tmp_path / "comparison")
    shutil.copytree(INCLUDE / "contracts", tmp_path / "contracts")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: maluppfyllelse", "id: annan", "id is annan"),
        ("code_list: avslutsorsaker", "code_list: okand", "no code list okand"),
        ("attribute: kolada", "attribute: okant", "does not say okant"),
    ],
)
def test_a_wrong_bridge_is_refused(include: Path, old: str, new: str, message: str) -> None:
    file = include / "comparison" / "bridges" / "maluppfyllelse.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        load_bridges(include)


def test_a_difference_that_is_not_a_sentence_is_refused(include: Path) -> None:
    file = include / "comparison" / "peers.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("räknas inte.", "räknas inte"), encoding="utf-8")
    with pytest.raises(CatalogueError, match="U40455"):
        load_peers(include)
