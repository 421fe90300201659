"""# Enheternas kvalitetsrapporter

Varje enhet lämnar en kvalitetsrapport om kalenderåret vid årsskiftet. Årshjulet startar flödet i november och igen vid varje
påminnelse tills alla rapporter är inne. Vad som görs beror på dagen, och det som redan är gjort görs inte igen.

1. **Så står det till** skriver i loggen vad som är inne, vad som saknas och vilka rapporter som inte är fullständiga enligt
   den version av mallen som de är gjorda med.
2. **Be om rapporterna** (till och med sista dagen) skickar mallen till den som inte har lämnat, med enhetens publicerade
   siffror ifyllda. Mallen står i `include/report_forms/kvalitetsrapport_enhet`.
3. **Påminn** (efter sista dagen) den som inte har lämnat.
4. **Bekräfta** skickar varje rapport som har kommit till båda mottagarna, en gång. Det som enheten har skrivit som internt
   läses aldrig och skickas aldrig.
5. **Klart** noteras i årshjulet när alla är inne.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.moments import moment_params, the_moment
from arshjul.settings import load_settings


@dag(
    dag_id="unit_quality_reports",
    dag_display_name="Enheternas kvalitetsrapporter",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["kvalitetsrapport", "enheter"],
    params=moment_params(),
)
def unit_quality_reports() -> None:
    step, began = the_moment()

    @task(task_id="lage", task_display_name="Så står det till")
    def standing() -> dict[str, int]:
        from arshjul.orchestration.quality_report_intake import tell_reports

        return tell_reports(load_settings(), step().moment)

    @task(task_id="be", task_display_name="Be om rapporterna")
    def ask() -> int:
        from arshjul.orchestration.quality_report_intake import ask_for_reports

        return ask_for_reports(load_settings(), step())

    @task(task_id="paminn", task_display_name="Påminn om dem som saknas")
    def chase() -> int:
        from arshjul.orchestration.quality_report_intake import chase_reports

        return chase_reports(load_settings(), step())

    @task(task_id="bekrafta", task_display_name="Bekräfta dem som har kommit")
    def acknowledge() -> int:
        from arshjul.orchestration.quality_report_intake import acknowledge_reports

        return acknowledge_reports(load_settings(), step())

    @task(task_id="klart", task_display_name="Notera i årshjulet")
    def done() -> bool:
        from arshjul.orchestration.quality_report_intake import finish_step

        return finish_step(load_settings(), step())

    began >> standing() >> [ask(), chase(), acknowledge()] >> done()


unit_quality_reports()
