"""# Kvalitetsrapport

Nämndens kvalitetsrapport om förra året, med årets första tertial bredvid: en tjänsteskrivelse med bilaga och två som skriver
under.

Årshjulet startar flödet på sin dag. Du kan också starta det för hand; det som du lämnar tomt hämtas ur årshjulet.

Stegen är desamma som för tertialrapporten: jämför med det som är rapporterat, beräkna, kvalitetsgrind, röjandekontroll, rita
och frys, granskning och godkännande av två olika personer, publicera, leverera. Saknas en obligatorisk text stannar körningen
och säger vilken. När texten är på plats: kör om från *Rita och frys rapporten* (Clear).
"""

from __future__ import annotations

from airflow.sdk import dag

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.line import report_of_the_year
from arshjul.orchestration.moments import moment_params


@dag(
    dag_id="annual_quality_report",
    dag_display_name="Kvalitetsrapport",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["kvalitetsrapport", "nämnd", "publicering"],
    params=moment_params(),
)
def annual_quality_report() -> None:
    report_of_the_year("kvalitetsrapport")


annual_quality_report()
