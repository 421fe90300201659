"""What Airflow must know of us before it can read our DAGs. The only module beside the package (see .airflowignore)."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from arshjul.orchestration.partitions import StartOfTertialMapper, TertialWindow


class ArshjulPlugin(AirflowPlugin):
    """Registers the tertial's mapper and window."""

    name = "arshjul"
    partition_mappers = [StartOfTertialMapper]
    windows = [TertialWindow]
