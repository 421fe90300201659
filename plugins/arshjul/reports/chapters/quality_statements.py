"""What the quality report says about figures: every sentence is made once, by rule, and used wherever it is needed.

Source: Kvalitetsrapport 2018, Nacka; summary and body say the same thing because it is the same statement (T17, R95).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arshjul.catalogue.prose import Wording
from arshjul.catalogue.register_rules import RegisterRules
from arshjul.comparison.distribution import Distribution, distribution_of_change
from arshjul.comparison.numbers import rounded
from arshjul.comparison.targets import judge
from arshjul.periods import Month, Year
from arshjul.prose import changes, counts, levels
from arshjul.prose.facts import Count, Covers, Held, Limit, Measured, Names, Span, Target, trend_of
from arshjul.prose.statements import Refused, Statement, one_voice, rule
from arshjul.prose.swedish import Noun, inside, listed, sentence_case
from arshjul.registers.dialogue import MORE_CUSTOMERS_THAN, Theme
from arshjul.registers.effects import MONTHS_AFTER
from arshjul.reports.chapters.dialogue_chapter import Dialogues
from arshjul.reports.chapters.outcome import OUTCOME
from arshjul.reports.chapters.paths import DAYS
from arshjul.reports.facts import Facts
from arshjul.reports.figures import SURVEY, has_anything, has_nothing_beside
from arshjul.reports.report_type import Reading
from arshjul.reports.voice import Voice

PROVIDER = Noun("anordnare", "anordnare")
RATE = "svarsfrekvens"
PER_COACH = "kunder_per_coach"
OTHER_DEFINITIONS = ("maluppfyllelse_kolada", "maluppfyllelse_bred")
FOLLOWED_UP = Span(
    "uppfoljning-efter-avslut", "uppföljningarna", Decimal(min(MONTHS_AFTER)), Decimal(max(MONTHS_AFTER))
)
GOOD_GRADE = Limit("gott-omdome", "kundenkäten", Decimal(4))
SCALE = Span("skala", "kundenkäten", Decimal(1), Decimal(5))


@dataclass(frozen=True)
class Quality:
    """What the quality report is written from.

    Attributes:
        report_year: Its own year, which is not that of its data (trap T13).
        reading: Of the report.
        spring: The first tertial of the report's year; ``None`` when it has not been reported.
        dialogues: The dialogues of the report's year.
        rules: What the registers go by.
    """

    report_year: int
    reading: Reading
    spring: Facts | None
    dialogues: Dialogues
    rules: RegisterRules

    @property
    def year(self) -> Facts:
        """The year before the report's."""
        return self.reading.facts


@dataclass(frozen=True)
class QualityStatements:
    """Every sentence about figures, by what it is about.

    Attributes:
        covers: Which periods the report is about.
        outcome: The goal, and the change since the year before.
        definitions: What counts as reaching it, and the result when something else does.
        programmes: The programmes beside each other.
        reasons: Why those who did not reach the goal left.
        days: How long the way to self-support was.
        lasting: When they who got there are followed up.
        volumes: Customers and programmes.
        market: Providers.
        survey: How many answered.
        grades: What they answered.
        dialogue: With whom the dialogue was held.
    """

    covers: tuple[Statement, ...]
    outcome: tuple[Statement, ...]
    definitions: tuple[Statement, ...]
    programmes: tuple[Statement, ...]
    reasons: tuple[Statement, ...]
    days: tuple[Statement, ...]
    lasting: tuple[Statement, ...]
    volumes: tuple[Statement, ...]
    market: tuple[Statement, ...]
    survey: tuple[Statement, ...]
    grades: tuple[Statement, ...]
    dialogue: tuple[Statement, ...]

    @property
    def all(self) -> tuple[Statement, ...]:
        """Every statement once.

        Raises:
            TwoVoices: The same facts are told in two ways.
        """
        return one_voice(one for group in vars(self).values() for one in group)


def quality_statements(quality: Quality) -> QualityStatements:
    """Make every sentence about figures that the report needs."""
    year = Voice(quality.reading, quality.year)
    spring = None if quality.spring is None else Voice(quality.reading, quality.spring)
    survey, grades = _survey(quality, spring)
    periods = (quality.year.period, *((quality.spring.period,) if quality.spring else ()))
    return QualityStatements(
        covers=(counts.covers(year.wording, Covers("rapportens-perioder", "rapporten", quality.report_year, periods)),),
        outcome=_outcome(year),
        definitions=_definitions(year),
        programmes=_programmes(year),
        reasons=_reasons(year),
        days=_days(year, spring),
        lasting=(counts.followed_up(year.wording, FOLLOWED_UP),),
        volumes=_volumes(year),
        market=_market(year),
        survey=survey,
        grades=grades,
        dialogue=_dialogue(quality, year),
    )


def _told(*statements: Statement) -> tuple[Statement, ...]:
    """Leave out what could not be said, where nothing is lost for the reader."""
    return tuple(one for one in statements if not one.is_refused)


def _outcome(year: Voice) -> tuple[Statement, ...]:
    now, then = year.measured(OUTCOME), year.measured(OUTCOME, year.facts.period.same_last_year)
    goal = year.facts.target(OUTCOME)
    said = (levels.against_target(year.wording, now, Target(goal.mal_id, "mal", goal)),) if goal else ()
    if has_nothing_beside(year.facts, then.period):
        return said or (changes.level(year.wording, now),)
    return (*said, changes.change(year.wording, now, then))


def _definitions(year: Voice) -> tuple[Statement, ...]:
    """What counts as having reached the goal, and the same result when more or less does (trap T6)."""
    codes = year.facts.context.code_lists["avslutsorsaker"].codes
    reached = tuple(one.title for one in codes if one.attributes.get("own") == "reached")
    outcomes = Names("egen-forsorjning", "avslutsorsaker", reached)
    others = tuple(year.measured(one) for one in OTHER_DEFINITIONS)
    return (
        counts.counts_as_success(year.wording, outcomes),
        *_told(levels.under_definitions(year.wording, year.measured(OUTCOME), others)),
    )


def _programmes(year: Voice) -> tuple[Statement, ...]:
    """Each programme beside its goal, which is lowest, and how the total is made of them.

    A withheld one is in none of them; whether the total fits its parts is only asked when all are shown.
    """
    parts = year.parts(OUTCOME, "insatstyp")
    goals = (year.facts.target(OUTCOME, code) for code in year.facts.in_order(OUTCOME, "insatstyp"))
    targets = [
        None if goal is None else Target(f"{goal.mal_id}/{one.id}", "mal", goal)
        for one, goal in zip(parts, goals, strict=True)
    ]
    beside = _told(programmes_beside_goals(year.wording, parts, targets), levels.lowest(year.wording, parts))
    if len(parts) < 2 or any(one.shown is None for one in parts):
        return beside
    return (*beside, levels.total_and_parts(year.wording, year.measured(OUTCOME), parts))


@rule
def programmes_beside_goals(_: Wording, parts: Sequence[Measured], targets: Sequence[Target | None]) -> str:
    """Tell each programme's result and whether it reached its goal; one without a goal is told without a verdict.

    Source: N17, N37 "för de kunder som fått insatsen jobbpeng grund var resultatet …" (R48, R60).
    """
    said: dict[str, list[str]] = {"nådde": [], "var nära": [], "nådde inte": [], "": []}
    verbs = {"natt": "nådde", "nara": "var nära", "inte_natt": "nådde inte", None: ""}
    for one, target in zip(parts, targets, strict=True):
        if one.shown is not None:
            outcome = judge(one.indicator, one.value, target.goal if target else None).outcome
            said[verbs[outcome]].append(f"{inside(one.part)} ({one.told})")
    if not any(said.values()):
        raise Refused("Resultatet per insats kan inte visas.")
    sentences = [
        f"{sentence_case(listed(names))} {verb} {'sitt' if len(names) == 1 else 'sina'} mål."
        if verb
        else f"{sentence_case(listed(names))} har inget mål."
        for verb, names in said.items()
        if names
    ]
    return " ".join(sentences)


def _reasons(year: Voice) -> tuple[Statement, ...]:
    """Only those of exits that did not reach the goal; a reason that is withheld is in neither sentence."""
    codes = year.facts.context.code_lists["avslutsorsaker"].codes
    missed = {one.code for one in codes if one.attributes.get("own") == "not"}
    parts = [
        year.measured("avslutsorsaker", avslutsorsak=code)
        for code in year.facts.in_order("avslutsorsaker", "avslutsorsak")
        if code in missed
    ]
    known = frozenset(one.title for one in codes) | {one.part for one in parts}
    common, few = counts.split_reasons(parts, year.wording, known, f"avslutsorsaker/{year.facts.period.key}")
    return _told(counts.common_reasons(year.wording, common), counts.few_reasons(year.wording, few))


def _days(year: Voice, spring: Voice | None) -> tuple[Statement, ...]:
    now = year.measured(DAYS)
    said = [_since_last_year(year, DAYS)]
    if spring is not None and has_anything(spring.facts, (DAYS,)):
        newest = spring.measured(DAYS)
        said.append(changes.change(spring.wording, newest, now))
        like = spring.measured(DAYS, spring.facts.period.same_last_year)
        said += _told(changes.since_the_like(spring.wording, newest, like))
    return tuple(said)


def _volumes(year: Voice) -> tuple[Statement, ...]:
    """The direction over several years where there are enough of them, and the newest change."""
    trends = [trend_of(year.series(one), year.wording) for one in ("kunder", "insatser")]
    return (
        *_told(changes.trends(year.wording, *trends)),
        *(_since_last_year(year, one) for one in ("kunder", "insatser")),
    )


def _since_last_year(year: Voice, indicator_id: str) -> Statement:
    """The change of a figure; the figure alone where nothing at all is stored of the year before, which is said once."""
    now, then = year.measured(indicator_id), year.facts.period.same_last_year
    if has_nothing_beside(year.facts, then):
        return changes.level(year.wording, now)
    return changes.change(year.wording, now, year.measured(indicator_id, then))


def _market(year: Voice) -> tuple[Statement, ...]:
    then = year.facts.period.same_last_year
    return _told(
        counts.there_were(year.wording, _providers(year)),
        changes.total_and_providers(
            year.wording,
            year.measured("kunder"),
            year.measured("kunder", then),
            year.parts("kunder", "anordnare"),
            year.parts("kunder", "anordnare", then),
        ),
        counts.caseload(year.wording, *_per_coach(year)),
    )


def _per_coach(year: Voice) -> tuple[Measured, tuple[Measured, ...], Span]:
    """Customers per coach, of all and of each provider, and what is reasonable."""
    reasonable = Span("rimligt-antal-kunder", "ordens betydelse", *year.wording.reasonable_caseload)
    return year.measured(PER_COACH), year.parts(PER_COACH, "anordnare"), reasonable


def _providers(year: Voice) -> Count:
    """How many providers had customers; a withheld or missing count is not known."""
    shown = year.measured("anordnare_aktiva").shown
    return year.counted("anordnare_aktiva", None if shown is None else int(shown), PROVIDER)


def customers_spread(year: Facts) -> Distribution | None:
    """How many providers had more customers than the year before, for the appendix."""
    stored = year.stored(year.period.same_last_year)
    if stored is None:
        return None
    return distribution_of_change(
        year.indicators["kunder"],
        year.current.get("kunder"),
        stored.get("kunder"),
        year.current.by("kunder", "anordnare"),
        stored.by("kunder", "anordnare"),
    )


def _survey(quality: Quality, spring: Voice | None) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:
    """How many answered, and what: both of the report's own spring."""
    if spring is None or not has_anything(spring.facts, (SURVEY, RATE)):
        return (), ()
    wording, then = spring.wording, spring.facts.period.same_last_year
    rate = spring.measured(RATE)
    least = Limit("minsta-svarsfrekvens", "reglerna för enkäten", 100 * quality.rules.survey.minimum_response)
    answered, asked = (_people(spring, rate, what) for what in ("numerator", "denominator"))
    blocks, before = spring.parts(SURVEY, "block"), spring.parts(SURVEY, "block", then)
    return (
        (
            *_told(counts.response(wording, answered, asked, rate)),
            *_told(levels.still_low(wording, rate, spring.measured(RATE, then), least)),
        ),
        _told(
            levels.all_above(wording, blocks, GOOD_GRADE, SCALE),
            *((changes.risen(wording, blocks, before),) if blocks else ()),
            levels.careful(wording, rate, least),
            levels.best_question(wording, spring.parts(SURVEY, "fraga_id")),
        ),
    )


def _people(spring: Voice, rate: Measured, what: str) -> Count:
    amount = getattr(rate.value, what, None)
    return spring.counted(f"enkat-{what}", None if amount is None else int(amount), Noun("person", "personer"))


def _dialogue(quality: Quality, year: Voice) -> tuple[Statement, ...]:
    """With how many, chosen how, and whether the survey came first."""
    wording, of = year.wording, Year(quality.report_year)
    held = quality.dialogues.held
    met = Count("dialoger", "dialoger", held, PROVIDER, of)
    limit = Limit("kundgrans", "urvalet till dialogen", Decimal(MORE_CUSTOMERS_THAN), year.facts.period)
    return (
        counts.dialogues(wording, met),
        counts.selected(wording, limit),
        *(_told(counts.share_met(wording, met, _providers(year))) if held else ()),
        *_order(quality, wording),
    )


def _order(quality: Quality, wording: Wording) -> tuple[Statement, ...]:
    """That the dialogue came after the survey that it builds on."""
    days = [one.held for one in quality.dialogues.providers if one.held]
    if not days or quality.spring is None:
        return ()
    opens, _ = quality.rules.survey.window(quality.report_year)
    survey, dialogue = (
        Held("enkat", "enkäten", Month.containing(opens)),
        Held("dialog", "dialoger", Month.containing(max(days))),
    )
    return (counts.survey_before_dialogue(wording, survey, dialogue),)


def theme_sentence(quality: Quality, theme: Theme) -> str:
    """Tell how many raised a theme, by the stated rule: ``Flera anordnare (5 av 9) tar upp språk och praktik.``"""
    of, name = Year(quality.report_year), f"tema/{theme.kind}/{theme.theme}"
    said = counts.how_many(
        Voice(quality.reading, quality.year).wording,
        Names(f"{name}/namn", "dialoger", (theme.theme,)),
        Count(name, "dialoger", theme.providers, PROVIDER, of),
        Count("dialoger", "dialoger", theme.of, PROVIDER, of),
    )
    return said.text


def theme_count(quality: Quality, theme: Theme) -> str:
    """The same as it stands in a table: ``Flera (5 av 9)``."""
    return counts.in_a_cell(Voice(quality.reading, quality.year).wording, theme.providers, theme.of)


def in_numbers(quality: Quality) -> tuple[tuple[str, Decimal], ...]:
    """The numbers that sentences use and that are not figures of an indicator: limits, counts, shares of counts."""
    year = Voice(quality.reading, quality.year)
    held, providers = Decimal(quality.dialogues.held), year.measured("anordnare_aktiva").shown
    return (
        ("Anordnare som dialogen fördes med", held),
        *([("Andel av anordnarna som dialogen fördes med (%)", rounded(100 * held / providers))] if providers else []),
        ("Fler kunder än så hade anordnare i dialogen året före", Decimal(MORE_CUSTOMERS_THAN)),
        ("Lägsta svarsfrekvens som inte är låg (%)", 100 * quality.rules.survey.minimum_response),
        ("Omdömen över detta är goda", GOOD_GRADE.limit),
        ("Skalans lägsta omdöme", SCALE.low),
        ("Skalans högsta omdöme", SCALE.high),
        *_of_programmes(year),
        *_of_coaches(year),
        *_of_customers(quality.year),
    )


def _of_programmes(year: Voice) -> Iterator[tuple[str, Decimal]]:
    total = year.measured(OUTCOME)
    for one in year.parts(OUTCOME, "insatstyp"):
        share = None if one.shown is None else levels.share_of(total, one)
        if share is not None:
            yield f"Del av underlaget för måluppfyllelsen: {inside(one.part)} (%)", rounded(share)


def _of_coaches(year: Voice) -> Iterator[tuple[str, Decimal]]:
    whole, providers, reasonable = _per_coach(year)
    yield "Lägsta rimliga antal kunder per coach", reasonable.low
    yield "Högsta rimliga antal kunder per coach", reasonable.high
    if whole.shown is not None:
        for where, count in counts.places(providers, reasonable).items():
            yield f"Anordnare {where} det rimliga antalet kunder per coach", Decimal(count)


def _of_customers(year: Facts) -> Iterator[tuple[str, Decimal]]:
    spread = customers_spread(year)
    if spread is not None:
        yield "Anordnare vars kunder kan jämföras", Decimal(spread.compared)
        yield "Anordnare som har fått fler kunder", Decimal(spread.up)
        yield "Anordnare som har fått färre kunder", Decimal(spread.down)
        yield "Anordnare som har lika många kunder", Decimal(spread.unchanged)
        yield "Anordnare med värde bara ett av åren", Decimal(spread.only_in_one)
        yield "Anordnare vars värden inte visas", Decimal(spread.not_shown)
