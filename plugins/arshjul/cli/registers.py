"""``arshjul actions``, ``goals``, ``controls`` and ``documents``: registers of the follow-up year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arshjul.cli.application import AsJson, app, ready, show
from arshjul.settings import load_settings
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.registers.actions import Action, Effect
    from arshjul.registers.controls import ControlPoint, LevelSummary
    from arshjul.registers.goals import ChainGoal, GoalChain


def as_day(text: str) -> date:
    """Read a day; anything else is wrong usage."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a day is written 2026-06-30") from None


YearArgument = Annotated[int | None, typer.Argument(min=2000, max=2199, help="Follow-up year; this year by default.")]
DayOption = Annotated[Any, typer.Option(parser=as_day, metavar="DAY", help="As it stands on a day; today by default.")]


@app.command()
def actions(
    day: DayOption = None,
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    json: AsJson = False,
) -> None:
    """Actions: stage, responsible, age, and which are overdue."""
    from arshjul.registers.actions import read_actions, read_effects

    settings, day = ready(), day or today()
    with transaction(settings, Role.REPORT) as connection:
        found = [one for one in read_actions(connection, now()) if every or not one.is_closed]
        effects = read_effects(connection, now(), found)
    rows = [{**_action_json(one, day), "senare_effekt": _effect_json(effects.get(one.action_id))} for one in found]
    show(rows, json, "\n".join(_action_lines(found, day, effects)))


@app.command()
def goals(year: YearArgument = None, day: DayOption = None, json: AsJson = False) -> None:
    """The goal chain: the council's goals, the board's that serve them, indicators, targets and the plan."""
    from arshjul.registers.goals import read_goal_chain

    settings, day = ready(), day or today()
    with transaction(settings, Role.REPORT) as connection:
        chain = read_goal_chain(connection, now(), year or day.year, day)
    show(_chain_json(chain), json, "\n".join(_chain_lines(chain)))


@app.command()
def controls(
    year: YearArgument = None,
    day: DayOption = None,
    point: Annotated[str, typer.Option(help="One control point, with results and the runs that prove it.")] = "",
    json: AsJson = False,
) -> None:
    """Internal control on three levels: what was made, what is missing, what was found; units roll up to the board."""
    from arshjul.registers.controls import by_level, read_controls

    settings, day = ready(), day or today()
    with transaction(settings, Role.REPORT) as connection:
        points = read_controls(connection, now(), year or day.year, day)
    if point:
        points = tuple(one for one in points if one.control_id == point)
        if not points:
            raise typer.BadParameter(f"there is no control point {point} in {year or day.year}")
        show(_point_json(points[0]), json, "\n".join(_point_lines(points[0])))
    else:
        show([_point_json(one) for one in points], json, "\n".join(_level_lines(by_level(points))))


@app.command()
def documents(day: DayOption = None, json: AsJson = False) -> None:
    """Governing documents: empty header fields, passed reviews and wrong citations. Exit 1 when there are any."""
    from arshjul.catalogue.governing import findings, load_documents

    register = load_documents(load_settings().include)
    found = findings(register, day or today())
    lines = [f"{len(register.documents)} styrdokument, {len(found)} anmärkningar."]
    lines += [f"{one.document.title} ({one.document.reference or one.document.id}): {one.words}" for one in found]
    rows = [{"dokument": one.document.id, "fel": one.fault, "vad": one.what, "text": one.words} for one in found]
    show(rows, json, "\n".join(lines))
    if found:
        raise typer.Exit(1)


def today() -> date:
    """Return today's date in Sweden."""
    from arshjul.lineage.expected import swedish_today

    return swedish_today()


def now() -> datetime:
    """Return now: everything that is known."""
    return datetime.now(UTC)


def _action_json(one: Action, day: date) -> dict[str, Any]:
    return {
        "atgard_id": one.action_id,
        "kalla": one.source,
        "kall_id": one.source_id,
        "beskrivning": one.text,
        "ansvarig": one.responsible,
        "medansvarig": one.co_responsible,
        "fas": one.stage,
        "dagar_i_fasen": one.days_in_stage(day),
        "beslutad": one.decided.isoformat(),
        "forfaller": one.due.isoformat(),
        "status": one.status,
        "forsenad": one.is_overdue(day),
    }


def _effect_json(effect: Effect | None) -> dict[str, Any] | None:
    if effect is None:
        return None
    told = {"fore": (effect.before_period, effect.before), "efter": (effect.after_period, effect.after)}
    values = {
        key: {"period": period.key, "varde": value and str(value)} for key, (period, value) in told.items() if period
    }
    return {"indikator_id": effect.action.indicator_id, **values, "text": effect.words}


def _effect_line(effect: Effect) -> str:
    if effect.words or not effect.before_period or not effect.after_period:
        return f"  {effect.action.indicator_id}: {effect.words}"
    before, after = (
        f"{effect.before:.4g} ({effect.before_period.key})",
        f"{effect.after:.4g} ({effect.after_period.key})",
    )
    return f"  {effect.action.indicator_id}: {before}, därefter {after}".replace(".", ",")


def _action_lines(found: Iterable[Action], day: date, effects: Mapping[str, Effect]) -> Iterable[str]:
    every = list(found)
    late = sum(one.is_overdue(day) for one in every)
    yield f"{len(every)} åtgärder, varav {late} försenade den {day.isoformat()}."
    for one in every:
        yield action_line(one, day)
        if one.action_id in effects:
            yield _effect_line(effects[one.action_id])


def action_line(one: Action, day: date) -> str:
    """Tell an action in one line."""
    who = " och ".join(filter(None, (one.responsible, one.co_responsible)))
    late = "FÖRSENAD, " if one.is_overdue(day) else ""
    stage = f"{one.stage_title} i {one.days_in_stage(day)} dagar"
    return f"{one.action_id} {late}senast {one.due.isoformat()}, {who}, {stage}: {one.text}"


def _point_json(one: ControlPoint) -> dict[str, Any]:
    return {
        "kontroll_id": one.control_id,
        "niva": one.level,
        "metod": one.method,
        "check_id": one.check_id,
        "risk": one.risk,
        "forvantade": one.expected,
        "gjorda": one.made,
        "saknas": one.missing,
        "avvikelser": one.deviations,
        "resultat": [{"datum": r.day.isoformat(), "utfall": r.outcome, "atgarder": r.action_ids} for r in one.results],
        "bevis": [
            {"period": e.period, "haller": e.is_success, "hash": e.hash, "undantag": e.waiver_reason, "av": e.waived_by}
            for e in one.evidence
        ],
    }


def _level_lines(levels: Iterable[LevelSummary]) -> Iterable[str]:
    for level in levels:
        told = f"{len(level.every)} kontrollpunkter, {len(level.missing)} med kontroller som saknas"
        yield f"{level.title}: {told}, {len(level.deviating)} med avvikelser."
        yield from (f"  {_point_line(one)}" for one in level.points)


def _point_line(one: ControlPoint) -> str:
    missing = f" SAKNAS: {one.missing}." if one.missing else ""
    return f"{one.control_id} {one.text} Gjord {one.made} av {one.expected}, avvikelser {one.deviations}.{missing}"


def _point_lines(one: ControlPoint) -> Iterable[str]:
    yield _point_line(one)
    yield f"Risk {one.risk}, {one.frequency}, {one.responsible}, {one.method} {one.check_id or ''}".rstrip()
    yield from (f"  {r.day.isoformat()} {r.outcome} {r.observation or ''}".rstrip() for r in one.results)
    for e in one.evidence:
        waived = f", undantag av {' och '.join(e.waived_by)}: {e.waiver_reason}" if e.waiver_reason else ""
        yield f"  {e.period} {'håller' if e.is_success else 'håller inte'} {e.hash}{waived}"


def _chain_json(chain: GoalChain) -> dict[str, Any]:
    return {
        "ar": chain.year,
        "kedja": [
            {"fullmaktige": link.council and _goal_json(link.council), "namnd": [_goal_json(one) for one in link.board]}
            for link in chain.links
        ],
        "utan_namndmal": [one.goal_id for one in chain.orphans],
        "sarskilt_folja": [one.goal_id for one in chain.followed],
    }


def _goal_json(one: ChainGoal) -> Mapping[str, Any]:
    return {
        "mal_id": one.goal_id,
        "text": one.text,
        "indikator_id": one.indicator_id,
        "insatstyp": one.programme,
        "malvarde": None if one.target is None else str(one.target),
        "riktning": one.direction,
        "tolerans": None if one.tolerance is None else str(one.tolerance),
        "plan": {str(later.year): None if later.target is None else str(later.target) for later in one.plan},
    }


def _chain_lines(chain: GoalChain) -> Iterable[str]:
    yield f"Målkedjan {chain.year}: {len(chain.goals)} mål, {len(chain.orphans)} av fullmäktiges saknar mål hos nämnden."
    for link in chain.links:
        council = link.council
        yield f"\n{council.goal_id} {council.text}" if council else "\nMål hos nämnden utan mål hos fullmäktige"
        if link.is_orphan:
            yield "  Inget mål hos nämnden bidrar."
        yield from (f"  {_goal_line(one)}" for one in link.board)


def _goal_line(one: ChainGoal) -> str:
    sign = "minst" if one.direction == "upp" else "högst"
    measured = f"{one.indicator_id}, {sign} {one.target}" if one.indicator_id else "utan indikator"
    programme = f" ({one.programme})" if one.programme else ""
    plan = ", ".join(f"{later.year}: {later.target}" for later in one.plan)
    followed = " Följs särskilt." if one.is_followed else ""
    return f"{one.goal_id} {one.text.rstrip('.')}: {measured}{programme}{f'; plan {plan}' if plan else ''}.{followed}"
