"""A worker killed anywhere leaves nothing or everything, and the same file received again gives the same tables."""

from __future__ import annotations

import json
import os
import random
import re
import select
import signal
import time
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from sqlalchemy import event

from arshjul.intake.delivery import receive
from arshjul.intake.office import Office
from arshjul.orchestration.monthly import receive_from
from arshjul.orchestration.runs import RunKey
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


MOMENTS = 50
SENT = ("insatser", "narvaro", "kurser", "kapacitet")
NUMBERS_AND_TIMES = "{delivery_id,known_from,known_to,person_id,sender}"
# Everything that a worker leaves behind for a sender, apart from numbers given out in order and times.
LEFT_BEHIND = """
SELECT 'leverans', concat_ws('|', dataset, period, file_name, status, is_current, rows_in, rows_loaded, rows_unchanged,
    rows_quarantined, detected, refusal_rule, warnings, finished_at IS NULL), count(*)
FROM lineage.delivery WHERE sender = :sender AND status <> 'identisk' GROUP BY 2
UNION ALL
SELECT 'karantan', concat_ws('|', d.dataset, d.status, q.row_no, q.field, q.rule, q.text), count(*)
FROM quarantine.row q JOIN lineage.delivery d USING (delivery_id) WHERE d.sender = :sender GROUP BY 2
UNION ALL
SELECT 'personer', count(DISTINCT person_id)::text, count(*)
FROM core.insatser JOIN core.person USING (person_id) WHERE sender = :sender
"""


class Worker:
    """A worker that receives what lies in a sender's folder, as the monthly DAG's task does."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.settings = desk.office.settings

    def land(self, sender: str) -> None:
        """A first delivery that is loaded, and four files that are to be: a correction, children, one bad row in each."""
        desk = self.desk
        first = [desk.enrolment(f"{sender}-1", 1), desk.enrolment(f"{sender}-2", 2)]
        desk.send("insatser", first, sender=sender)
        desk.send("narvaro", [[f"{sender}-{one}", "2026-03-03", "8", "8", ""] for one in (1, 3)], sender=sender)
        enrolled = [
            desk.enrolment(f"{sender}-1", 1),
            desk.enrolment(f"{sender}-2", 2, end="2026-03-20"),
            *(desk.enrolment(f"{sender}-{who}", who) for who in range(3, 40)),
            desk.enrolment("", 5),
        ]
        days = [[f"{sender}-{who}", f"2026-03-{day:02d}", "8", "8", ""] for who in range(1, 30) for day in range(2, 14)]
        files = {
            "insatser": enrolled,
            "narvaro": [*days, [f"{sender}-0", "2026-03-03", "8", "9", ""]],
            "kurser": [
                [f"{sender}-K1", "Svenska", "2026-03-20", "9", "ja"],
                [f"{sender}-K2", "", "2026-03-20", "9", "ja"],
            ],
            "kapacitet": [["2026-03", "4,5", "100"]],
        }
        folder = self.settings.landing / sender
        folder.mkdir(parents=True)
        for dataset, rows in files.items():
            columns = ["kurs_id", "namn", "slutdatum", "deltagare", "utvarderas"] if dataset == "kurser" else None
            (folder / desk.name(dataset, sender=sender)).write_bytes(desk.csv(dataset, rows, columns))

    def run(self, sender: str) -> None:
        receive_from(self.settings, RunKey("ingest_provider_monthly", f"run-{sender}", "2026-03"), sender)

    def run_apart(self, sender: str, killed_after: float | None = None) -> float:
        """Run in a process of its own, killed after so many seconds unless it has ended; returns its seconds."""
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            try:
                self.run(sender)
                os._exit(0)
            finally:
                os._exit(1)
        ending = os.pidfd_open(child)
        select.select([ending], [], [], killed_after)
        seconds = time.monotonic() - began
        os.close(ending)
        os.kill(child, signal.SIGKILL)  # of no effect on one that has ended
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return seconds

    def left_behind(self, sender: str) -> dict[str, Any]:
        """Tables, staging, receipts, archive and landing, comparable between senders."""
        desk = self.desk
        found: dict[str, Any] = {"ledger": sorted(desk.query(LEFT_BEHIND, sender=sender))}
        for schema, dataset in [("core", name) for name in SENT] + [("staging", name) for name in SENT]:
            whose = "t.sender = :sender" if schema == "core" else "d.sender = :sender AND d.is_current"
            closed = "t.known_to < 'infinity'" if schema == "core" else "false"
            rows = desk.query(
                f"SELECT (to_jsonb(t) - '{NUMBERS_AND_TIMES}'::text[])::text, {closed} "
                f"FROM {schema}.{dataset} t JOIN lineage.delivery d USING (delivery_id) WHERE {whose}",
                sender=sender,
            )
            found[f"{schema}.{dataset}"] = sorted(rows)
        for (sha256,) in desk.query(
            "SELECT DISTINCT sha256 FROM lineage.delivery WHERE sender = :sender", sender=sender
        ):
            desk.office.archive.verify(sha256)
        found["receipts"] = {name: self.newest_receipt(sender, name) for name in SENT}
        found["landing"] = sorted(path.name for path in (self.settings.landing / sender).iterdir())
        return json.loads(json.dumps(found).replace(sender, "avsandaren"))  # type: ignore[no-any-return]

    def newest_receipt(self, sender: str, dataset: str) -> tuple[int, ...]:
        """Rows in, known and in quarantine, as the sender was last told: once loaded, a file is identical the next time."""

        def order(path: Path) -> tuple[int, bool]:
            parts = path.stem.split("_")
            return int(parts[3]), len(parts) > 4

        told = max((self.settings.receipts / sender).glob(f"kvittens_{dataset}_*.txt"), key=order).read_text()
        rows, new, known, bad = (int(number) for number in re.findall(r"^[^:]*: ([0-9]+)$", told, re.MULTILINE)[:4])
        return rows, new + known, bad


def test_a_worker_killed_at_fifty_random_moments_ends_like_an_undisturbed_one(desk: Desk) -> None:
    worker, dice = Worker(desk), random.Random(20260322)
    undisturbed, again, *others = senders_of(desk, MOMENTS + 2)
    for sender in (undisturbed, again, *others):
        worker.land(sender)
    seconds = max(worker.run_apart(sender) for sender in (undisturbed, again))
    expected = worker.left_behind(undisturbed)
    assert worker.left_behind(again) == expected
    assert expected["landing"] == []
    before_it_ended = 0
    for number, sender in enumerate(others):
        # One moment in each fiftieth of the time, so that no part of the work is left out by chance.
        took = worker.run_apart(sender, killed_after=seconds * (number + dice.random()) / MOMENTS)
        if list((worker.settings.landing / sender).iterdir()):
            before_it_ended += 1
        else:
            seconds = took  # the machine has less to do now than when the time was taken
        worker.run(sender)
        assert worker.left_behind(sender) == expected, f"killed at moment {number}"
    assert before_it_ended >= MOMENTS // 2
    assert desk.query("SELECT count(*) FROM lineage.delivery WHERE status = 'landad'") == [(0,)]
    assert list((worker.settings.archive / "tmp").iterdir()) == []
