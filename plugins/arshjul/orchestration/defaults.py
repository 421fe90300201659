"""What every DAG has in common: who owns it, how often a task is tried, who is told when it fails."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from arshjul.orchestration.alerts import FailureAlert

OWNER = "datateam"

DEFAULT_ARGS: dict[str, Any] = {
    "owner": OWNER,
    # For what passes by itself: a database that restarts, a mail server that is busy, a worker that was killed. What
    # would fail again raises alerts.Stopped, which is not retried.
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "on_failure_callback": FailureAlert(),
}
