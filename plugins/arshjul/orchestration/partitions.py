"""Months roll up into tertials: the partition mapper and the window Airflow does not ship.

An asset that is filled month by month (partition keys ``2026-01`` … ``2026-04``) starts the tertial's DAG
(partition key ``2026-T1``) when all four months are in::

    PartitionedAssetTimetable(
        assets=anordnardata,
        default_partition_mapper=RollupMapper(upstream_mapper=StartOfTertialMapper(), window=TertialWindow()),
    )

Both speak in :mod:`arshjul.periods` values, so the calendar is known in one place only. They are registered with
Airflow in ``plugins/arshjul_plugin.py``; the scheduler refuses to load a DAG that uses an unregistered one.

Source: spec/indicators.md, "Periods" (tertial 1 is January–April, 2 May–August, 3 September–December).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import ClassVar, Protocol
from zoneinfo import ZoneInfo

from airflow.partition_mappers.base import PartitionMapper
from airflow.partition_mappers.window import Window

from arshjul.orchestration.alerts import Stopped
from arshjul.periods import Month, PeriodError, Tertial, parse_month, parse_period

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class PartitionedRun(Protocol):
    """What a task gets as ``dag_run``: of interest here is its period."""

    partition_key: str | None


def month_of(dag_run: PartitionedRun) -> Month:
    """Return the month a run is for.

    Raises:
        Stopped: The run was started by hand without a month, or with something else.
    """
    try:
        # Airflow lets "2026-3" through; a key names tables' rows and files, so it has one spelling.
        return parse_month(dag_run.partition_key or "")
    except PeriodError:
        raise Stopped("Körningen saknar månad. Starta den med en partitionsnyckel som 2026-03.") from None


def tertial_of(dag_run: PartitionedRun) -> Tertial:
    """Return the tertial a run is for.

    Raises:
        Stopped: The run was started by hand without a tertial, or with something else.
    """
    try:
        return _tertial(dag_run.partition_key or "")
    except PeriodError:
        raise Stopped("Körningen saknar tertial. Starta den med en partitionsnyckel som 2026-T1.") from None


class StartOfTertialMapper(PartitionMapper):
    """Maps a month's key to the key of the tertial it is part of.

    ``decode_downstream`` and ``encode_upstream`` are two ends of one pipe with :class:`TertialWindow` between them
    (key → tertial → months → keys); Airflow refuses a mapper that overrides only one.
    """

    expected_decoded_type: ClassVar[type] = Tertial

    def to_downstream(self, key: str) -> str:
        """Return ``2026-T1`` for ``2026-03``.

        Raises:
            PeriodError: The key is not a month's; Airflow logs it and starts nothing.
        """
        return parse_month(key).tertial.key

    def decode_downstream(self, downstream_key: str) -> Tertial:
        """Return the tertial that ``downstream_key`` names.

        Raises:
            PeriodError: The key is not a tertial's.
        """
        return _tertial(downstream_key)

    def encode_upstream(self, decoded: Month) -> str:
        """Return the key under which the month's data was filled."""
        return decoded.key

    def to_partition_date(self, downstream_key: str) -> datetime:
        """Return the tertial's first instant in Sweden: what Airflow shows as the run's partition date.

        Raises:
            PeriodError: The key is not a tertial's.
        """
        return datetime.combine(self.decode_downstream(downstream_key).start, time.min, STOCKHOLM)


class TertialWindow(Window):
    """The four months a tertial waits for."""

    expected_decoded_type: ClassVar[type] = Tertial

    def to_upstream(self, decoded_downstream: Tertial) -> Iterable[Month]:
        """Return the tertial's months, January (or May, or September) first.

        Raises:
            ValueError: The window was made to look backward: a tertial has no trailing form.
        """
        if self.direction is not Window.Direction.FORWARD:
            raise ValueError("a tertial is its own four months: there is no backward window")
        return decoded_downstream.months


def _tertial(key: str) -> Tertial:
    period = parse_period(key)
    if not isinstance(period, Tertial):
        raise PeriodError("a tertial is written YYYY-T1, YYYY-T2 or YYYY-T3")
    return period
