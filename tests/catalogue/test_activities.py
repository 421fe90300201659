"""The årshjul's file: everything in it has a source and names only what exists, and anything else is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from arshjul.catalogue.activities import FILE, load_activities
from arshjul.catalogue.yaml_files import CatalogueError
from arshjul.reports.library import REPORTS

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"
REQUIREMENTS = {f"R{number}" for number in range(1, 107)} | {f"T{number}" for number in range(1, 18)}


@pytest.fixture
def include(tmp_path: Path) -> Path:
    """A copy of the calendar and the recipients."""
    for folder in ("calendar", "recipients"):
        shutil.copytree(INCLUDE / folder, tmp_path / folder)
    return tmp_path


def change(include: Path, old: str, new: str) -> None:
    path = include / FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_rule_points_at_a_document_a_heading_and_a_requirement() -> None:
    calendar = load_activities(INCLUDE)
    for activity in calendar.activities:
        for source in activity.sources:
            assert source.document in calendar.documents, activity.id
            assert set(source.requirements) <= REQUIREMENTS, activity.id
            assert source.clause.endswith("."), activity.id


def test_a_decision_of_a_clause_has_its_day(include: Path) -> None:
    change(include, "        decided_on: 2015-03-19\n", "")
    with pytest.raises(CatalogueError, match="a decision has a day"):
        load_activities(include)


def test_a_rule_without_a_source_is_refused(include: Path) -> None:
    path = include / FILE
    text = path.read_text(encoding="utf-8")
    cut = re.sub(r"(- id: klagomal\n(?:    .*\n)*?    sources:)\n(?:      .*\n)+", r"\1 []\n", text)
    assert cut != text
    path.write_text(cut, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"klagomal: a rule without a source \(R2\)"):
        load_activities(include)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("responsible: enhetschef", "responsible: kvalitetschef", "there is no role kvalitetschef"),
        ("reports_to: [verksamhetschef]", "reports_to: [rektor]", "role enhetschef: there is no role rektor"),
        ("document: bin_2016_134", "document: bin_2017_48", "there is no document bin_2017_48"),
        ("dag: annual_report", "dag: anual_report", "there is no DAG anual_report"),
        ("due: {board: namnd", "due: {board: styrelse", "there is no board styrelse"),
        ("after: [dialog]", "after: [samtal]", "there is no activity samtal"),
        ("recipients: [anordnare]", "recipients: [pressen]", "activity dialog: there is no recipient pressen"),
        ("report: verksamhetsberattelse", "report: arsredovisning", "nobody gets the report arsredovisning"),
        ("wheel: {month: 2,", "wheel: {month: 13,", "month 13 is outside 1–12"),
        ("due: {month: 4, workday: -1}", "due: {month: 4, weekday: -1}", "unknown keys: weekday"),
        ("due: {month: 4, workday: -1}", "due: {month: 4, day: 3, workday: -1}", "one of five ways"),
        ("due: {month: 4, workday: -1}", "due: {workdays: -1}", "only an activity for each visit"),
        ("due: {month: 4, workday: -1}", "due: {month: 4, workday: 0}", "counted from 1"),
        (
            "due: {months_after: 1, workday: 5}",
            "due: {month: 4, workday: 5}",
            "months_after is for an activity for each",
        ),
        ("kind: tertial, number: 1}", "kind: tertial, number: 4}", "number of tertial is 1–3"),
        ("period: {kind: ar, year: 1}", "period: {kind: manad}", "that month, and of no other"),
        ("season: {type: namndbesok, first: 9, last: 5}", "", "season is for an activity for each visit"),
        ("reminders: [-10, -3, 1]", "reminders: [0]", "a reminder is working days before"),
        ("reminders: [-10, -3, 1]", "reminders: [1, -3]", "the first one first"),
        ("    dag: unit_quality_reports\n", "", "only a DAG can be started again"),
        ("requirements: [R33, R34, R35]", "requirements: [33]", "expected str"),
        ("requirements: [R33, R34, R35]", "requirements: [punkt 33]", "not a requirement: punkt 33"),
        ("id: kundundersokning", "id: Kundundersökning", "is no id"),
        ("id: kundundersokning", "id: klagomal", "stand twice: klagomal"),
        ("lane: verksamhet", "lane: ledning", "lane"),
        ("enhetschef@exempelkommun.example", "Anna Andersson", "not a function's address: Anna Andersson"),
        ("responsible: enhetschef", "responsible: coach", "nobody to remind, since coach has no address"),
        ("missed_after: 20", "missed_after: 0", "missed_after is at least one"),
        ("missed_after: 20\n", "missed_after: 20\nfarg: blå\n", "unknown keys: farg"),
    ],
)
def test_what_is_not_known_is_refused_by_name(include: Path, old: str, new: str, message: str) -> None:
    change(include, old, new)
    with pytest.raises(CatalogueError, match=re.escape(message)):
        load_activities(include)


def test_every_report_of_the_house_has_its_moment() -> None:
    calendar = load_activities(INCLUDE)
    assert {one.report for one in calendar.activities if one.report} == set(REPORTS)


def test_the_recipients_of_a_report_are_changed_in_one_place(include: Path) -> None:
    before = load_activities(include)["klagomal"].recipients
    assert "namnd" in before
    assert "kommunstyrelsen" not in before
    path = include / "recipients" / "kommunstyrelsen.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("reports: [", "reports: [klagomalssammanstallning, "), encoding="utf-8"
    )
    assert set(load_activities(include)["klagomal"].recipients) == {*before, "kommunstyrelsen"}


def test_the_units_quality_report_goes_to_both_offices_and_the_conflict_is_told() -> None:
    activity = load_activities(INCLUDE)["kvalitetsrapporter"]
    assert {"utbildningskontoret", "ami"} <= set(activity.recipients)
    assert "två mottagare" in activity.note


def test_improvements_have_a_main_and_a_shared_responsibility() -> None:
    activity = load_activities(INCLUDE)["atgarder_efter_besok"]
    assert activity.roles == ("enhetschef", "verksamhetschef")
    assert activity.note


def test_every_role_answers_to_the_council_in_the_end() -> None:
    roles = load_activities(INCLUDE).roles
    for start in roles:
        reached, ahead = set(), [start]
        while ahead:
            role = ahead.pop()
            assert role not in reached or role in roles, start
            if role not in reached:
                reached.add(role)
                ahead += roles[role].reports_to
        assert "kf" in reached, start


def test_every_dag_named_is_one_that_does_something_and_exists() -> None:
    calendar = load_activities(INCLUDE)
    used = {one.dag for one in calendar.activities if one.dag}
    assert used == set(calendar.dags)
    assert used <= {path.stem for path in (ROOT / "dags").glob("*.py")}
