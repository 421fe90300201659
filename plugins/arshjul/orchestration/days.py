"""Days in Sweden as tasks count them: today, the day of an instant, and the day of a person's answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from arshjul.lineage.expected import SWEDEN, swedish_today


def today() -> date:
    """Give today's date: a task's only clock, handed on to what it calls. A person's delegations count on this day."""
    return swedish_today()


def day_of(instant: datetime) -> date:
    """Give the day that it is in Sweden at an instant."""
    return instant.astimezone(SWEDEN).date()


def answered_on(answer: Mapping[str, Any]) -> date:
    """Give the day that a question was answered: the day whose delegations count.

    Args:
        answer: What the human-in-the-loop task gave; its ``responded_at`` is a time, or the text of one.
    """
    instant = answer["responded_at"]
    return day_of(instant if isinstance(instant, datetime) else datetime.fromisoformat(str(instant)))
