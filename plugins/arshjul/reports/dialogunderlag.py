"""Dialogunderlag: one provider's own figures beside anonymous others, before the dialogue in May.

It opens with what was agreed on last year and how that stands. The spring survey is told of when it is closed and its
result has been reported; until then the pack says that it waits, and shows no old survey in its place (requirement R105).
Source: Nacka, Kvalitetsrapport 2018, "Ärendet" (requirements R80–R82, R97, R105).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arshjul.catalogue.register_rules import load_register_rules
from arshjul.catalogue.signatories import UNIT
from arshjul.comparison.numbers import swedish_date, swedish_time
from arshjul.comparison.values import is_percent
from arshjul.periods import Year
from arshjul.prose.swedish import listed
from arshjul.registers.actions import Action
from arshjul.registers.dialogue import Statement, dialogue_actions, dialogue_statements
from arshjul.registers.provider_cases import KIND_WORDS, OUTCOME_WORDS, ProviderCase, read_cases
from arshjul.registers.survey import survey_is_closed
from arshjul.reports.blocks import (
    Block,
    Box,
    BulletList,
    Cell,
    Column,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Row,
    Run,
    Table,
    Text,
    plain,
)
from arshjul.reports.chapters.actions_chapter import actions_sentence, actions_table
from arshjul.reports.chapters.human import written_chapter
from arshjul.reports.chapters.paths import coverage
from arshjul.reports.chapters.peers_of_provider import (
    OF_SURVEY,
    OWN,
    comparable,
    own_chapter,
    own_table,
    peer_table,
    peers_chapter,
    told_of,
)
from arshjul.reports.chapters.tjansteskrivelse import paper
from arshjul.reports.facts import Facts, FactsMissing, document_date
from arshjul.reports.figures import change_note, compared, has_nothing_beside, without_comparison, words
from arshjul.reports.report_type import Reading, ReportType, Section

GREETING = Section("inledning", "Inför dialogen", is_mandatory=False)

_CARDS = (
    ("kunder", "kunder", "hade en insats hos er"),
    ("maluppfyllelse", "%", "av era avslut ledde till egen försörjning"),
    ("narvarograd", "%", "närvaro av planerade timmar"),
    ("kunder_per_coach", "", "kunder per coach"),
)
_ROWS_TO_FILL = 4


@dataclass(frozen=True)
class Dialogue:
    """What the registers say before a provider's dialogue.

    Attributes:
        year: The dialogue's year.
        statements: What the provider said last year.
        actions: What came of last year's dialogue.
        is_survey_closed: The year's customer survey is closed.
        cases: What the provider has commented on or asked to have corrected since the year before began.
    """

    year: int
    statements: tuple[Statement, ...]
    actions: tuple[Action, ...]
    is_survey_closed: bool
    cases: tuple[ProviderCase, ...] = ()


def dialogunderlag(reading: Reading) -> Document:
    """Read the registers and write the pack of the provider that the reading is about.

    Raises:
        FactsMissing: The provider is in no register.
    """
    if reading.subject not in reading.facts.labels.get("anordnare", {}):
        raise FactsMissing(f"Anordnaren {reading.subject} finns inte i registret. Kontrollera organisationsnumret.")
    connection, as_of, provider = reading.connection, reading.facts.current.as_of, reading.subject
    before = reading.facts.period.year
    rules = load_register_rules(reading.include)
    found = Dialogue(
        year=before + 1,
        statements=dialogue_statements(connection, as_of, before, provider),
        actions=dialogue_actions(connection, as_of, before, provider),
        is_survey_closed=survey_is_closed(connection, as_of, before + 1, rules.survey),
        cases=read_cases(connection, date(before, 1, 1), date(before + 1, 12, 31), as_of=as_of, provider=provider),
    )
    return dialogue_pack(reading, found)


def dialogue_pack(reading: Reading, dialogue: Dialogue) -> Document:
    """Write the pack.

    Args:
        reading: What it is written from; the subject is the provider's number.
        dialogue: What the registers say.
    """
    facts, provider = reading.facts, reading.subject
    name = facts.label("anordnare", provider)
    blocks: list[Block] = [
        *_waiting(reading, dialogue),
        *_summary(facts, provider),
        *written_chapter(reading, GREETING),
        *_last_time(reading, dialogue),
        *own_chapter(facts, provider),
        *peers_chapter(facts, provider),
        *_survey(reading, dialogue),
        *_to_fill(),
        Heading("Om något inte stämmer"),
        BulletList(tuple(map(plain, _CORRECT))),
        *_cases(dialogue.cases),
        Heading("Så är underlaget gjort"),
        BulletList(tuple(map(plain, _method(facts)))),
    ]
    return paper(
        reading,
        blocks,
        title=f"Kvalitetsdialog {dialogue.year}: {name}",
        subtitle=f"Underlag med era siffror för {facts.period.title}, bredvid de andra anordnarnas",
        document_type="Dialogunderlag",
        description=f"Underlag till verksamhets- och kvalitetsdialog {dialogue.year} med {name}.",
        to=name,
    )


def _waiting(reading: Reading, dialogue: Dialogue) -> list[Block]:
    """Say what the pack waits for: the survey's end, or that its result is reported."""
    if not dialogue.is_survey_closed:
        said = f"Kundenkäten {dialogue.year} är inte stängd. Ett nytt underlag skickas när svaren är inne."
    elif _spring(reading) is None:
        said = (
            f"Kundenkäten {dialogue.year} är stängd, men resultatet är inte redovisat än. Ett nytt underlag skickas då."
        )
    else:
        return []
    return [Box("Väntar på", (plain(f"{said} Förra årets enkät visas inte i stället."),), "warning")]


def _spring(reading: Reading) -> Facts | None:
    """The period in which the dialogue year's survey was sent, when readers have been told of it."""
    return next(iter(reading.beside.values()), None)


def _summary(facts: Facts, provider: str) -> list[Block]:
    cards = []
    is_alone = has_nothing_beside(facts, facts.period.same_last_year)
    for one, unit, what in _CARDS:
        value = facts.current.get(one, anordnare=provider)
        if value is None or one not in facts.indicators:
            continue
        change = compared(facts, one, facts.period.same_last_year, anordnare=provider)
        text = "" if is_alone else change_note(change)
        if value.value is None:
            text = "Visas inte, kan röja en person" if value.is_protected else ""
        cards.append(KeyFigure(words(facts.indicators[one], value), unit, what, text))
    lead = (
        "Det här är underlaget till vår dialog om resultat och kvalitet. Läs det före mötet, säg till om något inte stämmer, och "
        "fyll i vad som fungerar och vad som behöver bli bättre."
    )
    alone = without_comparison([facts.period.same_last_year], 1)
    return [
        Paragraph(plain(lead), is_lead=True),
        *([KeyFigures(tuple(cards))] if cards else []),
        *([Paragraph(plain(alone))] if cards and is_alone else []),
    ]


def _last_time(reading: Reading, dialogue: Dialogue) -> list[Block]:
    """What was said last year, and how far what came of it has come (requirement R97)."""
    before = dialogue.year - 1
    heading = Heading(f"Sedan dialogen {before}")
    if not dialogue.statements and not dialogue.actions:
        return [heading, Paragraph(plain(f"Vi hade ingen dialog med er {before}, så det finns inget att följa upp."))]
    blocks: list[Block] = [heading]
    for kind, title in (
        ("framgangsfaktor", "Ni sa att det här fungerar"),
        ("forbattringsomrade", "Ni ville förbättra"),
    ):
        found = [one for one in dialogue.statements if one.kind == kind]
        if found:
            blocks.append(Paragraph((Run(f"{title}:", "strong"),)))
            blocks.append(BulletList(tuple(_said(one) for one in found)))
    if dialogue.actions:
        day = document_date(reading.facts)
        blocks.append(Paragraph(plain(actions_sentence(dialogue.actions, day))))
        blocks.append(actions_table(dialogue.actions, day, "atgarder-dialog", f"Det vi kom överens om {before}"))
    else:
        blocks.append(Paragraph(plain("Inga åtgärder beslutades efter dialogen.")))
    return blocks


def _said(statement: Statement) -> Text:
    return (Run(f"{statement.theme}:", "strong"), Run(f" {statement.text}"))


def _survey(reading: Reading, dialogue: Dialogue) -> list[Block]:
    """This spring's survey; only when it is closed and told of."""
    heading, spring = Heading(f"Kundenkäten {dialogue.year}"), _spring(reading)
    if spring is None or not dialogue.is_survey_closed:
        return [heading, Paragraph(plain("Väntar på: enkätens resultat. Inget äldre resultat visas."))]
    known = told_of(spring, OF_SURVEY, reading.subject)
    caution = " ".join(filter(None, (coverage(spring, "kundnojdhet"), _CAUTION)))
    if not known:
        return [heading, Paragraph(plain(f"Det finns inga enkätsvar att visa för er. {caution}"))]
    blocks: list[Block] = [
        heading,
        Paragraph(plain(caution)),
        own_table(spring, known, reading.subject, "enkat", f"Kundenkäten {dialogue.year}"),
    ]
    beside = comparable(spring, OF_SURVEY, reading.subject)
    if beside:
        title = f"Kundenkäten {dialogue.year}, ni och de andra"
        blocks.append(peer_table(spring, beside, reading.subject, "enkat-andra", title, "Enkäten, ni och de andra"))
    return blocks


_CAUTION = (
    "Bara de som har svarat på hela enkäten räknas. De som inte har svarat kan tycka något annat, så läs resultatet med "
    "försiktighet."
)


def _to_fill() -> list[Block]:
    """Room for the provider's own words."""
    return [
        Heading("Inför dialogen: era ord"),
        Paragraph(plain("Fyll i och ta med till mötet, eller skicka in före. Skriv inget om enskilda deltagare.")),
        _form("framgangsfaktorer", "Framgångsfaktorer", "Det här fungerar", "Så märks det"),
        _form("forbattringsomraden", "Förbättringsområden", "Det här behöver bli bättre", "Det här behövs"),
    ]


def _form(table_id: str, title: str, first: str, second: str) -> Table:
    rows = tuple(Row((Cell(str(number)), Cell(""), Cell(""))) for number in range(1, _ROWS_TO_FILL + 1))
    columns = (Column("Nr", width=0), Column(first, width=3), Column(second, width=3))
    return Table(table_id, title, columns, rows, sheet=title, is_form=True)


_CORRECT = (
    "Är en uppgift som ni har lämnat fel: skicka en ny fil för samma månad. Den ersätter den förra, och ni får en kvittens.",
    (
        "Är något annat fel, eller vill ni förklara en siffra: svara på mejlet som underlaget kom med, senast två arbetsdagar "
        "före mötet. Vi svarar, och det ni skriver följer med till dialogen."
    ),
    "En siffra som redan har redovisats ändras inte i efterhand. Den rättade siffran visas bredvid, med skälet.",
)


def _cases(cases: tuple[ProviderCase, ...]) -> list[Block]:
    """What the provider has said about its figures, and what was done (requirement R82)."""
    if not cases:
        return []
    told = []
    for one in cases:
        ended = "Vi har inte svarat än."
        if one.outcome and one.closed_on:
            ended = f"{OUTCOME_WORDS[one.outcome]} den {swedish_date(one.closed_on)}: {one.decision}"
        words_of_kind = f"{KIND_WORDS[one.kind]} den {swedish_date(one.received_on)} (ärende {one.provider_case_id}):"
        told.append((Run(words_of_kind, "strong"), Run(f" {one.subject} {ended}")))
    return [Paragraph((Run("Det här har ni tagit upp med oss:", "strong"),)), BulletList(tuple(told))]


def _method(facts: Facts) -> list[str]:
    items = [
        f"Siffrorna gäller {facts.period.title}, så som de var kända den {swedish_time(facts.current.as_of)}.",
        "Dialog hålls med anordnare som hade fler än tio kunder förra året.",
        (
            "Ni får se era egna siffror, samtliga anordnares tillsammans och den mittersta hälften av de andra. Ingen annan "
            "anordnare nämns, och ingen annans siffra visas."
        ),
    ]
    shares = [
        facts.indicators[one].title.lower()
        for one in OWN
        if one in facts.indicators and is_percent(facts.indicators[one])
    ]
    if shares:
        items.append(f"Andelar ({listed(shares)}) anges i procent.")
    items.append(f"Frågor om underlaget besvaras av {UNIT[:1].lower()}{UNIT[1:]}.")
    return items


REPORT = ReportType(
    id="dialogunderlag",
    write=dialogunderlag,
    sections=(GREETING,),
    indicators=frozenset({*OWN, *OF_SURVEY}),
    beside=lambda period: (f"{int(period) + 1}-T1",),
    is_public=False,
    has_subject=True,
    accepts=lambda period: isinstance(period, Year),
)
