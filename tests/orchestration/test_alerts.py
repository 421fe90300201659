"""The data team is told what stopped and where to look, and never what stood in a file."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import DAG

from arshjul.delivery.mail import DeliveryError
from arshjul.orchestration.alerts import FailureAlert, Stopped, WaitingAlert, describe
from arshjul.orchestration.defaults import DEFAULT_ARGS

PERSONNUMMER = "19811228-9874"


class MailServer:
    """Stands in for :class:`smtplib.SMTP` and keeps what it was told."""

    sent: list[EmailMessage]
    said: list[str]

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self.said.append(f"{host}:{port}")

    def __enter__(self) -> MailServer:
        return self

    def __exit__(self, *problem: object) -> None:
        return None

    def starttls(self, context: object) -> None:
        self.said.append("tls")

    def login(self, user: str, password: str) -> None:
        self.said.append(f"login {user} {password}")

    def send_message(self, mail: EmailMessage) -> None:
        self.sent.append(mail)


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> type[MailServer]:
    MailServer.sent, MailServer.said = [], []
    monkeypatch.setattr(smtplib, "SMTP", MailServer)
    return MailServer


@pytest.fixture
def context() -> Callable[..., dict[str, Any]]:
    def make(partition_key: str | None = "2026-03", map_index: int = -1, exception: object = None) -> dict[str, Any]:
        task = SimpleNamespace(task_id="receive", task_display_name="Ta emot leverans")
        dag = DAG("monthly", dag_display_name="Månadsinläsning", schedule=None)
        return {
            "dag": dag,
            "task": task,
            "ti": SimpleNamespace(map_index=map_index, log_url="http://127.0.0.1:8080/dags/monthly/runs/r"),
            "dag_run": SimpleNamespace(partition_key=partition_key),
            "exception": exception,
        }

    return make


def test_a_failed_task_is_reported_in_swedish_with_flow_step_period_and_place(
    mail_server: type[MailServer], context: Callable[..., dict[str, Any]]
) -> None:
    FailureAlert()(context(exception=Stopped("Grinden stoppade: se kontrollerna.")))
    (mail,) = mail_server.sent
    assert mail["To"] == "datateam@exempelkommun.example"
    assert mail["Subject"] == "Årshjul – Stopp: Månadsinläsning för mars 2026"
    text = mail.get_content()
    assert "Steget ”Ta emot leverans” i flödet ”Månadsinläsning” har misslyckats för mars 2026." in text
    assert "Orsak: Grinden stoppade: se kontrollerna." in text
    assert "http://127.0.0.1:8080/dags/monthly/runs/r" in text


def test_a_part_of_a_mapped_task_is_counted_as_people_count(
    mail_server: type[MailServer], context: Callable[..., dict[str, Any]]
) -> None:
    FailureAlert()(context(map_index=0))
    assert "”Ta emot leverans, del 1”" in mail_server.sent[0].get_content()


@pytest.mark.parametrize("key", [None, "manuell"])
def test_a_run_without_a_period_is_reported_all_the_same(
    mail_server: type[MailServer], context: Callable[..., dict[str, Any]], key: str | None
) -> None:
    FailureAlert()(context(partition_key=key))
    assert mail_server.sent[0]["Subject"] == "Årshjul – Stopp: Månadsinläsning"


def test_a_tertial_that_waits_for_a_decision_is_reported(
    mail_server: type[MailServer], context: Callable[..., dict[str, Any]]
) -> None:
    WaitingAlert()(context(partition_key="2026-T1"))
    (mail,) = mail_server.sent
    assert mail["Subject"] == "Årshjul – Väntar på beslut: Månadsinläsning för tertial 1 2026"


@pytest.mark.parametrize("exception", [ValueError(PERSONNUMMER), KeyError(PERSONNUMMER), PERSONNUMMER])
def test_no_value_from_a_file_is_mailed(
    mail_server: type[MailServer], context: Callable[..., dict[str, Any]], exception: object
) -> None:
    FailureAlert()(context(exception=exception))
    assert PERSONNUMMER not in mail_server.sent[0].as_string()
    assert PERSONNUMMER not in mail_server.sent[0].get_content()


def test_a_foreign_exception_is_named_by_its_class_only() -> None:
    assert describe(ValueError("anything")) == "ValueError"
    assert describe(Stopped("Kör om.")) == "Kör om."
    assert describe(Stopped()) == "Stopped"
    assert describe(None) == "okänd (se loggen)"


def test_a_password_is_only_sent_over_an_encrypted_line(
    mail_server: type[MailServer],
    context: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "password").write_text("hemligt\n")
    monkeypatch.setenv("ARSHJUL_SMTP_HOST", "mail.exempelkommun.example")
    monkeypatch.setenv("ARSHJUL_SMTP_PORT", "587")
    monkeypatch.setenv("ARSHJUL_SMTP_USER", "arshjul")
    monkeypatch.setenv("ARSHJUL_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    FailureAlert()(context())
    assert mail_server.said == ["mail.exempelkommun.example:587", "tls", "login arshjul hemligt"]


def test_every_dag_retries_has_an_owner_and_tells_the_data_team() -> None:
    assert DEFAULT_ARGS["owner"] == "datateam"
    assert DEFAULT_ARGS["retries"] >= 1
    assert isinstance(DEFAULT_ARGS["on_failure_callback"], FailureAlert)


def test_a_mail_server_that_is_down_does_not_fail_the_question(
    monkeypatch: pytest.MonkeyPatch, context: Callable[..., dict[str, Any]]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken and not listened on: whoever calls is refused
        monkeypatch.setenv("ARSHJUL_SMTP_PORT", str(nobody.getsockname()[1]))
        WaitingAlert()(context(partition_key="2026-T1"))
        with pytest.raises(DeliveryError, match="gick inte att nå"):
            FailureAlert()(context(partition_key="2026-T1"))
