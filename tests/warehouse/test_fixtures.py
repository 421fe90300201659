"""What all tests of the project rest on."""

from __future__ import annotations

import os
import socket

import pytest
from sqlalchemy import Connection

from arshjul.settings import Settings
from arshjul.warehouse.engine import open_engine


@pytest.mark.parametrize("order", [1, 2])
def test_every_test_has_a_migrated_database_of_its_own(database: Settings, connection: Connection, order: int) -> None:
    assert connection.exec_driver_sql("SELECT count(*) FROM public.schema_migration").scalar_one() > 0
    engine = open_engine(database)
    with engine.begin() as other:
        other.exec_driver_sql("CREATE TABLE public.mine ()")
    engine.dispose()
    rights = connection.exec_driver_sql("SELECT has_database_privilege('arshjul_owner', current_database(), 'CREATE')")
    assert rights.scalar_one() is True


def test_the_network_is_out_of_reach() -> None:
    with socket.socket() as there, pytest.raises(AssertionError, match="network"):
        there.connect(("192.0.2.1", 80))
    with socket.socket() as there, pytest.raises(AssertionError, match="network"):
        there.connect_ex(("192.0.2.1", 80))


def test_this_machine_is_within_reach() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()[:2]) as there,
    ):
        assert there.getpeername() == listening.getsockname()


def test_the_developers_settings_are_not_seen(settings: Settings) -> None:
    assert not [name for name in os.environ if name.startswith("ARSHJUL_")]
    assert settings.environment == "demo"
