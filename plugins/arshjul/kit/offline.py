"""The sender's checker: what it says, and the program it is as one file without anything to install.

``arshjul check`` says the same with the same words. :mod:`arshjul.kit.build` packs the one file, ``python3
arshjul-kontroll.pyz FIL …``, for people who have Python and nothing of ours. Source: spec/cli.md (``check``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.resources import files as packed_files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from arshjul.intake.checker import Checked, check_files
from arshjul.sources.folder import find_named

PACKED = "packed"
"""Folder of the packed file, beside this module, with contracts and :data:`FACTS`."""

FACTS = "facts.json"

_USAGE = """\
Kontrollera filer innan ni skickar dem. Ingenting skickas någonstans.

    {program} FIL …            en eller flera filer, eller en mapp med filer
    {program} --json FIL …     samma svar för program
    {program} --help           den här texten

Filen ska heta datamängd_organisationsnummer_månad, till exempel insatser_5560360793_2026-03.csv, och vara .csv, .xlsx
eller .json. Kontrollera filer som hör ihop tillsammans, till exempel narvaro och insatser.

Avslutas med 0 när allt kan läsas in, 1 när något behöver rättas och 2 när kommandot är fel skrivet.
"""


@dataclass(frozen=True)
class PackedRules:
    """What the one file knows of the municipality that handed it out.

    Attributes:
        include: Folder with contracts and code lists.
        kommun_orgnr: The municipality's own number.
    """

    include: Traversable
    kommun_orgnr: str


def as_json(checked: Collection[Checked]) -> list[dict[str, Any]]:
    """Return verdicts with the keys of a receipt (spec/cli.md) and ``noteringar``, what could not be judged."""
    return [one.receipt.as_json() | {"noteringar": list(one.notes)} for one in checked]


def as_text(checked: Collection[Checked]) -> str:
    """Return verdicts as a sender reads them."""
    told = ["\n".join([one.receipt.as_text(), *(f"Obs: {note}" for note in one.notes)]) for one in checked]
    return "\n\n".join(["Så här skulle kvittensen se ut. Ingenting är skickat eller inläst.", *told])


def has_faults(checked: Collection[Checked]) -> bool:
    """Say whether anything needs to be mended."""
    return any(one.receipt.status == "avvisad" or one.receipt.rows_quarantined for one in checked)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the files that the command line names.

    Args:
        arguments: The command line; the process's own by default.

    Returns:
        The exit code.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    # A console that lacks a letter shows a question mark instead of falling.
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    code = _run(words)
    if sys.platform == "win32" and sys.stdin.isatty() and "--json" not in words:
        input("\nTryck Enter för att stänga.")  # else a window opened by a double click is gone at once
    return code


def _run(words: list[str]) -> int:
    options = {word for word in words if word.startswith("-")}
    paths = [Path(word) for word in words if word not in options]
    if options & {"--help", "-h"}:
        return _say(_usage(), 0)
    if unknown := options - {"--json"}:
        return _say(f"Okänt val: {', '.join(sorted(unknown))}\n\n{_usage()}", 2)
    if not paths:
        return _say(_usage(), 2)
    if missing := [path for path in paths if not path.exists()]:
        return _say(f"Finns inte: {', '.join(str(path) for path in missing)}", 2)
    try:
        checked = check_files(_packed_rules(), find_named(paths))
    except OSError as error:
        return _say(f"Går inte att öppna: {error.filename}", 1)
    if "--json" in options:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    text = json.dumps(as_json(checked), ensure_ascii=False, indent=2) if "--json" in options else as_text(checked)
    return _say(text, int(has_faults(checked)))


def _packed_rules() -> PackedRules:
    folder = packed_files("arshjul.kit") / PACKED
    return PackedRules(folder, **json.loads((folder / FACTS).read_text(encoding="utf-8")))


def _usage() -> str:
    return _USAGE.format(program=f"python3 {Path(sys.argv[0]).name}")


def _say(text: str, code: int) -> int:
    stream = sys.stderr if code == 2 else sys.stdout
    stream.write(f"{text}\n")
    return code
