"""An approval counts only from somebody who holds the role on the day of the decision (R4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy.exc import DBAPIError

from arshjul.catalogue.activities import load_activities
from arshjul.catalogue.delegation import DelegationRegister, Right, load_delegations
from arshjul.catalogue.yaml_files import CatalogueError, parse_definition
from arshjul.delivery.rights import Attempt, NotDelegated, require_right
from arshjul.lineage.chain import verify_chain
from arshjul.lineage.releases import approvals
from arshjul.orchestration import approval
from arshjul.orchestration.airflow_environment import USERS
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.publication import APPROVE, record_answer
from arshjul.settings import Settings

INCLUDE = Path(__file__).resolve().parents[2] / "include"
REGISTER = """
made_up: false
source: AMN 2024-060
rights:
  rapport: [processutvecklare, ami_chef, enhetschef]
  begara_undantag: [processutvecklare, ami_chef]
  undantag: [ami_chef]
  begara_aterkallelse: [processutvecklare]
  aterkallelse: [ami_chef]
  rattelse: [processutvecklare]
  namndbeslut: [processutvecklare]
  begara_gallring: [processutvecklare]
  gallring: [ami_chef]
  anordnararende: [processutvecklare]
delegations:
  - {person: anna, role: processutvecklare, from: 2024-06-12, to: 2026-05-11}
  - {person: bertil, role: ami_chef, from: 2026-06-01}
  - {person: cecilia, role: ami_chef, from: 2020-01-01, to: 2022-12-31}
  - {person: Cecilia, role: enhetschef, from: 2026-01-01}
"""


@pytest.fixture
def elsewhere(office: Any, tmp_path: Path) -> Settings:
    """The office's settings with a register of its own."""
    include = tmp_path / "include"
    (include / "governing").mkdir(parents=True)
    (include / "governing" / "delegation.yaml").write_text(REGISTER, encoding="utf-8")
    settings: Settings = replace(office.settings, include=include)
    return settings


@pytest.mark.parametrize(
    ("person", "day", "sentence"),
    [
        ("anna", date(2024, 6, 11), "Delegationen för anna börjar 2024-06-12."),
        ("anna", date(2024, 6, 12), None),
        ("ANNA", date(2026, 5, 11), None),
        ("anna", date(2026, 5, 12), "Delegationen för anna upphörde efter 2026-05-11."),
        ("cecilia", date(2022, 12, 31), None),
        ("cecilia", date(2025, 12, 31), "Delegationen för cecilia upphörde efter 2022-12-31."),
        ("cecilia", date(2026, 1, 1), None),
        ("datateam", date(2026, 1, 1), "datateam har ingen delegation att besluta om rapporter."),
    ],
)
def test_a_person_may_decide_from_the_first_day_to_the_last(person: str, day: date, sentence: str | None) -> None:
    assert parse_definition(REGISTER, DelegationRegister).refusal(person, "rapport", day) == sentence


def answer(person: str, moment: datetime) -> dict[str, Any]:
    return {
        "chosen_options": [APPROVE],
        "params_input": {"kommentar": ""},
        "responded_by_user": {"id": "1", "name": person},
        "responded_at": moment,
    }


def test_an_approval_the_day_after_the_delegation_ended_is_refused_with_its_reason_and_not_kept(
    office: Any, elsewhere: Settings
) -> None:
    package = office.package()
    asked = {"package_id": package.package_id, "content_sha256": package.content_sha256}
    # 22.00 in Greenwich is the day after in Sweden in summer.
    with pytest.raises(Stopped, match=r"upphörde efter 2026-05-11\. Beslutet gäller inte\. .* låt rätt person svara"):
        record_answer(elsewhere, asked, "granskning", answer("anna", datetime(2026, 5, 11, 22, tzinfo=UTC)))
    with office.engine.connect() as connection:
        assert approvals(connection, package.package_id) == ()
        assert verify_chain(connection).ok
    with office.administrator.connect() as connection:
        kept = connection.exec_driver_sql("SELECT action, about, person, roles, reason, day FROM lineage.refusal").all()
    about = f"paket {package.package_id}, granskning"
    reason = "Delegationen för anna upphörde efter 2026-05-11."
    assert [tuple(row) for row in kept] == [("rapport", about, "anna", [], reason, date(2026, 5, 12))]
    record_answer(elsewhere, asked, "granskning", answer("anna", datetime(2026, 5, 11, 21, 59, tzinfo=UTC)))
    with office.engine.connect() as connection:
        assert [made.person for made in approvals(connection, package.package_id)] == ["anna"]


def test_the_day_is_the_one_that_airflow_says_the_person_answered(
    monkeypatch: pytest.MonkeyPatch, office: Any, elsewhere: Settings
) -> None:
    package = office.package()
    asked = {"package_id": package.package_id, "content_sha256": package.content_sha256}
    monkeypatch.setattr(approval, "load_settings", lambda: elsewhere)
    task = approval.Approval(task_id="granska", package=asked, step="granskning", title="Granska")
    with pytest.raises(Stopped, match="upphörde efter 2026-05-11"):
        task.execute_complete({}, answer("anna", datetime(2026, 5, 12, 8, tzinfo=UTC)))
    assert task.execute_complete({}, answer("anna", datetime(2026, 5, 11, 8, tzinfo=UTC))) == "granskning"


def test_production_refuses_the_demos_list(office: Any) -> None:
    for right in get_args(Right):
        wanted = Attempt("anna", right, "tertialrapport/2026-T1", date(2026, 5, 12))
        require_right(office.settings, wanted)
        with pytest.raises(NotDelegated, match="Listan över delegationer är demons"):
            require_right(replace(office.settings, environment="production"), wanted)
    assert office.count("lineage.refusal") == len(get_args(Right))


def test_the_list_names_functions_of_the_year_and_the_demos_users_and_nobody_who_runs_the_machine() -> None:
    register = load_delegations(INCLUDE)
    assert {one.role for one in register.delegations} <= set(load_activities(INCLUDE).roles)
    assert {one.person for one in register.delegations} == set(USERS)
    assert {role for roles in register.rights.values() for role in roles} <= set(load_activities(INCLUDE).roles)
    machine = [right for right in get_args(Right) if register.refusal("datateam", right, date(2026, 5, 12)) is None]
    assert machine == ["begara_undantag", "begara_aterkallelse"]
    for right in get_args(Right):
        assert all(register.refusal(person, right, date(2026, 5, 12)) is None for person in ("anna", "bertil"))


def test_a_delegation_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(CatalogueError, match="ends before it begins"):
        parse_definition(REGISTER.replace("to: 2026-05-11", "to: 2024-06-11"), DelegationRegister)


@pytest.mark.parametrize("gone", ["namndbeslut", "gallring"])
def test_a_list_that_forgets_a_right_is_refused(gone: str) -> None:
    with pytest.raises(CatalogueError, match=f"{gone} is missing or unknown"):
        parse_definition(REGISTER.replace(f"  {gone}:", "  annat:"), DelegationRegister)


def test_a_role_decides_what_its_right_says_and_nothing_else(office: Any, elsewhere: Settings) -> None:
    day = date(2026, 5, 11)
    require_right(elsewhere, Attempt("anna", "begara_undantag", "delar_summerar 2026-T1", day))
    for _ in range(2):
        with pytest.raises(NotDelegated, match="Anna har ingen delegation att besluta om undantag från kontroller"):
            require_right(elsewhere, Attempt("Anna ", "undantag", "delar_summerar 2026-T1", day))
    with office.administrator.connect() as connection:
        kept = connection.exec_driver_sql("SELECT person, roles, day FROM lineage.refusal").all()
    assert [tuple(row) for row in kept] == [("Anna", ["processutvecklare"], day)]


@pytest.mark.parametrize(
    ("about", "kept"), [(" \n", "okänt"), ("a\x07b", "a b"), ("publicering 900101-2385", "publicering [struket]")]
)
def test_what_may_not_be_kept_of_what_was_typed_is_left_out(
    office: Any, elsewhere: Settings, about: str, kept: str
) -> None:
    with pytest.raises(NotDelegated):
        require_right(elsewhere, Attempt("anna", "gallring", about, date(2026, 5, 11)))
    with office.administrator.connect() as connection:
        assert connection.exec_driver_sql("SELECT about FROM lineage.refusal").scalar_one() == kept


def test_what_the_ledger_refuses_is_kept_with_its_reason_too(office: Any) -> None:
    package = office.package()
    asked = {"package_id": package.package_id, "content_sha256": package.content_sha256}
    moment = datetime(2026, 5, 12, 8, tzinfo=UTC)
    record_answer(office.settings, asked, "granskning", answer("anna", moment))
    with pytest.raises(Stopped, match="samma person"):
        record_answer(office.settings, asked, "godkannande", answer("anna", moment))
    with office.administrator.connect() as connection:
        [kept] = connection.exec_driver_sql("SELECT about, person, roles, reason FROM lineage.refusal").all()
    assert tuple(kept)[:3] == (f"paket {package.package_id}, godkannande", "anna", ["processutvecklare"])
    assert "samma person" in kept.reason


def test_a_refusal_is_never_changed(office: Any) -> None:
    with pytest.raises(NotDelegated):
        require_right(office.settings, Attempt("cecilia", "gallring", "gallring", date(2026, 5, 12)))
    for change in ("UPDATE lineage.refusal SET reason = 'något annat'", "DELETE FROM lineage.refusal"):
        with pytest.raises(DBAPIError, match="append only"), office.administrator.begin() as connection:
            connection.exec_driver_sql(change)
