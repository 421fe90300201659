"""What the municipality's own systems deliver, month by month, in the shape of each system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from arshjul.periods import Month
from arshjul.sample.actions import Action, ControlResult, action_rows, actions, control_results, result_rows
from arshjul.sample.analyses import analysis_rows
from arshjul.sample.board import Visit, meetings, visit_rows, visits
from arshjul.sample.columns import Row
from arshjul.sample.complaints import Case, case_rows, cases
from arshjul.sample.money import ledger, payments
from arshjul.sample.objects import control_points, follow_up_objects
from arshjul.sample.providers import MUNICIPALITY_SHAPE, PROVIDERS_AT_SCALE_ONE, FileShape
from arshjul.sample.registers import goals, provider_register
from arshjul.sample.survey import Invitation, answer_rows, invitation_rows, invitations, is_delivered, question_rows
from arshjul.sample.world import YEARS_TOGETHER, World
from arshjul.sample.writings import Dialogue, dialogue_rows, dialogues, quality_report_rows

# A quality report is due at the turn of the year.
QUALITY_REPORT_MONTHS = (1, 12)

_LEDGER_SYSTEM = FileShape(encoding="cp1252", delimiter="\t", date_pattern="%Y%m%d")
_WORKBOOK = FileShape(suffix="xlsx")
_EXPORT = FileShape(suffix="json")
_SHAPES = {
    "ekonomi": _LEDGER_SYSTEM,
    "utbetalningar": FileShape(encoding="cp1252"),
    "kundenkat_inbjudningar": _EXPORT,
    "kundenkat_svar": _EXPORT,
    "kundenkat_fragor": _EXPORT,
    "synpunkter": _WORKBOOK,
    "besok": _WORKBOOK,
    "atgarder": _WORKBOOK,
    "kvalitetsrapporter": _WORKBOOK,
    "analystexter": _EXPORT,
    "dialoger": FileShape(encoding="utf-8", delimiter=",", decimal=".", line_end="\n"),
    "kontrollresultat": FileShape(loud_headers=True),
}


@dataclass(frozen=True)
class TownHall:
    """What happens at the town hall: all that hangs together, but for the survey, which is of two years."""

    world: World
    invitations: list[Invitation]
    visits: list[Visit]
    cases: list[Case]
    results: list[ControlResult]
    dialogues: list[Dialogue]
    actions: list[Action]

    @property
    def actions_on_cases(self) -> dict[str, tuple[str, date]]:
        """By case, its action and the day it was decided."""
        return {one.source_id: (one.action_id, one.decided) for one in self.actions if one.source == "klagomal"}


def build_town_hall(world: World) -> TownHall:
    """Make what happens at the town hall of a world."""
    last, seed = world.last_year, world.seed
    years = range(last - YEARS_TOGETHER + 1, last + 1)
    went, came = visits(last), cases(world, (years[0] - 1, *years), len(world.providers) / PROVIDERS_AT_SCALE_ONE)
    results, talks = control_results(years, last, seed), dialogues(world, years)
    decided = actions(years, seed, went, came, results, talks)
    return TownHall(world, invitations(world), went, came, results, talks, decided)


def shape_of(dataset: str) -> FileShape:
    """Return how the system that a dataset comes from writes its files."""
    return _SHAPES.get(dataset, MUNICIPALITY_SHAPE)


def register_rows(hall: TownHall, month: Month) -> Iterator[tuple[str, list[Row]]]:
    """Yield the registers, delivered whole every month."""
    yield "anordnare", provider_register(hall.world)
    yield "mal", goals(hall.world.year)
    yield "uppfoljningsobjekt", follow_up_objects(hall.world)
    yield "sammantraden", meetings(month)
    yield "kontrollpunkter", control_points()


def system_rows(hall: TownHall, month: Month, attendance: Mapping[int, list[Row]]) -> Iterator[tuple[str, list[Row]]]:
    """Yield what the other systems deliver for the month, parents first; a dataset with nothing to tell is left out.

    Args:
        hall: The town hall.
        month: The delivery month.
        attendance: Per provider's index, its true rows of ``narvaro``.
    """
    last_year = hall.world.last_year
    paid = payments(hall.world, month, attendance)
    told: list[tuple[str, list[Row]]] = [
        ("utbetalningar", paid),
        ("ekonomi", ledger(hall.world, month, paid)),
        ("besok", visit_rows(hall.visits, month)),
        ("atgarder", action_rows(hall.actions, month)),
        ("synpunkter", case_rows(hall.cases, hall.actions_on_cases, month)),
        ("kontrollresultat", result_rows(hall.results, hall.actions, month)),
        ("kvalitetsrapporter", quality_report_rows(last_year, month) if month.month in QUALITY_REPORT_MONTHS else []),
        ("dialoger", dialogue_rows(hall.dialogues, month)),
        ("analystexter", analysis_rows(month)),
    ]
    if is_delivered(month):
        told += [
            ("kundenkat_fragor", list(question_rows(month, last_year))),
            ("kundenkat_inbjudningar", list(invitation_rows(hall.invitations, month))),
            ("kundenkat_svar", list(answer_rows(hall.invitations, month))),
        ]
    yield from ((dataset, rows) for dataset, rows in told if rows)
