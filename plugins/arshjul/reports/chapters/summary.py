"""The summary: the outcome in a sentence, the key figures as cards, and what a reader should know before reading on."""

from __future__ import annotations

from arshjul.comparison.numbers import counted, number
from arshjul.comparison.targets import Outcome
from arshjul.comparison.uncertainty import interval_sentence, shown_interval
from arshjul.comparison.values import is_percent, places_of
from arshjul.prose.swedish import listed
from arshjul.reports.blocks import (
    Block,
    BulletList,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Run,
    Text,
    plain,
    text,
)
from arshjul.reports.chapters.groups import opposed_sentence
from arshjul.reports.chapters.outcome import OUTCOME, PERCENT
from arshjul.reports.chapters.paths import DAYS, coverage
from arshjul.reports.chapters.revised import known_revisions
from arshjul.reports.facts import Facts
from arshjul.reports.figures import (
    change_note,
    compared,
    has_anything,
    has_nothing_beside,
    judged,
    nearest_stored,
    nothing_beside,
    statement,
    told,
    words,
)

_ALWAYS = (
    (OUTCOME, "%", "av avslutade insatser ledde till egen försörjning"),
    (DAYS, "dagar", "till egen försörjning i genomsnitt"),
    ("kunder", "kunder", "hade en insats under perioden"),
)
_WHEN_KNOWN = (
    ("narvarograd", "%", "närvaro av planerade timmar"),
    ("kvar_i_egen_forsorjning_12m", "%", "kvar i egen försörjning efter tolv månader"),
    ("kundnojdhet", "av 5", "i kundernas omdöme"),
    ("synpunkter_inkomna", "ärenden", "med synpunkter och klagomål"),
    ("kostnad_per_lyckat_avslut", "kr", "per lyckat avslut"),
)
_YEARLY = frozenset({"kundnojdhet"})
"""Asked once a year: the tertial before has nothing to compare with."""


def summary_chapter(facts: Facts) -> list[Block]:
    """Write the summary."""
    shown = [*_ALWAYS, *(one for one in _WHEN_KNOWN if has_anything(facts, one[:1]))]
    return [
        Heading("Sammanfattning"),
        Paragraph(_lead(facts), is_lead=True),
        KeyFigures(tuple(card(facts, *one) for one in shown)),
        *([Paragraph(plain(alone))] if (alone := nothing_beside(facts)) else []),
        BulletList(tuple(_bullets(facts))),
    ]


def _lead(facts: Facts) -> Text:
    indicator, value = facts.indicators[OUTCOME], facts.current.get(OUTCOME)
    if told(indicator, value) is None:
        return plain(f"För {facts.period.title} finns ingen måluppfyllelse att redovisa.")
    lead = (
        f"Av de insatser som avslutades under {facts.period.title} ledde **{words(indicator, value)} procent** till arbete, "
        "studier eller eget företag."
    )
    judgement = judged(facts, OUTCOME)
    goal = judgement.goal
    if goal is not None and goal.target is not None and judgement.outcome is not None:
        verdict = {
            "natt": "Målet nåddes.",
            "nara": "Målet nåddes inte, men är nära.",
            "inte_natt": "Målet nåddes inte.",
        }
        target = number(goal.target, places_of(goal.target))
        lead += f" Nämndens mål är {target} procent. {verdict[judgement.outcome]}"
    certainty = interval_sentence(indicator, value)
    return text(f"{lead} {certainty}" if certainty else lead)


def card(facts: Facts, indicator_id: str, unit: str, what: str) -> KeyFigure:
    """Make a card of a total: the figure, how it stands to its goal, how it has changed and how certain it is.

    Args:
        facts: Of the report.
        indicator_id: The indicator.
        unit: What stands after the number.
        what: What it is.
    """
    indicator, value = facts.indicators[indicator_id], facts.current.get(indicator_id)
    judgement = judged(facts, indicator_id)
    then = facts.period.same_last_year if indicator_id in _YEARLY else facts.period.previous
    comparison = compared(facts, indicator_id, then)
    parts = []
    if judgement.goal is not None and judgement.goal.target is not None:
        target = judgement.goal.target
        limit = "minst" if judgement.goal.direction == "upp" else "högst"
        suffix = PERCENT if is_percent(indicator) else f" {indicator.unit}"
        verdict = {"natt": ": nått", "nara": ": nära", "inte_natt": ": inte nått", None: ""}[judgement.outcome]
        parts.append(f"Målet är {limit} {number(target, places_of(target))}{suffix}{verdict}")
    if not has_nothing_beside(facts, then):
        parts.append(change_note(comparison, "Utfallet" if parts else "Det"))
    if comparison.caution:
        parts.append(comparison.caution.rstrip("."))
    reach = shown_interval(indicator, value)
    state: dict[Outcome | None, str] = {"natt": "reached", "nara": "near", "inte_natt": "missed", None: "neutral"}
    return KeyFigure(
        words(indicator, value),
        unit,
        what,
        ". ".join(parts),
        state[judgement.outcome],  # type: ignore[arg-type]  # the four states that a card has
        "" if reach is None else reach.words,
    )


def _bullets(facts: Facts) -> list[Text]:
    before = facts.period.previous
    found = [_programmes(facts), _spread(facts)]
    for indicator_id, subject in ((DAYS, "Tiden till egen försörjning"), ("kunder", "Antalet kunder")):
        said = statement(facts, indicator_id, subject, before)
        found.append((Run(subject, "strong"), Run(said.removeprefix(subject))))
    if has_anything(facts, ("kundnojdhet",)):
        subject = "Kundernas omdöme"
        said = statement(facts, "kundnojdhet", subject, facts.period.same_last_year)
        found.append((Run(subject, "strong"), Run(f"{said.removeprefix(subject)} {coverage(facts, 'kundnojdhet')}")))
    if revised := known_revisions(facts):
        size = counted(len(revised), "uppgift", "uppgifter")
        found.append(
            (
                Run("Tidigare rapporter:", "strong"),
                Run(f" {size} har ändrats sedan {'den' if len(revised) == 1 else 'de'} redovisades."),
            )
        )
    return [bullet for bullet in found if bullet]


def _programmes(facts: Facts) -> Text:
    """Which programmes have reached their goal; a programme with a protected figure is not mentioned."""
    indicator = facts.indicators[OUTCOME]
    said: dict[Outcome, list[str]] = {"natt": [], "nara": [], "inte_natt": []}
    for code in facts.in_order(OUTCOME, "insatstyp"):
        outcome = judged(facts, OUTCOME, code).outcome
        if outcome is not None:
            value = words(indicator, facts.current.get(OUTCOME, insatstyp=code))
            said[outcome].append(f"{facts.label('insatstyp', code)} ({value} procent)")
    if not any(said.values()):
        return ()
    verbs = {"natt": "nådde", "nara": "var nära", "inte_natt": "nådde inte"}
    sentences = [
        f"{listed(names)} {verbs[outcome]} {'sitt' if len(names) == 1 else 'sina'} mål."
        for outcome, names in said.items()
        if names
    ]
    return (Run("Resultat per insats:", "strong"), Run(" " + " ".join(sentences)))


def _spread(facts: Facts) -> Text:
    """Said only when most providers went the other way than the total."""
    then = nearest_stored(facts)
    sentence = opposed_sentence(facts) if then else None
    if then is None or sentence is None:
        return ()
    return (Run(f"Måluppfyllelsen sedan {then.title}:", "strong"), Run(f" {sentence[:1].lower()}{sentence[1:]}"))
