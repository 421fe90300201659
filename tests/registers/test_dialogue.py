"""The dialogue is held with whoever had more than ten customers the year before; themes are counted by provider."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection
from tests.core_rows import PROVIDER, load, start_run

from arshjul.registers.dialogue import (
    Theme,
    dialogue_actions,
    dialogue_providers,
    dialogue_statements,
    dialogue_themes,
)

A, B, C = PROVIDER, "5590000013", "5566778899"
NOW = datetime(2024, 12, 1, tzinfo=UTC)
REGISTER = [
    {"period": "2023-01-01", "orgnr": orgnr, "namn": name, "auktoriserad_fran": "2020-01-01"}
    for orgnr, name in ((A, "Alfa AB"), (B, "Beta AB"), (C, "Gamma AB"))
]


def customers(provider: str, count: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {"insats_id": f"{number}", "person_id": f"{provider}-{number}", "sender": provider, **more}
        for number in range(count)
    ]


def dialogues() -> list[dict[str, Any]]:
    told = [
        (A, "2024-05-14", "framgangsfaktor", "Svenska", 1),
        (A, "2024-05-14", "framgangsfaktor", "svenska ", 2),
        (A, "2024-05-14", "forbattringsomrade", "Praktikplatser", 3),
        (B, "2024-05-20", "framgangsfaktor", "Svenska", 1),
        (B, "2023-05-20", "framgangsfaktor", "Coachning", 1),
    ]
    return [
        {"anordnare_orgnr": one, "datum": day, "typ": kind, "tema": theme, "rad": place, "text": f"Text {place}"}
        for one, day, kind, theme, place in told
    ]


def fill(connection: Connection, **tables: list[dict[str, Any]]) -> None:
    load(connection, start_run(connection), {"anordnare": REGISTER, **tables})
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")


def test_eleven_customers_are_enough_and_ten_are_not(connection: Connection) -> None:
    fill(connection, insatser=[*customers(A, 11), *customers(B, 10)])
    assert [one.name for one in dialogue_providers(connection, NOW, 2024)] == ["Alfa AB"]


def test_nine_of_thirty_one_are_asked(connection: Connection) -> None:
    numbers = [f"55600000{number:02d}" for number in range(31)]
    register = [
        {"period": "2017-01-01", "orgnr": one, "namn": f"Nr {one}", "auktoriserad_fran": "2014-01-01"}
        for one in numbers
    ]
    sizes = [11] * 9 + [10] * 12 + [3] * 10
    rows = [
        row
        for orgnr, size in zip(numbers, sizes, strict=True)
        for row in customers(orgnr, size, startdatum="2017-03-01", period="2017-12-01")
    ]
    load(connection, start_run(connection), {"anordnare": register, "insatser": rows})
    assert [one.provider for one in dialogue_providers(connection, NOW, 2018)] == numbers[:9]


def test_a_person_with_two_enrolments_is_one_customer_and_only_the_year_before_counts(connection: Connection) -> None:
    twice = customers(A, 11)
    twice[10]["person_id"] = twice[0]["person_id"]
    last_day = customers(B, 11, startdatum="2023-12-31")
    too_late = customers(C, 11, startdatum="2024-01-01")
    fill(connection, insatser=[*twice, *last_day, *too_late])
    assert [one.name for one in dialogue_providers(connection, NOW, 2024)] == ["Beta AB"]


def test_whether_the_dialogue_has_been_held_is_told(connection: Connection) -> None:
    fill(connection, insatser=[*customers(A, 11), *customers(C, 11)], dialoger=dialogues())
    held = {one.name: one.held for one in dialogue_providers(connection, NOW, 2024)}
    assert held == {"Alfa AB": date(2024, 5, 14), "Gamma AB": None}


def test_a_theme_counts_providers_and_not_statements(connection: Connection) -> None:
    fill(connection, dialoger=dialogues())
    assert dialogue_themes(connection, NOW, 2024) == (
        Theme("framgangsfaktor", "Svenska", 2, 2),
        Theme("forbattringsomrade", "Praktikplatser", 1, 2),
    )


def test_a_provider_gets_its_own_words_and_nobody_elses(connection: Connection) -> None:
    fill(connection, dialoger=dialogues())
    assert [(one.provider, one.theme) for one in dialogue_statements(connection, NOW, 2024, B)] == [(B, "Svenska")]
    assert dialogue_statements(connection, NOW, 2024, C) == ()


def test_last_years_actions_are_the_providers_own(connection: Connection) -> None:
    told = [
        ("d1", "dialog", f"{A}/Svenska", "2023-06-01"),
        ("d2", "dialog", A, "2023-06-02"),
        ("d3", "dialog", f"{B}/Svenska", "2023-06-01"),
        ("d4", "dialog", f"{A}/Svenska", "2022-06-01"),
        ("d5", "besok", f"{A}/Svenska", "2023-06-01"),
    ]
    rows = [
        {"atgard_id": name, "kalla": source, "kall_id": came_from, "beslutad_datum": day}
        for name, source, came_from, day in told
    ]
    fill(connection, atgarder=rows)
    assert [one.action_id for one in dialogue_actions(connection, NOW, 2023, A)] == ["d1", "d2"]
