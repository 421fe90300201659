"""The ledger and the archive: what came in, what was made of it, and how to prove it."""
