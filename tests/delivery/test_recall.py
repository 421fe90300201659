"""A recall takes two persons, never touches what is decided, and reaches exactly those who got the version, once each."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from tests.delivery.readers import PERIOD, REPORT, kept, letters, new_version, reader, send
from typer.testing import CliRunner, Result

from arshjul.cli import app
from arshjul.delivery import channels
from arshjul.delivery.decision import DecisionRefused, record_board_decision
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.mail import DeliveryError
from arshjul.delivery.package import package_folder
from arshjul.delivery.publication import write_evidence
from arshjul.delivery.recall import Recall, RecallRefused, approve_recall, request_recall, tell_of_recall
from arshjul.delivery.verify import verify_package
from arshjul.lineage.chain import verify_chain
from arshjul.lineage.expected import SWEDEN
from arshjul.lineage.standing import find_standing
from arshjul.lineage.trace import figure_evidence
from arshjul.lineage.trace_text import trace_text
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.publication import APPROVE, REJECT
from arshjul.orchestration.recalls import examine_recall, record_recall, tell

WHY = "Rapporten visar fel period i ett diagram."
FORM = {"rapport": REPORT, "period": PERIOD, "skal": WHY}
TODAY = date(2026, 6, 11)
PLUGINS = Path(channels.__file__).resolve().parents[2]


def ask(office: Any, publication_id: int, reason: str = WHY, by: str = "anna") -> Recall:
    with office.engine.begin() as connection:
        return request_recall(connection, publication_id, reason=reason, by=by)


def approve(office: Any, publication_id: int, by: str = "bertil") -> Recall:
    with office.engine.begin() as connection:
        return approve_recall(connection, publication_id, by=by)


def recalled(office: Any) -> int:
    _, publication_id = office.published()
    ask(office, publication_id)
    approve(office, publication_id)
    return int(publication_id)


def decide(office: Any, publication_id: int) -> None:
    with office.engine.begin() as connection:
        record_board_decision(
            connection,
            publication_id,
            decided_on=date(2026, 6, 10),
            paragraph="§ 45",
            decision="Nämnden noterar informationen.",
            recorded_by="cecilia",
        )


def tell_all(office: Any, publication_id: int) -> set[str]:
    told = tell_of_recall(office.settings, office.engine, publication_id, office.run("recall"))
    return {one.recipient_id for one in told}


def answer(person: str, option: str = APPROVE) -> dict[str, Any]:
    moment = datetime(2026, 6, 11, 8, tzinfo=UTC)
    return {"chosen_options": [option], "responded_by_user": {"name": person}, "responded_at": moment}


def test_a_request_alone_recalls_nothing(office: Any, mail: LoopbackMail) -> None:
    _, publication_id = office.published()
    assert ask(office, publication_id) == ask(office, publication_id)
    with pytest.raises(RecallRefused, match="inte återkallad"):
        tell_all(office, publication_id)
    send(office, publication_id, reader("alva"))
    assert len(mail.messages()) == 1


@pytest.mark.parametrize("who", ["anna", " ANNA "])
def test_whoever_asked_cannot_approve(office: Any, who: str) -> None:
    _, publication_id = office.published()
    ask(office, publication_id)
    with pytest.raises(RecallRefused, match="Två olika personer"):
        approve(office, publication_id, who)


@pytest.mark.parametrize(("reason", "by", "sentence"), [("Fel.", "anna", "mellan 10"), (WHY, "", "med namn")])
def test_what_is_written_wrong_is_refused_with_a_sentence(office: Any, reason: str, by: str, sentence: str) -> None:
    _, publication_id = office.published()
    with pytest.raises(RecallRefused, match=sentence):
        ask(office, publication_id, reason, by)


def test_there_must_be_something_to_recall_and_somebody_who_asks(office: Any) -> None:
    with pytest.raises(RecallRefused, match="finns inte"):
        ask(office, 99)
    _, publication_id = office.published()
    with pytest.raises(RecallRefused, match="Ingen har begärt"):
        approve(office, publication_id)


def test_what_is_recalled_is_neither_delivered_nor_decided_nor_recalled_again(office: Any, mail: LoopbackMail) -> None:
    publication_id = recalled(office)
    assert approve(office, publication_id).approved_by == "bertil"
    with pytest.raises(DeliveryError, match="återkallad"):
        send(office, publication_id, reader("alva"))
    with pytest.raises(DecisionRefused, match="återkallad"):
        decide(office, publication_id)
    with pytest.raises(RecallRefused, match="redan återkallad"):
        ask(office, publication_id, by="cecilia")
    with pytest.raises(RecallRefused, match="redan återkallad"):
        approve(office, publication_id, by="david")
    assert mail.messages() == []
    assert kept(office, publication_id) == []


def test_what_the_board_has_decided_cannot_be_recalled_even_if_it_was_asked_for_before(office: Any) -> None:
    _, publication_id = office.published()
    ask(office, publication_id)
    decide(office, publication_id)
    with pytest.raises(RecallRefused, match="ny version"):
        approve(office, publication_id)
    with pytest.raises(RecallRefused, match="ny version"):
        ask(office, publication_id, by="cecilia")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE published.recall SET reason = 'Något helt annat.'",
        "UPDATE published.recall SET approved_by = 'david'",
        "UPDATE published.recall SET approved_by = NULL, approved_at = NULL",
        "DELETE FROM published.recall",
    ],
)
def test_a_recall_cannot_be_changed(office: Any, statement: str) -> None:
    recalled(office)
    with pytest.raises(DBAPIError, match=r"append only|only learns once"), office.administrator.begin() as connection:
        connection.exec_driver_sql(statement)


def test_exactly_those_who_got_it_are_told_once_each_the_way_they_got_it(office: Any, mail: LoopbackMail) -> None:
    _, first = office.published()
    send(office, first, reader("bara_forra"))
    publication_id = new_version(office)
    send(office, publication_id, reader("alva"))
    receipt = send(office, publication_id, reader("hylla", "mapp"))
    working = office.settings
    office.settings = replace(office.settings, smtp_port=1)
    with pytest.raises(DeliveryError):
        send(office, publication_id, reader("doris"))  # reserved, and never delivered
    office.settings = working
    for letter in mail.messages():
        letter.unlink()
    ask(office, publication_id)
    approve(office, publication_id)
    for _ in range(2):
        assert tell_all(office, publication_id) == {"alva", "hylla"}
    [(address, subject, body)] = letters(mail)
    assert (address, subject) == (
        "alva@annan.example", "Återkallad: Tertialrapport, tertial 1 2026 – Exempelkommun"
    )  # fmt: skip
    [folder] = (office.settings.outbox / "hylla").iterdir()
    assert folder.name == receipt.reference
    for text in (body, (folder / "ÅTERKALLAD.txt").read_text()):
        assert WHY in text
        assert receipt.content_sha256 in text
    assert office.count("lineage.notice WHERE sent_at IS NOT NULL") == 2
    with office.engine.connect() as connection:
        assert verify_chain(connection).ok


def test_a_folder_that_was_fetched_gets_the_letter_under_the_same_name(office: Any) -> None:
    _, publication_id = office.published()
    receipt = send(office, publication_id, reader("hylla", "mapp"))
    (office.settings.outbox / "hylla" / receipt.reference).rename(office.settings.outbox / "fetched")
    ask(office, publication_id)
    approve(office, publication_id)
    tell_all(office, publication_id)
    [letter] = (office.settings.outbox / "hylla" / receipt.reference).iterdir()
    assert letter.name == "ÅTERKALLAD.txt"


KILLED = """
import json, os, signal, sys
from arshjul.delivery import notices, recall
from arshjul.settings import load_settings
from arshjul.warehouse.engine import Role, open_engine

environment, publication_id, run_id, where = json.load(sys.stdin)

def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

send, place = notices.send_mail, recall.place_file
if where == "before":
    notices.send_mail = recall.place_file = killed
else:
    notices.send_mail = lambda *given: (send(*given), killed())
    recall.place_file = lambda *given: (place(*given), killed())
settings = load_settings(environment)
recall.tell_of_recall(settings, open_engine(settings, Role.PUBLISH), publication_id, run_id)
"""


@pytest.mark.parametrize("channel", ["e-post", "mapp"])
@pytest.mark.parametrize("where", ["before", "after"])
def test_a_killed_sender_and_a_second_try_tell_everybody(
    office: Any, mail: LoopbackMail, channel: str, where: str
) -> None:
    _, publication_id = office.published()
    send(office, publication_id, reader("hylla", channel))
    for letter in mail.messages():
        letter.unlink()
    ask(office, publication_id)
    approve(office, publication_id)
    environment = {
        "ARSHJUL_HOME": str(office.settings.home),
        "ARSHJUL_DATABASE_URL": office.settings.database_url,
        "ARSHJUL_SMTP_PORT": str(office.settings.smtp_port),
    }
    killed = subprocess.run(
        [sys.executable, "-c", KILLED],
        input=json.dumps([environment, publication_id, office.run("recall"), where]),
        text=True,
        check=False,
        env={"PYTHONPATH": str(PLUGINS), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert killed.returncode == -signal.SIGKILL
    assert office.count("lineage.notice WHERE sent_at IS NULL") == 1
    assert tell_all(office, publication_id) == {"hylla"}
    assert office.count("lineage.notice WHERE sent_at IS NOT NULL") == 1
    if channel == "e-post":
        assert len({body for _, _, body in letters(mail)}) == 1  # after the server took it: the same Message-ID again
    else:
        assert len(list((office.settings.outbox / "hylla").glob("*/ÅTERKALLAD.txt"))) == 1


def test_the_proof_and_the_trace_say_that_it_is_recalled_and_an_old_proof_still_holds(office: Any) -> None:
    package, publication_id = office.published()
    folder = package_folder(office.settings, package.content_sha256)
    receipt = send(office, publication_id, reader("hylla", "mapp"))
    ask(office, publication_id)
    approve(office, publication_id)
    with office.engine.begin() as connection:
        write_evidence(office.settings, connection, publication_id)
    with office.administrator.connect() as connection:
        traced = figure_evidence(connection, "maluppfyllelse/2026-T1")
    assert traced.as_json()["aterkallad"]["skal"] == WHY
    recalled_on = traced.standing.recalled_at.astimezone(SWEDEN).date()
    assert f"Återkallad {recalled_on}. {WHY}" in trace_text(traced)
    verdict = verify_package(folder)
    assert verdict.ok
    assert verdict.as_json()["aterkallad"] is True
    assert "ÅTERKALLAT" in verdict.text()
    assert WHY in verdict.text()
    copy = office.settings.outbox / "hylla" / receipt.reference
    assert verify_package(copy).as_json()["aterkallad"] is False
    tell_all(office, publication_id)
    assert verify_package(copy).ok
    assert verify_package(copy).is_recalled
    evidence = json.loads((folder / "bevis.json").read_text())
    for name in ("later", "signatories"):
        del evidence[name]
    (folder / "bevis.json").unlink()
    (folder / "bevis.json").write_text(json.dumps(evidence))
    assert verify_package(folder).ok


@pytest.mark.parametrize(
    "change",
    [
        lambda later: later[0].update(data=later[0]["data"].replace("§ 45", "§ 46")),
        lambda later: later[0].pop("data"),
        lambda later: later.append(later[0]),
        lambda later: later[0].update(event="recall.update"),
    ],
)
def test_what_happened_afterwards_cannot_be_rewritten_in_the_proof(office: Any, change: Any) -> None:
    package, publication_id = office.published()
    decide(office, publication_id)
    with office.engine.begin() as connection:
        path = write_evidence(office.settings, connection, publication_id)
    verdict = verify_package(package_folder(office.settings, package.content_sha256))
    assert verdict.as_json()["namndens_beslut"] == {
        "datum": "2026-06-10", "paragraf": "§ 45", "beslut": "Nämnden noterar informationen."
    }  # fmt: skip
    evidence = json.loads(path.read_text())
    assert evidence["signatories"] == [
        {"step": "granskning", "name": "anna", "title": "Processutvecklare", "unit": "Enheten för uppföljning"},
        {"step": "godkannande", "name": "bertil", "title": "Enhetschef", "unit": "Enheten för uppföljning"},
    ]
    change(evidence["later"])
    path.unlink()
    path.write_text(json.dumps(evidence))
    assert not verify_package(path.parent).ok


def test_the_flow_asks_a_second_person_and_tells_the_readers_once(office: Any, mail: LoopbackMail) -> None:
    _, publication_id = office.published()
    send(office, publication_id, reader("alva"))
    assert examine_recall(office.settings, FORM, "anna", TODAY) == publication_id
    with pytest.raises(Stopped, match="inte godkänd av bertil"):
        record_recall(office.settings, publication_id, FORM, "anna", answer("bertil", REJECT))
    with pytest.raises(Stopped, match="Två olika personer"):
        record_recall(office.settings, publication_id, FORM, "anna", answer("anna"))
    assert office.count("lineage.refusal WHERE person = 'anna' AND left(reason, 18) = 'Två olika personer'") == 1
    with pytest.raises(Stopped, match="datateam har ingen delegation att besluta om återkallelser"):
        record_recall(office.settings, publication_id, FORM, "anna", answer("datateam"))
    for _ in range(2):
        assert record_recall(office.settings, publication_id, FORM, "anna", answer("bertil")) == publication_id
        assert tell(office.settings, publication_id, "recall_publication", "manual__1", PERIOD) == 1
    assert len(mail.messages()) == 2
    assert office.count("published.recall") == 1
    with pytest.raises(Stopped, match="redan återkallad"):
        examine_recall(office.settings, FORM, "anna", TODAY)


def test_the_flow_refuses_before_it_asks_anybody(office: Any) -> None:
    with pytest.raises(Stopped, match="inget att återkalla"):
        examine_recall(office.settings, FORM, "anna", TODAY)
    _, publication_id = office.published()
    with pytest.raises(Stopped, match="cecilia har ingen delegation att begära att rapporter återkallas"):
        examine_recall(office.settings, FORM, "cecilia", TODAY)
    with pytest.raises(Stopped, match="eget namn"):
        examine_recall(office.settings, FORM, "", TODAY)
    with pytest.raises(Stopped, match="går inte att läsa"):
        examine_recall(office.settings, FORM | {"period": "våren"}, "anna", TODAY)
    decide(office, publication_id)
    with pytest.raises(Stopped, match="Nämnden har beslutat"):
        examine_recall(office.settings, FORM, "anna", TODAY)


@pytest.fixture
def command(office: Any, mail: LoopbackMail, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line tool over the office's own database and mail server."""
    monkeypatch.setenv("ARSHJUL_HOME", str(office.settings.home))
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", office.settings.database_url)
    monkeypatch.setenv("ARSHJUL_SMTP_PORT", str(office.settings.smtp_port))

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def test_two_persons_recall_from_the_keyboard(office: Any, mail: LoopbackMail, command: Any) -> None:
    _, publication_id = office.published()
    send(office, publication_id, reader("alva"))
    named = ("recall", REPORT, PERIOD)
    assert command(*named, "--by", "bertil").exit_code == 1, "nobody has asked"
    stranger = command(*named, "--reason", WHY, "--by", "cecilia")
    assert (stranger.exit_code, "cecilia har ingen delegation" in stranger.stderr) == (1, True)
    asked = command(*named, "--reason", WHY, "--by", "anna", "--json")
    assert (asked.exit_code, json.loads(asked.stdout)["approved_by"]) == (0, None)
    alone = command(*named, "--by", "anna")
    assert (alone.exit_code, "Två olika personer" in alone.stderr) == (1, True)
    assert len(mail.messages()) == 1
    for _ in range(2):
        done = command("recall", publication_id, "--by", "bertil")
        assert done.exit_code == 0, done.output
        assert "meddelad: alva (e-post, alva@annan.example)" in done.stdout
    assert len(mail.messages()) == 2
    refused = command(
        "decide",
        publication_id,
        "--date",
        "2026-06-10",
        "--paragraph",
        "§ 45",
        "--text",
        "Nämnden noterar.",
        "--by",
        "anna",
    )
    assert (refused.exit_code, "återkallad" in refused.stderr) == (1, True)


def test_a_decision_from_the_keyboard_is_in_the_proof_and_stops_a_recall(office: Any, command: Any) -> None:
    package, publication_id = office.published()
    decided = command(
        "decide",
        REPORT,
        PERIOD,
        "--date",
        "2026-06-10",
        "--paragraph",
        "§ 45",
        "--text",
        "Nämnden noterar.",
        "--by",
        "anna",
    )
    assert decided.exit_code == 0, decided.output
    checked = command("verify", package_folder(office.settings, package.content_sha256), "--json")
    assert json.loads(checked.stdout)["namndens_beslut"]["paragraf"] == "§ 45"
    traced = json.loads(command("trace", "maluppfyllelse/2026-T1", "--json").stdout)
    assert traced["namndens_beslut"]["datum"] == "2026-06-10"
    refused = command("recall", publication_id, "--reason", WHY, "--by", "anna")
    assert (refused.exit_code, "kan inte återkallas" in refused.stderr) == (1, True)


def test_what_is_corrected_is_told_from_the_keyboard(office: Any, command: Any) -> None:
    sentence = "Två avslut hade räknats som egen försörjning."
    told = ("correct", REPORT, PERIOD, "--by", "anna", "--reason")
    assert command(*told, sentence).exit_code == 1, "there is nothing to correct"
    office.published()
    assert command(*told, "Fel.").exit_code == 1
    assert command("correct", REPORT, PERIOD, "--by", "cecilia", "--reason", sentence).exit_code == 1, "no delegation"
    assert command(*told, sentence).exit_code == 0
    with office.engine.connect() as connection:
        assert find_standing(connection, new_version(office)).correction_reason == sentence
