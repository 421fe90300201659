"""What leaves the house is a function of the public table: whatever stands behind what is withheld, every byte is the same.

Source: facts/privacy.md §0 D3 and §1.6; non-interference as in Goguen & Meseguer (1982), "Security policies and security
models": what the hidden input is cannot be seen in the output.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.disclosure.town import ROWS, SMALL, Build

from arshjul.warehouse.engine import Role, transaction


def swapped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let pairs of persons, alike but for which of the two small providers they are at, have each other's outcome."""
    changed = [dict(row) for row in rows]
    there = {(row["sender"], row["slutdatum"]): row for row in changed if row["sender"] in SMALL}
    for (sender, day), one in there.items():
        if sender == SMALL[0] and (other := there.get((SMALL[1], day))):
            one["avslutsorsak"], other["avslutsorsak"] = other["avslutsorsak"], one["avslutsorsak"]
    return changed


def test_two_towns_that_differ_in_what_is_withheld_give_the_same_bytes(build: Build) -> None:
    one, other = build(ROWS), build(swapped(ROWS))
    for mine, theirs, public in zip(one.true(), other.true(), one.public(), strict=True):
        differing = {key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)}
        assert {("maluppfyllelse", (("anordnare", code),)) for code in SMALL} <= differing
        assert differing.isdisjoint({(told.indicator_id, told.cell) for told in public if not told.is_protected})
    assert one.public() == other.public()
    assert any(told.is_protected for told in one.public()[-1])
    assert one.package() == other.package()


def test_the_report_cannot_read_what_is_withheld_and_does_not_change_with_it(build: Build) -> None:
    town = build(ROWS)
    before = town.package()
    with transaction(town.settings) as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # what is computed is append only
        connection.exec_driver_sql(
            "UPDATE indicator.value SET numerator = 98765, denominator = 98765, value = 98765, observations = 98765"
        )
    assert town.package() == before
    with transaction(town.settings) as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("DELETE FROM indicator.value")
        connection.exec_driver_sql("DELETE FROM indicator.left_out")
    assert town.package() == before
    for table in ("indicator.value", "indicator.left_out", "core.insatser"):
        with (
            pytest.raises(Exception, match="InsufficientPrivilege"),
            transaction(town.settings, Role.REPORT) as connection,
        ):
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
