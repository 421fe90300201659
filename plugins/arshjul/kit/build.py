"""Packing the sender's checker as one file: our modules, the pure Python packages they need, and the contracts.

A zip file that Python runs as it is (the format of the standard library's ``zipapp``), written here because its bytes
are to be the same each time. It runs on any Python from 3.11 on any system: what is compiled stays outside, and a
module that needs more than what is packed stops the build.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.metadata import distribution
from modulefinder import ModuleFinder
from pathlib import Path

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.contracts import load_contracts
from arshjul.kit.offline import FACTS, PACKED
from arshjul.kit.template import template
from arshjul.settings import Settings, load_settings

FILE_NAME = "arshjul-kontroll.pyz"
TEMPLATES = "mallar"

# Distribution → its importable names. Each is Python all through, or does without its compiled part.
_DISTRIBUTIONS = {
    "attrs": {"attr", "attrs"},
    "cattrs": {"cattr", "cattrs"},
    "et-xmlfile": {"et_xmlfile"},
    "ijson": {"ijson"},
    "openpyxl": {"openpyxl"},
    "pyyaml": {"yaml"},
    "typing-extensions": {"typing_extensions"},
}
_ENTRY = "arshjul.kit.offline"
# Named by a string where it is started, so that no import leads to it.
_CHILD = "arshjul.intake.xlsx_child"
_PACKAGES = Path(__file__).resolve().parents[2]

_SHEBANG = b"#!/usr/bin/env python3\n"
_MAIN = """\
import sys

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 eller senare behövs. Hämta den på python.org.")
from arshjul.kit.offline import main

sys.exit(main())
"""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


class KitError(RuntimeError):
    """The checker would need something that is not packed with it."""


def build_checker(settings: Settings, folder: Path) -> Path:
    """Write the checker.

    Args:
        settings: Names the contracts and the municipality's own number, which go into the file.
        folder: Where to write it; made when missing.

    Returns:
        The file.

    Raises:
        KitError: A module of ours imports what is not packed.
    """
    parts = dict([*_our_modules(), *_libraries(), *_rules(settings), ("__main__.py", _MAIN.encode())])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    with path.open("wb") as file:
        file.write(_SHEBANG)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            for name in sorted(parts):
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, _READABLE
                package.writestr(info, parts[name])
    path.chmod(0o755)
    return path


def _our_modules() -> Iterator[tuple[str, bytes]]:
    """Every module of ours that the checker can come to import, also inside a function."""
    finder = ModuleFinder(path=[str(_PACKAGES)])
    for module in (_ENTRY, _CHILD):
        finder.import_hook(module)
    needed = {name.partition(".")[0] for name in finder.badmodules}
    packed = {name for names in _DISTRIBUTIONS.values() for name in names}
    if missing := needed - packed - sys.stdlib_module_names - {"numpy"}:
        raise KitError(f"the checker would need {', '.join(sorted(missing))}")
    files = [file for module in finder.modules.values() if (file := getattr(module, "__file__", None))]
    for path in map(Path, files):
        yield path.relative_to(_PACKAGES).as_posix(), path.read_bytes()


def _libraries() -> Iterator[tuple[str, bytes]]:
    """The packages' Python modules, and their licences."""
    for name, importable in _DISTRIBUTIONS.items():
        for file in distribution(name).files or ():
            is_module = file.parts[0].removesuffix(".py") in importable and file.suffix == ".py"
            is_licence = ".dist-info" in file.parts[0] and "licen" in file.name.lower()
            if is_module or is_licence:
                yield file.as_posix(), file.read_binary()


def _rules(settings: Settings) -> Iterator[tuple[str, bytes]]:
    """The contracts, the code lists and who the municipality is."""
    inside = f"arshjul/kit/{PACKED}"
    for path in (settings.include / "contracts").rglob("*.yaml"):
        yield f"{inside}/{path.relative_to(settings.include).as_posix()}", path.read_bytes()
    yield f"{inside}/{FACTS}", json.dumps({"kommun_orgnr": settings.kommun_orgnr}).encode()


def build_kit(settings: Settings, folder: Path, day: date) -> list[Path]:
    """Write what is handed to senders: the checker, and a template for each dataset.

    Args:
        settings: As for :func:`build_checker`.
        folder: Where to write it; made when missing.
        day: Templates offer codes that are valid on this day.

    Returns:
        The files.
    """
    contracts, codelists = load_contracts(settings.include), load_codelists(settings.include)
    files = [build_checker(settings, folder)]
    templates = folder / TEMPLATES
    templates.mkdir(exist_ok=True)
    for contract in contracts.values():
        path = templates / f"{contract.name}.xlsx"
        path.write_bytes(template(contract, codelists, day))
        files.append(path)
    return files


if __name__ == "__main__":
    for made in build_kit(load_settings(), Path(sys.argv[1]), datetime.now(UTC).astimezone().date()):
        sys.stdout.write(f"{made}\n")
