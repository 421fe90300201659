"""2024, 2025 and 2026 are one municipality: what a year's January tells of the year before is what that year told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from arshjul.sample import write_sample
from arshjul.sample.board import visits
from arshjul.sample.world import World, build_world, last_year_of

KOMMUN = "2120000001"
YEARS = (2024, 2025, 2026)
TEN, ELEVEN = 7, 11


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, reader: Any) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    """Rows by dataset, sender and month, of three years of the village."""
    rows: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for year in YEARS:
        folder: Path = tmp_path_factory.mktemp(f"village{year}")
        for file in write_sample(folder, year, scale=0.05, kommun_orgnr=KOMMUN).files:
            found = reader(folder / file.path)
            rows[file.dataset, file.orgnr, file.month] = [row for row in found if not _is_planted(row)]
    return rows


def _is_planted(row: dict[str, Any]) -> bool:
    """Rows that are wrong on purpose have ids of their own."""
    return any(str(value).endswith("-X") for value in row.values())


@pytest.mark.parametrize("year", YEARS[1:])
@pytest.mark.parametrize(
    ("dataset", "key", "month", "lasting"),
    [
        ("synpunkter", "arende_id", 12, ("inkom_datum", "kategori", "brist", "objekt_id", "fritext")),
        ("besok", "besok_id", 12, ("datum", "objekt_id", "typ", "status", "analys")),
        ("atgarder", "atgard_id", 12, ("kalla", "kall_id", "beslutad_datum", "forfallodatum")),
        ("kundenkat_inbjudningar", "inbjudan_id", 5, ("anordnare_orgnr", "skickad_datum", "kanal")),
        ("kvalitetsrapporter", "objekt_id", 12, ("mallversion",)),
    ],
)
def test_january_tells_of_the_year_before_what_that_year_told(
    told: Any, year: int, dataset: str, key: str, month: int, lasting: tuple[str, ...]
) -> None:
    def known(of_month: str) -> dict[Any, tuple[Any, ...]]:
        rows = told[dataset, KOMMUN, of_month]
        return {(row[key], str(row.get("ar", ""))): tuple(row[name] for name in lasting) for row in rows}

    before, after = known(f"{year - 1}-{month:02d}"), known(f"{year}-01")
    assert before.keys() & after.keys()
    assert {name: before[name] for name in before.keys() & after.keys()} == {
        name: after[name] for name in before.keys() & after.keys()
    }


@pytest.mark.parametrize("year", YEARS[1:])
def test_january_tells_of_the_dialogues_of_the_year_before(told: Any, year: int) -> None:
    assert told["dialoger", KOMMUN, f"{year}-01"] == told["dialoger", KOMMUN, f"{year - 1}-05"]


@pytest.mark.parametrize("year", YEARS[1:])
def test_an_enrolment_goes_on_over_the_turn_of_the_year(told: Any, year: int) -> None:
    seen = 0
    for dataset, orgnr, month in list(told):
        if (dataset, month) != ("insatser", f"{year}-01"):
            continue
        now = {row["insats_id"]: row for row in told[dataset, orgnr, month]}
        then = {row["insats_id"]: row for n in range(1, 13) for row in told[dataset, orgnr, f"{year - 1}-{n:02d}"]}
        for name in now.keys() & then.keys():
            lasting = ("personnummer", "insatstyp", "startdatum", "anvisad_datum")
            assert [now[name][field] for field in lasting] == [then[name][field] for field in lasting]
            if then[name]["slutdatum"]:
                assert [now[name][field] for field in ("slutdatum", "avslutsorsak")] == [
                    then[name][field] for field in ("slutdatum", "avslutsorsak")
                ]
            seen += 1
    assert seen > 10


def test_every_year_of_a_block_is_told_from_the_same_world() -> None:
    worlds = {year: build_world(year, scale=0.05) for year in YEARS}
    assert {one.ever for one in worlds.values()} == {worlds[2026].ever}
    assert {last_year_of(year) for year in YEARS} == {2026}
    assert last_year_of(2027) == 2029


@pytest.fixture(scope="module")
def town_in(reader: Any) -> World:
    return build_world(2026)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_one_provider_has_exactly_ten_customers_each_year_and_another_eleven(town_in: World, year: int) -> None:
    assert town_in.customers(town_in.providers[TEN], year) == 10
    assert town_in.customers(town_in.providers[ELEVEN], year) == 11


def test_the_one_with_ten_has_no_dialogue_and_the_one_with_eleven_has(town: Any) -> None:
    held = {row["anordnare_orgnr"] for file in town.files("dialoger") for row in town.rows[file.path]}
    assert town.summary.providers[ELEVEN] in held
    assert town.summary.providers[TEN] not in held


@pytest.mark.parametrize("year", YEARS)
def test_every_year_has_visits_of_both_kinds_and_one_is_called_off_somewhere(year: int) -> None:
    of_year = [one for one in visits(2026) if date(year, 1, 1) <= one.day <= date(year, 12, 31)]
    assert {one.kind for one in of_year} == {"namndbesok", "tjanstemannabesok"}
    assert any(one.is_cancelled for one in visits(2026))


def test_some_deviations_from_the_budget_have_an_action_and_some_have_none(town: Any) -> None:
    rows = [row for file in town.files("ekonomi") for row in town.rows[file.path]]
    spent: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        if row["konto"] != "4610":
            where = spent.setdefault((row["objekt_id"], row["manad"]), [0.0, 0.0])
            where[0] += float(row["budget"])
            where[1] += float(row["utfall"])
    over = {where for where, (budget, cost) in spent.items() if cost - budget > max(25_000, 0.05 * budget)}
    decided = {
        row["kall_id"] for file in town.files("atgarder") for row in town.rows[file.path] if row["kalla"] == "avvikelse"
    }
    with_action = {where for where in over if f"ekonomi/{where[0]}/{where[1]}" in decided}
    assert with_action
    assert over - with_action


def test_no_analysis_types_a_figure_and_every_report_is_named_with_its_period(town: Any) -> None:
    rows = [row for file in town.files("analystexter") for row in town.rows[file.path]]
    assert not [row for row in rows if any(sign.isdigit() for sign in row["text"])]
    assert {row["rapport_id"] for row in rows} >= {
        "verksamhetsberattelse/2025",
        "delarsrapport/2026-01--2026-03",
        "delarsrapport/2026-01--2026-08",
        "delarsrapport/2026-01--2026-10",
        "kvalitetsrapport/2025",
        "internkontrollrapport/2026-01--2026-10",
    }
    assert any("{maluppfyllelse}" in row["text"] for row in rows)
