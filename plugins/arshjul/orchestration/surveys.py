"""The steps of the year's customer survey, as functions that tasks call: the frame, the wait for its close, what came of it.

Source: Kvalitetsrapport 2018 för arbetsmarknadsinsatser, Nacka kommun, "Ärendet" (R33, R34, R105).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from arshjul.catalogue.disclosure import FEW
from arshjul.orchestration.moments import Moment, Step, record_done
from arshjul.orchestration.notices import responsible, send
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.registers.survey import GroupResponses, Survey

log = logging.getLogger(__name__)

MATTER = "kundenkat_stangd"


def tell_survey(settings: Settings, moment: Moment) -> dict[str, int | bool]:
    """Log whom the year's survey is for, who has been invited and how they have answered.

    Args:
        settings: The catalogue and the warehouse.
        moment: The moment.

    Returns:
        Sums over all: numbers only, since it becomes an XCom.
    """
    survey = _survey(settings, moment.year)
    total = survey.total
    log.info("Kundundersökningen %s: %s kunder i ramen, %s inbjudna", moment.year, survey.frame, total.invited)
    for one in (*_rows(survey.groups, "kanal"), *_rows(survey.groups, "anordnare")):
        counts = (one["inbjudna"], one["paborjade"], one["besvarade"])
        log.info("%s: %s inbjudna, %s påbörjade, %s besvarade", one["namn"], *counts)
    return {
        "ram": survey.frame,
        "inbjudna": total.invited,
        "paborjade": total.begun,
        "besvarade": total.completed,
        "stangd": survey.is_closed,
    }


def is_closed(settings: Settings, moment: Moment) -> bool:
    """Say whether the year's survey is closed: its last day has passed, and how it stood then has been delivered.

    Args:
        settings: The catalogue and the warehouse.
        moment: The moment.
    """
    from arshjul.catalogue.register_rules import load_register_rules
    from arshjul.registers.survey import survey_is_closed

    rules = load_register_rules(settings.include).survey
    with transaction(settings, Role.AUDIT) as connection:
        return survey_is_closed(connection, datetime.now(UTC), moment.year, rules)


def close_survey(settings: Settings, step: Step) -> bool:
    """Tell the function that answers for the survey how it went, once a year, and record that the moment is done.

    It counts as done on the survey's last day: what is recorded later is when we knew.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        step: The run.

    Returns:
        True when an e-mail was sent now.

    Raises:
        DeliveryError: The mail server did not take it.
    """
    from arshjul.comparison.numbers import MISSING, PROTECTED, percent
    from arshjul.delivery.notices import Notice

    survey = _survey(settings, step.moment.year)
    rate, to = survey.total.rate, responsible(settings, step.moment)
    told = {
        "ram": survey.frame,
        "inbjudna": survey.total.invited,
        "paborjade": survey.total.begun,
        "besvarade": survey.total.completed,
    }
    is_few = 0 < survey.total.completed < FEW or 0 < survey.total.invited - survey.total.completed < FEW
    values = {
        **{name: _count(count) for name, count in told.items()},
        "ar": survey.year,
        "ram": f"{_count(survey.frame)} {'kund' if survey.frame == 1 else 'kunder'}",
        "svarsfrekvens": MISSING if rate is None else PROTECTED if is_few else percent(rate),
        "lag": survey.is_low,
        "minst": percent(survey.minimum_rate),
        "kanaler": _rows(survey.groups, "kanal"),
        "anordnare": _rows(survey.groups, "anordnare"),
    }
    sent = send(settings, step.run, Notice(MATTER, str(survey.year), to.id, to.name, to.address, values, told))
    low = ", under det som behövs" if survey.is_low else ""
    note = f"{survey.total.completed} av {survey.total.invited} har svarat på hela undersökningen{low}"
    record_done(settings, step.run, step.moment, survey.window_ends, note)
    return sent


def _survey(settings: Settings, year: int) -> Survey:
    from arshjul.catalogue.register_rules import load_register_rules
    from arshjul.registers.survey import read_survey

    rules = load_register_rules(settings.include).survey
    with transaction(settings, Role.AUDIT) as connection:
        return read_survey(connection, datetime.now(UTC), year, rules)


def _rows(groups: Iterable[GroupResponses], kind: str) -> list[dict[str, str]]:
    """Counts of groups as they may be told: one that shows, or gives away, one to four persons is withheld.

    Were only one group withheld it would follow from the sum, so then the smallest of the others is withheld too.
    """
    from arshjul.comparison.numbers import PROTECTED

    mine = sorted((one for one in groups if one.kind == kind), key=lambda one: one.responses.invited)
    withheld = [one for one in mine if _is_few(one)]
    if len(withheld) == 1:
        withheld += [one for one in mine if one not in withheld and one.responses.invited][:1]
    return [
        {
            "namn": one.title,
            "ram": "" if one.frame is None else _count(one.frame),
            "inbjudna": _count(one.responses.invited),
            "paborjade": PROTECTED if one in withheld else str(one.responses.begun),
            "besvarade": PROTECTED if one in withheld else str(one.responses.completed),
        }
        for one in sorted(mine, key=lambda one: (one.title, one.code))
    ]


def _is_few(group: GroupResponses) -> bool:
    one = group.responses
    return any(0 < part < FEW for part in (one.invited, one.begun, one.completed, one.silent))


def _count(count: int) -> str:
    from arshjul.comparison.numbers import PROTECTED

    return PROTECTED if 0 < count < FEW else str(count)
