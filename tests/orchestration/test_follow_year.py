"""The daily look at the year: what begins is started once, the responsible are reminded once, and what did not happen is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from tests.wheel.year import of_2026, register

from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.mail import DeliveryError
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.follow_year import (
    moments_that_begin,
    note_started,
    remind_role,
    roles_to_remind,
    tell_missed,
)
from arshjul.orchestration.moments import Moment, record_done
from arshjul.orchestration.runs import RunKey
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.wheel.events import read

RUN = RunKey("follow_the_year", "manual__1", "")
AGAIN = RunKey("follow_the_year", "manual__2", "")
OPENS, REMINDED, LATE, MISSED = date(2026, 9, 6), date(2026, 8, 25), date(2026, 9, 9), date(2026, 9, 17)


@pytest.fixture
def desk(database: Settings) -> Settings:
    """A year with its meetings, in use since the summer, with nobody listening for mail."""
    with transaction(database) as connection:
        register(connection, of_2026())
    done(database, "kf_mal", date(2026, 7, 1))
    return replace(database, smtp_port=1)


@pytest.fixture
def mail(desk: Settings, tmp_path: Path) -> Iterator[tuple[Settings, LoopbackMail]]:
    with LoopbackMail(tmp_path / "mail") as server:
        yield replace(desk, smtp_port=server.port), server


def done(settings: Settings, activity: str, day: date, part: str = "") -> None:
    moment = Moment(activity, 2026, "2026", day, part)
    record_done(settings, RunKey("test", f"{activity}__{day}", "2026"), moment, day)


def begun(settings: Settings, day: date) -> dict[str, str]:
    return {one["trigger_run_id"]: one["trigger_dag_id"] for one in moments_that_begin(settings, day)}


def letters(server: LoopbackMail) -> list[EmailMessage]:
    messages = [message_from_bytes(path.read_bytes(), policy=default) for path in server.messages()]
    return [one for one in messages if isinstance(one, EmailMessage)]


def words(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return body.get_content()


def test_a_moment_is_started_on_its_day_with_ids_and_days_only(desk: Settings) -> None:
    assert "klagomal__2026" not in begun(desk, date(2026, 9, 5))
    [start] = [one for one in moments_that_begin(desk, OPENS) if one["trigger_run_id"] == "klagomal__2026"]
    assert start == {
        "trigger_dag_id": "complaint_summary",
        "trigger_run_id": "klagomal__2026",
        "conf": {"activity": "klagomal", "year": 2026, "period": "2026-01--2026-08", "day": "2026-09-06"},
    }


def test_a_started_moment_is_not_started_again(desk: Settings) -> None:
    starts = moments_that_begin(desk, OPENS)
    assert note_started(desk, RUN, starts) == len(starts)
    assert begun(desk, OPENS) == {}
    found = begun(desk, LATE)
    assert found.keys() & {one["trigger_run_id"] for one in starts} == set()
    assert "atgardsgenomgang__2026__2026-09-09" in found, "what is done each day"


def test_what_was_not_started_in_time_is_started_late_but_not_when_it_is_too_late(desk: Settings) -> None:
    assert "klagomal__2026" in begun(desk, LATE)
    assert "klagomal__2026" not in begun(desk, MISSED)


def test_what_is_done_already_or_starts_by_itself_or_is_done_by_people_is_not_started(desk: Settings) -> None:
    done(desk, "klagomal", date(2026, 9, 1))
    found = begun(desk, OPENS)
    assert "klagomal__2026" not in found
    assert "delarsrapport_september__2026" in found
    assert not {"tertial_indicators", "ingest_provider_monthly"} & set(found.values())
    assert "atgarder_efter_besok__2026" not in found


def test_the_dialogue_is_not_started_before_the_survey_is_closed(desk: Settings) -> None:
    day = date(2026, 5, 4)
    done(desk, "verksamhetsberattelse", date(2026, 2, 1))  # in use since then
    assert "dialog__2026" not in begun(desk, day)
    done(desk, "kundundersokning", date(2026, 4, 30))
    assert begun(desk, day)["dialog__2026"] == "provider_dialogue"


def test_a_visit_gets_its_paper_and_no_visit_starts_nothing(desk: Settings) -> None:
    done(desk, "verksamhetsberattelse", date(2026, 1, 1))
    found = begun(desk, date(2026, 1, 28))
    assert found["namndbesok__2026__2026-02-11"] == "board_visits"
    with transaction(desk) as connection:
        connection.exec_driver_sql("UPDATE core.besok SET status = 'installt'")
    assert "board_visits" not in begun(desk, date(2026, 1, 28)).values()


def test_november_asks_for_next_years_unit_reports(desk: Settings) -> None:
    assert begun(desk, date(2026, 11, 2))["kvalitetsrapporter__2027"] == "unit_quality_reports"


def test_the_units_are_asked_in_november_and_chased_in_january_until_their_reports_are_in(desk: Settings) -> None:
    year = 2027

    def started(day: date) -> set[str]:
        starts = [one for one in moments_that_begin(desk, day) if one["trigger_dag_id"] == "unit_quality_reports"]
        note_started(desk, RUN, starts)
        return {one["trigger_run_id"] for one in starts}

    assert started(date(2026, 11, 2)) == {"kvalitetsrapporter__2027"}
    assert started(date(2026, 11, 3)) == set()
    assert started(date(2026, 12, 1)) == {"kvalitetsrapporter__2027__2026-12-01"}
    assert started(date(2027, 1, 4)) == {"kvalitetsrapporter__2027__2027-01-04"}, (
        "the first working day after the due day"
    )
    done_in = Moment("kvalitetsrapporter", year, "2026", date(2027, 1, 8))
    record_done(desk, RunKey("unit_quality_reports", "kvalitetsrapporter__2027", "2026"), done_in, done_in.day)
    assert started(date(2027, 1, 13)) == set()


def test_a_role_gets_one_letter_a_day_however_often_it_is_run(mail: tuple[Settings, LoopbackMail]) -> None:
    settings, server = mail
    roles = roles_to_remind(settings, REMINDED)
    assert {"ami_sakkunnig", "ami_chef"} <= set(roles)
    assert remind_role(settings, RUN, "ami_sakkunnig", REMINDED)
    assert "ami_sakkunnig" not in roles_to_remind(settings, REMINDED)
    assert not remind_role(settings, AGAIN, "ami_sakkunnig", REMINDED)
    [letter] = letters(server)
    assert letter["To"].addresses[0].addr_spec == "ami-sakkunnig@exempelkommun.example"
    assert "Synpunkter och klagomål till nämnden" in words(letter)
    with transaction(settings, Role.AUDIT) as connection:
        found = [one for one in read(connection, 2026, 2026, REMINDED) if one.kind == "paminnelse"]
    assert {(one.activity_id, one.note) for one in found} >= {("klagomal", "ami_sakkunnig")}


def test_a_letter_that_could_not_be_sent_is_sent_by_the_next_try_with_the_same_name(
    desk: Settings, mail: tuple[Settings, LoopbackMail]
) -> None:
    settings, server = mail
    with pytest.raises(DeliveryError):
        remind_role(desk, RUN, "ami_chef", REMINDED)
    assert "ami_chef" in roles_to_remind(desk, REMINDED)
    with transaction(desk, Role.AUDIT) as connection:
        reserved = connection.exec_driver_sql("SELECT reference FROM lineage.notice WHERE recipient = 'ami_chef'")
        reference = reserved.scalar_one()
    assert remind_role(settings, RUN, "ami_chef", REMINDED)
    [letter] = letters(server)
    assert letter["Message-ID"].strip() == reference


def test_what_has_been_done_since_the_list_was_made_is_not_reminded_of(mail: tuple[Settings, LoopbackMail]) -> None:
    settings, server = mail
    assert "ami_sakkunnig" in roles_to_remind(settings, REMINDED)
    for activity in ("klagomal", "tjanstemannabesok"):
        done(settings, activity, REMINDED)
    for part in ("2026-06", "2026-07"):
        for activity in ("effektuppfoljning", "stickprov"):
            done(settings, activity, REMINDED, part)
    assert not remind_role(settings, RUN, "ami_sakkunnig", REMINDED)
    assert letters(server) == []


def test_the_data_team_is_told_once_of_what_did_not_happen(mail: tuple[Settings, LoopbackMail]) -> None:
    settings, server = mail
    assert tell_missed(settings, RUN, MISSED) > 0
    [letter] = letters(server)
    assert letter["To"].addresses[0].addr_spec == settings.data_team_email
    assert "klagomal/2026" in words(letter)
    assert "verksamhetsberattelse" not in words(letter), "it was due before the year was followed"
    assert tell_missed(settings, RUN, MISSED) == 0
    tell_missed(settings, AGAIN, date(2026, 9, 18))
    assert not any("klagomal/2026" in words(one) for one in letters(server)[1:])


def test_production_sends_nothing_to_the_demos_addresses(desk: Settings) -> None:
    with pytest.raises(Stopped, match="demons påhittade adress"):
        remind_role(replace(desk, environment="production"), RUN, "ami_chef", REMINDED)
