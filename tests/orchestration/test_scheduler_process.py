"""Airflow is refused where it must not start, and stopped whole; the processes here are stand-ins that only sleep."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from arshjul.orchestration import scheduler_process
from arshjul.orchestration.airflow_environment import airflow_home, write_private
from arshjul.orchestration.scheduler_process import SchedulerError
from arshjul.settings import Settings

# A part of Airflow as it is at its worst: it leaves a task behind in a process group of its own that will not be asked.
PART = r"""
import os, signal, time
if os.fork() == 0:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(1, b"%d\n" % os.getpid())
time.sleep(600)
"""


@contextmanager
def a_part(settings: Settings, born_shift: int = 0) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """Start a part of this home's Airflow and give it with the ids of its two processes; nothing of it is left."""
    pids: list[int] = []
    process = subprocess.Popen([sys.executable, "-c", PART], stdout=subprocess.PIPE, start_new_session=True)
    with process:
        try:
            assert process.stdout is not None
            pids += sorted(int(process.stdout.readline()) for _ in range(2))
            born = int(Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[19])
            component = {"name": "scheduler", "pid": process.pid, "born": born + born_shift}
            write_private(airflow_home(settings) / "processes.json", json.dumps([8080, component]))
            yield process, pids
        finally:
            for pid in filter(is_alive, {process.pid, *pids}):
                os.kill(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler_process, "_STOP_SECONDS", (0.2, 0.2, 10))


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_nothing_starts_in_production(settings: Settings) -> None:
    with pytest.raises(SchedulerError, match=r"docker-compose\.yaml"):
        scheduler_process.start(replace(settings, environment="production"))
    assert not airflow_home(settings).exists()


def test_a_taken_port_is_named_before_anything_is_started(settings: Settings, busy_port: int) -> None:
    with pytest.raises(SchedulerError, match=f"port {busy_port} on 127.0.0.1.*in use"):
        scheduler_process.start(settings, port=busy_port)
    assert not airflow_home(settings).exists()


def test_without_a_database_server_the_error_says_how_to_start_one(settings: Settings) -> None:
    with pytest.raises(SchedulerError, match="arshjul db up"):
        scheduler_process.start(settings, port=0)


@pytest.mark.usefixtures("impatient")
def test_stopping_ends_also_the_task_that_left_its_group_and_will_not_be_asked(settings: Settings) -> None:
    with a_part(settings) as (_, pids):
        assert all(map(is_alive, pids))
        assert scheduler_process.running(settings) is not None
        assert scheduler_process.stop(settings)
        assert not any(map(is_alive, pids))
    assert scheduler_process.running(settings) is None
    assert not scheduler_process.stop(settings)


@pytest.mark.usefixtures("impatient")
def test_a_task_is_found_also_when_its_part_has_died(settings: Settings) -> None:
    with a_part(settings) as (process, pids):
        process.kill()
        process.wait()
        assert scheduler_process.running(settings) is None
        assert scheduler_process.stop(settings)
        assert not any(map(is_alive, pids))


def test_a_process_that_has_been_given_an_old_number_is_left_alone(settings: Settings) -> None:
    with a_part(settings, born_shift=-1) as (_, pids):
        assert not scheduler_process.stop(settings)
        assert all(map(is_alive, pids))
