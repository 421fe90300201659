"""What each definition computes, remembered: a formula that changes without a new version fails a test.

``tests/house/definitions.lock`` holds, for each indicator, its version and a fingerprint of everything that decides its
value: the keys of its YAML that are part of the formula, its SELECT, the functions of core that the SELECT stands on, and
what the exit reasons count as. Comments and layout do not count.

``python -m tests.house.definition_lock`` takes in new indicators and new versions (``make docs`` does it too), and refuses
a formula that changed under its old version. A statement that is only said in another way, with the same values, is taken
in by ``--same-meaning ID ...``; the oracles (tests/oracles) show whether the values are the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.indicators import Indicator, load_indicators, statements_behind

HERE = Path(__file__).resolve().parent
LOCK = HERE / "definitions.lock"
INCLUDE = HERE.parents[1] / "include"

FORMULA_KEYS = ("kind", "each_once", "breakdowns", "distribution_over")

HOW_TO_RAISE = """
If the figure now means something else, say so in its YAML, include/sql/indicator/<id>.yaml, and run `make docs`:
    version: 2
    changes:
      - version: 2
        from: 2026-T2        # the first period that the new definition is for
        what: En mening på svenska om vad som har ändrats, som läsaren ser bredvid siffran.
If it is the same figure, computed in another way: python -m tests.house.definition_lock --same-meaning <id> ..."""

_TOKEN = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)|'(?:[^']|'')*'|\"[^\"]*\"|::|:?[A-Za-z_]\w*|[\d.]+|[<>=!|@\-]+|\S", re.DOTALL
)


def locked() -> dict[str, tuple[int, str]]:
    """Read the lock: version and fingerprint by indicator."""
    rows = (line.split() for line in LOCK.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {indicator_id: (int(version), fingerprint) for indicator_id, version, fingerprint in rows}


def actual(include: Path = INCLUDE) -> dict[str, tuple[int, str]]:
    """Take every definition's version and fingerprint, by indicator."""
    return {one.id: (one.version, fingerprint(one, include)) for one in load_indicators(include).values()}


def fingerprint(indicator: Indicator, include: Path = INCLUDE) -> str:
    """Give a hash of everything that decides an indicator's values."""
    keys = {key: getattr(indicator, key) for key in FORMULA_KEYS}
    statements = {name: plain(text) for name, text in statements_behind(include, indicator.id).items()}
    reasons = {}
    if any("'avslutsorsaker'" in text for text in statements.values()):
        reasons = {one.code: dict(one.attributes) for one in load_codelists(include)["avslutsorsaker"].codes}
    everything = json.dumps([keys, statements, reasons], sort_keys=True)
    return hashlib.sha256(everything.encode()).hexdigest()[:32]


def faults(before: dict[str, tuple[int, str]], now: dict[str, tuple[int, str]]) -> Iterator[str]:
    """Say what is wrong with definitions that changed: the formula without its version, or a version that went back."""
    for indicator_id, (version, mark) in now.items():
        old_version, old_mark = before.get(indicator_id, (version, mark))
        if version < old_version:
            yield f"{indicator_id}: version {version} is older than version {old_version}, which has been in use"
        elif version == old_version and mark != old_mark:
            yield f"{indicator_id}: what it computes has changed, but it is still version {version}"


def write(same_meaning: Collection[str] = ()) -> list[str]:
    """Write the lock anew, or give what hinders it.

    Args:
        same_meaning: Indicators whose formula is said in another way but gives the same values; ``all`` is every one.
    """
    now, before = actual(), locked() if LOCK.is_file() else {}
    kept = {one: value for one, value in before.items() if "all" not in same_meaning and one not in same_meaning}
    if found := list(faults(kept, now)):
        return found
    lines = [f"{indicator_id} {version} {mark}" for indicator_id, (version, mark) in sorted(now.items())]
    head = "# Made by tests/house/definition_lock.py: indicator, version, fingerprint of what decides its values."
    LOCK.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return []


def plain(sql: str) -> str:
    """Give a statement without comments and layout, names and keywords in lower case."""
    tokens = (token for token in _TOKEN.finditer(sql) if not token["comment"])
    return " ".join(token[0] if token[0][0] in "'\"" else token[0].lower() for token in tokens)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--same-meaning", nargs="+", default=[], metavar="ID")
    found = write(parser.parse_args(arguments).same_meaning)
    said = [*found, HOW_TO_RAISE] if found else [f"{LOCK.name}: {len(locked())} definitions"]
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
