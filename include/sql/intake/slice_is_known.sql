-- one row tells whether a delivery counts for a slice, and the moment from which what is being loaded is known
SELECT
    -- Asked of the ledger: core would be gone through for a slice that it lacks.
    EXISTS (
        SELECT FROM lineage.delivery AS d
        WHERE d.is_current AND d.dataset = :dataset AND d.sender = :sender AND d.period = :period
    ) AS is_known,
    clock_timestamp() AS known_at -- read after the lock of lock_knowledge.sql
