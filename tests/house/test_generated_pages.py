"""Generated pages say what the code says."""

from __future__ import annotations

from tests.house.generated_pages import BEGIN, END, ROOT, SENDERS, pages


def test_generated_pages_are_up_to_date() -> None:
    for page, text in pages():
        assert page.read_text(encoding="utf-8") == text, f"run make docs: {page.name} says something else"


def test_the_readme_has_a_place_for_its_settings() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.count(BEGIN) == readme.count(END) == 1


def test_every_page_for_senders_is_about_a_dataset_that_is() -> None:
    assert set(SENDERS.glob("*.md")) == {page for page, _ in pages() if page.parent == SENDERS}
