"""The units' quality reports: who owes one, what is in, complete by its own version of the form, and nothing internal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, PROVIDER, load, start_run

from arshjul.catalogue.report_forms import form_for, load_report_forms
from arshjul.catalogue.yaml_files import CatalogueError
from arshjul.registers.quality_reports import UnitReport, lacking, unit_reports

NOW = datetime(2025, 3, 1, tzinfo=UTC)
FORMS = load_report_forms(INCLUDE)
TEXTS = {
    "systematiskt_kvalitetsarbete": "Vi följer upp målen varje månad.",
    "resultat_och_analys": "Sju av tio deltagare når sitt mål.",
    "forbattringsomraden": "Uppföljningen efter avslut.",
}
REPORT = UnitReport("o1", "Enhet ett", "", "", 2024, date(2024, 12, 31), date(2024, 12, 20), "2", TEXTS)


def objects(*ids: str, **more: Any) -> list[dict[str, Any]]:
    return [
        {"objekt_id": one, "namn": f"Enhet {one}", "kraver": "kvalitetsrapport", "period": "2024-01-01", **more}
        for one in ids
    ]


def test_those_who_owe_are_listed_with_what_has_come(connection: Connection) -> None:
    late = {"objekt_id": "o2", "inkom_datum": "2025-01-08", "period": "2025-01-01"}
    load(
        connection,
        start_run(connection),
        {
            "uppfoljningsobjekt": [*objects("o1", "o2", "o3"), *objects("o4", kraver="inget")],
            "kvalitetsrapporter": [{"objekt_id": "o1"}, late],
        },
    )
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    found = unit_reports(connection, NOW, 2024)
    assert [(one.object_id, one.received, one.is_in_time) for one in found] == [
        ("o1", date(2024, 12, 1), True),
        ("o2", date(2025, 1, 8), False),
        ("o3", None, False),
    ]
    assert found[0].texts == {
        "systematiskt_kvalitetsarbete": "Arbete",
        "resultat_och_analys": "Resultat",
        "forbattringsomraden": "Förbättringar",
    }
    assert (found[2].texts, found[2].form_version, found[2].due) == ({}, "", date(2024, 12, 31))


def test_a_providers_unit_is_written_to_at_the_provider(connection: Connection) -> None:
    register = {"period": "2024-01-01", "orgnr": PROVIDER, "auktoriserad_fran": "2020-01-01"}
    load(
        connection,
        start_run(connection),
        {"anordnare": [register], "uppfoljningsobjekt": objects("o1", anordnare_orgnr=PROVIDER)},
    )
    [found] = unit_reports(connection, NOW, 2024)
    assert (found.provider, found.email) == (PROVIDER, "post@anordnare.example")


def test_a_complete_report_lacks_nothing_and_one_that_has_not_come_is_not_judged() -> None:
    assert lacking(REPORT, FORMS) == ()
    assert lacking(replace(REPORT, received=None, texts={}, form_version=""), FORMS) == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Avsnittet ”Resultat och analys” saknas."),
        ("   \n ", "Avsnittet ”Resultat och analys” saknas."),
        ("Bra.", "Avsnittet ”Resultat och analys” är kortare än 30 tecken."),
    ],
)
def test_what_a_report_lacks_is_said(text: str, sentence: str) -> None:
    assert lacking(replace(REPORT, texts=TEXTS | {"resultat_och_analys": text}), FORMS) == (sentence,)


def test_a_later_version_of_the_form_changes_nothing_for_a_report_made_with_an_earlier() -> None:
    short = replace(REPORT, texts=dict.fromkeys(TEXTS, "Bra."))
    assert lacking(replace(short, form_version="1"), FORMS) == ()
    assert len(lacking(short, FORMS)) == 3


def test_an_unknown_version_is_told_and_not_guessed() -> None:
    [sentence] = lacking(replace(REPORT, form_version="9"), FORMS)
    assert sentence.startswith("Mallversionen 9 finns inte")


def test_a_year_is_written_with_the_newest_form_that_applies() -> None:
    assert [form_for(FORMS, year).version for year in (2024, 2025, 2026)] == ["1", "2", "2"]
    with pytest.raises(CatalogueError, match="no version"):
        form_for(FORMS, 1999)


def test_a_form_whose_version_is_not_its_files_name_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "report_forms" / "kvalitetsrapport_enhet"
    folder.mkdir(parents=True)
    first = (INCLUDE / "report_forms" / "kvalitetsrapport_enhet" / "v1.yaml").read_text(encoding="utf-8")
    (folder / "v3.yaml").write_text(first, encoding="utf-8")
    with pytest.raises(CatalogueError, match="version is 1"):
        load_report_forms(tmp_path)


def test_every_form_asks_for_every_field_of_the_contract_and_marks_the_internal_one() -> None:
    for form in FORMS.values():
        assert {section.field for section in form.sections} == {*TEXTS, "internt"}
        assert [section.field for section in form.sections if section.is_internal] == ["internt"]


@given(st.dictionaries(st.sampled_from([*TEXTS, "internt"]), st.text(max_size=60)), st.sampled_from(["1", "2", "9"]))
def test_what_is_lacking_never_quotes_what_was_written(texts: dict[str, str], version: str) -> None:
    secret = {name: f"¤{text}¤" for name, text in texts.items()}
    assert "¤" not in " ".join(lacking(replace(REPORT, texts=secret, form_version=version), FORMS))
