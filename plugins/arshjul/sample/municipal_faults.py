"""What the municipality's own systems get wrong, on purpose and counted: one extra bad row a file, of a few kinds.

Every month a payment for an enrolment nobody has delivered, a complaint of an unknown kind and an action that is done
without evidence; every third month the ledger says one thing twice; and with the survey a grade that is not on the scale
and an answer to no invitation.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from arshjul.periods import Month
from arshjul.sample.columns import Row
from arshjul.sample.dice import Dice
from arshjul.sample.faults import Fault
from arshjul.sample.money import PRICE_A_DAY
from arshjul.sample.municipality import TownHall
from arshjul.sample.objects import OWN_UNIT
from arshjul.sample.programmes import GRUND
from arshjul.sample.survey import QUESTIONS

REPEATED_EVERY = 3


def plant_in_system(hall: TownHall, month: Month, dataset: str, rows: list[Row]) -> tuple[list[Row], Counter[Fault]]:
    """Return the rows with the planned bad ones among them, and how many rows each fault puts in quarantine."""
    dice = Dice(hall.world.seed, "municipal faults", month.key, dataset)
    mixed, counts = list(rows), Counter[Fault]()
    for fault, row in _bad_rows(hall, month, dataset, rows, dice):
        mixed.insert(dice.below(len(mixed) + 1), row)
        counts[fault] += 1
    return mixed, counts


def _bad_rows(hall: TownHall, month: Month, dataset: str, rows: list[Row], dice: Dice) -> list[tuple[Fault, Row]]:
    mark = f"{month.year % 100:02d}{month.month:02d}"
    if dataset == "utbetalningar":
        provider, price = hall.world.providers[0], PRICE_A_DAY[GRUND.code]
        row: Row = (f"U{mark}-X", provider.orgnr, f"{provider.prefix}-{mark}-X", month.key, 2, price, 2 * price)
        return [(Fault.UNKNOWN_ENROLMENT, row)]
    if dataset == "synpunkter":
        text = "Tack för en fin avslutning på kursen."
        row = (f"S{mark}-X", month.start, "berom", "e_post", OWN_UNIT, "bemotande", "nej", None, None, None, text)
        return [(Fault.UNKNOWN_KIND_OF_CASE, row)]
    if dataset == "atgarder":
        return [(Fault.DONE_WITHOUT_EVIDENCE, _action_without_evidence(mark, month))]
    if dataset == "ekonomi":
        return [(Fault.DUPLICATE, dice.pick(rows))] if month.month % REPEATED_EVERY == 0 else []
    if dataset == "kundenkat_svar":
        return _bad_answers(hall, month, mark)
    return []


def _action_without_evidence(mark: str, month: Month) -> Row:
    decided = month.start - timedelta(days=40)
    told = ("avvikelse", "narvarograd", "Frånvaro följs upp samma dag.", "Enhetschef", None, "folj_upp")
    return (f"A{mark}-X", *told, decided, month.end, "klar", month.start, None, "narvarograd", None)


def _bad_answers(hall: TownHall, month: Month, mark: str) -> list[tuple[Fault, Row]]:
    question = QUESTIONS[0].question_id
    bad: list[tuple[Fault, Row]] = [(Fault.UNKNOWN_INVITATION, (f"E{mark}-X", question, 5))]
    silent = [one.invitation_id for one in hall.invitations if one.sent <= month.end and not one.grades]
    if silent:
        bad.append((Fault.GRADE_OFF_THE_SCALE, (silent[0], question, 6)))
    return bad
