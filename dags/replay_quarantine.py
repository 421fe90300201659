"""# Pröva karantänen igen

När en regel eller en kodlista har rättats ska de leveranser som prövades enligt de gamla reglerna prövas igen. Starta flödet
utan att ändra något: då prövas just de leveranserna. Filerna läses ur arkivet, så ingen behöver skicka något på nytt.

En rad kan lämna karantänen, och en rad som inte längre följer reglerna hamnar där. Avsändaren får en ny kvittens. Därefter
kontrolleras de månader som har berörts, på samma sätt som när leveranserna kom.

Välj *karantan* för att också pröva alla leveranser med rader i karantän, eller *alla* för att pröva allt. Med leverans,
datamängd, avsändare eller månad begränsar du vad som prövas.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, get_current_context, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.runs import RunKey
from arshjul.settings import load_settings


@dag(
    dag_id="replay_quarantine",
    dag_display_name="Pröva karantänen igen",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["leveranser", "karantän"],
    params={
        "omfattning": Param(
            "regler",
            type="string",
            title="Vilka leveranser",
            enum=["regler", "karantan", "alla"],
            values_display={
                "regler": "De vars regler har ändrats",
                "karantan": "Också alla med rader i karantän",
                "alla": "Alla",
            },
        ),
        "leverans": Param(None, type=["null", "integer"], title="Bara leverans nr", minimum=1),
        "dataset": Param(None, type=["null", "string"], title="Bara datamängd", pattern="^[a-z_]{1,40}$"),
        "avsandare": Param(None, type=["null", "string"], title="Bara avsändare", pattern="^[0-9]{10}$"),
        "manad": Param(None, type=["null", "string"], title="Bara månad", pattern="^[0-9]{4}-(0[1-9]|1[0-2])$"),
    },
)
def replay_quarantine() -> None:
    @task(task_id="prova_igen", task_display_name="Pröva igen och kontrollera")
    def replay() -> dict[str, Any]:
        from arshjul.orchestration.days import today
        from arshjul.orchestration.replay import replay_wanted

        context = get_current_context()
        dag_run = context["dag_run"]
        run = RunKey(dag_run.dag_id, dag_run.run_id, "")
        return replay_wanted(load_settings(), run, context["params"], today())

    replay()


replay_quarantine()
