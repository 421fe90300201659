"""Deletion by decision: what may go, goes for good and in one piece; what was reported of it stands and can be traced."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from tests.intake.examples import GOOD, KOMMUN
from typer.testing import CliRunner

from arshjul.catalogue.retention import RetentionPlan, load_retention
from arshjul.catalogue.yaml_files import CatalogueError, parse_definition
from arshjul.cli import app
from arshjul.intake import disposal as room
from arshjul.intake.disposal import (
    Candidate,
    Decision,
    Disposal,
    DisposalRefused,
    Selection,
    approve_disposal,
    carry_out,
    find_candidates,
    request_disposal,
)
from arshjul.lineage.archive import ArchiveError
from arshjul.lineage.chain import verify_chain
from arshjul.lineage.status import status
from arshjul.lineage.trace import source_files
from arshjul.periods import parse_month
from arshjul.settings import REPOSITORY
from arshjul.warehouse.engine import Role, transaction

Desk = Any  # tests/intake/conftest.py

FREE = date(2029, 1, 1)
DAYS = ("inkom_datum", "besvarad_datum", "avslutad_datum")
DECIDED = Decision(date(2028, 12, 13), "AMN § 97", "Nämnden beslutar att filerna gallras.")
MARCH = Selection(dataset="insatser", first=parse_month("2026-03"), last=parse_month("2026-03"))


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A desk with three persons: one in March only, one in March and April, one in April only; everything is reported."""
    march = [desk.enrolment("A", 1), desk.enrolment("B", 2), ["C", "nonsens", "jobbpeng_grund", "2026-03-02", "", ""]]
    april = [desk.enrolment("B", 2), desk.enrolment("D", 3)]
    desk.send("insatser", march, "2026-03")
    desk.send("insatser", april, "2026-04")
    report(desk)
    return desk


def report(desk: Desk) -> None:
    """Write a publication of the tertial past its checks: what is asked is only whether one is there."""
    with transaction(desk.office.settings) as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(
            "INSERT INTO indicator.computation (run_id, period, period_start, period_end, as_of, catalogue_sha256) "
            f"VALUES ({desk.run_id}, '2026-T1', '2026-01-01', '2026-04-30', now(), repeat('d', 64))"
        )
        connection.exec_driver_sql(
            "INSERT INTO lineage.package (run_id, report_id, period, as_of, computation_id, content_sha256, files, "
            "prepared_by) SELECT run_id, 'tertialrapport', period, as_of, computation_id, repeat('e', 64), '[]', 'arshjul' "
            "FROM indicator.computation"
        )
        connection.exec_driver_sql(
            "INSERT INTO published.publication (package_id, run_id, report_id, period, content_sha256) "
            "SELECT package_id, run_id, report_id, period, content_sha256 FROM lineage.package"
        )


def found(desk: Desk, selection: Selection = MARCH, today: date = FREE) -> tuple[Candidate, ...]:
    with transaction(desk.office.settings, Role.AUDIT) as connection:
        return find_candidates(connection, desk.office.settings, selection, today)


def ask(desk: Desk, selection: Selection = MARCH, decision: Decision = DECIDED, by: str = "anna") -> Disposal:
    with transaction(desk.office.settings, Role.PUBLISH) as connection:
        chosen = find_candidates(connection, desk.office.settings, selection, FREE)
        return request_disposal(connection, chosen, decision, by=by, today=FREE)


def approve(desk: Desk, disposal_id: int, by: str = "bertil") -> Disposal:
    with transaction(desk.office.settings, Role.PUBLISH) as connection:
        return approve_disposal(connection, desk.office.settings, disposal_id, by=by, today=FREE)


def disposed(desk: Desk, selection: Selection = MARCH) -> Disposal:
    asked = ask(desk, selection)
    approve(desk, asked.disposal_id)
    return carry_out(desk.office, asked.disposal_id)


def identities(desk: Desk) -> set[str]:
    rows = desk.query("SELECT DISTINCT insats_id FROM core.insatser JOIN vault.alias USING (person_id)")
    return {insats_id for (insats_id,) in rows}


def core(desk: Desk) -> list[tuple[Any, ...]]:
    return list(desk.query("SELECT t::text FROM core.insatser AS t ORDER BY 1"))


def test_what_may_not_go_is_told_with_its_reason(desk: Desk) -> None:
    receipt = desk.send("insatser", [desk.enrolment("A")], "2026-03")
    assert [one.refusal for one in found(desk, today=date(2028, 12, 31))] == [
        "gallringsfristen går ut först 2029-01-01"
    ]
    assert [one.refusal for one in found(desk)] == ["det som den säger är inte publicerat än"]
    register = Selection(dataset="anordnare", first=parse_month("2026-01"), last=parse_month("2026-12"))
    [kept] = found(desk, register)
    assert "ska bevaras" in kept.refusal
    with pytest.raises(DisposalRefused, match="1 av 1 filer får inte gallras"):
        ask(desk)
    report(desk)
    assert [(one.delivery_id, one.refusal) for one in found(desk)] == [(receipt.delivery_id, "")]
    later = desk.send("insatser", [desk.enrolment("A", end="2026-03-20")], "2026-03")
    assert {one.delivery_id: bool(one.refusal) for one in found(desk)} == {
        receipt.delivery_id: False,
        later.delivery_id: True,
    }, "a correction that no report has told of yet is kept"


def test_the_same_bytes_are_one_content_and_go_only_together(desk: Desk) -> None:
    course = [["K1", "2026-03-20"]]
    content = desk.csv("narvaro", course, ["insats_id", "datum"])
    first = desk.give(desk.name("narvaro", "2026-03"), content)
    second = desk.give(desk.name("narvaro", "2027-03"), content)
    chosen = found(desk, Selection(delivery_ids=(first.delivery_id,)))
    assert [one.delivery_id for one in chosen] == [first.delivery_id, second.delivery_id]
    assert [one.refusal for one in chosen] == ["gallringsfristen går ut först 2030-01-01"] * 2


def test_the_content_goes_and_what_was_reported_stands(told: Desk) -> None:
    before, [march] = core(told), found(told)
    assert identities(told) == {"A", "B", "D"}
    backup = told.office.settings.home / "backup"
    shutil.copytree(told.office.settings.archive / march.sha256[:2], backup)
    done = disposed(told)
    assert done.destroyed == {"filer": 1, "identiteter": 1, "texter": 0}
    assert identities(told) == {"B", "D"}, "whoever a file that is kept names is kept"
    assert core(told) == before, "figures are computed again from the same rows"
    with pytest.raises(ArchiveError):
        told.office.archive.open(march.sha256)
    shutil.copytree(backup, told.office.settings.archive / march.sha256[:2], dirs_exist_ok=True)
    with pytest.raises(ArchiveError, match="nyckel_saknas"):
        told.office.archive.open(march.sha256)
    assert told.query("SELECT count(*) FROM staging.insatser WHERE delivery_id = :d", d=march.delivery_id) == [(0,)]
    assert told.query(
        "SELECT rows_in, rows_quarantined FROM lineage.delivery WHERE delivery_id = :d", d=march.delivery_id
    ) == [(3, 1)]
    assert told.query("SELECT count(*) FROM quarantine.row WHERE delivery_id = :d", d=march.delivery_id) != [(0,)]
    with transaction(told.office.settings, Role.AUDIT) as connection:
        [source] = source_files(connection, [(march.delivery_id, 1)])
        assert (source.disposed_on, source.disposed_by, source.row_count) == (date(2028, 12, 13), "AMN § 97", 1)
    assert found(told) == (), "it is not destroyed twice"


def test_a_text_goes_with_the_last_file_that_holds_it(empty_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for dataset in ("anordnare", "uppfoljningsobjekt", "atgarder"):
        empty_desk.give(f"{dataset}_{KOMMUN}_2026-03.json", json.dumps([dict(GOOD[dataset])]).encode())

    def complain(month: str, own: str) -> Any:
        days = {name: f"{month}{GOOD['synpunkter'][name][7:]}" for name in DAYS}
        texts = {"S1": own, "S2": "Alltid."}
        rows = [{**GOOD["synpunkter"], **days, "arende_id": one, "fritext": text} for one, text in texts.items()]
        return empty_desk.give(f"synpunkter_{KOMMUN}_{month}.json", json.dumps(rows).encode())

    first, second = complain("2026-03", "Bara i mars."), complain("2026-04", "Bara i april.")
    assert (first.rows_loaded, second.rows_loaded) == (2, 2)
    report(empty_desk)
    assert empty_desk.query("SELECT count(*) FROM vault.text") == [(3,)]
    monkeypatch.setattr(__name__ + ".FREE", date(2032, 1, 1))
    done = disposed(empty_desk, Selection(delivery_ids=(first.delivery_id,)))
    assert done.destroyed == {"filer": 1, "identiteter": 0, "texter": 1}
    assert empty_desk.query("SELECT count(*) FROM vault.text") == [(2,)]


@pytest.mark.parametrize("where", ["_clear_staging", "_forget", "json"])
def test_killed_half_way_it_is_finished_by_being_done_again(
    told: Desk, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    [march] = found(told)
    asked = ask(told)
    approve(told, asked.disposal_id)

    def killed(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(room, where, type("Killed", (), {"dumps": killed}) if where == "json" else killed)
        with pytest.raises(KeyboardInterrupt):
            carry_out(told.office, asked.disposal_id)
    assert identities(told) == {"A", "B", "D"}
    assert approve(told, asked.disposal_id, by="cecilia").done_at is None, "whoever approved it may be away"
    with pytest.raises(DisposalRefused, match="Två olika personer"):
        approve(told, asked.disposal_id, by="anna")
    with transaction(told.office.settings, Role.AUDIT) as connection:
        waiting = status(connection, told.office.settings, parse_month("2026-03"), FREE)
    assert f"gallring {asked.disposal_id} enligt AMN § 97, leveranser: 1, är godkänd men avbröts" in waiting.text()
    done = carry_out(told.office, asked.disposal_id)
    assert done.destroyed == {"filer": 1, "identiteter": 1, "texter": 0}
    assert identities(told) == {"B", "D"}
    with pytest.raises(ArchiveError):
        told.office.archive.open(march.sha256)
    assert carry_out(told.office, asked.disposal_id) == done
    with transaction(told.office.settings, Role.AUDIT) as connection:
        assert not verify_chain(connection).changed


@pytest.mark.parametrize("month", ["2026-05", "2026-03"])
def test_bytes_that_have_come_again_since_it_was_approved_are_kept(told: Desk, month: str) -> None:
    [march] = found(told)
    asked = ask(told)
    approve(told, asked.disposal_id)
    with told.office.archive.open(march.sha256) as content:
        again = told.give(told.name("insatser", month), content.read())
    done = carry_out(told.office, asked.disposal_id)
    assert done.destroyed == {"filer": 0, "identiteter": 0, "texter": 0}
    told.office.archive.verify(again.sha256)
    assert identities(told) == {"A", "B", "D"}, "a file that is kept names them"


def test_bytes_that_are_destroyed_while_they_come_again_are_archived_again(
    told: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    [march] = found(told)
    asked = ask(told)
    approve(told, asked.disposal_id)
    with told.office.archive.open(march.sha256) as content:
        same = content.read()
    store = told.office.archive.store

    def store_and_lose(*arguments: Any) -> Any:
        """The archive says that it has them, and then the disposal goes by before the ledger knows that they have come."""
        kept = store(*arguments)
        monkeypatch.undo()
        assert carry_out(told.office, asked.disposal_id).destroyed == {"filer": 1, "identiteter": 1, "texter": 0}
        return kept

    monkeypatch.setattr(told.office.archive, "store", store_and_lose)
    assert told.give(told.name("insatser", "2026-03"), same).status == "identisk"
    told.office.archive.verify(march.sha256)


def test_a_request_that_another_has_taken_the_place_of_waits_for_nobody(told: Desk) -> None:
    def waiting() -> list[tuple[int, bool]]:
        with transaction(told.office.settings, Role.AUDIT) as connection:
            rows = status(connection, told.office.settings, parse_month("2026-03"), FREE).disposals
        return [(row["disposal_id"], row["is_approved"]) for row in rows]

    both = Selection(dataset="insatser", first=parse_month("2026-03"), last=parse_month("2026-04"))
    first = ask(told, both).disposal_id
    second = ask(told, decision=Decision(DECIDED.decided_on, "AMN § 98", DECIDED.text)).disposal_id
    assert waiting() == [(first, False), (second, False)]
    third = ask(told, by="cecilia").disposal_id
    assert waiting() == [(first, False), (third, False)], "the same file is asked for anew"
    approve(told, third)
    assert waiting() == [(third, True)], "nobody can approve that one of its files is destroyed once more"


def test_nobody_is_let_to_write_a_disposal_that_is_approved_already(told: Desk) -> None:
    columns = "decided_on, reference, decision, files, requested_by"
    row = "'2028-12-13', 'AMN § 97', 'Filerna gallras nu.', '[1]', 'anna'"
    settings = told.office.settings
    for role, words in ((Role.PUBLISH, "InsufficientPrivilege"), (Role.OWNER, "begins as a request")):
        with pytest.raises(DBAPIError, match=words), transaction(settings, role) as connection:
            connection.exec_driver_sql(
                f"INSERT INTO lineage.disposal ({columns}, approved_by, approved_at) VALUES ({row}, 'bertil', now())"
            )
    for column in ("done_at", "requested_at"):
        with (
            pytest.raises(DBAPIError, match="InsufficientPrivilege"),
            transaction(settings, Role.PUBLISH) as connection,
        ):
            connection.exec_driver_sql(f"INSERT INTO lineage.disposal ({columns}, {column}) VALUES ({row}, now())")


def test_it_takes_two_persons_and_a_decision(told: Desk) -> None:
    with pytest.raises(DisposalRefused, match="inte varit än"):
        ask(told, decision=Decision(date(2029, 1, 2), DECIDED.reference, DECIDED.text))
    with pytest.raises(DisposalRefused, match="mellan 10 och 2 000"):
        ask(told, decision=Decision(DECIDED.decided_on, DECIDED.reference, "Ja."))
    asked = ask(told)
    assert ask(told) == asked, "the same request again is the same request"
    with pytest.raises(DisposalRefused, match="inte godkänd"):
        carry_out(told.office, asked.disposal_id)
    with pytest.raises(DisposalRefused, match="Två olika personer"):
        approve(told, asked.disposal_id, by="Anna")
    approve(told, asked.disposal_id)
    assert approve(told, asked.disposal_id, by="cecilia").approved_by == "bertil"
    assert identities(told) == {"A", "B", "D"}
    changes: Sequence[str] = (
        "SET files = '[1]'",
        "SET approved_by = 'x'",
        "SET approved_at = NULL, approved_by = NULL",
    )
    for change in changes:
        with pytest.raises(DBAPIError, match="only learns once"), transaction(told.office.settings) as connection:
            connection.exec_driver_sql(f"UPDATE lineage.disposal {change}")


def test_from_the_keyboard_it_is_listed_asked_for_and_approved(told: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = told.office.settings
    monkeypatch.setenv("ARSHJUL_HOME", str(settings.home))
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", str(settings.database_url))
    monkeypatch.setattr("arshjul.cli.disposal.swedish_today", lambda: FREE)

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["dispose", *arguments])

    chosen = ("--dataset", "insatser", "--from", "2026-03", "--to", "2026-03")
    decision = ("--date", "2028-12-13", "--reference", "AMN § 97", "--text", DECIDED.text)
    listed = run(*chosen)
    assert (listed.exit_code, "1 av 1 filer får gallras. Inget är förstört" in listed.stdout) == (0, True)
    assert run(*chosen, "--confirm", "--by", "anna").exit_code == 2
    assert run("--dataset", "insatser").exit_code == 2
    assert run("--file", "abc").exit_code == 2
    stranger = run(*chosen, *decision, "--by", "cecilia", "--confirm")
    assert (stranger.exit_code, "cecilia har ingen delegation att begära gallring" in stranger.stderr) == (1, True)
    asked = run(*chosen, *decision, "--by", "anna", "--confirm", "--json")
    number = str(json.loads(asked.stdout)["gallring"])
    assert run("--approve", number, "--by", "anna").exit_code == 1
    assert identities(told) == {"A", "B", "D"}
    done = run("--approve", number, "--by", "bertil")
    assert done.exit_code == 0, done.output
    assert (
        "enligt beslut AMN § 97 den 2028-12-13. Det som inte finns kvar: filer 1, identiteter 1, texter 0."
        in done.stdout
    )
    assert identities(told) == {"B", "D"}
    assert run("--approve", "99", "--by", "bertil").exit_code == 1
    reasons = told.query("SELECT person, left(reason, 10) FROM lineage.refusal ORDER BY refusal_id")
    assert reasons == [("cecilia", "cecilia ha"), ("anna", "Två olika "), ("bertil", "Det finns ")]


def test_production_refuses_the_demos_plan_and_a_dataset_has_one_term(
    told: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = load_retention(REPOSITORY / "include")
    assert plan.free_from("insatser", date(2026, 12, 1), FREE) == date(2029, 1, 1)
    assert plan.free_from("mal", date(2026, 12, 1), FREE) is None
    assert plan.free_from(None, None, date(2026, 5, 1)) == date(2029, 1, 1)
    monkeypatch.setattr(type(told.office.settings), "is_production", True)
    with pytest.raises(DisposalRefused, match="demons"):
        found(told)
    with pytest.raises(CatalogueError, match="two terms"):
        parse_definition(
            "made_up: false\nsource: x\nunknown_years: 1\nrules:\n  - {datasets: [a, a], years: 1}\n", RetentionPlan
        )
