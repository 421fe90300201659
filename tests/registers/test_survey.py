"""The survey's register: whom it is for, completed over invited, what is only begun told apart, and when it is closed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, PROVIDER, load, start_run

from arshjul.catalogue.register_rules import SurveyRules, load_register_rules
from arshjul.registers.survey import Responses, read_survey, survey_is_closed
from arshjul.warehouse.errors import WarehouseError

OTHER = "5590000013"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
RULES = load_register_rules(INCLUDE).survey


def invitations(*groups: tuple[str, str, str, int], year: int = 2024) -> list[dict[str, Any]]:
    """Rows of (status, channel, provider, how many)."""
    rows: list[dict[str, Any]] = []
    for status, channel, provider, count in groups:
        rows += [
            {
                "inbjudan_id": f"{year}-{status}-{channel}-{provider}-{number}",
                "enkat_ar": year,
                "kanal": channel,
                "anordnare_orgnr": provider,
                "status": status,
                "skickad_datum": f"{year}-04-08",
                "period": f"{year}-04-01",
                "besvarad_datum": f"{year}-04-20" if status == "besvarad" else "",
            }
            for number in range(count)
        ]
    return rows


def test_109_of_347_is_31_per_cent_and_flagged_as_low(connection: Connection) -> None:
    given = invitations(
        ("besvarad", "brev_hem", PROVIDER, 109),
        ("paborjad", "brev_hem", PROVIDER, 20),
        ("inbjuden", "brev_hem", PROVIDER, 218),
    )
    load(connection, start_run(connection), {"kundenkat_inbjudningar": given})
    survey = read_survey(connection, NOW, 2024, RULES)
    assert survey.total == Responses(invited=347, begun=20, completed=109)
    assert survey.total.silent == 218
    assert survey.total.rate == Decimal(109) / 347
    assert round(100 * survey.total.rate) == 31
    assert survey.is_low


@pytest.mark.parametrize(("completed", "is_low"), [(39, True), (40, False)])
def test_the_response_rate_asked_for_is_40_per_cent_and_that_is_enough(
    connection: Connection, completed: int, is_low: bool
) -> None:
    given = invitations(
        ("besvarad", "brev_hem", PROVIDER, completed), ("inbjuden", "brev_hem", PROVIDER, 100 - completed)
    )
    load(connection, start_run(connection), {"kundenkat_inbjudningar": given})
    assert read_survey(connection, NOW, 2024, RULES).is_low is is_low


def test_channels_and_providers_are_told_apart_and_sum_to_the_whole(connection: Connection) -> None:
    given = invitations(
        ("besvarad", "brev_hem", PROVIDER, 3),
        ("inbjuden", "kontaktperson", PROVIDER, 4),
        ("paborjad", "kontaktperson", OTHER, 2),
    )
    load(connection, start_run(connection), {"kundenkat_inbjudningar": given})
    groups = {(one.kind, one.code): one.responses for one in read_survey(connection, NOW, 2024, RULES).groups}
    assert groups == {
        ("kanal", "brev_hem"): Responses(3, 0, 3),
        ("kanal", "kontaktperson"): Responses(6, 2, 0),
        ("anordnare", PROVIDER): Responses(7, 0, 3),
        ("anordnare", OTHER): Responses(2, 2, 0),
    }


def test_the_frame_is_every_person_and_provider_with_an_enrolment_when_letters_are_sent(connection: Connection) -> None:
    rows = [
        {"insats_id": "A", "person_id": "Eva"},
        {"insats_id": "B", "person_id": "Eva"},
        {"insats_id": "C", "person_id": "Eva", "sender": OTHER},
        {"insats_id": "D", "person_id": "Ali", "slutdatum": "2024-04-08", "avslutsorsak": "arbete"},
        {"insats_id": "E", "person_id": "Bo", "slutdatum": "2024-04-07", "avslutsorsak": "arbete"},
        {"insats_id": "F", "person_id": "Li", "startdatum": "2024-04-09"},
    ]
    load(
        connection,
        start_run(connection),
        {"insatser": rows, "kundenkat_inbjudningar": invitations(("inbjuden", "brev_hem", PROVIDER, 1))},
    )
    survey = read_survey(connection, NOW, 2024, RULES)
    assert (survey.frame, survey.first_sent) == (3, date(2024, 4, 8))
    frames = {one.code: (one.frame, one.responses.invited) for one in survey.groups if one.kind == "anordnare"}
    assert frames == {PROVIDER: (2, 1), OTHER: (1, 0)}, "nobody of the other provider has been invited"


def test_answers_are_counted_by_question_also_of_those_who_only_began(connection: Connection) -> None:
    given = invitations(("besvarad", "brev_hem", PROVIDER, 1), ("paborjad", "brev_hem", PROVIDER, 1))
    begun, done = (one["inbjudan_id"] for one in reversed(given))
    load(
        connection,
        start_run(connection),
        {
            "kundenkat_inbjudningar": [*given, *invitations(("besvarad", "brev_hem", PROVIDER, 1), year=2023)],
            "kundenkat_fragor": [{"fraga_id": "F01", "text": "Är du nöjd?"}, {"fraga_id": "F02", "text": "Mer?"}],
            "kundenkat_svar": [
                {"inbjudan_id": done, "fraga_id": "F01", "betyg": 5},
                {"inbjudan_id": begun, "fraga_id": "F01", "betyg": 4},
                {"inbjudan_id": done, "fraga_id": "F02", "betyg": 3},
                {"inbjudan_id": f"2023-besvarad-brev_hem-{PROVIDER}-0", "fraga_id": "F02", "betyg": 1},
            ],
        },
    )
    found = read_survey(connection, NOW, 2024, RULES).questions
    assert [(one.question_id, one.wording, one.answers, one.sum_of_marks) for one in found] == [
        ("F01", "Är du nöjd?", 2, 9),
        ("F02", "Mer?", 1, 3),
    ]


@pytest.mark.parametrize(
    ("month", "last_day", "is_closed"),
    [
        ("2024-03-01", "04-30", False),
        ("2024-04-01", "04-30", True),
        ("2024-05-01", "04-30", True),
        ("2024-04-01", "05-20", False),
    ],
)
def test_it_is_closed_when_its_last_month_has_been_delivered(
    connection: Connection, month: str, last_day: str, is_closed: bool
) -> None:
    given = [row | {"period": month} for row in invitations(("inbjuden", "brev_hem", PROVIDER, 1))]
    load(connection, start_run(connection), {"kundenkat_inbjudningar": given})
    rules = SurveyRules(opens="04-01", closes=last_day, minimum_response=Decimal("0.4"))
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    assert survey_is_closed(connection, NOW, 2024, rules) is is_closed
    assert not survey_is_closed(connection, NOW, 2023, rules)


def test_a_year_without_a_survey_has_no_rate_and_is_not_called_low(connection: Connection) -> None:
    survey = read_survey(connection, NOW, 2024, RULES)
    assert (survey.total, survey.total.rate, survey.is_low, survey.is_closed) == (
        Responses(0, 0, 0),
        None,
        False,
        False,
    )


def test_reports_cannot_read_its_counts(connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    with pytest.raises(WarehouseError):
        read_survey(connection, NOW, 2024, RULES)


def test_rules_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="opens before it closes"):
        SurveyRules(opens="05-01", closes="04-30", minimum_response=Decimal("0.4"))
