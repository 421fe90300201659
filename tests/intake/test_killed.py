"""A worker killed anywhere leaves nothing or everything, and the same file received again gives the same tables."""

from __future__ import annotations

import os
import signal
from typing import Any, NoReturn

import psycopg
import pytest
from sqlalchemy import event

from arshjul.intake.delivery import receive
from arshjul.intake.office import Office
from arshjul.warehouse import statements

Desk = Any  # tests/intake/conftest.py

# What must come out the same, whatever happened on the way: no times, and no numbers that are given out in order.
STATE = """
SELECT 'insatser', insats_id || row_no, coalesce(slutdatum::text, ''), known_to < 'infinity'
FROM core.insatser WHERE sender = :sender
UNION ALL
SELECT 'narvaro', insats_id || row_no, datum::text, known_to < 'infinity' FROM core.narvaro WHERE sender = :sender
UNION ALL
SELECT 'karantan', q.rule, q.row_no::text, true
FROM quarantine.row q JOIN lineage.delivery d USING (delivery_id) WHERE d.sender = :sender
UNION ALL
SELECT 'leverans', status || is_current, concat_ws('/', rows_in, rows_loaded, rows_unchanged, rows_quarantined), true
FROM lineage.delivery WHERE sender = :sender AND status NOT IN ('landad', 'identisk')
UNION ALL
SELECT 'person', count(DISTINCT person_id)::text, '', true
FROM core.insatser i JOIN core.person USING (person_id) WHERE i.sender = :sender
UNION ALL
SELECT 'granskas', insats_id, row_no::text || reasons, person_id IS NULL
FROM staging.insatser s JOIN lineage.delivery d USING (delivery_id) WHERE d.sender = :sender
ORDER BY 1, 2, 3, 4
"""


def senders_of(desk: Desk, count: int) -> list[str]:
    """Many providers in the register, one for each way of being killed."""
    from arshjul.intake.orgnr import parse_orgnr

    numbers = [
        next(text for digit in range(10) if parse_orgnr(text := f"{556_100_000 + number:09d}{digit}"))
        for number in range(count)
    ]
    desk.send("anordnare", [desk.provider(number) for number in numbers], "2026-02")
    return numbers


def prepare(desk: Desk, sender: str, place: int) -> Any:
    """A first delivery, days that wait for an enrolment, and a correction that is to be received."""
    desk.send("insatser", [desk.enrolment("A1", 1), desk.enrolment("A2", 2)], sender=sender)
    days = [[one, "2026-03-03", "8", "8", ""] for one in ("A1", "A3")]
    desk.send("narvaro", days, sender=sender)
    rows = [
        desk.enrolment("A1", 1),
        desk.enrolment("A2", 2, end="2026-03-20"),
        desk.enrolment("A3", 100 + place),
        desk.enrolment("", 5),
    ]
    name = desk.name("insatser", sender=sender)
    return desk.put(name, desk.csv("insatser", rows))


def receive_and_die(office: Office, file: Any, run_id: int, at: int) -> bool:
    """Receive in a process of its own, which is killed at its n:th step.

    Returns:
        True when it was killed, False when it came to its end before.
    """
    child = os.fork()
    if child == 0:
        _receive_in_child(office, file, run_id, at)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _receive_in_child(office: Office, file: Any, run_id: int, at: int) -> NoReturn:
    try:
        office.engine.dispose(close=False)
        steps = iter(range(1, 10**6))

        def step(*_: object, **__: object) -> None:
            if next(steps) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        run, write = statements._run, psycopg.Copy.write
        statements._run = lambda *args: (step(), run(*args))[1]  # type: ignore[assignment]
        psycopg.Copy.write = lambda *args: (write(*args), step())[0]  # type: ignore[assignment,method-assign]
        event.listen(office.engine, "commit", step)
        receive(office, file, run_id)
        os._exit(0)
    finally:
        os._exit(1)


def test_a_worker_killed_at_any_step_leaves_nothing_or_everything(desk: Desk) -> None:
    undisturbed, *others = senders_of(desk, 120)
    file = prepare(desk, undisturbed, 0)
    before = desk.query(STATE, sender=undisturbed)
    loaded_only = None
    receive(desk.office, file, desk.run_id)
    after = desk.query(STATE, sender=undisturbed)
    assert before != after
    was_killed, seen = True, []
    for place, sender in enumerate(others, start=1):
        file = prepare(desk, sender, place)
        was_killed = receive_and_die(desk.office, file, desk.run_id, place)
        left = desk.query(STATE, sender=sender)
        # Between the two commits of a parent and its children, the parent is whole and the children still wait.
        if left not in (before, after):
            loaded_only = loaded_only or left
            assert left == loaded_only
        seen.append(left)
        receipt = receive(desk.office, file, desk.run_id)
        assert receipt.status == ("identisk" if left != before else "mottagen")
        assert desk.query(STATE, sender=sender) == after, f"killed at step {place}"
        if not was_killed:
            break
    assert not was_killed
    assert before in seen
    assert after in seen
    assert desk.query("SELECT count(*) FROM lineage.delivery WHERE status = 'landad'") == [(0,)]


@pytest.mark.parametrize("at", [1, 4])
def test_a_landed_file_goes_on_from_its_row_in_the_ledger(desk: Desk, at: int) -> None:
    file = desk.put(desk.name("insatser"), desk.csv("insatser", [desk.enrolment("A1")]))
    assert receive_and_die(desk.office, file, desk.run_id, at)
    landed = desk.query("SELECT delivery_id FROM lineage.delivery WHERE status = 'landad'")
    receipt = receive(desk.office, file, desk.run_id)
    assert [(receipt.delivery_id,)] == landed or at == 1
    assert desk.query("SELECT count(*) FROM lineage.delivery WHERE dataset = 'insatser'") == [(1,)]
