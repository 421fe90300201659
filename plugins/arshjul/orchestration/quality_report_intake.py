"""The steps of the units' quality reports, as functions that tasks call: asked for, chased and acknowledged (R75–R78, T1)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from arshjul.orchestration.moments import Moment, Step, record_done
from arshjul.orchestration.notices import Receiver, receivers, responsible, send
from arshjul.periods import Year, parse_period
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.catalogue.report_forms import ReportForm
    from arshjul.delivery.notices import Attachment
    from arshjul.kit.report_form import FormFigure
    from arshjul.registers.quality_reports import UnitReport

log = logging.getLogger(__name__)

ASK, CHASE, ACKNOWLEDGE = "kvalitetsrapport_begaran", "kvalitetsrapport_paminnelse", "kvalitetsrapport_bekraftelse"


def tell_reports(settings: Settings, moment: Moment) -> dict[str, int]:
    """Log how every report that is owed for the moment's year stands.

    Args:
        settings: The catalogue and the warehouse.
        moment: The moment; its period is the year that the reports are about.

    Returns:
        How many are owed, in and incomplete: numbers only, since it becomes an XCom.
    """
    from arshjul.catalogue.report_forms import load_report_forms
    from arshjul.registers.quality_reports import lacking

    forms, reports = load_report_forms(settings.include), _reports(settings, moment)
    faults = {one.object_id: lacking(one, forms) for one in reports}
    for one in reports:
        state = "saknas" if one.received is None else f"inkom {one.received}, mall {one.form_version}"
        log.info("%s: %s, senast %s", one.object_id, "; ".join((state, *faults[one.object_id])), one.due)
    return {
        "ska_lamna": len(reports),
        "inne": sum(one.received is not None for one in reports),
        "ofullstandiga": sum(bool(found) for found in faults.values()),
    }


def ask_for_reports(settings: Settings, step: Step) -> int:
    """Ask every unit that owes a report for it, with the form; once a year. Nobody is asked after the due day.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        step: The run.

    Returns:
        How many e-mails were sent now.

    Raises:
        DeliveryError: The mail server did not take one.
    """
    waited = [one for one in _reports(settings, step.moment) if one.received is None and step.moment.day <= one.due]
    return _write_to_units(settings, step, ASK, waited, str(_year(step.moment)), with_form=True)


def chase_reports(settings: Settings, step: Step) -> int:
    """Remind every unit whose report is not in after its due day; once a day. Nobody is chased before.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        step: The run.

    Returns:
        How many e-mails were sent now.

    Raises:
        DeliveryError: The mail server did not take one.
    """
    late = [one for one in _reports(settings, step.moment) if one.received is None and one.due < step.moment.day]
    about = f"{_year(step.moment)}/{step.moment.day.isoformat()}"
    return _write_to_units(settings, step, CHASE, late, about, with_form=False)


def acknowledge_reports(settings: Settings, step: Step) -> int:
    """Send every report that has come to both recipients, with what it lacks; each version of it once (R77, T1).

    What the unit marked as internal is not part of what is read here, so it cannot be sent (R78).

    Args:
        settings: The catalogue, the warehouse and the mail server.
        step: The run.

    Returns:
        How many e-mails were sent now.

    Raises:
        DeliveryError: The mail server did not take one.
    """
    from arshjul.catalogue.report_forms import load_report_forms
    from arshjul.delivery.notices import Notice
    from arshjul.registers.quality_reports import lacking

    forms, sent = load_report_forms(settings.include), 0
    to = _recipients(settings, step)
    for one in _reports(settings, step.moment):
        if one.received is None or one.received > step.moment.day:
            continue
        faults = lacking(one, forms)
        values = _about(one, to) | {"saknas": faults, "avsnitt": _sections(one, forms.get(one.form_version))}
        about = f"{one.object_id}/{one.year}/{one.received.isoformat()}/{one.form_version}"
        content = {"inkom": one.received.isoformat(), "mallversion": one.form_version, "brister": len(faults)}
        for who in to:
            notice = Notice(ACKNOWLEDGE, about, who.id, who.name, who.address, values, content)
            sent += send(settings, step.run, notice)
    return sent


def finish_step(settings: Settings, step: Step) -> bool:
    """Record that the moment is done when every report is in; until then the årshjul starts the flow again. Returns whether.

    Args:
        settings: The warehouse.
        step: The run.
    """
    reports = _reports(settings, step.moment)
    received = [one.received for one in reports if one.received is not None and one.received <= step.moment.day]
    all_in = len(received) == len(reports)
    note = f"{len(received)} av {len(reports)} kvalitetsrapporter är inne"
    if all_in:
        # In time or not is judged by the day the last one came.
        record_done(settings, step.run, step.moment, max(received, default=step.moment.day), note)
    return all_in


def _reports(settings: Settings, moment: Moment) -> tuple[UnitReport, ...]:
    from arshjul.registers.quality_reports import unit_reports

    with transaction(settings, Role.AUDIT) as connection:
        return unit_reports(connection, datetime.now(UTC), _year(moment))


def _year(moment: Moment) -> int:
    period = parse_period(moment.period)
    return period.year if isinstance(period, Year) else period.start.year


def _recipients(settings: Settings, step: Step) -> tuple[Receiver, ...]:
    from arshjul.catalogue.activities import load_activities

    return receivers(settings, load_activities(settings.include)[step.moment.activity].recipients)


def _sections(report: UnitReport, form: ReportForm | None) -> list[dict[str, str]]:
    """The report's texts in the order and with the titles of its form; by their fields when the form is unknown."""
    titles = {one.field: one.title for one in form.sections} if form else {}
    fields = [field for field in titles if field in report.texts] or list(report.texts)
    named = {field: titles.get(field, field.replace("_", " ").capitalize()) for field in fields}
    return [{"rubrik": title, "text": report.texts[field].strip()} for field, title in named.items()]


def _about(report: UnitReport, to: Iterable[Receiver]) -> dict[str, object]:
    from arshjul.lineage.expected import day_in_words

    return {
        "enhet": report.name,
        "id": report.object_id,
        "ar": report.year,
        "inkom": day_in_words(report.received) if report.received else "",
        "senast": day_in_words(report.due),
        "i_tid": report.is_in_time,
        "version": report.form_version,
        "mottagare": " och ".join(one.name for one in to),
    }


def _write_to_units(
    settings: Settings, step: Step, matter: str, reports: Iterable[UnitReport], about: str, *, with_form: bool
) -> int:
    """One e-mail for each address: a provider's own units to the provider, the others to whoever answers for the moment."""
    from arshjul.catalogue.report_forms import form_for, load_report_forms
    from arshjul.delivery.notices import Notice
    from arshjul.lineage.expected import day_in_words

    manager = responsible(settings, step.moment)
    form = form_for(load_report_forms(settings.include), _year(step.moment))
    both = " och ".join(one.name for one in _recipients(settings, step))
    sent = 0

    def whom(one: UnitReport) -> tuple[str, str]:
        return (one.provider, one.email) if one.email else (manager.id, manager.address)

    for (recipient, address), units in groupby(sorted(reports, key=lambda one: (whom(one), one.name)), key=whom):
        mine = list(units)
        name = manager.name if recipient == manager.id else mine[0].name
        values = {
            "ar": mine[0].year,
            "senast": day_in_words(mine[0].due),
            "enheter": [{"namn": one.name, "id": one.object_id} for one in mine],
            "mottagare": both,
            "version": form.version,
        }
        files = tuple(_form_file(settings, one) for one in mine) if with_form else ()
        content = {"enheter": [one.object_id for one in mine], "mallversion": form.version}
        sent += send(settings, step.run, Notice(matter, about, recipient, name, address, values, content, files))
    return sent


def _form_file(settings: Settings, report: UnitReport) -> Attachment:
    from arshjul.catalogue.report_forms import form_for, load_report_forms
    from arshjul.delivery.notices import Attachment
    from arshjul.kit.report_form import unit_form

    form = form_for(load_report_forms(settings.include), report.year)
    content = unit_form(form, report.object_id, report.name, report.year, report.due, _figures(settings, report))
    return Attachment(
        f"kvalitetsrapport_{report.object_id}_{report.year}.xlsx",
        content,
        "application",
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _figures(settings: Settings, report: UnitReport) -> list[FormFigure]:
    from arshjul.catalogue.indicators import load_indicators
    from arshjul.comparison.numbers import number
    from arshjul.comparison.values import scale
    from arshjul.kit.report_form import FormFigure
    from arshjul.registers.quality_reports import unit_figures

    if not report.provider:
        return []
    indicators = load_indicators(settings.include)
    with transaction(settings, Role.AUDIT) as connection:
        found = unit_figures(connection, report.provider, report.year)
    return [
        FormFigure(
            indicators[one.indicator_id].title,
            parse_period(one.period).title,
            number(one.value * scale(indicators[one.indicator_id]), indicators[one.indicator_id].decimals),
        )
        for one in found
        if one.indicator_id in indicators
    ]
