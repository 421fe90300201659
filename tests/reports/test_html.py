"""The web page says everything, runs nothing, fetches nothing, and can be used by everyone."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import TypeAlias

import pytest
from tests.reports.example import CROWDED, EXAMPLE, document, outcome_figure, reveal, tables, texts

from arshjul.comparison.numbers import NOTHING_TO_TELL
from arshjul.reports.blocks import Box, Cell, Column, Document, Figure, Heading, Paragraph, Row, Run, Table, plain
from arshjul.reports.html import render_html

Attributes: TypeAlias = dict[str, str | None]
HOSTILE = "<script>alert(1)</script>\"' onmouseover=alert(1) x='{{ 7 * 7 }}{% raw %}&amp;<img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """What a browser would find: every element with its attributes, and all text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.told: list[str] = []
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.told.extend(value for name, value in attrs if name == "content" and value)

    def handle_data(self, data: str) -> None:
        self.told.append(data)

    def all(self, *tags: str) -> list[Attributes]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_html(EXAMPLE))


@pytest.mark.parametrize("given", [EXAMPLE, CROWDED], ids=["example", "crowded"])
def test_every_text_of_the_document_stands_on_the_page(given: Document) -> None:
    told = "".join(Page(render_html(given)).told)
    assert [text for text in texts(given) if text not in told] == []


def test_a_table_without_rows_says_so() -> None:
    empty = Table("t", "Kvar i egen försörjning", (Column("Mått"), Column("Utfall")), ())
    assert NOTHING_TO_TELL in Page(render_html(document(empty))).told


def test_the_page_may_run_nothing_and_fetch_nothing(page: Page) -> None:
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in (policy or "").split(";"))
    assert rules["default-src"] == "'none'"
    assert {key: rules[key] for key in ("style-src", "img-src", "font-src")} == {
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "font-src": "data:",
    }
    assert "script-src" not in rules
    names = [tag for tag, _ in page.elements]
    # A policy in the page counts only for what comes after it.
    assert names.index("meta") < names.index("style")
    assert page.elements[names.index("meta") + 1][1].get("http-equiv") == "Content-Security-Policy"


def test_the_page_is_one_file_without_scripts_frames_or_addresses(page: Page) -> None:
    assert page.all("script", "iframe", "object", "embed", "link", "base", "form", "img") == []
    assert not [a for _, attributes in page.elements for a in attributes if a.startswith("on") or a in {"src", "style"}]
    assert all((link["href"] or "").startswith("#") for link in page.all("a"))
    styles = re.findall(r"url\(([^)]{0,20})|@import", render_html(EXAMPLE).decode("utf-8"))
    assert {style.partition(";")[0] for style in styles} == {"data:font/ttf"}


def test_hostile_text_is_shown_and_never_run() -> None:
    rows = (Row((Cell(HOSTILE), Cell(HOSTILE))),)
    hostile = Table(HOSTILE, HOSTILE, (Column(HOSTILE), Column(HOSTILE)), rows, note=HOSTILE)
    figure = outcome_figure(((HOSTILE, 10, 50, 65),), HOSTILE)
    shown = Page(
        render_html(
            replace(
                document(
                    Heading(HOSTILE),
                    Paragraph((Run(HOSTILE), Run(HOSTILE, "strong"))),
                    Box(HOSTILE, (plain(HOSTILE),), "warning"),
                    hostile,
                    replace(figure, id=HOSTILE, source=HOSTILE, description=HOSTILE, table=hostile),
                    title=HOSTILE,
                ),
                description=HOSTILE,
                unit=HOSTILE,
                municipality=HOSTILE,
                keywords=(HOSTILE,),
                head=((HOSTILE, HOSTILE),),
            )
        )
    )
    assert shown.all("script", "img") == []
    assert not [name for _, attributes in shown.elements for name in attributes if name.startswith("on")]
    # Once and again in every place it was put: as it stands, neither run nor lost.
    assert "".join(shown.told).count(HOSTILE) >= 18


def test_the_page_tells_its_language_and_title_and_has_its_landmarks(page: Page) -> None:
    assert page.all("html") == [{"lang": "sv"}]
    assert f"{EXAMPLE.title} – {EXAMPLE.municipality}" in page.told
    assert [len(page.all(landmark)) for landmark in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    skip = page.all("a")[0]
    assert skip["href"] == f"#{page.all('main')[0]['id']}"


@pytest.mark.parametrize("given", [EXAMPLE, CROWDED], ids=["example", "crowded"])
def test_headings_leave_no_level_out(given: Document) -> None:
    levels = [int(tag[1]) for tag, _ in Page(render_html(given)).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_warning_that_stands_first_still_leaves_no_level_out() -> None:
    shown = Page(render_html(document(Box("Undantag", (plain("Skäl."),), "warning"), Heading("Kapitel"))))
    assert [tag for tag, _ in shown.elements if re.fullmatch("h[1-6]", tag)] == ["h1", "h2", "h2"]


@pytest.mark.parametrize("given", [EXAMPLE, CROWDED], ids=["example", "crowded"])
def test_ids_are_unique_and_what_refers_to_them_finds_them(given: Document) -> None:
    shown = Page(render_html(given))
    ids = [attributes["id"] for _, attributes in shown.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    references = [
        target
        for _, attributes in shown.elements
        for name in ("aria-labelledby", "aria-describedby")
        for target in (attributes.get(name) or "").split()
    ]
    assert references
    assert set(references) <= set(ids)


@pytest.mark.parametrize("given", [EXAMPLE, CROWDED], ids=["example", "crowded"])
def test_every_table_has_headers_for_columns_and_rows(given: Document) -> None:
    scopes = [header.get("scope") for header in Page(render_html(given)).all("th")]
    assert scopes.count("col") == sum(len(table.columns) for table in tables(given))
    assert scopes.count("row") == sum(len(table.rows) for table in tables(given))
    assert len(scopes) == scopes.count("col") + scopes.count("row")


def test_whatever_scrolls_can_be_reached_with_the_keyboard_and_has_a_name(page: Page) -> None:
    regions = [attributes for attributes in page.all("div") if attributes.get("class") == "scroll"]
    assert len(regions) == len(page.all("table"))
    assert all(region["tabindex"] == "0" and region["role"] == "region" for region in regions)
    assert all(region.get("aria-label") or region.get("aria-labelledby") for region in regions)


def test_every_figure_has_its_values_as_a_table_and_a_drawing_for_telephones(page: Page) -> None:
    figures = [block for block in EXAMPLE.blocks if isinstance(block, Figure)]
    assert len(page.all("details")) == len(page.all("figure")) == len(figures)
    assert page.told.count("Visa figurens värden som tabell") == len(figures)
    assert len({svg["viewbox"] for svg in page.all("svg")}) == len(page.all("svg")) == 2 * len(figures)
    assert {svg["role"] for svg in page.all("svg")} == {"img"}


def test_figures_and_tables_are_numbered_in_order(page: Page) -> None:
    numbers = [text for text in page.told if re.fullmatch(r"(Figur|Tabell) \d+\.", text)]
    assert [text for text in numbers if text.startswith("Figur")] == ["Figur 1.", "Figur 2."]
    assert [text for text in numbers if text.startswith("Tabell")] == [f"Tabell {n}." for n in range(1, 5)]


@pytest.mark.parametrize("given", [EXAMPLE, CROWDED], ids=["example", "crowded"])
def test_a_protected_cell_is_the_mark_whatever_value_stands_behind_it(given: Document) -> None:
    assert render_html(reveal(given, 3)) == render_html(reveal(given, 4)) == render_html(given)
