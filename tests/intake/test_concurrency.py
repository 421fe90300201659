"""Deliveries received at the same time: one at a time for each sender, side by side for different ones."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.intake.examples import GOOD, KOMMUN, PROVIDER

from arshjul.intake.delivery import receive
from arshjul.intake.office import open_office
from arshjul.intake.processing import process

Desk = Any  # tests/intake/conftest.py


KNOWN = """
SELECT sender, count(*) FROM core.insatser WHERE known_from <= :as_of AND :as_of < known_to GROUP BY sender ORDER BY sender
"""


PAYMENT = ("insatser", "utbetalningar")


def sender_of(dataset: str) -> str:
    return KOMMUN if dataset == "utbetalningar" else PROVIDER


def content(desk: Desk, dataset: str) -> bytes:
    """The good row of a dataset as a file."""
    return bytes(desk.csv(dataset, [list(GOOD[dataset].values())], list(GOOD[dataset])))


def together(desk: Desk, files: list[Any]) -> list[Any]:
    """Receive files at the same time; receipts in the order of the files."""
    with ThreadPoolExecutor(len(files)) as pool:
        return list(pool.map(lambda file: receive(desk.office, file, desk.run_id), files))


@pytest.mark.parametrize("attempt", range(3))
def test_the_same_file_received_twice_at_once_is_loaded_once(desk: Desk, attempt: int) -> None:
    file = desk.put(desk.name("insatser"), desk.csv("insatser", [desk.enrolment(f"A{n}", n) for n in range(20)]))
    receipts = together(desk, [file, file])
    assert sorted(receipt.status for receipt in receipts) == ["identisk", "mottagen"]
    assert len(desk.current("insatser", "insats_id")) == 20
    assert desk.query("SELECT count(*) FROM lineage.delivery WHERE status = 'landad'") == [(0,)]


@pytest.mark.parametrize("attempt", range(3))
def test_two_versions_of_a_slice_at_once_leave_one_of_them_whole(desk: Desk, attempt: int) -> None:
    versions = [[desk.enrolment(f"{letter}{n}", n) for n in range(20)] for letter in "AB"]
    name = desk.name("insatser")
    files = [
        desk.put(name, desk.csv("insatser", versions[0])),
        desk.put(name.upper(), desk.csv("insatser", versions[1])),
    ]
    receipts = together(desk, files)
    assert [receipt.status for receipt in receipts] == ["mottagen", "mottagen"]
    letters = {row[0][0] for row in desk.current("insatser", "insats_id")}
    assert len(letters) == 1
    assert desk.query("SELECT count(*) FROM lineage.delivery WHERE is_current AND dataset = 'insatser'") == [(1,)]


def test_senders_with_the_same_new_persons_neither_wait_in_a_ring_nor_make_them_twice(desk: Desk) -> None:
    rows = [desk.enrolment(f"A{n}", n) for n in range(300)]
    files = [
        desk.put(desk.name("insatser", sender=desk.PROVIDER), desk.csv("insatser", rows)),
        desk.put(desk.name("insatser", sender=desk.OTHER), desk.csv("insatser", rows[::-1])),
    ]
    assert {desk.counts(receipt) for receipt in together(desk, files)} == {(300, 300, 0, 0)}
    assert desk.query("SELECT count(*), count(DISTINCT person_id) FROM vault.alias") == [(300, 300)]
    assert desk.query("SELECT count(*) FROM core.person") == [(300,)]


@pytest.mark.parametrize("attempt", range(5))
def test_days_and_their_enrolments_at_once_end_up_loaded(desk: Desk, attempt: int) -> None:
    files = [
        desk.put(desk.name("narvaro"), desk.csv("narvaro", [["A1", "2026-03-03", "8", "8", ""]])),
        desk.put(desk.name("insatser"), desk.csv("insatser", [desk.enrolment("A1")])),
    ]
    together(desk, files)
    assert desk.current("narvaro", "insats_id") == [("A1",)]


def test_a_payment_is_never_judged_while_the_provider_delivers_its_enrolment(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The municipality's rows and their parents have different senders: they wait for each other all the same."""
    files = {name: desk.put(f"{name}_{sender_of(name)}_2026-03.csv", content(desk, name)) for name in PAYMENT}
    is_judged, may_commit = threading.Event(), threading.Event()

    def pause(office: Any, connection: Any, about: Any, *rest: Any) -> Any:
        outcome = process(office, connection, about, *rest)
        if about.contract.name == "utbetalningar" and not is_judged.is_set():
            is_judged.set()
            assert may_commit.wait(60)
        return outcome

    monkeypatch.setattr("arshjul.intake.delivery.process", pause)
    with ThreadPoolExecutor(2) as pool:
        child = pool.submit(receive, desk.office, files["utbetalningar"], desk.run_id)
        assert is_judged.wait(60)
        parent = pool.submit(receive, desk.office, files["insatser"], desk.run_id)
        while not desk.query("SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory'") and not parent.done():
            pass
        assert not parent.done()
        may_commit.set()
        assert [reason.rule for reason in child.result().reasons] == ["foralder_saknas"]
        assert parent.result().reasons == ()
    assert desk.current("utbetalningar", "utbetalning_id") == [("U1",)]


def test_a_point_of_knowledge_is_pinned_between_loads(desk: Desk) -> None:
    """What is known at a pinned time is whole slices, and never changes afterwards."""
    content = desk.csv("insatser", [desk.enrolment(f"A{n}", n) for n in range(40)])
    files = [desk.put(desk.name("insatser", sender=sender), content) for sender in (desk.PROVIDER, desk.OTHER)]

    def pinned() -> tuple[Any, list[Any]]:
        with desk.office.engine.begin() as connection:
            as_of = connection.exec_driver_sql("SELECT core.pin_as_of()").scalar_one()
        return as_of, desk.query(KNOWN, as_of=as_of)

    with ThreadPoolExecutor(3) as pool:
        loads = [pool.submit(receive, desk.office, file, desk.run_id) for file in files]
        seen = [pinned() for _ in range(10)]
        assert {load.result().status for load in loads} == {"mottagen"}
    for as_of, known in seen:
        assert {count for _, count in known} <= {40}
        assert desk.query(KNOWN, as_of=as_of) == known


def test_two_offices_may_open_at_once(desk: Desk) -> None:
    def opened(_: int) -> int:
        with open_office(desk.office.settings) as office:
            return len(office.contracts)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(opened, range(4)))) == 1
