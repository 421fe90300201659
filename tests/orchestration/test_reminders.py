"""The daily reminders' steps: whom they go to, and that one sender's trouble is nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.mail import DeliveryError
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.monthly import receive_from
from arshjul.orchestration.reminders import remind_sender, senders_to_remind, tell_deliveries
from arshjul.orchestration.runs import RunKey
from arshjul.settings import Settings

ALFA, BETA, GAMMA = "5560360793", "5590000013", "5566778899"
REGISTER = (
    "orgnr;namn;typ;auktoriserad_fran;auktoriserad_till;kvalitetssystem;epost\n"
    f"{ALFA};Åsa Öberg AB;extern;2020-01-01;;inget;post@åsasjobb.example\n"
    f"{BETA};Beta AB;extern;2026-03-20;;inget;post@beta.example\n"
    f"{GAMMA};Gamma AB;extern;2020-01-01;2026-02-28;inget;post@gamma.example\n"
)
AFTER_EASTER = date(2026, 4, 7)


@pytest.fixture
def desk(database: Settings) -> Settings:
    """A warehouse with a register delivered for March."""
    put(database, f"anordnare_{database.kommun_orgnr}_2026-03.csv", REGISTER, database.kommun_orgnr)
    run = RunKey("ingest_provider_monthly", "manual__1", "2026-03")
    assert receive_from(database, run, database.kommun_orgnr)["mottagen"] == 1
    return replace(database, smtp_port=1)  # nobody listens there


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[LoopbackMail]:
    with LoopbackMail(tmp_path / "mail") as server:
        yield server


def put(settings: Settings, name: str, content: str, sender: str) -> None:
    file = settings.landing / sender / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")


def remind(settings: Settings, sender: str, today: date = AFTER_EASTER, run: str = "scheduled__1") -> bool:
    return remind_sender(settings, "remind_senders", run, sender, today)


def test_the_run_tells_how_every_delivery_stands(desk: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="arshjul.orchestration.reminders"):
        counts = tell_deliveries(desk, AFTER_EASTER)
    assert f"{ALFA} insatser 2026-03: saknas, senast 2 april 2026" in caplog.messages
    assert not [line for line in caplog.messages if GAMMA in line]
    assert counts["saknas"] == 6, "insatser, narvaro and kapacitet of two"
    assert counts["vantas"] == 6, "April's"
    assert sum(counts.values()) == len(caplog.messages)


def test_whoever_was_authorised_is_reminded_on_working_days(desk: Settings) -> None:
    days = {day: senders_to_remind(desk, date(2026, 4, day)) for day in range(1, 8)}
    assert days[1] == days[2] == days[7] == [BETA, ALFA], "by name: Gamma was authorised until February"
    assert days[3] == days[4] == days[5] == days[6] == [], "Easter"


def test_nothing_is_said_before_the_first_reminder(desk: Settings) -> None:
    assert senders_to_remind(desk, date(2026, 3, 30)) == []
    assert senders_to_remind(desk, date(2026, 3, 31)) == [BETA, ALFA], "two working days before 2 April"


def test_a_second_run_of_the_day_finds_nobody(desk: Settings, mail: LoopbackMail) -> None:
    settings = replace(desk, smtp_port=mail.port)
    assert remind(settings, ALFA)
    assert senders_to_remind(settings, AFTER_EASTER) == [BETA]
    assert not remind(settings, ALFA, run="manual__2")
    assert len(mail.messages()) == 1
    assert senders_to_remind(settings, date(2026, 4, 13)) == [BETA]
    assert senders_to_remind(settings, date(2026, 4, 14)) == [BETA, ALFA], "a week later"


def test_a_server_that_takes_no_mail_for_one_stops_nobody_else(desk: Settings, mail: LoopbackMail) -> None:
    with pytest.raises(DeliveryError):
        remind(desk, ALFA)
    settings = replace(desk, smtp_port=mail.port)
    assert remind(settings, BETA)
    assert senders_to_remind(settings, AFTER_EASTER) == [ALFA], "still to be reminded"
    assert remind(settings, ALFA)
    assert len(mail.messages()) == 2


def test_what_lies_unread_in_the_landing_is_not_asked_for(desk: Settings) -> None:
    for dataset in ("insatser", "narvaro", "kapacitet"):
        put(desk, f"{dataset}_{BETA}_2026-03.csv", "x\n", BETA)
    assert senders_to_remind(desk, AFTER_EASTER) == [ALFA]
    put(desk, f"insatser_{BETA}_2026-03.csv", "x\n", ALFA)  # in somebody else's folder: it will be refused
    assert senders_to_remind(desk, AFTER_EASTER) == [ALFA]
    assert not remind(desk, BETA), "it has come since the list was made"


def test_reminders_end_after_four_months(desk: Settings, mail: LoopbackMail) -> None:
    assert remind(replace(desk, smtp_port=mail.port), ALFA, date(2026, 8, 3))
    [path] = mail.messages()
    body = message_from_bytes(path.read_bytes(), policy=default).get_body(("plain",))
    assert body is not None
    months = [month for month in ("mars", "april", "maj", "juni", "juli") if f"för {month} 2026" in body.get_content()]
    assert months == ["april", "maj", "juni", "juli"]


def test_production_sends_nothing_to_the_demos_addresses(desk: Settings) -> None:
    with pytest.raises(Stopped, match="Beta AB har demons påhittade adress"):
        remind(replace(desk, environment="production"), BETA)


def test_a_landing_that_cannot_be_read_stops_without_telling_a_path(
    desk: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(landing: Path) -> None:
        raise PermissionError(13, "Permission denied", str(landing / "19900101-2385.csv"))

    monkeypatch.setattr("arshjul.sources.folder.find_landed", refuse)
    with pytest.raises(Stopped) as stopped:
        senders_to_remind(desk, AFTER_EASTER)
    assert "19900101" not in str(stopped.value)
