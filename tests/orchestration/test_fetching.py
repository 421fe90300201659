"""Fetching as tasks do it: connections of Airflow, who the sender is, and what is told when it does not work."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from airflow.sdk.exceptions import AirflowSkipException
from tests.sources.misbehaving import Script, SftpServer, http_server, reply, sftp_server

from arshjul.orchestration.alerts import Stopped, describe
from arshjul.orchestration.fetching import fetch_month, fetch_recent, remote_channels, running_month
from arshjul.orchestration.monthly import check_received, receive_from, waiting_senders
from arshjul.orchestration.runs import RunKey
from arshjul.periods import Month
from arshjul.quality import gate
from arshjul.quality.plan import Scope
from arshjul.settings import Settings
from arshjul.sources.https import Patience
from arshjul.sources.inbox import FetchError
from arshjul.warehouse.engine import transaction

PROVIDER, OTHER = "5560360793", "5590000013"
MARCH = RunKey("ingest_provider_monthly", "manual__1", "2026-03")
WATCH = RunKey("watch_deliveries", "scheduled__1", "2026-03")
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
TOKEN = "hemlig-token-1234"
AT_ONCE = Patience(attempts=1, pause=lambda _: None)
REGISTER = (
    "orgnr;namn;typ;auktoriserad_fran;auktoriserad_till;kvalitetssystem;epost\n"
    f"{PROVIDER};Anordnaren AB;extern;2020-01-01;;inget;info@anordnaren.example\n"
    f"{OTHER};Företaget AB;extern;2020-01-01;;inget;info@foretaget.example\n"
)
CSV = b"manad;coacher;platser\n2026-03;2;40\n"


@dataclass
class Place:
    """A home whose catalogue can be given channels, and connections in Airflow."""

    settings: Settings
    patch: pytest.MonkeyPatch

    def channel(self, name: str, **definition: Any) -> None:
        given = {"id": name, "title": f"Kanalen {name}", "sender": PROVIDER, "connection": name} | definition
        file = self.settings.include / "channels" / f"{name}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(given), encoding="utf-8")

    def connection(self, name: str, **connection: Any) -> None:
        self.patch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps({"conn_type": "generic"} | connection))

    def register(self, content: str = REGISTER) -> None:
        orgnr = self.settings.kommun_orgnr
        file = self.settings.landing / orgnr / f"anordnare_{orgnr}_2026-01.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        receive_from(self.settings, MARCH, orgnr)

    def deliveries(self) -> list[tuple[Any, ...]]:
        question = "SELECT dataset, sender, channel, status, refusal_rule FROM lineage.delivery ORDER BY delivery_id"
        with transaction(self.settings) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(question)]


@pytest.fixture
def place(database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    include = tmp_path / "include"
    include.mkdir()
    for part in database.include.iterdir():
        if part.name != "channels":
            (include / part.name).symlink_to(part)
    return Place(replace(database, include=include), monkeypatch)


@pytest.fixture
def web(place: Place) -> Iterator[Script]:
    with http_server() as script:
        place.channel("web", address=f"{script.address}/arshjul", datasets=["kapacitet"])
        place.connection("web", password=TOKEN)
        yield script


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpServer]:
    root = tmp_path_factory.mktemp("sftp")
    for sender in (PROVIDER, OTHER):
        (root / sender).mkdir()
    with sftp_server(root) as server:
        yield server


@pytest.fixture
def ssh(place: Place, files: SftpServer) -> Iterator[Callable[..., None]]:
    """Gives the channel ``filer`` its connection, with what is to be different in it."""
    place.channel("filer", address=f"sftp://127.0.0.1:{files.port}/{PROVIDER}")

    def connect(**extra: Any) -> None:
        known = {"private_key": files.client_key, "host_key": files.host_key}
        place.connection("filer", conn_type="sftp", login="arshjul", extra=json.dumps(known | extra))

    connect()
    yield connect
    for file in files.root.rglob("*.*"):
        file.unlink()


def test_without_definitions_nothing_is_fetched(database: Settings) -> None:
    assert remote_channels(database) == []


def test_a_file_over_https_is_fetched_received_and_known_by_its_channel(place: Place, web: Script) -> None:
    place.register()
    web.answers["/arshjul/leveranser/2026-03/kapacitet"] = [reply(200, CSV, ETag='"1"', Content_Type="text/csv")]
    assert fetch_month(place.settings, MARCH, "web") == {"hamtade": 1, "oforandrade": 0, "ej_levererade": 0}
    assert waiting_senders(place.settings, MARCH) == [PROVIDER]
    assert receive_from(place.settings, MARCH, PROVIDER)["mottagen"] == 1
    assert place.deliveries()[-1] == ("kapacitet", PROVIDER, "https", "mottagen", None)
    assert waiting_senders(place.settings, MARCH) == []


def test_a_file_over_sftp_is_fetched_received_and_known_by_its_channel(
    place: Place, files: SftpServer, ssh: Callable[..., None]
) -> None:
    place.register()
    (files.root / PROVIDER / f"kapacitet_{PROVIDER}_2026-03.csv").write_bytes(CSV)
    assert fetch_month(place.settings, MARCH, "filer")["hamtade"] == 1
    assert receive_from(place.settings, MARCH, PROVIDER)["mottagen"] == 1
    assert place.deliveries()[-1] == ("kapacitet", PROVIDER, "sftp", "mottagen", None)
    assert fetch_month(place.settings, MARCH, "filer")["oforandrade"] == 1


def claimed_by_name(sender: str) -> tuple[str, bytes]:
    return f"kapacitet_{sender}_2026-03.csv", CSV


def claimed_inside(sender: str) -> tuple[str, bytes]:
    rows = [{"manad": "2026-03", "coacher": 2, "platser": 40}]
    return f"kapacitet_{PROVIDER}_2026-03.json", json.dumps({"avsandare": sender, "rader": rows}).encode()


@pytest.mark.parametrize("claim", [claimed_by_name, claimed_inside])
@pytest.mark.parametrize("way", ["https", "sftp", "mapp"])
def test_a_file_that_claims_another_sender_is_refused_whatever_way_it_came(
    request: pytest.FixtureRequest, place: Place, way: str, claim: Callable[[str], tuple[str, bytes]]
) -> None:
    place.register()
    name, content = claim(OTHER)
    if way == "https":
        web = request.getfixturevalue("web")
        web.answers["/arshjul/leveranser/2026-03/kapacitet"] = [
            reply(200, content, Content_Disposition=f'attachment; filename="{name}"')
        ]
        fetch_month(place.settings, MARCH, "web")
    elif way == "sftp":
        request.getfixturevalue("ssh")
        files = request.getfixturevalue("files")
        (files.root / PROVIDER / name).write_bytes(content)
        fetch_month(place.settings, MARCH, "filer")
    else:
        (place.settings.landing / PROVIDER).mkdir()
        (place.settings.landing / PROVIDER / name).write_bytes(content)
    assert receive_from(place.settings, MARCH, OTHER)["avvisad"] == 0, "it is not that sender's"
    assert receive_from(place.settings, MARCH, PROVIDER)["avvisad"] == 1
    assert place.deliveries()[-1] == ("kapacitet", PROVIDER, way, "avvisad", "avsandare_stammer_inte")


def test_the_month_fetches_again_what_was_refused_for_our_own_sake(place: Place, web: Script) -> None:
    place.register(REGISTER.replace(PROVIDER, "5590000021"))
    web.answers["/arshjul/leveranser/2026-03/kapacitet"] = [reply(200, CSV, ETag='"1"')]
    fetch_recent(place.settings, WATCH, "web", NOW)
    assert receive_from(place.settings, WATCH, PROVIDER)["avvisad"] == 1
    place.register()
    web.answers["/arshjul/leveranser/2026-03/kapacitet"] = [reply(200, CSV, ETag='"1"')]
    assert fetch_month(place.settings, MARCH, "web")["hamtade"] == 1
    assert receive_from(place.settings, MARCH, PROVIDER)["mottagen"] == 1
    web.answers["/arshjul/leveranser/2026-03/kapacitet"] = [reply(304)]
    assert fetch_month(place.settings, MARCH, "web")["oforandrade"] == 1
    assert web.headers("If-None-Match")[-1] == '"1"'


def test_the_watch_asks_for_the_running_month_and_a_year_before(place: Place, web: Script) -> None:
    assert fetch_recent(place.settings, WATCH, "web", NOW)["ej_levererade"] == 13
    months = ["2026-03", "2026-02", "2026-01", *(f"2025-{month:02}" for month in range(12, 2, -1))]
    assert [path for path, _ in web.asked] == [f"/arshjul/leveranser/{month}/kapacitet" for month in months]


def test_the_running_month_is_swedens() -> None:
    assert running_month(Dated(datetime(2026, 3, 31, 22, 30, tzinfo=UTC))) == Month(2026, 4)


@dataclass
class Dated:
    run_after: datetime


def test_a_server_that_is_down_fails_the_month_and_is_told_of_once_a_day_by_the_watch(
    place: Place, web: Script
) -> None:
    settings = place.settings
    web.answers["/arshjul/leveranser/2026-03/kapacitet"] = [reply(503)]
    with pytest.raises(FetchError, match="Kanalen web: Servern är upptagen") as passing:
        fetch_month(settings, MARCH, "web", AT_ONCE)
    assert "svarskod 503" in describe(passing.value), "the mail says why"
    with pytest.raises(Stopped, match="Kanalen web: Servern är upptagen"):
        fetch_recent(settings, WATCH, "web", NOW, AT_ONCE)
    for hours in (1, 23):
        with pytest.raises(AirflowSkipException):
            fetch_recent(settings, WATCH, "web", NOW + timedelta(hours=hours), AT_ONCE)
    with pytest.raises(Stopped):
        fetch_recent(settings, WATCH, "web", NOW + timedelta(hours=25), AT_ONCE)
    web.answers["/arshjul/leveranser/2026-03/kapacitet"] = [reply(404)]
    fetch_recent(settings, WATCH, "web", NOW + timedelta(hours=26), AT_ONCE)
    web.answers["/arshjul/leveranser/2026-03/kapacitet"] = [reply(503)]
    with pytest.raises(Stopped):
        fetch_recent(settings, WATCH, "web", NOW + timedelta(hours=27), AT_ONCE)


def test_a_wrong_token_stops_at_once_and_is_never_shown(
    place: Place, web: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    web.answers["/arshjul/leveranser/2026-03/kapacitet"] = [reply(401)]
    with pytest.raises(Stopped, match="godtar inte vår token") as stopped:
        fetch_month(place.settings, MARCH, "web")
    assert TOKEN not in caplog.text + str(stopped.value)


def test_what_is_wrong_with_one_file_stops_the_step_when_the_others_have_landed(place: Place, web: Script) -> None:
    place.channel("web", address=web.address, datasets=["insatser", "kapacitet"])
    web.answers["/leveranser/2026-03/insatser"] = [reply(200, b"<html>", Content_Type="text/html")]
    web.answers["/leveranser/2026-03/kapacitet"] = [reply(200, CSV)]
    with pytest.raises(Stopped, match="insatser för mars 2026: servern svarade med något annat"):
        fetch_month(place.settings, MARCH, "web")
    assert waiting_senders(place.settings, MARCH) == [PROVIDER]


def test_a_missing_connection_is_named(place: Place, web: Script) -> None:
    place.patch.delenv("AIRFLOW_CONN_WEB")
    with pytest.raises(Stopped, match="saknar anslutningen web"):
        fetch_month(place.settings, MARCH, "web")


@pytest.mark.parametrize("host", ["annan.example", "https://annan.example", "https://annan.example:8443/x"])
def test_a_connection_to_another_host_gives_its_token_to_nobody(place: Place, web: Script, host: str) -> None:
    place.connection("web", password=TOKEN, host=host)
    with pytest.raises(Stopped, match="en annan server"):
        fetch_month(place.settings, MARCH, "web")
    assert web.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "http://127.0.0.1"])
def test_a_connection_may_name_the_channels_own_host(place: Place, web: Script, host: str) -> None:
    place.connection("web", password=TOKEN, host=host)
    assert fetch_month(place.settings, MARCH, "web")["ej_levererade"] == 1


def test_nothing_is_fetched_without_encryption_in_production(place: Place, web: Script) -> None:
    with pytest.raises(Stopped, match="utan kryptering: web"):
        remote_channels(replace(place.settings, environment="production"))
    assert remote_channels(place.settings) == ["web"]


def test_a_channel_that_is_wrong_stops_with_its_name(place: Place) -> None:
    place.channel("fel", address="ftp://a.example/in")
    with pytest.raises(Stopped, match=r"fel\.yaml"):
        remote_channels(place.settings)


@pytest.mark.parametrize("extra", [{"no_host_key_check": True}, {"allow_host_key_change": True, "host_key": None}])
def test_a_connection_that_does_not_check_the_server_is_refused(
    place: Place, ssh: Callable[..., None], extra: dict[str, Any]
) -> None:
    ssh(**{"host_key": None} | extra)
    with pytest.raises(Stopped, match="stänger av kontrollen"):
        fetch_month(place.settings, MARCH, "filer")


def test_a_server_with_another_key_is_not_trusted(place: Place, ssh: Callable[..., None]) -> None:
    ssh(host_key=asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode())
    with pytest.raises(Stopped, match="nyckel är en annan"):
        fetch_month(place.settings, MARCH, "filer")


def test_a_server_nobody_knows_is_not_trusted(place: Place, ssh: Callable[..., None]) -> None:
    ssh(host_key=None)
    with pytest.raises(Stopped, match="nyckel är okänd"):
        fetch_month(place.settings, MARCH, "filer")


def test_a_login_that_is_not_let_in_is_told_of(place: Place, ssh: Callable[..., None]) -> None:
    ssh(private_key=asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode())
    with pytest.raises(Stopped, match="släpper inte in oss"):
        fetch_month(place.settings, MARCH, "filer")


def test_a_key_that_cannot_be_read_is_told_of_and_not_shown(place: Place, ssh: Callable[..., None]) -> None:
    ssh(private_key="inte en nyckel")
    with pytest.raises(Stopped, match="går inte att använda") as stopped:
        fetch_month(place.settings, MARCH, "filer")
    assert "inte en nyckel" not in str(stopped.value)


def test_an_sftp_server_that_is_down_may_come_back(place: Place, ssh: Callable[..., None], tmp_path: Path) -> None:
    with sftp_server(tmp_path) as gone:
        place.channel("filer", address=f"sftp://127.0.0.1:{gone.port}/")
    with pytest.raises(FetchError, match="svarar inte") as failed:
        fetch_month(place.settings, MARCH, "filer")
    assert failed.value.may_pass


def test_the_watch_checks_the_months_it_received_and_begins_no_run_for_nothing(place: Place) -> None:
    checked = []

    def open_gate(settings: Settings, scope: Scope, *_: Any) -> gate.Verdict:
        checked.append(scope.period.key)
        return gate.Verdict(1, (), "")

    place.patch.setattr(gate, "run_gate", open_gate)
    check_received(place.settings, WATCH, date(2026, 3, 20))
    assert receive_from(place.settings, WATCH, PROVIDER)["mottagen"] == 0
    with transaction(place.settings) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lineage.run").scalar_one() == 0
    place.register()
    (place.settings.landing / PROVIDER).mkdir()
    (place.settings.landing / PROVIDER / f"kapacitet_{PROVIDER}_2026-02.csv").write_bytes(CSV.replace(b"03", b"02"))
    receive_from(place.settings, WATCH, PROVIDER)
    check_received(place.settings, WATCH, date(2026, 3, 20))
    assert checked == ["2026-02"]
    with transaction(place.settings) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM staging.kapacitet").scalar_one() == 0


def test_the_watch_leaves_a_file_that_somebody_has_just_written_to(place: Place) -> None:
    place.register()
    (place.settings.landing / PROVIDER).mkdir()
    file = place.settings.landing / PROVIDER / f"kapacitet_{PROVIDER}_2026-03.csv"
    file.write_bytes(CSV)
    assert waiting_senders(place.settings, WATCH, quiet_seconds=3600) == []
    assert receive_from(place.settings, WATCH, PROVIDER, quiet_seconds=3600)["mottagen"] == 0
    assert file.exists()
    assert waiting_senders(place.settings, WATCH) == [PROVIDER]
