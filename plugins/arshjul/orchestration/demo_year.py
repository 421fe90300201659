"""A whole follow-up year of Exempelkommun through a real Airflow: ``make demo YEAR=1``.

The year is played, not waited for: the daily flow is started with the days on which something begins, one after the other,
and starts what Airflow would have started. Everything else is as in production: the deliveries, the gates, the forms, the two
persons who approve, what is sent, and the årshjul's own record of what was done in time.
"""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from arshjul.catalogue.activities import load_activities
from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.lineage.ledger import code_version, start_run
from arshjul.lineage.statements import LEDGER
from arshjul.orchestration.airflow_api import FINISHED, STABLE_SECONDS, AirflowApi, AirflowApiError, Run, Waiting
from arshjul.orchestration.days import today
from arshjul.orchestration.demo import (
    COMPARED,
    MONTHLY,
    TERTIAL,
    YEAR,
    compute_history,
    failed_tasks,
    mail_folder,
    prepare,
    receive_month,
    running_airflow,
    say,
    write_deliveries,
)
from arshjul.orchestration.scheduler_process import SchedulerError
from arshjul.periods import Month, Tertial, Year, first_months
from arshjul.settings import Settings, SettingsError, load_settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.warehouse.server import ServerError
from arshjul.wheel.events import record
from arshjul.wheel.occurrences import Occurrence, occurrences
from arshjul.wheel.outcome import outcome
from arshjul.wheel.pages import year_as_html
from arshjul.wheel.standing import calendar_days, read_year

FOLLOW = "follow_the_year"
ANSWERS = {"granska": "anna", "godkann": "bertil"}
"""Who answers which question of a report's line."""

_ISSUES = (3, 4, 5, 8, 10)
"""How many first months this year's reports are about."""

_DELIVERED_AFTER = timedelta(days=5)
KNOWN_AT_NEW_YEAR = ("analystexter", "anordnare", "kontrollpunkter", "mal", "sammantraden", "uppfoljningsobjekt")
"""The municipality's registers and texts that the year begins with; everything else of January comes in February."""
PATIENT = "up_for_reschedule"
SPOT_CHECKS = "spot_checks"
DAILY = "atgardsgenomgang"
"""The activity of every day."""

_SETTLE_SECONDS, _QUIET_SECONDS, _LOOK_SECONDS = 900, 5.0, 0.5


@dataclass
class Play:
    """A year being played.

    Attributes:
        settings: Where it is played.
        people: Signed-in users by name.
        dags: The DAGs of the year; what others do meanwhile, such as fetching statistics without a network, is not waited for.
        day: The day that is played.
        told: Runs that have been told of, by DAG and run id.
        failed: What did not succeed, in words.
    """

    settings: Settings
    people: dict[str, AirflowApi]
    dags: frozenset[str]
    day: date = date(YEAR, 1, 1)
    told: set[tuple[str, str]] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)

    @property
    def team(self) -> AirflowApi:
        """The data team's user."""
        return self.people["datateam"]

    def follow(self, day: date) -> None:
        """Start the daily flow with a day of the year, and see everything that it starts to its end."""
        self._pass_over(day)
        run = self.team.start(FOLLOW, {"day": day.isoformat()})
        self.team.wait_for_run(run, _SETTLE_SECONDS)
        self.settle(day.isoformat())

    def _pass_over(self, day: date) -> None:
        """Go to a day. On those in between nothing begins, and they are not played: their daily round counts as done."""
        if day - self.day > timedelta(days=1):
            with transaction(self.settings, Role.PUBLISH) as connection:
                run_id = start_run(connection, "demo", uuid.uuid4().hex, None, code_version(self.settings))
                record(connection, DAILY, day.year, "klar", day - timedelta(days=1), run_id=run_id)
        self.day = day

    def receive(self, tree: Path, month: Month) -> None:
        """Let a month's files come; whatever they start, or whatever has waited for them, gets to its end."""
        receive_month(self.settings, self.team, tree, month, month.end + _DELIVERED_AFTER)
        for run in self._unfinished():
            # What looks ever more seldom for what may have come now is told to look at once.
            if patient := [task for (task, _), state in self.team.task_states(run).items() if state == PATIENT]:
                self.team.clear(run, patient)
        self.settle(f"{month.title}:")

    def report_by_hand(self, tertial: Tertial, day: date) -> None:
        """Start a tertial's report as the data team does when its months were received before Airflow was there."""
        self.team.trigger(TERTIAL, tertial.key, {"day": day.isoformat()})
        self.settle(f"{day.isoformat()}:")

    def settle(self, heading: str) -> None:
        """Answer what is asked until nothing runs any more but what waits for a later month, and tell what was done.

        Raises:
            AirflowApiError: It did not come to rest.
        """
        deadline, quiet_since, asked = time.monotonic() + _SETTLE_SECONDS, None, dict[tuple[str, str], float]()
        while quiet_since is None or time.monotonic() - quiet_since < _QUIET_SECONDS:
            self._answer(asked)
            now = time.monotonic()
            quiet_since = None if self._is_busy() else quiet_since or now
            if now > deadline:
                raise AirflowApiError(f"{heading}: not at rest after {_SETTLE_SECONDS} s")
            time.sleep(_LOOK_SECONDS)
        self._tell(heading)

    def _is_busy(self) -> bool:
        """Say whether anything runs that is not only waiting for its day to come."""
        return any(PATIENT not in self.team.task_states(run).values() for run in self._unfinished())

    def _unfinished(self) -> list[Run]:
        return [run for run in self.team.unfinished() if run.dag_id in self.dags]

    def _answer(self, asked: dict[tuple[str, str], float]) -> None:
        """Answer every question that has stood for a while; one that is asked again is answered again."""
        waiting = {(one.run.run_id, one.task_id): one for one in self.team.waiting()}
        for gone in asked.keys() - waiting.keys():
            del asked[gone]
        for key, question in waiting.items():
            if time.monotonic() - asked.setdefault(key, time.monotonic()) >= STABLE_SECONDS:
                self._answer_one(question)
                del asked[key]

    def _answer_one(self, question: Waiting) -> None:
        if question.task_id not in ANSWERS:
            raise AirflowApiError(f"{question.run.dag_id} asks for what the demo has no answer to: {question.subject}")
        self.people[ANSWERS[question.task_id]].answer(question, question.options[0], {"kommentar": ""})

    def _tell(self, heading: str) -> None:
        for run in self._news():
            about = f"{heading}  {run.run_id if run.partition_key is None else f'{run.dag_id} {run.partition_key}'}"
            if run.state == "success":
                say(f"  {about}")
            elif run.dag_id == SPOT_CHECKS and self.day > today():
                say(f"  {about} väntar: ett stickprov dras aldrig innan dagen har kommit")
            else:
                self.failed.append(f"{about}: {failed_tasks(self.team, run)}")
                say(f"  {self.failed[-1]} misslyckades")

    def _news(self) -> Iterator[Run]:
        """Runs of moments and tertials that have ended since last time; those of every day are not told."""
        for run in self.team.runs("~"):
            key = (run.dag_id, run.run_id)
            is_daily = run.dag_id in (FOLLOW, MONTHLY) and run.state == "success"
            if key in self.told or is_daily or run.dag_id not in self.dags or run.state not in FINISHED:
                continue
            self.told.add(key)
            yield run


def main() -> int:
    """Play the year; 1 when something in it failed."""
    settings = load_settings()
    try:
        return play_year(settings)
    except (SettingsError, SchedulerError, AirflowApiError, ServerError) as error:
        say(f"Det gick inte: {error}")
        return 1


def play_year(settings: Settings) -> int:
    """Play January to December, and show how the year went."""
    began = time.monotonic()
    say("Förbereder databasen …")
    prepare(settings)
    with LoopbackMail(mail_folder(settings), settings.smtp_port), running_airflow(settings) as (url, passwords):
        people = {user: AirflowApi(url, user, passwords[user]) for user in ("datateam", "anna", "bertil")}
        play = Play(settings, people, frozenset({FOLLOW, *load_activities(settings.include).dags}))
        play.team.wait_for_dags(play.dags, 120)
        say(f"Airflow är igång på {url}. Läser in Exempelkommuns {YEAR - 1} …")
        tree = write_deliveries(settings)
        receive_year_before(settings, tree)
        months = Year(YEAR).months
        for month in months:
            if month != months[0]:
                play.receive(tree, month.previous)  # a month's files come when it is over
            for day in days_to_follow(settings, month):
                play.follow(day)
            if month == months[0]:
                play.report_by_hand(Tertial(YEAR - 1, 3), month.end)
            do_by_hand(settings, month)
        play.receive(tree, months[-1])
    _show(settings, play, time.monotonic() - began)
    return 1 if play.failed else 0


def receive_year_before(settings: Settings, tree: Path) -> None:
    """Receive without Airflow what is known when the year begins, and compute what this year's reports stand beside.

    Args:
        settings: Where it is received.
        tree: The deliveries of the year that is played; its registers are known at new year.
    """
    from arshjul.intake.office import open_office
    from arshjul.intake.queue import receive_all
    from arshjul.sources.folder import find_named

    known = [
        file for dataset in KNOWN_AT_NEW_YEAR for file in sorted(tree.glob(f"*/{dataset}_*_{Month(YEAR, 1).key}.*"))
    ]
    before = write_deliveries(settings, YEAR - 1)
    with open_office(settings) as office:
        with office.engine.begin() as connection:
            run_id = start_run(connection, "demo", uuid.uuid4().hex, None, code_version(settings))
        receive_all(office, find_named([before, *known]), run_id)
    compute_history(settings, [*(first_months(YEAR - 1, count) for count in _ISSUES), *COMPARED[1:]])


def days_to_follow(settings: Settings, month: Month) -> list[date]:
    """List the days of a month to play: those on which a moment of the year begins, and a last look at the month's end.

    Args:
        settings: The catalogue, and the warehouse with its meetings.
        month: The month.
    """
    begins = {one.opens for one in _around(settings, month) if one.activity.every != "dag"}
    return sorted(day for day in {*begins, month.end} if Month.containing(day) == month)


def do_by_hand(settings: Settings, month: Month) -> None:
    """Record what people do themselves, with ``arshjul activity``: what has no flow, on its last day."""
    with transaction(settings, Role.PUBLISH) as connection:
        run_id = start_run(connection, "demo", uuid.uuid4().hex, None, code_version(settings))
        for one in _around(settings, month):
            if one.activity.dag is None and Month.containing(one.due) == month:
                record(connection, one.activity.id, one.year, "klar", one.due, run_id=run_id, part=one.part)


def _around(settings: Settings, month: Month) -> list[Occurrence]:
    calendar = load_activities(settings.include)
    with transaction(settings, Role.AUDIT) as connection:
        return [
            one
            for year in (month.year, month.year + 1)
            for one in occurrences(calendar, year, calendar_days(connection, year))
        ]


def _show(settings: Settings, play: Play, seconds: float) -> None:
    """Tell the year's outcome, where every report is, and where the wheel can be looked at."""
    calendar, last = load_activities(settings.include), Year(YEAR).end
    with transaction(settings, Role.AUDIT) as connection:
        standings = read_year(connection, calendar, YEAR, last)
        published = LEDGER.fetch_all(connection, "lineage/publications.sql")
    say(f"\nÅrshjulets utfall {YEAR}\n  {'':<52} planerade  i tid  sent  missade")
    for row in outcome(standings):
        late = row.done_late + row.late
        say(f"  {row.title[:52]:<52} {row.planned:>9} {row.done:>6} {late:>5} {row.missed:>8}")
    say("\nRapporter")
    for one in published:
        say(f"  {one['report_id']:<24} {one['period']:<18} {settings.packages / one['content_sha256']}")
    page = settings.home / f"arshjulet-{YEAR}.html"
    html = year_as_html(settings.include, calendar, settings.kommun_namn, YEAR, last, standings)
    page.write_text(html, encoding="utf-8")
    say(f"\nÅrshjulet: {page}")
    for failure in play.failed:
        say(f"Misslyckades: {failure}")
    say("\nRapporterna bär dagens datum: det de vet är känt i dag, fast året är spelat.")
    say(f"\nKlart på {seconds:.0f} sekunder. `make up` startar Airflow igen med resultatet att klicka i.")


if __name__ == "__main__":
    sys.exit(main())
