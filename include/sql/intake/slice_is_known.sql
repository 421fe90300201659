-- true when a delivery counts for a slice: asked of the ledger, since core would be gone through for a slice it lacks
SELECT EXISTS (
    SELECT FROM lineage.delivery AS d
    WHERE d.is_current AND d.dataset = :dataset AND d.sender = :sender AND d.period = :period
)
