"""A task that waits until the year's customer survey is closed, without holding a worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from airflow.sdk import BaseSensorOperator

from arshjul.orchestration.moments import Step
from arshjul.settings import load_settings


class UntilSurveyCloses(BaseSensorOperator):
    """Looks often at first, since a played year passes in minutes, and then ever more seldom: a real survey takes weeks.

    Args:
        step_of: Tells, inside a task, which moment the run does.
    """

    def __init__(self, *, step_of: Callable[[], Step], **given: Any) -> None:
        super().__init__(
            mode="reschedule",
            poke_interval=20,
            exponential_backoff=True,
            max_wait=timedelta(hours=6),
            timeout=timedelta(days=120).total_seconds(),
            **given,
        )
        self.step_of = step_of

    def poke(self, context: Any) -> bool:  # noqa: ARG002 - the moment is told by the run, as in all its tasks
        """Say whether the survey of the run's moment is closed."""
        from arshjul.orchestration.surveys import is_closed

        return is_closed(load_settings(), self.step_of().moment)
