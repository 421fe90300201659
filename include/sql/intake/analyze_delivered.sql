-- Tells the planner how many rows have landed, so that the small side of each join is the one that is hashed.
ANALYZE pg_temp.delivered (row_no)
