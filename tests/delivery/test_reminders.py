"""Senders are reminded of what they owe, once a day, in words they can use."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from arshjul.delivery import mail as mail_module
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.mail import DeliveryError
from arshjul.delivery.reminders import Reminder, due_reminders, remind
from arshjul.lineage.chain import verify_chain
from arshjul.lineage.expected import ExpectedDelivery
from arshjul.periods import Month
from arshjul.settings import Settings

ALFA = "5560360793"
MARCH, APRIL = Month(2026, 3), Month(2026, 4)
MISSING = ExpectedDelivery(
    ALFA, "Åsa Öberg AB", "post@anordnaren.example", "insatser", MARCH, date(2026, 4, 2), "saknas"
)
AWAITED = replace(MISSING, dataset="narvaro", month=APRIL, due=date(2026, 5, 4), state="vantas")
DAY = date(2026, 4, 7)
PLUGINS = Path(mail_module.__file__).resolve().parents[2]


def reminder(*owed: ExpectedDelivery, day: date = DAY, **changed: Any) -> Reminder:
    made = Reminder(ALFA, "Åsa Öberg AB", "post@anordnaren.example", day, owed or (MISSING,))
    return replace(made, **changed)


def read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def reminded(settings: Settings, today: str, *owed: ExpectedDelivery) -> list[tuple[str, int]]:
    return [(one.sender, len(one.owed)) for one in due_reminders(settings, owed, date.fromisoformat(today))]


@pytest.mark.parametrize(
    ("today", "is_reminded"),
    [
        ("2026-04-28", False),
        ("2026-04-29", True),  # 30 April and 4 May are the two working days: 1 May is a Friday
        ("2026-04-30", True),  # the day before was missed
        ("2026-05-04", True),
    ],
)
def test_the_first_reminder_comes_two_working_days_before(settings: Settings, today: str, is_reminded: bool) -> None:
    assert bool(reminded(settings, today, AWAITED)) is is_reminded


def test_a_reminder_before_the_day_is_not_repeated_before_it(settings: Settings) -> None:
    told = replace(AWAITED, reminded_on=date(2026, 4, 29))
    assert reminded(settings, "2026-04-30", told) == []
    assert reminded(settings, "2026-05-04", told) == []
    assert reminded(settings, "2026-05-05", replace(told, state="saknas")) == [(ALFA, 1)]


def test_what_is_late_is_reminded_of_every_week(settings: Settings) -> None:
    told = replace(MISSING, reminded_on=date(2026, 4, 7))
    days = [f"2026-04-{day:02}" for day in (7, 8, 13, 14, 15)]
    assert [bool(reminded(settings, day, told)) for day in days] == [False, False, False, True, True]


@pytest.mark.parametrize("state", ["i_tid", "sen", "olast"])
def test_nobody_is_reminded_of_what_has_come(settings: Settings, state: Any) -> None:
    assert reminded(settings, "2026-04-07", replace(MISSING, state=state)) == []


def test_one_mail_tells_everything_a_sender_owes(settings: Settings) -> None:
    told = replace(MISSING, dataset="kapacitet", reminded_on=date(2026, 4, 3))
    other = replace(MISSING, sender="5566778899")
    assert reminded(settings, "2026-04-07", MISSING, told, AWAITED, other) == [(ALFA, 2), ("5566778899", 1)]


def test_the_municipalitys_own_reminders_go_to_the_data_team(settings: Settings) -> None:
    own = replace(MISSING, sender=settings.kommun_orgnr, name="Exempelkommun", email=None, dataset="ekonomi")
    [found] = due_reminders(settings, [own], DAY)
    assert found.address == settings.data_team_email


def test_the_mail_says_what_is_lacking_and_what_to_do(office: Any, mail: LoopbackMail) -> None:
    refused = replace(MISSING, dataset="kapacitet", state="avvisad")
    owed = (MISSING, refused, replace(AWAITED, due=date(2026, 4, 8)))
    assert remind(office.settings, office.engine, reminder(*owed), office.run())
    [path] = mail.messages()
    message = read(path)
    text = text_of(message)
    assert message["Subject"] == "Försenade leveranser till Exempelkommun"
    assert message["To"] == "Åsa Öberg AB <post@anordnaren.example>"
    assert message["Cc"] == office.settings.data_team_email
    assert message["Auto-Submitted"] == "auto-generated"
    assert "- Insatser (insatser) för mars 2026, senast 2 april 2026\n" in text
    assert "- Kapacitet (kapacitet) för mars 2026, senast 2 april 2026 (det som kom gick inte att använda" in text
    late, _, soon = text.partition("ska vara hos oss inom kort")
    assert "Närvaro" not in late
    assert "- Närvaro (narvaro) för april 2026, senast 8 april 2026\n" in soon
    assert f"insatser_{ALFA}_2026-03.csv" in text
    assert office.settings.data_team_email in text


def test_a_reminder_of_nothing_late_has_no_copy(office: Any, mail: LoopbackMail) -> None:
    remind(office.settings, office.engine, reminder(AWAITED, day=date(2026, 4, 29)), office.run())
    message = read(mail.messages()[0])
    assert message["Subject"] == "Påminnelse om leveranser till Exempelkommun"
    assert message["Cc"] is None
    assert "har inte fått den än:\n\n- Närvaro (narvaro) för april 2026, senast 4 maj 2026\n\nSå här" in text_of(
        message
    )


def test_a_second_run_of_the_day_sends_nothing_and_the_next_day_does(office: Any, mail: LoopbackMail) -> None:
    run_id = office.run()
    assert remind(office.settings, office.engine, reminder(), run_id)
    mail.messages()[0].unlink()
    assert not remind(office.settings, office.engine, reminder(), run_id)
    assert mail.messages() == []
    assert remind(office.settings, office.engine, reminder(day=date(2026, 4, 8)), run_id)
    assert office.count("lineage.reminder") == 2


def test_a_mail_server_that_is_down_leaves_the_reminder_to_be_sent(office: Any, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="gick inte att nå"):
        remind(office.settings, office.engine, reminder(), office.run())
    with LoopbackMail(tmp_path / "mail") as server:
        settings = replace(office.settings, smtp_port=server.port)
        assert remind(settings, office.engine, reminder(AWAITED), office.run())
        assert "Insatser" in text_of(read(server.messages()[0])), "what was reserved is what is sent"
    assert office.count("lineage.reminder WHERE sent_at IS NOT NULL") == 1


KILLED = """
import json, os, signal, sys
from datetime import date
from arshjul.delivery import reminders
from arshjul.lineage.expected import ExpectedDelivery
from arshjul.periods import Month
from arshjul.settings import load_settings
from arshjul.warehouse.engine import Role, open_engine

environment, run_id, where = json.load(sys.stdin)
send = reminders.send_mail

def killed(*arguments):
    if where == "after":
        send(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

reminders.send_mail = killed
settings = load_settings(environment)
owed = ExpectedDelivery("5560360793", "A", "post@anordnaren.example", "insatser", Month(2026, 3), date(2026, 4, 2), "saknas")
reminder = reminders.Reminder("5560360793", "Åsa Öberg AB", "post@anordnaren.example", date(2026, 4, 7), (owed,))
reminders.remind(settings, open_engine(settings, Role.PUBLISH), reminder, run_id)
"""


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_killed_run_is_finished_by_the_next_with_one_mail(office: Any, mail: LoopbackMail, where: str) -> None:
    environment = {
        "ARSHJUL_HOME": str(office.settings.home),
        "ARSHJUL_DATABASE_URL": office.settings.database_url,
        "ARSHJUL_SMTP_PORT": str(office.settings.smtp_port),
    }
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        input=json.dumps([environment, office.run(), where]),
        text=True,
        check=False,
        env={"PYTHONPATH": str(PLUGINS), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == -signal.SIGKILL
    assert len(mail.messages()) == (1 if where == "after" else 0)
    assert remind(office.settings, office.engine, reminder(), office.run())
    assert len(mail.messages()) == 1, "the mail system knows the Message-ID"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("post@åsasjobb.example", "post@xn--sasjobb-dxa.example"),
        (" Post@Anordnaren.example ", "Post@Anordnaren.example"),
    ],
)
def test_an_address_with_swedish_letters_in_its_domain_is_written_as_mail_servers_know_it(
    office: Any, mail: LoopbackMail, given: str, written: str
) -> None:
    remind(office.settings, office.engine, reminder(address=given), office.run())
    assert read(mail.messages()[0])["To"].addresses[0].addr_spec == written


@pytest.mark.parametrize(
    "address",
    [
        "anordnaren.example",
        "@anordnaren.example",
        "post@",
        "post@anordnaren",
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "Åsa <post@anordnaren.example>",
        "a b@anordnaren.example",
        "post@anordnaren..example",
        f"post@{'a' * 70}.example",
    ],
)
def test_an_address_that_is_not_one_is_refused_and_never_told(office: Any, mail: LoopbackMail, address: str) -> None:
    with pytest.raises(DeliveryError, match=f"till {ALFA} går inte att använda. Rätta den i registret.") as refused:
        remind(office.settings, office.engine, reminder(address=address), office.run())
    assert address not in str(refused.value)
    assert mail.messages() == []


def test_an_address_with_swedish_letters_before_the_at_sign_needs_a_server_that_takes_them(
    office: Any, mail: LoopbackMail
) -> None:
    with pytest.raises(DeliveryError, match="adresser med å, ä och ö"):
        remind(office.settings, office.engine, reminder(address="åsa@anordnaren.example"), office.run())


def test_a_name_of_several_lines_makes_no_header(office: Any, mail: LoopbackMail) -> None:
    remind(office.settings, office.engine, reminder(name="Alfa\r\nBcc: x@y.example"), office.run())
    assert read(mail.messages()[0])["Bcc"] is None


def test_the_ledger_keeps_no_address_and_no_name_and_is_never_changed(office: Any, mail: LoopbackMail) -> None:
    remind(office.settings, office.engine, reminder(), office.run())
    with office.administrator.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT string_agg(to_jsonb(r)::text, '') FROM lineage.reminder AS r"
        ).scalar_one()
        logged = connection.exec_driver_sql(
            "SELECT string_agg(event, ' ' ORDER BY seq) FROM lineage.log WHERE event LIKE 'reminder.%%'"
        ).scalar_one()
        assert verify_chain(connection).ok
        assert "anordnaren.example" not in kept
        assert "Öberg" not in kept
        assert logged == "reminder.insert reminder.update"
        with pytest.raises(Exception, match="only learns once when it was sent"):
            connection.exec_driver_sql("UPDATE lineage.reminder SET sent_at = clock_timestamp()")
