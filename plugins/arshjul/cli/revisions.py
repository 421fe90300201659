"""``arshjul revisions``: what was reported, compared with what is known now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from arshjul.cli.application import AsJson, app, as_period, begun, show
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arshjul.catalogue.indicators import Indicator
    from arshjul.indicators.revision import Part, Revision


@app.command()
def revisions(
    period: Annotated[
        Any, typer.Argument(parser=as_period, metavar="[PERIOD]", help="Tell only of this period; of all by default.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Compare every reported period with what is known now, and say which figures changed and why (unprotected)."""
    from arshjul.catalogue.indicators import load_indicators
    from arshjul.indicators.revision import read_revisions, revise_reported
    from arshjul.lineage.readings import record_reading

    with begun(Role.COMPUTE, period.key if period else None) as run:
        with transaction(run.settings, Role.COMPUTE) as connection:
            revise_reported(connection, run.settings.include, run_id=run.run_id)
        with transaction(run.settings, Role.COMPUTE) as connection:
            found = read_revisions(connection, run.settings.include, period)
    record_reading(run.settings, "revisions", period.key if period else "allt", len(found))
    show([_as_json(one) for one in found], json, _text(found, load_indicators(run.settings.include)))


def _as_json(revision: Revision) -> dict[str, Any]:
    return {
        "period": revision.period.key,
        "indikator_id": revision.indicator_id,
        "cell": dict(revision.cell),
        "rapporterat": _amounts(revision.old),
        "nu": _amounts(revision.new),
        "delar": [{"orsak": part.reason, **_amounts(part)} for part in revision.parts],
    }


def _amounts(told: Any) -> dict[str, Any]:
    """Numbers as text, with every digit."""
    numbers = {"taljare": told.numerator, "namnare": told.denominator, "varde": told.value}
    return {name: None if one is None else format(one, "f") for name, one in numbers.items()} | {
        "antal": told.observations
    }


def _text(found: list[Revision], indicators: Mapping[str, Indicator]) -> str:
    if not found:
        return "Inget som har rapporterats har ändrats."
    lines = ["Oskyddade siffror: får inte spridas."]
    for one in found:
        indicator = indicators.get(one.indicator_id)
        if indicator is None:
            continue  # gone from the catalogue since: nobody is shown it any more
        cell = "".join(f"/{name}={code}" for name, code in sorted(one.cell.items()))
        changes = ", ".join(_part(indicator, part) for part in one.parts)
        then, now = (_shown(indicator, amounts.value) for amounts in (one.old, one.new))
        lines.append(
            f"{one.indicator_id}/{one.period.key}{cell}: {then} blev {now}" + (f" ({changes})" if changes else "")
        )
    return "\n".join(lines)


def _part(indicator: Indicator, part: Part) -> str:
    from arshjul.comparison.numbers import signed
    from arshjul.comparison.values import scale
    from arshjul.reports.revisions import REASON_WORDS

    size = part.numerator if part.value is None else part.value * scale(indicator)
    return f"{REASON_WORDS[part.reason]} {signed(size, indicator.decimals + 1)}"


def _shown(indicator: Indicator, value: Any) -> str:
    from arshjul.comparison.numbers import MISSING, number
    from arshjul.comparison.values import scale

    return MISSING if value is None else number(value * scale(indicator), indicator.decimals + 1)
