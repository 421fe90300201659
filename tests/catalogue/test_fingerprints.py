"""A fingerprint changes with what decides whether a row is loaded, and with nothing else."""

from __future__ import annotations

from datetime import date

from arshjul.catalogue.codelists import Code, load_codelists
from arshjul.catalogue.contracts import Constraints, load_contracts
from arshjul.catalogue.fingerprints import rules_fingerprint
from arshjul.catalogue.yaml_files import changed
from arshjul.settings import REPOSITORY

INCLUDE = REPOSITORY / "include"


def test_rules_and_codes_change_it_and_explanations_do_not() -> None:
    contract, codelists = load_contracts(INCLUDE)["insatser"], load_codelists(INCLUDE)
    now = rules_fingerprint(contract, codelists)
    assert rules_fingerprint(load_contracts(INCLUDE)["insatser"], load_codelists(INCLUDE)) == now

    first, *others = contract.fields
    explained = changed(first, description="Något annat.")
    assert rules_fingerprint(changed(contract, fields=(explained, *others)), codelists) == now
    assert rules_fingerprint(changed(contract, expected=None), codelists) == now
    shorter = changed(first, constraints=Constraints(required=True, max_length=39))
    assert rules_fingerprint(changed(contract, fields=(shorter, *others)), codelists) != now
    assert rules_fingerprint(changed(contract, rules=contract.rules[1:]), codelists) != now

    def with_codes(name: str, *codes: Code) -> str:
        listed = codelists[name]
        return rules_fingerprint(contract, {**codelists, name: changed(listed, codes=(*listed.codes, *codes))})

    new = Code(code="praktik", title="Praktik", valid_from=date(2000, 1, 1))
    assert with_codes("insatstyper", new) != now
    assert with_codes("insatstyper", new) != with_codes("insatstyper", changed(new, valid_to=date(2026, 1, 1)))
    assert with_codes("malnivaer", new) == now, "a code list of other datasets"
