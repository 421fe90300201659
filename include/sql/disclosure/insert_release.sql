-- Say that public tables have left the house
INSERT INTO indicator.release (protection_id, kind, run_id)
SELECT released.protection_id, :kind, :run_id
FROM unnest(:protections::bigint[]) WITH ORDINALITY AS released (protection_id, place)
ORDER BY released.place;
