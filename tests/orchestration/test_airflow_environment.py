"""Airflow's processes get exactly our settings, listen on loopback only, and keep their secrets to themselves."""

from __future__ import annotations

from pathlib import Path

from arshjul.orchestration.airflow_environment import (
    USERS,
    airflow_home,
    build_environment,
    metadata_url,
    read_passwords,
    write_private,
)
from arshjul.settings import Settings, load_settings
from arshjul.warehouse import server


def test_a_task_reads_back_the_settings_it_was_started_with(tmp_path: Path) -> None:
    given = load_settings(
        {
            "ARSHJUL_HOME": str(tmp_path / "hem"),
            "ARSHJUL_DATABASE_URL": "postgresql+psycopg://arshjul:hemligt@db.exempelkommun.example/arshjul",
            "ARSHJUL_KOMMUN_NAMN": "Åmåls kommun",
            "ARSHJUL_SMTP_PORT": "2525",
            "ARSHJUL_SMTP_PASSWORD_FILE": str(tmp_path / "password"),
            "ARSHJUL_CODE_VERSION": "abc123",
        }
    )
    assert load_settings(build_environment(given, 8080, tmp_path)) == given
    bare = load_settings({"ARSHJUL_HOME": str(tmp_path / "bar")})
    assert load_settings(build_environment(bare, 8080, tmp_path)) == bare


def test_airflow_listens_on_loopback_and_tasks_report_to_that_address(settings: Settings, tmp_path: Path) -> None:
    environment = build_environment(settings, 18080, tmp_path)
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__API__PORT"] == "18080"
    assert environment["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:18080"


def test_the_metadata_has_its_own_database_on_the_warehouse_s_server(settings: Settings) -> None:
    assert metadata_url(settings) == server.server_url(settings.server_root, "airflow")
    elsewhere = load_settings(
        {"ARSHJUL_DATABASE_URL": "postgresql+psycopg://a:b%40c@db.example:5433/arshjul?sslmode=require"}
    )
    assert metadata_url(elsewhere) == "postgresql+psycopg://a:b%40c@db.example:5433/airflow?sslmode=require"


def test_secrets_and_passwords_are_made_once_and_are_only_the_owner_s(settings: Settings, tmp_path: Path) -> None:
    home = airflow_home(settings)
    first, passwords = build_environment(settings, 8080, tmp_path), read_passwords(home)
    assert build_environment(settings, 8080, tmp_path) == first
    assert read_passwords(home) == passwords
    assert passwords.keys() == USERS.keys()
    assert len(set(passwords.values())) == len(USERS)
    assert home.stat().st_mode & 0o077 == 0
    assert [file.name for file in home.iterdir() if file.stat().st_mode & 0o077] == []


def test_a_user_who_is_added_gets_a_password_and_the_others_keep_theirs(settings: Settings) -> None:
    home = airflow_home(settings)
    write_private(home / "passwords.json", '{"anna": "redan valt"}')
    assert read_passwords(home)["anna"] == "redan valt"
    assert set(read_passwords(home)) == set(USERS)


def test_two_homes_share_no_secret(tmp_path: Path) -> None:
    one, other = (load_settings({"ARSHJUL_HOME": str(tmp_path / name)}) for name in ("a", "b"))
    keys = ("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET")
    first, second = (build_environment(settings, 8080, tmp_path) for settings in (one, other))
    assert [name for name in keys if first[name] == second[name]] == []
