"""What intake refuses to begin with, and what a register says of what it closes."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from arshjul.intake.office import open_office
from arshjul.lineage.keys import KeyFileError
from arshjul.settings import Settings

Desk = Any  # tests/intake/conftest.py


@pytest.mark.parametrize("name", ["identity.key", "identity.2.key"])
def test_another_identity_key_is_refused_before_anybody_becomes_a_new_person(
    database: Settings, tmp_path: Path, name: str
) -> None:
    with open_office(database):
        pass
    other = tmp_path / "other" / name
    other.parent.mkdir(mode=0o700)
    other.write_bytes(secrets.token_bytes(32))
    other.chmod(0o600)
    with (
        pytest.raises(KeyFileError, match="put the right key file back"),
        open_office(replace(database, identity_key_file=other)),
    ):
        pass
    with open_office(database):
        pass


def test_a_register_says_what_it_closes_also_when_the_row_is_only_misspelt(desk: Desk) -> None:
    provider, other = desk.provider(desk.PROVIDER), desk.provider(desk.OTHER)
    gone = desk.send("anordnare", [provider], "2026-02")
    assert [warning.split(" i registret")[0] for warning in gone.warnings] == ["1 rad"]
    assert "januari 2026" in gone.warnings[0]
    misspelt = [*provider]
    misspelt[2] = "hej"
    closed = desk.send("anordnare", [misspelt, other], "2026-03")
    assert closed.rows_quarantined == 1
    assert "ligger i karantän" in closed.warnings[0]
    assert desk.send("insatser", [desk.enrolment("A1")], "2026-03").status == "avvisad"


def test_a_register_of_which_nothing_could_be_loaded_closes_nobody(desk: Desk) -> None:
    misspelt = [*desk.provider(desk.PROVIDER)]
    misspelt[2] = "hej"
    assert desk.send("anordnare", [misspelt], "2026-03").warnings == ()
    assert desk.send("insatser", [desk.enrolment("A1")], "2026-03").status == "mottagen"


def test_a_register_that_closes_nothing_says_nothing(desk: Desk) -> None:
    both = [desk.provider(desk.PROVIDER), desk.provider(desk.OTHER)]
    assert desk.send("anordnare", both, "2026-02").warnings == ()
