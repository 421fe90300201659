"""The thresholds behind words: what a definition of them must hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.prose.account_example import WORDING, WORDINGS

from arshjul.catalogue.prose import Quantifier
from arshjul.catalogue.yaml_files import CatalogueError, changed
from arshjul.periods import Year


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"from_": "i fjol"}, "version 1, from"),
        ({"trend_agreement": Decimal(0)}, "a trend needs"),
        ({"trend_periods": 1}, "a trend needs"),
        ({"quantifiers": ()}, "the last quantifier"),
        ({"quantifiers": (Quantifier(word="flera", share=Decimal("0.5"), fewest=2),)}, "the last quantifier"),
    ],
)
def test_a_version_that_cannot_be_applied_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        changed(WORDING, **values)


def test_versions_follow_each_other_and_a_name_is_given_once() -> None:
    second = changed(WORDING, version=2, from_="2027")
    assert changed(WORDINGS, versions=(WORDING, second)).at(Year(2030)) is second
    for wrong in ((second,), (WORDING, changed(second, version=3)), (WORDING, changed(second, from_="2000"))):
        with pytest.raises(ValueError, match="version"):
            changed(WORDINGS, versions=wrong)
    with pytest.raises(ValueError, match="one name"):
        changed(WORDINGS, subjects=WORDINGS.subjects * 2)


def test_a_period_before_the_first_version_has_no_words() -> None:
    with pytest.raises(CatalogueError, match="no version for 2010"):
        changed(WORDINGS, versions=(changed(WORDING, from_="2018"),)).at(Year(2010))
