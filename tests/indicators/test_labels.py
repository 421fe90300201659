"""Every code that a figure can be broken down by has words for its reader."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, PROVIDER
from tests.indicators.conftest import Fill

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.indicators import load_indicators

NOW = datetime(2024, 6, 1, tzinfo=UTC)
CODES = [
    {"code_list": codelist.name, "code": code.code, "title": code.title, "position": position}
    for codelist in load_codelists(INCLUDE).values()
    for position, code in enumerate(codelist.codes, start=1)
]


@pytest.fixture
def labels(connection: Connection, fill: Fill) -> dict[str, dict[str, str]]:
    fill(
        code=CODES,
        anordnare=[
            {"orgnr": PROVIDER, "namn": "Anordnaren AB", "auktoriserad_fran": "2020-01-01", "period": "2024-01-01"}
        ],
        uppfoljningsobjekt=[
            {"objekt_id": "closed", "namn": "Avslutat avtal", "period": "2023-12-01"},
            {"objekt_id": "o1", "namn": "Gammalt namn", "period": "2023-12-01"},
            {"objekt_id": "o1", "namn": "Jobbtorget", "period": "2024-01-01"},
        ],
        kundenkat_inbjudningar=[{"inbjudan_id": "a", "enkat_ar": 2023}, {"inbjudan_id": "b", "enkat_ar": 2024}],
        kundenkat_fragor=[
            {"fraga_id": "f1", "text": "Jag vet mitt mål.", "ordalydelse_version": "2023", "period": "2023-05-01"},
            {"fraga_id": "f1", "text": "Jag har ett mål.", "ordalydelse_version": "2024", "period": "2024-05-01"},
        ],
    )
    found: dict[str, dict[str, str]] = {}
    rows = connection.exec_driver_sql("SELECT * FROM indicator.label(%s) ORDER BY breakdown, place", (NOW,))
    for row in rows:
        assert row.code not in found.setdefault(row.breakdown, {}), f"{row.breakdown} {row.code} has two labels"
        found[row.breakdown][row.code] = row.title
    return found


def test_every_breakdown_of_the_catalogue_has_words(labels: dict[str, dict[str, str]]) -> None:
    assert set(labels) == {name for one in load_indicators(INCLUDE).values() for name in one.breakdowns}
    assert all(title and title != code for words in labels.values() for code, title in words.items())


def test_codes_stand_in_the_order_of_their_list(labels: dict[str, dict[str, str]]) -> None:
    assert list(labels["block"]) == ["bemotande_vardegrund", "mal", "paverkan_flexibilitet", "arbetslivskontakt"]
    assert labels["kategori"]["vantetid"] == "Väntetid"
    assert labels["niva"] == {"kommungemensam": "Kommungemensam", "namnd": "Nämndens", "enhet": "Enhetens egen"}


def test_an_object_keeps_its_name_when_it_is_closed(labels: dict[str, dict[str, str]]) -> None:
    assert labels["objekt_id"] == {"closed": "Avslutat avtal", "o1": "Jobbtorget"}


def test_a_question_stands_in_its_newest_wording_and_each_year_has_its_own(
    labels: dict[str, dict[str, str]], connection: Connection
) -> None:
    assert labels["fraga_id"] == {"f1": "Jag har ett mål."}
    rows = connection.exec_driver_sql(
        "SELECT survey_year, wording, wording_version FROM indicator.survey_question(%s) ORDER BY 1", (NOW,)
    )
    assert [tuple(row) for row in rows] == [(2023, "Jag vet mitt mål.", "2023"), (2024, "Jag har ett mål.", "2024")]


def test_merged_providers_have_a_name(labels: dict[str, dict[str, str]]) -> None:
    assert labels["anordnare"] == {PROVIDER: "Anordnaren AB", "ovriga": "Övriga anordnare"}
