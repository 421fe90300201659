"""Deliveries over SFTP: a folder per sender, or a login per sender, whose finished files are fetched.

The connection is opened, and the server's key checked, by whoever calls; here only the folder is read. Nothing of a sender's is
followed anywhere else: no links, no folders below, no names with folders in them.
"""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from arshjul.sources.folder import is_unfinished
from arshjul.sources.inbox import FetchError, Inbox, Seen, Tally, extension_of, read_head, sha256_of

_BLOCK_BYTES = 1 << 15
_MOST_FILES = 2000
_MOST_ENTRIES = 10 * _MOST_FILES  # folders and unfinished files among them; a server may go on for ever
_LONGEST_NAME = 120
_ANSWER_SECONDS = 60
_REQUESTS_AT_ONCE = 64


class Client(Protocol):
    """What is used of an open ``paramiko.SFTPClient``."""

    def get_channel(self) -> Any: ...

    def listdir_iter(self, path: str) -> Iterator[Any]: ...

    def lstat(self, path: str) -> Any: ...

    def open(self, filename: str, mode: str) -> Any: ...

    def remove(self, path: str) -> None: ...


@dataclass(frozen=True)
class _Listed:
    """A file as the server tells of it."""

    name: str
    size: int
    modified: int

    @property
    def mark(self) -> str:
        return f"{self.size}-{self.modified}"


@dataclass(frozen=True)
class SftpSource:
    """One sender's folder.

    Attributes:
        folder: Its path on the server.
        inbox: Where files land.
        most_bytes: Largest file.
        again: Hashes of files to fetch again although they are unchanged.
        remove_fetched: Remove a file from the server when it has been fetched.
    """

    folder: str
    inbox: Inbox
    most_bytes: int
    again: Collection[str] = ()
    remove_fetched: bool = False

    def fetch(self, client: Client) -> Tally:
        """Fetch the folder's new and changed files.

        A file that changes while it is fetched is left for the next time: its sender is still writing it.

        Args:
            client: Open.

        Returns:
            What came of it; what is wrong with one file stands among the faults and does not hinder the others.

        Raises:
            FetchError: The folder cannot be read, or the connection is lost.
        """
        tally = Tally()
        with _told_in_swedish():
            client.get_channel().settimeout(_ANSWER_SECONDS)
            files = self._list(client)
            for file in files:
                self._fetch_one(client, file, tally)
        self.inbox.forget_others(file.name for file in files)
        return tally

    def _list(self, client: Client) -> list[_Listed]:
        entries = (_as_file(entry.filename, entry) for entry in islice(client.listdir_iter(self.folder), _MOST_ENTRIES))
        files = [file for file in entries if file is not None and not is_unfinished(file.name)]
        if len(files) > _MOST_FILES:
            raise FetchError(f"I avsändarens mapp ligger fler än {_MOST_FILES} filer. Be avsändaren flytta de gamla.")
        return sorted(files, key=lambda file: file.name)

    def _fetch_one(self, client: Client, file: _Listed, tally: Tally) -> None:
        seen = self.inbox.seen(file.name)
        if seen and seen.mark == file.mark and seen.sha256 not in self.again:
            tally.unchanged += 1
            return
        if file.size > self.most_bytes:
            tally.faults.append("En fil i avsändarens mapp är större än vad som tas emot.")
            return
        path = f"{self.folder}/{file.name}"
        self.inbox.drop(file.name)
        self._download(client, path, file)
        part = self.inbox.part(file.name)
        # Asked again at the end: a file that grew, was replaced or became a link is not what was listed.
        if part.stat().st_size != file.size or _as_file(file.name, client.lstat(path)) != file:
            self.inbox.drop(file.name)
            tally.missing += 1
            return
        digest = sha256_of(part)
        self.inbox.land(file.name, _local_name(file.name, digest, read_head(part)))
        self.inbox.remember(file.name, Seen(file.mark, digest))
        tally.fetched += 1
        if self.remove_fetched:
            self._remove(client, path, tally)

    def _download(self, client: Client, path: str, file: _Listed) -> None:
        with self.inbox.part(file.name).open("wb") as target, client.open(path, "rb") as source:
            source.prefetch(file.size, _REQUESTS_AT_ONCE)
            missing = file.size
            while missing and (block := source.read(min(_BLOCK_BYTES, missing))):
                target.write(block)
                missing -= len(block)

    def _remove(self, client: Client, path: str, tally: Tally) -> None:
        try:
            client.remove(path)
        except OSError:
            tally.faults.append(
                "En hämtad fil gick inte att ta bort från servern. Kontrollera inloggningens rättigheter."
            )


@contextmanager
def _told_in_swedish() -> Iterator[None]:
    """Let no exception out whose text could hold a file's name."""
    from paramiko import SSHException

    try:
        yield
    except FileNotFoundError:
        raise FetchError("Avsändarens mapp, eller en fil i den, finns inte på servern.", may_pass=True) from None
    except PermissionError:
        raise FetchError("Inloggningen får inte läsa avsändarens mapp. Kontrollera rättigheterna på servern.") from None
    except UnicodeDecodeError:
        raise FetchError(
            "En fil i avsändarens mapp har ett namn som inte är UTF-8. Be avsändaren döpa om den."
        ) from None
    except (SSHException, OSError, EOFError) as error:
        raise FetchError(f"Förbindelsen med servern bröts ({type(error).__name__}).", may_pass=True) from None


def _as_file(name: str, attributes: Any) -> _Listed | None:
    """What is told of a regular file; ``None`` for links, folders, and names that lead somewhere else."""
    mode, size, modified = attributes.st_mode, attributes.st_size, attributes.st_mtime
    if mode is None or size is None or modified is None or not stat.S_ISREG(mode):
        return None
    return None if "/" in name or "\0" in name else _Listed(name, size, modified)


def _local_name(name: str, digest: str, head: bytes) -> str:
    """The name as given, or a neutral one for what no folder should hold: intake refuses both and says why."""
    plain = name.isprintable() and len(name) <= _LONGEST_NAME and Path(name).name == name
    return name if plain else f"okant-filnamn-{digest[:16]}.{extension_of(head)}"
