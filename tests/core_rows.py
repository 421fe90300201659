"""Given rows: fills core tables directly, with defaults, so that a test only says what it is about.

A person is called by any label. Persons that are not given are women born on 1 January 1990; the exit reasons are those
of the catalogue, unless a test gives its own.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from arshjul.catalogue.codelists import load_codelists
from arshjul.settings import REPOSITORY

INCLUDE = REPOSITORY / "include"
PROVIDER = "5560360793"
KNOWN_FROM = "2000-01-01"

Row = Mapping[str, Any]

_DEFAULTS: dict[str, dict[str, Any]] = {
    "person": {"birth_date": "1990-01-01", "sex": "kvinna"},
    "code": {"title": "Kod", "position": 1, "valid_from": "2000-01-01"},
    "insatser": {"period": "2024-04-01", "insatstyp": "jobbpeng_grund", "startdatum": "2023-06-01"},
    "narvaro": {"narvarande_timmar": 0},
    "trappsteg": {"period": "2024-04-01", "metodversion": "1"},
    "uppfoljningar": {"period": "2024-04-01", "datum": "2024-01-01"},
    "kapacitet": {"coacher": 1, "platser": 1},
    "anordnare": {"namn": "Anordnare", "typ": "extern", "kvalitetssystem": "inget", "epost": "post@anordnare.example"},
    "mal": {"niva": "namnd", "ar": 2024, "text": "Mål", "riktning": "upp", "sarskilt_folja": "nej"},
    "uppfoljningsobjekt": {"typ": "avtal", "namn": "Objekt", "fran": "2023-01-01", "kraver": "inget"},
    "sammantraden": {"organ": "Nämnden"},
    "kontrollpunkter": {
        "niva": "enhet",
        "risk": 4,
        "beskrivning": "Kontroll",
        "metod": "manuell",
        "frekvens": "varje år",
        "ansvarig": "Enhetschefen",
    },
    "kurser": {
        "period": "2024-04-01",
        "namn": "Kurs",
        "slutdatum": "2024-02-01",
        "deltagare": 10,
        "utvarderas": "ja",
    },
    "kursutvarderingar": {"period": "2024-04-01", "svar_nr": "1", "fraga": "Är du nöjd?", "betyg": 4},
    "kundenkat_inbjudningar": {
        "period": "2024-05-01",
        "enkat_ar": 2024,
        "anordnare_orgnr": PROVIDER,
        "kanal": "brev_hem",
        "skickad_datum": "2024-04-08",
        "status": "inbjuden",
    },
    "kundenkat_svar": {"period": "2024-05-01", "fraga_id": "f1", "betyg": 4},
    "kundenkat_fragor": {"period": "2024-05-01", "block": "mal", "text": "Fråga", "ordalydelse_version": "1"},
    "synpunkter": {
        "period": "2024-04-01",
        "inkom_datum": "2024-02-01",
        "typ": "klagomal",
        "kanal": "E-post",
        "objekt_id": "o1",
        "kategori": "information",
        "brist": "nej",
    },
    "utbetalningar": {"anordnare_orgnr": PROVIDER, "ersatta_dagar": 1, "dagpris": 100, "belopp": 100},
    "ekonomi": {"objekt_id": "o1", "konto": "4610", "budget": 0, "utfall": 0},
    "besok": {"typ": "namndbesok", "objekt_id": "o1", "deltagare": "Två ledamöter", "status": "genomfort"},
    "atgarder": {
        "period": "2024-04-01",
        "kalla": "besok",
        "kall_id": "b1",
        "beskrivning": "Se över rutinen",
        "ansvarig": "Enhetschefen",
        "pdca": "genomfor",
        "beslutad_datum": "2023-06-01",
        "forfallodatum": "2024-02-01",
        "status": "oppen",
    },
    "kontrollresultat": {"kontroll_id": "k1", "utfall": "utan_avvikelse"},
    "kvalitetsrapporter": {
        "period": "2024-12-01",
        "objekt_id": "o1",
        "ar": 2024,
        "inkom_datum": "2024-12-01",
        "mallversion": "1",
        "systematiskt_kvalitetsarbete": "Arbete",
        "resultat_och_analys": "Resultat",
        "forbattringsomraden": "Förbättringar",
    },
    "statistics_series": {"source": "kolada", "title": "Serie", "is_discontinued": False, "known_from": KNOWN_FROM},
    "statistics_area": {"source": "kolada", "title": "Område", "known_from": KNOWN_FROM},
    "statistics_value": {
        "source": "kolada",
        "series_id": "U40455",
        "area": "0580",
        "dimensions": '{"gender": "T"}',
        "row_no": 1,
        "known_from": KNOWN_FROM,
    },
    "statistics_fetch": {"source": "kolada", "selection_sha256": "0" * 64, "state": "inlast"},
}
_DELIVERED = {"sender": PROVIDER, "known_from": KNOWN_FROM}


def person_id(label: str) -> uuid.UUID:
    """Give the pseudonym of a labelled person."""
    return uuid.uuid5(uuid.NAMESPACE_OID, label)


def start_run(connection: Connection) -> int:
    """Enter the run that everything in the test belongs to."""
    run: int = connection.exec_driver_sql(
        "INSERT INTO lineage.run (dag_id, dag_run_id, code_version) VALUES ('test', 'test', 'test') RETURNING run_id"
    ).scalar_one()
    return run


def load(connection: Connection, run_id: int, tables: Mapping[str, Iterable[Row]]) -> None:
    """Fill core tables, and what they need to be read.

    Args:
        connection: A superuser's, in a transaction.
        run_id: From :func:`start_run`.
        tables: Rows by table of schema core; an empty text is null, a missing column its default. Rows are numbered from
            1 in each table, and delivered by one delivery.
    """
    delivery_id = connection.exec_driver_sql(
        "INSERT INTO lineage.delivery (run_id, file_name, sha256, size_bytes, channel, status)"
        " VALUES (%s, 'fil.csv', repeat('0', 64), 1, 'mapp', 'landad') RETURNING delivery_id",
        (run_id,),
    ).scalar_one()
    tables = dict(tables)
    if "code" not in tables:
        tables["code"] = _exit_reasons()
    for table, rows in tables.items():
        by_columns = defaultdict(list)
        for number, row in enumerate(rows, start=1):
            if table.startswith("statistics_"):
                full = _of_statistics(table, row, run_id, delivery_id)
            else:
                full = _completed(table, row, delivery_id, number)
            by_columns[tuple(full)].append(full)
        for columns, alike in by_columns.items():
            _insert(connection, table, columns, alike)
    if "narvaro" in tables:
        connection.exec_driver_sql("SELECT core.roll_up_attendance()")
    connection.exec_driver_sql(
        "INSERT INTO core.person (person_id, birth_date, sex)"
        " SELECT DISTINCT person_id, date '1990-01-01', 'kvinna' FROM core.insatser ON CONFLICT DO NOTHING"
    )


def _completed(table: str, row: Row, delivery_id: int, number: int) -> dict[str, Any]:
    full = dict(_DEFAULTS.get(table, {}))
    if table == "code":
        full["known_from"] = KNOWN_FROM
    elif table != "person":
        full |= _DELIVERED | {"delivery_id": delivery_id, "row_no": number}
    full |= {name: None if value == "" else value for name, value in row.items()}
    if table == "insatser":
        full.setdefault("person_id", full["insats_id"])
    if table in ("insatser", "person"):
        full["person_id"] = person_id(full["person_id"])
    if "period" not in full and (day := full.get("datum") or full.get("manad")):
        full["period"] = date.fromisoformat(str(day)).replace(day=1)
    return full


def _of_statistics(table: str, row: Row, run_id: int, delivery_id: int) -> dict[str, Any]:
    full = _DEFAULTS[table] | {name: None if value == "" and name == "value" else value for name, value in row.items()}
    if table == "statistics_fetch":
        return full | {"run_id": run_id, "complete_at": full["known_at"]}
    return full | {"delivery_id": delivery_id}


def _insert(connection: Connection, table: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join(f"%({column})s" for column in columns)
    connection.exec_driver_sql(f"INSERT INTO core.{table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({places})", rows)


def _exit_reasons() -> list[Row]:
    codes = load_codelists(INCLUDE)["avslutsorsaker"].codes
    return [
        {"code_list": "avslutsorsaker", "code": code.code, "attributes": Jsonb(dict(code.attributes))} for code in codes
    ]
