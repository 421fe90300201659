"""What the municipality follows up (``uppfoljningsobjekt``) and its internal control's points (``kontrollpunkter``).

All eight kinds are there, as in Linköping's handlingsplan BIN 2016-134 (own activity, agreements, internal and external
agreements between authorities, projects, a project that is becoming permanent, grants to associations and IOP).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arshjul.sample.columns import Row
from arshjul.sample.providers import Provider
from arshjul.sample.world import World

OWN_UNIT = "EV-JOBBTORGET"
BECOMING_PERMANENT = "PERM-ARBETSMARKNADSSATSNINGEN"
UNITS = (OWN_UNIT, BECOMING_PERMANENT)
"""The objects that owe a quality report and are visited by board and officers."""
REPORTING_GRANT = "FB-CYKELKOKET"
"""The grant that gives account of itself; the others never do."""
MORE_CUSTOMERS_THAN = 10
"""A dialogue is held with whoever had more customers than this the year before (Nacka, Kvalitetsrapport 2018)."""

# (id, kind, name, counterpart, role of the department, purposes, years it began before the sample's, demands)
_FIXED: tuple[tuple[str, str, str, str | None, str | None, str | None, int, str], ...] = (
    (
        OWN_UNIT,
        "egen_verksamhet",
        "Exempelkommuns jobbtorg",
        None,
        None,
        None,
        8,
        "tertialrapport,kvalitetsrapport,namndbesok,tjanstemannabesok,internkontroll,ekonomi",
    ),
    (
        BECOMING_PERMANENT,
        "permanentas",
        "Arbetsmarknadssatsningen",
        None,
        "agare",
        "kompetensforsorjning,etableringstid,integration",
        2,
        "kvalitetsrapport,namndbesok,ekonomi",
    ),
    (
        "IO-OMSORG",
        "intern_overenskommelse",
        "Arbetsinriktad rehabilitering och stöd för personer med funktionsnedsättning",
        "Omsorgsnämnden",
        None,
        None,
        5,
        "ekonomi",
    ),
    (
        "EO-AF",
        "extern_overenskommelse",
        "Lokal överenskommelse om samverkan",
        "Arbetsförmedlingen",
        None,
        None,
        4,
        "ekonomi",
    ),
    (
        "PR-GRANNEN",
        "projekt",
        "Jobbspår över kommungränsen",
        "Grannkommunen",
        "deltar",
        "kompetensforsorjning",
        1,
        "ekonomi",
    ),
    (
        "PR-SPRAKPRAKTIK",
        "projekt",
        "Språkpraktik i butik",
        "Handelns branschråd i länet",
        "delagare",
        "etableringstid,integration",
        1,
        "ekonomi",
    ),
    ("PR-UNGA", "projekt", "Unga vägar vidare", None, "agare", "integration", 2, "ekonomi"),
    (
        REPORTING_GRANT,
        "foreningsbidrag",
        "Cykelköket: språk vid arbetsbänken",
        "Föreningen Cykelköket",
        None,
        "integration",
        1,
        "aktivitetsrapport",
    ),
    (
        "FB-ODLARNA",
        "foreningsbidrag",
        "Odla tillsammans",
        "Odlarna i Exempelby",
        None,
        "integration",
        1,
        "aktivitetsrapport",
    ),
    (
        "IOP-KVINNOR",
        "iop",
        "Kvinnor till arbete",
        "Samlingsplats Exempelkommun",
        None,
        "integration,kompetensforsorjning",
        3,
        "ekonomi",
    ),
)


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One point of internal control, and the months its result is due."""

    control_id: str
    level: str
    object_id: str | None
    risk: int
    text: str
    method: str
    check_id: str | None
    rhythm: str
    months: tuple[int, ...]
    responsible: str


_EVERY_MONTH, _TERTIALS, _ONCE = tuple(range(1, 13)), (1, 5, 9), (11,)
CONTROL_POINTS = (
    ControlPoint(
        "IK-01",
        "kommungemensam",
        None,
        12,
        "Utbetalningar stäms av mot redovisad närvaro innan de attesteras.",
        "manuell",
        None,
        "manad",
        _EVERY_MONTH,
        "Controller",
    ),
    ControlPoint(
        "IK-02",
        "kommungemensam",
        None,
        8,
        "Behörigheter i verksamhetssystemet gäller bara dem som behöver dem.",
        "manuell",
        None,
        "tertial",
        _TERTIALS,
        "Systemförvaltare",
    ),
    ControlPoint(
        "IK-03",
        "kommungemensam",
        None,
        6,
        "Allmänna handlingar registreras senast dagen efter att de kommit in.",
        "manuell",
        None,
        "ar",
        _ONCE,
        "Registrator",
    ),
    ControlPoint(
        "IK-11",
        "namnd",
        None,
        9,
        "Alla anordnare har lämnat månadens leveranser i tid.",
        "automatisk",
        "anordnare_har_levererat_insatser",
        "manad",
        _EVERY_MONTH,
        "Processutvecklare",
    ),
    ControlPoint(
        "IK-12",
        "namnd",
        None,
        9,
        "Tertialrapportens siffror är godkända av två personer innan de publiceras.",
        "manuell",
        None,
        "tertial",
        _TERTIALS,
        "Enhetschef",
    ),
    ControlPoint(
        "IK-13",
        "namnd",
        None,
        6,
        "Klagomål som visar på brister har fått en åtgärd.",
        "manuell",
        None,
        "tertial",
        _TERTIALS,
        "Sakkunnig",
    ),
    ControlPoint(
        "IK-04",
        "kommungemensam",
        None,
        9,
        "Underlaget hänger ihop: varje uppgift finns en gång och hör till något som finns.",
        "automatisk",
        "underlaget_hanger_ihop",
        "tertial",
        _TERTIALS,
        "Systemförvaltare",
    ),
    ControlPoint(
        "IK-14",
        "namnd",
        None,
        6,
        "Tertialrapporten är beräknad först när perioden är slut.",
        "automatisk",
        "perioden_ar_slut",
        "tertial",
        _TERTIALS,
        "Processutvecklare",
    ),
    ControlPoint(
        "IK-24",
        "enhet",
        OWN_UNIT,
        6,
        "Datum för närvaro, placering och uppföljning stämmer med insatsen.",
        "automatisk",
        "datum_stammer_med_insatsen",
        "tertial",
        _TERTIALS,
        "Enhetschef jobbtorget",
    ),
    ControlPoint(
        "IK-21",
        "enhet",
        OWN_UNIT,
        8,
        "Placering på trappan är gjord vid anvisning och vid avslut.",
        "manuell",
        None,
        "tertial",
        _TERTIALS,
        "Enhetschef jobbtorget",
    ),
    ControlPoint(
        "IK-22",
        "enhet",
        OWN_UNIT,
        4,
        "Kartläggningen är gjord inom fjorton dagar från start.",
        "manuell",
        None,
        "tertial",
        _TERTIALS,
        "Enhetschef jobbtorget",
    ),
    ControlPoint(
        "IK-23",
        "enhet",
        BECOMING_PERMANENT,
        6,
        "Praktikplatserna har en skriftlig överenskommelse med handledare.",
        "manuell",
        None,
        "ar",
        _ONCE,
        "Projektledare",
    ),
)


def object_of(provider: Provider) -> str:
    """Return the id of the object that a provider is: an agreement, or an activity of the municipality's own."""
    return f"{'AVT' if provider.kind == 'extern' else 'EV'}-{provider.index + 1:03d}"


def follow_up_objects(world: World) -> list[Row]:
    """Return the register ``uppfoljningsobjekt``."""
    last_year = world.last_year
    rows: list[Row] = [_fixed_row(number, *fixed, year=last_year) for number, fixed in enumerate(_FIXED, start=1)]
    rows.append(_ended_grant(last_year))
    return [*rows, *(_provider_row(provider, world) for provider in world.providers)]


def _ended_grant(last_year: int) -> Row:
    """A grant whose time was over in the middle of the year before the last: its report is long due."""
    name, party, began = "Bokcaféet: läsa tillsammans", "Studieföreningen Bokcaféet", last_year - 2
    ends, reference = date(last_year - 1, 6, 30), f"AMN {began}-{len(_FIXED) + 1:03d}"
    kind, demands = "foreningsbidrag", "aktivitetsrapport"
    return "FB-BOKCAFE", kind, name, party, None, "integration", date(began, 1, 1), ends, reference, None, demands


def _fixed_row(
    number: int,
    object_id: str,
    kind: str,
    name: str,
    counterpart: str | None,
    role: str | None,
    purposes: str | None,
    years: int,
    demands: str,
    *,
    year: int,
) -> Row:
    began = date(year - years, 1, 1)
    ends = date(year, 12, 31) if kind in ("projekt", "foreningsbidrag") else None
    reference = f"AMN {began.year}-{number:03d}"
    return object_id, kind, name, counterpart, role, purposes, began, ends, reference, None, demands


def _provider_row(provider: Provider, world: World) -> Row:
    """Whoever has a dialogue is followed up in it, and attests there that it applies the municipality's values."""
    is_external, year = provider.kind == "extern", world.last_year
    has_dialogue = world.customers(provider, world.year - 1) > MORE_CUSTOMERS_THAN
    began = date(year - 3 - provider.index % 4, 1 + provider.index % 12, 1)
    return (
        object_of(provider),
        "avtal" if is_external else "egen_verksamhet",
        f"Auktorisation {provider.name}" if is_external else provider.name,
        provider.name if is_external else None,
        None,
        None,
        began,
        None,
        f"AMN {began.year}-{100 + provider.index}",
        provider.orgnr,
        "dialog,vardegrund,kundenkat" if has_dialogue else "kundenkat",
    )


def control_points() -> list[Row]:
    """Return the register ``kontrollpunkter``."""
    return [
        (
            point.control_id,
            point.level,
            point.object_id,
            point.risk,
            point.text,
            point.method,
            point.check_id,
            point.rhythm,
            point.responsible,
        )
        for point in CONTROL_POINTS
    ]
