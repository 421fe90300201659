"""What Airflow must know of us before it can read our DAGs. The only ``.py`` beside the package (see .airflowignore)."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from arshjul.orchestration.partitions import StartOfTertialMapper, TertialWindow


class ArshjulPlugin(AirflowPlugin):
    """Registers the tertial's mapper and window."""

    name = "arshjul"
    partition_mappers = [StartOfTertialMapper]  # noqa: RUF012 (Airflow's own interface is a class attribute)
    windows = [TertialWindow]  # noqa: RUF012
