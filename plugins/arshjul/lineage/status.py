"""What is late, missing, failed or waiting for a person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from arshjul.catalogue.recipients import load_recipients
from arshjul.lineage.chain import ChainVerdict, verify_chain
from arshjul.lineage.statements import LEDGER
from arshjul.periods import Month
from arshjul.settings import Settings

EXPECTED_DATASETS = ("insatser", "narvaro", "kapacitet")
"""What every authorised provider owes every month. A month without placements or follow-ups has no such file."""

_AFTERMATH = timedelta(days=45)
"""How long after a month a refused file that names no month is thought to be about it."""

_WAITS_FOR = {
    "granskning": "väntar på granskning",
    "godkannande": "väntar på godkännande",
    "publicering": "är godkänt men inte publicerat",
    "rättning": "är avvisat och väntar på datateamet",
}


@dataclass(frozen=True)
class StatusReport:
    """What needs somebody's attention. Each row is what a statement of ``include/sql/lineage`` says one row is.

    Attributes:
        month: The delivery month that was asked for.
        missing: Provider to the datasets it has not delivered for the month.
        refused: Refused deliveries that no later one has made good.
        unfinished: Deliveries whose run was interrupted.
        quarantine: Quarantined rows of the month by dataset and rule.
        stops: Broken stops of the quality gate, of any period.
        packages: Packages that wait for a person, and for what.
        undelivered: Publications that a recipient has not got.
        chain: Whether log and ledger are whole.
    """

    month: Month
    missing: Mapping[tuple[str, str], tuple[str, ...]]
    refused: tuple[Mapping[str, Any], ...]
    unfinished: tuple[Mapping[str, Any], ...]
    quarantine: tuple[Mapping[str, Any], ...]
    stops: tuple[Mapping[str, Any], ...]
    packages: tuple[Mapping[str, Any], ...]
    undelivered: tuple[Mapping[str, Any], ...]
    chain: ChainVerdict

    @property
    def ok(self) -> bool:
        """Nothing needs attention. Quarantined rows are the sender's to mend and do not count."""
        waiting = (self.missing, self.refused, self.unfinished, self.stops, self.packages, self.undelivered)
        return self.chain.ok and not any(waiting)

    def as_json(self) -> dict[str, Any]:
        """The report for machines."""
        head = self.chain.head
        return {
            "manad": self.month.key,
            "saknas": [
                {"avsandare": orgnr, "namn": name, "dataset": list(datasets)}
                for (orgnr, name), datasets in self.missing.items()
            ],
            "avvisade": [_plain(row) for row in self.refused],
            "oavslutade": [_plain(row) for row in self.unfinished],
            "karantan": [_plain(row) for row in self.quarantine],
            "stopp": [_plain(row) for row in self.stops],
            "paket": [_plain(row) for row in self.packages],
            "ej_levererade": [_plain(row) for row in self.undelivered],
            "logg": {"hel": self.chain.ok, "rader": head.seq if head else 0, "fel": list(self.chain.sentences())},
        }

    def text(self) -> str:
        """The report in Swedish: only what there is something to say about."""
        parts = (
            (f"Saknade leveranser för {self.month.title}", self._missing_lines()),
            ("Avvisade leveranser", (_refused_line(row) for row in self.refused)),
            ("Leveranser som inte blev färdiglästa", (_unfinished_line(row) for row in self.unfinished)),
            (f"Rader i karantän för {self.month.title}", (_quarantine_line(row) for row in self.quarantine)),
            ("Kvalitetsgrinden har stoppat", (_stop_line(row) for row in self.stops)),
            ("Paket", (_package_line(row) for row in self.packages)),
            ("Publicerat men inte levererat", (_undelivered_line(row) for row in self.undelivered)),
            ("Logg och huvudbok", iter(self.chain.sentences())),
        )
        written = [(title, list(lines)) for title, lines in parts]
        blocks = ["\n".join((title, *(f"  {line}" for line in lines))) for title, lines in written if lines]
        head = self.chain.head
        whole = f"Loggen är hel: {head.seq if head else 0} rader." if self.chain.ok else "Loggen är INTE hel."
        return "\n\n".join([*(blocks or [f"Inget saknas för {self.month.title} och inget väntar."]), whole])

    def _missing_lines(self) -> Iterator[str]:
        for (orgnr, name), datasets in self.missing.items():
            yield f"{name} ({orgnr}): {', '.join(datasets)}"


def status(connection: Connection, settings: Settings, month: Month) -> StatusReport:
    """Find out what needs somebody's attention.

    Args:
        connection: Under the auditor's role, for instance.
        settings: Names the catalogue with the recipients.
        month: The delivery month to look at.
    """
    span = {"month_start": month.start}
    wanted = [
        {"recipient_id": one.id, "channel": one.channel, "report_id": report}
        for one in load_recipients(settings.include).values()
        for report in one.reports
    ]
    missing: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in LEDGER.fetch_all(
        connection,
        "lineage/missing_deliveries.sql",
        **span,
        month_end=month.end,
        datasets=list(EXPECTED_DATASETS),
    ):
        provider = (row["orgnr"], row["namn"])
        missing[provider] = (*missing.get(provider, ()), row["dataset"])

    def rows(name: str, **parameters: Any) -> tuple[Mapping[str, Any], ...]:
        return tuple(dict(row) for row in LEDGER.fetch_all(connection, f"lineage/{name}.sql", **parameters))

    return StatusReport(
        month=month,
        missing=missing,
        refused=rows("refused_deliveries", **span, until=month.end + _AFTERMATH),
        unfinished=rows("unfinished_deliveries"),
        quarantine=rows("quarantine_by_rule", **span),
        stops=rows("gate_stops"),
        packages=rows("waiting_packages"),
        undelivered=rows("undelivered_publications", recipients=json.dumps(wanted)),
        chain=verify_chain(connection),
    )


def _refused_line(row: Mapping[str, Any]) -> str:
    return f"{row['file_name']} ({row['sender'] or 'okänd avsändare'}): {row['refusal_text']}"


def _unfinished_line(row: Mapping[str, Any]) -> str:
    return f"{row['file_name']} ({row['sender'] or 'okänd avsändare'}): ta emot filen igen"


def _quarantine_line(row: Mapping[str, Any]) -> str:
    return f"{row['dataset']}, {row['rule']}: {row['rows']} rader från {row['senders']} avsändare"


def _stop_line(row: Mapping[str, Any]) -> str:
    return f"{row['period']} {row['check_id']}: «{row['title']}» gäller inte. Gör så här: {row['action']}"


def _package_line(row: Mapping[str, Any]) -> str:
    comment = f": «{row['comment']}»" if row["comment"] else ""
    return f"{row['report_id']} {row['period']} (paket {row['package_id']}) {_WAITS_FOR[row['waits_for']]}{comment}"


def _undelivered_line(row: Mapping[str, Any]) -> str:
    begun = " (påbörjad men inte klar)" if row["reserved_at"] else ""
    return f"{row['report_id']} {row['period']} till {row['recipient_id']} med {row['channel']}{begun}"


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
