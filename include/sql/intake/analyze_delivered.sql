-- Tells the planner how much has landed: without it, large files are sorted on disk.
ANALYZE pg_temp.delivered;
