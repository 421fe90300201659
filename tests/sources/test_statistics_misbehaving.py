"""Services that misbehave in every way that is known of them: the fetch is refused, and nothing of it is loaded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.sources.statistics_services import Answer, Asked, as_json
from tests.sources.statistics_world import TODAY, World, world

from arshjul.lineage.status import status
from arshjul.periods import Month
from arshjul.sources.statistics import fetch, load
from arshjul.sources.statistics_http import StatisticsHttp
from arshjul.sources.statistics_page import FetchFailed
from arshjul.warehouse.engine import Role, transaction

__all__ = ["world"]  # a fixture is found where it stands

PLACE = {"id": "0580", "title": "Linköping"}
CELL = {"gender": "T", "count": 1, "status": "", "value": 44.0, "isdeleted": False}


def page(*rows: Any, following: Any = None) -> Answer:
    return as_json({"values": list(rows), "next_url": following, "count": len(rows)})


def row(**changed: Any) -> Answer:
    return page({"kpi": "U40455", "period": 2021, "municipality": "0580", "values": [CELL | changed]})


def endless(asked: Asked) -> Answer:
    number = int(asked.query.get("page", ["1"])[0])
    return page(PLACE, following=f"?page={number + 1}")


KOLADA = {
    "down": ("/data", Answer(status=503), "http_503"),
    "busy": ("/data", Answer(status=429, headers={"Retry-After": "3600"}), "http_429"),
    "broken": ("/data", Answer(status=500), "http_500"),
    "moved": ("/kpi", Answer(status=410), "http_410"),
    "hangs": ("/data", Answer(hang=True), "inget_svar"),
    "html on 200": ("/data", Answer(b"<!DOCTYPE html><p>Underhall</p>"), "inte_json"),
    "json cut off": ("/data", Answer(b'{"values": [{"kpi": "U404'), "inte_json"),
    "answer cut off": ("/data", Answer(b'{"values": [', cut=True), "inget_svar"),
    "a list": ("/data", as_json([]), "ovantat_svar"),
    "another envelope": ("/data", as_json({"detail": "gone"}), "ovantat_svar"),
    "an empty list": ("/data", page(), "kand_cell"),
    "no kpi": ("/kpi", page(), "tomt"),
    "no group": ("/municipality_groups", page(), "grupp_saknas"),
    "pages without end": ("/municipality/", endless, "sidor_utan_slut"),
    "pages in a circle": ("/municipality/", page(PLACE, following="?per_page=5000"), "sidor_i_ring"),
    "a page elsewhere": ("/municipality/", page(PLACE, following="http://127.0.0.2/v3/a"), "annan_vard"),
    "a page that is no address": ("/municipality/", page(PLACE, following=3), "ovantat_svar"),
    "a title that is none": ("/kpi", page({"id": "U40455", "title": None}), "ovantat_svar"),
    "another gender": ("/data", row(gender="F"), "ovantat_svar"),
    "a value that is text": ("/data", row(value="44,0"), "ovantat_svar"),
    "a value that is true": ("/data", row(value=True), "ovantat_svar"),
    "a flag that is neither": ("/data", row(isdeleted="maybe"), "ovantat_svar"),
    "a count that is text": ("/data", row(count="7"), "ovantat_svar"),
    "another known value": ("/data", row(value=55), "kand_cell"),
    "a known cell without value": ("/data", row(value=None), "kand_cell"),
    "a known cell taken back": ("/data", row(isdeleted=True), "kand_cell"),
}


@pytest.mark.parametrize("case", KOLADA)
def test_a_kolada_that_misbehaves_leaves_nothing_behind(world: World, case: str) -> None:
    world.refresh("kolada")
    path, answer, code = KOLADA[case]
    world.kolada.value("U40455", "0580", 2022, T=99)
    world.kolada.misbehave(path, answer)
    assert world.refused("kolada") == code


@pytest.mark.parametrize(
    "changed", [{"kpi": "N99999"}, {"municipality": "0114"}, {"period": 2019}, {"period": "2021-12"}, {"period": True}]
)
def test_cells_that_nobody_asked_for_are_refused(world: World, changed: dict[str, Any]) -> None:
    asked_for = {"kpi": "U40455", "period": 2021, "municipality": "0580", "values": [CELL]}
    world.kolada.misbehave("/data", page(asked_for, asked_for | changed))
    assert world.refused("kolada") == "ovantat_svar"


def test_an_empty_page_with_a_next_one_is_the_last(world: World) -> None:
    first = {"kpi": "U40455", "period": 2021, "municipality": "0580", "values": [CELL]}
    answers = iter([page(first, following="?page=2"), page(following="?page=3")])
    world.kolada.misbehave("/data", lambda _: next(answers))
    assert world.refresh("kolada").added == 1


def test_the_same_cell_twice_is_no_error_unless_it_says_two_things(world: World) -> None:
    one = {"kpi": "U40455", "period": 2021, "municipality": "0580", "values": [CELL]}
    other = one | {"values": [CELL | {"value": 44.1}]}
    world.kolada.misbehave("/data", page(one, one), times=1)
    assert world.refresh("kolada").added == 1
    world.kolada.misbehave("/data", page(one, other), times=1)
    assert world.refused("kolada") == "motsagelse"


def test_a_service_that_is_down_for_a_moment_is_enough(world: World) -> None:
    world.kolada.misbehave("/data", Answer(status=503), times=1)
    assert world.refresh("kolada").added == 9
    world.scb.misbehave("/data", Answer(status=503), times=1)
    assert world.refresh("scb").added == 24


# SCB.


def changed_document(world: World, **changed: Any) -> Any:
    return lambda asked: as_json(json.loads(world.scb.usual(asked).body) | changed)


def without_sex(world: World) -> Any:
    """The default selection: a dimension has been summed away, and the status is 200."""

    def answer(asked: Asked) -> Answer:
        document = json.loads(world.scb.usual(asked).body)
        place = document["id"].index("Kon")
        for of in (document["id"], document["size"]):
            of.pop(place)
        document["value"] = document["value"][: len(document["value"]) // 3]
        return as_json(document)

    return answer


@pytest.mark.parametrize(
    ("path", "answer", "code"),
    [
        ("/data", Answer(status=500), "http_500"),
        ("/config", Answer(b"<html>"), "inte_json"),
        ("/metadata", as_json({"title": "Non-existent table"}, 404), "http_404"),
        ("/metadata", as_json({"id": ["Region"]}), "ovantat_svar"),
        ("/data", as_json({"title": "Too many cells selected"}, 400), "http_400"),
        ("/data", Answer(b'{"id": ["Region"'), "inte_json"),
        ("/data", as_json({}), "ovantat_svar"),
    ],
    ids=["500 without a body", "html", "no table", "no cube", "too many cells", "cut off", "empty object"],
)
def test_an_scb_that_misbehaves_leaves_nothing_behind(world: World, path: str, answer: Answer, code: str) -> None:
    world.refresh("scb")
    world.scb.misbehave(path, answer)
    assert world.refused("scb") == code


def test_an_answer_without_a_dimension_is_refused(world: World) -> None:
    world.scb.misbehave("/data", without_sex(world))
    assert world.refused("scb") == "annan_storlek"


def test_values_that_do_not_fit_the_size_are_refused(world: World) -> None:
    world.scb.misbehave("/data", changed_document(world, value=[1.0]))
    assert world.refused("scb") == "ovantat_svar"


def test_a_dimension_that_the_definition_does_not_name_is_refused_before_anything_is_asked(world: World) -> None:
    world.scb.dimensions["Alder"] = {"20-64": "20–64 år"}
    with pytest.raises(FetchFailed, match="Saknas i definitionen: Alder"):
        world.fetch("scb")
    assert [one.method for one in world.scb.asked] == ["GET", "GET"]


@pytest.mark.parametrize(("dimension", "code"), [("Kon", "1"), ("Region", "0580"), ("ContentsCode", "000006II")])
def test_a_code_that_the_table_no_longer_has_is_refused(world: World, dimension: str, code: str) -> None:
    del world.scb.dimensions[dimension][code]
    with pytest.raises(FetchFailed, match=code):
        world.fetch("scb")


def test_a_table_without_the_first_period_or_any_later_is_refused(world: World) -> None:
    world.scb.dimensions["Tid"] = {"2025M12": "2025M12"}
    with pytest.raises(FetchFailed, match="ingen period från 2026M01"):
        world.fetch("scb")


def test_a_repeated_code_is_asked_for_once(world: World) -> None:
    """SCB answers a repeated code with status 500 and an empty body."""
    file = world.settings.include / "statistics" / "scb.yaml"
    definition = json.loads(file.read_text(encoding="utf-8"))
    definition["tables"][0]["dimensions"]["Kon"] = ["1+2", "1", "1", "1+2"]
    file.write_text(json.dumps(definition), encoding="utf-8")
    assert world.refresh("scb").added == 16


# Around the fetch.


def test_every_page_is_landed_also_the_one_that_fails(world: World) -> None:
    world.kolada.misbehave("/data", Answer(b"<html>"))
    assert world.refused("kolada") == "inte_json"
    pages = world.rows("SELECT kind, size_bytes FROM core.statistics_page JOIN lineage.delivery USING (delivery_id)")
    assert [(one["kind"], one["size_bytes"]) for one in pages][-1] == ("data", 6)


def test_nobody_who_asks_what_providers_have_delivered_sees_the_pages(world: World) -> None:
    world.refresh("kolada")
    world.kolada.misbehave("/data", Answer(status=500))
    assert world.refused("kolada") == "http_500"
    with transaction(world.settings, Role.AUDIT) as connection:
        found = status(connection, world.settings, Month.containing(TODAY))
    assert (found.refused, found.unfinished) == ((), ())
    assert world.rows("SELECT 1 FROM lineage.delivery WHERE is_current OR finished_at IS NOT NULL") == []


def test_a_fetch_that_was_killed_is_refused_by_the_next_one_and_its_pages_stay(world: World) -> None:
    class Killed(BaseException):
        pass

    def die(_: float) -> None:
        raise Killed

    session = StatisticsHttp("Kolada", world.kolada.address, "d@k.example", sleep=die)
    session.pace(2, 1000)  # the third request has to wait
    with pytest.raises(Killed):
        fetch(world.settings, "kolada", world.run_id(), TODAY, session)
    [left] = world.rows("SELECT state FROM core.statistics_fetch")
    assert left["state"] == "hamtar"
    with pytest.raises(FetchFailed, match="inte kommit"):
        load(world.settings, 1)
    world.refresh("kolada")
    states = world.rows("SELECT state, refusal_rule FROM core.statistics_fetch ORDER BY fetch_id")
    assert [tuple(one.values()) for one in states] == [("avvisad", "avbruten"), ("inlast", None)]


def test_two_fetches_from_one_service_at_once_are_one_too_many(world: World) -> None:
    seen: list[str] = []

    def meanwhile(asked: Asked) -> Answer:
        with pytest.raises(FetchFailed) as failed:
            world.fetch("kolada")
        seen.append(failed.value.code)
        return world.kolada.usual(asked)

    world.kolada.misbehave("/data", meanwhile, times=1)
    world.fetch("kolada")
    assert seen == ["pagar"]


def test_a_page_that_was_changed_in_the_archive_is_not_loaded(world: World) -> None:
    from arshjul.lineage.archive import ArchiveError

    fetch_id = world.fetch("kolada")
    [last] = world.rows("SELECT sha256 FROM lineage.delivery ORDER BY delivery_id DESC LIMIT 1")
    file = world.settings.archive / last["sha256"][:2] / last["sha256"]
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(ArchiveError):
        load(world.settings, fetch_id)
    assert world.known("kolada") == {}
