"""The quality gate: Great Expectations suites on staging, core and indicator tables, and what their outcome means.

Checks come from three places and meet in :mod:`arshjul.quality.plan`: the contracts (what a loaded row must be), the
indicator definitions (what a value can be), and ``include/checks`` (everything else). They run as SQL in the database
(:mod:`arshjul.quality.expectations`), and :mod:`arshjul.quality.gate` writes the outcome to the ledger and decides:
``godkand``, ``varning`` (told in the report) or ``stopp`` (nothing is published; what was loaded stays loaded).
"""
