"""A small made-up core with everything that is hard in it: corrections, withdrawals, borders, and people who come back.

Every thing is drawn by dice of its own, so that fewer of them are the same ones: hypothesis then finds a small example.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.oracles.exits import NOT_REACHED, OUTSIDE, REACHED
from tests.oracles.knowledge import Row, World, later

SENDERS = ("5560360793", "5590000013", "5566778899", "5591234566", "5569876543", "5567654321")
MUNICIPALITY = "2120000142"
PROGRAMMES = ("jobbpeng_grund", "jobbpeng_forstarkt", "sprak_och_arbetsintroduktion")
MONTHS = tuple(date(2024, month, 1) for month in range(1, 6))
LATE_MONTHS = (*MONTHS, date(2024, 12, 1), date(2025, 1, 1))
CORRECTED = datetime(2024, 6, 15, tzinfo=UTC)
CORRECTED_AGAIN = datetime(2024, 7, 20, tzinfo=UTC)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
REASONS = (*sorted(REACHED["lenient"]), *sorted(OUTSIDE), *sorted(NOT_REACHED))
BORDERS = (
    date(2023, 2, 28),
    date(2023, 8, 31),
    date(2023, 11, 30),
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2024, 2, 29),
    date(2024, 4, 16),
    date(2024, 4, 17),
    date(2024, 4, 30),
    date(2024, 5, 1),
    date(2024, 12, 31),
)
TABLES = (
    "insatser",
    "narvaro",
    "trappsteg",
    "uppfoljningar",
    "kapacitet",
    "kurser",
    "kursutvarderingar",
    "kundenkat_fragor",
    "kundenkat_inbjudningar",
    "kundenkat_svar",
    "synpunkter",
    "utbetalningar",
    "ekonomi",
    "uppfoljningsobjekt",
    "besok",
    "atgarder",
    "kontrollpunkter",
    "kontrollresultat",
    "kvalitetsrapporter",
)


def make_core(seed: int, people: int = 60, stays: int = 150, things: int = 40) -> World:
    """Make all versions of all rows.

    Args:
        seed: The same seed makes the same core.
        people: How many persons; none only when there are no stays either.
        stays: How many enrolments.
        things: How many of everything that is not about an enrolment: invitations, courses, cases, visits and so on.
    """
    world: World = {table: [] for table in ("person", *TABLES)}
    for number in range(people):
        _person(_dice(seed, "person", number), world, number)
    for number in range(stays):
        sender = SENDERS[number] if number in (3, 4, 5) else SENDERS[number % 2] if number % 5 else SENDERS[2]
        _stay(_dice(seed, "stay", number), world, f"i{number // 2}", sender)
    for number, sender in enumerate(SENDERS if stays else ()):
        _capacity(_dice(seed, "capacity", number), world, sender)
    makers: tuple[Callable[[random.Random, World, int], None], ...] = (_course, _invitation, _case, _visit, _action)
    for make in makers:
        for number in range(things):
            make(_dice(seed, make.__name__, number), world, number)
    if things:
        _questions(_dice(seed, "questions", 0), world)
        _registers(_dice(seed, "registers", 0), world)
        _ledger(_dice(seed, "ledger", 0), world)
    return world


def _dice(seed: int, kind: str, number: int) -> random.Random:
    return random.Random(f"{seed}/{kind}/{number}")


def _tell(dice: random.Random, rows: list[Row], sender: str, month: date, row: Row, other: Row) -> None:
    """Tell a row for a delivery month; sometimes it is corrected, withdrawn, or first told by a correction."""
    known = datetime.combine(later(month, 1) + timedelta(days=4), datetime.min.time(), UTC)
    corrected = max(CORRECTED, known + timedelta(days=10))
    again = max(CORRECTED_AGAIN, known + timedelta(days=20))
    full = {"sender": sender, "period": month, **row}
    changed = {**full, **other}
    chance = dice.random()
    if chance < 0.82:
        history = [(full, known, FOREVER)]
    elif chance < 0.90:
        history = [(full, known, corrected), (changed, corrected, FOREVER)]
    elif chance < 0.93:
        history = [(full, known, corrected), (changed, corrected, again), (full, again, FOREVER)]
    elif chance < 0.96:
        history = [(full, known, corrected)]
    elif chance < 0.98:
        history = [(full, known, corrected), (full, again, FOREVER)]
    else:
        history = [(changed, corrected, FOREVER)]
    rows += [{**version, "known_from": since, "known_to": until} for version, since, until in history]


def _some_day(dice: random.Random) -> date:
    return dice.choice([date(2023, 10, 1) + timedelta(days=dice.randrange(250)), dice.choice(BORDERS)])


def _person(dice: random.Random, world: World, number: int) -> None:
    born = date(1960, 2, 29) + timedelta(days=dice.randrange(17_000))
    world["person"].append(
        {
            "person_id": f"p{number}",
            "birth_date": dice.choice([born, born, born, date(1996, 2, 29), date(1989, 4, 30), date(1999, 1, 1), None]),
            "sex": dice.choice(["kvinna", "man"]),
        }
    )


def _stay(dice: random.Random, world: World, insats_id: str, sender: str) -> None:
    start = dice.choice(
        [
            date(2023, 9, 1) + timedelta(days=dice.randrange(240)),
            date(2022, 11, 1) + timedelta(days=dice.randrange(400)),
        ]
    )
    start = dice.choice([start] * 6 + list(BORDERS))
    end = max(start, dice.choice([start + timedelta(days=dice.randrange(300)), *BORDERS]))
    base: Row = {
        "insats_id": insats_id,
        "person_id": dice.choice(world["person"])["person_id"],
        "insatstyp": dice.choice(PROGRAMMES),
        "startdatum": start,
        "anvisad_datum": dice.choice([None, start, start - timedelta(days=dice.randrange(60))]),
        "kartlaggning_datum": dice.choice([None, *(start + timedelta(days=days) for days in (-3, 0, 13, 14, 15, 40))]),
    }
    reason = dice.choice(REASONS)
    is_ended = dice.random() < 0.8
    told = dice.sample(MONTHS, dice.choice([1, 5, 5, 5]))
    for month in sorted(told):
        if start < later(month, 1):
            over = is_ended and end < later(month, 1)
            row = {**base, "slutdatum": end if over else None, "avslutsorsak": reason if over else None}
            other: Row = {"insatstyp": dice.choice(PROGRAMMES), "avslutsorsak": dice.choice(REASONS) if over else None}
            if dice.random() < 0.3:
                other["person_id"] = dice.choice(world["person"])["person_id"]
            _tell(dice, world["insatser"], sender, month, row, other)
    _attendance(dice, world, sender, insats_id)
    _payments(dice, world, sender, insats_id)
    _staircase(dice, world, sender, insats_id, start, end)
    for months in (3, 6, 12):
        for month in dice.sample(MONTHS, dice.choice([0, 1, 2])):
            status = dice.choice(["egen_forsorjning", "egen_forsorjning", "ej_egen_forsorjning", "ej_nadd"])
            row = {"insats_id": insats_id, "manader": months, "status": status, "datum": end}
            _tell(dice, world["uppfoljningar"], sender, month, row, {"status": "ej_nadd"})


def _attendance(dice: random.Random, world: World, sender: str, insats_id: str) -> None:
    days = {date(2024, 1, 1) + timedelta(days=dice.randrange(130)) for _ in range(dice.randrange(8))}
    for day in sorted({dice.choice([day, date(2024, 2, 29)]) for day in sorted(days)}):
        planned = Decimal(dice.randrange(17)) / 2
        there = dice.choice([planned, Decimal(0), Decimal(dice.randrange(int(planned * 2) + 1)) / 2])
        row = {"insats_id": insats_id, "datum": day, "planerade_timmar": planned, "narvarande_timmar": there}
        # A day is told in its own month's delivery and in no other (deliveries.md, narvaro: inside the delivery month).
        _tell(dice, world["narvaro"], sender, day.replace(day=1), row, {"narvarande_timmar": Decimal(0)})


def _staircase(dice: random.Random, world: World, sender: str, insats_id: str, start: date, end: date) -> None:
    for tillfalle, days in (
        ("anvisning", (start, start + timedelta(days=9))),
        ("under", (start + timedelta(days=20),)),
        ("avslut", (end, end - timedelta(days=3))),
    ):
        for day in days[: dice.choice([0, 1, 1, 2])]:
            for month in dice.sample(MONTHS, dice.choice([1, 1, 2])):
                row = {"insats_id": insats_id, "datum": day, "tillfalle": tillfalle, "steg": dice.randrange(1, 6)}
                _tell(dice, world["trappsteg"], sender, month, row, {"steg": dice.randrange(1, 6)})


def _payments(dice: random.Random, world: World, sender: str, insats_id: str) -> None:
    for number in range(dice.choice([0, 1, 1, 2, 4])):
        days, price = Decimal(dice.randrange(-3, 22)), Decimal(dice.choice(["350", "412.50"]))
        month = dice.choice(MONTHS)
        row = {
            "utbetalning_id": f"u/{sender}/{insats_id}/{number}",
            "anordnare_orgnr": sender,
            "insats_id": insats_id,
            "manad": month,
            "ersatta_dagar": days,
            "dagpris": price,
            "belopp": days * price,
        }
        told = later(month, dice.choice([0, 0, 1]))
        _tell(dice, world["utbetalningar"], MUNICIPALITY, told, row, {"belopp": days * price / 2})


def _capacity(dice: random.Random, world: World, sender: str) -> None:
    for month in MONTHS:
        if dice.random() < 0.8:
            row = {"manad": month, "coacher": Decimal(dice.randrange(1, 30)) / 4, "platser": dice.randrange(30)}
            _tell(dice, world["kapacitet"], sender, month, row, {"platser": dice.randrange(30)})


def _course(dice: random.Random, world: World, number: int) -> None:
    sender, kurs_id = dice.choice(SENDERS), f"k{number // 2}"
    if any((row["sender"], row["kurs_id"]) == (sender, kurs_id) for row in world["kurser"]):
        return
    is_evaluated = dice.choice(["ja", "ja", "nej"])
    row = {
        "kurs_id": kurs_id,
        "namn": "Kurs",
        "slutdatum": _some_day(dice),
        "deltagare": dice.randrange(20),
        "utvarderas": is_evaluated,
        "skal": dice.choice([None, "Prov", "Prov"]),
    }
    other = {"utvarderas": "nej", "skal": "Inställd", "slutdatum": _some_day(dice)}
    for month in dice.sample(MONTHS, dice.choice([1, 2])):
        _tell(dice, world["kurser"], sender, month, row, other)
    for answer in range(dice.choice([0, 0, 2, 5, 12])):
        for question in dice.sample(["innehåll", "lärare", "helhet"], dice.choice([1, 3])):
            month = dice.choice(MONTHS)
            said = {"kurs_id": kurs_id, "svar_nr": str(answer), "fraga": question, "betyg": dice.randrange(1, 6)}
            _tell(dice, world["kursutvarderingar"], sender, month, said, {"betyg": 1})


BLOCKS = ("bemotande_vardegrund", "mal", "paverkan_flexibilitet", "arbetslivskontakt")
QUESTIONS = {f"f{number}": BLOCKS[number % 4] for number in range(6)}


def _questions(dice: random.Random, world: World) -> None:
    """The wording changes, the block that a question belongs to does not."""
    for fraga_id, block in QUESTIONS.items():
        for version, month in (("1", MONTHS[0]), ("2", MONTHS[2])):
            row = {"fraga_id": fraga_id, "block": block, "text": f"Fråga {version}?", "ordalydelse_version": version}
            if version == "1" or dice.random() < 0.5:
                known = datetime(2024, 1, 5, tzinfo=UTC)
                full = {"sender": MUNICIPALITY, "period": month, **row, "known_from": known, "known_to": FOREVER}
                world["kundenkat_fragor"].append(full)


def _invitation(dice: random.Random, world: World, number: int) -> None:
    year = dice.choice([2023, 2024, 2024])
    sent = date(year, dice.choice([2, 3, 3, 10]), 1) + timedelta(days=dice.randrange(40))
    for month in sorted(dice.sample(MONTHS, dice.choice([1, 2]))):
        status = dice.choice(["inbjuden", "paborjad", "besvarad", "besvarad"])
        row = {
            "inbjudan_id": f"b{number}",
            "enkat_ar": year,
            "anordnare_orgnr": SENDERS[number % 3 if number % 40 else 3],
            "kanal": "brev_hem",
            "skickad_datum": sent,
            "status": status,
            "besvarad_datum": sent + timedelta(days=9) if status == "besvarad" else None,
        }
        other = {"status": "paborjad", "besvarad_datum": None}
        _tell(dice, world["kundenkat_inbjudningar"], MUNICIPALITY, month, row, other)
    for fraga_id in sorted(QUESTIONS)[: dice.choice([0, 3, 6, 6])]:
        said = {"inbjudan_id": f"b{number}", "fraga_id": fraga_id, "betyg": dice.randrange(1, 6)}
        _tell(dice, world["kundenkat_svar"], MUNICIPALITY, dice.choice(MONTHS), said, {"betyg": 5})


def _case(dice: random.Random, world: World, number: int) -> None:
    came = _some_day(dice)
    row: dict[str, Any] = {
        "arende_id": f"a{number}",
        "inkom_datum": came,
        "typ": dice.choice(["synpunkt", "klagomal"]),
        "kanal": "brev",
        "objekt_id": "o1",
        "kategori": dice.choice(["bemötande", "tillgänglighet", "innehåll"]),
        "brist": dice.choice(["ja", "nej"]),
    }
    for month in sorted(dice.sample(MONTHS, dice.choice([1, 2]))):
        told = {
            **row,
            "atgard_id": dice.choice([None, f"t{number}"]),
            "avslutad_datum": dice.choice([None, came + timedelta(days=60)]),
            "besvarad_datum": dice.choice([None, came + timedelta(days=dice.randrange(50))]),
        }
        other = {"typ": "klagomal", "brist": "ja", "besvarad_datum": None, "inkom_datum": _some_day(dice)}
        other["inkom_datum"] = min(other["inkom_datum"], came)
        _tell(dice, world["synpunkter"], MUNICIPALITY, month, told, other)


def _visit(dice: random.Random, world: World, number: int) -> None:
    row = {
        "besok_id": f"v{number}",
        "typ": dice.choice(["namndbesok", "tjanstemannabesok"]),
        "datum": _some_day(dice),
        "objekt_id": "o1",
        "deltagare": "två ledamöter",
        "status": dice.choice(["planerat", "genomfort", "genomfort", "installt"]),
    }
    for month in sorted(dice.sample(MONTHS, dice.choice([1, 2]))):
        _tell(dice, world["besok"], MUNICIPALITY, month, row, {"status": "genomfort", "datum": _some_day(dice)})


SECTIONS = dict.fromkeys(("systematiskt_kvalitetsarbete", "resultat_och_analys", "forbattringsomraden"), "Text")
CONTROL = {"risk": 4, "metod": "manuell", "beskrivning": "Kontroll", "frekvens": "varje år", "ansvarig": "Enhetschefen"}
SOURCES = ("besok", "klagomal", "avvikelse", "internkontroll", "dialog", "kvalitetsrapport")


def _action(dice: random.Random, world: World, number: int) -> None:
    due = _some_day(dice)
    base = {
        "atgard_id": f"t{number}",
        "kalla": dice.choice(SOURCES[:3]),
        "kall_id": "x",
        "beskrivning": "Göra något",
        "ansvarig": "Enhetschefen",
        "pdca": "planera",
        "beslutad_datum": due - timedelta(days=90),
        "forfallodatum": due,
    }
    for month in sorted(dice.sample(MONTHS, dice.choice([1, 2]))):
        done = dice.choice([None, *(due + timedelta(days=days) for days in (-20, 0, 1, 30))])
        status = "klar" if done and dice.random() < 0.9 else dice.choice(["oppen", "pagar", "klar"])
        row = {**base, "status": status, "klar_datum": done, "bevis": "Protokoll" if status == "klar" else None}
        _tell(dice, world["atgarder"], MUNICIPALITY, month, row, {"forfallodatum": due + timedelta(days=60)})


def _registers(dice: random.Random, world: World) -> None:
    """Registers are delivered whole; what is gone from a newer one is closed."""
    for number in range(14):
        since = dice.choice([date(2020, 1, 1), date(2024, 3, 1), date(2024, 12, 31), date(2025, 1, 1)])
        row: dict[str, Any] = {
            "objekt_id": f"o{number}",
            "typ": "avtal",
            "namn": "Avtal",
            "fran": since,
            "till": dice.choice([None, None, max(since, date(2023, 12, 31)), max(since, date(2024, 1, 1))]),
            "kraver": dice.choice(
                ["kvalitetsrapport", "tertialrapport, Kvalitetsrapport", "inget", "dialog namndbesok"]
            ),
        }
        told = (date(2023, 12, 1), *MONTHS)[: dice.choice([0, 1, 1, 2, 4, 6, 6, 6])]
        for month in (*told, *(LATE_MONTHS[5:] if len(told) == 6 and dice.random() < 0.8 else ())):
            _tell(dice, world["uppfoljningsobjekt"], MUNICIPALITY, month, row, {"kraver": "kvalitetsrapport"})
        for year in (2023, 2024):
            came = dice.choice(
                [None, date(year, 11, 1), date(year, 12, 31), date(year + 1, 1, 1), date(year + 1, 3, 1)]
            )
            if came:
                report = {"objekt_id": f"o{number}", "ar": year, "inkom_datum": came, "mallversion": "1", **SECTIONS}
                other = {"inkom_datum": date(year, 12, 30)}
                _tell(dice, world["kvalitetsrapporter"], MUNICIPALITY, dice.choice(LATE_MONTHS), report, other)
    for number in range(8):
        row = {"kontroll_id": f"c{number}", "niva": dice.choice(["kommungemensam", "namnd", "enhet"]), **CONTROL}
        for month in MONTHS[: dice.choice([1, 3, 5])]:
            known = datetime.combine(later(month, 1), datetime.min.time(), UTC)
            full = {"sender": MUNICIPALITY, "period": month, **row, "known_from": known, "known_to": FOREVER}
            world["kontrollpunkter"].append(full)
        for day in sorted({_some_day(dice) for _ in range(5)}):
            outcome = dice.choice(["utan_avvikelse", "utan_avvikelse", "avvikelse", "ej_genomford"])
            found = {"kontroll_id": f"c{number}", "datum": day, "utfall": outcome}
            _tell(
                dice, world["kontrollresultat"], MUNICIPALITY, dice.choice(MONTHS[1:]), found, {"utfall": "avvikelse"}
            )


def _ledger(dice: random.Random, world: World) -> None:
    for month in (date(2023, 12, 1), *MONTHS):
        for number in range(4):
            for konto in ("4010", "5010"):
                row = {
                    "manad": month,
                    "objekt_id": f"o{number}",
                    "konto": konto,
                    "budget": Decimal(dice.randrange(100_000)) / 100,
                    "utfall": Decimal(dice.randrange(-1000, 100_000)) / 100,
                }
                told = max(month, MONTHS[0])
                _tell(dice, world["ekonomi"], MUNICIPALITY, told, row, {"utfall": Decimal(0)})
                if dice.random() < 0.2:
                    again = {**row, "utfall": Decimal(7)}
                    _tell(dice, world["ekonomi"], MUNICIPALITY, later(told, 1), again, {"utfall": Decimal(8)})
