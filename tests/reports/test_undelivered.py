"""A nought that nobody has told is no value: neither in the report of its period nor beside another one (trap T8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, load, start_run
from tests.public_rows import as_public
from tests.reports.facts_example import HIDDEN, amount, count, facts, said, share

from arshjul.comparison.change import NOT_COMPARABLE
from arshjul.comparison.values import PublicValue
from arshjul.indicators.compute import compute
from arshjul.periods import Period, Tertial
from arshjul.reports.chapters.complaint_summary import complaint_lead
from arshjul.reports.chapters.complaints import complaints_chapter
from arshjul.reports.chapters.control import control_chapter
from arshjul.reports.chapters.method import method_chapter
from arshjul.reports.chapters.money import money_chapter
from arshjul.reports.facts import Facts, assemble
from arshjul.reports.figures import compared, statement
from arshjul.reports.undelivered import ALL_OF, NOUGHT_OF, find_undelivered

COST = "kostnad_per_lyckat_avslut"
NOUGHT = PublicValue(Decimal(0), Decimal(12), Decimal(0), 12)
MAY = datetime(2024, 5, 10, tzinfo=UTC)


def test_a_nought_is_a_value_when_its_dataset_was_delivered() -> None:
    assert find_undelivered({COST: NOUGHT}, frozenset({"utbetalningar"})) == {}
    assert find_undelivered({COST: NOUGHT}, frozenset()) == {COST: "inga utbetalningar har lämnats för perioden"}


def test_what_is_not_a_nought_has_been_told_by_some_file_and_what_is_withheld_is_left_alone() -> None:
    assert find_undelivered({COST: amount(130415), "synpunkter_inkomna": count(3)}, frozenset()) == {}
    assert find_undelivered({COST: HIDDEN, "kunder": HIDDEN, "ersattningsavvikelse": HIDDEN}, frozenset()) == {}


@pytest.mark.parametrize("missing", ["utbetalningar", "narvaro"])
def test_a_difference_between_two_datasets_needs_both(missing: str) -> None:
    both = frozenset({"utbetalningar", "narvaro"})
    assert find_undelivered({"ersattningsavvikelse": amount(-90000)}, both) == {}
    assert "ersattningsavvikelse" in find_undelivered({"ersattningsavvikelse": amount(-90000)}, both - {missing})


def test_every_measure_that_is_named_is_in_the_catalogue() -> None:
    assert {*ALL_OF, *NOUGHT_OF} <= facts({}).indicators.keys()
    assert all(find_undelivered({one: NOUGHT}, frozenset()) for one in (*ALL_OF, *NOUGHT_OF)), "each has words"


def test_the_chapters_say_that_it_is_not_known() -> None:
    given = facts({("atgarder_i_tid", ""): share(5, 8), ("budgetavvikelse", ""): amount(-29470)})
    words = {
        "synpunkter_inkomna": "inga synpunkter har lämnats för perioden",
        "namndbesok_genomforda": "inga besök har lämnats för perioden",
        COST: "inga utbetalningar har lämnats för perioden",
    }
    given.current.undelivered.update(words)  # type: ignore[attr-defined]  # a dict in every facts
    assert said(complaints_chapter(given)) == "Uppgift saknas: inga synpunkter har lämnats för perioden."
    lead = "".join(run.text for run in complaint_lead(given))
    assert lead.endswith("går inte att säga. Uppgift saknas: inga synpunkter har lämnats för perioden.")
    assert "Uppgift saknas: inga besök har lämnats för perioden." in said(control_chapter(given))
    assert "Uppgift saknas: inga utbetalningar har lämnats för perioden." in said(money_chapter(given))
    told = statement(given, COST, "Kostnaden", Tertial(2025, 1))
    assert told.endswith("tertial 1 2026: uppgift saknas, inga utbetalningar har lämnats för perioden.")


def reached(number: int, month: int) -> dict[str, object]:
    """An enrolment that ended in a job."""
    day = f"2024-0{month}-15"
    return {"insats_id": f"i{number}", "slutdatum": day, "avslutsorsak": "arbete", "period": f"2024-0{month}-01"}


def read(connection: Connection, run_id: int, period: Period) -> Facts:
    """Compute a period, show everything and read it."""
    done = compute(connection, INCLUDE, period, run_id=run_id, as_of=MAY)
    protection_id = as_public(connection, run_id, done.computation_id)
    return assemble(connection, INCLUDE, period, done.computation_id, protection_id)


def delivered(connection: Connection, run_id: int, dataset: str, rows: int, quarantined: int) -> None:
    """Let a file of March be received and judged."""
    connection.exec_driver_sql(
        "INSERT INTO lineage.delivery (run_id, dataset, sender, period, file_name, sha256, size_bytes, channel, status,"
        " rows_in, rows_loaded, rows_unchanged, rows_quarantined, received_at, finished_at, judged_at, judged_because)"
        " VALUES (%s, %s, '2120000001', '2024-03-01', 'fil.csv', repeat('a', 64), 1, 'mapp', 'mottagen', %s, 0, %s, %s,"
        " '2024-04-05', '2024-04-05', '2024-04-05', 'forsta')",
        (run_id, dataset, rows, rows - quarantined, quarantined),
    )


@pytest.mark.parametrize(
    ("rows", "quarantined", "is_told"),
    [(None, 0, False), (0, 0, True), (3, 3, False), (3, 1, True)],
    ids=["nothing came", "an empty file came", "no row could be used", "some rows could"],
)
def test_no_payments_are_nought_kronor_only_when_somebody_has_said_so(
    connection: Connection, rows: int | None, quarantined: int, is_told: bool
) -> None:
    run_id = start_run(connection)
    load(connection, run_id, {"insatser": [reached(number, 1 + number % 4) for number in range(12)]})
    if rows is not None:
        delivered(connection, run_id, "utbetalningar", rows, quarantined)
    found = read(connection, run_id, Tertial(2024, 1))
    stored = connection.exec_driver_sql(
        f"SELECT value FROM indicator.value WHERE indicator_id = '{COST}' AND cell = '{{}}'"
    )
    assert stored.scalar_one() == 0, "what is computed is the contract's"
    assert found.current.is_told_later, "no file with programmes came"
    assert (found.current.get(COST) is not None) is is_told
    assert (COST in found.current.undelivered) is not is_told
    assert found.current.by(COST, "insatstyp").keys() == ({"jobbpeng_grund"} if is_told else set())


def test_a_period_that_stands_on_later_files_is_told_to() -> None:
    given = facts({("kunder", ""): count(300)}, last_year={("kunder", ""): count(280)})
    assert "i efterhand" not in said(method_chapter(given))
    later = replace(given, last_year=replace(given.last_year, is_told_later=True))  # type: ignore[type-var]
    assert "Värdena för tertial 1 2025 bygger på uppgifter som har lämnats i efterhand" in said(method_chapter(later))


def test_a_period_of_which_nothing_was_delivered_gives_nothing_to_compare_with() -> None:
    now, nothing = {("synpunkter_inkomna", ""): count(31)}, {("kunder", ""): count(300)}
    given = facts(now, last_year=nothing)
    change = compared(given, "synpunkter_inkomna", Tertial(2025, 1))
    assert (change.difference, change.words) == (None, NOT_COMPARABLE)
