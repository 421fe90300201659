"""The customer survey of a year: whom it was for, who was invited and how, how many began and finished, and when it is closed.

The response rate is completed over invited; both are told, and what was only begun is told apart. The counts are not
protected: they stay in the house (what is published is the indicator ``svarsfrekvens``).

Source: Kvalitetsrapport 2018 för arbetsmarknadsinsatser, Nacka kommun, "Ärendet": 109 of 347 answered the whole survey,
invited by letter through contact persons and to their homes (R33, R34, G1–G5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from arshjul.catalogue.register_rules import SurveyRules
from arshjul.lineage.statements import LEDGER


@dataclass(frozen=True)
class Responses:
    """How a group of invited customers answered.

    Attributes:
        invited: Invitations that were sent.
        begun: Of them, begun but not finished.
        completed: Of them, answered to the end.
    """

    invited: int
    begun: int
    completed: int

    @property
    def rate(self) -> Decimal | None:
        """Completed over invited, 0–1, unrounded; ``None`` when nobody was invited."""
        return Decimal(self.completed) / self.invited if self.invited else None

    @property
    def silent(self) -> int:
        """Invited who have not even begun."""
        return self.invited - self.begun - self.completed


@dataclass(frozen=True)
class GroupResponses:
    """The responses of one group.

    Attributes:
        kind: ``kanal`` or ``anordnare``.
        code: The channel's code, or the provider's number.
        title: As a reader knows it.
        frame: Customers who should be invited, for a provider; ``None`` for a channel.
        responses: How they answered.
    """

    kind: str
    code: str
    title: str
    frame: int | None
    responses: Responses


@dataclass(frozen=True)
class QuestionAnswers:
    """One question of the year's survey: how many answered it (also of those who only began) and the sum of their marks."""

    question_id: str
    block: str
    wording: str
    wording_version: str
    answers: int
    sum_of_marks: int


@dataclass(frozen=True)
class Survey:
    """One year's survey, as known at a time.

    Attributes:
        year: The survey's year.
        first_sent: Day of the first invitation; ``None`` before any.
        last_sent: Day of the last one.
        window_ends: The last day to answer.
        is_closed: The answers of the whole window are in.
        frame: Customers who should be invited: one for each person and provider.
        total: How all invited answered.
        groups: By channel, then by provider.
        questions: In order of the questions' ids.
        minimum_rate: The response rate asked for, 0–1.
    """

    year: int
    first_sent: date | None
    last_sent: date | None
    window_ends: date
    is_closed: bool
    frame: int
    total: Responses
    groups: tuple[GroupResponses, ...]
    questions: tuple[QuestionAnswers, ...]
    minimum_rate: Decimal

    @property
    def is_low(self) -> bool:
        """Fewer have answered than is asked for: the result is to be read with care."""
        rate = self.total.rate
        return rate is not None and rate < self.minimum_rate


def read_survey(connection: Connection, as_of: datetime, year: int, rules: SurveyRules) -> Survey:
    """Read one year's survey with frame, invitations, answers and non-response.

    The frame is every customer and provider with an enrolment that was active on the first day letters were sent; before
    that, on the survey month's first day.

    Args:
        connection: Under a role that may see unprotected counts (compute, audit, publish); not the reports'.
        as_of: Point of knowledge.
        year: The survey's year.
        rules: From ``include/registers/rules.yaml``.
    """
    opens, ends = rules.window(year)
    given = {"as_of": as_of, "year": year}
    [head] = LEDGER.fetch_all(connection, "report/survey_head.sql", **given)
    day = head["first_sent"] or opens
    groups = LEDGER.fetch_all(connection, "report/survey_groups.sql", **given, frame_day=day)
    questions = LEDGER.fetch_all(connection, "report/survey_marks.sql", **given)
    return Survey(
        year=year,
        first_sent=head["first_sent"],
        last_sent=head["last_sent"],
        window_ends=ends,
        is_closed=survey_is_closed(connection, as_of, year, rules),
        frame=sum(one["frame"] or 0 for one in groups),
        total=Responses(head["invited"], head["begun"], head["completed"]),
        groups=tuple(
            GroupResponses(
                one["kind"],
                one["code"],
                one["title"],
                one["frame"],
                Responses(one["invited"], one["begun"], one["completed"]),
            )
            for one in groups
        ),
        questions=tuple(QuestionAnswers(**one) for one in questions),
        minimum_rate=rules.minimum_response,
    )


def survey_is_closed(connection: Connection, as_of: datetime, year: int, rules: SurveyRules) -> bool:
    """Say whether a year's survey is closed: its window is over and a delivery tells how it stood then (R105).

    A delivery month tells what was known at the month's end, so no clock is asked: the first delivery of invitations for
    the month in which the window ends, or a later one, closes it.

    Args:
        connection: Under any role that reads, the reports' too.
        as_of: Point of knowledge.
        year: The survey's year.
        rules: From ``include/registers/rules.yaml``.
    """
    return bool(
        LEDGER.fetch_value(
            connection, "report/survey_closed.sql", as_of=as_of, year=year, last_day=rules.window(year)[1]
        )
    )
