"""Channels: which sender delivers over HTTPS or SFTP, and from where. One file in ``include/channels`` per channel.

A sender that puts files in its own landing folder needs no file. Nothing secret stands here: token, login and keys are in
the Airflow connection. The address does stand here, and not in the connection, since it is the list of allowed hosts: who
may edit a connection cannot send a token to another host.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import SplitResult, urlsplit

from arshjul.catalogue.contracts import load_contracts
from arshjul.catalogue.yaml_files import CatalogueError, Definition, read_folder

Way: TypeAlias = Literal["https", "sftp"]

_LOOPBACK = ("127.0.0.1", "localhost")
_DEFAULT_PORTS = {"https": 443, "http": 80, "sftp": 22}
_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*/?", re.ASCII)
_ORGNR = re.compile(r"[0-9]{10}", re.ASCII)
_CONNECTION = re.compile(r"[A-Za-z0-9_.-]{1,100}", re.ASCII)


class Channel(Definition):
    """One sender's remote channel.

    Attributes:
        id: Stem of its file.
        title: Who it is and how, in Swedish: the data team reads it in Airflow.
        sender: Ten-digit organisationsnummer. Whatever comes from the address, with the connection's token or login, is
            this sender's; a file that claims another is refused.
        address: ``https://host[:port]/path`` or ``sftp://host[:port]/folder``: the only host that is spoken to. Without a
            folder, SFTP reads the login's own. ``http://`` only to loopback, and never in production.
        connection: Airflow connection with the token (its password), or with login, key and the server's ``host_key``.
        datasets: HTTPS: what is asked for each month.
        remove_fetched: SFTP: remove a file from the server when it has been fetched.
    """

    id: str
    title: str
    sender: str
    address: str
    connection: str
    datasets: tuple[str, ...] = ()
    remove_fetched: bool = False

    def __attrs_post_init__(self) -> None:
        if not _ORGNR.fullmatch(self.sender):
            raise ValueError("sender is an organisationsnummer of ten digits")
        if not _CONNECTION.fullmatch(self.connection):
            raise ValueError("connection is the id of an Airflow connection")
        self._check_address()
        if (self.way == "https") != bool(self.datasets):
            raise ValueError("datasets are named for https, where each is asked for, and only there")
        if self.way == "https" and self.remove_fetched:
            raise ValueError("only sftp has files to remove")

    def _check_address(self) -> None:
        parts = self._parts
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or not _PATH.fullmatch(parts.path):
            raise ValueError("address is https://host/path or sftp://host/folder")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError("address holds neither login, query nor fragment")
        if parts.port == 0:  # reading it also refuses what is no port number
            raise ValueError("address names no port that exists")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ValueError("an address without encryption is allowed to loopback only")

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.address)

    @property
    def way(self) -> Way:
        """How files come; also the ledger's word for it."""
        return "sftp" if self._parts.scheme == "sftp" else "https"

    @property
    def is_encrypted(self) -> bool:
        return self._parts.scheme != "http"

    @property
    def host(self) -> str:
        return self._parts.hostname or ""

    @property
    def port(self) -> int:
        return self._parts.port or _DEFAULT_PORTS[self._parts.scheme]

    @property
    def folder(self) -> str:
        """SFTP: the folder that is read; ``.`` is the login's own."""
        return self._parts.path.rstrip("/") or "."


def load_channels(include: Path) -> dict[str, Channel]:
    """Read ``include/channels``, which need not be there.

    Raises:
        CatalogueError: A channel is wrong, its id is not its file's stem, a dataset has no contract, or two channels
            share what should say who the sender is: a token, or a folder with its login.
    """
    folder = include / "channels"
    channels = read_folder(folder, Channel) if folder.is_dir() else {}
    contracts = load_contracts(include) if channels else {}
    for stem, channel in channels.items():
        if channel.id != stem:
            raise CatalogueError(f"{stem}.yaml: id is {channel.id}")
        if unknown := [name for name in channel.datasets if name not in contracts]:
            raise CatalogueError(f"{stem}.yaml: no contract {', '.join(unknown)}")
    _require_certain_senders(channels.values())
    return channels


def _require_certain_senders(channels: Iterable[Channel]) -> None:
    taken: dict[tuple[str, ...], str] = {}
    for channel in channels:
        # A token belongs to one sender. A login may see many folders, each of one sender.
        where = (channel.way, channel.connection, channel.folder if channel.way == "sftp" else "")
        if where in taken:
            raise CatalogueError(f"{channel.id}.yaml and {taken[where]}.yaml: the sender of a file would be uncertain")
        taken[where] = channel.id
