"""Every case of a function that readers of reports see: ``sql/report/<function>/<case>``, as the cases of core.

The function is called with ``params.yaml`` under the role that reads reports; the columns of ``expect.csv`` are all its
rows.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.core_rows import load, start_run
from tests.sql.test_cases import given, name, params, rows_of, text

CASES = sorted(path.parent for path in (Path(__file__).parent / "report").glob("*/*/params.yaml"))


def schema_of(core: Connection, function: str) -> str:
    found = core.exec_driver_sql(
        "SELECT n.nspname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace"
        " WHERE p.proname = %s AND n.nspname IN ('register', 'indicator')",
        (function,),
    )
    return str(found.scalar_one())


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_function_of_the_registers_gives_exactly_the_expected_rows(case: Path, core: Connection) -> None:
    arguments = list(params(case).values())
    load(core, start_run(core), given(case))
    expected = rows_of(case / "expect.csv")
    function = f"{schema_of(core, case.parts[-2])}.{case.parts[-2]}"
    core.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    found = core.exec_driver_sql(
        f"SELECT * FROM {function}({', '.join(['%s'] * len(arguments))})", tuple(arguments)
    ).mappings()
    assert sorted(tuple(text(row[column]) for column in expected[0]) for row in found) == sorted(
        tuple(row.values()) for row in expected
    )
