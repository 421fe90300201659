-- one row is a delivery that was archived but neither loaded nor refused: its run was interrupted
SELECT delivery_id, dataset, sender, file_name, received_at
FROM lineage.delivery
WHERE status = 'landad'
ORDER BY delivery_id;
