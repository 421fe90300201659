"""The whole line with a real scheduler: a stop at the gate, a month run again, a rejection, four eyes, one delivery.

The tests of this module are one story, told in order by one test; what each step must leave behind is asserted on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from tests.end_to_end.conftest import Line

from arshjul.delivery.verify import verify_package
from arshjul.indicators.trace_rows import source_rows
from arshjul.lineage.chain import verify_chain
from arshjul.lineage.releases import approvals
from arshjul.lineage.trace import figure_evidence, source_files
from arshjul.orchestration import demo
from arshjul.orchestration.airflow_api import AirflowApiError, Run
from arshjul.orchestration.demo import MONTHLY, REPORTED, TERTIAL
from arshjul.orchestration.publication import APPROVE, COMMENT, REJECT
from arshjul.warehouse.engine import Role, database_url, transaction
from arshjul.warehouse.server import server_url

pytestmark = [pytest.mark.scheduler, pytest.mark.xdist_group("scheduler")]

SECONDS = 240
APRIL = REPORTED.months[-1]
NUMBER = re.compile(rb"(?<![0-9])(?:[0-9]{2})?[0-9]{6}[-+]?[0-9]{4}(?![0-9])")


def test_the_line_from_files_to_the_board(line: Line) -> None:
    line.team.wait_for_dags((MONTHLY, TERTIAL), SECONDS)
    late_file = hold_back_a_file(line)
    for month in REPORTED.months:
        demo.receive_month(line.settings, line.team, line.tree, month)
    run = stopped_at_the_gate(line)
    the_late_file_comes_and_the_month_is_run_again(line, late_file, run)
    rejected_by_the_second_person(line, run)
    approved_by_two_persons_after_one_tried_twice(line, run)
    the_board_has_what_was_approved(line)
    delivering_again_sends_nothing(line, run)
    a_figure_can_be_traced(line)
    no_person_can_be_found_outside_vault_and_archive(line)


def hold_back_a_file(line: Line) -> Path:
    """One provider's enrolments for April are late."""
    file = min(line.tree.glob(f"*/insatser_*_{APRIL.key}.csv"))
    return file.rename(line.tree / file.name)


def stopped_at_the_gate(line: Line) -> Run:
    run = line.team.wait_for_run(line.team.wait_for_new_run(TERTIAL, REPORTED.key, SECONDS), SECONDS)
    states = line.team.task_states(run)
    assert run.state == "failed"
    assert states["kvalitetsgrind", -1] == "failed"
    assert states["publicera", -1] == "upstream_failed"
    assert count(line, "published.publication") == 0
    assert count(line, "core.insatser") > 0
    [told] = [mail for mail in mails(line, "datateam@") if "Kvalitetsgrinden" in body(mail)]
    assert "anordnare_har_levererat_insatser" in body(told)
    assert "Ingenting publiceras" in body(told)
    assert "påminn anordnarna" in body(told)
    return run


def the_late_file_comes_and_the_month_is_run_again(line: Line, late_file: Path, run: Run) -> None:
    sender = late_file.name.split("_")[1]
    before = waiting_for_parents(line, sender)
    late_file.rename(line.tree / sender / late_file.name)
    again = demo.receive_month(line.settings, line.team, line.tree, APRIL)
    assert [found.run_id for found in line.team.runs(MONTHLY, APRIL.key)][-1] == again.run_id
    assert waiting_for_parents(line, sender) < before, "days that waited for their enrolments are tried again"
    assert identical_deliveries(line) > 0, "what was there already is recognised"
    assert [found.run_id for found in line.team.runs(TERTIAL)] == [run.run_id], (
        "one month does not start the tertial again"
    )
    line.team.clear(run, ["berakna"])


def rejected_by_the_second_person(line: Line, run: Run) -> None:
    line.anna.decide(run, "granska", APPROVE, {COMMENT: ""}, seconds=SECONDS)
    with pytest.raises(AirflowApiError, match="failed"):
        line.bertil.decide(run, "godkann", REJECT, {COMMENT: "Förklara skillnaden mot i fjol."}, seconds=SECONDS)
    assert line.team.wait_for_run(run, SECONDS).state == "failed"
    with transaction(line.settings, Role.AUDIT) as connection:
        made = approvals(connection, 1)
    assert [(one.person, one.decision, one.comment) for one in made] == [
        ("anna", "godkand", ""),
        ("bertil", "avvisad", "Förklara skillnaden mot i fjol."),
    ]
    assert any("Förklara skillnaden" in body(mail) for mail in mails(line, "datateam@"))
    assert count(line, "published.publication") == 0
    line.team.clear(run, ["berakna"])


def approved_by_two_persons_after_one_tried_twice(line: Line, run: Run) -> None:
    line.anna.decide(run, "granska", APPROVE, {COMMENT: ""}, seconds=SECONDS)
    with pytest.raises(AirflowApiError, match="failed"):
        line.anna.decide(run, "godkann", APPROVE, {COMMENT: ""}, seconds=SECONDS)
    assert line.team.wait_for_run(run, SECONDS).state == "failed"
    assert count(line, "published.publication") == 0
    line.team.clear(run, ["godkann"])
    line.bertil.decide(run, "godkann", APPROVE, {COMMENT: ""}, seconds=SECONDS)
    assert line.team.wait_for_run(run, SECONDS).state == "success"


def the_board_has_what_was_approved(line: Line) -> None:
    [sent] = mails(line, "arbetsmarknadsnamnden@")
    [folder] = (line.settings.outbox / "diarium").iterdir()
    verdict = verify_package(folder)
    assert verdict.ok, verdict.text()
    attached = {part.get_filename(): part.get_payload(decode=True) for part in sent.iter_attachments()}
    assert {Path(name or "").suffix for name in attached} == {".html", ".pdf", ".docx", ".xlsx", ".csv", ".json"}
    for name, content in attached.items():
        assert (folder / str(name)).read_bytes() == content
    assert count(line, "lineage.receipt WHERE delivered_at IS NOT NULL") == 2


def delivering_again_sends_nothing(line: Line, run: Run) -> None:
    line.team.clear(run, ["leverera"])
    assert line.team.wait_for_run(run, SECONDS).state == "success"
    assert len(mails(line, "arbetsmarknadsnamnden@")) == 1
    assert count(line, "published.publication") == 1
    assert count(line, "lineage.receipt") == 2


def a_figure_can_be_traced(line: Line) -> None:
    settings, figure = line.settings, f"maluppfyllelse/{REPORTED.key}"
    with (
        transaction(settings, Role.AUDIT) as ledger,
        transaction(settings, Role.COMPUTE) as core,
    ):
        evidence = figure_evidence(ledger, figure)
        rows = source_rows(core, settings.include, "maluppfyllelse", REPORTED, evidence.computation.as_of, {})
        files = source_files(ledger, rows)
        assert verify_chain(ledger).ok
    assert len(rows) >= 10
    assert {one.person for one in evidence.approvals} == {"anna", "bertil"}
    assert {one.recipient_id for one in evidence.receipts} == {"namnd", "diarium"}
    assert sum(file.row_count for file in files) == len(rows)


def no_person_can_be_found_outside_vault_and_archive(line: Line) -> None:
    """Every personnummer in the files, in every place that somebody might read."""
    wanted = {
        re.sub(rb"[-+]", b"", number)[-10:]
        for file in line.tree.glob("*/insatser_*.csv")
        for number in NUMBER.findall(file.read_bytes())
    }
    assert len(wanted) > 20
    home = line.settings.home
    places = [
        home / name for name in ("airflow", "mail", "receipts", "data-docs", "packages", "outbox", "postgres/log")
    ]
    for place in places:
        assert place.exists(), place.name
        for file in [place] if place.is_file() else place.rglob("*"):
            if file.is_file():
                assert not found_in(file.read_bytes(), wanted), file.name
    for url in (server_url(line.settings.server_root, "airflow"), database_url(line.settings)):
        for table, content in dumped(url):
            assert not found_in(content, wanted), table


def found_in(content: bytes, wanted: set[bytes]) -> bool:
    return any(re.sub(rb"[-+]", b"", number)[-10:] in wanted for number in NUMBER.findall(content))


def dumped(url: str) -> Iterator[tuple[str, bytes]]:
    """Every table of a database as text."""
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname !~ '^(pg_|information)'"
        ).fetchall()
        for (table,) in tables:
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                yield table, b"".join(bytes(block) for block in copy)


def mails(line: Line, to: str) -> list[EmailMessage]:
    read = [cast(EmailMessage, message_from_bytes(file.read_bytes(), policy=default)) for file in line.mail.messages()]
    return [mail for mail in read if str(mail["To"]).startswith(to)]


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return "" if part is None else str(part.get_content())


def count(line: Line, what: str) -> int:
    return int(ask(line, f"SELECT count(*) FROM {what}"))


def waiting_for_parents(line: Line, sender: str) -> int:
    return int(
        ask(
            line,
            "SELECT count(*) FROM quarantine.row JOIN lineage.delivery USING (delivery_id) "
            f"WHERE rule = 'foralder_saknas' AND is_current AND sender = '{sender}'",
        )
    )


def identical_deliveries(line: Line) -> int:
    return count(line, "lineage.delivery WHERE status = 'identisk'")


def ask(line: Line, question: str) -> Any:
    with transaction(line.settings) as connection:
        return connection.exec_driver_sql(question).scalar_one()
