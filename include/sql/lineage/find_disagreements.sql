-- one row is one ledger row that was changed, removed or slipped in past the log
SELECT ledger_table, row_key FROM lineage.disagreements();
