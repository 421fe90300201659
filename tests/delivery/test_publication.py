"""Nothing is published that was not checked and approved by two persons, byte for byte."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from arshjul.delivery import publication as room
from arshjul.delivery.package import PackageError, package_folder
from arshjul.delivery.publication import Figure, PublicationRefused, write_evidence
from arshjul.lineage.chain import verify_chain, verify_segment
from arshjul.lineage.ledger import CheckResult, grant_waiver
from arshjul.warehouse.engine import Role, open_engine

PLUGINS = Path(room.__file__).resolve().parents[2]
BROKEN = CheckResult("delar_summerar", "Delarna summerar.", "stopp", False, "Räkna om.", 4, 2)


def test_figures_are_frozen_as_the_computation_has_them_and_protected_ones_lose_their_numbers(office: Any) -> None:
    _, publication_id = office.published()
    with office.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT publication_id, figure_id, cell, numerator, denominator, value, observations, is_protected "
            "FROM published.figure ORDER BY figure_id"
        ).all()
    assert [tuple(row) for row in rows] == [
        (publication_id, "maluppfyllelse/2026-T1", {}, 13, 20, Decimal("0.65"), 20, False),
        (publication_id, "maluppfyllelse/2026-T1/kon=man", {"kon": "man"}, None, None, None, None, True),
    ]


def test_publishing_again_gives_the_same_publication(office: Any) -> None:
    package, publication_id = office.published()
    assert office.publish(package) == publication_id
    assert office.publish(package, ()) == publication_id
    assert (office.count("published.publication"), office.count("published.figure")) == (1, 2)


def test_publishing_from_several_processes_at_once_makes_one_publication(office: Any) -> None:
    package = office.package()
    office.approve(package)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: office.publish(package), range(4)))) == 1
    assert office.count("published.figure") == 2


@pytest.mark.parametrize("checked", [True, False])
@pytest.mark.parametrize("reviewed", [True, False])
@pytest.mark.parametrize("approved", [True, False])
def test_every_leg_is_needed(office: Any, checked: bool, reviewed: bool, approved: bool) -> None:
    computation_id = office.compute()
    if checked:
        office.check(computation_id, stage="core")
        office.check(computation_id)
    package = office.freeze(computation_id)
    if reviewed:
        office.decide(package, "granskning", "anna")
    if approved and reviewed:
        office.decide(package, "godkannande", "bertil")
    if checked and reviewed and approved:
        assert office.publish(package) > 0
        return
    with pytest.raises(PublicationRefused) as refused:
        office.publish(package)
    assert refused.value.code == ("AJ022" if reviewed and approved else "AJ021")
    assert (office.count("published.publication"), office.count("published.figure")) == (0, 0)


def test_a_rejected_package_is_not_published(office: Any) -> None:
    package = office.package()
    office.decide(package, "granskning", "anna")
    office.decide(package, "godkannande", "bertil", "avvisad", comment="Fel diagram.")
    with pytest.raises(PublicationRefused, match="inte godkänt av två personer"):
        office.publish(package)


@pytest.mark.parametrize("stage", ["indicator", "core"])
def test_the_newest_check_run_of_each_stage_must_not_stop(office: Any, stage: str) -> None:
    package = office.package()
    office.approve(package)
    about = package.computation_id if stage == "indicator" else None
    office.check(about, BROKEN, stage)
    with pytest.raises(PublicationRefused, match="Kvalitetsgrinden"):
        office.publish(package)
    office.check(about, stage=stage)
    assert office.publish(package) > 0


@pytest.mark.parametrize("stage", ["indicator", "core"])
def test_both_stages_must_have_been_checked(office: Any, stage: str) -> None:
    computation_id = office.compute()
    office.check(computation_id, stage=stage)
    package = office.freeze(computation_id)
    office.approve(package)
    with pytest.raises(PublicationRefused, match="Kvalitetsgrinden"):
        office.publish(package)


def test_a_month_that_was_stopped_when_it_was_loaded_is_not_published(office: Any) -> None:
    package = office.package()
    office.approve(package)
    office.check(None, BROKEN, "staging")
    with pytest.raises(PublicationRefused) as refused:
        office.publish(package)
    assert refused.value.code == "AJ024"
    office.check(None, stage="staging")
    assert office.publish(package) > 0


def test_a_check_run_that_only_calls_itself_passed_does_not_open_the_gate(office: Any) -> None:
    package = office.package()
    office.approve(package)
    with office.administrator.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("UPDATE lineage.check_result SET is_success = false")
    with pytest.raises(PublicationRefused, match="Kvalitetsgrinden"):
        office.publish(package)


def test_a_waived_stop_lets_the_publication_pass(office: Any) -> None:
    package = office.package()
    office.approve(package)
    with office.engine.begin() as connection:
        waiver_id = grant_waiver(
            connection,
            check_id=BROKEN.check_id,
            period="2026-T1",
            reason="Känt fel hos en anordnare.",
            valid_until=package.frozen_at.date() + timedelta(days=2),
            requested_by="anna",
            approved_by="bertil",
        )
    office.check(package.computation_id, replace(BROKEN, waiver_id=waiver_id))
    publication_id = office.publish(package)
    with office.engine.connect() as connection:
        evidence = json.loads(write_evidence(office.settings, connection, publication_id).read_text())
    [_, check] = evidence["checks"]
    assert (check["outcome"], check["checks"]) == ("varning", 1)
    assert check["broken"][0]["waiver_reason"] == "Känt fel hos en anordnare."


def test_a_waiver_that_has_ended_while_the_package_waited_lets_nothing_pass(office: Any) -> None:
    package = office.package()
    office.approve(package)
    with office.engine.begin() as connection:
        waiver_id = grant_waiver(
            connection,
            check_id=BROKEN.check_id,
            period="2026-T1",
            reason="Känt fel hos en anordnare.",
            valid_until=package.frozen_at.date() + timedelta(days=2),
            requested_by="anna",
            approved_by="bertil",
        )
    office.check(package.computation_id, replace(BROKEN, waiver_id=waiver_id))
    with office.administrator.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("UPDATE lineage.waiver SET requested_at = '2025-12-01', valid_until = '2025-12-31'")
    with pytest.raises(PublicationRefused, match="Kvalitetsgrinden"):
        office.publish(package)


def test_a_package_changed_after_the_approvals_is_not_published(office: Any) -> None:
    package = office.package()
    office.approve(package)
    path = package_folder(office.settings, package.content_sha256) / "siffror.csv"
    path.chmod(0o644)
    path.write_bytes(b"andra siffror")
    with pytest.raises(PackageError, match=r"siffror\.csv är ändrad"):
        office.publish(package)
    assert office.count("published.publication") == 0


@pytest.mark.parametrize(
    "figure", [Figure("x/2026-T1", "finns_inte", {}), Figure("x/2026-T1", "maluppfyllelse", {"kon": "kvinna"})]
)
def test_a_figure_without_a_computed_value_stops_the_publication(office: Any, figure: Figure) -> None:
    package = office.package()
    office.approve(package)
    with pytest.raises(PublicationRefused, match=r"^1 av rapportens siffror finns inte"):
        office.publish(package, (figure,))
    assert office.count("published.publication") == 0


@pytest.mark.parametrize(
    ("change", "code"), [("content_sha256 = repeat('0', 64)", "AJ020"), ("report_id = 'annan'", "AJ020")]
)
def test_the_database_itself_refuses_anything_but_the_approved_package(office: Any, change: str, code: str) -> None:
    package = office.package()
    office.approve(package)
    column, _, value = change.partition(" = ")
    row = {
        "package_id": "package_id",
        "run_id": "run_id",
        "report_id": "report_id",
        "period": "period",
        "content_sha256": "content_sha256",
    } | {column: value}
    statement = (
        f"INSERT INTO published.publication ({', '.join(row)}) SELECT {', '.join(row.values())} FROM lineage.package"
    )
    with office.engine.connect() as connection, pytest.raises(Exception, match="inte det som godkändes") as refused:
        connection.exec_driver_sql(statement)
    assert refused.value.orig.sqlstate == code


def test_figures_are_not_added_afterwards(office: Any) -> None:
    _, publication_id = office.published()
    with office.engine.connect() as connection, pytest.raises(Exception, match="kan inte fyllas på i efterhand"):
        connection.exec_driver_sql(
            "INSERT INTO published.figure VALUES (%s, 'x', 'maluppfyllelse', '{}', 1, 1, 1, 1, false)",
            (publication_id,),
        )


@pytest.mark.parametrize("role", [Role.INTAKE, Role.COMPUTE, Role.REPORT, Role.AUDIT])
@pytest.mark.parametrize("table", ["lineage.package", "lineage.approval", "published.publication", "published.figure"])
def test_only_the_role_that_publishes_may(office: Any, role: Role, table: str) -> None:
    engine = open_engine(office.settings, role)
    try:
        with engine.connect() as connection, pytest.raises(Exception, match="InsufficientPrivilege"):
            connection.exec_driver_sql(f"INSERT INTO {table} DEFAULT VALUES")
    finally:
        engine.dispose()


def test_the_evidence_carries_the_log_from_freezing_to_publication(office: Any) -> None:
    package = office.package()
    office.run("something else, in between")
    office.approve(package)
    publication_id = office.publish(package)
    office.run("something else, afterwards")
    with office.engine.connect() as connection:
        path = write_evidence(office.settings, connection, publication_id)
        first = path.read_bytes()
        assert write_evidence(office.settings, connection, publication_id).read_bytes() == first
    evidence = json.loads(first)
    assert verify_segment(evidence["chain"]).ok
    assert [entry["event"] for entry in evidence["chain"]] == [
        "package.insert",
        "run.insert",
        "approval.insert",
        "approval.insert",
        "publication.insert",
        "figure.insert",
    ]
    assert ["data" in entry for entry in evidence["chain"]] == [True, False, True, True, True, True]
    assert evidence["checkpoint"] == {name: evidence["chain"][-1][name] for name in ("seq", "at", "hash")}
    assert [made["person"] for made in evidence["approvals"]] == ["anna", "bertil"]
    assert path.parent.name == package.content_sha256 == evidence["publication"]["content_sha256"]


def test_evidence_does_not_change_when_the_figures_are_checked_again_later(office: Any) -> None:
    package, publication_id = office.published()
    with office.engine.connect() as connection:
        first = write_evidence(office.settings, connection, publication_id).read_bytes()
    office.check(package.computation_id, BROKEN)
    with office.engine.connect() as connection:
        assert write_evidence(office.settings, connection, publication_id).read_bytes() == first


KILLED = """
import json, os, signal, sys
from arshjul.delivery import package, publication
from arshjul.settings import load_settings
from arshjul.warehouse.engine import Role, open_engine

environment, package_id, run_id, where = json.load(sys.stdin)
settings = load_settings(environment)
engine = open_engine(settings, Role.PUBLISH)

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if where == "before_the_figures":
    publication._freeze_figures = killed
with engine.begin() as connection:
    publication.publish(settings, connection, package_id, (), run_id)
    killed()
"""


@pytest.mark.parametrize("where", ["before_the_figures", "before_the_commit"])
def test_a_killed_publication_leaves_nothing_and_a_second_try_makes_it(office: Any, where: str) -> None:
    package = office.package()
    office.approve(package)
    environment = {"ARSHJUL_HOME": str(office.settings.home), "ARSHJUL_DATABASE_URL": office.settings.database_url}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED],
        input=json.dumps([environment, package.package_id, office.run(), where]),
        text=True,
        check=False,
        env={"PYTHONPATH": str(PLUGINS), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert killed.returncode == -signal.SIGKILL
    assert (office.count("published.publication"), office.count("published.figure")) == (0, 0)
    office.publish(package)
    assert (office.count("published.publication"), office.count("published.figure")) == (1, 2)
    with office.engine.connect() as connection:
        assert verify_chain(connection).ok


def test_there_is_no_evidence_of_what_was_never_published(office: Any) -> None:
    with office.engine.connect() as connection, pytest.raises(PublicationRefused, match="finns inte"):
        write_evidence(office.settings, connection, 99)


def test_the_line_leaves_log_and_ledger_whole(office: Any) -> None:
    office.published()
    with office.engine.connect() as connection:
        assert verify_chain(connection).ok
