"""Statements: files, parameters, templates, and what is left of a database error."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from jinja2 import UndefinedError
from sqlalchemy import Connection

from arshjul.settings import Settings
from arshjul.warehouse.engine import open_engine
from arshjul.warehouse.errors import WarehouseError, database_errors
from arshjul.warehouse.statements import StatementError, Statements, copy_text, execute_text, fetch_text

SECRET = "19121212-1212"


@pytest.fixture
def statements(tmp_path: Path) -> Statements:
    folder = tmp_path / "sql"
    folder.mkdir()
    return Statements(folder)


@pytest.fixture
def bare(empty_database: Settings) -> Iterator[Connection]:
    """A connection to an empty database of the test's own."""
    engine = open_engine(empty_database)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def write(statements: Statements, text: str, name: str = "s.sql") -> str:
    (statements.folder / name).write_text(text, encoding="utf-8")
    return name


def test_a_statement_tells_how_many_rows_it_touched(statements: Statements, bare: Connection) -> None:
    bare.exec_driver_sql("CREATE TEMP TABLE t AS SELECT generate_series(1, 5) AS n")
    path = write(statements, "-- Forget the small ones.\nDELETE FROM t WHERE n <= :most")
    assert statements.execute(bare, path, most=3) == 3
    assert statements.execute(bare, path, most=3) == 0


def test_rows_one_row_and_one_value(statements: Statements, bare: Connection) -> None:
    path = write(statements, "-- Some numbers.\nSELECT n, n * n AS square FROM generate_series(1, :most) AS n")
    assert [dict(row) for row in statements.fetch_all(bare, path, most=2)] == [
        {"n": 1, "square": 1},
        {"n": 2, "square": 4},
    ]
    assert statements.fetch_one(bare, path, most=0) is None
    row = statements.fetch_one(bare, path, most=1)
    assert row is not None
    assert row["square"] == 1
    with pytest.raises(StatementError, match="more than one row"):
        statements.fetch_one(bare, path, most=2)
    with pytest.raises(StatementError, match="2 columns"):
        statements.fetch_value(bare, path, most=1)
    value = write(statements, "-- One.\nSELECT n FROM generate_series(1, :most) AS n", "v.sql")
    assert statements.fetch_value(bare, value, most=1) == 1
    assert statements.fetch_value(bare, value, most=0) is None


def test_colons_and_percent_signs_that_are_not_parameters(statements: Statements, bare: Connection) -> None:
    text = """-- Colons everywhere: :one, 100 %, it's fine.
SELECT to_char(:at::timestamptz, 'HH24:MI :SS') AS clock, ':no ''%s :no' AS plain, E'it\\'s :no' AS escaped,
    $$:no %(x)s$$ AS dollars, $tag$:no $$ %$tag$ AS tagged, 7 % :seven AS rest, (ARRAY[1,2,3])[1:2] AS slice,
    :name LIKE 'a%' AS "is:it", 1::text AS cast_, make_interval(hours := :hours) /* :no */ AS span
"""
    row = statements.fetch_one(bare, write(statements, text), at="2026-03-01T12:34:56Z", seven=4, name="anna", hours=2)
    assert row is not None
    span = row["span"]
    assert {**row, "span": span.total_seconds()} == {
        "clock": "12:34 :56",
        "plain": ":no '%s :no",
        "escaped": "it's :no",
        "dollars": ":no %(x)s",
        "tagged": ":no $$ %",
        "rest": 3,
        "slice": [1, 2],
        "is:it": True,
        "cast_": "1",
        "span": 7200,
    }


def test_a_parameter_twice_and_values_of_many_kinds(statements: Statements, bare: Connection) -> None:
    path = write(
        statements, "-- Kinds.\nSELECT :d AS d, :d + 1 AS next, :n AS n, :none::int AS none, :ids::int[] AS ids"
    )
    row = statements.fetch_one(bare, path, d=date(2026, 1, 31), n=Decimal("1.50"), none=None, ids=[1, 2])
    assert row is not None
    assert tuple(row.values()) == (date(2026, 1, 31), date(2026, 2, 1), Decimal("1.50"), None, [1, 2])


@pytest.mark.parametrize(
    ("params", "said"),
    [({}, "missing: day; unknown: none"), ({"day": 1, "night": 2}, "missing: none; unknown: night")],
)
def test_missing_and_unknown_parameters_are_named(
    statements: Statements, bare: Connection, params: dict[str, int], said: str
) -> None:
    path = write(statements, "-- A day.\nSELECT :day")
    with pytest.raises(StatementError, match=said):
        statements.fetch_value(bare, path, **params)


def test_a_file_must_be_there_and_say_what_it_is_for(statements: Statements, bare: Connection) -> None:
    write(statements, "SELECT 1", "mute.sql")
    write(statements, "-- \nSELECT 1", "empty.sql")
    for path in ("mute.sql", "empty.sql"):
        with pytest.raises(StatementError, match="what it is for"):
            statements.execute(bare, path)
    (statements.folder.parent / "outside.sql").write_text("-- Outside.\nSELECT 1")
    for path in ("missing.sql", "../outside.sql", "mute.txt"):
        with pytest.raises(StatementError, match="there is no statement"):
            statements.execute(bare, path)


def test_an_error_shows_code_constraint_and_file_but_no_value(statements: Statements, bare: Connection) -> None:
    bare.exec_driver_sql("CREATE TEMP TABLE t (pnr text CONSTRAINT one_each UNIQUE, n int NOT NULL)")
    path = write(statements, "-- Keep.\nINSERT INTO t\nVALUES (:pnr, :n)")
    statements.execute(bare, path, pnr=SECRET, n=1)
    bare.commit()
    with pytest.raises(WarehouseError) as caught:
        statements.execute(bare, path, pnr=SECRET, n=1)
    error = caught.value
    assert (error.sqlstate, error.constraint_name, error.statement_name) == ("23505", "one_each", "s.sql")
    assert error.message.startswith("UniqueViolation, table pg_temp")
    assert "1212" not in "".join(traceback.format_exception(error))
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own bytes
    bare.rollback()
    with pytest.raises(WarehouseError, match="column n") as caught:
        statements.execute(bare, path, pnr=SECRET + "x", n=None)
    assert "1212" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("sql", ["SELECT :v::date", "SELECT\n    :v::int", "SELECT CASE WHEN :v > '' THEN 1 / 0 END"])
def test_bad_values_are_not_repeated(statements: Statements, bare: Connection, sql: str) -> None:
    with pytest.raises(WarehouseError) as caught:
        statements.fetch_value(bare, write(statements, f"-- Bad.\n{sql}"), v=SECRET)
    assert caught.value.sqlstate[:2] == "22"
    assert "1212" not in "".join(traceback.format_exception(caught.value))


def test_an_error_in_the_text_names_its_line(statements: Statements, bare: Connection) -> None:
    with pytest.raises(WarehouseError, match=r"s\.sql: UndefinedColumn, line 3 \(SQLSTATE 42703\)"):
        statements.execute(bare, write(statements, "-- Wrong.\nSELECT 1,\n    nothing"))


def test_what_our_own_functions_say_is_passed_on(statements: Statements, bare: Connection) -> None:
    raised = "-- Refuse.\nDO $$ BEGIN RAISE EXCEPTION 'fyra ögon' USING ERRCODE = '{}'; END $$"
    with pytest.raises(WarehouseError) as caught:
        statements.execute(bare, write(statements, raised.format("AJ001"), "ours.sql"))
    assert (caught.value.sqlstate, caught.value.message) == ("AJ001", "fyra ögon")
    bare.rollback()
    with pytest.raises(WarehouseError) as caught:
        statements.execute(bare, write(statements, raised.format("P0001"), "other.sql"))
    assert (caught.value.sqlstate, caught.value.message) == ("P0001", "RaiseException")


def test_a_lost_connection_is_a_warehouse_error_too(statements: Statements, bare: Connection) -> None:
    with pytest.raises(WarehouseError) as caught:
        statements.execute(bare, write(statements, "-- End.\nSELECT pg_terminate_backend(pg_backend_pid())"))
    assert caught.value.sqlstate == "57P01"


TEMPLATE = """-- Check {{ table|ident }}.
{% macro column(name) %}t.{{ name|ident }}{% endmacro %}
SELECT {% for name in columns %}{{ column(name) }}{{ ", " if not loop.last else "" }}{% endfor %}

FROM {{ table|ident }} AS t
WHERE {{ columns|map("ident")|join(" || ") }} <> {{ constant|literal }} AND t.a = :a
"""


def test_a_template_builds_structure_and_leaves_values_to_parameters(statements: Statements, bare: Connection) -> None:
    path = write(statements, TEMPLATE, "t.sql.j2")
    sql = statements.render(path, table="rows", columns=["a", "select"], constant="o'neil: 100 %\\")
    assert sql.splitlines()[1:] == [
        'SELECT t."a", t."select"',
        'FROM "rows" AS t',
        """WHERE "a" || "select" <>  E'o''neil: 100 %\\\\' AND t.a = :a""",
    ]
    bare.exec_driver_sql('CREATE TEMP TABLE rows (a text, "select" text)')
    bare.exec_driver_sql("INSERT INTO rows VALUES ('x', 'y')")
    assert [tuple(row.values()) for row in fetch_text(bare, sql, a="x")] == [("x", "y")]
    assert execute_text(bare, "-- Forget.\nDELETE FROM rows WHERE a = :a", a="x") == 1


@pytest.mark.parametrize("name", ["a; DROP TABLE x", "Å", "A", "1a", "", "a" * 64, 'a"b', "a\n"])
def test_only_plain_names_are_names(statements: Statements, name: str) -> None:
    path = write(statements, "-- Name.\nSELECT {{ name|ident }}", "t.sql.j2")
    with pytest.raises(StatementError, match="not a name"):
        statements.render(path, name=name)


@pytest.mark.parametrize("text", ["{{ name }}", "{{ name|upper }}", "{{ name|length }}", "{{ 'a' ~ name }}"])
def test_a_template_prints_nothing_unchecked(statements: Statements, text: str) -> None:
    with pytest.raises(StatementError, match="neither"):
        statements.render(write(statements, f"-- Name.\nSELECT {text}", "t.sql.j2"), name="a")


def test_a_template_with_a_name_missing_or_without_a_purpose_is_refused(statements: Statements) -> None:
    with pytest.raises(UndefinedError):
        statements.render(write(statements, "-- Name.\nSELECT {{ name|ident }}", "t.sql.j2"))
    with pytest.raises(StatementError, match="what it is for"):
        statements.render(write(statements, "SELECT 1", "mute.sql.j2"))
    with pytest.raises(StatementError, match="not a template"):
        statements.render(write(statements, "-- One.\nSELECT 1"))


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("it's", "'it''s'"),
        (7, "7"),
        (True, "true"),
        (Decimal("0.10"), "0.10"),
        (date(2026, 1, 2), "'2026-01-02'::date"),
        (None, "NULL"),
    ],
)
def test_constants_are_quoted(statements: Statements, value: object, wanted: str) -> None:
    path = write(statements, "-- Constant.\n{{ value|literal }}", "t.sql.j2")
    assert statements.render(path, value=value).splitlines()[1] == wanted


def test_a_list_is_no_constant(statements: Statements) -> None:
    with pytest.raises(StatementError, match="not a constant: list"):
        statements.render(write(statements, "-- Constant.\n{{ v|literal }}", "t.sql.j2"), v=[1])


def test_copied_rows_are_committed_with_the_rest(bare: Connection) -> None:
    bare.exec_driver_sql("CREATE TABLE t (n int)")
    bare.commit()
    with copy_text(bare, "-- Rows.\nCOPY t FROM STDIN") as copy:
        copy.write(b"1\n2\n")
    bare.commit()
    bare.close()
    with bare.engine.connect() as later:
        assert later.exec_driver_sql("SELECT sum(n) FROM t").scalar_one() == 3


def test_a_row_that_cannot_be_copied_is_not_shown(bare: Connection) -> None:
    bare.exec_driver_sql("CREATE TABLE t (n int)")
    with pytest.raises(WarehouseError) as caught, copy_text(bare, "-- Rows.\nCOPY t FROM STDIN") as copy:
        copy.write(f"{SECRET}\n".encode())
    assert (caught.value.sqlstate, caught.value.statement_name) == ("22P02", "Rows.")
    assert "1212" not in "".join(traceback.format_exception(caught.value))


def test_other_errors_pass_through_the_translation_untouched() -> None:
    with pytest.raises(KeyError), database_errors("x"):
        raise KeyError("a")
    with pytest.raises(WarehouseError) as caught, database_errors("x"):
        raise psycopg.DataError(f"can't parse date {SECRET}")
    assert str(caught.value) == "x: DataError (SQLSTATE none)"
