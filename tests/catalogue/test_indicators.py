"""Definitions of indicators: versions that rise, and where a series is broken."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from arshjul.catalogue.indicators import Indicator, series_break
from arshjul.catalogue.yaml_files import CatalogueError, as_definition
from arshjul.periods import parse_period
from arshjul.settings import REPOSITORY

SECOND = {"version": 2, "from": "2026-T2", "what": "Studier som inte ger studiemedel räknas inte längre."}
THIRD = {"version": 3, "from": "2027-01", "what": "Deltidsarbete räknas."}


def defined(**values: Any) -> Indicator:
    source = REPOSITORY / "include" / "sql" / "indicator" / "kunder.yaml"
    return as_definition(yaml.safe_load(source.read_text(encoding="utf-8")) | values, Indicator)


def test_a_definition_without_changes_is_version_one() -> None:
    assert (defined().version, defined().changes) == (1, ())


@pytest.mark.parametrize(
    ("version", "changes"),
    [
        (2, []),
        (1, [SECOND]),
        (3, [SECOND]),
        (3, [THIRD, SECOND]),
        (2, [SECOND, SECOND]),
        (1, [SECOND | {"version": 1}]),
        (3, [SECOND, THIRD | {"from": "2026-05"}]),
        (2, [SECOND | {"from": "2026-T4"}]),
        (2, [SECOND | {"what": "Räknas om"}]),
        (2, [SECOND | {"why": "Nämnden har beslutat."}]),
    ],
)
def test_versions_rise_and_the_newest_change_is_the_version(version: int, changes: list[dict[str, Any]]) -> None:
    with pytest.raises(CatalogueError):
        defined(version=version, changes=changes)


@pytest.mark.parametrize(
    ("earlier", "later", "version"),
    [
        ("2026-T1", "2026-T2", 2),
        ("2025-T2", "2026-T2", 2),
        ("2026-T2", "2026-T3", None),
        ("2025-T1", "2026-T1", None),
        ("2026-04", "2026-05", 2),
        ("2026-05", "2026-06", None),
        ("2025", "2026", 2),
        ("2026", "2027", 3),
        ("2025", "2027", 3),
        ("2027", "2028", None),
        ("2026-T1", "2027-T1", 3),
        ("2026-T2", "2026-T2", None),
    ],
)
def test_a_series_is_broken_where_a_new_version_begins(earlier: str, later: str, version: int | None) -> None:
    indicator = defined(version=3, changes=[SECOND, THIRD])
    there, back = parse_period(earlier), parse_period(later)
    for found in (series_break(indicator, there, back), series_break(indicator, back, there)):
        assert (found and found.version) == version


def test_a_definition_that_never_changed_has_no_break() -> None:
    assert series_break(defined(), parse_period("2020"), parse_period("2030")) is None
