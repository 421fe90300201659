"""Working papers are frozen like packages and sent once; a provider gets its own files of a package and no other."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from sqlalchemy.exc import DBAPIError
from tests.delivery.conftest import AS_OF, PERIOD

from arshjul.catalogue.recipients import Recipient
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.mail import DeliveryError
from arshjul.delivery.package import PackageError, package_folder
from arshjul.delivery.paper import Paper, deliver_paper, freeze_paper
from arshjul.delivery.sending import deliver
from arshjul.lineage.chain import verify_chain

OWN, OTHER = "5560360827", "5560360835"
KIND = "underlag_tjanstemannabesok"
FOLDER = Recipient(id="ami", title="Avdelningen", channel="mapp", address="ami", reports=(KIND,))


def frozen(office: Any, subject: str = "EV-1", text: bytes = b"underlag") -> Paper:
    computation_id = office.compute() if not office.count("indicator.computation") else 1
    run_id = office.run()
    with office.engine.begin() as connection:
        return freeze_paper(
            office.settings,
            connection,
            report_id=KIND,
            period=PERIOD,
            subject=subject,
            as_of=AS_OF,
            computation_id=computation_id,
            protection_id=1,
            files={f"underlag-{PERIOD}-{subject}.pdf": text},
            run_id=run_id,
        )


def test_the_same_paper_again_is_the_same_paper_and_another_content_another(office: Any) -> None:
    first = frozen(office)
    assert frozen(office) == first
    assert frozen(office, text=b"nyare").paper_id != first.paper_id
    assert frozen(office, subject="EV-2").subject == "EV-2"
    assert office.count("lineage.paper") == 3


def test_a_paper_is_handed_over_once_with_its_list_of_files(office: Any) -> None:
    paper = frozen(office)
    for _ in range(2):
        reference = deliver_paper(office.settings, office.engine, paper.paper_id, FOLDER)
    target = office.settings.outbox / "ami" / reference
    assert {path.name for path in target.iterdir()} == {f"underlag-{PERIOD}-EV-1.pdf", "manifest.json"}
    assert office.count("lineage.paper_receipt WHERE delivered_at IS NOT NULL") == 1
    with office.engine.connect() as connection:
        assert verify_chain(connection).ok


def test_the_mail_says_that_a_paper_is_not_approved(office: Any, mail: LoopbackMail) -> None:
    reader = attrs.evolve(FOLDER, channel="e-post", address="ami@exempelkommun.example")
    deliver_paper(office.settings, office.engine, frozen(office).paper_id, reader)
    deliver_paper(office.settings, office.engine, 1, reader)
    [message] = mail.messages()
    assert b"inte granskat" in message.read_bytes()


def test_a_paper_is_not_sent_to_whom_it_is_not_for(office: Any) -> None:
    with pytest.raises(DeliveryError, match="ska inte ha"):
        deliver_paper(office.settings, office.engine, frozen(office).paper_id, attrs.evolve(FOLDER, reports=()))
    assert office.count("lineage.paper_receipt") == 0


def test_a_paper_that_has_been_changed_is_not_sent(office: Any) -> None:
    paper = frozen(office)
    file = package_folder(office.settings, paper.content_sha256) / f"underlag-{PERIOD}-EV-1.pdf"
    file.chmod(0o600)
    file.write_bytes(b"annat")
    with pytest.raises(PackageError, match="ändrad"):
        deliver_paper(office.settings, office.engine, paper.paper_id, FOLDER)
    assert not (office.settings.outbox / "ami").exists()


@pytest.mark.parametrize("statement", ["UPDATE lineage.paper SET subject = 'x'", "DELETE FROM lineage.paper"])
def test_a_kept_paper_cannot_be_changed(office: Any, statement: str) -> None:
    frozen(office)
    with pytest.raises(DBAPIError, match="append only"), office.administrator.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_provider_gets_its_own_files_and_nothing_about_the_others(office: Any) -> None:
    computation_id = office.compute()
    office.check(computation_id, stage="core")
    office.check(computation_id)
    files = {
        f"dialogunderlag-{PERIOD}-{orgnr}{ending}": f"{orgnr}{ending}".encode()
        for orgnr in (OWN, OTHER)
        for ending in (".pdf", "-tabellbilaga.xlsx")
    }
    package = office.freeze(computation_id, files, report_id="dialogunderlag")
    office.approve(package)
    publication_id = office.publish(package)
    provider = Recipient(id=OWN, title=OWN, channel="mapp", address=OWN, reports=("dialogunderlag",))
    deliver(office.settings, office.engine, publication_id, provider, OWN)
    [folder] = (office.settings.outbox / OWN).iterdir()
    got = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert got == {name: content for name, content in files.items() if OWN in name}
    assert OTHER.encode() not in b"".join(got.values())


def test_a_provider_that_the_package_says_nothing_of_gets_nothing(office: Any) -> None:
    _, publication_id = office.published()
    provider = Recipient(id=OWN, title=OWN, channel="mapp", address=OWN, reports=("tertialrapport",))
    with pytest.raises(DeliveryError, match="ingenting om mottagaren"):
        deliver(office.settings, office.engine, publication_id, provider, OWN)
    assert not (office.settings.outbox / OWN).exists()
