"""Check a package anywhere, with nothing but its own files: no database, no network, no keys.

The folder may be the package itself, a recipient's copy in the outbox, or the attachments of the e-mail. The e-mail
has no ``bevis.json``: its hashes are checked, and it is said that approvals and log could not be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from arshjul.delivery.package import (
    CORRECTION_LETTER,
    EVIDENCE,
    MANIFEST,
    MANIFEST_FORMAT,
    RECALL_LETTER,
    sha256,
)
from arshjul.delivery.publication import EVIDENCE_FORMAT
from arshjul.lineage.chain import verify_segment
from arshjul.lineage.ledger import person_name

_STEPS = ["granskning", "godkannande"]
_LETTERS = (CORRECTION_LETTER, RECALL_LETTER)


@dataclass(frozen=True)
class Verdict:
    """What the check found.

    Attributes:
        content_sha256: Hash of the manifest as it lies here: the number to compare with the one told elsewhere.
        findings: What is wrong, in Swedish.
        checked: What was checked and held, in Swedish.
        not_checked: What could not be checked, in Swedish.
        has_evidence: ``bevis.json`` was there, so that approvals and log were checked too.
        later: What had become of the publication when the evidence was written, by kind of event.
        is_recalled: The evidence or a letter beside the files says that it is withdrawn: whole as it may be, it is not to
            be used.
    """

    content_sha256: str | None
    findings: tuple[str, ...]
    checked: tuple[str, ...]
    not_checked: tuple[str, ...]
    has_evidence: bool
    later: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    is_recalled: bool = False

    @property
    def ok(self) -> bool:
        """Nothing that could be checked was wrong."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """The verdict for machines."""
        return {
            "godkand": self.ok,
            "bevis": self.has_evidence,
            "kontrollsumma": self.content_sha256,
            "fel": list(self.findings),
            "kontrollerat": list(self.checked),
            "ej_kontrollerat": list(self.not_checked),
            "namndens_beslut": self._told("beslut", datum="decided_on", paragraf="paragraph", beslut="decision"),
            "ersatter": self._told("ersatter", publicering="replaces_id", skal="reason"),
            "ersatt_av": self._told("ersatt_av", publicering="publication_id", skal="reason"),
            "aterkallad": self.is_recalled,
        }

    def _told(self, kind: str, **names: str) -> dict[str, Any] | None:
        found = self.later.get(kind)
        return {ours: found[name] for ours, name in names.items()} if found else None

    def _afterwards(self) -> Iterator[str]:
        if made := self.later.get("beslut"):
            yield f"Nämnden beslutade om den här versionen {made['decided_on']}, {made['paragraph']}: {made['decision']}"
        if made := self.later.get("ersatter"):
            yield f"Ersätter en tidigare version. {made['reason']}"
        if made := self.later.get("ersatt_av"):
            yield f"Ersatt av en ny version. {made['reason']}"
        if made := self.later.get("aterkallad"):
            yield f"Återkallad. {made['reason']}"

    def text(self) -> str:
        """The verdict in Swedish."""
        if not self.ok:
            lines = ["Paketet är INTE i ordning."]
        elif self.has_evidence:
            lines = ["Paketet är oförändrat och godkänt av två personer."]
        else:
            lines = ["Filerna hör ihop, men det går inte att se här att de är godkända."]
        lines += ["Det är ÅTERKALLAT: använd det inte."] if self.is_recalled else []
        lines += [f"Kontrollsumma: {self.content_sha256}"] if self.content_sha256 else []
        lines += self._afterwards()
        lines += [f"  fel: {one}" for one in self.findings]
        lines += [f"  kontrollerat: {one}" for one in self.checked]
        lines += [f"  inte kontrollerat: {one}" for one in self.not_checked]
        return "\n".join(lines)


@dataclass
class _Report:
    """Findings as they are made."""

    findings: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)

    def part(self, held: str, findings: Iterator[str]) -> bool:
        """Note what a part found, or that it held; tell whether it did."""
        found = list(findings)
        self.findings += found
        self.checked += [] if found else [held]
        return not found


def verify_package(folder: Path) -> Verdict:
    """Check a package's files, and, where ``bevis.json`` lies with them, its approvals and its piece of the log.

    Args:
        folder: The folder with ``manifest.json``.

    Returns:
        The verdict; whatever lies in the folder, nothing is raised about its content.
    """
    manifest_bytes = _bytes(folder / MANIFEST)
    if not manifest_bytes:
        return Verdict(None, (f"{MANIFEST} saknas eller går inte att läsa.",), (), (), has_evidence=False)
    content_sha256 = sha256(manifest_bytes)
    manifest = _object(manifest_bytes)
    if manifest.get("format") != MANIFEST_FORMAT or not _files(manifest):
        return Verdict(content_sha256, (f"{MANIFEST} är inte ett pakets förteckning.",), (), (), has_evidence=False)
    report = _Report()
    report.part("Filerna är de som står i förteckningen.", _check_files(folder, manifest))
    has_evidence = (folder / EVIDENCE).exists()
    later: Mapping[str, Mapping[str, Any]] = {}
    not_checked = [f"{name} är ett följebrev och ingår inte i kontrollsumman." for name in _letters(folder)]
    if not has_evidence:
        not_checked.append(
            f"{EVIDENCE} finns inte här: godkännanden och logg är inte kontrollerade. Jämför kontrollsumman med den som"
            " står i leveransens e-post eller i diariet."
        )
    else:
        evidence = _object(_bytes(folder / EVIDENCE))
        if evidence.get("format") != EVIDENCE_FORMAT:
            report.findings.append(f"{EVIDENCE} är inte ett bevis från Årshjul.")
        else:
            later = _check_evidence(report, evidence, manifest, content_sha256)
        not_checked.append(
            f"Kvalitetskontrollerna i {EVIDENCE} är en sammanfattning; arshjul trace visar dem ur huvudboken."
        )
        not_checked.append(f"Det som har hänt efter att {EVIDENCE} skrevs syns inte här.")
    return Verdict(
        content_sha256,
        tuple(report.findings),
        tuple(report.checked),
        tuple(not_checked),
        has_evidence=has_evidence,
        later=later,
        is_recalled=RECALL_LETTER in _letters(folder) or "aterkallad" in later,
    )


def _letters(folder: Path) -> list[str]:
    return [name for name in _LETTERS if (folder / name).is_file()]


def _check_evidence(
    report: _Report, evidence: Mapping[str, Any], manifest: Mapping[str, Any], content_sha256: str
) -> Mapping[str, Mapping[str, Any]]:
    """Check the evidence against itself and the files; give what became of the publication, where that held."""
    try:
        if report.part("Loggens kedja är hel.", _check_chain(evidence)):
            events = [(entry["event"], json.loads(entry["data"])) for entry in evidence["chain"] if "data" in entry]
            report.part("Publiceringen gäller just det här innehållet.", _check_publication(evidence, manifest, events))
            report.part(
                "Två olika personer har godkänt just det här innehållet.",
                _check_approvals(evidence, events, content_sha256),
            )
        if not evidence.get("later"):
            return {}  # nothing has happened, or it was written before that was told of
        if report.part("Det som har hänt efteråt gäller just den här publiceringen.", _check_later(evidence)):
            return {_kind(evidence, entry): json.loads(entry["data"]) for entry in evidence["later"]}
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        report.findings.append(f"{EVIDENCE} saknar uppgifter som ett bevis ska ha.")
    return {}


def _check_later(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Each row of the log that came afterwards is sealed, later than the publication, and about it."""
    last = evidence["checkpoint"]["seq"]
    for entry in evidence["later"]:
        if not verify_segment([entry]).ok or "data" not in entry or entry["seq"] <= last:
            yield "En rad i loggen om vad som har hänt efteråt är ändrad."
        elif not _kind(evidence, entry):
            yield "En rad i loggen om vad som har hänt efteråt gäller något annat."
        last = entry["seq"]


def _kind(evidence: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """Tell what an event later than the publication is about it; empty when it is about something else."""
    data, number = json.loads(entry["data"]), evidence["publication"]["publication_id"]
    kinds = {"decision.insert": "beslut", "recall.update": "aterkallad", "correction.insert": "ersatter"}
    if data["publication_id"] == number:
        return kinds.get(entry["event"], "")
    return "ersatt_av" if entry["event"] == "correction.insert" and data["replaces_id"] == number else ""


def _check_files(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    listed = {file["name"]: file for file in _files(manifest)}
    for name, file in listed.items():
        path = folder / name
        if Path(name).name != name or path.is_symlink() or not path.is_file():
            yield f"Filen {name} saknas."
        elif path.stat().st_size != file["size_bytes"] or sha256(path.read_bytes()) != file["sha256"]:
            yield f"Filen {name} är ändrad."
    for name in sorted({path.name for path in folder.iterdir()} - set(listed) - {MANIFEST, EVIDENCE, *_LETTERS}):
        yield f"Filen {name} hör inte till paketet."


def _check_chain(evidence: Mapping[str, Any]) -> Iterator[str]:
    verdict = verify_segment(evidence["chain"])
    if not verdict.ok:
        rows = ", ".join(map(str, verdict.broken)) or "–"
        yield f"Loggens kedja är bruten (rad {rows})."
    elif {name: getattr(verdict.head, name) for name in ("seq", "at", "hash")} != evidence["checkpoint"]:
        yield "Loggens slutpunkt stämmer inte med den som beviset anger."


def _check_publication(
    evidence: Mapping[str, Any], manifest: Mapping[str, Any], events: list[tuple[str, Any]]
) -> Iterator[str]:
    told = evidence["publication"]
    frozen = [data for event, data in events if event == "package.insert"]
    released = [data for event, data in events if event == "publication.insert"]
    if len(frozen) != 1 or len(released) != 1:
        yield "Loggen visar inte att paketet har frysts och publicerats."
        return
    if not _same(released[0], told):
        yield "Publiceringen i beviset är inte den som står i loggen."
    if (told["report_id"], told["period"], frozen[0]["files"]) != (
        manifest["report"],
        manifest["period"],
        _files(manifest),
    ):
        yield "Förteckningen är inte den som loggen visar att paketet frystes med."


def _check_approvals(evidence: Mapping[str, Any], events: list[tuple[str, Any]], content_sha256: str) -> Iterator[str]:
    [frozen] = [data for event, data in events if event == "package.insert"]
    logged = [data for event, data in events if event == "approval.insert"]
    told = evidence["approvals"]
    if len(logged) != len(told) or not all(_same(one, other) for one, other in zip(logged, told, strict=True)):
        yield "Godkännandena i beviset är inte de som står i loggen."
    signed = [(one["step"], one["name"]) for one in evidence.get("signatories", ())]
    if signed and signed != [(one["step"], one["person"]) for one in logged]:
        yield "De som anges ha skrivit under är inte de som har godkänt."
    if {one["content_sha256"] for one in (*logged, frozen, evidence["publication"])} != {content_sha256}:
        yield "Det som godkändes är ett annat innehåll än det som ligger här."
    if [(one["step"], one["decision"]) for one in logged] != [(step, "godkand") for step in _STEPS]:
        yield "Paketet är inte först granskat och sedan godkänt."
    order = [event for event, _ in events if event in ("package.insert", "approval.insert", "publication.insert")]
    if order != sorted(order, key=["package.insert", "approval.insert", "publication.insert"].index):
        yield "Paketet publicerades innan det var godkänt."
    persons = [person_name(name).casefold() for name in (*(one["person"] for one in logged), frozen["prepared_by"])]
    if len(set(persons)) != len(persons):
        yield "Det är inte två olika personer som har godkänt, skilda från den som tog fram paketet."


def _same(logged: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Compare a row of the log with the same row as the evidence tells it; only times are written differently."""
    return set(logged) == set(told) and all(
        datetime.fromisoformat(logged[name]) == datetime.fromisoformat(told[name])
        if name.endswith("_at")
        else logged[name] == told[name]
        for name in logged
    )


def _bytes(path: Path) -> bytes:
    """Read a file; empty when there is none that can be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        loaded = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _files(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The manifest's list of files; empty when it is not one."""
    files = manifest.get("files")
    whole = isinstance(files, list) and all(
        isinstance(file, dict)
        and isinstance(file.get("name"), str)
        and isinstance(file.get("sha256"), str)
        and isinstance(file.get("size_bytes"), int)
        for file in files
    )
    return files if whole and isinstance(files, list) else []
