"""An approval counts only from somebody who holds the role on the day of the decision (R4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from arshjul.catalogue.activities import load_activities
from arshjul.catalogue.delegation import DelegationRegister, load_delegations
from arshjul.catalogue.yaml_files import CatalogueError, parse_definition
from arshjul.delivery.approval import ApprovalRefused, require_delegation
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
    assert parse_definition(REGISTER, DelegationRegister).refusal(person, day) == sentence


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
    require_delegation(office.settings, "anna", date(2026, 5, 12))
    with pytest.raises(ApprovalRefused, match="Listan över delegationer är demons") as refused:
        require_delegation(replace(office.settings, environment="production"), "anna", date(2026, 5, 12))
    assert refused.value.code == "delegation"


def test_the_list_names_functions_of_the_year_and_the_demos_users_and_nobody_who_runs_the_machine() -> None:
    register = load_delegations(INCLUDE)
    assert {one.role for one in register.delegations} <= set(load_activities(INCLUDE).roles)
    assert {one.person for one in register.delegations} == set(USERS) - {"datateam"}


def test_a_delegation_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(CatalogueError, match="ends before it begins"):
        parse_definition(REGISTER.replace("to: 2026-05-11", "to: 2024-06-11"), DelegationRegister)
