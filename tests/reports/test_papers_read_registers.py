"""The working papers and summaries read the registers themselves, as the role that may only read reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection
from tests.registers.follow_up_world import as_reader, fill
from tests.reports.example import texts
from tests.reports.facts_example import HIDDEN, share
from tests.reports.register_examples import OWN, complaints, provider_facts
from tests.reports.year_example import reading, year_facts

from arshjul.periods import Period, Tertial, YearToDate
from arshjul.reports.blocks import Document
from arshjul.reports.dialogunderlag import dialogunderlag
from arshjul.reports.facts import Facts, FactsMissing
from arshjul.reports.internkontrollrapport import internkontrollrapport
from arshjul.reports.klagomalssammanstallning import klagomalssammanstallning
from arshjul.reports.redovisning_namndbesok import redovisning_namndbesok
from arshjul.reports.report_type import Reading
from arshjul.reports.underlag_namndbesok import underlag_namndbesok
from arshjul.reports.underlag_tjanstemannabesok import underlag_tjanstemannabesok

KNOWN = datetime(2026, 11, 10, 7, tzinfo=UTC)
TABLES = {
    "uppfoljningsobjekt": [
        {
            "objekt_id": "jokt",
            "typ": "egen_verksamhet",
            "namn": "Jobbtorget",
            "kraver": "namndbesok,tjanstemannabesok,kvalitetsrapport",
            "period": "2025-01-01",
        },
    ],
    "besok": [
        {"besok_id": "b1", "datum": "2025-10-14", "objekt_id": "jokt", "analys": "Lång väntan.\n- Kortare väg"},
        {"besok_id": "b2", "datum": "2026-02-11", "objekt_id": "jokt", "analys": "Målen är kända."},
        {"besok_id": "b3", "datum": "2026-05-13", "objekt_id": "jokt"},
        {"besok_id": "b4", "datum": "2026-06-03", "objekt_id": "jokt", "analys": "Bra möte."},
        {"besok_id": "b5", "datum": "2026-09-09", "objekt_id": "jokt", "analys": "Nästa säsong."},
        {
            "besok_id": "t1",
            "typ": "tjanstemannabesok",
            "datum": "2026-08-26",
            "objekt_id": "jokt",
            "analys": "Rutiner.",
        },
        {"besok_id": "b6", "datum": "2026-12-02", "objekt_id": "jokt", "status": "planerat", "period": "2026-10-01"},
    ],
    "atgarder": [
        {
            "atgard_id": number,
            "kalla": source,
            "kall_id": source_id,
            "beskrivning": words,
            "beslutad_datum": "2026-03-02",
            "forfallodatum": "2026-05-02",
            "period": "2026-03-01",
        }
        for number, source, source_id, words in (
            ("a1", "besok", "b1", "Språkpraktik ges på deltid."),
            ("a2", "klagomal", "c1", "Breven skickas i tid."),
            ("a3", "internkontroll", "k1/2026-03-15", "Rutinen skrivs om."),
            ("a4", "dialog", f"{OWN}/Svenska", "En plan för yrkessvenska."),
            ("a5", "besok", "t1", "Placering vid avslut."),
        )
    ],
    "kontrollpunkter": [
        {"kontroll_id": "k1", "objekt_id": "jokt", "beskrivning": "Placering är gjord.", "period": "2026-01-01"},
        {"kontroll_id": "k2", "niva": "namnd", "beskrivning": "Två har godkänt.", "period": "2026-01-01"},
    ],
    "kontrollresultat": [
        {"kontroll_id": "k1", "datum": "2026-03-15", "utfall": "avvikelse", "iakttagelse": "Datum saknas."},
        {"kontroll_id": "k2", "datum": "2026-03-16"},
    ],
    "kvalitetsrapporter": [{"objekt_id": "jokt", "ar": 2025, "inkom_datum": "2025-12-19", "period": "2025-12-01"}],
    "dialoger": [
        {
            "anordnare_orgnr": OWN,
            "datum": "2025-05-12",
            "period": "2025-05-01",
            "typ": "forbattringsomrade",
            "tema": "Svenska",
            "rad": 1,
            "text": "För få tider.",
        }
    ],
}


def written(
    connection: Connection, write: Callable[[Reading], Document], facts: Facts, subject: str = "", **beside: Facts
) -> str:
    fill(connection, **TABLES)
    found = reading(as_reader(connection), replace(facts, current=replace(facts.current, as_of=KNOWN)), beside=beside)
    return " ".join(" ".join(texts(write(replace(found, subject=subject)))).split())


def months(last: int, values: dict[tuple[str, str], object] | None = None) -> Facts:
    period: Period = YearToDate(2026, last)
    return year_facts(period, values or {}, as_of=KNOWN)  # type: ignore[arg-type]


def test_the_account_of_visits_has_the_seasons_and_flags_the_one_in_june(connection: Connection) -> None:
    found = written(connection, redovisning_namndbesok, months(5, {("atgarder_i_tid", ""): share(14, 18)}))
    assert "Nämnden gjorde tre besök från september 2025 till maj 2026" in found
    assert "Utanför perioden: Jobbtorget 3 juni 2026." in found
    assert "Nästa säsong" not in found
    assert "Rutiner." not in found
    assert "Jobbtorget, 13 maj 2026: minnesanteckningar och analys." in found
    assert "Språkpraktik ges på deltid." in found


def test_the_complaints_summary_reads_its_actions(connection: Connection) -> None:
    values = complaints(22, 13, {"information": 35})
    assert "Breven skickas i tid." in written(connection, klagomalssammanstallning, months(8, dict(values)))


def test_the_complaints_summary_keeps_few_deficiencies_to_itself(connection: Connection) -> None:
    values = {**complaints(22, 13, {"information": 35}), ("brister_atgardade", ""): HIDDEN}
    assert "Breven" not in written(connection, klagomalssammanstallning, months(8, dict(values)))


def test_the_control_report_reads_points_results_and_reports(connection: Connection) -> None:
    found = written(connection, internkontrollrapport, months(10))
    assert "Av årets 2 kontrollpunkter" in found
    assert "Datum saknas. Rutinen skrivs om." in found
    assert "Tertial 1 2026" in found
    assert "Inga stickprov är beslutade för året." in found


@pytest.mark.parametrize("write", [underlag_tjanstemannabesok, underlag_namndbesok])
def test_a_pack_reads_what_concerns_its_object(connection: Connection, write: Callable[[Reading], Document]) -> None:
    facts = year_facts(Tertial(2026, 2), {("maluppfyllelse", ""): share(44, 100)}, as_of=KNOWN)
    found = written(connection, write, facts, "jokt")
    assert "Rapporten för 2025 kom in den 19 december 2025." in found
    assert "Rutinen skrivs om." in found
    assert "Breven skickas i tid." not in found
    assert "En plan för yrkessvenska." not in found
    assert ("är planerat till den 2 december 2026" in found) is (write is underlag_namndbesok)


def test_a_visit_whose_day_has_passed_is_told_until_somebody_notes_what_came_of_it(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TABLES, "besok", [{**one, "datum": "2026-11-04"} for one in TABLES["besok"][-1:]])
    facts = year_facts(Tertial(2026, 2), {}, as_of=KNOWN)
    assert "är planerat till den 4 november 2026" in written(connection, underlag_namndbesok, facts, "jokt")


def test_a_pack_of_nothing_in_the_register_is_refused(connection: Connection) -> None:
    facts = year_facts(Tertial(2026, 2), {}, as_of=KNOWN)
    with pytest.raises(FactsMissing, match="finns inte i registret"):
        written(connection, underlag_tjanstemannabesok, facts, "okand")


def test_a_dialogue_pack_of_a_provider_nobody_knows_is_refused(connection: Connection) -> None:
    with pytest.raises(FactsMissing, match="finns inte i registret"):
        written(connection, dialogunderlag, provider_facts(), "5500000000")


def test_the_dialogue_pack_reads_last_years_dialogue_and_waits_for_the_survey(connection: Connection) -> None:
    found = written(connection, dialogunderlag, provider_facts(), OWN)
    assert "Svenska: För få tider." in found
    assert "Väntar på Kundenkäten 2026 är inte stängd." in found
