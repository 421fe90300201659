"""A drawing surface for charts: shapes and measured text as SVG, the same bytes for the same drawing.

One unit is one point on paper, since a chart is drawn as wide as the text it stands in. A text that would run outside
the drawing is an error and not a clipped label: whoever draws has to make room for it.
"""

from __future__ import annotations

from html import escape
from typing import Literal

from arshjul.reports.fonts import SANS, text_width

INK = "#1b242a"
MUTED = "#52606a"
RULE = "#c9d2d7"
TRACK = "#edf1f3"
PETROL = "#00566b"
BRICK = "#b0452a"
AMBER = "#8a5a00"
PAPER = "#ffffff"

Anchor = Literal["start", "middle", "end"]

_ELLIPSIS = "…"


class DrawingError(ValueError):
    """What was to be drawn does not fit. The message tells where, never the text."""


def _n(value: float) -> str:
    """Write a coordinate: two decimals, no trailing noughts and never a minus on nought."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def wrapped(text: str, size: float, width: float, *, lines: int, is_bold: bool = False) -> tuple[str, ...]:
    """Break a text into lines that fit, ending with an ellipsis when there is more than they hold.

    Args:
        text: Words; a word that is wider than a line is cut.
        size: In points.
        width: In points.
        lines: How many at most.
        is_bold: In the semibold cut.
    """

    def fits(candidate: str) -> bool:
        return text_width(candidate, size, is_bold=is_bold) <= width

    result: list[str] = []
    rest = text.split(" ")
    while rest:
        count = next((n for n in range(len(rest), 0, -1) if fits(" ".join(rest[:n]))), 0)
        if len(result) == lines - 1 and count < len(rest):
            line = " ".join(rest)
            while line and not fits(line.rstrip() + _ELLIPSIS):
                line = line[:-1]
            return (*result, line.rstrip() + _ELLIPSIS)
        if count == 0:
            long = rest[0]
            cut = next((n for n in range(len(long) - 1, 1, -1) if fits(long[:n] + "-")), 1)
            result.append(long[:cut] + "-")
            rest[0] = long[cut:]
        else:
            result.append(" ".join(rest[:count]))
            rest = rest[count:]
    return tuple(result)


class Surface:
    """A drawing in the making.

    Args:
        width: In points.
        height: In points.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._elements: list[str] = []

    def rectangle(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Draw a filled rectangle."""
        self._elements.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"/>'
        )

    def line(
        self, start: tuple[float, float], end: tuple[float, float], color: str, width: float, dash: str = ""
    ) -> None:
        """Draw a straight line."""
        (x1, y1), (x2, y2) = start, end
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._elements.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
            f'stroke="{color}" stroke-width="{_n(width)}"{dashes}/>'
        )

    def dot(self, x: float, y: float, radius: float, color: str, *, is_hollow: bool = False) -> None:
        """Draw a point, filled or hollow."""
        fill = PAPER if is_hollow else color
        self._elements.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{color}" stroke-width="1.8"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9.5,
        color: str = INK,
        is_bold: bool = False,
        anchor: Anchor = "start",
        has_halo: bool = False,
    ) -> None:
        """Write one line.

        Args:
            x: Where its start, middle or end stands, in points.
            y: Its baseline, in points from the top.
            text: One line.
            size: In points.
            color: Of the letters.
            is_bold: In the semibold cut.
            anchor: What ``x`` means.
            has_halo: Keep lines that pass behind it off the letters.

        Raises:
            DrawingError: It runs outside the drawing.
        """
        width = text_width(text, size, is_bold=is_bold)
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        if left < -0.5 or left + width > self.width + 0.5 or not size * 0.7 <= y <= self.height:
            raise DrawingError(
                f"en text i diagrammet ryms inte: den går från {left:.1f} till {left + width:.1f} av {self.width:.1f} "
                f"punkter på höjden {y:.1f}"
            )
        weight = ' font-weight="600"' if is_bold else ""
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        halo = f' stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if has_halo else ""
        self._elements.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{color}"{weight}{where}{halo}>'
            f"{escape(text, quote=False)}</text>"
        )

    def text_near(self, x: float, y: float, text: str, *, size: float, color: str = INK, is_bold: bool = False) -> None:
        """Write a label centred on a point, moved in from the drawing's sides where it has to be."""
        half = text_width(text, size, is_bold=is_bold) / 2
        x = max(half, min(x, self.width - half))
        self.text(x, y, text, size=size, color=color, is_bold=is_bold, anchor="middle", has_halo=True)

    def finished(self, title: str, description: str, name: str) -> str:
        """Return the SVG.

        Args:
            title: What it shows.
            description: Every value, in words.
            name: Prefix of its ids, unique in the page.
        """
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(self.width)} {_n(self.height)}" '
            f'width="{_n(self.width)}" height="{_n(self.height)}" role="img" '
            f'aria-labelledby="{name}-t {name}-d" font-family="\'{SANS}\', sans-serif">'
            f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
            f"{''.join(self._elements)}</svg>"
        )
