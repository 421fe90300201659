"""A complaint that shows a deficiency is red until an action comes of it, whichever of the two names the other."""

from __future__ import annotations

import dataclasses
from datetime import date

from sqlalchemy import Connection
from tests.registers.follow_up_world import AS_OF, as_reader, fill

from arshjul.registers.complaints import Deficiency, read_deficiencies

CASES = [
    {"arende_id": "red", "brist": "ja"},
    {"arende_id": "names", "brist": "ja", "atgard_id": "a1"},
    {"arende_id": "named", "brist": "ja", "inkom_datum": "2024-03-01"},
    {"arende_id": "fine", "brist": "nej"},
    {"arende_id": "before", "brist": "ja", "inkom_datum": "2023-12-31"},
]
ACTIONS = [
    {"atgard_id": "a2", "kalla": "klagomal", "kall_id": "named"},
    {"atgard_id": "a3", "kalla": "besok", "kall_id": "red"},
]


def test_a_deficiency_without_an_action_is_red_and_one_with_is_not(connection: Connection) -> None:
    fill(connection, synpunkter=CASES, atgarder=ACTIONS)
    found = read_deficiencies(as_reader(connection), AS_OF, date(2024, 1, 1), date(2024, 12, 31))
    assert {one.case_id: (one.is_red, one.action_ids) for one in found} == {
        "names": (False, ("a1",)),
        "red": (True, ()),
        "named": (False, ("a2",)),
    }
    assert [one.case_id for one in found][-1] == "named", "in order of time"


def test_the_two_kinds_of_case_are_told_apart_in_words_and_no_text_of_a_case_is(connection: Connection) -> None:
    fill(connection, synpunkter=[{"arende_id": "s", "brist": "ja", "typ": "synpunkt"}])
    [case] = read_deficiencies(as_reader(connection), AS_OF, date(2024, 1, 1), date(2024, 12, 31))
    assert (case.kind, case.kind_title, case.category_title) == ("synpunkt", "Synpunkt", "Information")
    assert "fritext" not in {field.name for field in dataclasses.fields(Deficiency)}
