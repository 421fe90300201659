"""Every report is a function of what readers may be told: whatever stands behind it, every byte of every file is the same.

Two municipalities are taken through the house from rows to files. Their public tables are alike; what is withheld differs
between them, and in one of them everything that was computed is destroyed before anything is drawn. Source: issue C item
5; facts/privacy.md §1.6 and §1.6b; non-interference as in Goguen & Meseguer (1982).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.conftest import new_database
from tests.reports.whole_town import PAPERS, Town, other_secrets, town

from arshjul.reports.library import REPORTS
from arshjul.settings import load_settings

ALIKE = 0
"""A seed whose secrets call for the same public tables; others may call for another pattern, which readers may see."""


@pytest.fixture(scope="module")
def towns(
    administrator: psycopg.Connection[Any],
    postgres_server: Path,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Town, Town]]:
    """Two municipalities, each in a database of its own, so that their numbers in the ledger are the same too."""
    with ExitStack() as stack:

        def home(name: str) -> Any:
            url = stack.enter_context(new_database(administrator, postgres_server, migrated_template))
            administrator.execute(
                "UPDATE pg_database SET datacl = (SELECT datacl FROM pg_database WHERE datname = %s) WHERE datname = %s",
                (migrated_template, url.partition("?")[0].rpartition("/")[2]),
            )
            return load_settings({"ARSHJUL_HOME": str(tmp_path_factory.mktemp(name)), "ARSHJUL_DATABASE_URL": url})

        yield Town(home("one"), town(), is_unusual=False), Town(home("other"), other_secrets(ALIKE), is_unusual=True)


@pytest.fixture(scope="module")
def secrets(towns: tuple[Town, Town]) -> dict[str, set[str]]:
    """The indicators that have another true value somewhere in the other town, by report; then all truth is destroyed."""
    one, other = towns
    told, found = one.public(), {}
    for report_id, (period, _) in PAPERS.items():
        mine, theirs = one.true(period), other.true(period)
        differing = {key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)}
        shown = {(value.indicator_id, value.cell) for value in told[report_id] if not value.is_protected}
        assert differing.isdisjoint(shown)
        found[report_id] = {indicator_id for indicator_id, _ in differing}
    other.destroy_what_is_computed()
    return found


def test_every_report_is_drawn() -> None:
    assert PAPERS.keys() == REPORTS.keys()
    assert all(REPORTS[one].has_subject == bool(subject) for one, (_, subject) in PAPERS.items())


def test_the_two_towns_have_other_secrets_behind_the_same_tables(
    towns: tuple[Town, Town], secrets: dict[str, set[str]]
) -> None:
    one, other = towns
    assert one.public() == other.public()
    assert {"maluppfyllelse", "narvarograd", "kundnojdhet", "ersattningsavvikelse"} <= secrets["verksamhetsberattelse"]
    assert {"synpunkter_inkomna", "brister_atgardade"} <= secrets["klagomalssammanstallning"]
    assert min(len(secrets[name]) for name in PAPERS) >= 2


@pytest.mark.parametrize("report_id", PAPERS)
def test_no_byte_of_a_report_depends_on_what_is_withheld(
    towns: tuple[Town, Town], secrets: dict[str, set[str]], report_id: str
) -> None:
    one, other = (town.draw(report_id) for town in towns)
    kinds = {Path(name).suffix for name in one}
    assert {".html", ".pdf", ".docx", ".xlsx"} <= kinds
    assert (".csv" in kinds) is REPORTS[report_id].has_open_data
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert secrets[report_id]
