"""The keys of the vault: a keyed alias to find a person by, a keyed mark to know a sensitive text by, and encryption.

A plain hash of a personnummer protects nothing, since all of them can be tried within a minute; the alias is therefore
an HMAC under a key that neither the database nor Airflow holds. Alias and encryption have different keys, and the
encrypted number is bound to its alias, so that a ciphertext moved to another person's row does not open. A sensitive
text is kept in the same way: its mark shows that it is the same text as before, and nothing else.

Source: facts/privacy.md §2.2.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from arshjul.lineage.keys import load_or_create_key
from arshjul.settings import Settings

_DOMAIN = b"arshjul/personnummer/1\x1f"
_TEXT_DOMAIN = b"arshjul/text/1\x1f"
_NONCE_BYTES = 12
_KEY_NUMBER = re.compile(r"\.([1-9][0-9]{0,3})\.key", re.ASCII)


class IdentityError(RuntimeError):
    """What was encrypted does not open under these keys and this alias or mark. Holds no part of it."""


@dataclass(frozen=True)
class IdentityKeys:
    """The alias key and the vault key in force.

    Attributes:
        key_id: Which alias key this is (1–9999), stored with every alias so that a later key can stand beside it. Taken
            from the key file's name: ``identity.key`` is 1, ``identity.2.key`` is 2.
    """

    key_id: int
    _alias_key: bytes = field(repr=False)
    _vault_key: bytes = field(repr=False)

    @classmethod
    def load(cls, settings: Settings) -> IdentityKeys:
        """Read both key files; outside production they are made when missing.

        Raises:
            KeyFileError: A key file cannot be used.
        """
        return cls(
            key_id=_key_id(settings.identity_key_file),
            _alias_key=load_or_create_key(settings.identity_key_file, settings.is_production),
            _vault_key=load_or_create_key(settings.vault_key_file, settings.is_production),
        )

    def alias(self, canonical: str) -> bytes:
        """Return the 32-byte alias of a number of twelve digits: the same number always gives the same alias."""
        return hmac.digest(self._alias_key, _DOMAIN + canonical.encode("ascii"), sha256)

    def mark(self, text: str) -> bytes:
        """Return the 32-byte mark of a sensitive text: the same text always gives the same mark."""
        return hmac.digest(self._alias_key, _TEXT_DOMAIN + text.encode(), sha256)

    def encrypt(self, text: str, mark: bytes) -> bytes:
        """Return a number or a text encrypted for the vault: a 12-byte nonce, then AES-256-GCM bound to its mark.

        Args:
            text: Twelve digits, or a sensitive text.
            mark: The number's alias, or the text's mark.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self._vault_key).encrypt(nonce, text.encode(), mark)

    def decrypt(self, encrypted: bytes, mark: bytes) -> str:
        """Return what :meth:`encrypt` hid.

        Raises:
            IdentityError: Another key, another alias or mark, or a changed ciphertext.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            hidden = AESGCM(self._vault_key).decrypt(encrypted[:_NONCE_BYTES], encrypted[_NONCE_BYTES:], mark)
        except (InvalidTag, ValueError):
            raise IdentityError("what was encrypted does not open under this key and mark") from None
        return hidden.decode()


def _key_id(path: Path) -> int:
    found = _KEY_NUMBER.search(path.name)
    return int(found[1]) if found else 1
