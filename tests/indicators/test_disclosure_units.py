"""Rules of primary disclosure control that count the persons behind answers and amounts, at their borders."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from tests.indicators.conftest import Fill
from tests.indicators.test_disclosure import of_provider, protected

ANSWERED = {"status": "besvarad", "besvarad_datum": "2024-04-20"}


def test_answers_are_shown_when_ten_different_persons_gave_them(connection: Connection, fill: Fill) -> None:
    """Nine persons who answer two questions each have given eighteen answers, and are nine."""
    people = [(str(size), f"{size}-{number}") for size in (1, 9, 10) for number in range(size)]
    run_id = fill(
        kundenkat_inbjudningar=[{"inbjudan_id": one, "anordnare_orgnr": sender, **ANSWERED} for sender, one in people],
        kundenkat_fragor=[{"fraga_id": "f1"}, {"fraga_id": "f2"}],
        kundenkat_svar=[{"inbjudan_id": one, "fraga_id": question} for _, one in people for question in ("f1", "f2")],
        kurser=[{"sender": sender, "kurs_id": "k1"} for sender in ("1", "9", "10")],
        kursutvarderingar=[
            {"sender": sender, "kurs_id": "k1", "svar_nr": one, "fraga": question}
            for sender, one in people
            for question in ("f1", "f2")
        ],
    )
    for indicator_id in ("kundnojdhet", "kursbetyg"):
        flags = protected(connection, run_id, indicator_id)
        assert of_provider(flags) == {"1": True, "9": True, "10": False}
        assert not flags[()]


def test_answers_of_nobody_have_nothing_to_protect(connection: Connection, fill: Fill) -> None:
    run_id = fill()
    assert protected(connection, run_id, "kundnojdhet") == {(): False}
    assert protected(connection, run_id, "ersattningsavvikelse") == {(): False}
    assert protected(connection, run_id, "kostnad_per_lyckat_avslut") == {(): False}


def test_an_amount_for_each_reached_exit_is_protected_when_they_are_fewer_than_five(
    connection: Connection, fill: Fill
) -> None:
    """Nought too: that nobody of a programme reached the goal says the same of each of them."""
    stays = [
        {
            "insats_id": f"{size}-{number}",
            "insatstyp": str(size),
            "slutdatum": "2024-02-01",
            "avslutsorsak": "arbete" if number < size else "sfi",
        }
        for size in (0, 1, 4, 5, 6)
        for number in range(size + 1)
    ]
    payments = [
        {"utbetalning_id": f"u{size}", "insats_id": f"{size}-0", "manad": "2024-02-01"} for size in (0, 1, 4, 5, 6)
    ]
    flags = protected(connection, fill(insatser=stays, utbetalningar=payments), "kostnad_per_lyckat_avslut")
    of_programme = {cell[0][1]: flag for cell, flag in flags.items() if cell}
    assert of_programme == {"0": True, "1": True, "4": True, "5": False, "6": False}
    assert not flags[()]


def test_a_sum_is_protected_by_the_number_of_persons_not_of_payments(connection: Connection, fill: Fill) -> None:
    def group(sender: str, persons: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        stays = [
            {"sender": sender, "insats_id": f"{sender}-{number}", "person_id": f"{sender}-{number % persons}"}
            for number in range(8)
        ]
        payments = [
            {
                "utbetalning_id": f"{stay['insats_id']}-{month}",
                "anordnare_orgnr": sender,
                "insats_id": stay["insats_id"],
                "manad": f"2024-{month:02}-01",
            }
            for stay in stays
            for month in (1, 2)
        ]
        return stays, payments

    groups = [group("four_persons", 4), group("five_persons", 5)]
    run_id = fill(
        insatser=[stay for stays, _ in groups for stay in stays],
        utbetalningar=[payment for _, payments in groups for payment in payments],
    )
    flags = protected(connection, run_id, "ersattningsavvikelse")
    assert of_provider(flags) == {"four_persons": True, "five_persons": False}


def test_objects_accounts_visits_and_controls_are_no_persons(connection: Connection, fill: Fill) -> None:
    run_id = fill(
        ekonomi=[{"manad": "2024-02-01", "budget": 1}],
        besok=[{"besok_id": "b1", "datum": "2024-02-01"}],
        atgarder=[{"atgard_id": "a1"}],
        kontrollpunkter=[{"kontroll_id": "k1", "period": "2024-01-01"}],
        kontrollresultat=[{"datum": "2024-02-01"}],
        kurser=[{"kurs_id": "k1"}],
    )
    for indicator_id in (
        "budgetavvikelse",
        "namndbesok_genomforda",
        "atgarder_i_tid",
        "internkontroll_utan_avvikelse",
        "kursutvardering_tackning",
    ):
        assert not any(protected(connection, run_id, indicator_id).values()), indicator_id
