-- Number of senders who have delivered any of some datasets
SELECT count(DISTINCT sender) FROM lineage.delivery WHERE dataset = ANY(:datasets) AND status = 'mottagen'
