"""A task that waits until the year's customer survey is closed, without holding a worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import BaseSensorOperator

from arshjul.orchestration.notices import step_of
from arshjul.settings import load_settings


class UntilSurveyCloses(BaseSensorOperator):
    """Looks often at first, since a played year passes in minutes, and then ever more seldom: a real survey takes weeks."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            mode="reschedule",
            poke_interval=20,
            exponential_backoff=True,
            max_wait=timedelta(hours=6),
            timeout=timedelta(days=120).total_seconds(),
            **given,
        )

    def poke(self, context: Any) -> bool:
        """Say whether the survey of the run's moment is closed.

        Args:
            context: Airflow's task context.
        """
        from arshjul.orchestration.surveys import is_closed

        settings = load_settings()
        return is_closed(settings, step_of(settings, context).moment)
