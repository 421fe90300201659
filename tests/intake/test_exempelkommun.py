"""The made-up municipality's deliveries, received: what was planted in them is found, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from arshjul.intake.checker import check_files
from arshjul.intake.queue import receive_all
from arshjul.intake.receipts import Receipt
from arshjul.sample import FileFacit, write_sample
from arshjul.sample.columns import COLUMNS
from arshjul.sample.faults import UNKNOWN_SENDER, Fault
from arshjul.sources.folder import find_named

Desk = Any  # tests/intake/conftest.py

DETECTED = ("format", "teckenkodning", "skiljetecken")
MONTHS = ("2026-01", "2026-02")  # the first carries the history; in the second a stranger delivers too
RULES = {
    Fault.WRONG_CHECK_DIGIT: "personnummer",
    Fault.UNKNOWN_PROGRAMME: "kodlista",
    Fault.END_BEFORE_START: "ej_fore_falt",
    Fault.MORE_THAN_PLANNED: "hogst_falt",
    Fault.UNKNOWN_ENROLMENT: "foralder_saknas",
    Fault.DUPLICATE: "dubblett",
    Fault.CONTRADICTION: "motsagelse",
    Fault.UNEXPLAINED_EXEMPTION: "anges_nar",
    Fault.UNKNOWN_COURSE: "foralder_saknas",
    Fault.UNKNOWN_INVITATION: "foralder_saknas",
    Fault.GRADE_OFF_THE_SCALE: "intervall",
    Fault.UNKNOWN_KIND_OF_CASE: "kodlista",
    Fault.DONE_WITHOUT_EVIDENCE: "anges_nar",
}


def by_rule(faults: Mapping[Fault, int]) -> Counter[str]:
    """How many rows each rule is to put in quarantine."""
    counted: Counter[str] = Counter()
    for fault, count in faults.items():
        counted[RULES[fault]] += count
    return counted


def assert_as_promised(facits: Sequence[FileFacit], receipts: Mapping[str, Receipt]) -> None:
    """Every file's receipt says what its facit does, and not a word more."""
    assert len(receipts) == len(facits)
    for facit in facits:
        receipt = receipts[facit.path.rpartition("/")[2]]
        assert receipt.status == ("avvisad" if facit.is_refused else "mottagen"), facit.path
        if not facit.is_refused:
            counts = (receipt.rows_in, receipt.rows_loaded + receipt.rows_unchanged, receipt.rows_quarantined)
            assert counts == (facit.rows_in, facit.good_rows, facit.bad_rows), facit.path
            found = Counter(rule for _, rule in {(one.row, one.rule) for one in receipt.reasons})
            assert found == by_rule(facit.faults), facit.path


def test_every_planted_fault_is_found_and_nothing_else(empty_desk: Desk) -> None:
    desk = empty_desk
    summary = write_sample(desk.folder, 2026, scale=0.05, kommun_orgnr=desk.KOMMUN)
    some = {desk.KOMMUN, UNKNOWN_SENDER, *summary.providers[:8]}
    facits = [facit for facit in summary.files if facit.month in MONTHS and facit.orgnr in some]
    files = find_named([desk.folder / facit.path for facit in facits])
    receipts = {receipt.file: receipt for receipt in receive_all(desk.office, files, desk.run_id)}
    assert_as_promised(facits, receipts)
    for checked in check_files(desk.office.settings, files):
        received = receipts[checked.receipt.file]
        assert received.refusal or checked.receipt.reasons == received.reasons


def test_24_datasets_from_31_senders_in_all_shapes_go_through_with_the_promised_counts(empty_desk: Desk) -> None:
    desk = empty_desk
    summary = write_sample(desk.folder, 2026, scale=0.3, providers=30, months=(1,), kommun_orgnr=desk.KOMMUN)
    files = find_named([desk.folder])
    receipts = {receipt.file: receipt for receipt in receive_all(desk.office, files, desk.run_id)}
    assert_as_promised(summary.files, receipts)
    assert {facit.dataset for facit in summary.files} == set(COLUMNS)
    assert len({facit.orgnr for facit in summary.files}) == 31
    shapes = {tuple(receipt.detected.get(name, "") for name in DETECTED) for receipt in receipts.values()}
    assert {shape[:3] for shape in shapes} >= {
        ("CSV", "UTF-8", "semikolon"),
        ("CSV", "UTF-8", "komma"),
        ("CSV", "UTF-8", "tabb"),
        ("CSV", "UTF-8 med BOM", "semikolon"),
        ("CSV", "UTF-8 med BOM", "tabb"),
        ("CSV", "Windows-1252", "semikolon"),
        ("JSON", "UTF-8", ""),
        ("XLSX", "", ""),
    }
