"""The municipality's own registers: its authorised providers, and the goals of the council and the board."""

from __future__ import annotations

from datetime import date

from arshjul.sample.columns import Row
from arshjul.sample.people import luhn_digit
from arshjul.sample.providers import FORMER_NAME, FORMER_SERIES, Provider, invented_orgnr
from arshjul.sample.world import World

# (id, indicator, text, target in the indicator's unit, direction, tolerance, programme, is specially followed)
_BOARD_GOALS: tuple[tuple[str, str, str, float, str, float, str | None, bool], ...] = (
    (
        "N1",
        "maluppfyllelse",
        "65 procent av kunderna ska vara i arbete, studier eller eget företagande efter avslutad insats.",
        65,
        "upp",
        3,
        None,
        True,
    ),
    ("N1G", "maluppfyllelse", "Jobbpeng grund: 80 procent når målet.", 80, "upp", 3, "jobbpeng_grund", False),
    (
        "N1F",
        "maluppfyllelse",
        "Jobbpeng förstärkt: 65 procent når målet.",
        65,
        "upp",
        3,
        "jobbpeng_forstarkt",
        False,
    ),
    (
        "N1S",
        "maluppfyllelse",
        "Språk- och arbetsintroduktion: 40 procent når målet.",
        40,
        "upp",
        3,
        "sprak_och_arbetsintroduktion",
        True,
    ),
    (
        "N2",
        "insatsdagar_till_egen_forsorjning",
        "Vägen till egen försörjning ska vara kort; högst 210 dagar i genomsnitt.",
        210,
        "ned",
        7.5,
        None,
        True,
    ),
    (
        "N3",
        "kvar_i_egen_forsorjning_6m",
        "75 procent ska vara kvar i egen försörjning efter sex månader.",
        75,
        "upp",
        3,
        None,
        False,
    ),
    ("N4", "stegforflyttning", "65 procent ska avsluta på ett högre steg än de började.", 65, "upp", 3, None, False),
    ("N5", "narvarograd", "Deltagarna ska närvara minst 85 procent av planerad tid.", 85, "upp", 2.5, None, False),
    ("N6", "kunder_per_coach", "En coach ska ha högst 30 kunder.", 30, "ned", 1, None, False),
)
# No goal of the board leads to it: the gap that the goal chain is to find (requirements R23).
_GOAL_WITHOUT_BOARD = "Föreningslivet ska vara en väg in på arbetsmarknaden."
_COUNCIL_GOAL_TEXT = "Fler i Exempelkommun ska försörja sig själva genom arbete, studier eller eget företag."


def provider_register(world: World) -> list[Row]:
    """Return the register ``anordnare``: every provider, and one that is no longer authorised."""
    rows = [_register_row(provider, world.last_year) for provider in world.providers]
    former: Row = (
        invented_orgnr(FORMER_SERIES, 9_998),
        FORMER_NAME,
        "extern",
        date(world.last_year - 5, 1, 1),
        date(world.last_year - 2, 6, 30),
        "inget",
        None,
        None,
        "info@bryggan-bemanning.example",
    )
    return [*rows, former]


def _register_row(provider: Provider, year: int) -> Row:
    is_certified = provider.quality == "certifierat"
    return (
        provider.orgnr,
        provider.name,
        provider.kind,
        date(year - 3 - provider.index % 4, 1 + provider.index % 12, 1),
        None,
        provider.quality,
        "ISO 9001:2015" if is_certified else None,
        date(year + 1, 6, 30) if is_certified else None,
        provider.email,
    )


def goals(year: int) -> list[Row]:
    """Return the register ``mal``: the council's goal and the board's, for the year and the one before."""
    return [row for of_year in (year - 1, year) for row in _goals_of(of_year)]


def _goals_of(year: int) -> list[Row]:
    council = f"F1-{year}"
    rows: list[Row] = [
        (council, "fullmaktige", None, year, _COUNCIL_GOAL_TEXT, None, None, "upp", None, None, "nej"),
        (f"F2-{year}", "fullmaktige", None, year, _GOAL_WITHOUT_BOARD, None, None, "upp", None, None, "nej"),
    ]
    for goal, indicator, text, target, direction, tolerance, programme, is_followed in _BOARD_GOALS:
        followed = "ja" if is_followed else "nej"
        rows.append(
            (
                f"{goal}-{year}",
                "namnd",
                council,
                year,
                text,
                indicator,
                target,
                direction,
                tolerance,
                programme,
                followed,
            )
        )
    return rows


def check_orgnr(orgnr: str) -> None:
    """Check a municipality's organisationsnummer.

    Raises:
        ValueError: It is not ten digits with a right check digit and a third digit of 2 or more.
    """
    is_ten_digits = len(orgnr) == 10 and orgnr.isascii() and orgnr.isdigit()
    if not is_ten_digits or orgnr[2] < "2" or luhn_digit(orgnr[:-1]) != int(orgnr[-1]):
        raise ValueError("kommun_orgnr is not a valid organisationsnummer (ten digits)")
