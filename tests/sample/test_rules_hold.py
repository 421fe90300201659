"""Every rule of spec/deliveries.md is looked up in the files themselves; what breaks it must be what was promised."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from arshjul.intake.personnummer import PersonnummerError, parse_personnummer
from arshjul.periods import Month, parse_month
from arshjul.sample import Fault

PROGRAMMES = {"jobbpeng_grund", "jobbpeng_forstarkt", "sprak_och_arbetsintroduktion"}
REACHED = {"arbete", "kommunal_anstallning", "eget_foretag", "studier"}
EXIT_REASONS = REACHED | {
    "andra_studier",
    "deltidsarbete",
    "sfi",
    "af_insats",
    "foraldraledig",
    "saknar_barnomsorg",
    "sjukskriven",
    "annat",
    "flyttat",
    "avliden",
    "felregistrerad",
}
LATEST = date(2026, 12, 31)
RULES_OF_PERSONS_AND_DAYS = (
    Fault.WRONG_CHECK_DIGIT,
    Fault.UNKNOWN_PROGRAMME,
    Fault.END_BEFORE_START,
    Fault.MORE_THAN_PLANNED,
    Fault.UNKNOWN_ENROLMENT,
    Fault.DUPLICATE,
    Fault.CONTRADICTION,
)


@pytest.fixture(params=["town", "village"])
def sample(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def enrolment_faults(row: dict[str, Any], month: Month) -> set[Fault | str]:
    found: set[Fault | str] = set()
    started, ended = row["startdatum"], row["slutdatum"]
    try:
        person = parse_personnummer(row["personnummer"], month.end)
        born = person.birth_date or date(int(person.canonical[:4]), 12, 31)
        age = started.year - born.year - ((started.month, started.day) < (born.month, born.day))
        if not 16 <= age <= 70 or person.warnings:
            found.add("ålder eller tecken")
    except PersonnummerError as error:
        found.add(Fault.WRONG_CHECK_DIGIT if error.code == "PNR_KONTROLLSIFFRA" else error.code)
    if row["insatstyp"] not in PROGRAMMES:
        found.add(Fault.UNKNOWN_PROGRAMME)
    if ended and ended < started:
        found.add(Fault.END_BEFORE_START)
    if bool(ended) != bool(row["avslutsorsak"]) or (ended and row["avslutsorsak"] not in EXIT_REASONS):
        found.add("avslutsorsak")
    if any(row[name] and row[name] > month.end for name in row if name.endswith("datum")):
        found.add("efter månaden")
    if row["anvisad_datum"] and row["anvisad_datum"] > started:
        found.add("anvisad efter start")
    return found


def attendance_faults(row: dict[str, Any], month: Month, stays: dict[str, Any]) -> set[Fault | str]:
    found: set[Fault | str] = set()
    planned, attended = row["planerade_timmar"], row["narvarande_timmar"]
    if attended > planned:
        found.add(Fault.MORE_THAN_PLANNED)
    if not 0 < planned <= 24 or attended < 0:
        found.add("timmar")
    if (attended < planned) != bool(row["franvaroorsak"]):
        found.add("frånvaroorsak")
    if not month.start <= row["datum"] <= month.end:
        found.add("utanför månaden")
    stay = stays.get(row["insats_id"])
    if stay is None:
        found.add(Fault.UNKNOWN_ENROLMENT)
    elif not stay["startdatum"] <= row["datum"] <= (stay["slutdatum"] or LATEST):
        found.add("utanför insatsen")
    return found


def known_at(sample: Any, orgnr: str, month: str) -> dict[str, Any]:
    """The provider's good enrolments as the files up to the month tell them, newest last."""
    known: dict[str, Any] = {}
    for file in sample.files("insatser"):
        if file.orgnr == orgnr and file.month <= month:
            rows = sample.rows[file.path]
            known |= {row["insats_id"]: row for row in rows if not enrolment_faults(row, parse_month(file.month))}
    return known


def test_the_bad_enrolments_are_those_promised(sample: Any) -> None:
    for file in sample.files("insatser"):
        rows = sample.rows[file.path]
        assert len({row["insats_id"] for row in rows}) == len(rows)
        found = [enrolment_faults(row, parse_month(file.month)) for row in rows]
        assert all(len(faults) <= 1 for faults in found)
        assert Counter(fault for faults in found for fault in faults) == Counter(file.faults)


def test_the_bad_attendance_rows_are_those_promised(sample: Any) -> None:
    for file in sample.files("narvaro"):
        stays = known_at(sample, file.orgnr, file.month)
        found: Counter[Fault | str] = Counter()
        seen: dict[tuple[str, date], list[dict[str, Any]]] = {}
        for row in sample.rows[file.path]:
            faults = attendance_faults(row, parse_month(file.month), stays)
            assert len(faults) <= 1
            found.update(faults)
            seen.setdefault((row["insats_id"], row["datum"]), []).append(row)
        for rows in (rows for rows in seen.values() if len(rows) > 1):
            if all(row == rows[0] for row in rows):
                found[Fault.DUPLICATE] += len(rows) - 1
            else:
                found[Fault.CONTRADICTION] += len(rows)
        assert found == Counter(file.faults)


def test_the_other_files_hold_no_bad_row(sample: Any) -> None:
    others = [
        file for file in sample.summary.files if file.dataset in ("trappsteg", "uppfoljningar", "kapacitet", "mal")
    ]
    assert all(file.bad_rows == 0 for file in others)


def test_four_months_show_every_kind_of_fault(town: Any) -> None:
    spring = [file for month in range(1, 5) for file in town.summary.of_month(f"2026-{month:02d}")]
    assert {fault for file in spring for fault in file.faults} == set(Fault)
    from_providers: Counter[Fault] = Counter()
    for file in (file for file in town.summary.files if file.dataset in ("insatser", "narvaro")):
        from_providers.update(file.faults)
    assert from_providers == {fault: 72 if fault is Fault.CONTRADICTION else 36 for fault in RULES_OF_PERSONS_AND_DAYS}


def test_placements_lie_inside_their_enrolment_and_come_once(sample: Any) -> None:
    for orgnr in sample.summary.providers:
        seen: set[tuple[str, date, str]] = set()
        for file in (file for file in sample.files("trappsteg") if file.orgnr == orgnr):
            stays, month = known_at(sample, orgnr, file.month), parse_month(file.month)
            for row in sample.rows[file.path]:
                stay, key = stays[row["insats_id"]], (row["insats_id"], row["datum"], row["tillfalle"])
                assert stay["startdatum"] <= row["datum"] <= (stay["slutdatum"] or month.end)
                assert row["datum"] <= month.end
                assert month.month == 1 or row["datum"] >= month.start
                assert row["steg"] in (1, 2, 3, 4, 5)
                assert row["tillfalle"] != "avslut" or row["datum"] == stay["slutdatum"]
                assert key not in seen
                seen.add(key)


def test_follow_ups_come_once_and_after_the_end(sample: Any) -> None:
    for orgnr in sample.summary.providers:
        seen: set[tuple[str, float]] = set()
        for file in (file for file in sample.files("uppfoljningar") if file.orgnr == orgnr):
            stays, month = known_at(sample, orgnr, file.month), parse_month(file.month)
            for row in sample.rows[file.path]:
                key = (row["insats_id"], row["manader"])
                days = (row["datum"] - stays[row["insats_id"]]["slutdatum"]).days
                assert row["datum"] <= month.end
                assert row["manader"] in (3, 6, 12)
                assert abs(days - 30.44 * row["manader"]) < 10
                assert row["status"] in ("egen_forsorjning", "ej_egen_forsorjning", "ej_nadd")
                assert key not in seen
                seen.add(key)


def test_an_enrolment_open_at_a_months_end_is_in_the_next_months_file(sample: Any) -> None:
    for orgnr in sample.summary.providers:
        files = [file for file in sample.files("insatser") if file.orgnr == orgnr]
        assert [file.month for file in files] == sorted(file.month for file in files)
        still_open: set[str] = set()
        for file in files:
            month = parse_month(file.month)
            good = [row for row in sample.rows[file.path] if not enrolment_faults(row, month)]
            assert still_open <= {row["insats_id"] for row in good}
            still_open = {row["insats_id"] for row in good if not row["slutdatum"]}
            if month.month > 1:
                assert all((row["slutdatum"] or month.end) >= month.start for row in good)


def test_january_carries_the_exits_of_every_month_of_the_year_before(town: Any) -> None:
    january = [file for file in town.files("insatser") if file.month == "2026-01"]
    ended = Counter(str(row["slutdatum"])[:7] for file in january for row in town.rows[file.path] if row["slutdatum"])
    assert all(ended[f"2025-{month:02d}"] >= 15 for month in range(1, 13))
    assert min(ended) == "2024-12" or min(ended) == "2025-01"


def test_capacity_is_one_row_for_the_delivery_month(sample: Any) -> None:
    for file in sample.files("kapacitet"):
        (row,) = sample.rows[file.path]
        assert row["manad"] == file.month
        assert row["coacher"] > 0
        assert row["platser"] >= 1


def test_people_come_from_a_space_nobody_real_is_in(town: Any) -> None:
    numbers = {
        parse_personnummer(row["personnummer"], LATEST)
        for file in town.files("insatser")
        for row in town.rows[file.path]
        if not enrolment_faults(row, parse_month(file.month))
    }
    assert len(numbers) == town.summary.persons
    assert all(980 <= int(number.canonical[8:11]) <= 999 for number in numbers)
    coordinated = [number for number in numbers if number.kind == "sam"]
    assert len(coordinated) >= 30
    assert len([number for number in coordinated if number.birth_date is None]) >= 5
    assert any(number.canonical[4:8] == "0060" for number in coordinated)


def test_the_unknown_sender_is_in_no_register_and_its_delivery_is_to_be_refused(sample: Any) -> None:
    (refused,) = sample.summary.refused
    register = {row["orgnr"] for file in sample.files("anordnare") for row in sample.rows[file.path]}
    assert refused.orgnr not in register
    assert set(sample.summary.providers) < register
    assert (refused.month, refused.rows_in, refused.good_rows, refused.bad_rows) == ("2026-02", 3, 0, 0)
    assert all(not enrolment_faults(row, parse_month(refused.month)) for row in sample.rows[refused.path])
