"""What is withheld reveals nothing: every format is the same whatever stands behind the hidden values."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.reports.facts_example import HIDDEN, INCLUDE, Values, amount, count, facts, goal, mean, share

from arshjul.catalogue.contracts import load_contracts
from arshjul.reports.context import Question
from arshjul.reports.facts import Facts, Value
from arshjul.reports.rendering import render_files
from arshjul.reports.tertialrapport import REPORT, tertialrapport

OUTCOME = "maluppfyllelse"
PUBLIC: Values = {
    (OUTCOME, ""): share(88, 200),
    (OUTCOME, "insatstyp=a"): share(63, 100),
    (OUTCOME, "insatstyp=b"): HIDDEN,
    (OUTCOME, "insatstyp=a,kon=kvinna"): share(33, 50),
    (OUTCOME, "insatstyp=a,kon=man"): HIDDEN,
    (OUTCOME, "anordnare=1"): share(40, 90),
    (OUTCOME, "anordnare=2"): HIDDEN,
    ("maluppfyllelse_kolada", ""): share(78, 200),
    ("maluppfyllelse_bred", ""): HIDDEN,
    ("avslutsorsaker", "avslutsorsak=kommunal_anstallning"): HIDDEN,
    ("kunder", ""): count(1284),
    ("kunder", "anordnare=1"): HIDDEN,
    ("insatsdagar_till_egen_forsorjning", ""): HIDDEN,
    ("stegforflyttning", ""): HIDDEN,
    ("trappmatning_tackning", ""): HIDDEN,
    ("kvar_i_egen_forsorjning_3m", ""): HIDDEN,
    ("kundnojdhet", ""): mean("4.4", 200),
    ("kundnojdhet", "block=mal"): HIDDEN,
    ("kundnojdhet", "fraga_id=F1"): HIDDEN,
    ("svarsfrekvens", ""): HIDDEN,
    ("synpunkter_inkomna", ""): HIDDEN,
    ("brister_atgardade", ""): HIDDEN,
    ("ersattningsavvikelse", ""): HIDDEN,
    ("kostnad_per_lyckat_avslut", ""): amount(130415),
}


def with_secrets(value: int) -> Facts:
    """The facts, with numbers behind every hidden value that no reader may be told."""

    def secret(given: Value) -> Value:
        if not given.is_protected:
            return given
        number = Decimal(value)
        return replace(
            given,
            numerator=number,
            denominator=number * 2,
            value=number / 10,
            observations=value,
            interval_low=number,
            interval_high=number + 1,
        )

    values = {key: secret(one) for key, one in PUBLIC.items()}
    goals = (
        goal("M1"),
        goal("M2", indicator_id="insatsdagar_till_egen_forsorjning", direction="ned", target=Decimal(210)),
    )
    questions = {(year, "F1"): Question("mal", "1") for year in (2025, 2026)}
    return facts(values, last_year=values, previous=values, goals=goals, questions=questions, merged={OUTCOME: 2})


def files(given: Facts) -> dict[str, bytes]:
    document = tertialrapport(given, "Exempelkommun", load_contracts(INCLUDE))
    return render_files(REPORT, document, given, (["indikator"], []))


def test_no_format_depends_on_what_is_withheld() -> None:
    assert files(with_secrets(3)) == files(with_secrets(4))


def test_the_report_of_withheld_values_says_that_they_are_withheld() -> None:
    page = files(with_secrets(3))["tertialrapport-2026-T1.html"].decode()
    assert page.count("visas inte, eftersom uppgiften kan röja en person") >= 5
    assert "mellan 3 och 4" not in page
