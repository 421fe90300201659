"""Årshjulets utfall: planned against done for a follow-up year (BIN 2016-134, 2 Handlingsplanens syfte; R106)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from arshjul.wheel.standing import Standing


@dataclass(frozen=True)
class Outcome:
    """How many occurrences of a year, or of one activity in it, went how. Every occurrence is in exactly one of the last six.

    Attributes:
        activity_id: The activity; empty for the whole year.
        title: Its title, or ``Hela året``.
        planned: All of them but those that were not applicable.
        done: Done on time.
        done_late: Done after the last day.
        late: Not done and past the last day.
        missed: Not done, and it no longer counts as late.
        not_due: Not done and not due yet.
        not_applicable: Not applicable, with a reason.
    """

    activity_id: str
    title: str
    planned: int
    done: int
    done_late: int
    late: int
    missed: int
    not_due: int
    not_applicable: int

    def as_json(self) -> dict[str, Any]:
        """The row for machines."""
        return {
            "aktivitet": self.activity_id,
            "titel": self.title,
            "planerade": self.planned,
            "klara_i_tid": self.done,
            "klara_for_sent": self.done_late,
            "forsenade": self.late,
            "missade": self.missed,
            "aterstar": self.not_due,
            "ej_aktuella": self.not_applicable,
        }


def outcome(standings: Iterable[Standing]) -> tuple[Outcome, ...]:
    """Count how a year's activities went: one row for each activity in the order they fall due, and last the whole year.

    Args:
        standings: From :func:`arshjul.wheel.standing.read_year`. What is done every day counts as one.
    """
    by_activity: dict[str, list[Standing]] = {}
    for one in standings:
        by_activity.setdefault(one.occurrence.activity.id, []).append(one)
    rows = [_count(key, found[0].occurrence.activity.title, found) for key, found in by_activity.items()]
    everything = [one for found in by_activity.values() for one in found]
    return (*rows, _count("", "Hela året", everything))


def _count(activity_id: str, title: str, standings: list[Standing]) -> Outcome:
    def count(*states: str) -> int:
        return sum(one.state in states for one in standings)

    done_late = sum(one.is_done_late for one in standings)
    not_applicable = count("ej_aktuell")
    return Outcome(
        activity_id=activity_id,
        title=title,
        planned=len(standings) - not_applicable,
        done=count("klar") - done_late,
        done_late=done_late,
        late=count("forsenad"),
        missed=count("missad"),
        not_due=count("planerad", "pagar"),
        not_applicable=not_applicable,
    )
