"""What officials write for the board's reports (``analystexter``): delivered with the last month that a report is about.

No figure is typed: a text that needs one names the indicator (``{maluppfyllelse}``), so that what is made up here never
contradicts what is computed.
"""

from __future__ import annotations

from datetime import date, timedelta

from arshjul.periods import Month, first_months
from arshjul.sample.columns import Row

AUTHOR = "Processutvecklare, Arbetsmarknadsavdelningen"
_CONTROLLER = "Controller, Ekonomiavdelningen"

_Part = tuple[str, str | None, str]

_ECONOMY: _Part = (
    "ekonomiska_konsekvenser",
    None,
    (
        "Utbetalning till anordnarna sker för redovisad och utförd insats. Stickprov görs varje månad och avvikelser "
        "regleras vid nästa utbetalning. Rapporten leder inte till några nya kostnader för nämnden."
    ),
)
_CHILDREN: _Part = (
    "konsekvenser_for_barn",
    None,
    (
        "När föräldrar får arbete eller börjar studera blir familjens ekonomi tryggare. Insatser som förläggs till dagtid "
        "gör det lättare att förena deltagandet med förskola och skola."
    ),
)
_CONTINUED: _Part = (
    "fortsatt_arbete",
    None,
    (
        "Språk- och arbetsintroduktion är det viktigaste att förbättra. Svenska och praktik ska komma samtidigt i insatsen, och "
        "arbetsgivare bjuds in från första veckan. Det som anordnarna har tagit upp i dialogerna följs upp i höst."
    ),
)
_OUTCOME_SPRING: _Part = (
    "analys",
    "maluppfyllelse",
    (
        "Måluppfyllelsen är {maluppfyllelse}. Språk- och arbetsintroduktion väger tungt i helheten eftersom de flesta "
        "kunderna finns där.\n\n- Fler behöver kombinera svenska med praktik.\n- Arbetsgivare bjuds in tidigare i insatsen."
    ),
)
_OUTCOME_AUTUMN: _Part = (
    "analys",
    "maluppfyllelse",
    (
        "Måluppfyllelsen är {maluppfyllelse}. Skillnaderna mellan insatserna är desamma som tidigare: de som står nära "
        "arbetsmarknaden går vidare snabbt, medan språk- och arbetsintroduktion behöver längre tid."
    ),
)
_DAYS: _Part = (
    "analys",
    "insatsdagar_till_egen_forsorjning",
    (
        "Vägen till egen försörjning tog {insatsdagar_till_egen_forsorjning}. Tiden påverkas mest av hur länge kunderna "
        "väntar på en praktikplats."
    ),
)
_DAYS_AUTUMN: _Part = (
    "analys",
    "insatsdagar_till_egen_forsorjning",
    (
        "Vägen till egen försörjning tog {insatsdagar_till_egen_forsorjning}. Sommarens uppehåll förlänger insatser som "
        "pågår över juli."
    ),
)
_SPOKEN_OF: dict[str, tuple[_Part, ...]] = {
    "spring": (_OUTCOME_SPRING, _DAYS),
    "autumn": (_OUTCOME_AUTUMN, _DAYS_AUTUMN),
}

# (report, first months it is about, from which year: 0 this one, -1 the one before, month it is delivered, parts)
_ANALYSES: tuple[tuple[str, int, int, int, tuple[_Part, ...]], ...] = (
    ("verksamhetsberattelse", 12, -1, 1, (*_SPOKEN_OF["autumn"], _ECONOMY, _CHILDREN)),
    ("delarsrapport", 3, 0, 3, _SPOKEN_OF["spring"]),
    ("kvalitetsrapport", 12, -1, 4, (*_SPOKEN_OF["spring"], _CONTINUED, _ECONOMY, _CHILDREN)),
    (
        "klagomalssammanstallning",
        8,
        0,
        8,
        (
            (
                "slutsatser",
                None,
                (
                    "De flesta synpunkterna gäller information och bemötande. Brister som kommer tillbaka år efter år tas upp "
                    "med enhetschefen och följs upp i nästa sammanställning."
                ),
            ),
        ),
    ),
    ("delarsrapport", 8, 0, 8, _SPOKEN_OF["autumn"]),
    ("delarsrapport", 10, 0, 10, _SPOKEN_OF["autumn"]),
    (
        "internkontrollrapport",
        10,
        0,
        10,
        (
            (
                "slutsatser",
                None,
                (
                    "Kontrollerna är i huvudsak gjorda enligt plan. De avvikelser som har hittats har lett till beslutade "
                    "åtgärder, och de kontroller som inte har genomförts tas först nästa år."
                ),
            ),
        ),
    ),
)
# (tertial, month it is delivered, part)
_TERTIALS: tuple[tuple[int, int, _Part], ...] = (
    (1, 4, ("maluppfyllelse", "maluppfyllelse", "**Språk- och arbetsintroduktion** avgör helheten.")),
    (
        2,
        8,
        ("maluppfyllelse", "maluppfyllelse", "Resultaten skiljer sig mellan insatserna på samma sätt som tidigare."),
    ),
    (3, 12, ("maluppfyllelse", "maluppfyllelse", "Färre än väntat nådde målet efter språk- och arbetsintroduktion.")),
)


def analysis_rows(month: Month) -> list[Row]:
    """Return the month's ``analystexter``; most months have none."""
    rows: list[Row] = []
    for report, count, years, delivered, parts in _ANALYSES:
        if delivered == month.month:
            period = first_months(month.year + years, count)
            rows += [_row(f"{report}/{period.key}", part, month) for part in parts]
    for number, delivered, part in _TERTIALS:
        if delivered == month.month:
            rows.append(_row(f"tertialrapport/{month.year}-T{number}", part, month))
    return rows


def _row(report: str, part: _Part, month: Month) -> Row:
    section, indicator, text = part
    author = _CONTROLLER if section == "ekonomiska_konsekvenser" else AUTHOR
    return report, section, indicator, text, author, _weekday(month.end)


def _weekday(day: date) -> date:
    """The day, or the Friday before where it is in a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
