"""The providers (anordnare) of the made-up municipality, and the shape each sends its files in.

Names are invented. Organisationsnummer pass the Luhn test and have a third digit of 2 or more. They come from the end
of the series (5599…, 7699…, 8029…; 2129… for the municipality's own), which as far as is known had not been handed out
when this was written. Addresses end in ``.example`` (RFC 2606 §2).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from arshjul.sample.people import luhn_digit
from arshjul.sample.programmes import PROFILES, Programme

PROVIDERS_AT_SCALE_ONE = 12
FEWEST_PROVIDERS = 3

# (name, first four digits of its organisationsnummer)
_NAMES = (
    ("Exempelkommuns jobbcentrum", "2129"),
    ("Klivet Arbetsmarknad AB", "5599"),
    ("Språkbron i Exempelkommun", "8029"),
    ("Nya Spåret Coaching AB", "5599"),
    ("Åkerö Utbildning AB", "5599"),
    ("Rörelsen Jobb och Språk ek. för.", "7699"),
    ("Vägskälet Karriär AB", "5599"),
    ("Exempelkommuns språkverkstad", "2129"),
    ("Broar till Arbete AB", "5599"),
    ("Handslaget Rekrytering AB", "5599"),
    ("Tallkottens Arbetsintegration ek. för.", "7699"),
    ("Första Jobbet i Exempelby AB", "5599"),
    ("Morgondag Kompetens AB", "5599"),
    ("Fyrens Folkbildning", "8029"),
    ("Steget Vidare Exempelby AB", "5599"),
    ("Öppna Dörrar Coaching AB", "5599"),
    ("Lärlingshuset i Exempelkommun", "8029"),
    ("Kompassen Matchning AB", "5599"),
    ("Ängens Arbetsträning ek. för.", "7699"),
    ("Ordrik Språkutbildning AB", "5599"),
    ("Växtkraft Jobbcoach AB", "5599"),
    ("Hamnens Yrkesskola AB", "5599"),
    ("Grindens Arbetsmarknad AB", "5599"),
    ("Trappan till Jobb AB", "5599"),
    ("Ljuspunkten Rehabilitering AB", "5599"),
    ("Samklang Integration", "8029"),
    ("Verkstaden i Söderby ek. för.", "7699"),
    ("Nästa Kapitel Karriär AB", "5599"),
    ("Stigfinnaren Coaching AB", "5599"),
    ("Byns Bygg och Praktik AB", "5599"),
    ("Havre och Honung Socialt Företag", "8029"),
)
FORMER_NAME, FORMER_SERIES = "Bryggan Bemanning AB", "5599"

# A dialogue is held with whoever had more than ten customers the year before: one on either side of that.
_FEW_CUSTOMERS = {7: 10, 11: 11}
_QUALITY = ("etablerat", "certifierat", "pa_vag", "etablerat", "pa_vag", "inget")
_TEAMS = ("Norr", "Söder", "Väst", "Öst", "Mitt", "Åsen")


@dataclass(frozen=True, slots=True)
class FileShape:
    """How a sender writes its files.

    Attributes:
        suffix: ``csv``, ``xlsx`` or ``json``.
        encoding: Of a CSV file.
        delimiter: Of a CSV file.
        decimal: Decimal sign of a CSV file.
        date_pattern: ``strftime`` pattern of dates in a CSV file.
        line_end: Of a CSV file.
        person_style: How personnummer are written, see :func:`arshjul.sample.people.written`.
        loud_headers: Headers in capitals with stray blanks.
    """

    suffix: str = "csv"
    encoding: str = "utf-8-sig"
    delimiter: str = ";"
    decimal: str = ","
    date_pattern: str = "%Y-%m-%d"
    line_end: str = "\r\n"
    person_style: str = "12-"
    loud_headers: bool = False


SHAPES = (
    FileShape(),
    FileShape(encoding="cp1252", person_style="10-"),
    FileShape(suffix="xlsx"),
    FileShape(encoding="utf-8", delimiter=",", decimal=".", line_end="\n"),
    FileShape(encoding="utf-8", delimiter="\t", date_pattern="%Y%m%d", line_end="\n", person_style="12"),
    FileShape(suffix="json", person_style="12"),
    FileShape(loud_headers=True, person_style="10-"),
    FileShape(suffix="xlsx", person_style="10-"),
    FileShape(encoding="cp1252", date_pattern="%Y%m%d", person_style="12"),
    FileShape(encoding="utf-8", line_end="\n", person_style="10"),
    FileShape(encoding="utf-8", delimiter=",", decimal=".", date_pattern="%Y%m%d", line_end="\n", person_style="10-"),
    FileShape(encoding="utf-8-sig", delimiter="\t"),
)
MUNICIPALITY_SHAPE = FileShape()


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider.

    Attributes:
        index: Its place in the register, from 0.
        orgnr: Ten digits.
        name: Its name in the register.
        kind: ``extern`` or ``egen``.
        email: Where receipts go.
        quality: State of its quality system.
        prefix: First letters of its enrolment ids; two providers may share them.
        team: First part of its coaches' ids.
        size: Its share of new enrolments, relative to the others.
        yearly_change: How much its inflow grows in a year, as a share of its first month's (-1 and up).
        profile: What it mostly does.
        shape: How it writes its files.
        customers_per_coach: The level it keeps.
        used_capacity: The share of its places it fills, 0–1.
        customers_a_year: How many customers it has each year, for those that have few; None for the others.
    """

    index: int
    orgnr: str
    name: str
    kind: str
    email: str
    quality: str
    prefix: str
    team: str
    size: int
    yearly_change: float
    profile: tuple[tuple[Programme, int], ...]
    shape: FileShape
    customers_per_coach: float
    used_capacity: float
    customers_a_year: int | None = None


def invented_orgnr(series: str, number: int) -> str:
    """Return a Luhn-valid organisationsnummer.

    Args:
        series: The first four digits.
        number: The next five, 0–99999.
    """
    body = f"{series}{number:05d}"
    return f"{body}{luhn_digit(body)}"


def make_providers(scale: float, count: int | None = None) -> tuple[Provider, ...]:
    """Return the authorised providers of a world.

    Every fourth grows fast while the others shrink a little: the total grows although most providers see fewer
    customers, as in Nacka's report.

    Args:
        scale: 1 gives 12 providers, 2.5 gives 30, 2.6 gives 31; never fewer than three.
        count: How many instead; what the scale says where it is None.
    """
    if count is None:
        count = max(FEWEST_PROVIDERS, round(PROVIDERS_AT_SCALE_ONE * scale))
    return tuple(_provider(index) for index in range(count))


def _provider(index: int) -> Provider:
    base, series = _NAMES[index % len(_NAMES)]
    branch = index // len(_NAMES)
    name = f"{base} filial {branch + 1}" if branch else base
    is_growing = index % 4 == 1
    return Provider(
        index=index,
        orgnr=invented_orgnr(series, 10_007 + 37 * index),
        name=name,
        kind="egen" if series == "2129" else "extern",
        email=f"leverans@{_domain(name)}.example",
        quality=_QUALITY[index % len(_QUALITY)],
        prefix=_ascii(base)[:2].upper(),
        team=_TEAMS[index % len(_TEAMS)],
        size=150 - 9 * (index * 5 % 12),
        yearly_change=0.40 if is_growing else -0.08,
        profile=PROFILES[index % len(PROFILES)],
        shape=SHAPES[index % len(SHAPES)],
        customers_per_coach=25.5 + index * 7 % 10 * 0.45,
        used_capacity=0.76 + index * 5 % 8 * 0.02,
        customers_a_year=_FEW_CUSTOMERS.get(index),
    )


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _domain(name: str) -> str:
    words = [word for word in _ascii(name).lower().replace(".", "").split() if word not in ("ab", "ek", "for", "i")]
    return "-".join(words)
