"""The watch from outside: what has stopped is told once, and once more when it goes again."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from typer.testing import CliRunner

from arshjul.cli import app
from arshjul.delivery import watch as watch_room
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.mail import DeliveryError
from arshjul.delivery.watch import PATIENCE, watch
from arshjul.settings import SettingsError, load_settings
from arshjul.wheel import events

NOW = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PARTS = ("scheduler", "dag_processor", "triggerer")


@dataclass
class Airflow:
    """A health page that says what a test wants.

    Attributes:
        url: Its address.
        beats: When each part was last heard of.
        database: The status of Airflow's database.
        raw: The answer instead of that, where it is given.
    """

    url: str
    beats: dict[str, str | None] = field(default_factory=dict)
    database: str = "healthy"
    raw: bytes | None = None

    def beat(self, now: datetime) -> None:
        self.beats = dict.fromkeys(PARTS, now.isoformat())

    def answer(self) -> bytes:
        parts = {part: {"status": "x", f"latest_{part}_heartbeat": beat} for part, beat in self.beats.items()}
        return self.raw or json.dumps({"metadatabase": {"status": self.database}, **parts}).encode()


@pytest.fixture
def airflow() -> Iterator[Airflow]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/api/v2/monitor/health" else 404)
            self.end_headers()
            self.wfile.write(there.answer())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    there = Airflow(f"http://127.0.0.1:{server.server_port}")
    there.beat(NOW)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield there
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def watched(office: Any, mail: LoopbackMail, airflow: Airflow) -> Any:
    """The office's settings, with mail and a health page."""
    return replace(office.settings, airflow_url=airflow.url)


def subjects(mail: LoopbackMail) -> list[str]:
    read = (message_from_bytes(one.read_bytes(), policy=default) for one in mail.messages())
    return sorted(str(one["Subject"]) for one in read)


def test_a_scheduler_that_has_stopped_is_told_once_and_so_is_that_it_goes_again(
    watched: Any, mail: LoopbackMail, airflow: Airflow
) -> None:
    assert (watch(watched, NOW).stopped, mail.messages()) == ((), [])
    assert watch(watched, NOW + PATIENCE).stopped == (), "a restart is no stop"
    for minutes in (11, 16, 300):
        found = watch(watched, NOW + minutes * MINUTE)
        assert [(one.what, one.since) for one in found.stopped] == [("airflow", NOW)]
        assert found.told == (("Airflow står stilla",) if minutes == 11 else ())
    [letter] = mail.messages()
    text = message_from_bytes(letter.read_bytes(), policy=default)
    assert (text["To"], text["Auto-Submitted"]) == (watched.data_team_email, "auto-generated")
    assert "Airflows schemaläggare har slutat höra av sig.\r\nSedan 2026-05-12 kl. 10.00." in text.get_content()

    back = NOW + 301 * MINUTE
    airflow.beat(back)
    assert watch(watched, back).told == ("Airflow är igång igen",)
    assert watch(watched, back + MINUTE) == watch(watched, back + 2 * MINUTE)
    assert subjects(mail) == ["Airflow står stilla", "Airflow är igång igen"]
    assert watch(watched, back + 20 * MINUTE).told == ("Airflow står stilla",), "the next stop is another one"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"database": "unhealthy"}, "Airflow når inte sin databas."),
        ({"beats": dict.fromkeys(PARTS)}, "Airflows schemaläggare är inte igång."),
        ({"raw": b"<html>502</html>"}, "Airflow svarar inte."),
        ({"raw": b'{"metadatabase": null}'}, "Airflow svarar inte."),
    ],
    ids=["database", "scheduler", "proxy", "other"],
)
def test_what_has_no_last_sign_of_life_is_told_when_it_has_lasted(
    watched: Any, mail: LoopbackMail, airflow: Airflow, change: dict[str, Any], sentence: str
) -> None:
    for name, value in change.items():
        setattr(airflow, name, value)
    first = watch(watched, NOW)
    assert ([one.words for one in first.stopped], first.told) == ([sentence], ())
    assert watch(watched, NOW + 5 * MINUTE).told == ()
    assert watch(watched, NOW + 10 * MINUTE).told == ("Airflow står stilla",)
    assert watch(watched, NOW + 15 * MINUTE).told == ()
    assert len(mail.messages()) == 1


def test_a_short_silence_is_never_told_of(watched: Any, mail: LoopbackMail) -> None:
    elsewhere = replace(watched, airflow_url="http://127.0.0.1:9")
    assert [one.words for one in watch(elsewhere, NOW).stopped] == ["Airflow svarar inte."]
    assert watch(watched, NOW + 5 * MINUTE).told == ()
    assert watch(elsewhere, NOW + 12 * MINUTE).told == (), "it began anew"
    assert mail.messages() == []


def test_the_database_is_told_of_although_it_cannot_remember(
    watched: Any, mail: LoopbackMail, airflow: Airflow
) -> None:
    gone = replace(watched, database_url="postgresql+psycopg://nobody@127.0.0.1:9/arshjul")
    assert [one.what for one in watch(gone, NOW).stopped] == ["databasen"]
    airflow.beat(NOW + 10 * MINUTE)
    assert watch(gone, NOW + 10 * MINUTE).told == ("Databasen svarar inte",)
    assert watch(gone, NOW + 11 * MINUTE).told == ()
    assert watch(watched, NOW + 12 * MINUTE).told == ("Databasen svarar igen",)


def test_a_database_that_takes_the_call_and_says_nothing_is_told_of(
    watched: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_room, "_TIMEOUT_S", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hanging = f"postgresql+psycopg://nobody@127.0.0.1:{silent.getsockname()[1]}/arshjul"
        assert [one.what for one in watch(replace(watched, database_url=hanging), NOW).stopped] == ["databasen"]


def test_a_question_that_the_database_never_answers_is_told_of(watched: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(connection: Any, *_: Any) -> Any:
        return connection.exec_driver_sql("SELECT pg_sleep(60)").all()

    monkeypatch.setattr(watch_room, "_TIMEOUT_S", 2)
    monkeypatch.setattr(watch_room, "read_around", slow)
    assert [one.what for one in watch(watched, NOW).stopped] == ["databasen"]


def test_a_daily_round_that_has_stopped_is_told_once(
    office: Any, watched: Any, mail: LoopbackMail, airflow: Airflow
) -> None:
    def ran(day: date) -> None:
        run_id = office.run()
        with office.engine.begin() as connection:
            events.record(connection, "atgardsgenomgang", 2026, "klar", day, run_id=run_id)

    ran(date(2026, 5, 11))
    assert watch(watched, NOW).stopped == ()
    later = NOW + timedelta(days=2)
    airflow.beat(later)
    found = watch(watched, later)
    assert ([one.what for one in found.stopped], found.told) == (["dygnsronden"], ("Den dagliga ronden har stannat",))
    text = message_from_bytes(mail.messages()[0].read_bytes(), policy=default).get_content()
    assert "Sedan 2026-05-11.\r\n" in text, "the last day it was done"
    assert ("Leveranser tas emot som vanligt" in text, "tas inga leveranser emot" in text) == (True, False)
    gone = replace(watched, database_url="postgresql+psycopg://nobody@127.0.0.1:9/arshjul")
    assert watch(gone, later).told == (), "what cannot be asked about has not come back"
    assert watch(watched, later).told == ()
    ran(date(2026, 5, 14))
    assert watch(watched, later).told == ("Den dagliga ronden går igen",)


def test_a_letter_that_the_mail_server_did_not_take_is_sent_by_the_next_look(watched: Any, mail: LoopbackMail) -> None:
    later = NOW + 20 * MINUTE
    with pytest.raises(DeliveryError):
        watch(replace(watched, smtp_port=9), later)
    assert watch(watched, later + MINUTE).told == ("Airflow står stilla",)
    assert len(mail.messages()) == 1


def test_from_the_keyboard_it_says_what_stands_still(watched: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARSHJUL_HOME", str(watched.home))
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", str(watched.database_url))
    monkeypatch.setenv("ARSHJUL_AIRFLOW_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("ARSHJUL_SMTP_PORT", str(watched.smtp_port))
    told = CliRunner().invoke(app, ["watch"])
    assert (told.exit_code, told.stdout) == (1, "Airflow svarar inte.\n")
    assert json.loads(CliRunner().invoke(app, ["watch", "--json"]).stdout)["stannat"][0]["vad"] == "airflow"
    with pytest.raises(SettingsError, match="ARSHJUL_AIRFLOW_URL"):
        load_settings({"ARSHJUL_AIRFLOW_URL": "file:///etc"})
