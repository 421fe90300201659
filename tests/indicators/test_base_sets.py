"""Sets of core that several statements name are read once, whatever they are called, and tracing reads the same files."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection
from tests.core_rows import INCLUDE
from tests.indicators.conftest import Fill

from arshjul.indicators.base_sets import BaseSets
from arshjul.warehouse.statements import Statements

NAMES = "-- names sets\nINSERT INTO pg_temp.found SELECT count(*) FROM "
FOUND = "CREATE TEMPORARY TABLE found (number bigint)"


def base(include: Path = INCLUDE) -> BaseSets:
    return BaseSets(Statements(include / "sql"))


def test_a_statement_is_followed_to_the_tables_it_reads() -> None:
    reads = base().reads("SELECT core.age_group(birth_date, :day) FROM core.progress(:as_of) -- and not core.mal")
    assert reads.tables == {"insatser", "person", "code", "trappsteg"}
    assert reads.functions == {"age_group", "progress", "exit", "enrolment", "placement"}
    assert base().reads("SELECT FROM core.attendance_month(:as_of)").tables == {"narvaro_manad"}


def test_a_set_that_says_whose_rows_it_has_can_be_read_for_some_senders(connection: Connection, fill: Fill) -> None:
    fill(insatser=[{"insats_id": "i1"}, {"insats_id": "i2", "sender": "5590000013"}])
    assert base().tells_senders_apart(base().reads("SELECT FROM core.exit(:as_of)"))
    assert not base().tells_senders_apart(base().reads("SELECT FROM core.goal(:as_of)"))
    assert numbers(connection, ["core.enrolment(:as_of) AS e"], senders=frozenset({"5590000013"})) == [1]
    assert numbers(connection, ["core.enrolment(:as_of) AS e"], senders=frozenset()) == [0]


def test_a_shared_set_is_put_down_once_and_gone_afterwards(connection: Connection, fill: Fill, catalogue: Path) -> None:
    fill(insatser=[{"insats_id": "i1", "slutdatum": "2024-01-01"}, {"insats_id": "i2"}])
    (catalogue / "sql" / "core" / "ny.sql").write_text(
        "-- core.ny(as_of, least): a function that nobody has listed\n"
        "CREATE OR REPLACE FUNCTION core.ny(as_of timestamptz, least integer)\nRETURNS TABLE (\n    insats_id text\n)\n"
        "LANGUAGE sql STABLE\nAS $$\n    SELECT e.insats_id FROM core.enrolment(ny.as_of) AS e WHERE ny.least <= 1\n$$;\n",
        encoding="utf-8",
    )
    texts = ["core.ny(:as_of, 1) AS n", "core.ny(:as_of, 1)", "core.ny(:as_of, 1) AS ny", "core.exit(:as_of) AS x"]
    assert numbers(connection, texts, catalogue, tables={"ny_1"}) == [2, 2, 2, 1]
    assert kept(connection) == set()


def numbers(
    connection: Connection,
    sources: list[str],
    include: Path = INCLUDE,
    senders: frozenset[str] | None = None,
    tables: set[str] | None = None,
) -> list[int]:
    """Count the rows of sources, as statements would read them together."""
    connection.exec_driver_sql(FOUND)
    texts = [f"{NAMES}{source}" for source in sources]
    with base(include).opened(connection, texts, {"as_of": "2024-06-01"}, senders) as sets:
        for text in texts:
            sets.execute(text)
        if tables is not None:
            assert kept(connection) == tables
    found = list(connection.exec_driver_sql("SELECT number FROM found ORDER BY ctid").scalars())
    connection.exec_driver_sql("DROP TABLE found")
    return found


def kept(connection: Connection) -> set[str]:
    tables = connection.exec_driver_sql("SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'")
    return set(tables.scalars()) - {"found"}
