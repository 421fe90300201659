"""What the disclosure engine hides: always enough, never one too many, and always the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.disclosure.engine_tables import rates, shuffled, table, two_periods

from arshjul.disclosure import protection
from arshjul.disclosure.audit import audit
from arshjul.disclosure.protection import protect
from arshjul.disclosure.system import AuditError, Exposure, System, Variable

ROOT = Path(__file__).resolve().parents[2]
RELAXED = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def systems(draw: st.DrawFn) -> System:
    """Counts, totals of some of them, persons between the largest part and the sum; any of it public or forced."""
    values = draw(st.lists(st.integers(0, 9), min_size=2, max_size=6))
    lines, ranks = [], []
    for _ in range(draw(st.integers(1, 5))):
        parts = draw(st.lists(st.integers(0, len(values) - 1), min_size=1, max_size=4, unique=True))
        terms = [(part, draw(st.sampled_from((1, 1, 1, 2)))) for part in parts]
        lines.append(((len(values), -1), *terms))
        values.append(sum(values[part] * times for part, times in terms))
    if draw(st.booleans()):
        parts = draw(st.lists(st.integers(0, len(values) - 1), min_size=1, max_size=3, unique=True))
        top, total = max(values[part] for part in parts), sum(values[part] for part in parts)
        ranks += [((len(values), 1), (part, -1)) for part in parts]
        ranks.append((*((part, 1) for part in parts), (len(values), -1)))
        values.append(draw(st.integers(top, total)))
    variables = []
    for number, value in enumerate(values):
        shown, forced = draw(st.sampled_from(((True, False),) * 5 + ((False, False), (True, True))))
        need = (0, 5) if 1 <= value < 5 else (None, None)
        variables.append(Variable(f"v{number}", value, shown, forced, *need, draw(st.sampled_from((1.0, 2.0, 9.0)))))
    tied = draw(st.lists(st.lists(st.integers(0, len(values) - 1), min_size=2, max_size=2).map(tuple), max_size=2))
    return System(tuple(variables), tuple(lines), tuple(ranks), tuple(tied))


@RELAXED
@given(systems())
def test_after_protection_the_attacker_learns_only_what_no_pattern_can_hide(system: System) -> None:
    pattern = protect(system, seconds=60)
    assert audit(system, pattern.hidden, seconds=60) == pattern.exposed
    everything = frozenset(v.key for v in system.variables if not v.forced)
    beyond_help = {exposure.key for exposure in audit(system, everything, seconds=60)}
    assert {exposure.key for exposure in pattern.exposed} == beyond_help
    for group in system.tied:
        free = [system.variables[i] for i in group if system.variables[i].shown and not system.variables[i].forced]
        assert len({v.key in pattern.hidden for v in free}) <= 1


@RELAXED
@given(systems())
def test_no_cell_is_hidden_that_could_be_shown(system: System) -> None:
    system = System(system.variables, system.equations, system.inequalities)
    pattern = protect(system, seconds=60)
    sensitive = {v.key for v in system.variables if v.sensitive}
    for key in () if pattern.exposed else sorted(pattern.hidden - sensitive):
        assert audit(system, pattern.hidden - {key}, seconds=60), key


@RELAXED
@given(systems(), st.integers(0, 9))
def test_the_order_of_the_input_does_not_matter(system: System, seed: int) -> None:
    assert protect(shuffled(system, seed), seconds=60) == protect(system, seconds=60)


def test_the_textbook_table_is_protected_by_a_rectangle() -> None:
    counts = {("a", "x"): 3, ("a", "y"): 8, ("a", "z"): 9, ("b", "x"): 7, ("b", "y"): 9, ("b", "z"): 6}
    system = table({**counts, ("c", "x"): 8, ("c", "y"): 6, ("c", "z"): 7})
    pattern = protect(system, seconds=60)
    assert pattern.secondary == 3
    rows, columns = ({key.split("|")[side] for key in pattern.hidden} for side in (0, 1))
    assert (len(rows), len(columns)) == (2, 2)
    assert pattern.hidden == {f"{row}|{column}" for row in rows for column in columns}
    assert "*" not in rows | columns
    assert pattern.cost == 4.0


def test_other_hash_seeds_give_the_same_pattern() -> None:
    program = (
        "from tests.disclosure.engine_tables import two_periods\n"
        "from arshjul.disclosure.protection import protect\n"
        "print(sorted(protect(two_periods(), seconds=60).hidden))"
    )
    path = os.pathsep.join((str(ROOT), str(ROOT / "plugins")))
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": path, "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert answers == {f"{sorted(protect(two_periods(), seconds=60).hidden)}\n"}


def test_both_sides_of_a_rate_go_together() -> None:
    free = rates({"a": (6, 2), "b": (20, 9), "c": (30, 11)})
    numbers = {v.key: i for i, v in enumerate(free.variables)}
    tied = tuple((numbers[f"{name}|N"], numbers[f"{name}|S"]) for name in "abc")
    pattern = protect(System(free.variables, free.equations, (), tied), seconds=60)
    assert {key.removesuffix("|S") for key in pattern.hidden if key.endswith("S")} == {
        key.removesuffix("|N") for key in pattern.hidden if key.endswith("N")
    }
    assert {"a|N", "a|S"} <= pattern.hidden


def test_what_is_out_already_is_named_and_the_rest_is_still_protected() -> None:
    counts = {("a",): 2, ("b",): 3, ("c",): 9, ("d",): 12}
    system = table(counts)
    released = [Variable(v.key, v.value, True, v.key == "a", 0, 5) if v.key in "ab" else v for v in system.variables]
    system = System(tuple(released), system.equations)
    pattern = protect(system, seconds=60)
    assert pattern.exposed == (Exposure("a", 2, 2),)
    assert "b" in pattern.hidden
    assert audit(system, pattern.hidden, seconds=60) == pattern.exposed


def test_a_count_that_cannot_be_vague_enough_gets_the_doubt_there_is() -> None:
    variables = (Variable("a", 1, True, False, 0, 5), Variable("b", 2, True, False), Variable("both", 3, True, True))
    pattern = protect(System(variables, (((2, 1), (0, -1), (1, -1)),)), seconds=60)
    assert pattern.hidden == {"a", "b"}
    assert pattern.exposed == (Exposure("a", 0, 3),)


def test_too_little_time_for_the_second_round_still_gives_a_safe_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_time(*_: object, **__: object) -> None:
        raise AuditError("no time left")

    full = protect(two_periods(), seconds=60)
    monkeypatch.setattr(protection, "reach", out_of_time)
    monkeypatch.setattr(protection, "pinned", lambda _, still: ~still & False)
    cut = protect(two_periods(), seconds=60)
    assert (cut.method, full.method) == ("heuristic", "heuristic+reverse delete")
    assert cut.cost >= full.cost
    monkeypatch.undo()
    assert audit(two_periods(), cut.hidden, seconds=60) == ()
