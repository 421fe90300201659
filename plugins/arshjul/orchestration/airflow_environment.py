"""The whole environment of the demo's Airflow, made from our settings and from nothing else.

Airflow is configured by environment variables alone, so that the same :class:`~arshjul.settings.Settings` always give
the same Airflow, whatever stands in the shell it was started from. Passwords and secrets are made once, below
AIRFLOW_HOME, readable by their owner only.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from arshjul.settings import REPOSITORY, VARIABLES, Settings
from arshjul.warehouse.engine import AIRFLOW, database_url

HOST = "127.0.0.1"

USERS: Mapping[str, str] = {"datateam": "admin", "anna": "user", "bertil": "user"}
"""The demo's users and their roles in Airflow's simple auth manager: the data team, and two who approve."""


def airflow_home(settings: Settings) -> Path:
    """Return the folder where this home's Airflow keeps its logs, secrets and state."""
    return settings.home / "airflow"


def metadata_url(settings: Settings) -> str:
    """Return the URL of Airflow's metadata: a database of its own on the warehouse's server."""
    return database_url(settings, AIRFLOW)


def build_environment(settings: Settings, port: int, dags_folder: Path) -> dict[str, str]:
    """Return every environment variable of Airflow's processes.

    Args:
        settings: What tasks read back with ``load_settings``.
        port: The API server's port on loopback.
        dags_folder: The DAGs.
    """
    home = airflow_home(settings)
    own = {v.name: str(getattr(settings, v.name.removeprefix("ARSHJUL_").lower()) or "") for v in VARIABLES}
    options = {**_database(settings), **_core(home, dags_folder), **_api(port), **_secrets(home)}
    return {
        **own,
        **shared_options(),
        "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
        "HOME": str(Path.home()),
        # The database's socket may be below it: both sides must look in the same place.
        "TMPDIR": tempfile.gettempdir(),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(REPOSITORY / "plugins"),
        "AIRFLOW_HOME": str(home),
        **{f"AIRFLOW__{name.upper()}": value for name, value in options.items()},
    }


def _database(settings: Settings) -> dict[str, str]:
    url = metadata_url(settings)
    return {
        "database__sql_alchemy_conn": url,
        # Said, since Airflow would guess asyncpg, which is not installed; psycopg speaks both ways.
        "database__sql_alchemy_conn_async": url,
    }


def _core(home: Path, dags_folder: Path) -> dict[str, str]:
    return {
        "core__dags_folder": str(dags_folder),
        "core__plugins_folder": str(REPOSITORY / "plugins"),
        "core__simple_auth_manager_users": ",".join(f"{name}:{role}" for name, role in USERS.items()),
        "core__simple_auth_manager_passwords_file": str(_passwords_file(home)),
        "logging__base_log_folder": str(home / "logs"),
    }


def _api(port: int) -> dict[str, str]:
    return {
        "api__host": HOST,
        "api__port": str(port),
        # Tasks report to the API server, so this must be the address that is listened on.
        "api__base_url": f"http://{HOST}:{port}",
    }


def shared_options() -> dict[str, str]:
    """Return what Airflow is told in both ways of running, from ``include/airflow.env``."""
    lines = (REPOSITORY / "include" / "airflow.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _secrets(home: Path) -> dict[str, str]:
    """Return Airflow's own secrets, made the first time and kept: sign-ins outlive a restart."""
    file = home / "secrets.json"
    if not file.exists():
        from cryptography.fernet import Fernet

        made = {
            "core__fernet_key": Fernet.generate_key().decode(),
            "api__secret_key": secrets.token_urlsafe(32),
            "api_auth__jwt_secret": secrets.token_urlsafe(64),
        }
        write_private(file, json.dumps(made))
    read: dict[str, str] = json.loads(file.read_text())
    return read


def read_passwords(home: Path) -> dict[str, str]:
    """Return every user's password.

    They are made here, before Airflow asks for them, since it prints those that it makes itself in its log.

    Args:
        home: AIRFLOW_HOME.
    """
    file = _passwords_file(home)
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    if missing := USERS.keys() - known.keys():
        known |= {name: secrets.token_urlsafe(12) for name in missing}
        write_private(file, json.dumps(known))
    return known


def _passwords_file(home: Path) -> Path:
    return home / "passwords.json"


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read, all of it or nothing.

    Args:
        file: The file; its folder is made when missing, for its owner only.
        text: What to write.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    temporary.replace(file)
