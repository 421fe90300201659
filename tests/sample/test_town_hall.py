"""The municipality's own systems tell one story: with each other, with the providers' files and with the årshjul."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from arshjul.periods import parse_month
from arshjul.sample import Fault
from arshjul.sample.money import PRICE_A_DAY

MONTHS = tuple(f"2026-{month:02d}" for month in range(1, 13))
OBJECT_KINDS = {
    "egen_verksamhet",
    "avtal",
    "intern_overenskommelse",
    "extern_overenskommelse",
    "projekt",
    "permanentas",
    "foreningsbidrag",
    "iop",
}


def rows_of(town: Any, dataset: str, month: str) -> list[dict[str, Any]]:
    return [row for file in town.files(dataset) if file.month == month for row in town.rows[file.path]]


def good(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """Without the rows planted as bad, whose key ends in X."""
    return [row for row in rows if not str(row[key]).endswith("-X")]


@pytest.mark.parametrize("month", MONTHS)
def test_payments_are_the_attended_days_at_the_programmes_price_but_for_a_few(town: Any, month: str) -> None:
    attended: Counter[tuple[str, str]] = Counter()
    for file in (file for file in town.files("narvaro") if file.month == month):
        seen = {(row["insats_id"], row["datum"]) for row in town.rows[file.path] if row["narvarande_timmar"] > 0}
        attended.update((file.orgnr, insats_id) for insats_id, day in seen if day.weekday() < 5)
    prices = {
        (file.orgnr, row["insats_id"]): PRICE_A_DAY[row["insatstyp"]]
        for file in town.files("insatser")
        for row in town.rows[file.path]
        if row["insatstyp"] in PRICE_A_DAY
    }
    paid = good(rows_of(town, "utbetalningar", month), "insats_id")
    keys = [(row["anordnare_orgnr"], row["insats_id"]) for row in paid]
    assert len(set(keys)) == len(keys)
    assert set(keys) <= set(attended)
    differences = 0
    for key, row in zip(keys, paid, strict=True):
        days = int(row["ersatta_dagar"])
        assert row["manad"] == month
        assert float(row["belopp"]) == days * float(row["dagpris"]) == days * prices[key]
        assert 0 <= days - attended[key] <= 3
        differences += days != attended[key]
    assert differences <= 0.05 * len(paid)


def test_some_payments_are_for_too_many_days(town: Any) -> None:
    bad_rows = Counter(fault for file in town.files("utbetalningar") for fault in file.faults.elements())
    assert bad_rows == {Fault.UNKNOWN_ENROLMENT: 12}


@pytest.mark.parametrize("month", MONTHS)
def test_the_ledger_holds_what_was_paid(town: Any, month: str) -> None:
    objects = {row["objekt_id"]: row["anordnare_orgnr"] for row in rows_of(town, "uppfoljningsobjekt", month)}
    paid: Counter[str] = Counter()
    for row in good(rows_of(town, "utbetalningar", month), "insats_id"):
        paid[row["anordnare_orgnr"]] += int(row["belopp"])
    booked = {
        objects[row["objekt_id"]]: int(row["utfall"])
        for row in rows_of(town, "ekonomi", month)
        if row["konto"] == "4610"
    }
    assert booked == {orgnr: paid[orgnr] for orgnr in town.summary.providers}


def test_every_kind_of_object_is_followed_up_and_every_provider_is_one(town: Any) -> None:
    rows = rows_of(town, "uppfoljningsobjekt", "2026-03")
    assert {row["typ"] for row in rows} == OBJECT_KINDS
    assert {row["ami_roll"] for row in rows} >= {"deltar", "delagare", "agare"}
    assert sorted(row["anordnare_orgnr"] for row in rows if row["anordnare_orgnr"]) == sorted(town.summary.providers)


@pytest.mark.parametrize("month", MONTHS)
def test_what_is_pointed_at_is_there_in_the_same_month(town: Any, month: str) -> None:
    objects = {row["objekt_id"] for row in rows_of(town, "uppfoljningsobjekt", month)}
    actions = {row["atgard_id"] for row in rows_of(town, "atgarder", month)}
    points = {row["kontroll_id"] for row in rows_of(town, "kontrollpunkter", month)}
    invited = {row["inbjudan_id"] for row in rows_of(town, "kundenkat_inbjudningar", month)}
    questions = {row["fraga_id"] for row in rows_of(town, "kundenkat_fragor", month)}
    about = [
        row for name in ("ekonomi", "besok", "synpunkter", "kvalitetsrapporter") for row in rows_of(town, name, month)
    ]
    pointing = [*rows_of(town, "synpunkter", month), *rows_of(town, "kontrollresultat", month)]
    assert {row["objekt_id"] for row in about} <= objects
    assert {row["atgard_id"] for row in pointing if row["atgard_id"]} <= actions
    assert {row["kontroll_id"] for row in rows_of(town, "kontrollresultat", month)} <= points
    answers = good(rows_of(town, "kundenkat_svar", month), "inbjudan_id")
    assert {row["inbjudan_id"] for row in answers} <= invited
    assert {row["fraga_id"] for row in answers} <= questions


def test_nothing_is_told_before_it_has_happened(town: Any) -> None:
    told_after = {"inkom_datum", "besvarad_datum", "klar_datum", "beslutad_datum", "skickad_datum", "avslutad_datum"}
    for file in town.summary.files:
        last = parse_month(file.month).end
        assert all(row[name] <= last for row in town.rows[file.path] for name in told_after & set(row) if row[name])
        if file.dataset == "besok":
            assert all((row["datum"] <= last) != (row["status"] == "planerat") for row in town.rows[file.path])


def test_visits_lie_in_the_months_of_the_arshjul(town: Any) -> None:
    visits = rows_of(town, "besok", "2026-12")
    months = {
        kind: {row["datum"].month for row in visits if row["typ"] == kind}
        for kind in ("namndbesok", "tjanstemannabesok")
    }
    assert months["namndbesok"] <= {9, 10, 11, 12, 1, 2, 3, 4, 5}
    assert months["tjanstemannabesok"] <= {8, 9}
    assert {row["status"] for row in visits} == {"genomfort", "installt"}


def test_the_board_meets_on_weekdays_also_when_an_interim_report_is_due(town: Any) -> None:
    meetings = rows_of(town, "sammantraden", "2026-01")
    board = {row["datum"] for row in meetings if row["organ"] == "Arbetsmarknadsnämnden" and row["datum"].year == 2026}
    assert {4, 9, 11} <= {day.month for day in board}
    assert 7 not in {day.month for day in board}
    assert all(row["datum"].weekday() == 2 and row["utskick_datum"] < row["datum"] for row in meetings)


def test_the_survey_tells_nackas_story(town: Any) -> None:
    invited = rows_of(town, "kundenkat_inbjudningar", "2026-05")
    answers = good(rows_of(town, "kundenkat_svar", "2026-05"), "inbjudan_id")
    shares, means = {}, {}
    for year in (2025, 2026):
        of_year = [row for row in invited if int(row["enkat_ar"]) == year]
        done = {row["inbjudan_id"] for row in of_year if row["status"] == "besvarad"}
        shares[year] = len(done) / len(of_year)
        for question in {row["fraga_id"] for row in answers}:
            grades = [
                int(row["betyg"]) for row in answers if row["fraga_id"] == question and row["inbjudan_id"] in done
            ]
            means[year, question] = sum(grades) / len(grades)
    assert 0.15 < shares[2025] < shares[2026] < 0.4
    assert min(means.values()) > 4
    assert max((mean, question) for (year, question), mean in means.items() if year == 2026)[1] in ("F01", "F02")
    assert sum(means[2026, f"F0{n}"] > means[2025, f"F0{n}"] for n in range(1, 9)) >= 5


def test_a_survey_is_answered_whole_or_not_at_all_but_for_those_only_begun(town: Any) -> None:
    given = Counter(row["inbjudan_id"] for row in good(rows_of(town, "kundenkat_svar", "2026-05"), "inbjudan_id"))
    for row in rows_of(town, "kundenkat_inbjudningar", "2026-05"):
        assert (row["status"] == "besvarad") == bool(row["besvarad_datum"])
        allowed = {"besvarad": {8}, "paborjad": set(range(1, 8)), "inbjuden": {0, 1}}[row["status"]]
        assert given[row["inbjudan_id"]] in allowed


def test_dialogues_are_held_in_may_with_those_who_had_more_than_ten_customers(town: Any) -> None:
    people: dict[str, set[str]] = {}
    for file in (file for file in town.files("insatser") if file.month == "2026-01"):
        people[file.orgnr] = {
            row["personnummer"].replace("-", "")[-10:]
            for row in town.rows[file.path]
            if row["startdatum"] <= date(2025, 12, 31)
        }
    rows = rows_of(town, "dialoger", "2026-05")
    assert {row["anordnare_orgnr"] for row in rows} == {orgnr for orgnr, some in people.items() if len(some) > 10}
    assert {row["typ"] for row in rows} == {"framgangsfaktor", "forbattringsomrade"}
    assert all(row["datum"].month == 5 and row["datum"].weekday() < 5 for row in rows)


def test_courses_that_are_to_be_evaluated_mostly_are(town: Any) -> None:
    asked = evaluated = 0
    for file in town.files("kurser"):
        answers = next(
            one for one in town.files("kursutvarderingar") if (one.orgnr, one.month) == (file.orgnr, file.month)
        )
        answered = {row["kurs_id"] for row in town.rows[answers.path] if not row["kurs_id"].endswith("-Y")}
        courses = good(town.rows[file.path], "kurs_id")
        assert answered <= {row["kurs_id"] for row in courses}
        assert all((row["utvarderas"] == "nej") == bool(row["skal"]) for row in courses)
        assert all(parse_month(file.month).start <= row["slutdatum"] <= parse_month(file.month).end for row in courses)
        asked += sum(row["utvarderas"] == "ja" for row in courses)
        evaluated += len(answered)
    assert 0.8 <= evaluated / asked < 1


def test_deficiencies_mostly_lead_to_actions_and_actions_to_evidence(town: Any) -> None:
    cases = good(rows_of(town, "synpunkter", "2026-12"), "arende_id")
    deficient = [row for row in cases if row["brist"] == "ja"]
    assert 0.7 <= sum(bool(row["atgard_id"]) for row in deficient) / len(deficient) < 1
    assert not [row for row in cases if row["brist"] == "nej" and row["atgard_id"]]
    actions = good(rows_of(town, "atgarder", "2026-12"), "atgard_id")
    assert {row["kalla"] for row in actions} == {
        "besok",
        "klagomal",
        "avvikelse",
        "internkontroll",
        "dialog",
        "kvalitetsrapport",
    }
    assert {row["status"] for month in MONTHS for row in rows_of(town, "atgarder", month)} == {"oppen", "pagar", "klar"}
    assert all((row["status"] == "klar") == bool(row["bevis"]) for row in actions)
    done = [row for row in actions if row["klar_datum"]]
    assert 0.5 <= sum(row["klar_datum"] <= row["forfallodatum"] for row in done) / len(done) < 1


def test_controls_are_made_on_all_three_levels_and_find_something(town: Any) -> None:
    levels = {row["kontroll_id"]: row["niva"] for row in rows_of(town, "kontrollpunkter", "2026-11")}
    results = [row for month in MONTHS for row in rows_of(town, "kontrollresultat", month)]
    assert {levels[row["kontroll_id"]] for row in results} == {"kommungemensam", "namnd", "enhet"}
    assert {row["utfall"] for row in results} == {"utan_avvikelse", "avvikelse", "ej_genomford"}
    assert all((row["utfall"] == "avvikelse") == bool(row["iakttagelse"]) == bool(row["atgard_id"]) for row in results)
    november = {row["kontroll_id"] for row in rows_of(town, "kontrollresultat", "2026-11")}
    assert {levels[control] for control in november} == {"kommungemensam", "namnd", "enhet"}


def test_quality_reports_come_at_the_turn_of_the_year_one_of_them_late(town: Any) -> None:
    rows = rows_of(town, "kvalitetsrapporter", "2026-01")
    late = [row for row in rows if row["inkom_datum"] > date(int(row["ar"]), 12, 31)]
    assert 0 < len(late) < len(rows)
    assert "2026" in {str(int(row["ar"])) for row in rows_of(town, "kvalitetsrapporter", "2026-12")}
    assert all(row["internt"] for row in rows)


def test_what_an_object_must_have_is_what_the_town_can_show(town: Any) -> None:
    objects = {row["objekt_id"]: row for row in rows_of(town, "uppfoljningsobjekt", "2026-05")}
    demanding = {
        demand: {name for name, row in objects.items() if demand in row["kraver"].split(",")}
        for demand in ("dialog", "vardegrund", "ekonomi", "aktivitetsrapport")
    }
    talked = {(row["anordnare_orgnr"], row["tema"]) for row in rows_of(town, "dialoger", "2026-05")}
    assert {objects[name]["anordnare_orgnr"] for name in demanding["dialog"]} == {orgnr for orgnr, _ in talked}
    assert demanding["vardegrund"] == demanding["dialog"]
    attested = {orgnr for orgnr, theme in talked if theme == "Tillämpad värdegrund"}
    assert len(demanding["vardegrund"]) / 2 < len(attested) < len(demanding["vardegrund"])
    assert demanding["ekonomi"] <= {row["objekt_id"] for row in rows_of(town, "ekonomi", "2026-05")}
    reported = {row["objekt_id"] for row in rows_of(town, "kvalitetsrapporter", "2026-12")}
    assert len(demanding["aktivitetsrapport"] & reported) == 1


def test_what_a_visit_found_to_improve_stands_as_a_list_in_its_analysis(town: Any) -> None:
    visits = [row for row in rows_of(town, "besok", "2026-12") if row["status"] == "genomfort"]
    listed = {row["besok_id"]: [line[2:] for line in row["analys"].splitlines() if line[:2] == "- "] for row in visits}
    acted: dict[str, list[str]] = {}
    for row in rows_of(town, "atgarder", "2026-12"):
        if row["kalla"] == "besok":
            acted.setdefault(row["kall_id"], []).append(row["beskrivning"].removesuffix("."))
    assert {visit: sorted(areas) for visit, areas in listed.items() if areas and visit in acted} == {
        visit: sorted(texts) for visit, texts in acted.items() if visit in listed
    }


def test_actions_are_written_in_words_not_codes(town: Any) -> None:
    texts = {row["beskrivning"] for row in rows_of(town, "atgarder", "2026-12") if row["kalla"] == "klagomal"}
    assert "Brist inom bemötande rättas till och rutinen ses över." in texts
    assert not [text for text in texts for code in ("bemotande", "vantetid", "innehall ") if code in text]
