"""A figure's evidence as Swedish text, for whoever asks at the keyboard or in the web view."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from arshjul.catalogue.indicators import Indicator
from arshjul.lineage.ledger import CheckRun
from arshjul.lineage.trace import FigureEvidence, SourceFile

_ROLES = {"berakning": "Beräkning", "paket": "Paket", "publicering": "Publicering"}
_STEPS = {"granskning": "Granskning", "godkannande": "Godkännande"}
_WORDS = {"godkand": "godkänd", "avvisad": "avvisad", "varning": "varning", "stopp": "stopp"}
_STAGES = {"staging": "Inläsning", "core": "Inlästa uppgifter", "indicator": "Indikatorer"}
_MOST_RANGES = 12


def trace_text(evidence: FigureEvidence, definition: Indicator | None = None) -> str:
    """Write a figure's evidence as Swedish text.

    Args:
        evidence: From :func:`arshjul.lineage.trace.figure_evidence`.
        definition: The indicator's definition, where the catalogue still has it.
    """
    parts = (
        ("Siffra", _figure(evidence, definition)),
        ("Källor", _sources(evidence.sources)),
        ("Beräkning", _computation(evidence)),
        ("Kontroller", _checks(evidence.checks)),
        ("Beslut", _decisions(evidence)),
        ("Publicering", _publication(evidence)),
    )
    return "\n\n".join("\n".join((title, *(f"  {line}" for line in lines))) for title, lines in parts)


def local_time(moment: datetime) -> str:
    """Write a time as Swedish readers know it: date and minute, in Sweden."""
    return f"{moment.astimezone(ZoneInfo('Europe/Stockholm')):%Y-%m-%d %H:%M}"


def _figure(evidence: FigureEvidence, definition: Indicator | None) -> Iterator[str]:
    figure = evidence.figure
    yield figure.figure_id
    if definition is not None:
        yield f"{definition.title}: {' '.join(definition.definition.split())}"
        for source in definition.sources:
            yield f"Källa till definitionen: {source.document}, {source.clause}"
    if figure.is_protected and figure.value is None:
        yield "Värdet visas inte (..): det kan röja en enskild person."
        return
    if figure.is_protected:
        yield "Skyddad uppgift: visas inte utanför huset."
    yield f"Värde, oavrundat: {_number(figure.value)}"
    if figure.denominator is not None:
        yield f"Täljare {_number(figure.numerator)}, nämnare {_number(figure.denominator)}"
    yield f"Observationer: {figure.observations}"


def _sources(sources: tuple[SourceFile, ...]) -> Iterator[str]:
    yield f"Rader: {sum(source.row_count for source in sources)}, filer: {len(sources)}"
    for source in sources:
        yield f"{source.file_name}  rad {_ranges(source)}"
        yield f"  sha256 {source.sha256}"
        if source.disposed_on:
            yield f"  gallrad enligt beslut {source.disposed_by} den {source.disposed_on}: innehållet finns inte kvar"
        for row_no, correction in source.corrected:
            yield f"  rad {row_no} rättad enligt kommunens beslut {correction}"
        yield f"  leverans {source.delivery_id}, {local_time(source.received_at)}, {source.dag_id} {source.dag_run_id}"


def _computation(evidence: FigureEvidence) -> Iterator[str]:
    computation = evidence.computation
    yield f"Beräkning {computation.computation_id}, det som var känt {local_time(computation.as_of)}"
    yield f"Katalogens sha256 {computation.catalogue_sha256}"
    for role, run in evidence.runs.items():
        yield f"{_ROLES[role]}: körning {run.run_id}, {run.dag_id} {run.dag_run_id}, kod {run.code_version}"


def _checks(checks: tuple[CheckRun, ...]) -> Iterator[str]:
    for run in checks:
        yield f"{_STAGES[run.stage]}: {_WORDS[run.outcome]}, kontroller: {len(run.results)}, {local_time(run.checked_at)}"
        for result in run.results:
            if not result.is_success:
                waived = f" Undantag: {result.waiver_reason}" if result.waiver_reason else ""
                yield f"  {result.severity} {result.check_id}: «{result.title}» gäller inte.{waived}"


def _decisions(evidence: FigureEvidence) -> Iterator[str]:
    if not evidence.approvals:
        yield "Inget beslut är fattat."
    for made in evidence.approvals:
        comment = f" «{made.comment}»" if made.comment else ""
        yield f"{_STEPS[made.step]}: {made.person}, {_WORDS[made.decision]} {local_time(made.decided_at)}{comment}"


def _publication(evidence: FigureEvidence) -> Iterator[str]:
    if evidence.publication is None or evidence.log is None:
        yield "Siffran är beräknad men inte publicerad."
        return
    yield f"Publicering {evidence.publication.publication_id}, {local_time(evidence.publication.published_at)}"
    yield f"Innehållets sha256 {evidence.publication.content_sha256}"
    yield f"Loggens rader {evidence.log[0]}–{evidence.log[1]}"
    yield from evidence.standing.lines()
    for receipt in evidence.receipts:
        when = f"levererad {local_time(receipt.delivered_at)}" if receipt.delivered_at else "inte levererad än"
        yield f"{receipt.recipient_id} ({receipt.channel}, {receipt.address}): {when}"


def _ranges(source: SourceFile) -> str:
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in source.rows[:_MOST_RANGES]]
    more = sum(last - first + 1 for first, last in source.rows[_MOST_RANGES:])
    return ", ".join(shown) + (f" och {more} rader till" if more else "")


def _number(value: Decimal | None) -> str:
    if value is None:
        return "–"
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",").replace("-", "−")
