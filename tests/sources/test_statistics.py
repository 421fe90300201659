"""Official statistics end to end: what is landed, what is known, what has changed, what has ended."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from tests.sources.statistics_services import Answer, Asked, as_json, fill_scb
from tests.sources.statistics_world import World, world

from arshjul.lineage.archive import Archive
from arshjul.lineage.keys import load_or_create_key
from arshjul.sources.statistics import Difference, load, replay
from arshjul.sources.statistics_page import FetchFailed

__all__ = ["world"]  # a fixture is found where it stands

# What comes in.


def test_everything_chosen_of_kolada_is_known_after_a_fetch(world: World) -> None:
    assert world.refresh("kolada") == Difference(1, "kolada", added=9, revised=0, gone=0)
    assert world.known("kolada") == {
        ("U40455", "0580", "2021", "T"): 44.03409091,
        ("U40455", "0580", "2021", "K"): 41.5,
        ("U40455", "0580", "2021", "M"): None,
        ("U40455", "0580", "2022", "T"): 32.6,
        ("U40455", "0680", "2021", "T"): 30.58,
        ("U40455", "G216219", "2021", "T"): 37.3,
        ("N03920", "0182", "2021", "T"): 0.0,
        ("N03920", "0182", "2021", "K"): 0.0,
        ("N03920", "0182", "2021", "M"): 4.0,
    }
    [group] = world.rows("SELECT title, members FROM core.statistics_area WHERE area = 'G216219'")
    assert group["members"] == ["0680"]
    [series] = world.rows("SELECT attributes FROM core.statistics_series WHERE series_id = 'U40455'")
    assert series["attributes"]["gender_split"] is True
    assert series["attributes"]["publication_period"] == "2025"


def test_the_newest_group_with_the_title_is_asked_for_and_no_other(world: World) -> None:
    world.refresh("kolada")
    [data] = [one.path for one in world.kolada.asked if one.path.startswith("/data")]
    areas = data.split("/municipality/")[1].split("/")[0].split(",")
    assert areas == ["0580", "0182", "0000", "G216219", "0680"]


def test_everything_chosen_of_scb_is_known_with_every_dimension_named(world: World) -> None:
    assert world.refresh("scb").added == 2 * 3 * 2 * 2
    known = world.known("scb")
    cells = dict(zip(world.scb.cells(), world.scb.values.values(), strict=True))
    for (region, sex, measure, month), value in cells.items():
        if region != "0182" and month != "2025M12":
            assert known.pop((f"TAB6260/{measure}", region, month, sex)) == value
    assert known == {}
    [post] = [one for one in world.scb.asked if one.method == "POST"]
    assert {one["variableCode"] for one in post.body["selection"]} == set(world.scb.dimensions)
    [empty] = world.rows("SELECT value, status FROM core.statistics_value WHERE status <> ''")
    assert empty == {"value": None, "status": ".."}


def test_sparse_answers_are_known_as_dense_ones(world: World) -> None:
    world.refresh("scb")
    dense = world.known("scb")
    world.scb.is_sparse = True
    difference = world.refresh("scb")
    assert (difference.added, difference.revised, difference.gone) == (0, 0, 0)
    assert world.known("scb") == dense


@pytest.mark.parametrize("most", [1, 5, 7])
def test_a_selection_larger_than_the_service_gives_is_asked_for_in_parts(world: World, most: int) -> None:
    world.scb.config["maxDataCells"] = most
    assert world.refresh("scb").added == 24
    posts = [one for one in world.scb.asked if one.method == "POST"]
    assert len(posts) >= 24 / most


def test_a_service_that_does_not_state_its_limits_is_asked_for_little_at_a_time(world: World) -> None:
    world.scb.config = {"maxDataCells": 0, "maxCallsPerTimeWindow": 0, "timeWindow": 0}
    assert world.refresh("scb").added == 24


def test_old_and_new_ways_of_writing_a_cell_mean_the_same(world: World) -> None:
    world.refresh("kolada")

    def as_version_two(asked: Asked) -> Answer:
        page = json.loads(world.kolada.usual(asked).body)
        for row in page["values"]:
            row["period"] = str(row["period"])
            for cell in row["values"]:
                cell["is_deleted"] = int(cell.pop("isdeleted"))
                cell["status"] = cell["status"] or None
        return as_json(page)

    world.kolada.misbehave("/data", as_version_two)
    difference = world.refresh("kolada")
    assert (difference.added, difference.revised, difference.gone) == (0, 0, 0)


def test_all_pages_are_followed_and_each_is_landed_as_it_came(world: World) -> None:
    world.kolada.page_size = 2
    assert world.refresh("kolada").added == 9
    pages = world.rows(
        "SELECT p.kind, p.request, d.sha256, d.dataset, d.sender, d.channel, d.period, d.rows_in, d.rows_loaded"
        " FROM core.statistics_page AS p JOIN lineage.delivery AS d USING (delivery_id) ORDER BY p.page_no"
    )
    kinds = [page["kind"] for page in pages]
    assert [kinds.count(kind) for kind in ("kpi", "groups", "areas", "data")] == [1, 1, 2, 3]
    assert {(page["dataset"], page["sender"], page["channel"], str(page["period"])) for page in pages} == {
        ("kolada", "kolada", "https", "2026-11-01")
    }
    assert sum(page["rows_in"] for page in pages) == sum(page["rows_loaded"] for page in pages) == 9
    archive = Archive(world.settings.archive, load_or_create_key(world.settings.archive_key_file, False))
    with archive.open(pages[-1]["sha256"]) as content:
        assert json.load(content)["values"][-1]["kpi"] == "N03920"


# What has changed.


def test_a_revision_is_a_new_version_and_the_difference_is_told(world: World) -> None:
    world.refresh("kolada")
    before = world.rows("SELECT clock_timestamp() AS at")[0]["at"]
    world.kolada.value("U40455", "0580", 2022, T=33.1)
    world.kolada.value("U40455", "0182", 2022, T=30.37)
    del world.kolada.values["U40455", "0680", 2021]
    assert world.refresh("kolada") == Difference(2, "kolada", added=1, revised=1, gone=1)
    assert world.refresh("kolada") == Difference(3, "kolada", added=0, revised=0, gone=0)
    versions = world.rows(
        "SELECT value, known_to = 'infinity' AS is_current FROM core.statistics_value"
        " WHERE series_id = 'U40455' AND area = '0580' AND period = '2022' ORDER BY known_from"
    )
    assert [(float(one["value"]), one["is_current"]) for one in versions] == [(32.6, False), (33.1, True)]
    [then] = world.rows(
        "SELECT value FROM core.statistic(%(before)s) WHERE area = '0580' AND period = '2022'", before=before
    )
    assert float(then["value"]) == 32.6
    changes = world.rows("SELECT change, area, old_value, new_value FROM core.statistic_change(2) ORDER BY change")
    assert [(one["change"], one["area"], one["old_value"], one["new_value"]) for one in changes] == [
        ("borta", "0680", Decimal("30.58"), None),
        ("ny", "0182", None, Decimal("30.37")),
        ("reviderad", "0580", Decimal("32.6"), Decimal("33.1")),
    ]


def test_null_and_zero_are_two_different_values(world: World) -> None:
    world.refresh("kolada")
    world.kolada.value("N03920", "0182", 2021, T={"value": None, "status": "Missing"}, K=0.0, M=4)
    assert world.refresh("kolada").revised == 1
    world.kolada.value("N03920", "0182", 2021, T=0, K=0.0, M=4.0)
    assert world.refresh("kolada").revised == 1
    assert world.known("kolada")["N03920", "0182", "2021", "T"] == 0


def test_a_cell_that_is_taken_back_is_gone_but_remembered(world: World) -> None:
    world.refresh("kolada")
    world.kolada.value("U40455", "0580", 2022, T={"value": 32.6, "isdeleted": True})
    assert world.refresh("kolada").gone == 1
    assert ("U40455", "0580", "2022", "T") not in world.known("kolada")
    assert world.rows("SELECT value FROM core.statistics_value WHERE is_deleted") == [{"value": None}]


def test_what_was_not_asked_for_this_time_is_not_gone(world: World) -> None:
    """A new year has new groups, and a definition may drop an area: the service has not taken those values back."""
    world.refresh("kolada")
    world.kolada.groups["G999999"] = ("Liknande kommuner arbetsmarknad, Linköping, 2025", ["0680"])
    world.kolada.value("U40455", "G999999", 2021, T={"value": 36.0, "count": 1})
    assert world.refresh("kolada") == Difference(2, "kolada", added=1, revised=0, gone=0)
    assert ("U40455", "G216219", "2021", "T") in world.known("kolada")


def test_a_month_that_scb_no_longer_has_is_gone(world: World) -> None:
    world.refresh("scb")
    del world.scb.dimensions["Tid"]["2026M02"]
    assert world.refresh("scb") == Difference(2, "scb", added=0, revised=0, gone=12)


def test_loading_again_changes_nothing_and_needs_no_network(world: World) -> None:
    difference = world.refresh("kolada")
    world.kolada.misbehave("/", Answer(status=503))
    asked = len(world.kolada.asked)
    assert load(world.settings, difference.fetch_id) == difference
    again = load(world.settings, replay(world.settings, "kolada", world.run_id()))
    assert (again.added, again.revised, again.gone) == (0, 0, 0)
    assert len(world.kolada.asked) == asked


def test_an_older_fetch_does_not_undo_a_newer_one(world: World) -> None:
    older = world.fetch("kolada")
    world.kolada.value("U40455", "0580", 2022, T=33.1)
    world.refresh("kolada")
    with pytest.raises(FetchFailed, match="nyare"):
        load(world.settings, older)
    assert world.known("kolada")["U40455", "0580", "2022", "T"] == 33.1


def test_only_landed_pages_can_be_loaded_again(world: World) -> None:
    with pytest.raises(FetchFailed, match="ingen fullständig"):
        replay(world.settings, "kolada", world.run_id())


# Series that end.


def test_a_series_with_a_last_year_in_its_title_is_told_as_ended(world: World) -> None:
    world.kolada.kpi("N03920", "Arbetslöshet 18-64 år, andel (%) (-2023)", publ_period=None, publication_date=None)
    world.refresh("kolada")
    [series] = [one for one in world.report().series if one["serie"] == "N03920"]
    assert (series["avslutad"], series["borttagen"]) == (True, False)


def test_a_kpi_that_is_removed_without_notice_keeps_its_values_and_is_told(world: World) -> None:
    world.refresh("kolada")
    before = world.known("kolada")
    del world.kolada.kpis["N03920"]
    for _ in range(2):
        difference = world.refresh("kolada")
        assert (difference.added, difference.revised, difference.gone) == (0, 0, 0)
    assert world.known("kolada") == before
    [series] = [one for one in world.report().series if one["serie"] == "N03920"]
    assert (series["avslutad"], series["borttagen"]) == (True, True)
    world.kolada.kpi("N03920", "Arbetslöshet 18-65 år, årsmedel, andel (%) av bef.", is_divided_by_gender=True)
    world.refresh("kolada")
    [series] = [one for one in world.report().series if one["serie"] == "N03920"]
    assert (series["avslutad"], series["borttagen"]) == (False, False)


def test_a_series_that_has_been_silent_for_long_is_told(world: World) -> None:
    world.refresh("kolada")
    world.refresh("scb")
    silent = {one["serie"]: one["tyst"] for one in world.report().series}
    assert silent == {
        "N03920": True,
        "U40455": True,
        "TAB6260/000006II": True,
        "TAB6260/000006IK": True,
    }
    world.scb.dimensions["Tid"]["2026M09"] = "2026M09"
    fill_scb(world.scb)
    world.refresh("scb")
    assert {one["tyst"] for one in world.report().series if one["kalla"] == "scb"} == {False}


def test_the_report_tells_latest_values_revisions_and_notes(world: World) -> None:
    world.refresh("kolada")
    world.refresh("scb")
    world.kolada.value("U40455", "0580", 2022, T=33.1)
    world.refresh("kolada")
    text = world.report().text()
    assert "U40455  Börjat arbeta eller studera" in text
    assert "Linköping 33,1 (2022)" in text
    assert "1 revidering," in text
    assert "U40455 Linköping 2022 (gender T): 32,6 → 33,1" in text
    assert "1 anmärkning som måste visas" in text
    assert "skulle ha kommit 2026-10-01" in text
    assert "Källa: SCB" in text
    told = world.report().as_json()
    json.dumps(told)
    assert [one["reviderade"] for one in told["skillnader"]] == [1, 0]
