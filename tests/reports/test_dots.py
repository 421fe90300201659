"""Grades on their scale: a dot for now, a hollow one for then, and neither for what is withheld."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from arshjul.reports.blocks import Column, Figure, Table
from arshjul.reports.chart_data import Dot, DotChart
from arshjul.reports.charts import PAPER_WIDTH, TELEPHONE_WIDTH, draw, draw_in_pieces
from arshjul.reports.svg import MUTED, PETROL, DrawingError

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (PAPER_WIDTH, TELEPHONE_WIDTH)
BLOCK = Dot("Bemötande och värdegrund", 4.4, "4,4", is_group=True)
QUESTION = Dot("Jag blir bemött med respekt av personalen.", 4.5, "4,5", 4.2, "4,2", (4.3, 4.7))


def figure(*dots: Dot, then: str = "Tertial 1 2025") -> Figure:
    table = Table("t", "Tabell", (Column("Fråga"),), ())
    return Figure(
        "f", "Omdömen", "Skalan 1 till 5", DotChart(dots, (1, 2, 3, 4, 5), "Tertial 1 2026", then), "Källa", table
    )


def circles(drawn: str, color: str) -> list[float]:
    return [
        float(one.attrib["cx"]) for one in ET.fromstring(drawn).iter(f"{SVG}circle") if one.attrib["stroke"] == color
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_place_on_the_scale_follows_the_grade(width: float) -> None:
    low, high = Dot("Lågt", 1.0, "1,0"), Dot("Högt", 5.0, "5,0")
    _, least, middle, most = circles(draw(figure(low, Dot("Mitt", 3.0, "3,0"), high), width, "f").svg, PETROL)
    assert middle == pytest.approx((least + most) / 2, abs=0.02)
    assert least < most


@pytest.mark.parametrize("width", WIDTHS)
def test_the_year_before_is_a_hollow_dot_and_all_stands_in_words(width: float) -> None:
    drawn = draw(figure(BLOCK, QUESTION), width, "f")
    assert len(circles(drawn.svg, MUTED)) == 2, "one in the legend, one on the scale"
    assert "Jag blir bemött med respekt av personalen.: 4,5, mellan 4,3 och 4,7, Tertial 1 2025 4,2" in drawn.words


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_withheld_or_missing_has_no_dot(width: float) -> None:
    hidden = Dot("Hemlig", None, "..", 4.2, "..", (3.9, 4.4))
    drawn = draw(figure(hidden, then=""), width, "f")
    assert len(circles(drawn.svg, PETROL)) == 1, "only the legend's"
    assert "Hemlig: visas inte" in drawn.words
    assert "3,9" not in drawn.svg


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("count", [1, 24])
def test_many_questions_with_long_wordings_fit_in_one_piece(count: int, width: float) -> None:
    long = "Jag får det stöd av min coach som jag behöver för att nå de mål som vi har kommit överens om tillsammans"
    found = draw_in_pieces(figure(*(Dot(f"{long} {number}.", 4.0, "4,0") for number in range(count))), width, "f")
    assert len(found) == 1
    assert len(circles(found[0].svg, PETROL)) == count + 1


def test_a_chart_without_rows_is_an_error() -> None:
    with pytest.raises(DrawingError, match="minst en rad"):
        draw(figure(), PAPER_WIDTH, "f")
