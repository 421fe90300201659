"""# Kundundersökning

Kunderna tillfrågas i april, per brev genom anordnarens kontaktperson och hem. Svarsfrekvensen är hela svar delat med
inbjudna; den som bara har börjat räknas för sig.

1. **Ram och inbjudna** skriver i loggen vilka undersökningen är till för, hur många som är inbjudna i varje kanal och hos
   varje anordnare, och hur de har svarat. Tal om färre än fem visas som två punkter.
2. **Vänta på att den stänger**: sista dagen står i `include/registers/rules.yaml`. Undersökningen är stängd när det har
   levererats hur den stod då. Underlagen till dialogerna väntar på det.
3. **Stäng** skickar utfallet till den som ansvarar, med en varning när för få har svarat, och noterar i årshjulet.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.moments import moment_params, the_moment
from arshjul.orchestration.survey_closes import UntilSurveyCloses
from arshjul.settings import load_settings


@dag(
    dag_id="customer_survey",
    dag_display_name="Kundundersökning",
    schedule=None,
    catchup=False,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["kundundersökning", "enkät"],
    params=moment_params(),
)
def customer_survey() -> None:
    step, began = the_moment()

    @task(task_id="ram", task_display_name="Ram och inbjudna")
    def frame() -> dict[str, int | bool]:
        from arshjul.orchestration.surveys import tell_survey

        return tell_survey(load_settings(), step().moment)

    @task(task_id="stang", task_display_name="Stäng och berätta")
    def close() -> bool:
        from arshjul.orchestration.surveys import close_survey

        return close_survey(load_settings(), step())

    closed = UntilSurveyCloses(task_id="vanta", task_display_name="Vänta på att den stänger", step_of=step)
    began >> frame() >> closed >> close()


customer_survey()
