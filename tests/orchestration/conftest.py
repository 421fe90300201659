"""Airflow reads its configuration when it is first imported: before that it gets a home of the test process's own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_HOME = tempfile.mkdtemp(prefix="arshjul-airflow-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)

os.environ["AIRFLOW_HOME"] = _HOME
os.environ["AIRFLOW__CORE__PLUGINS_FOLDER"] = str(Path(__file__).resolve().parents[2] / "plugins")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
