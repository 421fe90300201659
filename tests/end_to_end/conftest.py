"""A home of its own with everything real in it: database server, Airflow, mail server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.orchestration import demo, scheduler_process
from arshjul.orchestration.airflow_api import AirflowApi
from arshjul.sample import SampleSummary, write_sample
from arshjul.settings import Settings, load_settings
from arshjul.warehouse import server


@dataclass(frozen=True)
class Line:
    """A running line: its settings, its mail, and three people who can speak to Airflow."""

    settings: Settings
    mail: LoopbackMail
    tree: Path
    summary: SampleSummary
    team: AirflowApi
    anna: AirflowApi
    bertil: AirflowApi


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    home = Path(tempfile.mkdtemp(prefix="arshjul-line-"))
    try:
        with LoopbackMail(home / "mail") as mail:
            settings = load_settings({"ARSHJUL_HOME": str(home), "ARSHJUL_SMTP_PORT": str(mail.port)})
            demo.prepare(settings)
            tree = home / "sample"
            summary = write_sample(tree, demo.YEAR, scale=0.1, kommun_orgnr=settings.kommun_orgnr)
            airflow = scheduler_process.start(settings, port=0)
            people = (AirflowApi(airflow.url, user, airflow.passwords[user]) for user in ("datateam", "anna", "bertil"))
            yield Line(settings, mail, tree, summary, *people)
    finally:
        settings = load_settings({"ARSHJUL_HOME": str(home)})
        scheduler_process.stop(settings)
        server.down(settings.server_root)
        shutil.rmtree(home)
