"""A small municipality's year 2024: an object of each kind, everything done that the register asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection
from tests.core_rows import INCLUDE, PROVIDER, Row, load, start_run

from arshjul.catalogue.codelists import load_codelists

AS_OF = datetime(2025, 3, 10, tzinfo=UTC)
YEAR = 2024
UNIT, AGREEMENT, PROJECT = "o1", "avtal", "projekt"
MONTHS = [f"2024-{month:02}-01" for month in range(1, 13)]

CODES = [
    {"code_list": codelist.name, "code": code.code, "title": code.title, "position": position}
    for codelist in load_codelists(INCLUDE).values()
    for position, code in enumerate(codelist.codes, start=1)
]


def fill(connection: Connection, **tables: Iterable[Row]) -> int:
    """Fill core with rows and all code lists, and give the run; later reads are the reports' own role's."""
    run_id = start_run(connection)
    load(connection, run_id, {"code": CODES, **tables})
    return run_id


def as_reader(connection: Connection) -> Connection:
    """The same connection under the role that reads reports."""
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    return connection


def thing(object_id: str, kind: str, requires: str = "inget", **columns: Any) -> dict[str, Any]:
    """One row of the register of follow-up objects."""
    row = {"objekt_id": object_id, "typ": kind, "namn": f"Namn på {object_id}", "kraver": requires}
    return {**row, "period": "2023-12-01", **columns}


def objects() -> list[dict[str, Any]]:
    """All eight kinds, with everything that can be asked for."""
    return [
        thing(UNIT, "egen_verksamhet", "kvalitetsrapport namndbesok tjanstemannabesok internkontroll ekonomi"),
        thing(AGREEMENT, "avtal", "dialog, kundenkat, vardegrund", anordnare_orgnr=PROVIDER),
        thing("intern", "intern_overenskommelse", "ekonomi"),
        thing("extern", "extern_overenskommelse", "ekonomi"),
        thing(PROJECT, "projekt", "inget", ami_roll="deltar", syften="integration, etableringstid"),
        thing("perm", "permanentas", "kvalitetsrapport", ami_roll="agare", syften="integration"),
        thing("bidrag", "foreningsbidrag", "aktivitetsrapport", till="2024-06-30"),
        thing("iop", "iop", "ekonomi"),
    ]


def everything_done() -> dict[str, list[Row]]:
    """Rows of every table with which no cell of the year's matrix is missing."""
    return {
        "uppfoljningsobjekt": objects(),
        "besok": [
            {"besok_id": "b1", "datum": "2024-02-14"},
            {"besok_id": "b2", "datum": "2024-08-28", "typ": "tjanstemannabesok"},
        ],
        "kvalitetsrapporter": [
            {"inkom_datum": "2024-12-20"},
            {"objekt_id": "perm", "inkom_datum": "2025-01-15", "period": "2025-01-01"},
            {"objekt_id": "bidrag", "inkom_datum": "2024-07-15", "period": "2024-07-01"},
        ],
        "kontrollpunkter": [
            {"kontroll_id": "k1", "objekt_id": UNIT, "period": "2023-12-01"},
            {"kontroll_id": "k2", "objekt_id": UNIT, "period": "2023-12-01"},
        ],
        "kontrollresultat": [{"datum": "2024-03-12"}, {"kontroll_id": "k2", "datum": "2024-11-12"}],
        "ekonomi": [
            {"objekt_id": one, "manad": month} for one in (UNIT, "intern", "extern", "iop") for month in MONTHS
        ],
        "dialoger": [
            {
                "anordnare_orgnr": PROVIDER,
                "datum": "2024-05-14",
                "typ": "framgangsfaktor",
                "tema": "Tillämpad värdegrund",
                "rad": 1,
                "text": "Vi tillämpar kommunens värdegrund.",
            }
        ],
        "kundenkat_inbjudningar": [{"inbjudan_id": "i1"}],
    }
