"""Four eyes, bound to the exact content."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from arshjul.delivery.approval import ApprovalRefused
from arshjul.lineage.chain import verify_chain
from arshjul.lineage.releases import approvals


def decisions(office: Any, package: Any) -> list[tuple[str, str, str]]:
    with office.engine.connect() as connection:
        return [(made.step, made.person, made.decision) for made in approvals(connection, package.package_id)]


def test_two_persons_in_order_approve(office: Any) -> None:
    package = office.package()
    office.approve(package)
    assert decisions(office, package) == [("granskning", "anna", "godkand"), ("godkannande", "bertil", "godkand")]


@pytest.mark.parametrize("person", ["anna", "ANNA", " anna ", "Anna"])
def test_the_same_person_twice_is_refused_however_it_is_written(office: Any, person: str) -> None:
    package = office.package()
    office.decide(package, "granskning", "anna")
    with pytest.raises(
        ApprovalRefused, match=r"^Två olika personer måste godkänna: samma person har redan gjort det\.$"
    ):
        office.decide(package, "godkannande", person)
    assert len(decisions(office, package)) == 1


def test_the_same_person_is_known_in_either_way_of_writing_an_accent(office: Any) -> None:
    package = office.package()
    office.decide(package, "granskning", "Åsa")
    with pytest.raises(ApprovalRefused, match="samma person"):
        office.decide(package, "godkannande", "a\u030aSA")


@pytest.mark.parametrize("person", ["arshjul", "Arshjul "])
@pytest.mark.parametrize("step", ["granskning", "godkannande"])
def test_whoever_made_the_package_approves_nothing(office: Any, person: str, step: str) -> None:
    package = office.package()
    if step == "godkannande":
        office.decide(package, "granskning", "anna")
    with pytest.raises(ApprovalRefused, match="får inte själv godkänna") as refused:
        office.decide(package, step, person)
    assert refused.value.code == "AJ011"


@pytest.mark.parametrize("step", ["granskning", "godkannande"])
def test_a_decision_about_another_content_is_refused(office: Any, step: str) -> None:
    package = office.package()
    if step == "godkannande":
        office.decide(package, "granskning", "anna")
    with pytest.raises(ApprovalRefused, match="ett annat innehåll") as refused:
        office.decide(package, step, "bertil", content_sha256="0" * 64)
    assert refused.value.code == "AJ010"


def test_the_second_step_does_not_come_first(office: Any) -> None:
    package = office.package()
    with pytest.raises(ApprovalRefused, match="måste vara granskat"):
        office.decide(package, "godkannande", "anna")
    assert decisions(office, package) == []


def test_a_rejection_needs_a_reason_and_is_kept_and_final(office: Any) -> None:
    package = office.package()
    for comment in ("", "  \n "):
        with pytest.raises(ApprovalRefused, match="måste skriva varför"):
            office.decide(package, "granskning", "anna", "avvisad", comment=comment)
    office.decide(package, "granskning", "anna", "avvisad", comment="Diagrammet på sidan 3 är fel.")
    for step, person in (("granskning", "bertil"), ("godkannande", "bertil"), ("godkannande", "anna")):
        with pytest.raises(ApprovalRefused, match="är avvisat"):
            office.decide(package, step, person)
    assert decisions(office, package) == [("granskning", "anna", "avvisad")]


def test_a_step_is_decided_by_one_person(office: Any) -> None:
    package = office.package()
    office.decide(package, "granskning", "anna")
    with pytest.raises(ApprovalRefused, match="redan avgjort"):
        office.decide(package, "granskning", "bertil")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"person": "  "}, "med namn"),
        ({"step": "slutgodkannande"}, "Steget ska vara"),
        ({"decision": "kanske"}, "Beslutet ska vara"),
        ({"package_id": 99}, "finns inte"),
    ],
)
def test_a_decision_that_is_none_is_refused(office: Any, change: dict[str, Any], sentence: str) -> None:
    package = office.package()
    with pytest.raises(ApprovalRefused, match=sentence):
        office.decide(package, **{"step": "granskning", "person": "anna"} | change)


def test_the_very_same_decision_again_changes_nothing(office: Any) -> None:
    package = office.package()
    for _ in range(2):
        office.decide(package, "granskning", "anna", comment="Bra.")
        office.decide(package, "godkannande", "bertil")
    assert len(decisions(office, package)) == 2
    with pytest.raises(ApprovalRefused, match="samma person"):
        office.decide(package, "granskning", "anna", comment="Något annat.")


def test_the_same_rejection_again_changes_nothing(office: Any) -> None:
    package = office.package()
    for _ in range(2):
        office.decide(package, "granskning", "anna", "avvisad", comment="Fel diagram.")
    assert decisions(office, package) == [("granskning", "anna", "avvisad")]


def test_a_task_and_its_retries_at_the_same_moment_make_one_decision(office: Any) -> None:
    package = office.package()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: office.decide(package, "granskning", "anna"), range(8)))
    assert decisions(office, package) == [("granskning", "anna", "godkand")]


def test_one_person_who_answers_both_steps_at_once_gets_one_of_them(office: Any) -> None:
    package = office.package()
    office.decide(package, "granskning", "anna")

    def answer(person: str) -> str:
        try:
            office.decide(package, "godkannande", person)
        except ApprovalRefused as refused:
            return refused.code
        return "godkand"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(answer, ["anna", "bertil", "ANNA", "cecilia"]))
    assert answers == ["AJ013", "AJ013", "approval_once_per_step", "godkand"]
    with office.engine.connect() as connection:
        assert verify_chain(connection).ok
