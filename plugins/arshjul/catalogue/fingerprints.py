"""A fingerprint of what decides whether a row is loaded, so that rows can be tried again when it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from arshjul.catalogue.codelists import CodeList
from arshjul.catalogue.contracts import Contract
from arshjul.catalogue.yaml_files import changed


def rules_fingerprint(contract: Contract, codelists: Mapping[str, CodeList]) -> str:
    """Return the SHA-256 of a dataset's rules: the contract without its explanations, and its codes with their dates.

    Args:
        contract: The dataset.
        codelists: Every code list, by name.
    """
    fields = tuple(changed(field, description="") for field in contract.fields)
    codes = {
        name: [(code.code, code.valid_from, code.valid_to) for code in codelists[name].codes]
        for name in sorted({field.code_list for field in fields if field.code_list})
    }
    judged = changed(contract, description="", expected=None, fields=fields)
    return hashlib.sha256(repr((judged, codes)).encode()).hexdigest()
