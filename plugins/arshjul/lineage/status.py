"""What is late, missing, failed or waiting for a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.contracts import load_contracts
from arshjul.catalogue.fingerprints import rules_fingerprint
from arshjul.catalogue.recipients import load_recipients
from arshjul.lineage.chain import ChainVerdict, verify_chain
from arshjul.lineage.expected import (
    SWEDEN,
    ExpectedDelivery,
    LandedSlice,
    day_in_words,
    expected_deliveries,
    months_until,
    swedish_today,
)
from arshjul.lineage.statements import LEDGER
from arshjul.periods import Month
from arshjul.settings import Settings

_YEAR = 12

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
        today: The day it was asked, in Sweden.
        expected: What is owed for the month and how each stands.
        older: What is owed for the eleven months before and still lacking.
        after_report: Deliveries that came too late to be in what is published of their month.
        revised: Reported periods whose figures are now others, as they were last compared.
        refused: Refused deliveries that no later one has made good.
        unfinished: Deliveries whose run was interrupted.
        quarantine: Quarantined rows of the month by dataset and rule.
        outdated: How many deliveries of a dataset were judged by other rules than today's.
        unneeded: Corrections that nothing in the delivery that counts needs any more.
        stops: Broken stops of the quality gate, of any period.
        packages: Packages that wait for a person, and for what.
        undelivered: Publications that a recipient has not got.
        disposals: Deletions that wait for a second person, or were interrupted.
        chain: Whether log and ledger are whole.
    """

    month: Month
    today: date
    expected: tuple[ExpectedDelivery, ...]
    older: tuple[ExpectedDelivery, ...]
    after_report: tuple[Mapping[str, Any], ...]
    revised: tuple[Mapping[str, Any], ...]
    refused: tuple[Mapping[str, Any], ...]
    unfinished: tuple[Mapping[str, Any], ...]
    quarantine: tuple[Mapping[str, Any], ...]
    outdated: tuple[Mapping[str, Any], ...]
    unneeded: tuple[Mapping[str, Any], ...]
    stops: tuple[Mapping[str, Any], ...]
    packages: tuple[Mapping[str, Any], ...]
    undelivered: tuple[Mapping[str, Any], ...]
    disposals: tuple[Mapping[str, Any], ...]
    chain: ChainVerdict

    @property
    def missing(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Sender and its name to the datasets that are due for the month, and of which nothing usable has come."""
        return _by_sender(one for one in self.expected if one.is_overdue(self.today))

    @property
    def ok(self) -> bool:
        """Nothing needs attention. Quarantined rows are the sender's to mend, and what came late has come: not counted."""
        late = (self.missing, self.older, self.refused, self.unfinished)
        return self.chain.ok and not any((*late, self.stops, self.packages, self.undelivered, self.disposals))

    def as_json(self) -> dict[str, Any]:
        """The report for machines."""
        head = self.chain.head
        return {
            "manad": self.month.key,
            "saknas": [
                {"avsandare": orgnr, "namn": name, "dataset": list(datasets)}
                for (orgnr, name), datasets in self.missing.items()
            ],
            "forvantat": [one.as_json() for one in self.expected],
            "saknas_sedan_tidigare": [one.as_json() for one in self.older],
            "rapporterat_men_andrat": [_plain(row) for row in self.after_report],
            "reviderat": [_plain(row) for row in self.revised],
            "avvisade": [_plain(row) for row in self.refused],
            "oavslutade": [_plain(row) for row in self.unfinished],
            "karantan": [_plain(row) for row in self.quarantine],
            "kan_provas_igen": [_plain(row) for row in self.outdated],
            "onodiga_rattelser": [_plain(row) for row in self.unneeded],
            "stopp": [_plain(row) for row in self.stops],
            "paket": [_plain(row) for row in self.packages],
            "ej_levererade": [_plain(row) for row in self.undelivered],
            "gallringar": [_plain(row) for row in self.disposals],
            "logg": {"hel": self.chain.ok, "rader": head.seq if head else 0, "fel": list(self.chain.sentences())},
        }

    def text(self) -> str:
        """The report in Swedish: only what there is something to say about."""
        parts = (
            (f"Saknade leveranser för {self.month.title}", self._lines(lambda one: one.is_overdue(self.today))),
            ("Saknade leveranser för tidigare månader", map(_older_line, self.older)),
            (f"Kom för sent för {self.month.title}", self._lines(lambda one: one.state == "sen")),
            (f"Väntas för {self.month.title}", self._lines(lambda one: one.is_lacking and one.due >= self.today)),
            (f"Har kommit för {self.month.title} men är inte inläst", self._lines(lambda one: one.state == "olast")),
            ("Rapporterat men ändrat", map(_after_report_line, self.after_report)),
            ("Rapporterade siffror som har ändrats", map(_revised_line, self.revised)),
            ("Avvisade leveranser", (_refused_line(row) for row in self.refused)),
            ("Leveranser som inte blev färdiglästa", (_unfinished_line(row) for row in self.unfinished)),
            (f"Rader i karantän för {self.month.title}", (_quarantine_line(row) for row in self.quarantine)),
            ("Regler har ändrats: leveranser kan prövas igen", (_outdated_line(row) for row in self.outdated)),
            ("Rättelser som inte längre behövs", (_unneeded_line(row) for row in self.unneeded)),
            ("Kvalitetsgrinden har stoppat", (_stop_line(row) for row in self.stops)),
            ("Paket", (_package_line(row) for row in self.packages)),
            ("Publicerat men inte levererat", (_undelivered_line(row) for row in self.undelivered)),
            ("Gallring", (_disposal_line(row) for row in self.disposals)),
            ("Logg och huvudbok", iter(self.chain.sentences())),
        )
        written = [(title, list(lines)) for title, lines in parts]
        blocks = ["\n".join((title, *(f"  {line}" for line in lines))) for title, lines in written if lines]
        head = self.chain.head
        whole = f"Loggen är hel: {head.seq if head else 0} rader." if self.chain.ok else "Loggen är INTE hel."
        return "\n\n".join([*(blocks or [f"Inget saknas för {self.month.title} och inget väntar."]), whole])

    def _lines(self, is_told: Callable[[ExpectedDelivery], bool]) -> Iterator[str]:
        """One line for each sender and way of standing: ``Alfa (5560360793): insatser, narvaro (skulle ha kommit …)``."""
        told: dict[tuple[str, str, str], list[str]] = {}
        for one in filter(is_told, self.expected):
            told.setdefault((one.sender, one.name, _standing(one, self.today)), []).append(one.dataset)
        for (orgnr, name, standing), datasets in told.items():
            yield f"{name} ({orgnr}): {', '.join(datasets)} ({standing})"


def status(
    connection: Connection,
    settings: Settings,
    month: Month,
    today: date | None = None,
    landed: Collection[LandedSlice] = (),
) -> StatusReport:
    """Find out what needs somebody's attention.

    Args:
        connection: Under the auditor's role, for instance.
        settings: Names the catalogue with contracts, calendar and recipients.
        month: The delivery month to look at.
        today: The day in Sweden that decides what is late; today by default.
        landed: What lies unread in the landing.
    """
    today = today or swedish_today()
    span = {"month_start": month.start}
    wanted = [
        {"recipient_id": one.id, "channel": one.channel, "report_id": report}
        for one in load_recipients(settings.include).values()
        for report in one.reports
    ]
    expected = expected_deliveries(connection, settings, months_until(month, _YEAR), today, landed)
    contracts, codelists = load_contracts(settings.include).values(), load_codelists(settings.include)
    fingerprints = {one.name: rules_fingerprint(one, codelists) for one in contracts}

    def rows(name: str, **parameters: Any) -> tuple[Mapping[str, Any], ...]:
        return tuple(dict(row) for row in LEDGER.fetch_all(connection, f"lineage/{name}.sql", **parameters))

    return StatusReport(
        month=month,
        today=today,
        expected=tuple(one for one in expected if one.month == month),
        older=tuple(one for one in expected if one.month != month and one.is_overdue(today)),
        after_report=rows(
            "deliveries_after_report", datasets=[one.name for one in contracts if one.sender == "anordnare"]
        ),
        revised=rows("revised_periods"),
        refused=rows("refused_deliveries", **span, until=month.end + _AFTERMATH),
        unfinished=rows("unfinished_deliveries"),
        quarantine=rows("quarantine_by_rule", **span),
        outdated=rows("outdated_judgements", fingerprints=json.dumps(fingerprints)),
        unneeded=rows("unneeded_corrections"),
        stops=rows("gate_stops"),
        packages=rows("waiting_packages"),
        undelivered=rows("undelivered_publications", recipients=json.dumps(wanted)),
        disposals=rows("waiting_disposals"),
        chain=verify_chain(connection),
    )


def _by_sender(deliveries: Iterable[ExpectedDelivery]) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in deliveries:
        key = (one.sender, one.name)
        found[key] = (*found.get(key, ()), one.dataset)
    return found


def _standing(one: ExpectedDelivery, today: date) -> str:
    refused = "; det som har kommit gick inte att använda" if one.state == "avvisad" else ""
    if one.received_at:
        came = day_in_words(one.received_at.astimezone(SWEDEN).date())
        return f"kom {came}, skulle ha kommit senast {day_in_words(one.due)}"
    words = "skulle ha kommit senast" if one.due < today else "senast"
    return f"{words} {day_in_words(one.due)}{refused}"


def _older_line(one: ExpectedDelivery) -> str:
    refused = "; det som har kommit gick inte att använda" if one.state == "avvisad" else ""
    return f"{one.name} ({one.sender}): {one.dataset} för {one.month.title}{refused}"


def _after_report_line(row: Mapping[str, Any]) -> str:
    kind = "en rättelse av" if row["is_correction"] else "en sen leverans av"
    came = day_in_words(row["received_at"].astimezone(SWEDEN).date())
    month = Month.containing(row["period"]).title
    return f"{row['report_id']} {row['reported_period']}: {kind} {row['dataset']} för {month} från {row['sender']} kom {came}"


def _revised_line(row: Mapping[str, Any]) -> str:
    what = "siffra" if row["figures"] == 1 else "siffror"
    return f"{row['period']}: {row['figures']} {what} (kör arshjul revisions {row['period']})"


def _refused_line(row: Mapping[str, Any]) -> str:
    return f"{row['file_name']} ({row['sender'] or 'okänd avsändare'}): {row['refusal_text']}"


def _unfinished_line(row: Mapping[str, Any]) -> str:
    return f"{row['file_name']} ({row['sender'] or 'okänd avsändare'}): ta emot filen igen"


def _quarantine_line(row: Mapping[str, Any]) -> str:
    what = "rad" if row["rows"] == 1 else "rader"
    return f"{row['dataset']}, {row['rule']}: {row['rows']} {what} från {row['senders']} avsändare"


def _outdated_line(row: Mapping[str, Any]) -> str:
    return f"{row['dataset']}: {row['deliveries']} leveranser (kör arshjul replay)"


def _unneeded_line(row: Mapping[str, Any]) -> str:
    return (
        f"{row['rattelse_id']} ({row['dataset']} {row['sender']} {row['period']}): ta bort den ur registret rättelser "
        "och skicka registret igen"
    )


def _stop_line(row: Mapping[str, Any]) -> str:
    return f"{row['period']} {row['check_id']}: «{row['title']}» gäller inte. Gör så här: {row['action']}"


def _package_line(row: Mapping[str, Any]) -> str:
    comment = f": «{row['comment']}»" if row["comment"] else ""
    return f"{row['report_id']} {row['period']} (paket {row['package_id']}) {_WAITS_FOR[row['waits_for']]}{comment}"


def _undelivered_line(row: Mapping[str, Any]) -> str:
    begun = " (påbörjad men inte klar)" if row["reserved_at"] else ""
    return f"{row['report_id']} {row['period']} till {row['recipient_id']} med {row['channel']}{begun}"


def _disposal_line(row: Mapping[str, Any]) -> str:
    what = "är godkänd men avbröts: godkänn den igen" if row["is_approved"] else "väntar på en andra person"
    return f"gallring {row['disposal_id']} enligt {row['reference']}, leveranser: {row['files']}, {what}"


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
