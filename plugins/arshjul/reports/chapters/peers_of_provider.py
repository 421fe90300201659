"""One provider's own figures beside the others', who stay anonymous: nobody's name, and no number that is one other's.

The rule, in one place:

* What is shown is public: the provider's own figure where readers may see it, and figures made of others' public ones.
* Nothing is said of the others together until at least five of them stand behind it.
* Their middle half is told by two ends and a middle, each the mean of two or three providers' figures, so that none of the
  numbers is one provider's own.

Source: Nacka, Kvalitetsrapport 2018, "gemensamt följs upp i partnerskap" (requirement R82).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.numbers import MISSING, NO_BREAK_SPACE, PROTECTED, number, rounded
from arshjul.comparison.values import MERGED, is_percent, scale, shown
from arshjul.prose.swedish import listed, sentence_case
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Cell, Column, Figure, Heading, Paragraph, Row, Table, plain
from arshjul.reports.chart_data import Dot, DotChart
from arshjul.reports.facts import Facts, Value
from arshjul.reports.figures import (
    cells_beside,
    columns_beside,
    interval_cell,
    value_cell,
    words,
)

FEWEST_PEERS = 5
"""So many others at least stand behind anything that is said of them together."""

OWN = (
    "kunder",
    "insatser",
    "maluppfyllelse",
    "narvarograd",
    "kunder_per_coach",
    "kapacitetsutnyttjande",
    "kursbetyg",
    "kursutvardering_tackning",
)
"""The year's indicators that readers see by provider, in reading order."""

OF_SURVEY = ("kundnojdhet", "svarsfrekvens")
"""The spring survey's, which belong to another period."""

_IN_CHART = ("maluppfyllelse", "narvarograd", "svarsfrekvens", "kursutvardering_tackning")
"""Shares that cannot pass a hundred percent."""


@dataclass(frozen=True)
class Peers:
    """The others together, in the unit readers see.

    Attributes:
        count: How many have a public figure.
        low: Where their middle half begins.
        middle: Their middle.
        high: Where it ends.
    """

    count: int
    low: Decimal
    middle: Decimal
    high: Decimal


def peers(indicator: Indicator, values: Sequence[Decimal]) -> Peers | None:
    """Describe the others so that no number is one provider's own.

    Args:
        indicator: Says unit and decimals.
        values: Public values of the others, in any order.

    Returns:
        ``None`` when they are fewer than five.
    """
    ordered = sorted(value * scale(indicator) for value in values)
    if len(ordered) < FEWEST_PEERS:
        return None
    quarter = max(1, len(ordered) // 4)
    half, odd = divmod(len(ordered), 2)

    def mean(found: Sequence[Decimal]) -> Decimal:
        return rounded(sum(found, Decimal(0)) / len(found), indicator.decimals)

    return Peers(
        len(ordered),
        mean(ordered[quarter - 1 : quarter + 1]),
        mean(ordered[half - 1 : half + 1 + odd]),
        mean(ordered[-quarter - 1 : len(ordered) - quarter + 1]),
    )


def others(facts: Facts, indicator_id: str, provider: str) -> list[Decimal]:
    """The other single providers' public values."""
    found = facts.current.by(indicator_id, "anordnare").items()
    return [value.value for code, value in found if code not in (provider, MERGED) and value.value is not None]


def whole(facts: Facts, indicator_id: str, provider: str) -> Value | None:
    """The figure of all providers, or ``None`` when fewer than five others are in it: it would tell of them."""
    codes = facts.current.codes(indicator_id, "anordnare") - {provider, MERGED}
    grouped = facts.context.merged.get(indicator_id, 0)
    # One of those that stand together may be the provider itself.
    count = len(codes) + max(grouped - (provider not in facts.current.codes(indicator_id, "anordnare")), 0)
    return facts.current.get(indicator_id) if count >= FEWEST_PEERS else None


def own_chapter(facts: Facts, provider: str) -> list[Block]:
    """Write the provider's own figures beside a year earlier."""
    heading = Heading("Era egna siffror")
    known = told_of(facts, OWN, provider)
    if not known:
        return [
            heading,
            Paragraph(plain(f"Det finns inga siffror för {facts.period.title} att visa för er. {WITHHELD}")),
        ]
    together = [facts.indicators[one].title.lower() for one in OWN if _is_grouped(facts, one, provider)]
    sentences = [WITHHELD]
    if together:
        sentences.append(f"För {listed(together)} redovisas ni tillsammans med andra små anordnare.")
    title = f"Era siffror {facts.period.title}"
    return [heading, Paragraph(plain(" ".join(sentences))), own_table(facts, known, provider, "egna-siffror", title)]


WITHHELD = (
    f"Här står bara siffror som alla läsare får se. Två punkter ({PROTECTED}) betyder att siffran är dold, också för er, "
    "eftersom den kan röja en person. Uppgifterna om era deltagare har ni själva, men en siffra som lämnas ut kan läggas "
    "ihop med andras."
)


def told_of(facts: Facts, indicators: Sequence[str], provider: str) -> list[str]:
    """Choose the indicators that the provider has a cell of its own in, shown or withheld."""
    return [
        one for one in indicators if one in facts.indicators and facts.current.get(one, anordnare=provider) is not None
    ]


def _is_grouped(facts: Facts, indicator_id: str, provider: str) -> bool:
    codes = facts.current.codes(indicator_id, "anordnare")
    return MERGED in codes and provider not in codes


def own_table(facts: Facts, known: Sequence[str], provider: str, table_id: str, title: str) -> Table:
    """The provider's own figures: now, a year earlier, the change.

    Args:
        facts: Of the period.
        known: Indicators, from :func:`told_of`.
        provider: Ten-digit organisationsnummer.
        table_id: Stable name.
        title: Caption; also the sheet's name.
    """
    then = facts.period.same_last_year
    beside = columns_beside(facts, then)
    rows = []
    for one in known:
        indicator = facts.indicators[one]
        value = facts.current.get(one, anordnare=provider)
        cells = [Cell(tables.value_title(indicator)), value_cell(indicator, value), interval_cell(indicator, value)]
        rows.append(Row((*cells, *cells_beside(facts, one, then, anordnare=provider))))
    columns = [
        Column("Mått", width=2.6),
        Column(sentence_case(facts.period.title), "right", number_format="General"),
        Column(tables.UNCERTAINTY, "right"),
        *beside,
    ]
    percent = bool(beside) and any(is_percent(facts.indicators[one]) for one in known)
    return Table(
        id=table_id,
        title=title,
        columns=tuple(columns),
        rows=tuple(rows),
        note=tables.explained(
            rows,
            "Förändring av procent anges i procentenheter." if percent else "",
            "Osäkerhet: mellan de två talen ligger värdet med hänsyn till slumpen.",
            "" if beside else f"Jämförelsevärde saknas för {then.title}.",
        ),
        sheet=title,
    )


def peers_chapter(facts: Facts, provider: str) -> list[Block]:
    """Write how the provider stands beside the others, without telling of any one of them."""
    heading, beside = Heading("Ni och de andra"), comparable(facts, OWN, provider)
    if not beside:
        return [heading, Paragraph(plain(f"{_TOO_FEW} {_RULE}"))]
    title = f"Ni och de andra anordnarna, {facts.period.title}"
    return [
        heading,
        Paragraph(plain(_RULE)),
        *_figure(facts, [one for one in beside if one in _IN_CHART], provider),
        peer_table(facts, beside, provider, "ni-och-de-andra", title, "Ni och de andra"),
    ]


_TOO_FEW = "Det är för få anordnare med siffror som får visas för att jämföra er med de andra."
_RULE = (
    "Jämförelsen är anonym. Om de andra anordnarna sägs bara något när minst fem av dem har en siffra som får visas. "
    "Varje tal för de andra är ett genomsnitt av minst två anordnare, så inget tal är någon enskilds."
)


def comparable(facts: Facts, indicators: Sequence[str], provider: str) -> list[str]:
    """Choose the indicators where something may be said of the others."""
    return [
        one
        for one in told_of(facts, indicators, provider)
        if len(others(facts, one, provider)) >= FEWEST_PEERS or whole(facts, one, provider) is not None
    ]


def _figure(facts: Facts, known: Sequence[str], provider: str) -> list[Block]:
    dots = []
    for one in known:
        indicator = facts.indicators[one]
        own, total = facts.current.get(one, anordnare=provider), whole(facts, one, provider)
        seen, all_seen = shown(indicator, own), shown(indicator, total)
        if all_seen is None:
            continue
        dots.append(
            Dot(
                indicator.title,
                None if seen is None else float(seen),
                words(indicator, own) if seen is None else f"{words(indicator, own)}{NO_BREAK_SPACE}%",
                float(all_seen),
                f"{words(indicator, total)}{NO_BREAK_SPACE}%",
            )
        )
    if len(dots) < 2:
        return []
    rows = tuple(Row((Cell(dot.label), Cell(dot.display), Cell(dot.then_display))) for dot in dots)
    return [
        Figure(
            id="ni-och-alla",
            title="Ni och samtliga anordnare",
            description=f"Andelar i procent, {facts.period.title}",
            chart=DotChart(tuple(dots), (0, 25, 50, 75, 100), "Ni", "Samtliga anordnare"),
            source="Källa: anordnarnas leveranser och kundenkäten.",
            table=Table(
                id="ni-och-alla",
                title="Ni och samtliga anordnare, procent",
                columns=(Column("Mått", width=2.4), Column("Ni", "right"), Column("Samtliga anordnare", "right")),
                rows=rows,
                note=tables.explained(rows),
                sheet="Ni och samtliga",
            ),
        )
    ]


def peer_table(facts: Facts, known: Sequence[str], provider: str, table_id: str, title: str, sheet: str) -> Table:
    """The provider beside all and beside the others' middle half.

    Args:
        facts: Of the period.
        known: Indicators, from :func:`comparable`.
        provider: Ten-digit organisationsnummer.
        table_id: Stable name.
        title: Caption.
        sheet: Name of its sheet.
    """
    rows = tuple(_peer_row(facts, one, provider) for one in known)
    return Table(
        id=table_id,
        title=title,
        columns=(
            Column("Mått", width=2.4),
            Column("Ni", "right", number_format="General"),
            Column("Samtliga", "right", number_format="General"),
            Column("Mitten", "right", number_format="General"),
            Column("Mittersta hälften", "right", 1.3),
            Column("Ert läge", width=1.5),
        ),
        rows=rows,
        note=tables.explained(
            rows,
            "Mitten och mittersta hälften gäller de andra: en fjärdedel av dem ligger under hälften och en fjärdedel över.",
            nothing=f"{MISSING} = för få andra anordnare för att visa något.",
        ),
        sheet=sheet,
    )


def _peer_row(facts: Facts, indicator_id: str, provider: str) -> Row:
    indicator = facts.indicators[indicator_id]
    own, total = facts.current.get(indicator_id, anordnare=provider), whole(facts, indicator_id, provider)
    # A total of a count says nothing of where one provider stands.
    total_cell = value_cell(indicator, total) if indicator.kind not in ("count", "sum") else Cell(MISSING)
    found = peers(indicator, others(facts, indicator_id, provider))
    middle, between, place = Cell(MISSING), Cell(MISSING), Cell(MISSING)
    if found is not None:
        in_workbook = found.middle / 100 if is_percent(indicator) else found.middle
        middle = Cell(number(found.middle, indicator.decimals), in_workbook)
        between = Cell("–".join(number(end, indicator.decimals) for end in (found.low, found.high)))
        seen = shown(indicator, own)
        place = Cell(MISSING if seen is None else _place(seen, found))
    return Row((Cell(tables.value_title(indicator)), value_cell(indicator, own), total_cell, middle, between, place))


def _place(own: Decimal, found: Peers) -> str:
    if own < found.low:
        return "Lägre än de flesta"
    return "Högre än de flesta" if own > found.high else "Bland de mittersta"
