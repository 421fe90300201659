"""The tertial report made from computed values: what it says, what it keeps to itself, and that it can be made again."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from arshjul.catalogue.contracts import load_contracts
from arshjul.disclosure.release import protect
from arshjul.indicators.compute import Computation, compute
from arshjul.indicators.export import export_rows
from arshjul.indicators.values import find_computation, read_values
from arshjul.intake.office import open_office
from arshjul.intake.queue import receive_all
from arshjul.lineage.ledger import CheckResult, grant_waiver, record_check_run, start_run
from arshjul.periods import Period, Tertial
from arshjul.reports.appendix import public_figures
from arshjul.reports.facts import Facts, FactsMissing, assemble
from arshjul.reports.html import render_html
from arshjul.reports.rendering import render_files
from arshjul.reports.tertialrapport import REPORT, tertialrapport
from arshjul.sample import write_sample
from arshjul.settings import Settings
from arshjul.sources.folder import find_named
from arshjul.warehouse.engine import Role, transaction

REPORTED = Tertial(2026, 1)
INCLUDE = Path(__file__).resolve().parents[2] / "include"


@pytest.fixture
def loaded(database: Settings, tmp_path: Path) -> Settings:
    """A warehouse with January to April of a small municipality."""
    tree = tmp_path / "sample"
    write_sample(tree, 2026, scale=0.1, kommun_orgnr=database.kommun_orgnr)
    files = [file for month in REPORTED.months for file in tree.glob(f"*/*_{month.key}.*")]
    with transaction(database, Role.INTAKE) as connection:
        run_id = start_run(connection, "cli", "test", None, "test")
    with open_office(database) as office:
        receive_all(office, find_named(files), run_id)
    return database


def computed(settings: Settings, period: Period) -> Computation:
    with transaction(settings, Role.COMPUTE) as connection:
        run_id = start_run(connection, "cli", "test", None, "test")
        computation = compute(connection, settings.include, period, run_id=run_id)
        protect(connection, settings.include, computation.computation_id, run_id=run_id)
        return computation


def facts_of(settings: Settings, computation: Computation | None = None) -> Facts:
    with transaction(settings, Role.REPORT) as connection:
        return assemble(connection, settings.include, REPORTED, computation.computation_id if computation else None)


def page(facts: Facts) -> str:
    return re.sub(r"\s+", " ", render_html(tertialrapport(facts, "Exempelkommun", load_contracts(INCLUDE))).decode())


def files_of(settings: Settings, computation: Computation) -> dict[str, bytes]:
    facts = facts_of(settings, computation)
    with transaction(settings, Role.REPORT) as connection:
        found = find_computation(connection, settings.include, computation.computation_id)
        columns, rows = export_rows(connection, settings.include, found, internal=False)
    document = tertialrapport(facts, "Exempelkommun", load_contracts(INCLUDE))
    return render_files(REPORT, document, facts, (columns, rows))


def test_a_period_that_is_not_computed_cannot_be_reported(database: Settings) -> None:
    with pytest.raises(FactsMissing, match="arshjul compute 2026-T1"):
        facts_of(database)


def test_without_a_stored_value_there_is_no_comparison(loaded: Settings) -> None:
    computed(loaded, REPORTED)
    said = page(facts_of(loaded))
    assert "jämförelsevärde saknas" in said
    assert "högre än tertial 3 2025" not in said
    assert "lägre än tertial 3 2025" not in said


def test_a_comparison_is_made_with_what_was_stored_then(loaded: Settings) -> None:
    for period in (Tertial(2025, 1), Tertial(2025, 3)):
        computed(loaded, period)
    current = computed(loaded, REPORTED)
    facts = facts_of(loaded, current)
    assert [period.key for period, _ in facts.history] == ["2025-T1", "2025-T3", "2026-T1"]
    before = page(facts)
    assert re.search(r"(högre|lägre) än tertial 3 2025|oförändrat jämfört med tertial 3 2025", before)
    computed(loaded, Tertial(2025, 3))
    computed(loaded, Tertial(2025, 2))
    assert page(facts_of(loaded, current)) == before, "what is computed later is not in a report made again"


def test_the_same_computation_is_the_same_bytes_in_every_file(loaded: Settings) -> None:
    current = computed(loaded, REPORTED)
    first = files_of(loaded, current)
    assert {Path(name).suffix for name in first} == {".html", ".pdf", ".docx", ".xlsx", ".csv"}
    computed(loaded, REPORTED)
    assert files_of(loaded, current) == first


def test_protected_figures_have_no_numbers_anywhere_in_the_facts(loaded: Settings) -> None:
    current = computed(loaded, REPORTED)
    facts = facts_of(loaded, current)
    hidden = [value for value in facts.current.values.values() if value.is_protected]
    assert hidden
    assert {(v.numerator, v.denominator, v.value, v.observations) for v in hidden} == {(None, None, None, None)}
    with transaction(loaded, Role.COMPUTE) as connection:
        internal = read_values(connection, loaded.include, current, internal=True)
    assert len(list(public_figures(facts))) < len(internal), "readers see the definitions' own tables only"
    assert all(one.observations is None or one.observations >= 5 for one in facts.left_out)


def test_a_waiver_and_a_warning_stand_beside_the_figures(loaded: Settings) -> None:
    current = computed(loaded, REPORTED)
    reason = "Anordnaren har upphört och kan inte leverera april."
    with transaction(loaded, Role.PUBLISH) as connection:
        waiver_id = grant_waiver(
            connection,
            check_id="anordnare_har_levererat_insatser",
            period=REPORTED.key,
            reason=reason,
            valid_until=date(2199, 12, 31),
            requested_by="anna",
            approved_by="bertil",
        )
    results = [
        CheckResult(
            "anordnare_har_levererat_insatser", "Alla har levererat.", "stopp", False, "Påminn.", 1, 1, waiver_id
        ),
        CheckResult(
            "trappmatning_tackning_tackning", "Minst sju av tio är mätta.", "varning", False, "Läs försiktigt.", 1, 1
        ),
        CheckResult(
            "kunder_intervall", "Kunder: varje värde är möjligt.", "stopp", True, "Kontakta utvecklarna.", 9, 0
        ),
    ]
    with transaction(loaded, Role.COMPUTE) as connection:
        record_check_run(
            connection,
            run_id=start_run(connection, "cli", "test", None, "test"),
            stage="indicator",
            period=REPORTED.key,
            results=results,
            as_of=current.as_of,
            computation_id=current.computation_id,
        )
    said = page(facts_of(loaded, current))
    assert reason in said
    assert "Minst sju av tio är mätta." in said
    assert "Kunder: varje värde är möjligt." not in said, "checks of possible values are one row while they hold"
