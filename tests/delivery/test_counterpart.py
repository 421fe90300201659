"""An internal agreement has two boards, and both get the follow-up (R12)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from arshjul.catalogue.recipients import load_recipients
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.sending import deliver
from arshjul.lineage.releases import receipts
from arshjul.sample.objects import follow_up_objects
from arshjul.sample.world import build_world

INCLUDE = Path(__file__).resolve().parents[2] / "include"
REPORT = "verksamhetsberattelse"


def test_the_counterpart_of_every_internal_agreement_gets_the_annual_report() -> None:
    rows = follow_up_objects(build_world(2026, scale=0.05, providers_count=2))
    counterparts = {row[3] for row in rows if row[1] == "intern_overenskommelse"}
    assert counterparts
    assert counterparts <= {one.title for one in load_recipients(INCLUDE).values() if REPORT in one.reports}


def test_one_publication_is_two_deliveries_with_two_receipts(office: Any, mail: LoopbackMail) -> None:
    computation_id = office.compute()
    office.check(computation_id, stage="core")
    office.check(computation_id)
    package = office.freeze(computation_id, report_id=REPORT)
    office.approve(package)
    publication_id = office.publish(package)
    for board in ("namnd", "omsorgsnamnden"):
        deliver(office.settings, office.engine, publication_id, office.recipient(board))
    with office.engine.connect() as connection:
        kept = receipts(connection, publication_id)
    assert [(one.recipient_id, one.address) for one in kept] == [
        ("namnd", "arbetsmarknadsnamnden@exempelkommun.example"),
        ("omsorgsnamnden", "omsorgsnamnden@exempelkommun.example"),
    ]
    assert {one.content_sha256 for one in kept} == {package.content_sha256}
    assert all(one.delivered_at is not None for one in kept)
    assert len(mail.messages()) == 2
