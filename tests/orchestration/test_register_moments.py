"""The registers' moments as functions: who is told of what, once, and what is never told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.core_rows import PROVIDER, load, start_run

from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.mail import DeliveryError
from arshjul.lineage.keys import load_or_create_key
from arshjul.orchestration import effects, payments, quality_report_intake, spot_checks, surveys
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.days import today
from arshjul.orchestration.moments import Moment, Step, moment_of
from arshjul.orchestration.monthly import receive_from
from arshjul.orchestration.runs import RunKey
from arshjul.periods import Month
from arshjul.registers.spot_checks import find_promise
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

OTHER = "5590000013"
PAYMENTS = Moment("utbetalningar", 2024, "2024-03", date(2024, 4, 16), "2024-03")
EFFECTS = Moment("effektuppfoljning", 2024, "2024-04", date(2024, 5, 6), "2024-04")
SAMPLE = Moment("stickprov", 2024, "2024-03", date(2024, 4, 16), "2024-03")
SURVEY = Moment("kundundersokning", 2024, "2024", date(2024, 4, 2))
ASKED = Moment("kvalitetsrapporter", 2025, "2024", date(2024, 11, 1))
CHASED = replace(ASKED, day=date(2025, 1, 8))
REGISTER = [
    {
        "period": "2024-01-01",
        "orgnr": PROVIDER,
        "namn": "Åsa AB",
        "epost": "post@asa.example",
        "auktoriserad_fran": "2020-01-01",
    },
    {
        "period": "2024-01-01",
        "orgnr": OTHER,
        "namn": "Beta AB",
        "epost": "post@beta.example",
        "auktoriserad_fran": "2020-01-01",
    },
]


@pytest.mark.parametrize(
    ("dag_id", "expected"),
    [
        ("payments_reconcile", PAYMENTS),
        ("effect_followup", EFFECTS),
        ("spot_checks", SAMPLE),
        ("customer_survey", SURVEY),
        ("unit_quality_reports", ASKED),
    ],
)
def test_a_run_that_is_started_by_hand_finds_its_moment_by_the_day(
    database: Settings, dag_id: str, expected: Moment
) -> None:
    assert moment_of(database, dag_id, {"day": expected.day.isoformat()}) == expected


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[LoopbackMail]:
    with LoopbackMail(tmp_path / "mail") as server:
        yield server


@pytest.fixture
def desk(database: Settings, mail: LoopbackMail) -> Settings:
    return replace(database, smtp_port=mail.port)


def fill(settings: Settings, **tables: list[dict[str, Any]]) -> None:
    with transaction(settings) as connection:
        load(connection, start_run(connection), {"anordnare": REGISTER, **tables})


def step(moment: Moment, run: str = "manual__1") -> Step:
    return Step(RunKey("flode", run, moment.period), moment, today())


def letters(mail: LoopbackMail) -> dict[str, EmailMessage]:
    found = (message_from_bytes(path.read_bytes(), policy=default) for path in mail.messages())
    return {str(one["To"]): one for one in found}


def body(message: EmailMessage) -> str:
    text = message.get_body(("plain",))
    assert text is not None
    return str(text.get_content())


def query(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with transaction(settings) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def events(settings: Settings) -> list[tuple[Any, ...]]:
    return query(settings, "SELECT activity_id, year, part, kind, on_day FROM lineage.activity_event ORDER BY 1, 2, 5")


def paid_too_much(settings: Settings) -> None:
    days = [
        {
            "insats_id": "A1",
            "datum": f"2024-03-{day:02d}",
            "planerade_timmar": 8,
            "narvarande_timmar": 0 if day > 17 else 8,
        }
        for day in range(1, 21)
    ]
    paid = {"utbetalning_id": "u1", "insats_id": "A1", "manad": "2024-03-01", "dagpris": 500, "belopp": 10_000}
    fill(settings, insatser=[{"insats_id": "A1"}], narvaro=days, utbetalningar=[paid])


def test_the_controller_is_told_of_a_difference_once(desk: Settings, mail: LoopbackMail) -> None:
    paid_too_much(desk)
    assert payments.compare_payments(desk, "2024-03") == {"jamforda": 1, "avvikande": 1}
    assert payments.tell_differences(desk, step(PAYMENTS))
    assert not payments.tell_differences(desk, step(PAYMENTS, "manual__2"))
    [(to, letter)] = letters(mail).items()
    assert "controller@exempelkommun.example" in to
    assert letter["Subject"] == "Utbetalningar mot utförda dagar, mars 2024"
    text = " ".join(body(letter).replace("\u00a0", " ").split())
    assert "Åsa AB (5560360793), mars 2024: betalat 10 000 kr, utfört 8 500 kr (17 dagar), skillnad +1 500 kr" in text
    assert "A1" not in text, "no enrolment and no person"
    [(content,)] = query(desk, "SELECT content FROM lineage.notice WHERE sent_at IS NOT NULL")
    assert [one["anordnare"] for one in content["avvikelser"]] == [PROVIDER]


def test_nothing_beyond_the_tolerance_gives_no_mail(desk: Settings, mail: LoopbackMail) -> None:
    fill(desk)
    assert payments.compare_payments(desk, "2024-03") == {"jamforda": 0, "avvikande": 0}
    assert not payments.tell_differences(desk, step(PAYMENTS))
    assert mail.messages() == []


def test_a_mail_that_could_not_be_sent_is_sent_by_the_next_try(desk: Settings, mail: LoopbackMail) -> None:
    paid_too_much(desk)
    with pytest.raises(DeliveryError):
        payments.tell_differences(replace(desk, smtp_port=1), step(PAYMENTS))
    assert payments.tell_differences(desk, step(PAYMENTS))
    assert len(mail.messages()) == 1


def test_production_sends_nothing_to_the_demos_addresses(desk: Settings) -> None:
    paid_too_much(desk)
    with pytest.raises(Stopped, match="demons påhittade adress"):
        payments.tell_differences(replace(desk, environment="production"), step(PAYMENTS))


def left(settings: Settings) -> None:
    rows = [
        {"insats_id": name, "sender": sender, "startdatum": "2023-01-01", "slutdatum": day, "avslutsorsak": "arbete"}
        for name, sender, day in (
            ("A1", PROVIDER, "2024-01-15"),
            ("A2", PROVIDER, "2024-01-20"),
            ("B1", OTHER, "2024-01-31"),
            ("A3", PROVIDER, "2023-07-31"),
        )
    ]
    told = [{"insats_id": "A2", "manader": 3, "status": "ej_nadd"}]
    fill(settings, insatser=rows, uppfoljningar=told)


def test_each_provider_is_asked_for_its_own_numbers(desk: Settings, mail: LoopbackMail) -> None:
    left(desk)
    assert effects.tell_followups(desk, "2024-04") == {"skulle_foljas_upp": 3, "gjorda": 0, "ej_nadda": 1, "saknas": 2}
    assert effects.providers_to_ask(desk, "2024-04") == [PROVIDER, OTHER]
    for provider in (PROVIDER, OTHER):
        assert effects.ask_provider(desk, step(EFFECTS), provider)
        assert not effects.ask_provider(desk, step(EFFECTS, "manual__2"), provider)
    texts = {to: body(letter) for to, letter in letters(mail).items()}
    [asa] = [text for to, text in texts.items() if "asa.example" in to]
    [beta] = [text for to, text in texts.items() if "beta.example" in to]
    assert "Insats A1: 3 månader efter avslutet, den 15 april 2024" in asa
    assert "Insats A3: 6 månader efter avslutet, den 31 januari 2024" in asa, "due within four months"
    assert "A2" not in asa, "somebody has tried to reach that person"
    assert "B1" not in asa
    assert "den 30 april 2024" in beta
    assert "A1" not in beta


def test_what_fell_due_long_ago_is_not_asked_for(desk: Settings) -> None:
    left(desk)
    assert effects.providers_to_ask(desk, "2025-12") == []


def promise_and_pay(settings: Settings) -> None:
    assert spot_checks.promise_next(settings, step(replace(SAMPLE, period="2024-02", day=date(2024, 3, 15))))
    rows = [{"utbetalning_id": f"u{number}", "insats_id": f"E{number}", "manad": "2024-03-01"} for number in range(30)]
    fill(settings, utbetalningar=rows)


def test_a_promised_sample_is_drawn_and_the_controller_told_how_many(desk: Settings, mail: LoopbackMail) -> None:
    promise_and_pay(desk)
    size = spot_checks.draw_promised(desk, step(SAMPLE))
    assert size == spot_checks.draw_promised(desk, step(SAMPLE, "manual__2")) == 19
    assert spot_checks.tell_drawn(desk, step(SAMPLE))
    assert not spot_checks.tell_drawn(desk, step(SAMPLE, "manual__2"))
    [(to, letter)] = letters(mail).items()
    assert "controller@" in to
    assert "19 av 30 utbetalningar" in " ".join(body(letter).split())
    assert "- Åsa AB (5560360793): 19" in body(letter)
    assert not any(f"E{number}" in body(letter) for number in range(30))
    assert spot_checks.log_open(desk, 2024) == {"kvar_att_granska": 19, "avvikelser_utan_atgard": 0}


def test_without_a_promise_nothing_is_drawn_and_a_late_one_is_told(
    desk: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    assert spot_checks.draw_promised(desk, step(SAMPLE)) == 0
    assert not spot_checks.tell_drawn(desk, step(SAMPLE))
    with transaction(desk) as connection:
        run_id = start_run(connection)
        connection.exec_driver_sql(
            "INSERT INTO lineage.delivery (run_id, dataset, sender, period, file_name, sha256, size_bytes, channel, status,"
            " rows_in, rows_loaded, rows_unchanged, rows_quarantined) VALUES (%s, 'narvaro', %s, '2024-04-01', 'fil.csv',"
            " repeat('0', 64), 1, 'mapp', 'mottagen', 1, 1, 0, 0)",
            (run_id, PROVIDER),
        )
    assert not spot_checks.promise_next(desk, step(SAMPLE))
    assert "Inget stickprov kan utfästas för april 2024." in caplog.text


def test_a_draw_before_everything_is_in_stops_in_swedish(desk: Settings) -> None:
    promise_and_pay(desk)
    with pytest.raises(Stopped, match="först när alla underlag ska vara inne"):
        spot_checks.draw_promised(desk, step(replace(SAMPLE, day=date(2024, 4, 5))))


def test_production_does_not_play_days(desk: Settings) -> None:
    production = replace(desk, environment="production")
    with pytest.raises(Stopped, match="dagens datum"):
        spot_checks.promise_next(production, step(SAMPLE))
    with pytest.raises(Stopped, match="dagens datum"):
        spot_checks.draw_promised(production, step(SAMPLE))


def test_a_promise_that_waited_overnight_is_of_the_day_it_was_made_also_in_production(desk: Settings) -> None:
    began = today() - timedelta(days=1)
    load_or_create_key(desk.vault_key_file, is_production=False)
    waited = Step(RunKey("flode", "manual__1", SAMPLE.period), replace(SAMPLE, day=began), began)
    assert spot_checks.promise_next(replace(desk, environment="production"), waited)
    with transaction(desk, Role.AUDIT) as connection:
        promise = find_promise(connection, Month.containing(today()))
    assert promise is not None
    assert promise.on_day == today()


def invite(settings: Settings) -> None:
    groups = ((PROVIDER, "besvarad", 20), (PROVIDER, "inbjuden", 60), (OTHER, "besvarad", 2), (OTHER, "inbjuden", 9))
    rows = [
        {
            "inbjudan_id": f"{provider}-{status}-{number}",
            "anordnare_orgnr": provider,
            "status": status,
            "besvarad_datum": "2024-04-20" if status == "besvarad" else "",
            "period": "2024-04-01",
        }
        for provider, status, count in groups
        for number in range(count)
    ]
    fill(settings, kundenkat_inbjudningar=rows)


def test_a_closed_survey_is_told_with_a_warning_and_without_few_persons(desk: Settings, mail: LoopbackMail) -> None:
    assert not surveys.is_closed(desk, SURVEY)
    invite(desk)
    assert surveys.is_closed(desk, SURVEY)
    assert surveys.tell_survey(desk, SURVEY) == {
        "ram": 0,
        "inbjudna": 91,
        "paborjade": 0,
        "besvarade": 22,
        "stangd": True,
    }
    assert surveys.close_survey(desk, step(SURVEY))
    assert not surveys.close_survey(desk, step(SURVEY, "manual__2"))
    [(to, letter)] = letters(mail).items()
    text = " ".join(body(letter).replace("\u00a0", " ").split())
    assert "ami-sakkunnig@" in to
    assert "Svarsfrekvensen är 24 %: hela svar delat med inbjudna." in text
    assert "lägre än de 40 % som behövs" in text
    assert "- Beta AB: .. av 11" in text
    assert "- Åsa AB: .. av 80" in text, "else Beta's would follow from the sum"
    assert events(desk) == [("kundundersokning", 2024, "", "klar", date(2024, 4, 30))]


def units(settings: Settings) -> None:
    wanted = {"kraver": "kvalitetsrapport", "period": "2024-01-01"}
    rows = [
        {"objekt_id": "OBJ-1", "namn": "Jobbtorget", **wanted},
        {"objekt_id": "OBJ-2", "namn": "Språkcentrum", **wanted},
        {"objekt_id": "OBJ-3", "namn": "Åsas verkstad", "anordnare_orgnr": PROVIDER, **wanted},
    ]
    fill(settings, uppfoljningsobjekt=rows)


def test_units_are_asked_with_the_form_in_november_and_chased_in_january(desk: Settings, mail: LoopbackMail) -> None:
    units(desk)
    assert quality_report_intake.tell_reports(desk, ASKED) == {"ska_lamna": 3, "inne": 0, "ofullstandiga": 0}
    assert quality_report_intake.chase_reports(desk, step(ASKED)) == 0
    assert quality_report_intake.ask_for_reports(desk, step(ASKED)) == 2
    assert quality_report_intake.ask_for_reports(desk, step(ASKED, "manual__2")) == 0
    asked = letters(mail)
    [manager] = [letter for to, letter in asked.items() if "enhetschef@" in to]
    assert manager["Subject"] == "Kvalitetsrapport för 2024, senast 31 december 2024"
    assert "Jobbtorget (OBJ-1)" in body(manager)
    assert "Utbildningskontoret och Avdelningen för arbetsmarknad och integration" in " ".join(body(manager).split())
    files = {part.get_filename(): part.get_content() for part in manager.iter_attachments()}
    assert set(files) == {"kvalitetsrapport_OBJ-1_2024.xlsx", "kvalitetsrapport_OBJ-2_2024.xlsx"}
    sheet = openpyxl.load_workbook(BytesIO(files["kvalitetsrapport_OBJ-1_2024.xlsx"]))["Kvalitetsrapport"]
    written = [str(row[0].value) for row in sheet.iter_rows() if row[0].value]
    assert "Jobbtorget (OBJ-1). Kalenderåret 2024. Lämnas senast 2024-12-31. Mallens version 1." in written
    assert [one for one in written if one in ("Resultat och analys", "Internt (frivilligt)")] != []
    assert [to for to in asked if "asa.example" in to]
    assert quality_report_intake.chase_reports(desk, step(CHASED)) == 2
    assert quality_report_intake.chase_reports(desk, step(CHASED, "manual__2")) == 0
    assert quality_report_intake.ask_for_reports(desk, step(CHASED)) == 0, "nobody is asked after the due day"


SECRET = "Kanariefågeln i avsnittet Internt är sjuk."


def hand_in(settings: Settings) -> None:
    """Deliver a report as it really comes, with internal text."""
    rows = {
        "uppfoljningsobjekt": [
            {
                "objekt_id": "OBJ-1",
                "typ": "egen_verksamhet",
                "namn": "Jobbtorget",
                "fran": "2020-01-01",
                "kraver": "kvalitetsrapport",
            }
        ],
        "kvalitetsrapporter": [
            {
                "objekt_id": "OBJ-1",
                "ar": 2024,
                "inkom_datum": "2024-12-19",
                "mallversion": "2",
                "systematiskt_kvalitetsarbete": "Kvalitetsarbetet följer årshjulet och gås igenom varje månad.",
                "resultat_och_analys": "För kort.",
                "forbattringsomraden": "Uppföljningen efter avslut.",
                "internt": SECRET,
            }
        ],
    }
    for dataset, content in rows.items():
        file = settings.landing / settings.kommun_orgnr / f"{dataset}_{settings.kommun_orgnr}_2024-12.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), encoding="utf-8")
    counts = receive_from(settings, RunKey("ingest_provider_monthly", "manual__1", "2024-12"), settings.kommun_orgnr)
    assert counts["mottagen"] == 2


def test_a_report_that_has_come_goes_to_both_recipients_once_and_nothing_internal_leaves(
    desk: Settings, mail: LoopbackMail
) -> None:
    hand_in(desk)
    in_time = replace(CHASED, day=date(2024, 12, 20))
    assert quality_report_intake.acknowledge_reports(desk, step(in_time)) == 2
    assert quality_report_intake.acknowledge_reports(desk, step(CHASED)) == 0
    sent = letters(mail)
    assert sorted(to.rpartition("<")[2].partition("@")[0] for to in sent) == ["ami", "utbildningskontoret"]
    for letter in sent.values():
        text = " ".join(body(letter).split())
        assert "lämnade sin kvalitetsrapport för 2024 den 19 december 2024, i tid" in text
        assert "Avsnittet ”Resultat och analys” är kortare än 30 tecken." in text
        titles = ["Systematiskt kvalitetsarbete -", "Resultat och analys -", "Förbättringsområden -"]
        assert sorted(titles, key=text.index) == titles, "in the form's order"
        assert "Kvalitetsarbetet följer årshjulet" in text
    everything = " ".join(body(letter) for letter in sent.values())
    ledger = str(
        query(desk, "SELECT n::text FROM lineage.notice AS n") + query(desk, "SELECT data::text FROM lineage.log")
    )
    for word in ("Kanariefågeln", "Internt är sjuk"):
        assert word not in everything
        assert word not in ledger


def test_the_moment_is_done_when_every_report_is_in_on_the_day_the_last_one_came(desk: Settings) -> None:
    hand_in(desk)
    early = replace(ASKED, day=date(2024, 12, 1))
    assert not quality_report_intake.finish_step(desk, step(early)), "it came on the 19th"
    assert events(desk) == []
    assert quality_report_intake.finish_step(desk, step(CHASED))
    assert quality_report_intake.finish_step(desk, step(CHASED, "manual__2"))
    assert events(desk) == [("kvalitetsrapporter", 2025, "", "klar", date(2024, 12, 19))]
