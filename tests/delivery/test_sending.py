"""What is sent is the approved package, byte for byte, and it is sent once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import attrs
import pytest

from arshjul.delivery import channels
from arshjul.delivery.channels import DeliveryError
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.package import PackageError, package_folder
from arshjul.delivery.sending import deliver
from arshjul.lineage.chain import verify_chain
from arshjul.lineage.releases import Receipt, receipts
from arshjul.settings import Settings

PLUGINS = Path(channels.__file__).resolve().parents[2]


def send(office: Any, publication_id: int, name: str) -> Receipt:
    return deliver(office.settings, office.engine, publication_id, office.recipient(name))


def kept(office: Any, publication_id: int) -> list[Receipt]:
    with office.engine.connect() as connection:
        return list(receipts(connection, publication_id))


def only_message(mail: LoopbackMail) -> EmailMessage:
    [path] = mail.messages()
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_folder_gets_the_package_byte_for_byte_with_its_evidence(office: Any) -> None:
    package, publication_id = office.published()
    receipt = send(office, publication_id, "diarium")
    target = office.settings.outbox / "diarium" / f"2026-T1-tertialrapport-{package.content_sha256[:12]}"
    source = package_folder(office.settings, package.content_sha256)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == {
        path.name: path.read_bytes() for path in source.iterdir()
    }
    assert "bevis.json" in {path.name for path in target.iterdir()}
    assert receipt.reference == target.name
    assert receipt.delivered_at is not None
    assert receipt.delivered_at >= receipt.reserved_at
    assert receipt.content_sha256 == package.content_sha256
    assert kept(office, publication_id) == [receipt]


def test_the_email_carries_the_packages_files_byte_for_byte(office: Any, mail: LoopbackMail) -> None:
    package, publication_id = office.published()
    receipt = send(office, publication_id, "namnd")
    message = only_message(mail)
    source = package_folder(office.settings, package.content_sha256)
    attached = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    assert attached == {path.name: path.read_bytes() for path in source.iterdir() if path.name != "bevis.json"}
    assert message["Message-ID"] == receipt.reference
    assert message["To"] == receipt.address == "arbetsmarknadsnamnden@exempelkommun.example"
    assert message["From"] == office.settings.smtp_sender
    assert message["Subject"] == "Tertialrapport, tertial 1 2026 – Exempelkommun"
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert package.content_sha256 in text
    assert office.settings.data_team_email in text
    assert "arshjul verify" in text
    assert "- tertialrapport.pdf (rapporten som PDF)" in text


def test_the_same_delivery_is_the_same_email_to_the_last_byte(office: Any) -> None:
    package, publication_id = office.published()
    with pytest.raises(DeliveryError, match="gick inte att nå"):
        send(office, publication_id, "namnd")
    [receipt] = kept(office, publication_id)
    content = {file.name: b"x" for file in package.files}
    first, second = (channels.compose(office.settings, receipt, package, content).as_bytes() for _ in range(2))
    assert first == second


def test_sending_again_sends_nothing_and_returns_the_old_receipt(office: Any, mail: LoopbackMail) -> None:
    _, publication_id = office.published()
    first = [send(office, publication_id, name) for name in ("diarium", "namnd")]
    mail.messages()[0].unlink()
    assert [send(office, publication_id, name) for name in ("diarium", "namnd")] == first
    assert mail.messages() == []
    assert len(kept(office, publication_id)) == 2


def test_several_processes_at_once_send_one_copy(office: Any, mail: LoopbackMail, tmp_path: Path) -> None:
    _, publication_id = office.published()
    sent: list[str] = []
    hand_over = channels.hand_over

    def counted(*arguments: Any) -> None:
        sent.append("one")
        hand_over(*arguments)

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(4) as pool:
        patch.setattr(channels, "hand_over", counted)
        assert len(set(pool.map(lambda _: send(office, publication_id, "namnd"), range(4)))) == 1
    assert sent == ["one"]
    assert len(mail.messages()) == 1


KILLED = """
import json, os, signal, sys
from arshjul.catalogue.recipients import load_recipients
from arshjul.delivery import channels, folders, publication, sending
from arshjul.settings import load_settings
from arshjul.warehouse.engine import Role, open_engine

environment, publication_id, recipient, where = json.load(sys.stdin)

def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def after(module, name):
    original = getattr(module, name)
    def call(*arguments, **named):
        original(*arguments, **named)
        killed()
    setattr(module, name, call)

if where == "before_handing_over":
    channels.hand_over = killed
elif where == "while_the_folder_is_half_written":
    after(folders, "_write")
elif where == "after_handing_over":
    after(channels, "hand_over")
elif where == "while_the_evidence_is_written":
    publication.place_file = killed
settings = load_settings(environment)
engine = open_engine(settings, Role.PUBLISH)
sending.deliver(settings, engine, publication_id, load_recipients(settings.include)[recipient])
"""


def deliver_and_be_killed(office: Any, publication_id: int, recipient: str, where: str) -> int:
    settings: Settings = office.settings
    environment = {
        "ARSHJUL_HOME": str(settings.home),
        "ARSHJUL_DATABASE_URL": settings.database_url,
        "ARSHJUL_SMTP_PORT": str(settings.smtp_port),
    }
    return subprocess.run(
        [sys.executable, "-c", KILLED],
        input=json.dumps([environment, publication_id, recipient, where]),
        text=True,
        check=False,
        env={"PYTHONPATH": str(PLUGINS), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
    ).returncode


@pytest.mark.parametrize("recipient", ["diarium", "namnd"])
@pytest.mark.parametrize(
    "where",
    [
        "before_handing_over",
        "while_the_folder_is_half_written",
        "while_the_evidence_is_written",
        "after_handing_over",
    ],
)
def test_a_killed_sender_and_a_second_try_make_one_delivery(
    office: Any, mail: LoopbackMail, recipient: str, where: str
) -> None:
    package, publication_id = office.published()
    assert deliver_and_be_killed(office, publication_id, recipient, where) == -signal.SIGKILL
    assert [receipt.delivered_at for receipt in kept(office, publication_id)] == [None]
    receipt = send(office, publication_id, recipient)
    assert receipt.delivered_at is not None
    assert kept(office, publication_id) == [receipt]
    if recipient == "namnd":
        assert only_message(mail)["Message-ID"] == receipt.reference
    else:
        [target] = (office.settings.outbox / "diarium").iterdir()
        source = package_folder(office.settings, package.content_sha256)
        assert {path.name for path in target.iterdir()} == {path.name for path in source.iterdir()}
    with office.engine.connect() as connection:
        assert verify_chain(connection).ok


@pytest.mark.parametrize("recipient", ["diarium", "namnd"])
def test_nothing_is_sent_when_the_bytes_are_not_those_that_were_approved(
    office: Any, mail: LoopbackMail, recipient: str
) -> None:
    package, publication_id = office.published()
    path = package_folder(office.settings, package.content_sha256) / "tertialrapport.pdf"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(PackageError, match=r"tertialrapport\.pdf är ändrad"):
        send(office, publication_id, recipient)
    assert mail.messages() == []
    assert not office.settings.outbox.exists()
    assert [receipt.delivered_at for receipt in kept(office, publication_id)] == [None]


def test_a_mail_server_that_is_down_leaves_the_copy_reserved(office: Any, mail: LoopbackMail) -> None:
    _, publication_id = office.published()
    working = office.settings
    office.settings = replace(office.settings, smtp_port=1)
    with pytest.raises(DeliveryError, match="gick inte att nå"):
        send(office, publication_id, "namnd")
    office.settings = working
    assert send(office, publication_id, "namnd").delivered_at is not None
    assert len(mail.messages()) == 1


def test_a_refusal_by_the_mail_server_is_told_with_its_code_only(office: Any, mail: LoopbackMail) -> None:
    async def refuse(server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        return f"550 {address} does not exist"

    mail.handle_RCPT = refuse  # type: ignore[attr-defined]
    _, publication_id = office.published()
    with pytest.raises(DeliveryError, match=r"^E-postservern tog inte emot mottagarens adress \(svarskod 550\)\.$"):
        send(office, publication_id, "namnd")


def test_a_password_is_never_sent_in_clear(office: Any, mail: LoopbackMail, tmp_path: Path) -> None:
    _, publication_id = office.published()
    password = tmp_path / "password"
    password.write_text("hemligt\n")
    office.settings = replace(office.settings, smtp_user="arshjul", smtp_password_file=password)
    with pytest.raises(DeliveryError, match="kan inte det som behövs: kryptering"):
        send(office, publication_id, "namnd")
    assert mail.messages() == []


def test_a_recipient_gets_only_its_own_reports(office: Any) -> None:
    _, publication_id = office.published()
    other = attrs.evolve(office.recipient("diarium"), reports=("annan",))
    with pytest.raises(DeliveryError, match="ska inte ha rapporten tertialrapport"):
        deliver(office.settings, office.engine, publication_id, other)
    assert kept(office, publication_id) == []


def test_what_is_not_published_is_not_delivered(office: Any) -> None:
    with pytest.raises(DeliveryError, match="finns inte"):
        send(office, 99, "diarium")


def test_a_recipients_folder_cannot_lead_out_of_the_outbox(office: Any) -> None:
    _, publication_id = office.published()
    other = attrs.evolve(office.recipient("diarium"), address="../packages")
    with pytest.raises(DeliveryError, match="a–z"):
        deliver(office.settings, office.engine, publication_id, other)


def test_something_else_under_the_deliverys_name_is_not_taken_for_it(office: Any) -> None:
    package, publication_id = office.published()
    squatter = office.settings.outbox / "diarium" / f"2026-T1-tertialrapport-{package.content_sha256[:12]}"
    squatter.mkdir(parents=True)
    with pytest.raises(DeliveryError, match="annat innehåll"):
        send(office, publication_id, "diarium")
