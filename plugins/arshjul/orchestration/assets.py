"""What the DAGs fill and wait for, and when: Airflow's picture of the data.

An asset event says *that* a period is in, never what is in it: the data and its history are in the warehouse. A task
that has one of these among its outlets must not be a mapped one, since every mapped part would say that the whole
period is in.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Asset, CronPartitionTimetable, PartitionedAssetTimetable, RollupMapper

from arshjul.orchestration.partitions import StartOfTertialMapper, TertialWindow

ANORDNARDATA = Asset(
    "anordnardata",
    uri="arshjul://core/anordnardata",
    extra={"beskrivning": "En månads leveranser från anordnarna, mottagna och inlästa."},
)
"""A month's deliveries from the providers; one partition a month (``2026-03``)."""

TERTIALINDIKATORER = Asset(
    "tertialindikatorer",
    uri="arshjul://indicator/tertialindikatorer",
    extra={"beskrivning": "Ett tertials indikatorer, beräknade och kontrollerade."},
)
"""A tertial's indicators, computed and through the quality gate; one partition a tertial (``2026-T1``)."""

TERTIALRAPPORT = Asset(
    "tertialrapport",
    uri="arshjul://published/tertialrapport",
    extra={"beskrivning": "Ett tertials rapport, godkänd, publicerad och levererad."},
)
"""A tertial's report, approved, published and delivered; one partition a tertial."""

STATISTIK = {
    source: Asset(
        f"statistik_{source}",
        uri=f"arshjul://core/statistik/{source}",
        extra={"beskrivning": f"Offentlig statistik från {title}, hämtad och inläst."},
    )
    for source, title in (("kolada", "Kolada"), ("scb", "SCB"))
}
"""Official statistics by service; not partitioned, since each load is of everything chosen."""

PREVIOUS_MONTH = -1


def month_by_month(cron: str) -> CronPartitionTimetable:
    """Run once a month for the month before, with its key (``2026-03``) as partition key.

    A DAG with this schedule must not have a start date: with one, Airflow runs the latest month as soon as it first
    sees the DAG.

    Args:
        cron: When in the month after, in Swedish time; it must fire once a month.
    """
    return CronPartitionTimetable(cron, timezone="Europe/Stockholm", key_format="%Y-%m", run_offset=PREVIOUS_MONTH)


def when_the_tertial_is_in(asset: Asset) -> PartitionedAssetTimetable:
    """Run once all four months of a tertial are in, with its key (``2026-T1``) as partition key.

    Args:
        asset: What is filled month by month.
    """
    # Airflow's types know two families, one for DAG files and one for the scheduler; ours is used as it is by both.
    mapper: Any = StartOfTertialMapper()
    window: Any = TertialWindow()
    rollup = RollupMapper(upstream_mapper=mapper, window=window)
    return PartitionedAssetTimetable(assets=asset, default_partition_mapper=rollup)
