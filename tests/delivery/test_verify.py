"""Anybody can check a package without a database, and every kind of change is found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from arshjul.delivery.package import sha256
from arshjul.delivery.sending import deliver
from arshjul.delivery.verify import verify_package
from arshjul.lineage.chain import seal


@pytest.fixture
def copy(office: Any, tmp_path: Path) -> Path:
    """A recipient's copy, in a folder that a test may do as it likes with."""
    _, publication_id = office.published()
    receipt = deliver(office.settings, office.engine, publication_id, office.recipient("diarium"))
    target = tmp_path / "copy"
    shutil.copytree(office.settings.outbox / "diarium" / receipt.reference, target)
    for path in target.iterdir():
        path.chmod(0o644)
    return target


def change_evidence(copy: Path, change: Callable[[Any], Any]) -> None:
    evidence = json.loads((copy / "bevis.json").read_text())
    change(evidence)
    (copy / "bevis.json").write_text(json.dumps(evidence))


def reseal(evidence: Any) -> None:
    """Make the chain of a forged log hold again, as a careful forger would."""
    previous = evidence["chain"][0]["previous_hash"]
    for number, entry in enumerate(evidence["chain"]):
        entry["previous_hash"] = previous
        entry["seq"] = evidence["chain"][0]["seq"] + number
        if "data" in entry:
            entry["data_sha256"] = sha256(entry["data"].encode())
        previous = entry["hash"] = seal(entry)
    evidence["checkpoint"] = {name: evidence["chain"][-1][name] for name in ("seq", "at", "hash")}


def logged(evidence: Any, event: str, number: int = 0) -> Any:
    return [entry for entry in evidence["chain"] if entry["event"] == event][number]


def rewrite(evidence: Any, event: str, number: int, **changed: Any) -> None:
    """Change a row in the log and, where it stands there, in what the evidence tells."""
    entry = logged(evidence, event, number)
    entry["data"] = json.dumps(json.loads(entry["data"]) | changed)
    told = {"approval.insert": evidence["approvals"], "publication.insert": [evidence["publication"]]}.get(event)
    if told:
        told[number].update(changed)
    reseal(evidence)


def test_the_delivered_copy_is_in_order(copy: Path) -> None:
    verdict = verify_package(copy)
    assert verdict.ok
    assert verdict.findings == ()
    assert len(verdict.checked) == 4
    assert verdict.content_sha256 == sha256((copy / "manifest.json").read_bytes())
    assert verdict.text().startswith("Paketet är oförändrat och godkänt av två personer.")
    assert json.loads(json.dumps(verdict.as_json()))["godkand"] is True


def test_the_attachments_of_the_email_are_checked_as_far_as_they_go(office: Any, mail: Any, tmp_path: Path) -> None:
    _, publication_id = office.published()
    deliver(office.settings, office.engine, publication_id, office.recipient("namnd"))
    message = message_from_bytes(mail.messages()[0].read_bytes(), policy=default)
    target = tmp_path / "attachments"
    target.mkdir()
    for part in message.iter_attachments():  # type: ignore[attr-defined]
        (target / part.get_filename()).write_bytes(part.get_payload(decode=True))
    verdict = verify_package(target)
    assert verdict.ok
    assert verdict.checked == ("Filerna är de som står i förteckningen.",)
    assert verdict.text().startswith("Filerna hör ihop, men det går inte att se här att de är godkända.")
    assert "godkännanden och logg är inte kontrollerade" in verdict.text()
    assert verdict.as_json()["bevis"] is False
    (target / "siffror.csv").write_bytes(b"andra siffror")
    assert verify_package(target).findings == ("Filen siffror.csv är ändrad.",)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda copy: (copy / "siffror.csv").write_bytes(b"x"), "Filen siffror.csv är ändrad."),
        (lambda copy: (copy / "siffror.csv").unlink(), "Filen siffror.csv saknas."),
        (lambda copy: (copy / "siffror.csv").rename(copy / "tal.csv"), "Filen tal.csv hör inte till paketet."),
        (lambda copy: (copy / "extra.pdf").write_bytes(b"x"), "Filen extra.pdf hör inte till paketet."),
        (lambda copy: (copy / "mapp").mkdir(), "Filen mapp hör inte till paketet."),
        (lambda copy: (copy / "manifest.json").unlink(), "manifest.json saknas eller går inte att läsa."),
        (lambda copy: (copy / "manifest.json").write_text("[1]"), "manifest.json är inte ett pakets förteckning."),
        (lambda copy: (copy / "manifest.json").write_bytes(b"\xff"), "manifest.json är inte ett pakets förteckning."),
        (lambda copy: (copy / "bevis.json").write_text("{"), "bevis.json är inte ett bevis från Årshjul."),
        (lambda copy: (copy / "bevis.json").write_text("[" * 99_999), "bevis.json är inte ett bevis från Årshjul."),
        (
            lambda copy: ((copy / "bevis.json").unlink(), (copy / "bevis.json").mkdir()),
            "bevis.json är inte ett bevis från Årshjul.",
        ),
    ],
)
def test_a_change_of_the_files_is_found(copy: Path, change: Callable[[Path], object], finding: str) -> None:
    change(copy)
    verdict = verify_package(copy)
    assert not verdict.ok
    assert finding in verdict.findings
    assert verdict.text().startswith("Paketet är INTE i ordning.")


def test_a_file_changed_together_with_its_hash_in_the_manifest_is_found(copy: Path) -> None:
    (copy / "siffror.csv").write_bytes(b"andra siffror")
    manifest = json.loads((copy / "manifest.json").read_text())
    for file in manifest["files"]:
        if file["name"] == "siffror.csv":
            file.update(sha256=sha256(b"andra siffror"), size_bytes=len(b"andra siffror"))
    (copy / "manifest.json").write_text(json.dumps(manifest))
    found = verify_package(copy).findings
    assert "Det som godkändes är ett annat innehåll än det som ligger här." in found
    assert "Förteckningen är inte den som loggen visar att paketet frystes med." in found


def test_a_manifest_that_says_another_period_is_found(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"period": "2026-T2"}))
    assert "Förteckningen är inte den som loggen visar att paketet frystes med." in verify_package(copy).findings


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda e: e["chain"].pop(1), "Loggens kedja är bruten"),
        (lambda e: e["chain"].clear(), "Loggens kedja är bruten"),
        (lambda e: logged(e, "approval.insert").update(actor="x"), "Loggens kedja är bruten"),
        (lambda e: logged(e, "approval.insert").update(data="{}"), "Loggens kedja är bruten"),
        (lambda e: e["checkpoint"].update(hash="0" * 64), "Loggens slutpunkt"),
        (lambda e: e["approvals"][0].update(person="cecilia"), "Godkännandena i beviset är inte de som står i loggen."),
        (lambda e: e["approvals"].pop(), "Godkännandena i beviset är inte de som står i loggen."),
        (lambda e: e["publication"].update(published_at="2026-01-01T00:00:00+00:00"), "Publiceringen i beviset"),
        (lambda e: e["publication"].update(content_sha256="0" * 64), "Publiceringen i beviset"),
        (lambda e: e.pop("publication"), "saknar uppgifter"),
        (lambda e: e.update(approvals=[1, 2]), "saknar uppgifter"),
        (lambda e: e.update(chain="text"), "Loggens kedja är bruten"),
        (lambda e: logged(e, "package.insert").pop("data"), "inte att paketet har frysts och publicerats"),
    ],
)
def test_a_change_of_the_evidence_is_found(copy: Path, change: Callable[[Any], object], finding: str) -> None:
    change_evidence(copy, change)
    verdict = verify_package(copy)
    assert not verdict.ok
    assert any(finding in one for one in verdict.findings)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Name every single value in a JSON document."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if parts is None:
        yield path
    else:
        for name, part in parts:
            yield from leaves(part, (*path, name))


@pytest.mark.parametrize("other", ["annat", 7_777_777, None, [], {}])
def test_every_single_value_of_the_evidence_counts_but_the_summary_of_checks(copy: Path, other: Any) -> None:
    original = (copy / "bevis.json").read_text()
    # The titles of those who sign stand in the files themselves, where they are hashed.
    paths = [path for path in leaves(json.loads(original)) if path[0] != "checks" and path[-1] not in ("title", "unit")]
    assert len(paths) > 50
    for path in paths:
        evidence = json.loads(original)
        holder = evidence
        for name in path[:-1]:
            holder = holder[name]
        holder[path[-1]] = other
        (copy / "bevis.json").write_text(json.dumps(evidence))
        assert not verify_package(copy).ok, path
    assert "sammanfattning" in verify_package(copy).text()


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda e: rewrite(e, "approval.insert", 1, person="Anna"), "inte två olika personer"),
        (lambda e: rewrite(e, "approval.insert", 1, person="ARSHJUL"), "inte två olika personer"),
        (lambda e: rewrite(e, "approval.insert", 1, content_sha256="0" * 64), "ett annat innehåll"),
        (lambda e: rewrite(e, "approval.insert", 0, decision="avvisad"), "inte först granskat och sedan godkänt"),
        (lambda e: rewrite(e, "approval.insert", 0, step="godkannande"), "inte först granskat och sedan godkänt"),
        (lambda e: rewrite(e, "package.insert", 0, content_sha256="0" * 64), "ett annat innehåll"),
        (lambda e: rewrite(e, "package.insert", 0, files=[]), "Förteckningen är inte den"),
        (lambda e: rewrite(e, "publication.insert", 0, period="2025-T1"), "Förteckningen är inte den"),
    ],
)
def test_four_eyes_are_checked_even_in_a_log_that_was_forged_to_hold(
    copy: Path, change: Callable[[Any], object], finding: str
) -> None:
    change_evidence(copy, change)
    verdict = verify_package(copy)
    assert any(finding in one for one in verdict.findings)
    assert "Loggens kedja är hel." in verdict.checked


def test_an_approval_that_came_after_the_publication_is_found(copy: Path) -> None:
    def approve_late(evidence: Any) -> None:
        events = [entry["event"] for entry in evidence["chain"]]
        published = evidence["chain"].pop(events.index("publication.insert"))
        evidence["chain"].insert(events.index("approval.insert") + 1, published)
        reseal(evidence)

    change_evidence(copy, approve_late)
    assert verify_package(copy).findings == ("Paketet publicerades innan det var godkänt.",)


def test_a_manifest_cannot_point_out_of_its_folder(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    secret = copy.parent / "secret.csv"
    secret.write_bytes(b"1")
    manifest["files"].append({"name": "../secret.csv", "sha256": sha256(b"1"), "size_bytes": 1})
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert "Filen ../secret.csv saknas." in verify_package(copy).findings
