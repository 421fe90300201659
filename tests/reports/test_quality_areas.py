"""Figures are laid out by the three areas of quality, and nothing is without one (R52, R53)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.reports.facts_example import INCLUDE, INDICATORS, Values, count, facts, mean, share

from arshjul.catalogue.indicators import Indicator
from arshjul.catalogue.yaml_files import CatalogueError, read_definition
from arshjul.reports.blocks import Heading, Table
from arshjul.reports.chapters.key_indicators import AREAS, key_indicators_chapter

NOW: Values = {
    ("maluppfyllelse", ""): share(88, 200),
    ("kursbetyg", ""): mean("4.2", 40),
    ("kunder", ""): count(1284),
}


def test_each_area_has_a_table_of_its_own_measures_and_no_others() -> None:
    blocks = key_indicators_chapter(facts(NOW))
    found = {block.id: [row.cells[0].display for row in block.rows] for block in blocks if isinstance(block, Table)}
    areas = {f"nyckeltal-{INDICATORS[indicator_id].quality_area}" for indicator_id, _ in NOW}
    assert found.keys() == areas <= {f"nyckeltal-{area}" for area in AREAS}
    for indicator_id, _ in NOW:
        indicator = INDICATORS[indicator_id]
        [row] = [one for one in found[f"nyckeltal-{indicator.quality_area}"] if one.startswith(indicator.title)]
        assert sum(row in rows for rows in found.values()) == 1


def test_without_a_value_the_areas_are_not_drawn_empty() -> None:
    assert [type(block) for block in key_indicators_chapter(facts({}))][:1] == [Heading]
    assert not [block for block in key_indicators_chapter(facts({})) if isinstance(block, Table)]


@pytest.mark.parametrize("tag", ["quality_area", "class"])
def test_a_measure_without_its_area_or_its_class_is_refused(tmp_path: Path, tag: str) -> None:
    source = INCLUDE / "sql" / "indicator" / "kunder.yaml"
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    without = tmp_path / source.name
    without.write_text("".join(line for line in lines if not line.startswith(f"{tag}:")), encoding="utf-8")
    with pytest.raises(CatalogueError, match=tag):
        read_definition(without, Indicator)
