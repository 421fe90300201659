"""Goals are judged by the threshold that applied then, and the council's and the board's hang together."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection
from tests.comparison.public_values import HIDDEN, PERSONS, SHARE, STEPS, count, plain, share, spaces
from tests.core_rows import load, start_run

from arshjul.comparison.targets import (
    Goal,
    chain_sentence,
    chains,
    goal_for,
    judge,
    read_goals,
    threshold_sentence,
)
from arshjul.periods import Tertial

T1 = Tertial(2026, 1)


def goal(mal_id: str = "N1", **values: object) -> Goal:
    defaults = {
        "level": "namnd",
        "parent_id": None,
        "goal": "Fler ska nå egen försörjning.",
        "indicator_id": "maluppfyllelse",
        "insatstyp": None,
        "target": Decimal(65),
        "direction": "upp",
        "tolerance": Decimal(3),
        "is_followed": False,
        "closed_from": None,
        "version": 1,
        "version_from": datetime(2026, 3, 12, 23, 30, tzinfo=UTC),
        "delivery_id": 1,
    }
    return Goal(mal_id=mal_id, **(defaults | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("of_thousand", "outcome", "mark", "words", "distance"),
    [
        (680, "natt", "+3", "Nått målet", "3 procentenheter över målet"),
        (645, "natt", "0", "Nått målet", "på målet"),
        (644, "nara", "−1", "Nära målet", "1 procentenhet under målet"),
        (620, "nara", "−3", "Nära målet", "3 procentenheter under målet"),
        (614, "inte_natt", "−4", "Inte nått målet", "4 procentenheter under målet"),
        (440, "inte_natt", "−21", "Inte nått målet", "21 procentenheter under målet"),
    ],
)
def test_a_printed_value_is_judged(of_thousand: int, outcome: str, mark: str, words: str, distance: str) -> None:
    found = judge(SHARE, share(of_thousand, 1000), goal())
    assert (found.outcome, found.mark, found.words) == (outcome, mark, words)
    assert spaces(found.distance_words) == distance


def test_a_goal_to_stay_below_is_reached_from_above() -> None:
    below = goal(direction="ned", target=Decimal("2.5"), tolerance=Decimal("0.25"))
    assert judge(STEPS, plain(STEPS, "2.5"), below).outcome == "natt"
    found = judge(STEPS, plain(STEPS, "2.7"), below)
    assert (found.outcome, found.mark, spaces(found.distance_words)) == ("nara", "+0,2", "0,2 steg över målet")
    assert judge(STEPS, plain(STEPS, "2.8"), below).outcome == "inte_natt"
    assert spaces(threshold_sentence(STEPS, below)) == (
        "Målet är högst 2,5 steg; inom 0,25 steg från målet räknas som nära."
    )


def test_a_distance_has_the_decimals_of_the_target() -> None:
    found = judge(SHARE, share(44, 100), goal(target=Decimal("44.50"), tolerance=None))
    assert (found.mark, found.outcome) == ("−0,5", "inte_natt")
    assert judge(PERSONS, count(90), goal(target=Decimal(100), tolerance=None)).distance_words == "10 under målet"


def test_nothing_is_said_without_a_value_or_a_goal() -> None:
    hidden = judge(SHARE, HIDDEN, goal())
    assert (hidden.outcome, hidden.distance, hidden.mark, hidden.words, hidden.distance_words) == (
        None,
        None,
        "..",
        "..",
        None,
    )
    assert hidden.threshold is not None
    assert judge(SHARE, None, goal()).words == "–"
    assert judge(SHARE, share(1, 2), None).threshold is None
    assert judge(SHARE, share(1, 2), goal(target=None)).outcome is None
    with pytest.raises(ValueError, match="no target"):
        threshold_sentence(SHARE, goal(target=None))


def test_a_changed_threshold_tells_its_version_and_its_swedish_day() -> None:
    assert spaces(threshold_sentence(SHARE, goal(version=2))) == (
        "Målet är minst 65 procent; inom 3 procentenheter från målet räknas som nära. Det är version 2 av målet, "
        "känd från den 13 mars 2026."
    )
    assert spaces(threshold_sentence(SHARE, goal(tolerance=Decimal(0)))) == "Målet är minst 65 procent."


def test_a_programmes_own_goal_comes_before_the_one_for_all() -> None:
    goals = (
        goal("F1", level="fullmaktige"),
        goal("N2"),
        goal("N1"),
        goal("N3", insatstyp="jobbpeng_grund"),
        goal("N4", indicator_id="narvarograd"),
        goal("N0", target=None),
    )
    assert goal_for(goals, "maluppfyllelse", T1) == goals[2]
    assert goal_for(goals, "maluppfyllelse", T1, "jobbpeng_grund") == goals[3]
    assert goal_for(goals, "maluppfyllelse", T1, "jobbpeng_forstarkt") == goals[2]
    assert goal_for(goals[:1], "maluppfyllelse", T1) == goals[0]
    assert goal_for(goals, "kunder", T1) is None


def test_a_goal_that_is_gone_still_applies_to_the_periods_before() -> None:
    closed = goal(closed_from=date(2026, 3, 1))
    assert goal_for([closed], "maluppfyllelse", T1) == closed
    assert goal_for([closed], "maluppfyllelse", Tertial(2026, 2)) is None


def test_the_boards_goals_stand_under_the_councils() -> None:
    council, orphan = goal("F1", level="fullmaktige"), goal("F2", level="fullmaktige")
    one, two, lone = goal("N1", parent_id="F1"), goal("N2", parent_id="F1"), goal("N3", parent_id="F9")
    first, second, third = chains([council, orphan, one, two, lone])
    assert (first.council, first.board) == (council, (one, two))
    assert (second.council, second.board) == (orphan, ())
    assert (third.council, third.board) == (None, (lone,))
    assert chains([council]) == (chains([council])[0],)


def test_a_chain_is_told_by_how_many_goals_are_reached() -> None:
    judged = [judge(SHARE, value, goal()) for value in (share(65, 100), share(64, 100), share(1, 100), share(2, 100))]
    assert spaces(chain_sentence([*judged, judge(SHARE, HIDDEN, goal())])) == (
        "Av 4 mål som kan bedömas är 1 nått, 1 nära och 2 inte nådda. Ett mål går inte att bedöma."
    )
    assert chain_sentence(judged[:1]) == "Det enda mål som kan bedömas är nått."
    assert chain_sentence([judged[0]] * 2) == "Båda de mål som kan bedömas är nådda."
    assert spaces(chain_sentence([judged[0]] * 3)) == "Alla 3 mål som kan bedömas är nådda."
    assert chain_sentence([]) == "Det finns inga mål att bedöma."


GIVEN = [
    {"mal_id": "F1", "niva": "fullmaktige", "period": "2024-01-01", "known_from": "2024-01-05"},
    {"mal_id": "N1", "period": "2024-01-01", "known_from": "2024-01-05", "known_to": "2024-01-20", "malvarde": 60},
    {"mal_id": "N1", "period": "2024-01-01", "known_from": "2024-01-20", "malvarde": 65, "text": "Nya ord"},
    # The same threshold in a newer register, in other words: no new version.
    {"mal_id": "N1", "period": "2024-04-01", "known_from": "2024-04-05", "malvarde": 65, "text": "Andra ord"},
    # A correction of an older month than the newest changes nothing.
    {"mal_id": "N1", "period": "2024-02-01", "known_from": "2024-05-05", "malvarde": 99},
    {"mal_id": "N1", "period": "2024-06-01", "known_from": "2024-06-05", "malvarde": 65, "tolerans": 3},
]
COMMON = {"indikator_id": "maluppfyllelse", "overordnat_mal_id": "F1", "sarskilt_folja": "ja"}


@pytest.mark.parametrize(
    ("as_of", "target", "tolerance", "version", "version_from"),
    [
        ("2024-01-10", 60, None, 1, "2024-01-05"),
        ("2024-02-10", 65, None, 2, "2024-01-20"),
        ("2024-05-10", 65, None, 2, "2024-01-20"),
        ("2024-07-10", 65, 3, 3, "2024-06-05"),
    ],
)
def test_the_threshold_and_its_version_are_those_known_then(
    connection: Connection, as_of: str, target: int, tolerance: int | None, version: int, version_from: str
) -> None:
    rows = [{**COMMON, **row} if row["mal_id"] == "N1" else row for row in GIVEN]
    load(connection, start_run(connection), {"mal": rows})
    connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    council, board = read_goals(connection, datetime.fromisoformat(as_of).replace(tzinfo=UTC), 2024)
    assert (council.mal_id, council.level, council.target, council.is_followed) == ("F1", "fullmaktige", None, False)
    assert (board.target, board.tolerance, board.parent_id, board.is_followed) == (target, tolerance, "F1", True)
    assert (board.version, f"{board.version_from:%Y-%m-%d}") == (version, version_from)
    assert read_goals(connection, datetime(2024, 7, 1, tzinfo=UTC), 2025) == ()


def test_a_goal_that_was_gone_for_a_while_with_the_same_threshold_has_one_version(connection: Connection) -> None:
    rows = [
        {"mal_id": "N1", "period": "2024-01-01", "known_from": "2024-01-05", "known_to": "2024-02-05", "malvarde": 60},
        {"mal_id": "N1", "period": "2024-01-01", "known_from": "2024-03-05", "malvarde": 60},
    ]
    load(connection, start_run(connection), {"mal": rows})
    (found,) = read_goals(connection, datetime(2024, 4, 1, tzinfo=UTC), 2024)
    assert found.version == 1
    assert read_goals(connection, datetime(2024, 2, 10, tzinfo=UTC), 2024) == ()
