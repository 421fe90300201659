"""Tertialrapport: the board's report after each tertial, as one document made from facts.

Order and parts follow the board papers in the sources (requirements R92, R94): proposal, summary, results against goals,
what was left out, how the report was made, appendix. Every number is put in by code from the facts; a sentence that needs a
comparison says so when the earlier value is not stored (trap T8).
"""

from __future__ import annotations

from arshjul.catalogue.contracts import Contract
from arshjul.reports import appendix, tables
from arshjul.reports.blocks import (
    Block,
    Box,
    BulletList,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    PageBreak,
    Paragraph,
    Run,
    Table,
    Text,
    plain,
    text,
)
from arshjul.reports.facts import Facts, document_date
from arshjul.reports.figures import NOT_COMPARABLE, is_percent, reached, shown, trend_words, words
from arshjul.reports.numbers import MISSING, PROTECTED, number, swedish_date, swedish_time
from arshjul.reports.outcome import OUTCOME, PERCENT, outcome_chapter
from arshjul.reports.swedish import listed
from arshjul.reports.trends import trend

REPORT_ID = "tertialrapport"
BOARD = "Arbetsmarknadsnämnden"
UNIT = "Enheten för uppföljning"

DAYS = "insatsdagar_till_egen_forsorjning"
VOLUMES = ("kunder", "insatser", "nya_insatser", "anordnare_aktiva")
PROCESS = ("narvarograd", "kunder_per_coach", "kapacitetsutnyttjande", "tid_till_start", "kartlaggning_inom_14_dagar")
STEPS = ("stegforflyttning", "stegforflyttning_medel", "trappmatning_tackning")
LASTING = (
    "kvar_i_egen_forsorjning_3m",
    "uppfoljning_tackning_3m",
    "kvar_i_egen_forsorjning_6m",
    "uppfoljning_tackning_6m",
    "kvar_i_egen_forsorjning_12m",
    "uppfoljning_tackning_12m",
)


def tertialrapport(
    facts: Facts, municipality: str, contracts: dict[str, Contract], *, is_draft: bool = False
) -> Document:
    """Write the report.

    Args:
        facts: Everything it says.
        municipality: Name of the municipality.
        contracts: For the datasets' names.
        is_draft: Say so: it is not put up for approval.
    """
    first, last = facts.period.months[0], facts.period.months[-1]
    blocks: list[Block] = [
        Box("Förslag till beslut", (plain(f"{BOARD} noterar informationen till protokollet."),)),
        *_summary(facts),
        *appendix.remarks(facts),
        *outcome_chapter(facts),
        *_days(facts),
        *_steps(facts),
        *_lasting(facts),
        *_volumes(facts),
        *_process(facts),
        *_method(facts),
        PageBreak(),
        Heading("Bilaga 1: Leveranser"),
        appendix.deliveries(facts, contracts),
        *([appendix.refusals(facts)] if facts.refused else []),
        Heading("Bilaga 2: Kontroller"),
        appendix.checks(facts),
        Heading("Bilaga 3: Definitioner"),
        appendix.definitions(facts),
    ]
    return Document(
        title=f"Tertialrapport för arbetsmarknadsinsatser, {facts.period.title}",
        subtitle=f"Resultat {first.title.split()[0]}–{last.title}",
        municipality=municipality,
        unit=UNIT,
        document_type="Tertialrapport",
        date=document_date(facts),
        description=f"Uppföljning av kommunens arbetsmarknadsinsatser {facts.period.title}: måluppfyllelse, tid till egen "
        "försörjning, stegförflyttning, volymer och resurser.",
        keywords=("tertialrapport", "arbetsmarknadsinsatser", facts.period.key),
        head=(
            ("Till", BOARD),
            ("Från", UNIT),
            ("Datum", swedish_date(document_date(facts))),
            ("Uppgifterna hämtade", swedish_time(facts.current.as_of)),
            *([("Status", "Utkast, inte godkänt")] if is_draft else []),
        ),
        blocks=tuple(blocks),
    )


def _card(facts: Facts, indicator_id: str, unit: str, what: str) -> KeyFigure:
    indicator = facts.indicators[indicator_id]
    value = facts.current.get(indicator_id)
    target = facts.target(indicator_id)
    is_reached = reached(indicator, value, target)
    comparison = trend_words(facts, indicator_id)
    if target is not None:
        limit = "minst" if target.direction == "upp" else "högst"
        goal = (
            f"Målet är {limit} {number(target.target, 0)}{PERCENT if is_percent(indicator) else f' {indicator.unit}'}"
        )
        comparison = f"{goal}. {comparison[:1].upper()}{comparison[1:]}"
    return KeyFigure(
        words(indicator, value),
        unit,
        what,
        comparison[:1].upper() + comparison[1:],
        "neutral" if is_reached is None else "reached" if is_reached else "missed",
    )


def _summary(facts: Facts) -> list[Block]:
    indicator = facts.indicators[OUTCOME]
    value, target = facts.current.get(OUTCOME), facts.target(OUTCOME)
    is_reached = reached(indicator, value, target)
    if shown(indicator, value) is None:
        lead = f"För {facts.period.title} finns ingen måluppfyllelse att redovisa."
    else:
        lead = (
            f"Av de insatser som avslutades under {facts.period.title} ledde **{words(indicator, value)} procent** till arbete, "
            "studier eller eget företag."
        )
        if target is not None:
            lead += f" Nämndens mål är {number(target.target, 0)} procent. Målet nåddes {'' if is_reached else 'inte'}".rstrip()
            lead += "."
    return [
        Heading("Sammanfattning"),
        Paragraph(text(lead), is_lead=True),
        KeyFigures(
            (
                _card(facts, OUTCOME, "%", "av avslutade insatser ledde till egen försörjning"),
                _card(facts, DAYS, "dagar", "till egen försörjning i genomsnitt"),
                _card(facts, "kunder", "kunder", "hade en insats under perioden"),
                _card(facts, "narvarograd", "%", "närvaro av planerade timmar"),
            )
        ),
        BulletList(tuple(_bullets(facts))),
    ]


def _bullets(facts: Facts) -> list[Text]:
    bullets = [_programmes_against_target(facts)]
    for indicator_id, beginning in ((DAYS, "Tiden till egen försörjning"), ("kunder", "Antalet kunder")):
        indicator = facts.indicators[indicator_id]
        value = words(indicator, facts.current.get(indicator_id))
        unit = "" if indicator.kind == "count" else f" {indicator.unit}"
        mean = " i genomsnitt" if indicator.kind == "mean" else ""
        bullets.append((Run(beginning, "strong"), Run(f" är {value}{unit}{mean}, {trend_words(facts, indicator_id)}.")))
    return [bullet for bullet in bullets if bullet]


def _programmes_against_target(facts: Facts) -> Text:
    """Which programmes have reached their goal; a programme with a protected figure is not mentioned."""
    indicator = facts.indicators[OUTCOME]
    said: dict[bool, list[str]] = {True: [], False: []}
    for code in facts.in_order(OUTCOME, "insatstyp"):
        value = facts.current.get(OUTCOME, insatstyp=code)
        is_reached = reached(indicator, value, facts.target(OUTCOME, code))
        if is_reached is not None:
            said[is_reached].append(f"{facts.label('insatstyp', code)} ({words(indicator, value)} procent)")
    if not any(said.values()):
        return ()
    sentences = [
        f"{listed(names)} {'nådde' if is_reached else 'nådde inte'} {'sitt' if len(names) == 1 else 'sina'} mål."
        for is_reached, names in said.items()
        if names
    ]
    return (Run("Skillnader mellan insatserna:", "strong"), Run(" " + " ".join(sentences)))


def _days(facts: Facts) -> list[Block]:
    indicator = facts.indicators[DAYS]
    return [
        Heading("Tid till egen försörjning"),
        Paragraph(
            plain(
                "Måttet är antalet kalenderdagar från insatsens första till sista dag, för dem som nådde egen försörjning. "
                f"Genomsnittet är {words(indicator, facts.current.get(DAYS))} dagar, {trend_words(facts, DAYS)}. "
                "Medianen påverkas mindre av enstaka långa insatser."
            )
        ),
        trend(facts, DAYS, "Insatsdagar", "Genomsnitt för insatser som avslutades och ledde till egen försörjning"),
        tables.per_breakdown(
            facts,
            (DAYS, f"{DAYS}_median"),
            "insatstyp",
            "dagar",
            "Insatsdagar till egen försörjning per insats",
            "Dagar per insats",
        ),
    ]


def _steps(facts: Facts) -> list[Block]:
    return [
        Heading("Stegförflyttning"),
        Paragraph(
            plain(
                "Trappan visar hur deltagarna rör sig mot arbete, också de som inte nådde hela vägen. Bara avslutade insatser "
                "med placering både vid anvisning och vid avslut kan mätas; täckningen visar hur stor andel det är."
            )
        ),
        tables.per_breakdown(facts, STEPS, "insatstyp", "steg", "Stegförflyttning och täckning per insats", "Steg"),
    ]


def _lasting(facts: Facts) -> list[Block]:
    return [
        Heading("Kvar i egen försörjning"),
        Paragraph(
            plain(
                "De som nådde egen försörjning följs upp 3, 6 och 12 månader efter avslutet. Andelen gäller dem som nåddes "
                "vid uppföljningen; täckningen visar hur stor andel det är."
            )
        ),
        tables.comparison(facts, LASTING, "varaktighet", "Kvar i egen försörjning, med täckning", "Kvar i försörjning"),
    ]


def _volumes(facts: Facts) -> list[Block]:
    return [
        Heading("Kunder och insatser"),
        tables.comparison(facts, VOLUMES, "volymer", "Kunder, insatser och anordnare", "Volymer"),
        tables.per_breakdown(
            facts,
            ("kunder", "insatser", "nya_insatser"),
            "insatstyp",
            "volym-insats",
            "Volym per insats",
            "Volym per insats",
        ),
    ]


def _process(facts: Facts) -> list[Block]:
    return [
        Heading("Resurser och arbetssätt"),
        tables.comparison(facts, PROCESS, "process", "Närvaro, beläggning och ledtider", "Resurser"),
        tables.per_breakdown(
            facts,
            ("narvarograd", "kunder_per_coach", "kapacitetsutnyttjande"),
            "anordnare",
            "resurser-anordnare",
            "Närvaro och beläggning per anordnare",
            "Resurser per anordnare",
        ),
    ]


def _method(facts: Facts) -> list[Block]:
    paragraphs = (
        (
            f"Rapporten bygger på det som var känt den {swedish_time(facts.current.as_of)}. Leveranser som kom in senare är "
            "inte med."
        ),
        (
            f"Uppgifter som kan röja en person visas med två punkter ({PROTECTED}). Det gäller antal under fem, andelar där "
            "täljaren, nämnaren eller skillnaden mellan dem är så liten, andelar på 0 eller 100 procent, samt medelvärden "
            "och medianer för färre än tio."
        ),
        "Varje siffra kan spåras till leverans, fil och rad. Siffrornas namn står i tabellbilagan, bladet Siffror.",
        (
            "En jämförelse görs bara med lagrade värden för samma slags period. Annars står det "
            f"”{NOT_COMPARABLE}” eller {MISSING}."
        ),
    )
    left_out: Table = appendix.left_out(facts)
    return [
        Heading("Så är rapporten framtagen"),
        BulletList(tuple(plain(paragraph) for paragraph in paragraphs)),
        left_out,
    ]
