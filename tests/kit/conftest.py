"""The catalogue, and the sender's checker as it is handed out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from arshjul.catalogue.codelists import CodeList, load_codelists
from arshjul.catalogue.contracts import Contract, load_contracts
from arshjul.kit.build import build_checker
from arshjul.settings import REPOSITORY, Settings, load_settings

INCLUDE = REPOSITORY / "include"


@pytest.fixture(scope="session")
def contracts() -> Mapping[str, Contract]:
    """Every contract."""
    return load_contracts(INCLUDE)


@pytest.fixture(scope="session")
def codelists() -> Mapping[str, CodeList]:
    """Every code list."""
    return load_codelists(INCLUDE)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a home without anything in it."""
    return load_settings({"ARSHJUL_HOME": str(tmp_path_factory.mktemp("home"))})


@pytest.fixture(scope="session")
def packed(home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checker as one file."""
    return build_checker(home, tmp_path_factory.mktemp("utdelat"))
