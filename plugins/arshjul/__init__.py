"""Årshjul: the follow-up year of a municipality's labour-market programmes.

One package; every room (sub-package) has one reason to change. The map of the rooms, and which room may import
which, stands in docs/architecture.md and is enforced by import-linter.
"""

__version__ = "0.1.0"
