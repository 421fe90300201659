"""A new version replaces the old one openly, and reaches exactly those who got it, the way they got it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from tests.delivery.readers import LATER, PERIOD, REPORT, kept, letters, new_version, reader, send

from arshjul.delivery.correction import REASON_SECTION, changes_sentence, earlier_copies
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.mail import DeliveryError
from arshjul.delivery.package import package_folder
from arshjul.delivery.publication import write_evidence
from arshjul.delivery.sending import deliver
from arshjul.delivery.verify import verify_package
from arshjul.lineage.chain import verify_chain
from arshjul.lineage.standing import Standing, find_standing
from arshjul.lineage.trace import figure_evidence
from arshjul.lineage.trace_text import trace_text
from arshjul.orchestration import publication as line
from arshjul.orchestration.runs import RunKey
from arshjul.prose.texts import Wanted, record_text

RUN = RunKey("tertial_indicators", "again", PERIOD, "cecilia", REPORT)


def standing(office: Any, publication_id: int) -> Standing:
    with office.engine.connect() as connection:
        return find_standing(connection, publication_id)


def write_reason(office: Any, sentence: str) -> None:
    run_id = office.run("correct")
    with office.engine.begin() as connection:
        record_text(
            connection,
            run_id=run_id,
            report_id=REPORT,
            period=PERIOD,
            wanted=Wanted(REASON_SECTION, None, "Vad som är rättat"),
            markdown=sentence,
            author="cecilia",
            person="cecilia",
        )


def deliver_as_the_line(office: Any, publication_id: int) -> list[str]:
    """Hand a version over to everybody whom the line lists."""
    wanted = line.recipients_of(office.settings, RUN, 0, publication_id)
    for name in wanted:
        line.hand_over(office.settings, RUN, publication_id, name)
    return wanted


def test_the_first_version_replaces_nothing(office: Any) -> None:
    _, first = office.published()
    assert standing(office, first) == Standing()
    assert office.count("published.correction") == 0


def test_the_next_version_is_a_correction_by_itself_and_says_how_much_has_changed(office: Any) -> None:
    _, first = office.published()
    second = new_version(office)
    found = standing(office, second)
    assert (found.replaces_id, standing(office, first).replaced_by_id) == (first, second)
    assert found.correction_reason == "En av 2 siffror skiljer sig från den förra versionen."
    with office.engine.connect() as connection:
        assert verify_chain(connection).ok
    assert office.count("lineage.log WHERE event = 'correction.insert'") == 1


def test_a_mended_text_is_told_as_such(office: Any) -> None:
    office.published()
    assert "text är ändrad" in str(standing(office, new_version(office, met=13)).correction_reason)


@pytest.mark.parametrize(
    ("changed", "causes", "sentence"),
    [
        (1, [], "En av 41 siffror skiljer sig från den förra versionen."),
        (
            3,
            ["rättade uppgifter", "en ändrad definition"],
            (
                "3 av 41 siffror skiljer sig från den förra versionen på grund av rättade uppgifter och en ändrad "
                "definition."
            ),
        ),
    ],
)
def test_the_sentence_names_the_causes_that_are_known(changed: int, causes: list[str], sentence: str) -> None:
    assert changes_sentence(changed, 41, causes) == sentence


def test_a_persons_sentence_goes_first_and_is_used_for_one_version_only(office: Any) -> None:
    write_reason(office, "Det här skrevs innan något hade publicerats.")
    office.published()
    write_reason(office, "Två avslut hade räknats\nsom egen försörjning.")
    second = new_version(office)
    third = new_version(office, met=14, as_of=LATER + timedelta(days=1))
    assert standing(office, second).correction_reason == "Två avslut hade räknats som egen försörjning."
    assert standing(office, third).replaces_id == second
    assert str(standing(office, third).correction_reason).startswith("En av 2 siffror")


@pytest.mark.parametrize("statement", ["UPDATE published.correction SET reason = 'Något helt annat.'",
                                       "DELETE FROM published.correction"])  # fmt: skip
def test_a_correction_cannot_be_changed(office: Any, statement: str) -> None:
    office.published()
    new_version(office)
    with pytest.raises(DBAPIError, match="append only"), office.administrator.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("got_it", list(product([False, True], repeat=3)))
def test_it_reaches_the_catalogue_and_exactly_those_who_got_the_old_one(
    office: Any, mail: LoopbackMail, got_it: tuple[bool, ...]
) -> None:
    _, first = office.published()
    outsiders = [reader("alva"), reader("bo"), reader("hylla", "mapp")]
    for one in (one for one, got in zip(outsiders, got_it, strict=True) if got):
        send(office, first, one)
    working = office.settings
    office.settings = replace(office.settings, smtp_port=1)
    with pytest.raises(DeliveryError):
        send(office, first, reader("doris"))  # reserved, and never delivered
    office.settings = working
    second = new_version(office)
    for letter in mail.messages():
        letter.unlink()
    listed = deliver_as_the_line(office, second)
    assert deliver_as_the_line(office, second) == listed
    catalogue = {
        name for name in ("namnd", "diarium", "kommunstyrelsen", "ami") if REPORT in office.recipient(name).reports
    }
    got = {one.id for one, got in zip(outsiders, got_it, strict=True) if got}
    assert set(listed) == {one.recipient_id for one in kept(office, second)}
    assert set(listed) & {"alva", "bo", "hylla", "doris"} == got
    assert catalogue <= set(listed)
    addresses = [address for address, _, _ in letters(mail)]
    assert len(addresses) == len(set(addresses))
    assert {one for one in addresses if one.endswith("@annan.example")} == {
        one.address for one in outsiders if one.id in got and one.channel == "e-post"
    }


def test_a_reader_gets_it_the_way_it_got_the_old_one_even_if_the_catalogue_has_moved_on(
    office: Any, mail: LoopbackMail
) -> None:
    _, first = office.published()
    send(office, first, replace_address(office, "namnd", "gamla.namnden@exempelkommun.example"))
    second = new_version(office)
    deliver_as_the_line(office, second)
    assert [one.address for one in kept(office, second) if one.recipient_id == "namnd"] == [
        "gamla.namnden@exempelkommun.example"
    ]


def replace_address(office: Any, name: str, address: str) -> Any:
    import attrs

    return attrs.evolve(office.recipient(name), address=address)


def test_who_missed_a_version_in_between_still_gets_the_newest(office: Any, mail: LoopbackMail) -> None:
    _, first = office.published()
    send(office, first, reader("alva"))
    new_version(office)
    third = new_version(office, met=14, as_of=LATER + timedelta(days=1))
    with office.engine.connect() as connection:
        assert set(earlier_copies(connection, third)) == {"alva"}


def test_the_letter_says_which_version_it_replaces_and_why(office: Any, mail: LoopbackMail) -> None:
    package, first = office.published()
    send(office, first, reader("hylla", "mapp"))
    write_reason(office, "Två avslut hade räknats som egen försörjning.")
    second = new_version(office)
    send(office, second, reader("alva"))
    receipt = send(office, second, reader("hylla", "mapp"))
    [(_, subject, body)] = letters(mail)
    assert subject.startswith("Rättad version: Tertialrapport, tertial 1 2026")
    folder = office.settings.outbox / "hylla" / receipt.reference
    for text in (body, (folder / "RÄTTELSE.txt").read_text()):
        assert "Två avslut hade räknats som egen försörjning." in text
        assert package.content_sha256 in text
        assert "ersätter versionen av den" in text
    verdict = verify_package(folder)
    assert verdict.ok
    assert any("RÄTTELSE.txt är ett följebrev" in one for one in verdict.not_checked)


def test_an_old_version_is_not_sent_after_the_new_one_but_its_receipts_stand(office: Any, mail: LoopbackMail) -> None:
    _, first = office.published()
    receipt = send(office, first, reader("alva"))
    new_version(office)
    assert send(office, first, reader("alva")) == receipt
    with pytest.raises(DeliveryError, match="ersatt av en nyare"):
        send(office, first, reader("bo"))
    assert [one.recipient_id for one in kept(office, first)] == ["alva"]


def test_trace_and_the_proof_of_both_versions_tell_of_it(office: Any) -> None:
    package, first = office.published()
    second = new_version(office)
    with office.engine.begin() as connection:
        for one in (first, second):
            write_evidence(office.settings, connection, one)
    with office.administrator.connect() as connection:
        old = figure_evidence(connection, "maluppfyllelse/2026-T1", publication_id=first)
        new = figure_evidence(connection, "maluppfyllelse/2026-T1")
    assert old.as_json()["ersatt_av"]["publicering"] == second
    assert new.as_json()["ersatter"]["publicering"] == first
    assert "Ersatt av en ny version" in trace_text(old)
    assert "Ersätter versionen av" in trace_text(new)
    verdict = verify_package(package_folder(office.settings, package.content_sha256))
    assert verdict.ok
    assert verdict.as_json()["ersatt_av"]["publicering"] == second
    assert verdict.as_json()["ersatter"] is None


def test_there_is_no_paper_for_a_provider_while_the_survey_is_open(
    monkeypatch: pytest.MonkeyPatch, office: Any
) -> None:
    """Requirement R105."""
    computation_id = office.compute()
    monkeypatch.setattr(
        "arshjul.disclosure.release.load_protection", lambda *_: SimpleNamespace(computation_id=computation_id)
    )
    with pytest.raises(line.Stopped, match="Kundundersökningen 2027 är inte avslutad"):
        line.providers_of(office.settings, RUN, 1)


def test_a_provider_that_the_new_version_says_nothing_about_gets_the_letter_alone(office: Any) -> None:
    _, first = office.published()
    own = reader("5560360793", "mapp")
    with pytest.raises(DeliveryError, match="ingenting om mottagaren"):
        deliver(office.settings, office.engine, first, own, subject=own.id)
    second = new_version(office)
    receipt = deliver(office.settings, office.engine, second, own, subject=own.id)
    [letter] = (office.settings.outbox / own.id / receipt.reference).iterdir()
    assert letter.name == "RÄTTELSE.txt"
    assert "innehåller ingenting om er" in letter.read_text()
