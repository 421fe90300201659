"""The one reader of the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from arshjul.settings import VARIABLES, SettingsError, load_settings


def test_the_demo_needs_no_settings_and_stays_below_the_repository() -> None:
    settings = load_settings({})
    assert settings.home.name == ".arshjul"
    assert (settings.home.parent / "pyproject.toml").is_file()
    assert settings.smtp_host == "127.0.0.1"
    assert not settings.is_production


def test_two_homes_never_meet(tmp_path: Path) -> None:
    one, other = (load_settings({"ARSHJUL_HOME": str(tmp_path / name)}) for name in ("one", "other"))
    for place in (
        "archive",
        "landing",
        "packages",
        "outbox",
        "receipts",
        "data_docs",
        "server_root",
        "identity_key_file",
    ):
        assert getattr(one, place) != getattr(other, place)
        assert getattr(one, place).is_relative_to(one.home)


def test_production_does_not_start_on_guesses() -> None:
    with pytest.raises(SettingsError, match="ARSHJUL_IDENTITY_KEY_FILE"):
        load_settings({"ARSHJUL_ENVIRONMENT": "production", "ARSHJUL_DATABASE_URL": "postgresql+psycopg://db/arshjul"})


REAL = {
    "ARSHJUL_ENVIRONMENT": "production",
    "ARSHJUL_HOME": "/var/lib/arshjul",
    "ARSHJUL_DATABASE_URL": "postgresql+psycopg://arshjul@db/arshjul",
    "ARSHJUL_KOMMUN_ORGNR": "2120000142",
    "ARSHJUL_KOMMUN_NAMN": "Riktiga kommunen",
    "ARSHJUL_SMTP_HOST": "smtp.kommunen.se",
    "ARSHJUL_SMTP_PORT": "587",
    "ARSHJUL_SMTP_SENDER": "arshjul@kommunen.se",
    "ARSHJUL_DATA_TEAM_EMAIL": "datateam@kommunen.se",
} | {variable.name: f"/secrets/{variable.name}" for variable in VARIABLES if variable.name.endswith("_FILE")}


def test_production_starts_when_everything_is_given() -> None:
    assert load_settings(REAL).is_production


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ARSHJUL_KOMMUN_ORGNR", "2120000001"),
        ("ARSHJUL_KOMMUN_NAMN", "Exempelkommun"),
        ("ARSHJUL_SMTP_HOST", "127.0.0.1"),
        ("ARSHJUL_SMTP_SENDER", "arshjul@exempelkommun.example"),
        ("ARSHJUL_DATA_TEAM_EMAIL", "datateam@exempelkommun.example"),
        ("ARSHJUL_IDENTITY_KEY_FILE", "/var/lib/arshjul/keys/identity.key"),
        ("ARSHJUL_DATABASE_URL", "postgresql+psycopg://postgres@localhost/arshjul?host=/var/lib/arshjul/postgres/run"),
    ],
)
def test_production_refuses_what_the_demo_uses(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match="production does not take the demo's"):
        load_settings(REAL | {name: value})


@pytest.mark.parametrize("port", ["0", "65536", "-1", "smtp", "２５"])
def test_a_port_is_a_number(port: str) -> None:
    with pytest.raises(SettingsError, match="ARSHJUL_SMTP_PORT"):
        load_settings({"ARSHJUL_SMTP_PORT": port})


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(SettingsError, match="demo or production"):
        load_settings({"ARSHJUL_ENVIRONMENT": "prod"})
