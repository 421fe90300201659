"""Governing documents: exactly what is wrong with a header is told. And outside events, where a series spans them."""

from __future__ import annotations

from datetime import date

import pytest
from tests.core_rows import INCLUDE

from arshjul.catalogue.governing import (
    FIELDS,
    DocumentRegister,
    GoverningText,
    events_between,
    findings,
    load_documents,
    load_events,
)
from arshjul.catalogue.indicators import load_indicators
from arshjul.catalogue.yaml_files import CatalogueError, parse_definition

DAY = date(2018, 1, 15)
LINKOPING = """
documents:
  - id: bin-2016-134
    title: Handlingsplan för systematiskt kvalitetsarbete inom arbetsmarknad och integration
    kind: Handlingsplan
    adopted_by: Bildningsnämnden
    status: 2017-12-11
    reference: BIN 2016-134
    keywords: [Kvalitetsarbete]
    citations:
      - {text: "Kommunallagen (2009:47) om vissa kommunala befogenheter", place: Fotnot 1}
      - {text: "KL 2 kap. 1 §, 2 kap. 7 §, 8 §", place: Fotnot 3}
      - {text: "Kommunstyrelsens protokoll, § 362", decided: 2017-09-05, place: Fotnot 6}
      - {text: "Verksamhetsuppdrag, § 161, Dnr 2016-217", decided: 2017-12-15, place: Fotnot 7}
laws:
  - {names: [kommunallagen], numbers: ["1991:900", "2017:725"]}
  - {names: [lagen om vissa kommunala befogenheter], numbers: ["2009:47"]}
"""


@pytest.fixture
def seed() -> DocumentRegister:
    """The header of BIN 2016-134 as it stands in the document, and four of its footnotes."""
    return parse_definition(LINKOPING, DocumentRegister)


def told(register: DocumentRegister, fault: str, day: date = DAY) -> list[str]:
    return [one.what for one in findings(register, day) if one.fault == fault]


def test_a_header_has_eleven_fields() -> None:
    assert len(FIELDS) == 11
    assert set(FIELDS) <= GoverningText.__annotations__.keys()


def test_exactly_the_six_empty_fields_of_the_documents_own_header_are_told(seed: DocumentRegister) -> None:
    assert told(seed, "tomt_falt") == [
        "Giltighetstid",
        "Dokumentansvarig",
        "Adresserat till",
        "Tidpunkt för aktualitetsprövning",
        "Tidpunkt för senaste revidering",
        "Relaterade styrdokument",
    ]


def test_a_citation_of_a_later_decision_is_told_and_of_an_earlier_one_is_not(seed: DocumentRegister) -> None:
    [found] = [one for one in findings(seed, DAY) if one.fault == "citerar_senare_beslut"]
    assert found.what == "Fotnot 7"
    assert "2017-12-15" in found.words
    assert "2017-12-11" in found.words


def test_a_laws_name_with_another_laws_number_is_told_and_nothing_else_is(seed: DocumentRegister) -> None:
    assert told(seed, "lagens_namn") == ["Fotnot 1"]
    assert len(findings(seed, DAY)) == 8


@pytest.mark.parametrize(
    "text", ["Lagen (2009:47) om vissa kommunala befogenheter", "kommunallagen (2017:725)", "kommunallagen (1862:13)"]
)
def test_a_law_rightly_named_or_not_known_is_not_told(seed: DocumentRegister, text: str) -> None:
    right = parse_definition(
        LINKOPING.replace("Kommunallagen (2009:47) om vissa kommunala befogenheter", text), DocumentRegister
    )
    assert told(right, "lagens_namn") == []


def test_a_review_day_is_passed_the_day_after_it() -> None:
    text = "documents: [{id: d, title: D, review_on: 2018-01-15}]"
    register = parse_definition(text, DocumentRegister)
    assert told(register, "aktualitetsprovning_passerad", date(2018, 1, 15)) == []
    assert told(register, "aktualitetsprovning_passerad", date(2018, 1, 16)) == ["Tidpunkt för aktualitetsprövning"]


def test_a_document_that_stands_twice_is_refused() -> None:
    with pytest.raises(CatalogueError, match="stand twice"):
        parse_definition("documents: [{id: d, title: D}, {id: d, title: E}]", DocumentRegister)


def test_the_products_own_documents_are_whole_and_relate_to_each_other() -> None:
    register = load_documents(INCLUDE)
    assert findings(register, date(2026, 6, 1)) == ()
    ids = {one.id for one in register.documents}
    assert {name for one in register.documents for name in one.related} <= ids


def test_an_event_marks_the_series_that_spans_it() -> None:
    events = load_events(INCLUDE)
    spanned = events_between(events, date(2018, 1, 1), date(2019, 12, 31))
    assert [one.day for one in spanned] == [date(2019, 1, 31)]
    assert {one for event in events for one in event.indicators} <= set(load_indicators(INCLUDE))


def test_an_event_about_one_indicator_marks_no_other() -> None:
    [event, *_] = load_events(INCLUDE)
    only = type(event)(
        day=event.day, title=event.title, text=event.text, source=event.source, indicators=("maluppfyllelse",)
    )
    span = (date(2017, 1, 1), date(2017, 12, 31))
    assert events_between([only], *span, "maluppfyllelse") == (only,)
    assert events_between([only], *span, "kunder") == ()
