"""A small municipality with something in every register, and the same one with other secrets behind the same public tables.

What nobody may be told differs between the two: who of two small providers' customers got a job, came, stayed or was
content, which deficiency a few complaints were about and whether it led to anything, and what a day of it cost.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

from psycopg.types.json import Jsonb
from tests.core_rows import INCLUDE, load, start_run
from tests.disclosure.conftest import PROVIDERS
from tests.disclosure.town import PERSONS, ROWS, SMALL

from arshjul.catalogue.codelists import load_codelists
from arshjul.disclosure.release import protect, record_release
from arshjul.disclosure.stored import PublicValue, public_values
from arshjul.indicators.compute import compute
from arshjul.indicators.export import export_rows
from arshjul.indicators.values import find_computation, read_values
from arshjul.lineage.ledger import CheckResult, record_check_run
from arshjul.periods import parse_period
from arshjul.reports.drawing import draw_report
from arshjul.reports.library import REPORTS
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

KNOWN = datetime(2025, 1, 20, 7, tzinfo=UTC)
LARGE = next(iter(PROVIDERS))
UNIT = "jokt"

PAPERS: dict[str, tuple[str, str]] = {
    "tertialrapport": ("2024-T2", ""),
    "delarsrapport": ("2024-T1", ""),
    "klagomalssammanstallning": ("2024-01--2024-08", ""),
    "redovisning_namndbesok": ("2024-01--2024-05", ""),
    "underlag_namndbesok": ("2024-T2", UNIT),
    "underlag_tjanstemannabesok": ("2024-T2", UNIT),
    "internkontrollrapport": ("2024-01--2024-10", ""),
    "verksamhetsberattelse": ("2024", ""),
    "kvalitetsrapport": ("2024", ""),
    "dialogunderlag": ("2024", SMALL[0]),
}
"""Every report, with a period that it can be about and whom or what it is about."""

RELEASED = ("tertialrapport", "verksamhetsberattelse")
"""Those that are published before the next is protected; what they have told is told the same way again."""

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]


def _registers() -> Tables:
    """What is alike: what the municipality itself has done."""
    requires = "namndbesok,tjanstemannabesok,kvalitetsrapport"
    return {
        "anordnare": [
            {"orgnr": orgnr, "namn": f"Anordnare {number} AB", "auktoriserad_fran": "2023-01-01", "period": "2024-01-01"}
            for number, orgnr in enumerate(PROVIDERS, start=1)
        ],
        "uppfoljningsobjekt": [
            {"objekt_id": UNIT, "typ": "egen_verksamhet", "namn": "Jobbtorget", "kraver": requires, "period": "2024-01-01"},
            {"objekt_id": "avtal", "anordnare_orgnr": LARGE, "namn": "Avtalet", "period": "2024-01-01"},
        ],
        "besok": [
            {"besok_id": "b1", "datum": "2024-02-14", "objekt_id": UNIT, "analys": "Lång väntan.\n- Kortare väg"},
            {"besok_id": "b2", "datum": "2024-08-28", "objekt_id": UNIT, "typ": "tjanstemannabesok", "analys": "Bra."},
        ],
        "kontrollpunkter": [{"kontroll_id": "k1", "objekt_id": UNIT, "period": "2024-01-01"}],
        "kontrollresultat": [{"kontroll_id": "k1", "datum": "2024-03-15", "utfall": "avvikelse", "iakttagelse": "Saknas."}],
        "kvalitetsrapporter": [{"objekt_id": UNIT}],
        "dialoger": [
            {
                "anordnare_orgnr": SMALL[0], "datum": "2024-05-13", "typ": "forbattringsomrade", "tema": "Svenska",
                "rad": 1, "text": "För få tider.",
            }
        ],
        "ekonomi": [
            {"objekt_id": UNIT, "manad": f"2024-{month:02d}-01", "budget": 300000, "utfall": 280000 + 9000 * month}
            for month in range(1, 13)
        ],
        "mal": [{"mal_id": "M1", "indikator_id": "maluppfyllelse", "malvarde": 40, "period": "2024-01-01"}],
        "kundenkat_fragor": [
            {"fraga_id": f"f{number}", "block": block}
            for number, block in enumerate(("mal", "bemotande_vardegrund"), start=1)
        ],
    }  # fmt: skip


def _persons_rows(rows: Rows) -> Tables:
    """What was delivered about persons: came, was paid for, was asked and stayed in work; every third answers low."""
    there: Tables = {name: [] for name in ("narvaro", "utbetalningar", "uppfoljningar")}
    there |= {"kundenkat_inbjudningar": [], "kundenkat_svar": []}
    for place, row in enumerate(rows):
        sender, number, month = row["sender"], row["insats_id"], row["slutdatum"][:7]
        own = {"sender": sender, "insats_id": number}
        came = 6 if place % 4 else 2
        reason = {} if came == 6 else {"franvaroorsak": "sjuk"}
        there["narvaro"].append(
            {**own, "datum": f"{month}-02", "planerade_timmar": 6, "narvarande_timmar": came, **reason}
        )
        there["utbetalningar"].append(
            {
                "utbetalning_id": f"u{number}",
                "anordnare_orgnr": sender,
                "insats_id": number,
                "manad": f"{month}-01",
                "belopp": 100 + 10 * (place % 3),
            }
        )
        if row["avslutsorsak"] in ("arbete", "studier"):
            later = f"2024-{min(12, int(month[5:]) + 4):02d}"
            status = "kvar" if place % 3 else "ej_kvar"
            there["uppfoljningar"].append({**own, "manader": 3, "datum": f"{later}-01", "status": status})
        asked = {"inbjudan_id": f"e{number}", "anordnare_orgnr": sender, "besvarad_datum": "2024-04-20"}
        there["kundenkat_inbjudningar"].append({**asked, "status": "besvarad"})
        for question in ("f1", "f2"):
            mark = {"inbjudan_id": f"e{number}", "fraga_id": question, "betyg": 2 if place % 3 == 0 else 5}
            there["kundenkat_svar"].append(mark)
    return there


def _complaints(categories: tuple[str, ...], mended: int) -> Tables:
    """Twelve cases about information and a few others; three are about a deficiency, some of which led to an action."""
    cases = [
        {"arende_id": f"c{place}", "inkom_datum": f"2024-0{place % 8 + 1}-10", "kategori": "information",
         "typ": "klagomal" if place % 2 else "synpunkt", "besvarad_datum": f"2024-0{place % 8 + 1}-20"}
        for place in range(12)
    ]  # fmt: skip
    for place, category in enumerate(categories):
        case = {
            "arende_id": f"d{place}",
            "inkom_datum": f"2024-06-{10 + place}",
            "besvarad_datum": f"2024-06-{20 + place}",
        }
        cases.append({**case, "kategori": category, "brist": "ja", "atgard_id": f"a{place}" if place < mended else ""})
    actions = [
        {"atgard_id": f"a{place}", "kalla": "klagomal", "kall_id": f"d{place}", "beskrivning": "Breven skickas i tid.",
         "beslutad_datum": "2024-06-25", "forfallodatum": "2025-06-30", "period": "2024-07-01"}
        for place in range(mended)
    ]  # fmt: skip
    return {"synpunkter": cases, "atgarder": [*actions, {"atgard_id": "b", "kall_id": "b1", "period": "2024-03-01"}]}


def town() -> Tables:
    """The municipality's rows."""
    complaints = _complaints(("bemotande", "bemotande", "annat"), 1)
    return {"insatser": ROWS, "person": PERSONS, **_registers(), **_persons_rows(ROWS), **complaints}


def other_secrets(seed: int) -> Tables:
    """The same municipality with other secrets: what is told of the two small providers together is the same.

    Two persons at them who are alike but for the provider, and whose enrolments end the same day, have each other's fate.
    """
    rng = random.Random(seed)
    tables = {name: [dict(row) for row in rows] for name, rows in town().items()}
    first, second = ({row["slutdatum"]: row["insats_id"] for row in ROWS if row["sender"] == one} for one in SMALL)
    for day in sorted(first.keys() & second.keys()):
        for fate in _FATES:
            if rng.random() < 0.8:
                for table in fate:
                    _swap(tables[table], {first[day]: second[day], second[day]: first[day]}, fate[table])
    return tables | _complaints(("annat", "annat", "bemotande"), 0)


_FATES: tuple[dict[str, tuple[str, ...]], ...] = (
    {"insatser": ("avslutsorsak",), "uppfoljningar": ("sender", "insats_id")},
    {"narvaro": ("narvarande_timmar", "franvaroorsak")},
    {"utbetalningar": ("belopp",)},
    {"kundenkat_svar": ("betyg",)},
)
"""What is swapped together, by table; whose a follow-up is goes with the exit."""


def _swap(rows: Rows, names: dict[str, str], columns: tuple[str, ...]) -> None:
    """Let two enrolments have each other's values; a row that only one of them has becomes the other's."""

    def of(row: dict[str, Any]) -> tuple[str, Any]:
        return row.get("insats_id") or row["inbjudan_id"][1:], row.get("fraga_id")

    senders = {row["insats_id"]: row["sender"] for row in ROWS}
    told = {of(row): row for row in [dict(row) for row in rows] if of(row)[0] in names}
    for row in rows:
        name, rest = of(row)
        if name not in names:
            continue
        if "insats_id" in columns:
            row |= {"insats_id": names[name], "sender": senders[names[name]]}
        else:
            other = told[names[name], rest]
            for column in columns:
                row.pop(column, None)
            row |= {column: other[column] for column in columns if column in other}


class Town:
    """A house of its own: everything computed, protected and, of the tertial, released.

    Args:
        settings: Of an empty database.
        tables: Its rows.
        is_unusual: The gate has found that a value is far from others, one of those that are withheld.
    """

    def __init__(self, settings: Settings, tables: Tables, *, is_unusual: bool) -> None:
        self.settings = settings
        codes = [
            {"code_list": codelist.name, "code": code.code, "title": code.title, "position": position,
             "attributes": Jsonb(dict(code.attributes))}
            for codelist in load_codelists(INCLUDE).values()
            for position, code in enumerate(codelist.codes, start=1)
        ]  # fmt: skip
        with transaction(settings) as connection:
            self.run_id = start_run(connection)
            load(connection, self.run_id, {"code": codes, **tables})
        self.computations: dict[str, int] = {}
        for period in ("2024-T1", *sorted({period for period, _ in PAPERS.values()})):
            with transaction(settings, Role.COMPUTE) as connection:
                done = compute(connection, settings.include, parse_period(period), run_id=self.run_id, as_of=KNOWN)
                self.computations[period] = done.computation_id
            with transaction(settings) as connection:
                checked = [
                    CheckResult(one, "Värdet liknar andra.", "varning", is_success=not is_unusual, action="Se efter.")
                    for one in ("anordnare_liknar_varandra", "varden_liknar_tidigare")
                ]
                checked.append(
                    CheckResult("avslut_finns", "Avslut finns.", "varning", is_success=True, action="Se efter.")
                )
                record_check_run(
                    connection, run_id=self.run_id, stage="indicator", period=period, results=checked, as_of=KNOWN,
                    computation_id=self.computations[period],
                )  # fmt: skip
        self.protections: dict[str, int] = {}
        for report_id in sorted(PAPERS, key=lambda one: (one not in RELEASED, one)):
            with transaction(settings, Role.COMPUTE) as connection:
                made = protect(
                    connection, settings.include, self.computations[PAPERS[report_id][0]], run_id=self.run_id,
                    indicators=REPORTS[report_id].indicators,
                )  # fmt: skip
                self.protections[report_id] = made.protection_id
                if report_id in RELEASED:
                    record_release(connection, INCLUDE, made, "publicering", run_id=self.run_id)
        with transaction(settings) as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # known when the figures were
            connection.exec_driver_sql("UPDATE indicator.release SET released_at = '2024-12-01'")

    def public(self) -> dict[str, list[PublicValue]]:
        with transaction(self.settings, Role.REPORT) as connection:
            return {name: public_values(connection, one) for name, one in self.protections.items()}

    def true(self, period: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], Any]:
        with transaction(self.settings, Role.COMPUTE) as connection:
            computation = find_computation(connection, self.settings.include, self.computations[period])
            found = read_values(connection, self.settings.include, computation, internal=True)
            return {(one.indicator_id, tuple(sorted(one.cell.items()))): one for one in found}

    def destroy_what_is_computed(self) -> None:
        """Put other numbers behind what is told, and take some away: a report has no business there."""
        with transaction(self.settings) as connection:
            connection.exec_driver_sql(
                "SET LOCAL session_replication_role = replica"
            )  # what is computed is append only
            connection.exec_driver_sql("DELETE FROM indicator.value WHERE cell <> '{}' AND mod(observations, 2) = 0")
            connection.exec_driver_sql(
                "UPDATE indicator.value SET numerator = 98765, denominator = 98765, value = 98765, observations = 98765"
            )
            connection.exec_driver_sql("DELETE FROM indicator.left_out")

    def draw(self, report_id: str) -> dict[str, bytes]:
        period, subject = PAPERS[report_id]
        protection_id = self.protections[report_id]
        with transaction(self.settings, Role.REPORT) as connection:
            computation = find_computation(connection, self.settings.include, self.computations[period])
            return draw_report(
                connection, self.settings, REPORTS[report_id], computation.period, computation.computation_id,
                protection_id,
                lambda definitions: export_rows(
                    connection, self.settings.include, computation, internal=False, definitions=definitions,
                    protection_id=protection_id,
                ),
                subject=subject,
            ).files  # fmt: skip
