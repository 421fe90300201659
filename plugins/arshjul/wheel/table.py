"""The printed wheel: two lanes, twelve months, and in each cell what the årshjul says there (BIN 2016-134, Årshjul; R26)."""

from __future__ import annotations

from dataclasses import dataclass

from arshjul.catalogue.activities import ActivityCalendar, Lane

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Piece:
    """What one activity says in a cell."""

    activity_id: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line of a cell: mostly one activity, sometimes two with a comma between."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return ", ".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Row:
    """One month of the wheel: the lines of each lane's cell. A month without activities has none."""

    month: int
    cells: dict[Lane, tuple[Line, ...]]


def wheel_table(calendar: ActivityCalendar) -> tuple[Row, ...]:
    """Lay out the wheel, January first; a cell's lines stand in the order of the activities."""
    return tuple(Row(month, {lane: _cell(calendar, lane, month) for lane in calendar.lanes}) for month in MONTHS)


def _cell(calendar: ActivityCalendar, lane: Lane, month: int) -> tuple[Line, ...]:
    lines: list[Line] = []
    for activity in calendar.activities:
        if activity.wheel is None or (activity.lane, activity.wheel.month) != (lane, month):
            continue
        piece = Piece(activity.id, activity.wheel.text)
        if activity.wheel.continues and lines:
            lines[-1] = Line((*lines[-1].pieces, piece))
        else:
            lines.append(Line((piece,)))
    return tuple(lines)
