"""The form for a report's texts: what it asks, what it keeps, and when the line may go on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.reports.facts_example import INCLUDE, facts, share

from arshjul.orchestration import texts as form
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.runs import RunKey
from arshjul.prose.texts import Texts, Wanted, WrittenText, read_texts
from arshjul.reports.report_type import Reading
from arshjul.reports.written import Fault, TextState
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

RUN = RunKey("tertialrapport", "run-1", "2026-T1", "", "tertialrapport")
FACTS = facts({("maluppfyllelse", ""): share(44, 100)})


def text(markdown: str) -> WrittenText:
    return WrittenText("ekonomi", None, markdown, "Controller", date(2026, 5, 12))


MISSING = TextState(Wanted("barn", None, "Konsekvenser för barn"), True, None, ())
FAULTY = TextState(
    Wanted("ekonomi", "kunder", "Ekonomi: Kunder"), True, text("Blev 44."), (Fault("ekonomi", "kunder", 1, "siffra"),)
)


def answer(**fields: str | None) -> dict[str, Any]:
    """What Airflow gives when a person has answered."""
    return {"params_input": fields, "responded_by_user": {"id": "1", "name": "anna"}, "chosen_options": [form.SAVE]}


def kept(settings: Settings) -> list[tuple[str, str | None, str, str]]:
    with transaction(settings, Role.REPORT) as connection:
        found = read_texts(connection, RUN.report_id, RUN.period).texts
    return [(one.section, one.indicator_id, one.markdown, one.author) for one in found]


def test_the_form_has_one_field_for_each_text_filled_in_with_what_there_is() -> None:
    fields = form.form_fields([MISSING, FAULTY])
    assert {name: field.value for name, field in fields.items()} == {
        "barn": "",
        "ekonomi__kunder": "Blev 44.",
        "funktion": "Controller",
    }
    assert fields["barn"].schema["title"] == "Konsekvenser för barn"
    assert all(field.has_value for field in fields.values())


def test_the_form_tells_what_must_be_changed_and_which_figures_can_be_pointed_at(connection: Connection) -> None:
    body = form.form_body(Reading(connection, INCLUDE, FACTS, Texts(), "Exempelkommun"), [MISSING, FAULTY])
    assert "- Avsnittet ekonomi om kunder, rad 1: En siffra är skriven för hand." in body
    assert "| `{maluppfyllelse}` | Måluppfyllelse: 44\u00a0procent |" in body
    assert "Blev 44" not in body


def test_what_is_answered_is_kept_and_what_was_left_as_it_was_is_no_new_version(database: Settings) -> None:
    form.record_answer(
        database, RUN, [MISSING, FAULTY], answer(barn="Barn påverkas.", ekonomi__kunder="Blev 44.", funktion="")
    )
    assert kept(database) == [("barn", None, "Barn påverkas.", "anna")]
    form.record_answer(
        database, RUN, [FAULTY], answer(ekonomi__kunder="Blev {kunder}.", funktion="Controller", barn=None)
    )
    assert kept(database)[1] == ("ekonomi", "kunder", "Blev {kunder}.", "Controller")
    with transaction(database, Role.AUDIT) as connection:
        rows = connection.exec_driver_sql("SELECT DISTINCT person, run_id FROM lineage.written_text").all()
    assert [row.person for row in rows] == ["anna"]


def test_the_line_stops_until_nothing_is_open_and_tells_no_text() -> None:
    form.require_texts([])
    with pytest.raises(Stopped) as stopped:
        form.require_texts([MISSING, FAULTY])
    message = str(stopped.value)
    assert "Rapporten saknar 1 obligatorisk text: Konsekvenser för barn." in message
    assert "Avsnittet ekonomi om kunder, rad 1" in message
    assert "Blev" not in message


class Asked(Exception):
    """The task waits for a person."""


def operator(monkeypatch: pytest.MonkeyPatch, settings: Settings, opened: list[list[TextState]]) -> form.WriteTexts:
    """The task, with what is open each time it looks."""
    waiting = iter(opened)
    reading = Reading(None, INCLUDE, FACTS, Texts(), "Exempelkommun")  # type: ignore[arg-type]
    monkeypatch.setattr(form, "load_settings", lambda: settings)
    monkeypatch.setattr(form, "read_for_texts", lambda *_given: reading)
    monkeypatch.setattr(form, "open_texts", lambda *_given: next(waiting))
    return form.WriteTexts(task_id="texter", protection_id=1, run_of=lambda: RUN)


def test_a_report_with_all_its_texts_asks_nobody(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    assert operator(monkeypatch, settings, [[]]).execute({}) == 0


def test_a_report_that_lacks_texts_asks_for_just_those(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    task = operator(monkeypatch, settings, [[MISSING]])

    def ask(asking: form.WriteTexts, _context: Any) -> None:
        raise Asked(asking.subject, sorted(asking.serialized_params))

    monkeypatch.setattr(form.HITLEntryOperator, "execute", ask)
    with pytest.raises(Asked) as asked:
        task.execute({})
    assert asked.value.args == ("Texter: Tertialrapport 2026-T1", ["barn", "funktion"])


def test_an_answer_that_still_lacks_something_is_kept_and_stops(
    monkeypatch: pytest.MonkeyPatch, database: Settings
) -> None:
    task = operator(monkeypatch, database, [[MISSING, FAULTY], [FAULTY]])
    event = answer(barn="Barn påverkas.", ekonomi__kunder="Blev 44.", funktion="Controller")
    event["responded_at"] = datetime(2026, 5, 12, tzinfo=UTC)
    with pytest.raises(Stopped, match="skriven för hand"):
        task.execute_complete({}, event)
    assert kept(database) == [("barn", None, "Barn påverkas.", "Controller")]
    assert operator(monkeypatch, database, [[FAULTY], []]).execute_complete({}, event) == 1
