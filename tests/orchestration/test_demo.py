"""What the demo leaves behind between its commands, and what it will not touch."""

from __future__ import annotations

import smtplib
import socket
import time
from dataclasses import replace

import pytest

from arshjul.orchestration import demo
from arshjul.settings import Settings, SettingsError


def answers(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=5):
            return True
    except OSError:
        return False


def test_the_mail_server_that_up_starts_is_found_and_stopped_by_down(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        own = replace(settings, smtp_port=probe.getsockname()[1])
    try:
        demo.start_mail(own)
        deadline = time.monotonic() + 30
        while not answers(own.smtp_port):
            assert time.monotonic() < deadline
        demo.start_mail(own)
    finally:
        assert demo.stop_mail(own)
    deadline = time.monotonic() + 30
    while answers(own.smtp_port):
        assert time.monotonic() < deadline
    assert not demo.stop_mail(replace(own, home=own.home / "another"))


def test_a_server_that_is_named_is_never_emptied(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="embedded server only"):
        demo.prepare(replace(settings, database_url="postgresql+psycopg://arshjul@127.0.0.1:1/arshjul"))


def test_an_unknown_command_is_wrong_usage(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("ARSHJUL_HOME", str(tmp_path))
    assert demo.main(["sideways"]) == 2
