"""A waiver needs somebody who asks, somebody else who approves, a check that can stop, a reason and an end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.publication import APPROVE, REJECT
from arshjul.orchestration.waivers import examine_request, record_waiver
from arshjul.settings import Settings
from arshjul.warehouse.engine import transaction

TODAY = date(2026, 5, 12)
REQUEST = {
    "kontroll": "anordnare_har_levererat_insatser",
    "period": "2026-T1",
    "skal": "Anordnaren har upphört och kan inte leverera april.",
    "galler_till": "2199-12-31",
}


def answer(person: str, option: str = APPROVE) -> dict[str, Any]:
    who = {"id": "7", "name": person}
    moment = datetime(2026, 5, 12, 8, tzinfo=UTC)
    return {
        "chosen_options": [option],
        "params_input": {},
        "responded_by_user": who,
        "responded_at": moment.isoformat(),
    }


def waivers(settings: Settings) -> int:
    with transaction(settings) as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM lineage.waiver").scalar_one())


def test_a_request_for_a_check_that_can_stop_goes_on(settings: Settings) -> None:
    examine_request(settings, REQUEST, "anna", TODAY)
    examine_request(
        settings, REQUEST | {"kontroll": "maluppfyllelse_intervall", "period": "2026-03"}, "datateam", TODAY
    )


@pytest.mark.parametrize(
    ("change", "requested_by"),
    [
        ({"kontroll": "finns_inte"}, "anna"),
        ({"kontroll": "trappmatning_tackning_tackning"}, "anna"),
        ({"period": "2026-T4"}, "anna"),
        ({"galler_till": "2026-02-30"}, "anna"),
        ({}, ""),
    ],
)
def test_anything_else_is_stopped_before_anybody_is_asked(
    settings: Settings, change: dict[str, str], requested_by: str
) -> None:
    with pytest.raises(Stopped):
        examine_request(settings, REQUEST | change, requested_by, TODAY)


def test_another_person_approves_and_a_task_run_again_changes_nothing(database: Settings) -> None:
    first = record_waiver(database, REQUEST, "anna", answer("bertil"))
    assert record_waiver(database, REQUEST, "anna", answer("bertil")) == first
    assert waivers(database) == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [(answer("anna"), "någon annan"), (answer("Anna "), "någon annan"), (answer("bertil", REJECT), "inte godkänt")],
)
def test_the_same_person_or_a_no_lets_nothing_pass(database: Settings, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Stopped, match=sentence):
        record_waiver(database, REQUEST, "anna", given)
    assert waivers(database) == 0


def test_whoever_has_no_right_to_neither_asks_nor_approves(database: Settings) -> None:
    with pytest.raises(Stopped, match="cecilia har ingen delegation att begära undantag"):
        examine_request(database, REQUEST, "cecilia", TODAY)
    with pytest.raises(Stopped, match="datateam har ingen delegation att besluta om undantag"):
        record_waiver(database, REQUEST, "anna", answer("datateam"))
    assert waivers(database) == 0
    with transaction(database) as connection:
        kept = connection.exec_driver_sql("SELECT action, about, roles FROM lineage.refusal ORDER BY refusal_id").all()
    about = "anordnare_har_levererat_insatser 2026-T1"
    assert [tuple(row) for row in kept] == [("begara_undantag", about, []), ("undantag", about, ["datateam"])]
