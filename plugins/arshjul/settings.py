"""The only reader of the environment.

Every other room gets a :class:`Settings` handed to it, so that one process can serve one home and a test can make as
many homes as it likes. README's table of settings is generated from :data:`VARIABLES`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

DEMO_MUNICIPALITY_ORGNR = "2120000001"


class SettingsError(ValueError):
    """A setting is missing or cannot be used; the message names the variable and what to do."""


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, its default as README shows it, and what it is for."""

    name: str
    default: str
    purpose: str


VARIABLES = (
    Variable("ARSHJUL_HOME", "`.arshjul` below the repository", "archive, landing, packages, keys, embedded server"),
    Variable("ARSHJUL_INCLUDE", "`include` in the repository", "contracts, SQL, templates, checks, recipients"),
    Variable("ARSHJUL_ENVIRONMENT", "`demo`", "`demo` (loopback only) or `production` (refuses demo credentials)"),
    Variable("ARSHJUL_DATABASE_URL", "the embedded server", "PostgreSQL 18, `postgresql+psycopg://…/arshjul`"),
    Variable("ARSHJUL_KOMMUN_ORGNR", DEMO_MUNICIPALITY_ORGNR, "the municipality's own number: sender of its registers"),
    Variable("ARSHJUL_KOMMUN_NAMN", "Exempelkommun", "the municipality's name on reports"),
    Variable("ARSHJUL_ARCHIVE_KEY_FILE", "`keys/archive.key` in the home", "32 random bytes: encrypts archived files"),
    Variable(
        "ARSHJUL_IDENTITY_KEY_FILE", "`keys/identity.key` in the home", "32 random bytes: alias of a personnummer"
    ),
    Variable("ARSHJUL_VAULT_KEY_FILE", "`keys/vault.key` in the home", "32 random bytes: encrypts personnummer"),
    Variable("ARSHJUL_SMTP_HOST", "127.0.0.1", "mail server"),
    Variable("ARSHJUL_SMTP_PORT", "10025", "mail server's port"),
    Variable("ARSHJUL_SMTP_SENDER", "arshjul@exempelkommun.example", "From address"),
    Variable("ARSHJUL_SMTP_USER", "", "mail server's user, if it asks for one"),
    Variable("ARSHJUL_SMTP_PASSWORD_FILE", "", "file with the mail server's password"),
    Variable("ARSHJUL_DATA_TEAM_EMAIL", "datateam@exempelkommun.example", "who is told when a run fails or waits"),
    Variable("ARSHJUL_AIRFLOW_URL", "http://127.0.0.1:8080", "where `arshjul watch` asks how Airflow is"),
    Variable("ARSHJUL_CODE_VERSION", "git's commit, else the package's version", "stamped on runs and packages"),
)

_DEFAULT = {variable.name: variable.default for variable in VARIABLES}


@dataclass(frozen=True)
class Settings:
    """Where things are and who we are. Made by :func:`load_settings`.

    Attributes:
        home: Folder for everything that is kept; two homes never meet.
        include: Folder with contracts, SQL, templates, checks and recipients.
        environment: ``demo`` or ``production``.
        database_url: SQLAlchemy URL of a server we do not run, or ``None`` for the embedded one.
        kommun_orgnr: The municipality's ten-digit organisationsnummer.
        kommun_namn: The municipality's name on reports.
        archive_key_file: 32 random bytes that encrypt archived deliveries.
        identity_key_file: 32 random bytes for the keyed alias of a personnummer.
        vault_key_file: 32 random bytes that encrypt the personnummer in the vault.
        smtp_host: Mail server.
        smtp_port: The mail server's port.
        smtp_sender: From address.
        smtp_user: Mail server's user, empty for none.
        smtp_password_file: File with the mail server's password, or ``None``.
        data_team_email: Who is told when a run fails or waits.
        airflow_url: Where Airflow's health page is, without a last slash.
        code_version: Explicit code version, empty to ask git.
    """

    home: Path
    include: Path
    environment: str
    database_url: str | None
    kommun_orgnr: str
    kommun_namn: str
    archive_key_file: Path
    identity_key_file: Path
    vault_key_file: Path
    smtp_host: str
    smtp_port: int
    smtp_sender: str
    smtp_user: str
    smtp_password_file: Path | None
    data_team_email: str
    airflow_url: str
    code_version: str

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def server_root(self) -> Path:
        """The embedded PostgreSQL's folder."""
        return self.home / "postgres"

    @property
    def landing(self) -> Path:
        """Where senders put their files: one folder per organisationsnummer."""
        return self.home / "landing"

    @property
    def fetched(self) -> Path:
        """What has been fetched from senders, by channel and organisationsnummer, until it is received."""
        return self.home / "fetched"

    @property
    def archive(self) -> Path:
        """Content-addressed, encrypted deliveries."""
        return self.home / "archive"

    @property
    def packages(self) -> Path:
        """Frozen report packages, one folder per content hash."""
        return self.home / "packages"

    @property
    def outbox(self) -> Path:
        """Folder channel: what has been delivered, one folder per recipient."""
        return self.home / "outbox"

    @property
    def receipts(self) -> Path:
        """Receipts back to senders, one folder per organisationsnummer."""
        return self.home / "receipts"

    @property
    def data_docs(self) -> Path:
        """Great Expectations' Data Docs."""
        return self.home / "data-docs"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Args:
        environ: The variables to read; the process's own by default.

    Raises:
        SettingsError: A value cannot be used, or production lacks what it must be given.
    """
    given = os.environ if environ is None else environ

    def text(name: str, default: str | None = None) -> str:
        return given.get(name, "") or (_DEFAULT[name] if default is None else default)

    home = Path(text("ARSHJUL_HOME", str(REPOSITORY / ".arshjul"))).expanduser().resolve()

    def key_file(name: str, default: str) -> Path:
        return Path(text(name, str(home / "keys" / default))).expanduser()

    password_file = given.get("ARSHJUL_SMTP_PASSWORD_FILE", "")
    settings = Settings(
        home=home,
        include=Path(text("ARSHJUL_INCLUDE", str(REPOSITORY / "include"))).expanduser().resolve(),
        environment=text("ARSHJUL_ENVIRONMENT", "demo"),
        database_url=given.get("ARSHJUL_DATABASE_URL") or None,
        kommun_orgnr=text("ARSHJUL_KOMMUN_ORGNR"),
        kommun_namn=text("ARSHJUL_KOMMUN_NAMN"),
        archive_key_file=key_file("ARSHJUL_ARCHIVE_KEY_FILE", "archive.key"),
        identity_key_file=key_file("ARSHJUL_IDENTITY_KEY_FILE", "identity.key"),
        vault_key_file=key_file("ARSHJUL_VAULT_KEY_FILE", "vault.key"),
        smtp_host=text("ARSHJUL_SMTP_HOST"),
        smtp_port=_port(text("ARSHJUL_SMTP_PORT")),
        smtp_sender=text("ARSHJUL_SMTP_SENDER"),
        smtp_user=given.get("ARSHJUL_SMTP_USER", ""),
        smtp_password_file=Path(password_file).expanduser() if password_file else None,
        data_team_email=text("ARSHJUL_DATA_TEAM_EMAIL"),
        airflow_url=text("ARSHJUL_AIRFLOW_URL").rstrip("/"),
        code_version=given.get("ARSHJUL_CODE_VERSION", ""),
    )
    _check(settings, given)
    return settings


def bare_environment() -> dict[str, str]:
    """Return what a program of ours is given that is to know nothing of this environment: what Windows starts none without."""
    return {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}


def silence_telemetry() -> None:
    """Keep libraries from calling home: to be called before Great Expectations is imported."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsError("ARSHJUL_SMTP_PORT is not a port number (1–65535)")
    return int(text)


_REQUIRED_IN_PRODUCTION = (
    "ARSHJUL_DATABASE_URL",
    "ARSHJUL_KOMMUN_ORGNR",
    "ARSHJUL_KOMMUN_NAMN",
    "ARSHJUL_ARCHIVE_KEY_FILE",
    "ARSHJUL_IDENTITY_KEY_FILE",
    "ARSHJUL_VAULT_KEY_FILE",
    "ARSHJUL_SMTP_HOST",
    "ARSHJUL_SMTP_PORT",
    "ARSHJUL_SMTP_SENDER",
    "ARSHJUL_DATA_TEAM_EMAIL",
)


def _check(settings: Settings, given: Mapping[str, str]) -> None:
    if settings.environment not in ("demo", "production"):
        raise SettingsError("ARSHJUL_ENVIRONMENT is demo or production")
    if not settings.airflow_url.startswith(("http://", "https://")):
        raise SettingsError("ARSHJUL_AIRFLOW_URL begins with http:// or https://")
    if settings.is_production and (missing := [name for name in _REQUIRED_IN_PRODUCTION if not given.get(name)]):
        raise SettingsError(f"production needs {', '.join(missing)}: nothing is guessed there")
    if settings.is_production and (demo := [name for name, value in _made_up(settings).items() if value]):
        raise SettingsError(f"production does not take the demo's {', '.join(demo)}")


def _made_up(settings: Settings) -> dict[str, bool]:
    """Say which settings are the demo's own: made-up addresses, loopback, keys that the demo makes by itself."""
    keys = (settings.archive_key_file, settings.identity_key_file, settings.vault_key_file)
    return {
        "ARSHJUL_KOMMUN_ORGNR": settings.kommun_orgnr == DEMO_MUNICIPALITY_ORGNR,
        "ARSHJUL_KOMMUN_NAMN": settings.kommun_namn == _DEFAULT["ARSHJUL_KOMMUN_NAMN"],
        "ARSHJUL_SMTP_HOST": settings.smtp_host in ("127.0.0.1", "localhost", "::1"),
        "ARSHJUL_SMTP_SENDER": settings.smtp_sender.endswith(".example"),
        "ARSHJUL_DATA_TEAM_EMAIL": settings.data_team_email.endswith(".example"),
        "key files": any(key.is_relative_to(settings.home / "keys") for key in keys),
        "ARSHJUL_DATABASE_URL": str(settings.server_root) in (settings.database_url or ""),
    }
