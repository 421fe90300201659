"""A provider's comment or request for correction is a case: opened, answered, closed once, an open loop until then."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from tests.core_rows import PROVIDER, load, start_run
from typer.testing import CliRunner

from arshjul.cli import app
from arshjul.lineage.chain import verify_chain
from arshjul.registers.loops import read_open_loops
from arshjul.registers.provider_cases import CaseRefused, ProviderCase, close_case, open_case, read_cases
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

CAME, ENDED, TODAY = date(2026, 3, 12), date(2026, 4, 2), date(2027, 1, 31)
ABOUT = "Närvaron för februari verkar vara för låg."
DONE = "Två rader var fel i filen, och en ny fil är inläst."
FAR = datetime(2199, 1, 1, tzinfo=UTC)


def opened(database: Settings, **changed: Any) -> ProviderCase:
    wanted: dict[str, Any] = {
        "provider": PROVIDER,
        "kind": "rattelse",
        "received_on": CAME,
        "subject": ABOUT,
        "by": "anna",
        "today": TODAY,
    }
    with transaction(database, Role.PUBLISH) as connection:
        return open_case(connection, **(wanted | changed))


def closed(database: Settings, number: int, **changed: Any) -> ProviderCase:
    wanted: dict[str, Any] = {"outcome": "rattat", "decision": DONE, "closed_on": ENDED, "by": "bertil", "today": TODAY}
    with transaction(database, Role.PUBLISH) as connection:
        return close_case(connection, number, **(wanted | changed))


def cases(database: Settings, **asked: Any) -> tuple[ProviderCase, ...]:
    with transaction(database, Role.REPORT) as connection:
        return read_cases(connection, date(2026, 1, 1), date(2026, 12, 31), **asked)


def loops(database: Settings, day: date) -> list[tuple[str, str, date]]:
    with transaction(database, Role.REPORT) as connection:
        found = read_open_loops(connection, database.include, FAR, 2026, day)
    return [(one.source, one.source_id, one.day) for one in found]


def test_a_case_is_opened_once_and_closed_with_what_was_done(database: Settings) -> None:
    case = opened(database)
    assert opened(database, subject=f"  {ABOUT} ", by="bertil") == case
    assert (case.is_open(CAME), case.outcome, case.closed_on) == (True, None, None)
    done = closed(database, case.provider_case_id)
    assert (done.outcome, done.decision, done.closed_on) == ("rattat", DONE, ENDED)
    assert closed(database, case.provider_case_id) == done
    assert (done.is_open(date(2026, 4, 1)), done.is_open(ENDED)) == (True, False)
    others: tuple[dict[str, Any], ...] = ({"outcome": "avslaget"}, {"closed_on": date(2026, 4, 3)}, {"by": "anna"})
    for other in others:
        with pytest.raises(CaseRefused, match="redan avslutat den 2026-04-02 av bertil"):
            closed(database, case.provider_case_id, **other)
    for change in ("SET subject = 'Något annat helt.'", "SET decision = 'Något annat helt.'"):
        with pytest.raises(DBAPIError, match="only learns once"), transaction(database) as connection:
            connection.exec_driver_sql(f"UPDATE lineage.provider_case {change}")
    with transaction(database, Role.AUDIT) as connection:
        assert verify_chain(connection).ok


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"subject": "Fel."}, "mellan 10 och 1 000"),
        ({"subject": "Deltagaren 900101-2385 är inte vår."}, "inga personnummer"),
        ({"subject": "Deltagaren 199001012385 är inte vår."}, "inga personnummer"),
        ({"subject": "Deltagaren 900101 - 1234 är inte vår."}, "inga personnummer"),
        ({"subject": "Deltagaren 900161\u20132385 är inte vår."}, "inga personnummer"),
        ({"received_on": date(2027, 2, 1)}, "inte varit än"),
        ({"provider": "123"}, "tio siffror"),
        ({"by": " "}, "med namn"),
    ],
)
def test_what_is_no_case_is_refused(database: Settings, changed: dict[str, str], sentence: str) -> None:
    with pytest.raises(CaseRefused, match=sentence):
        opened(database, **changed)
    assert cases(database) == ()


def test_a_number_that_is_no_persons_may_be_told(database: Settings) -> None:
    for subject in ("Faktura med OCR 5544332211 till 556036-0793.", "Beställning 90010112345678 är fel."):
        assert opened(database, subject=subject).subject == subject


def test_a_new_case_is_open_and_nobody_is_let_to_write_it_as_closed(database: Settings) -> None:
    row = f"'{PROVIDER}', 'synpunkt', '2026-03-12', '{ABOUT}', 'anna'"
    columns = "provider, kind, received_on, subject, opened_by"
    ended = "'besvarat', 'Vi har svarat dem.', '2026-03-12', 'anna', now()"
    for role, words in ((Role.PUBLISH, "InsufficientPrivilege"), (Role.OWNER, "begins as an open case")):
        with pytest.raises(DBAPIError, match=words), transaction(database, role) as connection:
            connection.exec_driver_sql(
                f"INSERT INTO lineage.provider_case ({columns}, outcome, decision, closed_on, closed_by, closed_at) "
                f"VALUES ({row}, {ended})"
            )
    with pytest.raises(DBAPIError, match="InsufficientPrivilege"), transaction(database, Role.PUBLISH) as connection:
        connection.exec_driver_sql(
            f"INSERT INTO lineage.provider_case ({columns}, opened_at) VALUES ({row}, '2026-03-12')"
        )


def test_a_case_cannot_end_before_it_came(database: Settings) -> None:
    number = opened(database).provider_case_id
    with pytest.raises(CaseRefused, match="före den dag det kom"):
        closed(database, number, closed_on=date(2026, 3, 11))
    with pytest.raises(CaseRefused, match="inte varit än"):
        closed(database, number, closed_on=date(2027, 2, 1))
    with pytest.raises(CaseRefused, match="inget ärende med nummer 99"):
        closed(database, 99)


def test_a_reading_knows_what_was_known_then_and_only_the_providers_own(database: Settings) -> None:
    case = opened(database)
    opened(database, provider="5590000013")
    with transaction(database) as connection:
        then = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    closed(database, case.provider_case_id)
    assert [one.provider for one in cases(database, provider=PROVIDER)] == [PROVIDER]
    assert cases(database, provider=PROVIDER, as_of=then) == (case,)
    assert cases(database, as_of=datetime(2000, 1, 1, tzinfo=UTC)) == ()


def test_a_case_that_is_not_closed_is_an_open_loop_at_the_years_end(database: Settings) -> None:
    first, second = opened(database), opened(database, subject="Vi saknar två avslut i mars.")
    closed(database, first.provider_case_id)
    year_end = date(2026, 12, 31)
    assert loops(database, year_end) == [("dialog", f"arende/{second.provider_case_id}", CAME)]
    assert [one[1] for one in loops(database, date(2026, 4, 1))] == [
        f"arende/{one.provider_case_id}" for one in (first, second)
    ]
    closed(database, second.provider_case_id, closed_on=date(2027, 1, 7))
    assert loops(database, year_end) != [], "it was open when the year ended"
    closed_in_time = opened(database, subject="Ett tredje ärende om februari.")
    closed(database, closed_in_time.provider_case_id, closed_on=year_end)
    assert len(loops(database, year_end)) == 1


def test_a_case_is_handled_from_the_keyboard(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARSHJUL_HOME", str(database.home))
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", str(database.database_url))

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["case", *arguments])

    with transaction(database) as connection:
        register = {"orgnr": PROVIDER, "period": date(2026, 1, 1), "auktoriserad_fran": date(2020, 1, 1)}
        load(connection, start_run(connection), {"anordnare": [register]})
    mistyped = run("open", "9001012385", "--about", ABOUT, "--by", "cecilia")
    assert (mistyped.exit_code, "Anordnaren finns inte i registret" in mistyped.stderr) == (1, True)
    assert run("close", "9001012385", "--outcome", "rattat", "--decision", DONE, "--by", "cecilia").exit_code == 2
    with transaction(database) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lineage.refusal").scalar_one() == 0
    assert "Inga ärenden" in run("list").stdout
    asked = ("open", PROVIDER, "--about", ABOUT, "--kind", "rattelse", "--date", "2026-03-12")
    stranger = run(*asked, "--by", "cecilia")
    assert (stranger.exit_code, "öppna och avsluta anordnares ärenden" in stranger.stderr) == (1, True)
    assert run("open", PROVIDER, "--about", ABOUT, "--kind", "annat", "--by", "anna").exit_code == 2
    number = str(json.loads(run(*asked, "--by", "anna", "--json").stdout)["arende"])
    assert f"{number}  {PROVIDER}  2026-03-12  Begäran om rättelse: {ABOUT}  Öppet" in run("list", "--open").stdout
    ended = ("close", number, "--outcome", "rattat", "--decision", DONE, "--by", "bertil", "--date", "2026-04-02")
    done = run(*ended)
    assert (done.exit_code, f"Rättat 2026-04-02: {DONE}" in done.stdout) == (0, True)
    assert "Inga ärenden" in run("list", "--open", "--provider", PROVIDER).stdout
    assert json.loads(run("list", "--json").stdout)[0]["utfall"] == "rattat"
    assert run("close", "99", "--outcome", "rattat", "--decision", DONE, "--by", "bertil").exit_code == 1
