"""# Tjänstemannabesök

Ett underlag för varje verksamhet som ska få besök i augusti–september: dagordning med tertialrapporter och internkontroll,
siffror, öppna åtgärder och det som förra besöket ledde till.

Underlaget är arbetsmaterial: det är gjort av siffror som får visas, sparas så som det lämnades ut och skickas till läsarna i
huset. Ingen godkänner det och det publiceras inte. Finns inget planerat besök blir det inget underlag.
"""

from __future__ import annotations

from airflow.sdk import dag

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.line import papers_before_visits
from arshjul.orchestration.moments import moment_params


@dag(
    dag_id="officer_visit",
    dag_display_name="Tjänstemannabesök",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["tjänstemannabesök", "underlag"],
    params=moment_params(),
)
def officer_visit() -> None:
    papers_before_visits("underlag_tjanstemannabesok", "tjanstemannabesok")


officer_visit()
