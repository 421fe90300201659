"""What the figures of a report are set beside: goals, peers, earlier reports, wordings, and the rules for comparing.

Read as known when the figures were computed, and from public values only. The rules (what is a bridge, whom we compare
with) are the catalogue's of today, as the sentences are the code's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from arshjul.catalogue.checks import Stage, load_checks
from arshjul.catalogue.codelists import CodeList, load_codelists
from arshjul.catalogue.comparisons import (
    Bridge,
    Peers,
    PeerSeries,
    Uncertainty,
    load_bridges,
    load_peers,
    load_uncertainty,
)
from arshjul.catalogue.disclosure import FEW
from arshjul.catalogue.governing import OutsideEvent, load_events
from arshjul.catalogue.statistics import Selection, load_selection
from arshjul.comparison.peers import PeerValue, read_peer_values
from arshjul.comparison.targets import Goal, read_goals
from arshjul.disclosure.release import Protection
from arshjul.periods import Period
from arshjul.reports.revisions import PublicRevision, public_revisions
from arshjul.settings import REPOSITORY
from arshjul.warehouse.statements import Statements

_STATEMENTS = Statements(REPOSITORY / "include" / "sql")

_STAGES: tuple[Stage, ...] = ("staging", "core", "indicator")


@dataclass(frozen=True)
class Question:
    """One question of one year's survey.

    Attributes:
        block: What it is about, as a code.
        version: Of its wording; two years' grades compare only where it is the same.
    """

    block: str
    version: str


@dataclass(frozen=True)
class OfficialSeries:
    """A series of official statistics near one of our indicators, and what the service says of it."""

    series: PeerSeries
    selection: Selection
    values: tuple[PeerValue, ...]


@dataclass(frozen=True)
class Context:
    """What the figures are set beside.

    Attributes:
        goals: The council's and the board's goals for the year.
        revisions: Figures of earlier reports that readers now see with another value.
        questions: The survey's questions by year and id, of the year reported and the one before.
        official: Series of official statistics, by indicator.
        peers: Whom the municipality is compared with.
        bridges: Definitions of the same thing, by id.
        code_lists: By name.
        uncertainty: Which indicator tells how many stand behind another.
        explanations: What a warning means for whoever reads the figures, by check.
        merged: How many providers stand together as ``ovriga``, by indicator.
        events: Dated events outside the house that may break a series, in order of time.
    """

    goals: tuple[Goal, ...]
    revisions: tuple[PublicRevision, ...]
    questions: Mapping[tuple[int, str], Question]
    official: Mapping[str, OfficialSeries]
    peers: Peers
    bridges: Mapping[str, Bridge]
    code_lists: Mapping[str, CodeList]
    uncertainty: Uncertainty
    explanations: Mapping[str, str]
    merged: Mapping[str, int]
    events: tuple[OutsideEvent, ...] = ()


def read_context(
    connection: Connection, include: Path, period: Period, as_of: datetime, protection: Protection
) -> Context:
    """Read what a report's figures are set beside.

    Args:
        connection: Under a role that may read reports.
        include: The catalogue's folder.
        period: What is reported.
        as_of: Point of knowledge of the figures.
        protection: Their public table.

    Raises:
        CatalogueError: A definition is wrong.
    """
    peers = load_peers(include)
    questions = _STATEMENTS.fetch_all(connection, "report/survey_questions.sql", as_of=as_of, year=period.year)
    return Context(
        goals=read_goals(connection, as_of, period.year),
        revisions=public_revisions(connection, as_of, protection.companions, FEW),
        questions={
            (one["survey_year"], one["fraga_id"]): Question(one["block"], one["wording_version"]) for one in questions
        },
        official={
            series.indicator: OfficialSeries(
                series, load_selection(include, series.source), read_peer_values(connection, as_of, peers, series)
            )
            for series in peers.series
        },
        peers=peers,
        bridges=load_bridges(include),
        code_lists=load_codelists(include),
        uncertainty=load_uncertainty(include),
        explanations={
            check.id: " ".join(check.explanation.split())
            for stage in _STAGES
            for check in load_checks(include, stage).values()
            if check.explanation
        },
        merged={indicator: len(members) for indicator, members in protection.grouping.items()},
        events=load_events(include),
    )
