"""The one way to the mail server: taken for everybody, or not taken."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from typing import Any

import pytest

from arshjul.delivery.mail import DeliveryError, send_mail
from arshjul.settings import Settings


def message() -> EmailMessage:
    made = EmailMessage()
    made["To"], made["Cc"] = "post@anordnaren.example", "datateam@exempelkommun.example"
    made.set_content("Hej!\n")
    return made


def server_that(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    class Server:
        def __init__(self, *_: object, **__: object) -> None: ...

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *_: object) -> None: ...

        def send_message(self, _: EmailMessage) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

    monkeypatch.setattr(smtplib, "SMTP", Server)


def test_what_is_taken_for_all_is_sent(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    server_that(monkeypatch, {})
    send_mail(settings, message())


REFUSED = {"post@anordnaren.example": (550, b"no such user")}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (REFUSED, r"mottagarens adress \(svarskod 550\)"),  # the copy was taken, the sender's own was not
        (smtplib.SMTPRecipientsRefused(REFUSED), r"mottagarens adress \(svarskod 550\)"),
        (smtplib.SMTPDataError(552, b"too large for post@anordnaren.example"), r"meddelandet \(svarskod 552\)"),
        (
            smtplib.SMTPServerDisconnected("lost post@anordnaren.example"),
            r"gick inte att nå \(SMTPServerDisconnected\)",
        ),
        (TimeoutError("post@anordnaren.example"), r"gick inte att nå \(TimeoutError\)"),
    ],
)
def test_what_is_not_taken_for_all_is_not_sent_and_no_address_is_told(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, answer: Any, said: str
) -> None:
    server_that(monkeypatch, answer)
    with pytest.raises(DeliveryError, match=said) as refused:
        send_mail(settings, message())
    assert "anordnaren" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
