"""The made-up municipality's deliveries, received: what was planted in them is found, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import Any

from arshjul.intake.checker import check_files
from arshjul.intake.queue import receive_all
from arshjul.sample import write_sample
from arshjul.sample.faults import UNKNOWN_SENDER, Fault
from arshjul.sources.folder import find_named

Desk = Any  # tests/intake/conftest.py

MONTHS = ("2026-01", "2026-02")  # the first carries the history; in the second a stranger delivers too
RULES = {
    Fault.WRONG_CHECK_DIGIT: "personnummer",
    Fault.UNKNOWN_PROGRAMME: "kodlista",
    Fault.END_BEFORE_START: "ej_fore_falt",
    Fault.MORE_THAN_PLANNED: "hogst_falt",
    Fault.UNKNOWN_ENROLMENT: "foralder_saknas",
    Fault.DUPLICATE: "dubblett",
    Fault.CONTRADICTION: "motsagelse",
}


def test_every_planted_fault_is_found_and_nothing_else(empty_desk: Desk) -> None:
    desk = empty_desk
    summary = write_sample(desk.folder, 2026, scale=0.05, kommun_orgnr=desk.KOMMUN)
    some = {desk.KOMMUN, UNKNOWN_SENDER, *summary.providers[:8]}
    facits = [facit for facit in summary.files if facit.month in MONTHS and facit.orgnr in some]
    files = find_named([desk.folder / facit.path for facit in facits])
    receipts = {receipt.file: receipt for receipt in receive_all(desk.office, files, desk.run_id)}
    assert len(receipts) == len(facits)
    for facit in facits:
        receipt = receipts[facit.path.rpartition("/")[2]]
        assert receipt.status == ("avvisad" if facit.is_refused else "mottagen")
        if not facit.is_refused:
            assert (receipt.rows_in, receipt.rows_quarantined) == (facit.rows_in, facit.bad_rows), facit.path
            found = Counter(rule for _, rule in {(one.row, one.rule) for one in receipt.reasons})
            assert found == Counter({RULES[fault]: count for fault, count in facit.faults.items()}), facit.path
    for checked in check_files(desk.office.settings, files):
        received = receipts[checked.receipt.file]
        assert received.refusal or checked.receipt.reasons == received.reasons
