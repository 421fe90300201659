"""Our value stands beside Kolada's, never as Kolada's, and what is missing, old or ended is said."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection
from tests.comparison.public_values import HIDDEN, INCLUDE, INDICATORS, share, spaces
from tests.core_rows import load, start_run

from arshjul.catalogue.comparisons import load_peers
from arshjul.catalogue.statistics import load_selection
from arshjul.comparison.peers import PeerComparison, PeerValue, beside_peers, read_peer_values
from arshjul.comparison.values import PublicValue
from arshjul.periods import Period, Tertial, Year

PEERS = load_peers(INCLUDE)
SERIES = PEERS.series[0]
KOLADA = load_selection(INCLUDE, "kolada")
OURS = INDICATORS[SERIES.indicator]
T1 = Tertial(2026, 1)


def cell(area: str, title: str, period: str, value: str | None, **more: object) -> PeerValue:
    return PeerValue(
        series_title="Deltagare som börjat arbeta eller studera, andel (%)",
        is_discontinued=bool(more.get("is_discontinued")),
        area=area,
        area_title=title,
        is_group=area.startswith("G"),
        period=period,
        value=None if value is None else Decimal(value),
        members=7 if area.startswith("G") else None,
        delivery_id=1,
        row_no=1,
    )


FOUND = (
    cell("0580", "Linköping", "2023", "44.034"),
    cell("G1", "Liknande kommuner arbetsmarknad, Linköping, 2023", "2023", "41.9"),
    cell("G2", "Liknande kommuner arbetsmarknad, Linköping, 2024", "2023", "42.6"),
    cell("0000", "Riket", "2023", "39.5"),
    cell("0000", "Riket", "2024", "40.1"),
    cell("0580", "Linköping", "2024", None),
    cell("0580", "Linköping", "2022", "40"),
)


def beside(found: tuple[PeerValue, ...], own: PublicValue | None = None, period: Period = T1) -> PeerComparison:
    value = share(80, 214) if own is None else own
    return beside_peers(OURS, value, period, "Exempelkommun", found, PEERS, SERIES, KOLADA)


def test_all_of_the_services_values_are_for_the_newest_year_that_the_municipality_has() -> None:
    rows = beside(FOUND).rows
    assert [(row.place, row.label, row.period, row.mark, row.source) for row in rows] == [
        ("egen", "Exempelkommun (egen bearbetning)", "tertial 1 2026", "37", "Egen bearbetning"),
        ("kommunen", "Linköping", "2023", "44", "Källa: Kolada"),
        ("liknande", "Liknande kommuner arbetsmarknad, Linköping, 2024", "2023", "43", "Källa: Kolada"),
        ("riket", "Riket", "2023", "40", "Källa: Kolada"),
    ]


def test_what_must_be_said_is_said() -> None:
    said = [spaces(sentence) for sentence in beside(FOUND).sentences]
    assert said == [
        "Värdet för Exempelkommun är egen bearbetning och kommer inte från Kolada.",
        "De andra värdena är serien U40455, ”Deltagare som börjat arbeta eller studera, andel (%)”. Källa: Kolada.",
        SERIES.difference,
        "Värdena gäller olika perioder, tertial 1 2026 och 2023: ej jämförbar period.",
        "Värdet för gruppen av liknande kommuner är ett ovägt medelvärde av 7 kommuner.",
    ]


def test_the_same_year_is_comparable_and_an_old_one_is_told() -> None:
    assert not any("ej jämförbar" in sentence for sentence in beside(FOUND, period=Year(2023)).sentences)
    assert "Kolada har inga nyare värden än för 2023." not in beside(FOUND, period=Tertial(2026, 1)).sentences
    assert "Kolada har inga nyare värden än för 2023." in beside(FOUND, period=Tertial(2026, 3)).sentences


def test_a_series_that_has_ended_and_values_that_are_missing_are_told() -> None:
    ended = (cell("0580", "Linköping", "2023", "44", is_discontinued=True), cell("0000", "Riket", "2023", None))
    found = beside(ended)
    assert [row.mark for row in found.rows] == ["37", "44", "–", "–"]
    assert "Kolada har slutat att uppdatera serien." in found.sentences
    assert "Kolada har inget värde för Liknande kommuner arbetsmarknad, Linköping och Riket." in found.sentences


def test_a_municipality_without_a_value_is_still_set_beside_the_others() -> None:
    found = beside((cell("0000", "Riket", "2024", "40.1"),))
    assert [(row.place, row.mark, row.period) for row in found.rows][1:] == [
        ("kommunen", "–", "2024"),
        ("liknande", "–", "2024"),
        ("riket", "40", "2024"),
    ]


def test_without_any_value_only_ours_stands_there() -> None:
    found = beside(())
    assert [row.mark for row in found.rows] == ["37", "–", "–", "–"]
    assert [row.period for row in found.rows] == ["tertial 1 2026", "–", "–", "–"]
    assert found.rows[1].label == "Kommunen"
    assert found.series_title == KOLADA.titles["U40455"]
    assert found.sentences[-1] == (
        "Kolada har inget värde för kommunen, Liknande kommuner arbetsmarknad, Linköping och Riket."
    )
    assert not any("ej jämförbar" in sentence for sentence in found.sentences)


def test_our_own_protected_value_is_not_shown_here_either() -> None:
    ours = beside(FOUND, HIDDEN).rows[0]
    assert (ours.value, ours.mark) == (None, "..")


@pytest.mark.parametrize(("as_of", "value"), [("2026-02-01", "32.6"), ("2026-05-01", "33.1")])
def test_reports_read_the_series_as_known_then_without_reaching_core(
    connection: Connection, as_of: str, value: str
) -> None:
    group = "Liknande kommuner arbetsmarknad, Linköping"
    cells = [
        {"period": "2022", "value": 32.6, "known_from": "2026-01-05", "known_to": "2026-04-05"},
        {"period": "2022", "value": 33.1, "known_from": "2026-04-05"},
        {"period": "2022", "value": 20, "dimensions": '{"gender": "K"}'},
        {"period": "2022", "value": 21, "area": "0182"},
        {"period": "2022", "value": 22, "area": "0000"},
        {"period": "2022", "value": 23, "area": "G1", "members": 7},
        {"period": "2022", "value": 24, "area": "G9"},
        {"period": "2022", "value": 25, "series_id": "U40406"},
    ]
    areas = [
        {"area": "0580", "title": "Linköping"},
        {"area": "0182", "title": "Nacka"},
        {"area": "0000", "title": "Riket"},
        {"area": "G1", "title": f"{group}, 2024"},
        {"area": "G9", "title": "Liknande kommuner arbetsmarknad, Nacka, 2024"},
    ]
    tables = {"statistics_value": cells, "statistics_area": areas, "statistics_series": [{"series_id": "U40455"}]}
    load(connection, start_run(connection), tables)
    connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
    found = read_peer_values(connection, datetime.fromisoformat(as_of).replace(tzinfo=UTC), PEERS, SERIES)
    assert [(one.area, one.value, one.is_group, one.members) for one in found] == [
        ("0000", 22, False, None),
        ("0580", Decimal(value), False, None),
        ("G1", 23, True, 7),
    ]
    assert found[1].series_title == "Serie"
