"""# Nämndbesök

Ett underlag för varje besök som nämndens ledamöter ska göra, september–maj: vad verksamheten gör, hur det går och vad som är bra
att fråga om.

Underlaget är arbetsmaterial: det är gjort av siffror som får visas, sparas så som det lämnades ut och skickas till läsarna i
huset. Ingen godkänner det och det publiceras inte. Finns inget planerat besök blir det inget underlag.
"""

from __future__ import annotations

from airflow.sdk import dag

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.line import papers_before_visits
from arshjul.orchestration.moments import moment_params


@dag(
    dag_id="board_visits",
    dag_display_name="Nämndbesök",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["nämndbesök", "underlag"],
    params=moment_params(),
)
def board_visits() -> None:
    papers_before_visits("underlag_namndbesok", "namndbesok")


board_visits()
