"""What readers are told of a figure that has been revised, and what they are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE
from tests.indicators.conftest import catalogue
from tests.indicators.revision_world import MONTHS, SENDERS, World, keep_only

from arshjul.catalogue.indicators import load_indicators
from arshjul.comparison.values import PublicValue
from arshjul.indicators.compute import Computation
from arshjul.indicators.revision import revise_reported
from arshjul.periods import Tertial
from arshjul.reports.revisions import NOT_DIVIDED, PublicRevision, public_revisions, revision_note

__all__ = ["catalogue"]

INDICATORS = load_indicators(INCLUDE)
LABELS = {"insatstyp": {"jobbpeng_grund": "Jobbpeng grund"}, "kon": {"kvinna": "Kvinnor"}}
SPACE = "\u00a0"


def public(value: str | None) -> PublicValue:
    return PublicValue(None, None, None if value is None else Decimal(value), None)


def revised(old: str | None, new: str | None, indicator_id: str = "maluppfyllelse", **parts: str) -> PublicRevision:
    told = {reason: Decimal(part) for reason, part in parts.items()} or None
    return PublicRevision(
        Tertial(2026, 1), indicator_id, {}, "tertialrapport", date(2026, 5, 12), public(old), public(new), told
    )


def note(revision: PublicRevision) -> str:
    return revision_note(revision, INDICATORS[revision.indicator_id], LABELS).replace(SPACE, " ")


BEGINNING = "Måluppfyllelse, tertial 1 2026: värdet är nu 43 procent; i rapporten den 12 maj 2026 stod 44 procent."


def test_one_reason_is_the_whole_of_it() -> None:
    told = note(revised("0.44", "0.43", rattade_uppgifter="-0.01"))
    assert told == f"{BEGINNING} Hela ändringen beror på rättade uppgifter."


def test_several_reasons_are_told_with_their_direction_and_add_up_as_printed() -> None:
    told = note(revised("0.44", "0.43", sena_uppgifter="-0.024", rattade_uppgifter="0.014"))
    assert told == (
        f"{BEGINNING} Uppgifter som kom efter rapporten sänkte värdet med 2 procentenheter och rättade uppgifter höjde "
        "värdet med 1 procentenhet."
    )


def test_a_reason_that_rounding_leaves_nothing_of_is_not_told() -> None:
    told = note(revised("0.44", "0.43", sena_uppgifter="-0.0099", andrad_kodlista="-0.0001"))
    assert told == f"{BEGINNING} Nästan hela ändringen beror på uppgifter som kom efter rapporten."


def test_reasons_that_are_not_told_are_said_not_to_be() -> None:
    assert note(revised("0.44", "0.43")) == f"{BEGINNING} {NOT_DIVIDED}"


def test_a_cell_is_named_in_words_and_a_count_has_its_unit() -> None:
    one = revised("431", "430", "kunder", rattade_uppgifter="-6", sena_uppgifter="5")
    told = note(replace(one, cell={"insatstyp": "jobbpeng_grund", "kon": "kvinna"}))
    assert told.startswith(f"{INDICATORS['kunder'].title}, Jobbpeng grund, Kvinnor, tertial 1 2026: värdet är nu 430 ")
    assert told.endswith(
        "Rättade uppgifter sänkte värdet med 6 och uppgifter som kom efter rapporten höjde värdet med 5."
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "0.441",
            "0.438",
            "värdet är fortfarande 44 procent, men underlaget är ett annat än i rapporten den 12 maj 2026.",
        ),
        (None, "0.43", "värdet är nu 43 procent; i rapporten den 12 maj 2026 fanns inget värde."),
        ("0.44", None, "det finns inget värde längre; i rapporten den 12 maj 2026 stod 44 procent."),
        (None, None, "det finns fortfarande inget värde, men underlaget är ett annat än i rapporten den 12 maj 2026."),
    ],
)
def test_a_value_that_is_the_same_or_is_not_there(old: str | None, new: str | None, words: str) -> None:
    assert note(revised(old, new, sena_uppgifter="0")) == f"Måluppfyllelse, tertial 1 2026: {words}"


ALFA, BETA = SENDERS
FEBRUARY, MARCH = MONTHS[1:3]


def stays(first: int, count: int, reason: str) -> list[dict[str, Any]]:
    return [
        {"insats_id": f"i{number}", "person_id": f"p{number}", "insatstyp": "jobbpeng_grund",
         "startdatum": "2023-11-01", "slutdatum": "2024-02-10", "avslutsorsak": reason}
        for number in range(first, first + count)
    ]  # fmt: skip


class Board:
    """A reported tertial, and what its readers are told when it is shown again."""

    def __init__(self, connection: Connection, include: Path) -> None:
        self.world, self.include = World(connection), include
        self.world.deliver("insatser", ALFA, FEBRUARY, [*stays(0, 20, "arbete"), *stays(20, 20, "sfi")])
        self.world.release(include)
        self.publish_figures()
        self.protections: list[int] = []

    def execute(self, sql: str, *parameters: Any) -> Any:
        return self.world.connection.exec_driver_sql(sql, parameters)

    def publish_figures(self) -> None:
        """What was told: every cell that has at least ten observations."""
        self.execute("SET LOCAL session_replication_role = replica")
        self.execute(
            "INSERT INTO published.figure"
            " SELECT p.publication_id, v.indicator_id || v.cell::text, v.indicator_id, v.cell, v.numerator,"
            " v.denominator, v.value, v.observations, false FROM published.publication AS p"
            " JOIN lineage.package AS k USING (package_id) JOIN indicator.value AS v USING (computation_id)"
            " WHERE v.observations >= 10 AND NOT EXISTS"
            " (SELECT FROM published.figure AS f WHERE f.publication_id = p.publication_id)"
        )

    def show(self, computation: Computation, *, released: bool = False) -> int:
        """Make the public table of a computation: the same cells."""
        columns = "computation_id, run_id, rules, grouping, method, companions, against, figures_sha256, cells, hidden"
        protection_id: int = self.execute(
            f"INSERT INTO indicator.protection ({columns}) VALUES"
            " (%s, %s, '{}', '{}', 'test', '{}', '{}', repeat('0', 64), 0, 0) RETURNING protection_id",
            computation.computation_id,
            self.world.run_id,
        ).scalar_one()
        self.execute(
            "INSERT INTO indicator.public_value (protection_id, indicator_id, cell, numerator, denominator, value,"
            " observations, is_protected) SELECT %s, indicator_id, cell, numerator, denominator, value, observations,"
            " false FROM indicator.value WHERE computation_id = %s AND observations >= 10",
            protection_id,
            computation.computation_id,
        )
        if released:
            self.execute(
                "INSERT INTO indicator.release (protection_id, kind, run_id, released_at)"
                " VALUES (%s, 'export', %s, %s)",
                protection_id,
                self.world.run_id,
                self.world.now,
            )
        return protection_id

    def told(self, *, released: bool = False) -> dict[tuple[str, str], Any]:
        """Compare, show and read: the reasons of every revision that readers see, by indicator and cell."""
        computation = self.world.compute(self.include)
        revise_reported(self.world.connection, self.include, run_id=self.world.run_id, as_of=computation.as_of)
        protection_id = self.show(computation, released=released)
        self.world.now += timedelta(hours=1)
        found = public_revisions(self.world.connection, self.world.now, [protection_id], few=5)
        return {(one.indicator_id, ",".join(one.cell.values())): one.parts and dict(one.parts) for one in found}


@pytest.fixture
def board(connection: Connection, catalogue: Path) -> Board:
    keep_only(catalogue, "maluppfyllelse", "kunder")
    board = Board(connection, catalogue)
    # Publications are dated by the world's clock, so that they come before what happens later.
    board.execute("SET LOCAL session_replication_role = replica")
    board.execute("UPDATE published.publication SET published_at = %s", board.world.now)
    board.execute("SET LOCAL session_replication_role = origin")
    return board


def test_parts_of_at_least_five_persons_are_told(board: Board) -> None:
    board.world.deliver("insatser", BETA, FEBRUARY, [*stays(100, 10, "arbete"), *stays(110, 10, "sfi")])
    told = board.told()
    assert told["kunder", ""] == {"sena_uppgifter": 20}
    assert told["maluppfyllelse", ""] is not None


def test_a_part_of_one_person_hides_the_others_of_its_table(board: Board) -> None:
    board.world.deliver("insatser", BETA, FEBRUARY, [*stays(100, 10, "arbete"), *stays(110, 10, "sfi")])
    board.world.deliver("insatser", ALFA, FEBRUARY, [*stays(1, 19, "arbete"), *stays(20, 20, "sfi")])
    told = board.told()
    assert told["kunder", ""] is None, "20 late would tell of the one that was corrected"
    assert told["maluppfyllelse", ""] is None
    assert ("kunder", "") in told, "that it changed is seen in the two values"


def test_a_part_of_few_in_one_cell_hides_the_whole_table(board: Board) -> None:
    board.world.deliver("insatser", BETA, FEBRUARY, stays(100, 20, "arbete"))
    board.world.deliver("insatser", ALFA, MARCH, stays(200, 1, "arbete"))
    told = board.told()
    assert told["kunder", ""] == {"sena_uppgifter": 21}
    assert ("kunder", BETA) not in told, "there was nothing to revise"
    assert told["kunder", ALFA] is None, "one more at Alfa"


def test_what_is_told_later_does_not_tell_what_one_person_changed(board: Board) -> None:
    board.world.deliver("insatser", BETA, FEBRUARY, stays(100, 20, "arbete"))
    assert board.told(released=True)["kunder", ""] == {"sena_uppgifter": 20}
    board.world.deliver("insatser", BETA, MARCH, stays(200, 1, "arbete"))
    assert board.told()["kunder", ""] is None


def test_reports_made_later_are_not_known_then(board: Board) -> None:
    board.world.deliver("insatser", BETA, FEBRUARY, stays(100, 20, "arbete"))
    computation = board.world.compute(board.include)
    protection_id = board.show(computation)
    before = board.world.now - timedelta(days=3)
    assert public_revisions(board.world.connection, before, [protection_id], few=5) == ()


def test_who_reads_reports_sees_what_is_public_and_nothing_else(board: Board) -> None:
    board.world.deliver("insatser", BETA, FEBRUARY, stays(100, 20, "arbete"))
    board.told()
    board.execute("SET LOCAL ROLE arshjul_report")
    assert public_revisions(board.world.connection, board.world.now, [1], few=5) != ()
    for table in ("revision", "revision_part", "review"):
        allowed = board.execute("SELECT has_table_privilege(%s, 'SELECT')", f"indicator.{table}").scalar_one()
        assert not allowed
