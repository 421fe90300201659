"""Organisationsnummer: ten digits of which the last is a check digit.

Source: lagen (1974:174) om identitetsbeteckning för juridiska personer m.fl.; the check digit is that of a personnummer
(modulus 10). A sole trader's number is the owner's own, so the third digit says nothing here.
"""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"[0-9]{6}-?[0-9]{4}", re.ASCII)


def parse_orgnr(text: str) -> str | None:
    """Return the ten digits of an organisationsnummer written with or without a hyphen, ``None`` when it is not one."""
    if not _WRITTEN.fullmatch(text):
        return None
    digits = text.replace("-", "")
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[0::2])
    return digits if (doubled + sum(int(digit) for digit in digits[1::2])) % 10 == 0 else None
