"""A sample is promised before it can be steered, drawn once, recorded item by item, and can be drawn again by anybody."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.core_rows import PROVIDER, load, start_run

from arshjul.lineage.expected import swedish_today
from arshjul.periods import Month
from arshjul.registers import drawing
from arshjul.registers.drawing import SpotCheckRefused, draw_sample, promise_sample, verify_sample, window_of, worklist
from arshjul.registers.spot_checks import find_promise, results, spot_checks
from arshjul.settings import Settings
from arshjul.warehouse.errors import WarehouseError

OTHER = "5590000013"
MARCH = Month(2024, 3)
PROMISED, DRAWN = date(2024, 3, 20), date(2024, 4, 30)
IN_TWO_DAYS = swedish_today() + timedelta(days=2)


@pytest.fixture
def run_id(connection: Connection) -> int:
    return start_run(connection)


@pytest.fixture
def paid(connection: Connection, run_id: int) -> Any:
    """Promise March's sample, and then let its payments come: forty to one provider, three to another."""

    def pay(settings: Settings) -> None:
        promise_sample(connection, settings, MARCH, run_id=run_id, on_day=PROMISED)
        rows = [
            {
                "utbetalning_id": f"u{number}",
                "insats_id": f"E{number}",
                "manad": "2024-03-01",
                "dagpris": 100,
                "belopp": 100,
            }
            for number in range(43)
        ]
        for row in rows[40:]:
            row["anordnare_orgnr"] = OTHER
        load(connection, run_id, {"utbetalningar": rows})

    return pay


def drawn(connection: Connection, settings: Settings, run_id: int) -> Any:
    return draw_sample(connection, settings, MARCH, run_id=run_id, on_day=DRAWN)


def record(connection: Connection, item: str, outcome: Any, run_id: int, **more: Any) -> None:
    given = {"reason": None, "action_id": None, "recorded_by": "anna", "on_day": DRAWN} | more
    drawing.record_result(connection, MARCH, item, outcome, run_id=run_id, **given)


def test_a_sample_is_promised_drawn_and_drawn_again(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    promise = drawn(connection, database, run_id)
    assert promise.draw.population == 43
    assert set(promise.draw.items.values()) == {PROVIDER, OTHER}
    assert len(promise.draw.items) == 19, "43 payments, a tenth, 95 per cent"
    assert verify_sample(connection, MARCH) == ()
    listed = worklist(connection, MARCH)
    assert {one.item for one in listed} == set(promise.draw.items)
    assert all(one.insats_id.startswith("E") and one.paid == 100 and one.result is None for one in listed)


def test_the_number_cannot_be_read_before_the_draw_and_is_what_was_promised(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    before = find_promise(connection, MARCH)
    assert before
    assert before.draw is None
    promise = drawn(connection, database, run_id)
    nonce = promise.draw.nonce
    assert hashlib.sha256(nonce).hexdigest() == before.commitment
    assert nonce not in before.sealed_nonce
    log = connection.exec_driver_sql(
        "SELECT string_agg(data::text, ' ') FROM lineage.log WHERE event = 'spot_check.insert'"
    ).scalar_one()
    assert before.commitment in log
    assert nonce.hex() not in log


def test_an_auditor_draws_again_with_nothing_but_hashes(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    promise = drawn(connection, database, run_id)
    ids = sorted(f"{OTHER if number >= 40 else PROVIDER}/E{number}/2024-03" for number in range(43))
    # Paid without reported days: both differ beyond what is tolerated only where 100 kronor each exceed 1 000.
    weights = {PROVIDER: 2, OTHER: 1}
    lines = [f"{one}\x1f{weights[one]}" for one in sorted(weights)] + sorted(f"{i}\x1f{i[:10]}" for i in ids)
    manifest = hashlib.sha256("\n".join(lines).encode()).digest()
    seed = hashlib.sha256(promise.draw.nonce + manifest + b"Stickprov av utbetalningar 2024-03").digest()
    assert seed.hex() == promise.draw.seed
    order = {hashlib.sha256(seed + b"\x1f" + one.encode()).hexdigest(): one[:10] for one in ids}
    for provider in (PROVIDER, OTHER):
        mine = [item for item, owner in promise.draw.items.items() if owner == provider]
        assert sorted(mine) == sorted(item for item, owner in order.items() if owner == provider)[: len(mine)]


def test_a_promise_is_made_once_and_a_draw_too(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    again = promise_sample(connection, database, MARCH, run_id=run_id, on_day=PROMISED)
    assert again == find_promise(connection, MARCH)
    first = drawn(connection, database, run_id)
    with pytest.raises(SpotCheckRefused, match="redan draget"):
        drawn(connection, database, run_id)
    assert find_promise(connection, MARCH) == first


def insert_draw(connection: Connection, spot_check_id: int, run_id: int, **changes: Any) -> None:
    """Write a draw past our own code, as somebody with the database in hand would."""
    row = {
        "spot_check_id": spot_check_id,
        "run_id": run_id,
        "closed_on": date(2024, 4, 4),
        "complete_on": date(2024, 4, 15),
        "as_of": datetime.now(UTC) - timedelta(seconds=0),
        "nonce": bytes(32),
        "manifest_sha256": "0" * 64,
        "seed": "0" * 64,
        "population": 1,
        "items": "{}",
        "on_day": DRAWN,
    } | changes
    names, places = ", ".join(row), ", ".join(f"%({name})s" for name in row)
    connection.exec_driver_sql(f"INSERT INTO lineage.spot_check_draw ({names}) VALUES ({places})", row)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closed_on": date(2024, 3, 19)}, "efter att leveranserna"),
        ({"on_day": date(2024, 4, 15)}, "först när alla underlag"),
        ({"on_day": IN_TWO_DAYS}, "först när alla underlag"),
        ({"as_of": datetime(2024, 4, 30, tzinfo=UTC)}, "frysas efter utfästelsen"),
        ({}, "inte det som utfästes"),
    ],
)
def test_the_database_refuses_a_draw_that_does_not_follow_from_its_promise(
    connection: Connection, database: Settings, run_id: int, changes: dict[str, Any], sentence: str
) -> None:
    promise = promise_sample(connection, database, MARCH, run_id=run_id, on_day=PROMISED)
    with pytest.raises(Exception, match=sentence):
        insert_draw(connection, promise.spot_check_id, run_id, **changes)


def test_the_database_refuses_the_right_number_with_another_seed(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    with connection.begin_nested() as nested:
        nonce = drawn(connection, database, run_id).draw.nonce
        nested.rollback()
    promise = find_promise(connection, MARCH)
    assert promise
    with pytest.raises(Exception, match="Fröet är inte det"):
        insert_draw(connection, promise.spot_check_id, run_id, nonce=nonce)


def test_a_second_draw_is_refused_by_the_database_too(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    promise = drawn(connection, database, run_id)
    with pytest.raises(Exception, match=r"UniqueViolation, table lineage\.spot_check_draw"):
        insert_draw(
            connection,
            promise.spot_check_id,
            run_id,
            nonce=promise.draw.nonce,
            manifest_sha256=promise.draw.manifest_sha256,
            seed=promise.draw.seed,
        )


def test_a_promise_after_the_window_is_refused(connection: Connection, database: Settings, run_id: int) -> None:
    assert window_of(database.include, MARCH).closes_on == date(2024, 4, 4)
    with pytest.raises(WarehouseError, match="utfästas innan"):
        promise_sample(connection, database, MARCH, run_id=run_id, on_day=date(2024, 4, 5))


def test_a_promise_is_not_dated_back_over_what_has_come(
    connection: Connection, database: Settings, run_id: int
) -> None:
    connection.exec_driver_sql(
        "INSERT INTO lineage.delivery (run_id, dataset, sender, period, file_name, sha256, size_bytes, channel, status,"
        " rows_in, rows_loaded, rows_unchanged, rows_quarantined) VALUES (%s, 'narvaro', %s, '2024-03-01', 'fil.csv',"
        " repeat('0', 64), 1, 'mapp', 'mottagen', 1, 1, 0, 0)",
        (run_id, PROVIDER),
    )
    with pytest.raises(WarehouseError, match="dateras bakåt"):
        promise_sample(connection, database, MARCH, run_id=run_id, on_day=PROMISED)


def test_a_promise_of_today_is_made_although_something_has_come(
    connection: Connection, database: Settings, run_id: int
) -> None:
    today = swedish_today()  # the server's own day: a promise of a coming month can only be made on it
    month = Month.containing(today)
    promise = promise_sample(connection, database, month, run_id=run_id, on_day=today)
    assert not drawing.is_played(promise)
    with pytest.raises(SpotCheckRefused, match="inga utbetalningar"):
        draw_sample(connection, database, month, run_id=run_id, on_day=today)
    with pytest.raises(WarehouseError, match="kommande dag"):
        promise_sample(connection, database, Month(2199, 1), run_id=run_id, on_day=IN_TWO_DAYS)


def test_nothing_promised_gives_nothing_to_draw(connection: Connection, database: Settings, run_id: int) -> None:
    with pytest.raises(SpotCheckRefused, match="Inget stickprov är utfäst för mars 2024"):
        drawn(connection, database, run_id)
    with pytest.raises(SpotCheckRefused, match="Inget stickprov är utfäst"):
        worklist(connection, MARCH)


def test_what_comes_after_the_draw_changes_nothing_in_it(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    drawn(connection, database, run_id)
    before = [(one.item, one.insats_id) for one in worklist(connection, MARCH)]
    late = {"utbetalning_id": "sen", "insats_id": "Z", "manad": "2024-03-01", "dagpris": 1, "belopp": 1}
    load(
        connection,
        run_id,
        {"code": [], "utbetalningar": [late | {"known_from": datetime.now(UTC) + timedelta(hours=1)}]},
    )
    assert [(one.item, one.insats_id) for one in worklist(connection, MARCH)] == before
    assert verify_sample(connection, MARCH) == ()


def test_a_changed_population_or_draw_is_found(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    drawn(connection, database, run_id)
    connection.exec_driver_sql("UPDATE core.utbetalningar SET insats_id = 'bytt' WHERE utbetalning_id = 'u7'")
    said = verify_sample(connection, MARCH)
    assert "Underlaget är inte detsamma som när stickprovet drogs." in said
    assert "Fröet följer inte av utfästelsen och underlaget." in said


def test_another_key_does_not_open_the_number(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    other = replace(database, vault_key_file=database.home / "keys" / "another.key")
    with pytest.raises(SpotCheckRefused, match="nyckel är en annan"):
        drawn(connection, other, run_id)


def test_results_give_a_rate_a_bound_and_what_is_still_to_do(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    items = list(drawn(connection, database, run_id).draw.items)
    record(connection, items[0], "avvikelse", run_id, reason="Närvarolistan visar två dagar färre.", action_id="ATG-1")
    record(connection, items[1], "avvikelse", run_id, reason="Priset är fel enligt avtalet.")
    record(connection, items[2], "ej_genomford", run_id, reason="Anordnaren har inte svarat.")
    for item in items[3:10]:
        record(connection, item[:16], "utan_avvikelse", run_id)
    record(connection, items[3], "avvikelse", run_id, reason="Rättat efter ny granskning.")
    [found] = spot_checks(connection, datetime.now(UTC), 2024)
    assert (found.period, found.population, found.size, found.checked, found.faults, found.not_done) == (
        "2024-03",
        43,
        19,
        9,
        3,
        1,
    )
    assert found.waiting == 9
    assert found.actions == ("ATG-1",)
    assert found.unanswered_faults == 2
    assert found.fault_rate is not None
    assert round(found.fault_rate, 4) == Decimal("0.3333")
    assert found.at_most == pytest.approx(0.655, abs=0.001), "Clopper and Pearson, 3 of 9"
    promise = find_promise(connection, MARCH)
    assert promise
    newest = results(connection, promise)
    assert newest[items[3]].outcome == "avvikelse"
    count = connection.exec_driver_sql("SELECT count(*) FROM lineage.spot_check_result").scalar_one()
    assert count == 11, "a new result replaces the old one, which remains"


@pytest.mark.parametrize(
    ("item", "outcome", "more", "sentence"),
    [
        ("", "utan_avvikelse", {}, "inget"),
        ("zz", "utan_avvikelse", {}, "inget"),
        (None, "avvikelse", {}, "skäl"),
        (None, "ej_genomford", {"reason": "kort"}, "skäl"),
        (None, "utan_avvikelse", {"action_id": "ATG-1"}, "hör till en avvikelse"),
    ],
)
def test_a_result_that_says_too_little_is_refused(
    connection: Connection,
    database: Settings,
    run_id: int,
    paid: Any,
    item: str | None,
    outcome: str,
    more: dict[str, str],
    sentence: str,
) -> None:
    paid(database)
    items = list(drawn(connection, database, run_id).draw.items)
    with pytest.raises(SpotCheckRefused, match=sentence):
        record(connection, items[0] if item is None else item, outcome, run_id, **more)


def test_a_reason_with_a_personnummer_is_refused(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    items = list(drawn(connection, database, run_id).draw.items)
    with pytest.raises(WarehouseError) as refused:
        record(connection, items[0], "avvikelse", run_id, reason="Gäller 19900101-2385 som var sjuk.")
    assert "19900101" not in str(refused.value)


def test_reports_read_counts_and_nothing_else(
    connection: Connection, database: Settings, run_id: int, paid: Any
) -> None:
    paid(database)
    drawn(connection, database, run_id)
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    [found] = spot_checks(connection, datetime.now(UTC), 2024)
    assert (found.size, found.fault_rate, found.at_most) == (19, None, None)
    with pytest.raises(WarehouseError):
        worklist(connection, MARCH)
