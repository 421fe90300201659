"""Receiving deliveries: what is loaded, replaced, recognised and refused (spec/deliveries.md)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arshjul.intake.delivery import receive
from arshjul.intake.refusals import ReadLimits

Desk = Any  # tests/intake/conftest.py


def test_good_rows_are_loaded_typed_under_the_slice(desk: Desk) -> None:
    receipt = desk.send("insatser", [desk.enrolment("A1", end="20260320"), desk.enrolment("A2", who=2)])
    assert receipt.status == "mottagen"
    assert desk.counts(receipt) == (2, 2, 0, 0)
    assert desk.current("insatser", "insats_id, sender, period, startdatum, slutdatum, avslutsorsak, row_no") == [
        ("A1", desk.PROVIDER, date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 20), "arbete", 1),
        ("A2", desk.PROVIDER, date(2026, 3, 1), date(2026, 3, 2), None, None, 2),
    ]


def test_numbers_dates_and_codes_are_read_in_every_accepted_spelling(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    rows = [["A1", "2026-03-03", "8,0", "7.50", "SJUK"], ["A1", "20260304", "8", "8", ""]]
    assert desk.counts(desk.send("narvaro", rows)) == (2, 2, 0, 0)
    assert desk.current("narvaro", "datum, planerade_timmar, narvarande_timmar, franvaroorsak") == [
        (date(2026, 3, 3), Decimal(8), Decimal("7.5"), "sjuk"),
        (date(2026, 3, 4), Decimal(8), Decimal(8), None),
    ]


def test_a_bad_row_is_quarantined_for_every_reason_and_the_rest_is_loaded(desk: Desk) -> None:
    bad = ["", "199001019999", "okand", "2026-02-30", "2026-01-01", ""]
    receipt = desk.send("insatser", [desk.enrolment("A1"), bad])
    assert desk.counts(receipt) == (2, 1, 0, 1)
    assert desk.reasons(receipt) == {
        (2, "insats_id", "obligatorisk"),
        (2, "personnummer", "personnummer"),
        (2, "insatstyp", "kodlista"),
        (2, "startdatum", "format"),
        (2, "avslutsorsak", "anges_precis_nar"),
    }
    assert desk.query("SELECT count(*) FROM quarantine.row") == [(5,)]


def test_a_correction_replaces_the_slice_and_keeps_what_was_believed(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1"), desk.enrolment("A2", 2), desk.enrolment("A3", 3)])
    receipt = desk.send("insatser", [desk.enrolment("A1"), desk.enrolment("A2", 2, end="2026-03-30")])
    assert desk.counts(receipt) == (2, 1, 1, 0)
    assert desk.current("insatser", "insats_id, slutdatum, row_no") == [("A1", None, 1), ("A2", date(2026, 3, 30), 2)]
    history = desk.query(
        "SELECT insats_id, known_to < 'infinity', known_from < known_to FROM core.insatser ORDER BY 1, 2"
    )
    assert history == [
        ("A1", False, True),
        ("A2", False, True),
        ("A2", True, True),
        ("A3", True, True),
    ]
    assert desk.query("SELECT count(*) FROM lineage.delivery WHERE is_current AND dataset = 'insatser'") == [(1,)]


def test_an_unchanged_row_keeps_its_first_source(desk: Desk) -> None:
    first = desk.send("insatser", [desk.enrolment("A1")])
    desk.send("insatser", [desk.enrolment("A0", 2), desk.enrolment("A1")])
    assert desk.current("insatser", "insats_id, delivery_id, row_no")[1] == ("A1", first.delivery_id, 1)


def test_another_month_of_the_same_enrolment_does_not_touch_the_first(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")], "2026-03")
    receipt = desk.send("insatser", [desk.enrolment("A1", end="2026-04-10")], "2026-04")
    assert desk.counts(receipt) == (1, 1, 0, 0)
    assert [row[0] for row in desk.current("insatser", "period")] == [date(2026, 3, 1), date(2026, 4, 1)]


def test_the_same_bytes_again_change_nothing_and_repeat_the_receipt(desk: Desk) -> None:
    rows = [desk.enrolment("A1"), desk.enrolment("", 2)]
    first = desk.send("insatser", rows)
    before = desk.query("SELECT t::text FROM core.insatser AS t")
    again = desk.send("insatser", rows)
    assert again.status == "identisk"
    assert desk.counts(again) == (2, 0, 1, 1)
    assert again.reasons == first.reasons
    assert again.sha256 == first.sha256
    assert desk.query("SELECT t::text FROM core.insatser AS t") == before
    assert desk.query("SELECT status, is_current FROM lineage.delivery ORDER BY delivery_id")[1:] == [
        ("mottagen", True),
        ("identisk", False),
    ]


def test_an_earlier_file_sent_again_after_a_correction_counts_again(desk: Desk) -> None:
    first, other = [desk.enrolment("A1")], [desk.enrolment("A2", 2)]
    desk.send("insatser", first)
    desk.send("insatser", other)
    receipt = desk.send("insatser", first)
    assert (receipt.status, desk.counts(receipt)) == ("mottagen", (1, 1, 0, 0))
    assert desk.current("insatser", "insats_id, delivery_id") == [("A1", receipt.delivery_id)]


def test_the_same_bytes_for_another_month_are_not_identical(desk: Desk) -> None:
    row = desk.enrolment("A1", start="2026-01-02")
    assert desk.send("insatser", [row], "2026-02").status == "mottagen"
    assert desk.send("insatser", [row], "2026-03").status == "mottagen"


def test_bytes_that_were_refused_are_judged_anew(empty_desk: Desk) -> None:
    rows = [empty_desk.enrolment("A1")]
    assert empty_desk.send("insatser", rows).refusal.rule == "avsandare_saknas_i_registret"
    empty_desk.send("anordnare", [empty_desk.provider(empty_desk.PROVIDER)])
    assert empty_desk.counts(empty_desk.send("insatser", rows)) == (1, 1, 0, 0)


def test_two_senders_may_use_the_same_ids(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    assert desk.counts(desk.send("insatser", [desk.enrolment("A1")], sender=desk.OTHER)) == (1, 1, 0, 0)
    assert desk.query("SELECT count(DISTINCT person_id) FROM core.insatser") == [(1,)]


def test_rows_that_say_the_same_are_loaded_once(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    day = ["A1", "2026-03-03", "8", "7,5", "sjuk"]
    receipt = desk.send("narvaro", [day, ["A1", "20260303", "8,0", "7.5", "Sjuk"], day])
    assert desk.counts(receipt) == (3, 1, 0, 2)
    assert desk.reasons(receipt) == {(2, "", "dubblett"), (3, "", "dubblett")}
    assert desk.current("narvaro", "row_no") == [(1,)]


def test_rows_that_contradict_each_other_are_all_left_out_whatever_else_is_wrong(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    rows = [
        ["A1", "2026-03-03", "8", "8", ""],
        ["A1", "2026-03-03", "8", "6", "sjuk"],
        ["A1", "2026-03-03", "8", "nio", ""],
        ["A1", "2026-03-04", "8", "8", ""],
    ]
    receipt = desk.send("narvaro", rows)
    assert desk.counts(receipt) == (4, 1, 0, 3)
    assert desk.reasons(receipt) == {
        (1, "", "motsagelse"),
        (2, "", "motsagelse"),
        (3, "", "motsagelse"),
        (3, "narvarande_timmar", "format"),
    }


def test_repeats_of_a_bad_row_have_its_reasons_and_are_repeats_too(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    bad = ["A1", "2026-03-03", "8", "9", ""]
    receipt = desk.send("narvaro", [bad, bad])
    assert desk.reasons(receipt) == {
        (1, "narvarande_timmar", "hogst_falt"),
        (2, "narvarande_timmar", "hogst_falt"),
        (2, "", "dubblett"),
    }


def test_two_wrong_numbers_of_one_key_contradict_each_other(desk: Desk) -> None:
    wrong = [["A1", number, *desk.enrolment("A1")[2:]] for number in ("199001019991", "199001019992")]
    assert {rule for _, _, rule in desk.reasons(desk.send("insatser", wrong))} == {"personnummer", "motsagelse"}
    repeated = desk.send("insatser", [wrong[0], wrong[0]], "2026-04")
    assert {rule for _, _, rule in desk.reasons(repeated)} == {"personnummer", "dubblett"}


def test_rows_without_a_readable_key_are_not_compared(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    rows = [["A1", "igår", "8", "8", ""], ["A1", "igår", "8", "8", ""], ["", "2026-03-03", "8", "8", ""]] * 2
    rules = {rule for _, _, rule in desk.reasons(desk.send("narvaro", rows))}
    assert rules == {"format", "obligatorisk"}


def test_a_ragged_row_is_quarantined_under_its_own_number(desk: Desk) -> None:
    content = (
        desk.csv("insatser", [desk.enrolment("A1")]) + b"\nA2;x\n" + desk.csv("insatser", [desk.enrolment("A3", 3)], [])
    )
    receipt = desk.give(desk.name("insatser"), content)
    assert desk.counts(receipt) == (3, 2, 0, 1)
    assert desk.reasons(receipt) == {(3, "", "rad_format")}
    assert desk.current("insatser", "insats_id, row_no") == [("A1", 1), ("A3", 5)]


def test_a_file_with_only_a_header_is_accepted_with_a_warning(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    receipt = desk.send("insatser", [])
    assert (receipt.status, desk.counts(receipt)) == ("mottagen", (0, 0, 0, 0))
    assert receipt.warnings == ("Filen innehåller inga rader.",)
    assert desk.current("insatser", "insats_id") == []


def test_an_empty_json_array_is_accepted_with_a_warning(desk: Desk) -> None:
    receipt = desk.give(desk.name("insatser").replace("csv", "json"), b"[]")
    assert (receipt.status, receipt.warnings) == ("mottagen", ("Filen innehåller inga rader.",))


def test_an_unknown_column_is_told_by_its_number_only(desk: Desk) -> None:
    columns = [*desk.COLUMNS["insatser"], "kanariefagel"]
    receipt = desk.send("insatser", [[*desk.enrolment("A1"), "hemligt"]], columns=columns)
    assert receipt.warnings == ("Kolumn nr 7 känns inte igen och har inte lästs in.",)
    assert desk.counts(receipt) == (1, 1, 0, 0)
    assert "kanariefagel" not in receipt.as_text() + json.dumps(receipt.as_json())


def test_columns_may_come_in_any_order_and_optional_ones_be_left_out(desk: Desk) -> None:
    columns = ["PERSONNUMMER ", "startdatum", "Insatstyp", "insats_id"]
    receipt = desk.send("insatser", [[desk.person(1), "2026-03-02", "jobbpeng_grund", "A1"]], columns=columns)
    assert desk.counts(receipt) == (1, 1, 0, 0)


def test_special_characters_of_the_copy_format_survive(desk: Desk) -> None:
    ids = ["tab\there", "line\nbreak", "back\\slash", "\\N", "\\.", "å ä ö", "''\""]
    receipt = desk.send("insatser", [desk.enrolment(one, who) for who, one in enumerate(ids)])
    assert desk.counts(receipt) == (7, 7, 0, 0)
    assert [row[0] for row in desk.current("insatser", "insats_id")] == sorted(ids)


def test_months_are_read_and_must_be_the_delivery_month(desk: Desk) -> None:
    receipt = desk.send("kapacitet", [["2026-03", "2,5", "40"], ["2026-02", "2", "30"]])
    assert desk.reasons(receipt) == {(2, "manad", "leveransmanaden")}
    assert desk.current("kapacitet", "manad, coacher, platser") == [(date(2026, 3, 1), Decimal("2.5"), 40)]


def test_a_goal_is_loaded_from_the_municipality(desk: Desk) -> None:
    receipt = desk.send("mal", [["M1", "namnd", "2026", "Fler i arbete", "upp", "ja", "65"]])
    assert desk.counts(receipt) == (1, 1, 0, 0)
    assert desk.current("mal", "mal_id, ar, malvarde, sarskilt_folja") == [("M1", 2026, Decimal(65), "ja")]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("insatser.csv", "filnamn"),
        ("insatser_5560360793_2026-3.csv", "filnamn"),
        ("insatser_5560360794_2026-03.csv", "organisationsnummer"),
        ("insatser_5560360793_2026-13.csv", "manad"),
        ("insatser_5560360793_2026-03.txt", "fel_filtyp"),
        ("lista_5560360793_2026-03.csv", "okand_datamangd"),
        ("anordnare_5560360793_2026-03.csv", "ej_kommunen"),
        ("insatser_2120000001_2026-03.csv", "avsandare_saknas_i_registret"),
    ],
)
def test_a_delivery_is_refused_by_its_name(desk: Desk, name: str, rule: str) -> None:
    receipt = desk.give(name, desk.csv("insatser", [desk.enrolment("A1")]))
    assert (receipt.status, receipt.refusal.rule) == ("avvisad", rule)
    assert receipt.as_json()["skal"] == [{"falt": None, "regel": rule, "text": receipt.refusal.text}]
    assert desk.counts(receipt) == (0, 0, 0, 0)
    assert desk.query("SELECT status, refusal_rule FROM lineage.delivery ORDER BY 1")[0] == ("avvisad", rule)
    desk.office.archive.verify(receipt.sha256)


@pytest.mark.parametrize(
    ("since", "until", "month", "rule"),
    [
        ("2026-03-31", "", "2026-03", None),
        ("2026-04-01", "", "2026-03", "ej_auktoriserad"),
        ("2020-01-01", "2026-03-01", "2026-03", None),
        ("2020-01-01", "2026-02-28", "2026-03", "ej_auktoriserad"),
    ],
)
def test_a_provider_is_authorised_when_it_is_so_some_day_of_the_month(
    empty_desk: Desk, since: str, until: str, month: str, rule: str | None
) -> None:
    empty_desk.send("anordnare", [empty_desk.provider(empty_desk.PROVIDER, since, until)])
    receipt = empty_desk.send("insatser", [], month)
    assert (receipt.refusal.rule if receipt.refusal else None) == rule


def test_a_provider_that_a_newer_register_lacks_is_closed_from_its_month(desk: Desk) -> None:
    desk.send("anordnare", [desk.provider(desk.OTHER)], "2026-04")
    assert desk.send("insatser", [], "2026-03").status == "mottagen"
    assert desk.send("insatser", [], "2026-04").refusal.rule == "ej_auktoriserad"


def test_missing_required_columns_are_named_by_the_contract(desk: Desk) -> None:
    receipt = desk.send("insatser", [["A1", "x"]], columns=["insats_id", "hemlig"])
    assert receipt.refusal.rule == "obligatorisk_kolumn_saknas"
    assert receipt.refusal.text == (
        "Kolumnerna Personnummer (personnummer), Insatstyp (insatstyp) och Startdatum (startdatum) saknas."
    )


def test_a_file_of_another_month_is_refused_as_a_whole(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1", start="2026-02-02")])
    rows = [["A1", "2026-02-03", "8", "8", ""], ["A1", "oläsligt", "8", "8", ""]]
    assert desk.send("narvaro", rows).refusal.rule == "manad_stammer_inte"
    assert desk.send("narvaro", [*rows, ["A1", "2026-03-03", "8", "8", ""]]).status == "mottagen"


@pytest.mark.parametrize(
    ("stated", "rule"),
    [
        ({"avsandare": "556036-0793", "period": "2026-03"}, None),
        ({"avsandare": "5590000013"}, "avsandare_stammer_inte"),
        ({"period": "2026-02"}, "manad_stammer_inte"),
        ({"period": "mars"}, "manad_stammer_inte"),
    ],
)
def test_what_a_json_file_says_of_itself_must_agree_with_its_name(
    desk: Desk, stated: dict[str, str], rule: str | None
) -> None:
    content = json.dumps({**stated, "rader": []}).encode()
    receipt = desk.give(f"insatser_{desk.PROVIDER}_2026-03.json", content)
    assert (receipt.refusal.rule if receipt.refusal else None) == rule


def test_a_file_too_large_to_read_is_refused_and_kept_all_the_same(desk: Desk) -> None:
    content = desk.csv("insatser", [desk.enrolment("A1")])
    office = replace(desk.office, limits=ReadLimits(csv_bytes=len(content) - 1))
    receipt = receive(office, desk.put(desk.name("insatser"), content), desk.run_id)
    assert receipt.refusal.rule == "for_stor"
    assert office.archive.open(receipt.sha256).read() == content


def test_a_receipt_holds_words_and_no_exception_that_would_keep_a_calls_values_alive(desk: Desk) -> None:
    receipt = desk.give("fel namn.csv", b"x")
    assert not isinstance(receipt.refusal, BaseException)


def test_the_folder_says_who_sent_it(desk: Desk) -> None:
    content = desk.csv("insatser", [])
    assert desk.give(desk.name("insatser"), content, sender=desk.PROVIDER).status == "mottagen"
    receipt = desk.give(desk.name("insatser"), content, sender=desk.OTHER)
    assert (receipt.refusal.rule, receipt.sender) == ("avsandare_stammer_inte", desk.OTHER)


def test_a_refusal_leaves_what_counted_before(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    before = (
        desk.query("SELECT t::text FROM core.insatser AS t"),
        desk.query("SELECT t::text FROM staging.insatser AS t"),
    )
    receipt = desk.give(desk.name("insatser"), desk.csv("insatser", [desk.enrolment("A2", 2)]) + b'"x')
    assert receipt.refusal.rule == "fel_citattecken"
    assert (
        desk.query("SELECT t::text FROM core.insatser AS t"),
        desk.query("SELECT t::text FROM staging.insatser AS t"),
    ) == before
    assert desk.query("SELECT count(*) FROM lineage.delivery WHERE is_current AND dataset = 'insatser'") == [(1,)]


def test_an_open_enrolment_that_the_next_month_lacks_gives_a_warning_and_stays(desk: Desk) -> None:
    rows = [desk.enrolment("A1"), desk.enrolment("A2", 2, end="2026-03-30"), desk.enrolment("A3", 3)]
    assert desk.send("insatser", rows, "2026-03").warnings == ()
    receipt = desk.send("insatser", [desk.enrolment("A4", 4)], "2026-05")
    [warning] = receipt.warnings
    assert warning == (
        "2 pågående insatser i er leverans för mars 2026 saknas i den här (rad 1, 3 där). "
        "De räknas som pågående tills ni anger slutdatum."
    )
    assert len(desk.current("insatser", "insats_id")) == 4
    once = desk.send("insatser", [desk.enrolment("A1"), desk.enrolment("A3", 3, start="inget datum")], "2026-06")
    assert once.warnings[0].startswith("1 pågående insats i er leverans för maj 2026 saknas i den här (rad 1 där). Den")


def test_no_personnummer_is_stored_in_clear(desk: Desk) -> None:
    number = desk.person(7)
    receipt = desk.send("insatser", [desk.enrolment("A1", 7), ["A2", number[:-1] + "x", *desk.enrolment("A2")[2:]]])
    tables = desk.query(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', "
        "'information_schema')"
    )
    for (table,) in tables:
        for (row,) in desk.query(f"SELECT t::text FROM {table} AS t"):
            assert number[2:] not in row
            assert number[2:-1] not in row
    assert number[2:-1] not in receipt.as_text() + json.dumps(receipt.as_json())


def test_a_persons_number_opens_again_with_the_vaults_key(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1", 7)])
    [(alias, encrypted, person_id)] = desk.query("SELECT alias, encrypted, person_id FROM vault.alias")
    assert desk.office.keys.decrypt(bytes(encrypted), bytes(alias)) == desk.person(7)
    assert desk.query("SELECT person_id, sex FROM core.person") == [
        (person_id, "man" if int(desk.person(7)[-2]) % 2 else "kvinna")
    ]


def test_a_person_of_quarantined_rows_alone_is_not_entered(desk: Desk) -> None:
    desk.send("insatser", [["A1", desk.person(1), "okand", "2026-03-02", "", ""]])
    assert desk.query("SELECT count(*) FROM vault.alias") == [(0,)]


def test_ten_digits_are_read_as_of_the_delivery_month(desk: Desk) -> None:
    desk.send("insatser", [["A1", desk.person(1)[2:], *desk.enrolment("A1")[2:]], desk.enrolment("A2", 1)])
    assert desk.query("SELECT count(*) FROM core.person") == [(1,)]


def test_the_ledger_never_gets_a_name_that_breaks_the_rule(desk: Desk) -> None:
    receipt = desk.give("Anna Andersson 900101-2385.csv", b"x")
    assert desk.query("SELECT file_name FROM lineage.delivery WHERE status = 'avvisad'") == [("okant-filnamn.csv",)]
    assert "2385" not in receipt.as_text()


def test_a_receipt_is_written_to_its_senders_folder(desk: Desk) -> None:
    receipt = desk.send("insatser", [desk.enrolment("A1"), desk.enrolment("", 2)])
    [path] = sorted((desk.office.settings.receipts / desk.PROVIDER).iterdir())
    assert path.name == f"kvittens_insatser_2026-03_{receipt.delivery_id}.txt"
    assert path.read_text(encoding="utf-8") == receipt.as_text()
    assert "- rad 2, Insatsens id: Insatsens id saknas." in receipt.as_text()


def test_the_staging_tables_explain_every_column(desk: Desk) -> None:
    assert (
        desk.query(
            "SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "WHERE c.relnamespace = 'staging'::regnamespace AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NULL"
        )
        == []
    )
