"""The daily sweep, the month's deviations and the goal chain: each function is told of its own, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE
from tests.registers.follow_up_world import AS_OF, UNIT, as_reader, fill, thing

from arshjul.catalogue.activities import load_activities
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.mail import DeliveryError
from arshjul.orchestration import sweeps
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.moments import Moment, Step, moment_of, record_done
from arshjul.orchestration.runs import RunKey
from arshjul.orchestration.sweeps import DATA_TEAM, role_of, roles_with_red, tell_deviations, tell_goals, tell_role
from arshjul.registers.sweep import Red, what_is_red
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.wheel.events import read

MONDAY, SUNDAY, FIRST = date(2024, 12, 2), date(2024, 12, 1), date(2024, 11, 1)
RED_YEAR: dict[str, Any] = {
    "uppfoljningsobjekt": [
        thing(UNIT, "egen_verksamhet", "tjanstemannabesok"),
        thing("bidrag", "foreningsbidrag", "aktivitetsrapport", till="2024-06-30"),
    ],
    "atgarder": [
        {"atgard_id": "a1", "kall_id": "x", "ansvarig": "Enhetschef jobbtorget", "medansvarig": "Verksamhetschef"},
        {"atgard_id": "a2", "kall_id": "x", "ansvarig": "Registrator"},
        {"atgard_id": "a3", "kall_id": "x", "status": "klar", "bevis": "Dnr"},
    ],
    "besok": [{"besok_id": "b1", "datum": "2024-11-14", "analys": "- Kortare väg till praktik"}],
    "synpunkter": [{"arende_id": "s1", "brist": "ja"}],
    "ekonomi": [{"manad": "2024-09-01", "budget": 100000, "utfall": 140000, "known_from": "2024-10-14"}],
}


def red(connection: Connection, day: date = MONDAY, **tables: Any) -> dict[str, Red]:
    fill(connection, **(tables or RED_YEAR))
    return {f"{one.kind} {one.thing_id}": one for one in what_is_red(as_reader(connection), INCLUDE, AS_OF, day)}


def test_everything_that_waits_is_found_with_whoever_answers_for_it(connection: Connection) -> None:
    assert {key: one.functions for key, one in red(connection).items()} == {
        "atgard a1": ("Enhetschef jobbtorget", "Verksamhetschef"),
        "atgard a2": ("Registrator",),
        "bidrag bidrag/2024": ("Sakkunnig",),
        "bidrag bidrag/2023": ("Sakkunnig",),
        "avvikelse ekonomi/o1/2024-09": ("Controller",),
        "tjanstemannabesok o1": ("Sakkunnig",),
        "forbattringsomrade b1": ("Enhetschef",),
        "brist s1": ("Sakkunnig",),
    }


def test_a_grant_is_red_the_day_after_its_report_was_due_and_no_longer_when_it_has_come(connection: Connection) -> None:
    grant = thing("bidrag", "foreningsbidrag", "aktivitetsrapport", fran="2024-01-01", till="2024-06-30")
    fill(connection, uppfoljningsobjekt=[grant])
    reader = as_reader(connection)
    days = [date(2024, 7, 31), date(2024, 8, 1)]
    assert [len(what_is_red(reader, INCLUDE, AS_OF, day)) for day in days] == [0, 1]


def test_a_grant_whose_report_has_come_is_not_red(connection: Connection) -> None:
    grant = thing("bidrag", "foreningsbidrag", "aktivitetsrapport", fran="2024-01-01", till="2024-06-30")
    report = {"objekt_id": "bidrag", "inkom_datum": "2024-07-02", "period": "2024-07-01"}
    assert red(connection, uppfoljningsobjekt=[grant], kvalitetsrapporter=[report]) == {}


def test_a_visit_that_is_planned_for_june_is_told_while_it_can_still_be_moved(connection: Connection) -> None:
    planned = [
        {"besok_id": "june", "datum": "2024-06-05", "status": "planerat"},
        {"besok_id": "may", "datum": "2024-05-29", "status": "planerat"},
        {"besok_id": "done", "datum": "2023-06-07"},
    ]
    fill(connection, besok=planned)
    reader = as_reader(connection)
    days = [date(2024, 5, 2), date(2024, 6, 6)]
    assert [[one.thing_id for one in what_is_red(reader, INCLUDE, AS_OF, day)] for day in days] == [["june"], []]


def test_governing_documents_are_tried_on_a_months_first_working_day_only(connection: Connection) -> None:
    reader = as_reader(connection)
    assert what_is_red(reader, INCLUDE, AS_OF, date(2031, 1, 1)) == (), "New Year's Day: no letters go out"
    found = what_is_red(reader, INCLUDE, AS_OF, date(2031, 1, 2))
    assert {one.kind for one in found} == {"styrdokument"}
    assert "Avdelningschef" in {function for one in found for function in one.functions}
    assert what_is_red(reader, INCLUDE, AS_OF, date(2031, 1, 3)) == ()


@pytest.mark.parametrize(
    ("function", "role"),
    [
        ("Enhetschef", "enhetschef"),
        ("Enhetschef jobbtorget", "enhetschef"),
        ("Controller", "controller"),
        ("Sakkunnig", "ami_sakkunnig"),
        ("verksamhetschef", "verksamhetschef"),
        ("Registrator", DATA_TEAM),
        ("Coach", DATA_TEAM),  # has no address
        ("", DATA_TEAM),
    ],
)
def test_a_function_is_the_role_it_names_and_else_the_data_teams(function: str, role: str) -> None:
    assert role_of(function, load_activities(INCLUDE).roles) == role


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[LoopbackMail]:
    with LoopbackMail(tmp_path / "mail") as server:
        yield server


@pytest.fixture
def desk(database: Settings, mail: LoopbackMail) -> Settings:
    """A warehouse where much waits, and a mail server."""
    goals: list[dict[str, Any]] = [
        {"mal_id": "F1", "niva": "fullmaktige", "text": "Fler i arbete", "ar": 2025, "period": "2024-06-01"},
        {"mal_id": "F2", "niva": "fullmaktige", "text": "Ingen tar sig an", "ar": 2025, "period": "2024-06-01"},
        {"mal_id": "N1", "overordnat_mal_id": "F1", "ar": 2025, "period": "2024-06-01"},
    ]
    with transaction(database) as connection:
        fill(connection, **RED_YEAR, mal=goals)
    return replace(database, smtp_port=mail.port)


def told(mail: LoopbackMail) -> dict[str, EmailMessage]:
    """The mails that have been sent, by address."""
    messages = [message_from_bytes(path.read_bytes(), policy=default) for path in mail.messages()]
    return {str(one["To"].addresses[0].addr_spec): one for one in messages}


def body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def sweep(day: date) -> Step:
    moment = Moment("atgardsgenomgang", day.year, f"{day:%Y-%m}", day)
    return Step(RunKey("action_sweep", "manual__1", moment.period), moment, day)


def test_each_role_is_told_of_its_own_in_one_mail_a_day(desk: Settings, mail: LoopbackMail) -> None:
    roles = roles_with_red(desk, MONDAY)
    assert roles == ["ami_sakkunnig", "controller", "datateam", "enhetschef", "verksamhetschef"]
    assert [tell_role(desk, sweep(MONDAY), role) for role in roles] == [True] * 5
    sent = told(mail)
    assert "Åtgärden a1" in body(sent["enhetschef@exempelkommun.example"])
    assert "Åtgärden a1" in body(sent["verksamhetschef@exempelkommun.example"])
    assert "a2" not in body(sent["enhetschef@exempelkommun.example"])
    assert "Åtgärden a2" in body(sent[desk.data_team_email])
    assert "ekonomi/o1/2024-09" in body(sent["controller@exempelkommun.example"])
    assert sent["ami-sakkunnig@exempelkommun.example"]["Subject"].endswith(": 4 saker")
    assert [tell_role(desk, sweep(MONDAY), role) for role in roles] == [False] * 5, "again the same day"


def test_the_same_things_are_told_again_after_a_week_and_new_ones_at_once(
    desk: Settings, mail: LoopbackMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tell_role(desk, sweep(MONDAY), "controller")
    assert not tell_role(desk, sweep(date(2024, 12, 3)), "controller"), "nothing has happened since yesterday"
    before = sweeps._red_by_role
    late = Red("brist", "s9", ("Controller",), "Ärendet s9 visar på en brist men har ingen åtgärd.")
    with monkeypatch.context() as later:
        later.setattr(sweeps, "_red_by_role", lambda *given: before(*given) | {"controller": [late]})
        assert tell_role(desk, sweep(date(2024, 12, 4)), "controller")
    assert tell_role(desk, sweep(date(2024, 12, 5)), "controller"), "yesterday's letter did not tell of it"
    assert not tell_role(desk, sweep(date(2024, 12, 11)), "controller")
    assert tell_role(desk, sweep(date(2024, 12, 12)), "controller"), "a week later"
    assert len(mail.messages()) == 4


def test_nobody_is_told_on_a_sunday(desk: Settings) -> None:
    assert roles_with_red(desk, SUNDAY) == []


def test_production_sends_nothing_to_the_demos_addresses(desk: Settings, mail: LoopbackMail) -> None:
    with pytest.raises(Stopped, match="Controller och internkontroll"):
        tell_role(replace(desk, environment="production"), sweep(MONDAY), "controller")
    assert mail.messages() == []


def test_a_mail_that_could_not_be_sent_is_sent_by_the_next_try(desk: Settings, mail: LoopbackMail) -> None:
    with pytest.raises(DeliveryError):
        tell_role(replace(desk, smtp_port=1), sweep(MONDAY), "controller")
    assert tell_role(desk, sweep(MONDAY), "controller")
    assert len(mail.messages()) == 1


def test_the_months_deviations_go_to_the_responsible_and_the_executive_board(
    desk: Settings, mail: LoopbackMail
) -> None:
    def step(month: str, day: date) -> Step:
        run = RunKey("budget_deviations", "manual__1", month)
        return Step(run, Moment("budgetavvikelser", day.year, month, day, month), day)

    assert tell_deviations(desk, step("2024-09", date(2024, 10, 16))) == 1
    sent = told(mail)
    assert {"controller@exempelkommun.example", "kommunstyrelsen@exempelkommun.example"} <= set(sent)
    text = body(sent["controller@exempelkommun.example"])
    assert "+40 000 kr (+40 procent)" in text
    assert "Besluta om en åtgärd, med ansvarig och dag, senast" in text
    assert tell_deviations(desk, step("2024-08", date(2024, 9, 16))) == 0


def test_the_goal_chain_of_next_year_tells_the_goal_that_nobody_serves(desk: Settings, mail: LoopbackMail) -> None:
    def step(year: int) -> Step:
        run = RunKey("goal_chain", "manual__1", str(year))
        return Step(run, Moment("kf_mal", year - 1, str(year), FIRST), FIRST)

    assert tell_goals(desk, step(2025)) == "Mål för 2025: 3. Fullmäktiges mål utan nämndmål: 1."
    text = body(told(mail)["ami-chef@exempelkommun.example"])
    assert "- F2 Ingen tar sig an" in text
    assert "F1" not in text
    assert tell_goals(desk, step(2031)) == "Inga mål för 2031 är registrerade."


@pytest.mark.parametrize(
    ("dag_id", "day", "period"),
    [
        ("action_sweep", MONDAY, "2024-12"),
        ("budget_deviations", date(2024, 10, 17), "2024-09"),
        ("goal_chain", date(2024, 6, 10), "2025"),
    ],
)
def test_each_is_a_moment_of_the_year_and_is_noted_when_done(
    desk: Settings, dag_id: str, day: date, period: str
) -> None:
    moment = moment_of(desk, dag_id, {"day": day.isoformat()})
    assert moment.period == period
    record_done(desk, RunKey(dag_id, "manual__1", period), moment, day)
    with transaction(desk, Role.PUBLISH) as connection:
        done = [(one.activity_id, one.kind) for one in read(connection, 2023, 2026, day)]
    assert done == [(moment.activity, "klar")]
