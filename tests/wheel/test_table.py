"""The wheel equals Linköping's table cell by cell: both lanes, twelve months, blank months blank (R26)."""

from __future__ import annotations

from tests.wheel.year import INCLUDE, real

from arshjul.catalogue.yaml_files import changed
from arshjul.wheel.rules_page import rules_page
from arshjul.wheel.table import wheel_table

# BIN 2016-134, Årshjul: the lines of each cell, department first. A month that is not here is blank in both lanes.
LINKOPING: dict[int, tuple[list[str], list[str]]] = {
    1: (
        [],
        [
            (
                "Enhetschef på Jobb- och kunskapstorget ansvarar för att inlämning av kvalitetsrapport sker till AMI vid "
                "årsskiftet."
            )
        ],
    ),
    2: (["Verksamhetsberättelse"], []),
    4: (["Delårsrapport"], []),
    5: (["Nämndbesök sker september-maj då bland annat uppföljning av kvalitetsrapport sker."], []),
    6: (["Redovisning av nämndbesök."], []),
    8: (
        [
            (
                "Tjänstemannabesök sker i augusti-september. Syftet är att diskutera systematiska kvalitetsarbetet samt "
                "resultat av internkontroll av tertialrapporter."
            )
        ],
        [
            (
                "Enhetschef och verksamhetschef ansvarar för att ändra rutiner och att åtgärder genomförs inom aktuella "
                "förbättringsområden."
            )
        ],
    ),
    9: (
        [
            "Delårsrapport",
            (
                "AMI följer upp synpunkter och klagomål och ser till att de nödvändiga åtgärderna vidtas. Resultat delges "
                "Bildningsnämnden vid deras sammanträde i september."
            ),
        ],
        [],
    ),
    11: (["Internkontroll, delårsrapport"], []),
}


def test_the_wheel_equals_the_table_cell_by_cell() -> None:
    calendar = real()
    assert list(calendar.lanes) == ["avdelning", "verksamhet"]
    assert list(calendar.lanes.values()) == ["Avdelningen för arbetsmarknad och integration", "Verksamhet"]
    rows = wheel_table(calendar)
    assert [row.month for row in rows] == list(range(1, 13))
    for row in rows:
        cells = tuple([line.text for line in row.cells[lane]] for lane in calendar.lanes)
        assert cells == LINKOPING.get(row.month, ([], [])), row.month


def test_every_cell_is_an_activity_that_happens() -> None:
    calendar = real()
    pieces = [
        piece
        for row in wheel_table(calendar)
        for lines in row.cells.values()
        for line in lines
        for piece in line.pieces
    ]
    assert len(pieces) == 11
    assert all(piece.activity_id in calendar for piece in pieces)
    assert not {"kundundersokning", "dialog", "stickprov"} & {piece.activity_id for piece in pieces}


def test_an_activity_that_is_moved_moves_in_the_wheel() -> None:
    calendar = real()
    moved = tuple(
        changed(one, wheel=changed(one.wheel, month=3)) if one.wheel and one.id == "verksamhetsberattelse" else one
        for one in calendar.activities
    )
    rows = wheel_table(changed(calendar, activities=moved))
    assert rows[1].cells == {"avdelning": (), "verksamhet": ()}
    assert [line.text for line in rows[2].cells["avdelning"]] == ["Verksamhetsberättelse"]


def test_the_page_of_rules_shows_the_wheel_and_every_activity() -> None:
    page = rules_page(INCLUDE)
    for row in LINKOPING.values():
        for text in (*row[0], *row[1]):
            assert text in page
    for activity in real().activities:
        assert page.count(f"### {activity.title}\n") == 1, activity.id
    assert "| mars |  |  |" in page
    assert "6 arbetsdagar före sammanträdet i september (Arbetsmarknadsnämnden), senast vid utskicket" in page
