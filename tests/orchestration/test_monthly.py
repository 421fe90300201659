"""The monthly run's steps: which files are due, what becomes of them, and when a month is not in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.monthly import UNKNOWN, check_month, receive_from, waiting_senders
from arshjul.orchestration.tertial import RunKey
from arshjul.settings import Settings
from arshjul.sources.folder import LandedFile

PROVIDER = "5560360793"
MARCH = RunKey("ingest_provider_monthly", "manual__1", "2026-03")
REGISTER = (
    "orgnr;namn;typ;auktoriserad_fran;auktoriserad_till;kvalitetssystem;epost\n"
    f"{PROVIDER};Anordnaren AB;extern;2020-01-01;;inget;info@anordnaren.example\n"
)


def put(settings: Settings, name: str, content: str, sender: str | None = PROVIDER) -> Path:
    file = settings.landing / (sender or "") / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


def capacity(month: str) -> str:
    return f"manad;coacher;platser\n{month};2;40\n"


def test_files_of_the_month_and_earlier_are_due_and_later_ones_wait(database: Settings) -> None:
    put(database, f"anordnare_{database.kommun_orgnr}_2026-01.csv", REGISTER, database.kommun_orgnr)
    late = put(database, f"kapacitet_{PROVIDER}_2026-02.csv", capacity("2026-02"))
    due = put(database, f"kapacitet_{PROVIDER}_2026-03.csv", capacity("2026-03"))
    early = put(database, f"kapacitet_{PROVIDER}_2026-04.csv", capacity("2026-04"))
    assert waiting_senders(database, MARCH) == [PROVIDER]
    assert receive_from(database, MARCH, database.kommun_orgnr)["mottagen"] == 1
    assert receive_from(database, MARCH, PROVIDER) == {
        "mottagen": 2,
        "identisk": 0,
        "avvisad": 0,
        "rader_i_karantan": 0,
    }
    assert [file.exists() for file in (late, due, early)] == [False, False, True]
    assert receive_from(database, MARCH, PROVIDER)["mottagen"] == 0, "a task run again finds nothing left to do"


def test_a_file_in_nobodys_folder_is_refused_and_taken_away(database: Settings) -> None:
    stray = put(database, "Åsa Öbergs lista.csv", "a;b\n1;2\n", None)
    assert waiting_senders(database, MARCH) == [UNKNOWN]
    assert receive_from(database, MARCH, UNKNOWN)["avvisad"] == 1
    assert not stray.exists()


def test_a_month_without_deliveries_is_not_in(database: Settings) -> None:
    assert waiting_senders(database, MARCH) == []
    with pytest.raises(Stopped, match="Inga leveranser har kommit för mars 2026"):
        check_month(database, MARCH, date(2026, 4, 5))


def test_a_file_that_cannot_be_removed_stops_without_telling_its_name(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, "19900101-2385.csv", "a;b\n", PROVIDER)

    def refuse(landed: LandedFile) -> bool:
        raise PermissionError(13, "Permission denied", str(landed.path))

    monkeypatch.setattr("arshjul.sources.folder.take_away", refuse)
    with pytest.raises(Stopped) as stopped:
        receive_from(database, MARCH, PROVIDER)
    assert "19900101" not in str(stopped.value)
    assert stopped.value.__cause__ is None
    assert stopped.value.__suppress_context__
