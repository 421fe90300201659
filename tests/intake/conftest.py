"""Senders who write files, and a desk that receives them: a warehouse, an archive and keys of the test's own."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import text

from arshjul.intake.delivery import receive
from arshjul.intake.office import Office, open_office
from arshjul.intake.receipts import Receipt
from arshjul.lineage.ledger import start_run
from arshjul.settings import Settings


@dataclass(frozen=True)
class File:
    """A landed file."""

    path: Path
    sender: str | None = None
    channel: str = "kommandorad"


class Senders:
    """Writes files as senders do."""

    KOMMUN = "2120000001"
    PROVIDER = "5560360793"
    OTHER = "5590000013"
    COLUMNS: ClassVar = {
        "anordnare": ["orgnr", "namn", "typ", "auktoriserad_fran", "auktoriserad_till", "kvalitetssystem", "epost"],
        "mal": ["mal_id", "niva", "ar", "text", "riktning", "sarskilt_folja", "malvarde"],
        "insatser": ["insats_id", "personnummer", "insatstyp", "startdatum", "slutdatum", "avslutsorsak"],
        "narvaro": ["insats_id", "datum", "planerade_timmar", "narvarande_timmar", "franvaroorsak"],
        "trappsteg": ["insats_id", "datum", "steg", "tillfalle", "metodversion"],
        "uppfoljningar": ["insats_id", "manader", "datum", "status"],
        "kapacitet": ["manad", "coacher", "platser"],
        "rattelser": [
            "rattelse_id",
            "dataset",
            "avsandare_orgnr",
            "manad",
            "nyckel",
            "atgard",
            "falt",
            "fran",
            "till",
            "skal",
            "meddelad",
            "beslutad_datum",
        ],
    }

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def person(self, who: int) -> str:
        """The personnummer of a made-up person: nobody is given such a serial number."""
        day = date(1990, 1, 1) + timedelta(days=who)
        nine = f"{day:%y%m%d}{980 + who % 20}"
        total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(nine))
        return f"{day.year // 100}{nine}{-total % 10}"

    def enrolment(self, insats_id: str, who: int = 1, start: str = "2026-03-02", end: str = "") -> list[str]:
        """A row of ``insatser``."""
        return [insats_id, self.person(who), "jobbpeng_grund", start, end, "arbete" if end else ""]

    def provider(self, orgnr: str, since: str = "2020-01-01", until: str = "") -> list[str]:
        """A row of ``anordnare``."""
        return [orgnr, "Anordnaren AB", "extern", since, until, "inget", "info@anordnaren.example"]

    def csv(self, dataset: str, rows: Sequence[Sequence[str]], columns: Sequence[str] | None = None) -> bytes:
        """Rows as a semicolon-separated file."""
        buffer = io.StringIO()
        header = self.COLUMNS[dataset] if columns is None else columns
        csv.writer(buffer, delimiter=";", lineterminator="\n").writerows([header, *rows])
        return buffer.getvalue().encode()

    def put(self, name: str, content: bytes, sender: str | None = None) -> File:
        """Land a file."""
        path = self.folder / (sender or "") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return File(path, sender)

    def name(self, dataset: str, month: str = "2026-03", sender: str | None = None) -> str:
        """The name of a CSV file."""
        usual = self.KOMMUN if dataset in ("anordnare", "mal", "rattelser") else self.PROVIDER
        return f"{dataset}_{sender or usual}_{month}.csv"


class Desk(Senders):
    """Receives files, and looks at what became of them."""

    def __init__(self, folder: Path, office: Office, run_id: int) -> None:
        super().__init__(folder)
        self.office = office
        self.run_id = run_id

    def give(self, name: str, content: bytes, sender: str | None = None) -> Receipt:
        """Deliver a file."""
        return receive(self.office, self.put(name, content, sender), self.run_id)

    def send(
        self,
        dataset: str,
        rows: Sequence[Sequence[str]],
        month: str = "2026-03",
        sender: str | None = None,
        columns: Sequence[str] | None = None,
    ) -> Receipt:
        """Deliver rows as CSV."""
        return self.give(self.name(dataset, month, sender), self.csv(dataset, rows, columns))

    def query(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """Look into the database, as its superuser."""
        with self.office.engine.connect() as connection:
            connection.exec_driver_sql("SET ROLE NONE")
            return [tuple(row) for row in connection.execute(text(sql), params)]

    def current(self, dataset: str, columns: str) -> list[tuple[Any, ...]]:
        """What is now known of a dataset."""
        sql = f"SELECT {columns} FROM core.{dataset} WHERE known_to = 'infinity' ORDER BY {columns}"
        return self.query(sql)

    @staticmethod
    def reasons(receipt: Receipt) -> set[tuple[int, str, str]]:
        """Row, field and rule of every reason on a receipt."""
        return {(reason.row, reason.field, reason.rule) for reason in receipt.reasons}

    @staticmethod
    def counts(receipt: Receipt) -> tuple[int, int, int, int]:
        """Rows in, loaded, unchanged and quarantined."""
        return receipt.rows_in, receipt.rows_loaded, receipt.rows_unchanged, receipt.rows_quarantined


@pytest.fixture
def senders(tmp_path: Path) -> Senders:
    """Senders without anybody to receive."""
    return Senders(tmp_path / "filer")


@pytest.fixture
def office(database: Settings) -> Iterator[Office]:
    """An open office in an empty warehouse."""
    with open_office(database) as office:
        yield office


@pytest.fixture
def empty_desk(office: Office, tmp_path: Path) -> Desk:
    """A desk where nothing has been delivered."""
    with office.engine.begin() as connection:
        run_id = start_run(connection, "cli", uuid.uuid4().hex, None, "test")
    return Desk(tmp_path / "filer", office, run_id)


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """A desk that knows two providers."""
    providers = [empty_desk.provider(empty_desk.PROVIDER), empty_desk.provider(empty_desk.OTHER)]
    assert empty_desk.send("anordnare", providers, "2026-01").status == "mottagen"
    return empty_desk
