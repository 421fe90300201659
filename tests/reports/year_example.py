"""Facts and readings of a made-up year, put together by hand: what the year's reports are tested on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from tests.core_rows import load, start_run
from tests.reports.facts_example import Values, amount, computed, count, facts, goal, mean, share

from arshjul.catalogue.codelists import load_codelists
from arshjul.comparison.targets import Goal
from arshjul.periods import Period, Tertial, Year, YearToDate
from arshjul.prose.texts import Texts, WrittenText
from arshjul.reports.context import Question
from arshjul.reports.facts import Facts
from arshjul.reports.report_type import Reading, ReportType

INCLUDE = Path(__file__).resolve().parents[2] / "include"

LABELS = {
    "insatstyp": {
        "jobbpeng_grund": "Jobbpeng grund",
        "jobbpeng_forstarkt": "Jobbpeng förstärkt",
        "sprak_och_arbetsintroduktion": "Språk- och arbetsintroduktion",
    },
    "anordnare": {"1": "Alfa AB", "2": "Beta AB", "3": "Åkerlunds utbildning AB", "ovriga": "Övriga anordnare"},
    "kon": {"kvinna": "Kvinnor", "man": "Män"},
    "block": {"bemotande_vardegrund": "Bemötande och värdegrund", "mal": "Mål med insatsen"},
    "fraga_id": {"F1": "Jag blir väl bemött.", "F2": "Jag har ett tydligt mål."},
    "avslutsorsak": {"arbete": "Arbete", "studier": "Studier", "sfi": "Svenska för invandrare", "annat": "Annat"},
    "objekt_id": {"jokt": "Jobb- och kompetenstorget", "satsning": "Arbetsmarknadssatsningen"},
    "typ": {"klagomal": "Klagomål", "synpunkt": "Synpunkter"},
    "kategori": {"bemotande": "Bemötande", "information": "Information"},
    "kalla": {"besok": "Besök", "dialog": "Dialog"},
    "niva": {"namnd": "Nämnd", "enhet": "Enhet"},
}

GOALS = (
    goal("F1", level="fullmaktige", goal="Fler invånare försörjer sig själva.", indicator_id=None, target=None),
    goal("N1", parent_id="F1", goal="Minst 65 procent når egen försörjning.", is_followed=True),
    goal(
        "N2",
        parent_id="F1",
        goal="Vägen till egen försörjning är högst 220 dagar.",
        indicator_id="insatsdagar_till_egen_forsorjning",
        target=Decimal(220),
        direction="ned",
        tolerance=None,
        is_followed=True,
    ),
)


def values(outcome: int, ended: int, days: str, customers: int) -> Values:
    """Values of a period: the outcome split over three programmes, days, volumes, grades, money and follow-up."""
    first, second = ended // 5, ended // 4
    third = ended - first - second
    good = (round(first * min(0.95, outcome * 0.0195)), round(second * min(0.9, outcome * 0.015)))
    rest = min(max(round(ended * outcome / 100) - sum(good), 0), third)
    reached = sum(good) + rest
    return {
        ("maluppfyllelse", ""): share(reached, ended),
        ("maluppfyllelse", "insatstyp=jobbpeng_grund"): share(good[0], first),
        ("maluppfyllelse", "insatstyp=jobbpeng_forstarkt"): share(good[1], second),
        ("maluppfyllelse", "insatstyp=sprak_och_arbetsintroduktion"): share(rest, third),
        ("insatsdagar_till_egen_forsorjning", ""): mean(days, reached, str(float(days) - 12), str(float(days) + 12)),
        ("kunder", ""): count(customers),
        ("kunder", "anordnare=1"): count(customers // 2),
        ("kunder", "anordnare=2"): count(customers // 3),
        ("insatser", ""): count(customers + 60),
        ("nya_insatser", ""): count(customers // 3),
        ("anordnare_aktiva", ""): count(31),
        ("narvarograd", ""): share(81, 100),
        ("budgetavvikelse", ""): amount(250_000),
        ("budgetavvikelse", "objekt_id=jokt"): amount(310_000),
        ("budgetavvikelse", "objekt_id=satsning"): amount(-60_000),
        ("kostnad_per_lyckat_avslut", ""): mean("84200", reached),
        ("synpunkter_inkomna", ""): count(24),
        ("namndbesok_genomforda", ""): count(4),
        ("tjanstemannabesok_genomforda", ""): count(1),
        ("atgarder_i_tid", ""): share(14, 18),
    }


def survey(level: str, invited: int, answered: int) -> Values:
    """Grades and response rate of one year's survey."""
    higher = str(float(level) + 0.3)
    return {
        ("kundnojdhet", ""): mean(level, answered),
        ("kundnojdhet", "block=bemotande_vardegrund"): mean(higher, answered),
        ("kundnojdhet", "block=mal"): mean(level, answered),
        ("kundnojdhet", "fraga_id=F1"): mean(higher, answered),
        ("kundnojdhet", "fraga_id=F2"): mean(level, answered),
        ("svarsfrekvens", ""): share(answered, invited),
    }


def year_facts(
    period: Period,
    now: Values,
    last_year: Values | None = None,
    *,
    as_of: datetime,
    goals: tuple[Goal, ...] = GOALS,
    **more: Any,
) -> Facts:
    """Facts of any period, beside the same one a year earlier."""
    made = facts(now, goals=goals, **more)
    current = replace(computed(period, now), as_of=as_of)
    then = None if last_year is None else replace(computed(period.same_last_year, last_year), as_of=as_of)
    history = (*(((period.same_last_year, then),) if then else ()), (period, current))
    return replace(made, period=period, current=current, previous=then, last_year=then, history=history, labels=LABELS)


def text(section: str, markdown: str, indicator_id: str | None = None) -> WrittenText:
    return WrittenText(section, indicator_id, markdown, "Utredare", date(2026, 1, 28))


def reading(
    connection: Connection,
    of: Facts,
    *texts: WrittenText,
    beside: Mapping[str, Facts] | None = None,
    is_draft: bool = False,
) -> Reading:
    """What a report is written from."""
    return Reading(
        connection=connection,
        include=INCLUDE,
        facts=of,
        texts=Texts(texts),
        municipality="Exempelkommun",
        beside=beside or {},
        is_draft=is_draft,
    )


def every_text(report: ReportType, words: str, indicators: tuple[str, ...] = ()) -> tuple[WrittenText, ...]:
    """A text for every section of a report, one for each followed indicator where it takes that."""
    found: list[WrittenText] = []
    for section in report.sections:
        about: tuple[str | None, ...] = indicators if section.per_followed_indicator else (None,)
        found += [text(section.id, f"{words} {section.title.lower()}.", one) for one in about]
    return tuple(found)


INTERIM = YearToDate(2026, 8)
INTERIM_KNOWN = datetime(2026, 9, 8, 7, tzinfo=UTC)
YEAR = Year(2025)
YEAR_KNOWN = datetime(2026, 1, 30, 8, tzinfo=UTC)
QUALITY_KNOWN = datetime(2026, 5, 27, 8, tzinfo=UTC)


def interim_facts() -> Facts:
    """January to August 2026 beside the same months of 2025."""
    return year_facts(INTERIM, values(46, 260, "236.4", 640), values(43, 240, "240.2", 610), as_of=INTERIM_KNOWN)


def whole_year_facts(as_of: datetime = YEAR_KNOWN) -> Facts:
    """2025 beside 2024."""
    return year_facts(YEAR, values(44, 410, "240.1", 910), values(47, 395, "201.3", 870), as_of=as_of)


def tertial_facts(tertial: int, as_of: datetime = YEAR_KNOWN) -> Facts:
    """A tertial of 2025 beside the one of 2024."""
    return year_facts(
        Tertial(2025, tertial), values(42 + tertial, 130, "241", 480), values(44, 120, "205", 470), as_of=as_of
    )


def spring_facts() -> Facts:
    """Tertial 1 of 2026, with that spring's survey, beside tertial 1 of 2025."""
    now = {**values(45, 140, "239.2", 500), **survey("4.2", 347, 109)}
    then = {**values(43, 128, "240.4", 480), **survey("4.0", 330, 80)}
    questions = {
        (year, code): Question(block, "1")
        for year in (2025, 2026)
        for code, block in (("F1", "bemotande_vardegrund"), ("F2", "mal"))
    }
    return year_facts(Tertial(2026, 1), now, then, as_of=QUALITY_KNOWN, questions=questions)


def fill_registers(connection: Connection, year: int) -> int:
    """Put a year's registers into the database: objects and their follow-ups, ledger, actions, dialogues.

    Returns:
        The run they belong to.
    """
    run_id = start_run(connection)
    months = [f"{one}-{month:02}-01" for one in (year, year + 1) for month in range(1, 13)]
    lists = load_codelists(INCLUDE)
    codes = [
        {
            "code_list": name,
            "code": code.code,
            "title": code.title,
            "position": place,
            "attributes": Jsonb(dict(code.attributes)),
        }
        for name, found in lists.items()
        for place, code in enumerate(found.codes, start=1)
    ]
    load(
        connection,
        run_id,
        {
            "code": codes,
            "anordnare": [
                {"orgnr": orgnr, "period": f"{year}-01-01", "namn": name, "auktoriserad_fran": "2020-01-01"}
                for orgnr, name in PROVIDERS.items()
            ],
            "uppfoljningsobjekt": [{**one, "period": f"{year}-01-01", "fran": "2020-01-01"} for one in OBJECTS],
            "ekonomi": [
                {"manad": month, "objekt_id": object_id, "budget": budget, "utfall": outcome}
                for object_id, budget, outcome in (("jokt", 1_200_000, 1_171_500), ("satsning", 410_000, 418_200))
                for month in months
            ]
            + [{"manad": months[4], "objekt_id": "satsning", "konto": "5010", "budget": 0, "utfall": 145_000}],
            "atgarder": [{**one, "period": f"{year}-12-01"} for one in ACTIONS],
            "besok": [
                {"besok_id": "b1", "datum": f"{year}-03-12", "objekt_id": "jokt"},
                {"besok_id": "b2", "datum": f"{year}-09-03", "objekt_id": "jokt", "typ": "tjanstemannabesok"},
            ],
            "insatser": [
                {
                    "sender": orgnr,
                    "insats_id": f"{orgnr}-{number}",
                    "period": f"{year}-06-01",
                    "startdatum": f"{year}-02-01",
                }
                for orgnr, customers in zip(PROVIDERS, (14, 12, 11, 10), strict=True)
                for number in range(customers)
            ],
            "dialoger": [
                {
                    "anordnare_orgnr": orgnr,
                    "datum": f"{year + 1}-05-12",
                    "period": f"{year + 1}-05-01",
                    "typ": kind,
                    "tema": theme,
                    "rad": number,
                    "text": words,
                }
                for number, (kind, theme, words, who) in enumerate(SAID, start=1)
                for orgnr in list(PROVIDERS)[:who]
            ],
        },
    )
    return run_id


PROVIDERS = {
    "5560360793": "Alfa AB",
    "5566778899": "Beta AB",
    "5569813599": "Åkerlunds utbildning AB",
    "5560125790": "Delta ekonomisk förening",
}
OBJECTS = (
    {
        "objekt_id": "jokt",
        "typ": "egen_verksamhet",
        "namn": "Jobb- och kompetenstorget",
        "kraver": "tertialrapport,kvalitetsrapport,namndbesok,tjanstemannabesok,internkontroll,ekonomi",
    },
    {"objekt_id": "satsning", "typ": "permanentas", "namn": "Arbetsmarknadssatsningen", "kraver": "namndbesok,ekonomi"},
    {"objekt_id": "avtal", "typ": "avtal", "namn": "Avtal med Åkerlunds utbildning AB", "kraver": "dialog,kundenkat"},
    {"objekt_id": "iop", "typ": "iop", "namn": "Partnerskap med Språkvän", "kraver": "aktivitetsrapport"},
)
ACTIONS = (
    {
        "atgard_id": "a1",
        "kalla": "besok",
        "kall_id": "b1",
        "beskrivning": "Inför gemensam rutin för kartläggning inom två veckor.",
        "beslutad_datum": "2025-03-20",
        "forfallodatum": "2025-09-30",
    },
    {
        "atgard_id": "a2",
        "kalla": "avvikelse",
        "kall_id": "ekonomi/satsning/2025-05",
        "beskrivning": "Säg upp den extra lokalen.",
        "beslutad_datum": "2025-06-12",
        "forfallodatum": "2027-03-31",
        "status": "pagar",
        "medansvarig": "Verksamhetschefen",
    },
    {
        "atgard_id": "a3",
        "kalla": "dialog",
        "kall_id": "5560360793/Språk och praktik",
        "beskrivning": "Pröva praktik och svenska i samma vecka.",
        "beslutad_datum": "2025-06-01",
        "forfallodatum": "2025-12-31",
        "pdca": "forbattra",
        "status": "klar",
        "klar_datum": "2025-12-02",
        "bevis": "Schema från hösten",
    },
)
SAID = (
    ("framgangsfaktor", "Kartläggning och vägledning", "En noggrann kartläggning i början gör insatsen träffsäker.", 3),
    ("framgangsfaktor", "Samarbete med arbetsplatser", "Ett nät av arbetsplatser ger praktik som leder till jobb.", 2),
    ("framgangsfaktor", "Lagom många kunder per coach", "Coachen hinner möta varje kund varje vecka.", 1),
    ("forbattringsomrade", "Språk och praktik", "Svenskan behöver läsas samtidigt som praktiken pågår.", 2),
    ("forbattringsomrade", "Flerpartssamtal", "Samtal med alla parter vid samma bord sparar tid för kunden.", 1),
)
