"""Fetching over SFTP from a real server."""

from __future__ import annotations

import hashlib
import io
import logging
import os
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import paramiko
import pytest
from tests.sources.misbehaving import SftpServer, sftp_server

from arshjul.sources.folder import find_fetched
from arshjul.sources.inbox import FetchError, Inbox, Tally
from arshjul.sources.sftp import SftpSource

PROVIDER, OTHER = "5560360793", "5590000013"
NAME = f"kapacitet_{PROVIDER}_2026-03.csv"
CSV = b"manad;coacher;platser\n2026-03;2;40\n"


@dataclass
class World:
    """A server with one folder per provider, and what one provider's channel fetches."""

    server: SftpServer
    client: paramiko.SFTPClient
    fetched: Path
    most_bytes: int = 1_000_000

    @property
    def folder(self) -> Path:
        return self.server.root / "in" / PROVIDER

    def put(self, name: str, content: bytes = CSV) -> Path:
        file = self.folder / name
        file.write_bytes(content)
        return file

    def fetch(self, again: tuple[str, ...] = (), remove_fetched: bool = False, folder: str | None = None) -> Tally:
        inbox = Inbox(self.fetched / "sftp" / PROVIDER, "kanal")
        source = SftpSource(folder or f"/in/{PROVIDER}", inbox, self.most_bytes, again, remove_fetched)
        return source.fetch(self.client)

    @property
    def landed(self) -> dict[str, bytes]:
        return {file.path.name: file.path.read_bytes() for file in find_fetched(self.fetched)}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpServer]:
    with sftp_server(tmp_path_factory.mktemp("sftp")) as running:
        yield running


@pytest.fixture
def world(server: SftpServer, tmp_path: Path) -> Iterator[World]:
    # Below a folder of the test's own: the server is the module's.
    for old in sorted(server.root.rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() and not old.is_symlink() else old.unlink()
    (server.root / "in" / PROVIDER).mkdir(parents=True)
    (server.root / "in" / OTHER).mkdir()
    server.on_read.clear()
    with paramiko.SSHClient() as ssh:
        kind, key = server.host_key.split()[:2]
        ssh.get_host_keys().add(f"[127.0.0.1]:{server.port}", kind, paramiko.Ed25519Key(data=b64decode(key)))
        pkey = paramiko.Ed25519Key.from_private_key(io.StringIO(server.client_key))
        ssh.connect("127.0.0.1", server.port, "arshjul", pkey=pkey, allow_agent=False, look_for_keys=False)
        yield World(server, ssh.open_sftp(), tmp_path / "fetched")


def test_a_delivery_lands_untouched_with_its_sender_and_channel(world: World) -> None:
    put = world.put(NAME)
    assert world.fetch() == Tally(fetched=1)
    [file] = find_fetched(world.fetched)
    assert (file.path.name, file.sender, file.channel) == (NAME, PROVIDER, "sftp")
    assert file.path.read_bytes() == CSV
    assert put.exists(), "nothing is removed from the server unless the channel says so"
    assert list(world.fetched.rglob("*.part")) == []


def test_a_file_of_many_blocks_comes_whole(world: World) -> None:
    content = os.urandom(900_000)
    world.put(NAME, content)
    world.fetch()
    assert world.landed == {NAME: content}


def test_only_finished_regular_files_of_the_folder_itself_are_fetched(world: World) -> None:
    (world.folder.parent / OTHER / "hemlig.csv").write_bytes(b"hemligt")
    (world.folder / "link.csv").symlink_to(world.folder.parent / OTHER / "hemlig.csv")
    (world.folder / "mapp.csv").mkdir()
    (world.folder / "mapp.csv" / "djup.csv").write_bytes(b"x")
    os.mkfifo(world.folder / "kö.csv")
    for name in ("a.csv.part", ".a.csv", "~$a.xlsx", "A.CSV.FILEPART", "a.tmp"):
        world.put(name)
    assert world.fetch() == Tally()
    assert world.landed == {}


def test_what_has_not_changed_is_not_fetched_again(world: World) -> None:
    put = world.put(NAME)
    os.utime(put, (1_000_000, 1_000_000))
    world.fetch()
    [first] = find_fetched(world.fetched)
    first.path.unlink()
    assert world.fetch() == Tally(unchanged=1)
    assert world.landed == {}
    world.put(NAME, CSV.replace(b"40", b"41"))
    assert world.fetch() == Tally(fetched=1)
    assert world.landed[NAME] == CSV.replace(b"40", b"41")


def test_a_file_can_be_asked_for_again_although_it_is_unchanged(world: World) -> None:
    world.put(NAME)
    world.fetch()
    assert world.fetch(again=(hashlib.sha256(CSV).hexdigest(),)) == Tally(fetched=1)


def test_a_file_that_is_gone_from_the_server_and_comes_back_is_fetched(world: World) -> None:
    put = world.put(NAME)
    os.utime(put, (1_000_000, 1_000_000))
    world.fetch()
    put.unlink()
    assert world.fetch() == Tally()
    os.utime(world.put(NAME), (1_000_000, 1_000_000))
    assert world.fetch() == Tally(fetched=1)


def test_a_fetched_file_is_removed_from_the_server_when_the_channel_says_so(world: World) -> None:
    put = world.put(NAME)
    assert world.fetch(remove_fetched=True) == Tally(fetched=1)
    assert not put.exists()
    assert world.landed == {NAME: CSV}


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"2026-03;3;50\n")


def _touch(path: Path) -> None:
    os.utime(path, (1_000_000, 1_000_000))


def _become_a_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


@pytest.mark.parametrize("change", [_grow, _touch, _become_a_link])
def test_a_file_that_changes_while_it_is_fetched_is_left(world: World, change: Callable[[Path], None]) -> None:
    put = world.put(NAME)
    world.server.on_read.append(lambda _: change(put) if not put.is_symlink() else None)
    assert world.fetch() == Tally(missing=1)
    assert world.landed == {}
    assert list(world.fetched.rglob("*.part")) == []
    world.server.on_read.clear()
    if not put.is_symlink():
        assert world.fetch() == Tally(fetched=1), "it is fetched when it is finished"


def test_a_file_over_the_limit_is_left_and_the_rest_is_fetched(world: World) -> None:
    world.most_bytes = 100
    world.put(f"insatser_{PROVIDER}_2026-03.csv", b"x" * 101)
    world.put(NAME)
    tally = world.fetch()
    assert tally.faults == ["En fil i avsändarens mapp är större än vad som tas emot."]
    assert list(world.landed) == [NAME]


def test_a_name_that_claims_another_sender_is_kept_for_intake_to_refuse(world: World) -> None:
    world.put(f"kapacitet_{OTHER}_2026-03.csv")
    world.fetch()
    [file] = find_fetched(world.fetched)
    assert (file.path.name, file.sender) == (f"kapacitet_{OTHER}_2026-03.csv", PROVIDER)


@pytest.mark.parametrize("name", ["\u202evsc.exe", "rad\nbrytning.csv", "å" * 125, "tab\t.csv"])
def test_a_name_that_no_folder_should_hold_lands_under_a_neutral_one(world: World, name: str) -> None:
    world.put(name)
    assert world.fetch() == Tally(fetched=1)
    [landed] = world.landed
    assert landed.startswith("okant-filnamn-")
    assert landed.endswith(".csv")


def test_a_folder_that_is_not_there_is_told_of_without_names(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(FetchError, match="finns inte") as failed:
        world.fetch(folder="/in/19900101-2385")
    assert "19900101" not in str(failed.value)
    assert failed.value.__suppress_context__


def test_a_name_that_is_not_utf_8_is_told_of_without_the_name(world: World) -> None:
    with open(world.folder.as_posix().encode() + b"/\xc5sa.csv", "wb") as file:  # noqa: PTH123 - a name that is no text
        file.write(CSV)
    with pytest.raises(FetchError, match="UTF-8") as failed:
        world.fetch()
    assert failed.value.__suppress_context__


def test_a_lost_connection_is_told_of_and_may_pass(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.put(NAME)
    caplog.set_level(logging.INFO)

    def hang_up(_: Path) -> None:
        world.client.get_channel().get_transport().close()

    world.server.on_read.append(hang_up)
    with pytest.raises(FetchError, match="bröts") as failed:
        world.fetch()
    assert failed.value.may_pass
    assert world.landed == {}
    assert NAME not in caplog.text
