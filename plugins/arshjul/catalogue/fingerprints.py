"""A fingerprint of what decides whether a row is loaded, so that rows can be tried again when it has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast

import attrs

from arshjul.catalogue.codelists import CodeList
from arshjul.catalogue.contracts import Contract

_EXPLAINS = {"description", "example", "expected"}


def rules_fingerprint(contract: Contract, codelists: Mapping[str, CodeList]) -> str:
    """Return the SHA-256 of a dataset's rules: the contract without its explanations, and its codes with their dates.

    Args:
        contract: The dataset.
        codelists: Every code list, by name.
    """
    codes = {
        name: [(code.code, code.valid_from, code.valid_to) for code in codelists[name].codes]
        for name in {field.code_list for field in contract.fields if field.code_list}
    }
    judged = attrs.asdict(cast("Any", contract), filter=_decides)
    return hashlib.sha256(json.dumps([judged, codes], sort_keys=True, default=str).encode()).hexdigest()


def _decides(attribute: attrs.Attribute[Any], value: Any) -> bool:
    # What has its default says nothing: a key that a later version adds to contracts must not change old ones.
    return attribute.name not in _EXPLAINS and value != attribute.default
