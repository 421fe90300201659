"""Generated pages say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.house.generated_pages import BEGIN, END, INDICATORS, ROOT, SENDERS, pages

from arshjul.catalogue.indicators import load_indicators
from arshjul.kit.indicator_pages import left_out_reasons


def test_generated_pages_are_up_to_date() -> None:
    for page, text in pages():
        assert page.read_text(encoding="utf-8") == text, f"run make docs: {page.name} says something else"


def test_the_readme_has_a_place_for_its_settings() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.count(BEGIN) == readme.count(END) == 1


@pytest.mark.parametrize("folder", [SENDERS, INDICATORS])
def test_every_page_is_about_a_dataset_or_an_indicator_that_is(folder: Path) -> None:
    assert set(folder.glob("*.md")) == {page for page, _ in pages() if page.parent == folder}


def test_every_indicator_says_in_words_how_it_is_counted_and_what_to_read_beside_it() -> None:
    indicators = load_indicators(ROOT / "include")
    for one in indicators.values():
        assert one.counted, f"{one.id}: counted"
        assert (one.kind == "count") == (not one.measured), f"{one.id}: measured"
        for related in one.related:
            assert related.indicator in indicators.keys() - {one.id}, f"{one.id}: related"
            assert related.how.endswith("."), f"{one.id}: related"


def test_every_reason_for_leaving_out_stands_on_the_page() -> None:
    for file in (ROOT / "include" / "sql" / "left_out").glob("*.sql"):
        page = (INDICATORS / f"{file.stem}.md").read_text(encoding="utf-8")
        reasons = left_out_reasons(ROOT / "include", file.stem)
        assert reasons, file.name
        assert all(f"- {reason}\n" in page for reason in reasons), file.name
