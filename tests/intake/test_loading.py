"""Rows numbered by the database keep the numbers of their file, and what words decide is decided once for all alike."""

from __future__ import annotations

from datetime import date

from tests.intake.conftest import Desk

from arshjul.intake.headers import match_headers
from arshjul.intake.loading import load_rows
from arshjul.intake.rules import of_words
from arshjul.intake.table import Plain, Row, Table
from arshjul.warehouse.statements import fetch_text


def test_plain_rows_are_numbered_by_their_place_in_the_file_whatever_stands_between_them(desk: Desk) -> None:
    office = desk.office
    contract = office.contracts["kapacitet"]
    headers = ("manad", "coacher", "platser")
    pieces = [
        Plain(1, 2, b"2026-03;1;10\n2026-03;2;20\n", ";"),
        Plain(5, 1, b"2026-03;5;50\n", ";"),  # blank rows before it
        Row(6, ("2026-03", "6", "60")),
        Plain(7, 2, b"2026-03;7;7\\0\n2026-03;8;80\n", ";"),
        Plain(9, 1, b"2026-03;9;90\n", ";"),
    ]
    table = Table(headers, rows=iter(()), detected={}, pieces=iter(pieces))
    with office.engine.begin() as connection:
        header = match_headers(contract, headers)
        load_rows(connection, office.statements, contract, table, header, office.keys, date(2026, 3, 31))
        found = fetch_text(
            connection, "-- What landed.\nSELECT row_no, coacher, platser FROM pg_temp.delivered ORDER BY 1"
        )
    assert [tuple(row.values()) for row in found] == [
        (1, "1", "10"),
        (2, "2", "20"),
        (5, "5", "50"),
        (6, "6", "60"),
        (7, "7", "7\\0"),
        (8, "8", "80"),
        (9, "9", "90"),
    ]


def test_what_a_parent_a_person_or_a_text_decides_is_decided_row_by_row(desk: Desk) -> None:
    office = desk.office
    for name, alone in {
        "narvaro": {("insats_id", "obligatorisk"), ("datum", "inom_insatsen"), ("insats_id", "foralder_saknas")},
        "insatser": {("personnummer", "personnummer"), ("insats_id", "obligatorisk")},
        "dialoger": {("rad", "format")},
    }.items():
        checks = office.checks(office.contracts[name])
        alike, single = of_words(office.contracts[name], checks)
        told = {(check.field, check.rule) for check in single}
        assert alone <= told, name
        assert ("datum" if name != "insatser" else "startdatum", "format") in {(one.field, one.rule) for one in alike}
        whole_file = {"rad_format", "dubblett", "motsagelse"}
        assert {*alike, *single} == {check for check in checks if check.rule not in whole_file}
        assert not set(alike) & set(single)
