"""An account of quality as the reports tell it: its facts, and the statements that the rules make of them, part by part.

The quality report makes the same rules say the same things of what the database holds; here the facts are given by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from arshjul.catalogue.prose import Wording
from arshjul.prose import changes, counts, levels
from arshjul.prose.facts import Count, Covers, Held, Limit, Measured, Names, Span, Target, Trend
from arshjul.prose.statements import Statement, one_voice

Topic: TypeAlias = Literal[
    "form", "dialog", "enkat", "omdome", "maluppfyllelse", "insatser", "orsaker", "tid", "volym", "arbetssatt"
]
"""What statements are about, in the order a report tells them."""


@dataclass(frozen=True)
class Survey:
    """The facts of the year's survey.

    Attributes:
        answered: Who answered the whole survey.
        asked: Who were asked.
        rate: The response rate.
        earlier_rate: That of an earlier survey.
        low: Below it a response rate is low.
        scale: Of the grades.
        above: The limit that all grades are held against.
        grades: One for each block.
        earlier_grades: Those of the year before.
        items: One for each question.
    """

    answered: Count | None = None
    asked: Count | None = None
    rate: Measured | None = None
    earlier_rate: Measured | None = None
    low: Limit | None = None
    scale: Span | None = None
    above: Limit | None = None
    grades: tuple[Measured, ...] = ()
    earlier_grades: tuple[Measured, ...] = ()
    items: tuple[Measured, ...] = ()


@dataclass(frozen=True)
class Result:
    """The facts of the year's result.

    Attributes:
        outcome: How many reached the goal, of all.
        earlier: The same of the year before; with no value when none is stored.
        target: The goal.
        programmes: The result of each programme.
        programme_targets: The goal of each, in the same order; the one for all where there is no other.
        definitions: The same result under other definitions.
        success: What counts as having reached the goal.
        common: The common reasons not to have.
        few: The others.
        days: Time to self-support, of whole years, oldest first.
        days_lately: The same of the part of a year after them.
    """

    outcome: Measured | None = None
    earlier: Measured | None = None
    target: Target | None = None
    programmes: tuple[Measured, ...] = ()
    programme_targets: tuple[Target, ...] = ()
    definitions: tuple[Measured, ...] = ()
    success: Names | None = None
    common: Names | None = None
    few: Names | None = None
    days: tuple[Measured, ...] = ()
    days_lately: Measured | None = None


@dataclass(frozen=True)
class Spread:
    """A total and the same figure of each provider, now and then.

    Attributes:
        now: The total.
        then: That of the period compared with.
        providers: Each provider's.
        earlier: Each provider's of the period compared with.
    """

    now: Measured
    then: Measured
    providers: tuple[Measured, ...]
    earlier: tuple[Measured, ...]


@dataclass(frozen=True)
class Account:
    """Everything that the yearly account of quality is told from.

    Attributes:
        covers: The report's year and the periods of its figures.
        signatories: The functions that sign.
        met: Providers that the dialogue was held with.
        providers: All providers.
        more_than: Customers above which a provider was chosen.
        survey_held: When the survey was.
        dialogue_held: When the dialogue was.
        survey: The survey.
        result: The result.
        customers: Which way the number of customers has gone.
        measures: Which way the number of measures has gone.
        spread: How the change of the number of customers is spread over providers.
        per_coach: Customers of a coach.
        coaches: The same of each provider.
        caseload: How many are reasonable.
        followed_up: Months after which people are followed up.
    """

    covers: Covers | None = None
    signatories: Names | None = None
    met: Count | None = None
    providers: Count | None = None
    more_than: Limit | None = None
    survey_held: Held | None = None
    dialogue_held: Held | None = None
    survey: Survey = Survey()
    result: Result = Result()
    customers: Trend | None = None
    measures: Trend | None = None
    spread: Spread | None = None
    per_coach: Measured | None = None
    coaches: tuple[Measured, ...] = ()
    caseload: Span | None = None
    followed_up: Span | None = None

    def statements(self, wording: Wording) -> dict[Topic, tuple[Statement, ...]]:
        """Make every statement that there are facts for, by what it is about.

        Args:
            wording: What the words mean in the account's period.

        Raises:
            TwoVoices: One rule says two things about the same facts.
        """
        told: dict[Topic, list[Statement]] = {
            "form": list(self._form(wording)),
            "dialog": list(self._dialogue(wording)),
            "enkat": list(_survey(self.survey, wording)),
            "omdome": list(_grades(self.survey, wording)),
            "maluppfyllelse": list(_outcome(self.result, wording)),
            "insatser": list(_programmes(self.result, wording)),
            "orsaker": list(_reasons(self.result, wording)),
            "tid": list(_days(self.result, wording)),
            "volym": list(self._volumes(wording)),
            "arbetssatt": list(self._ways_of_working(wording)),
        }
        one_voice(one for statements in told.values() for one in statements)
        return {topic: tuple(statements) for topic, statements in told.items()}

    def _form(self, wording: Wording) -> Iterator[Statement]:
        if self.covers:
            yield counts.covers(wording, self.covers)
        if self.signatories:
            yield counts.signed_by(wording, self.signatories)

    def _dialogue(self, wording: Wording) -> Iterator[Statement]:
        if self.met:
            yield counts.dialogues(wording, self.met)
        if self.met and self.providers:
            yield counts.share_met(wording, self.met, self.providers)
        if self.more_than:
            yield counts.selected(wording, self.more_than)
        if self.survey_held and self.dialogue_held:
            yield counts.survey_before_dialogue(wording, self.survey_held, self.dialogue_held)

    def _volumes(self, wording: Wording) -> Iterator[Statement]:
        if self.customers and self.measures:
            yield changes.trends(wording, self.customers, self.measures)
        if self.spread:
            whole = self.spread
            yield changes.total_and_providers(wording, whole.now, whole.then, whole.providers, whole.earlier)
        if self.providers:
            yield counts.there_were(wording, self.providers)

    def _ways_of_working(self, wording: Wording) -> Iterator[Statement]:
        if self.per_coach and self.caseload:
            yield counts.caseload(wording, self.per_coach, self.coaches, self.caseload)
        if self.followed_up:
            yield counts.followed_up(wording, self.followed_up)


def _survey(survey: Survey, wording: Wording) -> Iterator[Statement]:
    if survey.answered and survey.asked and survey.rate:
        yield counts.response(wording, survey.answered, survey.asked, survey.rate)
    if survey.rate and survey.earlier_rate:
        yield changes.change(wording, survey.rate, survey.earlier_rate)
        if survey.low:
            yield levels.still_low(wording, survey.rate, survey.earlier_rate, survey.low)


def _grades(survey: Survey, wording: Wording) -> Iterator[Statement]:
    if survey.grades and survey.above:
        yield levels.all_above(wording, survey.grades, survey.above, survey.scale)
    if survey.grades and survey.earlier_grades:
        yield changes.risen(wording, survey.grades, survey.earlier_grades)
    if survey.items:
        yield levels.best_question(wording, survey.items)
    if survey.rate and survey.low:
        yield levels.careful(wording, survey.rate, survey.low)


def _outcome(result: Result, wording: Wording) -> Iterator[Statement]:
    if result.success:
        yield counts.counts_as_success(wording, result.success)
    if result.outcome and result.target:
        yield levels.against_target(wording, result.outcome, result.target)
    if result.outcome and result.earlier:
        yield changes.change(wording, result.outcome, result.earlier)
    if result.outcome and result.definitions:
        yield levels.under_definitions(wording, result.outcome, result.definitions)


def _programmes(result: Result, wording: Wording) -> Iterator[Statement]:
    for programme, target in zip(result.programmes, result.programme_targets, strict=False):
        yield levels.against_target(wording, programme, target)
    if result.programmes:
        yield levels.lowest(wording, result.programmes)
    if result.outcome and result.programmes:
        yield levels.total_and_parts(wording, result.outcome, result.programmes)


def _reasons(result: Result, wording: Wording) -> Iterator[Statement]:
    if result.common:
        yield counts.common_reasons(wording, result.common)
    if result.few:
        yield counts.few_reasons(wording, result.few)


def _days(result: Result, wording: Wording) -> Iterator[Statement]:
    for then, now in pairwise(result.days):
        yield changes.change(wording, now, then)
    if result.days_lately and result.days:
        yield changes.change(wording, result.days_lately, result.days[-1])
