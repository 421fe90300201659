"""Whatever is written for internal use and delivered is in no report (requirement R78)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.intake.examples import GOOD, KOMMUN, PROVIDER
from tests.reports.year_example import YEAR, reading, spring_facts, tertial_facts, values, year_facts

from arshjul.periods import YearToDate
from arshjul.reports.facts import Facts
from arshjul.reports.html import render_html
from arshjul.reports.library import REPORTS

Desk = Any  # tests/intake/conftest.py

LATER = datetime(2199, 1, 1, tzinfo=UTC)
ANALYSIS = "Samverkan med vuxenutbildningen behöver stärkas."
_WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäö", min_size=14, max_size=30)
_TEXTS = st.tuples(_WORD, st.text(alphabet="ABCåäö &<>{}[]*#|\n0123456789", max_size=40)).map(" ".join)


@pytest.fixture
def town(empty_desk: Desk) -> Desk:
    """A desk that knows what the rows with internal texts are about."""
    for dataset, changed in (("anordnare", {}), ("uppfoljningsobjekt", {"till": ""}), ("atgarder", {})):
        send(empty_desk, dataset, changed)
    return empty_desk


def send(desk: Desk, dataset: str, changed: dict[str, str]) -> None:
    receipt = desk.give(f"{dataset}_{KOMMUN}_2026-03.json", json.dumps([GOOD[dataset] | changed]).encode())
    assert desk.counts(receipt)[3] == 0


def facts_of(report_id: str) -> Facts:
    """Facts of a period that the report can be about."""
    months = {
        "delarsrapport": 8,
        "klagomalssammanstallning": 8,
        "internkontrollrapport": 10,
        "redovisning_namndbesok": 5,
    }
    known = values(44, 410, "240.1", 910)
    if report_id in months:
        return year_facts(YearToDate(2026, months[report_id]), known, as_of=LATER)
    if report_id in ("verksamhetsberattelse", "kvalitetsrapport", "dialogunderlag"):
        return year_facts(YEAR, known, as_of=LATER)
    made = spring_facts() if report_id != "underlag_namndbesok" else tertial_facts(1)
    return replace(made, current=replace(made.current, as_of=LATER))


def pages(desk: Desk) -> Iterator[str]:
    """Every report as its page; the other formats are made of the same document."""
    with desk.office.engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL ROLE arshjul_report")
        for report_id, report in REPORTS.items():
            facts = facts_of(report_id)
            named = replace(facts, labels={**facts.labels, "anordnare": {PROVIDER: "Anordnaren AB"}})
            found = reading(connection, named)
            subject = {"dialogunderlag": PROVIDER, "underlag_tjanstemannabesok": "OBJ1", "underlag_namndbesok": "OBJ1"}
            document = report.write(replace(found, subject=subject.get(report_id, "")))
            yield render_html(document).decode()


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(unit=_TEXTS, visit=_TEXTS, complaint=_TEXTS)
def test_no_report_holds_what_was_written_for_internal_use(town: Desk, unit: str, visit: str, complaint: str) -> None:
    send(town, "kvalitetsrapporter", {"internt": unit})
    send(town, "besok", {"anteckningar": visit, "analys": ANALYSIS})
    send(town, "synpunkter", {"fritext": complaint})
    told = "".join(pages(town))
    assert ANALYSIS in told  # what may be told of the same visit is
    assert not [one for one in (unit, visit, complaint) if one.split(" ")[0] in told]
