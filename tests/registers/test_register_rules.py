"""What the registers go by is the municipality's own file, and a rule that cannot be is refused by name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.core_rows import INCLUDE

from arshjul.catalogue.register_rules import load_register_rules
from arshjul.catalogue.yaml_files import CatalogueError

FILE = "registers/rules.yaml"


def test_the_file_is_read_as_it_stands() -> None:
    rules = load_register_rules(INCLUDE)
    assert rules.survey.minimum_response == Decimal("0.40")
    assert rules.survey.window(2026) == (date(2026, 4, 1), date(2026, 4, 30))
    assert (rules.spot_checks.confidence, rules.spot_checks.per_provider) == (0.95, 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("share: 0.02", "share: 2", "share lies between"),
        ("kronor: 1000", "kronor: -1", "not negative"),
        ("tolerated: 0.10", "tolerated: 10", "lie between 0 and 1"),
        ("per_provider: 1", "per_provider: 0", "per_provider"),
        ('closes: "04-30"', 'closes: "03-30"', "opens before it closes"),
        ("minimum_response: 0.40", "minimum_response: 40", "minimum_response"),
        ("asked_months: 4", "asked_months: 0", "asked_months"),
        ("asked_months: 4", "asked_months: 4\n  extra: 1", "unknown keys: extra"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (INCLUDE / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "registers").mkdir()
    (tmp_path / FILE).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError, match=said):
        load_register_rules(tmp_path)
