"""The mail server for demo and tests."""

from __future__ import annotations

import signal
import smtplib
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

from arshjul.delivery import loopback_mail
from arshjul.delivery.loopback_mail import LoopbackMail

PLUGINS = Path(loopback_mail.__file__).resolve().parents[2]


def message(message_id: str | None, text: str) -> EmailMessage:
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = "a@example.org", "b@example.org", "Hej"
    if message_id:
        written["Message-ID"] = message_id
    written.set_content(text)
    return written


def send(port: int, *messages: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        for one in messages:
            server.send_message(one)


def test_a_second_copy_of_a_message_is_taken_and_dropped(tmp_path: Path) -> None:
    with LoopbackMail(tmp_path / "mail") as server:
        send(server.port, message("<1@example.org>", "first"), message("<1@example.org>", "second"))
        send(server.port, message("<2@example.org>", "other"), message(None, "unnamed"))
        kept = [path.read_text() for path in server.messages()]
    assert len(kept) == 3
    assert sum("first" in text for text in kept) == 1
    assert not any("second" in text for text in kept)


def test_it_listens_on_loopback_only_and_stops(tmp_path: Path) -> None:
    with LoopbackMail(tmp_path / "mail") as server:
        assert server._server is not None
        assert {one.getsockname()[0] for one in server._server.sockets} == {"127.0.0.1"}
        port = server.port
    with socket.socket() as there:
        assert there.connect_ex(("127.0.0.1", port)) != 0


def test_it_runs_as_a_program_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "arshjul.delivery.loopback_mail", "--folder", str(tmp_path), "--port", str(port)]
    process = subprocess.Popen(command, env={"PYTHONPATH": str(PLUGINS), "PYTHONDONTWRITEBYTECODE": "1"})
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                send(port, message("<1@example.org>", "hej"))
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    finally:
        process.kill()
        process.wait()
    assert len(list(tmp_path.glob("*.eml"))) == 1
