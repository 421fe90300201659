"""The ledger's statements.

They belong to the code, not to what a municipality configures: they are read beside it, also where
``ARSHJUL_INCLUDE`` names another catalogue. So a ledger function needs a connection and nothing else.
"""

from __future__ import annotations

from arshjul.settings import REPOSITORY
from arshjul.warehouse.statements import Statements

LEDGER = Statements(REPOSITORY / "include" / "sql")
