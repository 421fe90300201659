"""Charts say with words what they say with colour, fit whatever they are given, and reveal nothing that is protected."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from arshjul.reports.blocks import Cell, Column, Figure, Row, Table
from arshjul.reports.chart_data import Bar, BarChart, Point, TrendChart
from arshjul.reports.charts import PAPER_WIDTH, TELEPHONE_WIDTH, Drawing, draw, draw_in_pieces
from arshjul.reports.fonts import text_width
from arshjul.reports.svg import AMBER, BRICK, INK, PETROL, TRACK, DrawingError, Surface, wrapped

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Språk- och arbetsintroduktion för nyanlända med kort tidigare utbildning"
TABLE = Table("t", "t", (Column("Insats"), Column("Utfall", "right")), (Row((Cell("Jobbpeng"), Cell("88"))),))
WIDTHS = [PAPER_WIDTH, TELEPHONE_WIDTH]


def bar(label: str, percent: float | None, target: float | None = 65, *, is_total: bool = False) -> Bar:
    if percent is None:
        return Bar(label, None, "..", target, is_total=is_total)
    is_reached = None if target is None else percent >= target
    note = "" if target is None else f"{abs(percent - target):.0f} {'över' if is_reached else 'under'} målet"
    return Bar(label, percent, f"{percent:.0f}\u00a0%", target, note, is_reached, is_total)


def figure(chart: BarChart | TrendChart) -> Figure:
    return Figure("f", "Titel & <mål>", "Beskrivning", chart, "Källa", TABLE)


def bars(*given: Bar, target: float | None = 65) -> Figure:
    return figure(BarChart(given, target, "" if target is None else "Mål 65\u00a0%"))


def drawn(chart: Figure, width: float = PAPER_WIDTH) -> ET.Element:
    return ET.fromstring(draw(chart, width, "f").svg)


def pieces(chart: Figure) -> list[tuple[ET.Element, Drawing]]:
    return [(ET.fromstring(piece.svg), piece) for piece in draw_in_pieces(chart, PAPER_WIDTH, "f")]


def texts(svg: ET.Element) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


def lengths(svg: ET.Element, color: str) -> list[float]:
    return [float(element.attrib["width"]) for element in svg.iter(f"{SVG}rect") if element.attrib["fill"] == color]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("count", [1, 3, 16, 17, 40])
def test_any_number_of_programmes_with_long_names_fits(count: int, width: float) -> None:
    given = [bar(f"{LONG} nummer {index}", index * 100 / count) for index in range(count - 1)]
    svg = drawn(bars(*given, bar("Samtliga insatser", 44, is_total=True)), width)
    assert len(lengths(svg, PETROL)) + len(lengths(svg, BRICK)) == count
    assert svg.attrib["width"] == f"{width:.0f}"


@pytest.mark.parametrize("count", [1, 12])
def test_few_bars_stay_together(count: int) -> None:
    assert len(pieces(bars(*(bar(LONG, 50) for _ in range(count))))) == 1


@pytest.mark.parametrize("count", [13, 25, 40])
def test_many_bars_come_in_pieces_that_join_over_pages(count: int) -> None:
    given = [bar(f"Insats {index}", index * 100 / count) for index in range(count - 1)]
    parts = pieces(bars(*given, bar("Samtliga insatser", 44, is_total=True)))
    labels = [text for svg, _ in parts for text in texts(svg) if text.startswith(("Insats", "Samtliga"))]
    assert labels == [*(one.label for one in given), "Samtliga insatser"]
    assert ["Mål 65\u00a0%" in texts(svg) for svg, _ in parts] == [True] + [False] * (len(parts) - 1)
    assert ["100\u00a0%" in texts(svg) for svg, _ in parts] == [False] * (len(parts) - 1) + [True]
    assert all(3 <= len(lengths(svg, TRACK)) <= 4 for svg, _ in parts)
    assert all(float(svg.attrib["height"]) < 200 for svg, _ in parts)
    assert (
        len({line.attrib["x1"] for svg, _ in parts for line in svg.iter(f"{SVG}line") if line.attrib["stroke"] == INK})
        == 1
    )


def test_every_piece_tells_its_own_values_and_which_it_is() -> None:
    parts = pieces(bars(*(bar(f"Insats {index}", index) for index in range(13))))
    assert [f"del {number} av {len(parts)}" in piece.words for number, (_, piece) in enumerate(parts, start=1)] == [
        True for _ in parts
    ]
    assert "Insats 0: 0\u00a0%, 65 under målet" in parts[0][1].words
    assert "Insats 12: " not in parts[0][1].words


def test_nothing_to_compare_is_an_error() -> None:
    with pytest.raises(DrawingError):
        drawn(bars())


def test_bars_that_their_texts_leave_no_room_are_an_error() -> None:
    with pytest.raises(DrawingError):
        drawn(bars(replace(bar(LONG, 50), note="ord " * 60)))


@pytest.mark.parametrize("width", WIDTHS)
def test_every_figure_and_its_distance_to_the_target_stands_in_words(width: float) -> None:
    found = texts(drawn(bars(bar("Jobbpeng", 88), bar("Coachning", 28)), width))
    assert {"88\u00a0%", "23 över målet", "28\u00a0%", "37 under målet", "Mål 65\u00a0%"} <= set(found)


def test_length_follows_the_value_and_colour_follows_the_target() -> None:
    svg = drawn(bars(bar("Nådde", 80), bar("Nådde inte", 40)))
    assert lengths(svg, PETROL)[0] == pytest.approx(2 * lengths(svg, BRICK)[0], abs=0.02)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_protected_value_has_no_length(width: float) -> None:
    svg = drawn(bars(bar("Hemlig", None)), width)
    assert lengths(svg, PETROL) == lengths(svg, BRICK) == []
    assert ".." in texts(svg)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_interval_is_a_line_over_the_bar_and_stands_in_words(width: float) -> None:
    certain = bars(bar("Jobbpeng", 50, target=None), target=None)
    uncertain = bars(replace(bar("Jobbpeng", 50, target=None), interval=(38.0, 62.0)), target=None)
    more = len(list(drawn(uncertain, width).iter(f"{SVG}line"))) - len(list(drawn(certain, width).iter(f"{SVG}line")))
    assert more == 6, "the line and its two ends, each with a light one around it"
    assert "mellan 38 och 62 procent" in draw(uncertain, width, "f").words


def test_a_protected_value_has_no_interval_whatever_came_with_it() -> None:
    hidden = replace(bar("Hemlig", None), interval=(38.0, 62.0))
    assert draw(bars(hidden), PAPER_WIDTH, "f") == draw(bars(bar("Hemlig", None)), PAPER_WIDTH, "f")


def test_near_the_target_has_a_colour_of_its_own_and_words() -> None:
    near = replace(bar("Nära", 63), is_near=True, note="2 under, nära målet")
    svg = drawn(bars(near))
    assert lengths(svg, BRICK) == lengths(svg, PETROL) == []
    assert len(lengths(svg, AMBER)) == 1
    assert "2 under, nära målet" in texts(svg)


def test_a_bar_without_any_target_is_drawn_without_a_line() -> None:
    svg = drawn(bars(bar("Jobbpeng", 50, target=None), target=None))
    assert list(svg.iter(f"{SVG}line")) == []


def test_a_programme_with_a_target_of_its_own_gets_its_own_mark() -> None:
    common = drawn(bars(bar("A", 50), bar("B", 50)))
    own = drawn(bars(bar("A", 50), bar("B", 50, target=30)))

    def places(svg: ET.Element) -> set[str]:
        return {line.attrib["x1"] for line in svg.iter(f"{SVG}line")}

    assert len(places(common)) == 1
    assert len(places(own)) == 2


def test_the_chart_is_named_and_described_for_those_who_do_not_see_it() -> None:
    svg = drawn(bars(bar("Jobbpeng", 88)))
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-labelledby"] == "f-t f-d"
    assert svg.findtext(f"{SVG}title") == "Titel & <mål>"
    words = draw(bars(bar("Jobbpeng", 88), bar("Hemlig", None)), PAPER_WIDTH, "f").words
    assert words == "Titel & <mål>. Beskrivning. Mål 65\u00a0%. Jobbpeng: 88\u00a0%, 23 över målet; Hemlig: visas inte."
    assert "Jobbpeng: 88\u00a0%" in (svg.findtext(f"{SVG}desc") or "")


def points(*values: float | None) -> TrendChart:
    return TrendChart(
        tuple(
            Point(f"Tertial {index % 3 + 1} {2020 + index // 3}", value, ".." if value is None else f"{value:g}")
            for index, value in enumerate(values)
        ),
        "dagar",
    )


def dots(svg: ET.Element) -> list[ET.Element]:
    return list(svg.iter(f"{SVG}circle"))


def strokes(svg: ET.Element) -> list[ET.Element]:
    return [line for line in svg.iter(f"{SVG}line") if line.attrib["stroke"] == PETROL]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("count", [1, 2, 6, 24])
def test_any_number_of_periods_fits(count: int, width: float) -> None:
    svg = drawn(figure(points(*(100 + 7 * (index % 5) for index in range(count)))), width)
    assert (len(dots(svg)), len(strokes(svg))) == (count, count - 1)


def test_a_missing_value_is_a_gap_and_not_nought() -> None:
    svg = drawn(figure(points(184, 201, None, 240)))
    assert (len(dots(svg)), len(strokes(svg))) == (3, 1)
    assert ".." in texts(svg)


def test_an_unlike_period_is_hollow_and_its_line_is_broken() -> None:
    chart = points(184, 201, 240)
    svg = drawn(figure(replace(chart, points=(*chart.points[:2], replace(chart.points[2], is_comparable=False)))))
    assert [dot.attrib["fill"] for dot in dots(svg)] == [PETROL, PETROL, "#ffffff"]
    assert ["stroke-dasharray" in stroke.attrib for stroke in strokes(svg)] == [False, True]


def test_the_scale_starts_at_nought_with_round_steps() -> None:
    found = texts(drawn(figure(points(184, 240))))
    assert [text for text in found if text in {"0", "100", "200", "300"}] == ["0", "100", "200", "300"]


def test_values_below_nought_have_room_and_small_ones_have_decimals() -> None:
    found = texts(drawn(figure(points(-0.4, 0.3))))
    assert {"\u22120,4", "0,0", "0,3"} <= set(found)


@pytest.mark.parametrize("values", [(None,), (None, None), (0.0,), (0.0, 0.0)])
def test_nothing_to_draw_is_still_a_chart(values: tuple[float | None, ...]) -> None:
    assert len(dots(drawn(figure(points(*values))))) == sum(value is not None for value in values)


def test_a_trend_without_points_is_an_error() -> None:
    with pytest.raises(DrawingError):
        drawn(figure(TrendChart((), "dagar")))


def test_the_target_of_a_trend_is_a_labelled_line() -> None:
    svg = drawn(figure(replace(points(40, 50), target=65, target_label="Mål 65\u00a0%")))
    assert "Mål 65\u00a0%" in texts(svg)
    assert len([line for line in svg.iter(f"{SVG}line") if line.attrib.get("stroke-dasharray") == "4 3"]) == 1


def test_the_same_chart_is_the_same_bytes_and_numbers_are_short() -> None:
    chart = figure(points(184, 201, None, 240))
    assert draw(chart, PAPER_WIDTH, "f") == draw(chart, PAPER_WIDTH, "f")
    numbers = [
        value for element in drawn(chart).iter() for key, value in element.attrib.items() if key in {"x", "y", "cx"}
    ]
    assert all(len(value.partition(".")[2]) <= 2 for value in numbers)


def test_text_that_does_not_fit_is_an_error_that_does_not_tell_the_text() -> None:
    with pytest.raises(DrawingError) as caught:
        Surface(50, 20).text(0, 10, "en mycket lång text")
    assert "lång text" not in str(caught.value)


def test_text_breaks_into_lines_and_ends_with_an_ellipsis() -> None:
    assert wrapped("Jobbpeng grund", 10, 500, lines=2) == ("Jobbpeng grund",)
    two = wrapped(LONG, 10, 170, lines=2)
    assert " ".join(two) == LONG
    one = wrapped(LONG, 10, 170, lines=1)
    assert one[0].endswith("…")
    assert text_width(one[0], 10) <= 170


def test_a_word_wider_than_the_line_is_cut() -> None:
    lines = wrapped("Arbetsmarknadskompetensförsörjningsinsats", 10, 100, lines=3)
    assert all(text_width(line, 10) <= 100 for line in lines)
    assert "".join(line.removesuffix("-") for line in lines) == "Arbetsmarknadskompetensförsörjningsinsats"


@pytest.mark.parametrize("width", [PAPER_WIDTH, TELEPHONE_WIDTH])
def test_a_goal_is_drawn_inside_the_chart_also_when_every_value_is_withheld(width: float) -> None:
    withheld = tuple(Point(f"Tertial {number} 2026", None, "..") for number in (1, 2))
    svg = drawn(figure(TrendChart(withheld, "dagar", 210, "Mål 210")), width)
    assert "Mål 210" in texts(svg)
    assert dots(svg) == []
