"""What intake works with: the catalogue, the database, the archive and the keys, opened once for many deliveries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from arshjul.catalogue.codelists import CodeList, load_codelists
from arshjul.catalogue.contracts import Contract, load_contracts
from arshjul.intake.codes import sync_codes
from arshjul.intake.delivery_rules import month_fields
from arshjul.intake.identity import IdentityKeys
from arshjul.intake.parents import parents_of
from arshjul.intake.refusals import ReadLimits
from arshjul.intake.rules import EXCLUDED, Check, checks_of, of_words
from arshjul.intake.staging import prepare_staging, stored_columns
from arshjul.lineage.archive import Archive
from arshjul.lineage.keys import KeyFileError, load_or_create_key
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine
from arshjul.warehouse.statements import Statements


class Wait(NamedTuple):
    """A rule that rows may break only because a parent has not come.

    Attributes:
        place: Rank of the dataset among those that wait: an earlier one may hold a later one's parents.
        dataset: The dataset whose rows wait.
        field: Field the rule is told on.
        rule: The rule.
        is_own: The parents are of the rows' own sender.
    """

    place: int
    dataset: str
    field: str
    rule: str
    is_own: bool


@dataclass(frozen=True)
class Office:
    """Everything that receiving a delivery needs. Made by :func:`open_office`.

    Attributes:
        settings: Names the home, and the municipality's own number.
        engine: Connections under the role of intake.
        statements: The statements of ``include/sql``.
        contracts: Every contract, by name.
        codelists: Every code list, by name.
        archive: Where files are kept untouched.
        keys: Turn a personnummer into its alias and ciphertext.
        limits: How much a file may hold.
    """

    settings: Settings
    engine: Engine
    statements: Statements
    contracts: Mapping[str, Contract]
    codelists: Mapping[str, CodeList]
    archive: Archive
    keys: IdentityKeys = field(repr=False)
    limits: ReadLimits

    def statement(self, path: str, contract: Contract) -> str:
        """Return a statement about a dataset, built from its template once for as long as the office is open.

        Args:
            path: The template below ``include/sql``.
            contract: The dataset.
        """
        key = (path, contract.name)
        if key not in self._statements:
            alike, single = of_words(contract, self.checks(contract))
            self._statements[key] = self.statements.render(
                path,
                contract=contract,
                columns=stored_columns(contract),
                parents=parents_of(contract, self.contracts),
                checks_of_words=alike,
                checks_of_rows=single,
                month_fields=month_fields(contract),
                excluded=EXCLUDED,
            )
        return self._statements[key]

    @cached_property
    def _statements(self) -> dict[tuple[str, str], str]:
        return {}

    def checks(self, contract: Contract) -> tuple[Check, ...]:
        """Return a contract's checks."""
        return self._checks[contract.name]

    @cached_property
    def _checks(self) -> Mapping[str, tuple[Check, ...]]:
        return {name: checks_of(one, self.codelists, self.contracts) for name, one in self.contracts.items()}

    def waiting_for(self, dataset: str) -> list[Wait]:
        """Tell which rows a delivery of ``dataset`` may let through, its children's own children included.

        A row may have been let through by a process that was killed before it came to the row's children: they are
        therefore looked for from the first parent on.
        """
        reached = {dataset: True}
        waits: list[Wait] = []
        for contract in sorted(self.contracts.values(), key=lambda one: one.rank):
            for key in parents_of(contract, self.contracts):
                if key.contract.name not in reached:
                    continue
                is_own = key.is_own and reached[key.contract.name]
                reached[contract.name] = reached.get(contract.name, True) and is_own
                waits += [
                    Wait(len(waits), contract.name, check.field, check.rule, is_own)
                    for check in self.checks(contract)
                    if check.parent == key.place
                ]
        return waits


@contextmanager
def open_office(settings: Settings, limits: ReadLimits | None = None) -> Iterator[Office]:
    """Open what intake works with, and bring code lists and staging tables in step with the catalogue.

    Args:
        settings: Names the home and the database, which is migrated.
        limits: How much a file may hold, if not the usual.

    Raises:
        CatalogueError: A contract or a code list is wrong.
        KeyFileError: A key file cannot be used, or the identity key is another than the one used here before.
        WarehouseError: The database refused something.
    """
    contracts, codelists = load_contracts(settings.include), load_codelists(settings.include)
    engine = open_engine(settings, Role.INTAKE)
    office = Office(
        settings=settings,
        engine=engine,
        statements=Statements(settings.include / "sql"),
        contracts=contracts,
        codelists=codelists,
        archive=Archive(settings.archive, load_or_create_key(settings.archive_key_file, settings.is_production)),
        keys=IdentityKeys.load(settings),
        limits=limits or ReadLimits(),
    )
    try:
        for contract in contracts.values():
            office.checks(contract)
        with engine.begin() as connection:
            _require_same_key(connection, office)
            sync_codes(connection, office.statements, codelists)
        with engine.begin() as connection:
            prepare_staging(connection, office.statements, contracts.values())
        yield office
    finally:
        engine.dispose()


_FINGERPRINTED = "identitetsnyckelns fingeravtryck"


def _require_same_key(connection: Connection, office: Office) -> None:
    """Refuse another identity key than the one used before: it would silently make everybody a new person."""
    key = {"key_id": office.keys.key_id, "fingerprint": office.keys.alias(_FINGERPRINTED)}
    office.statements.execute(connection, "intake/remember_key.sql", **key)
    if not office.statements.fetch_value(connection, "intake/known_key.sql", **key):
        raise KeyFileError(
            "the identity key is not the one that this database's persons were entered with: put the right key file back"
        )
