"""# Kvalitetsdialoger med anordnare

Ett underlag till varje anordnare som hade fler än tio kunder förra året: dess egna siffror bredvid andras, utan namn. Underlagen
görs när årets kundundersökning är avslutad. Två personer godkänner dem tillsammans, och varje anordnare får bara sitt eget, i sin
egen mapp.

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
    dag_id="provider_dialogue",
    dag_display_name="Kvalitetsdialoger med anordnare",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["dialog", "anordnare", "publicering"],
    params=moment_params(),
)
def provider_dialogue() -> None:
    report_of_the_year("dialogunderlag")


provider_dialogue()
