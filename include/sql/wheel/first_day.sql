-- one row: the first day that anything was recorded of the year's activities; null when nothing ever was
SELECT min(e.on_day) AS on_day FROM lineage.activity_event AS e WHERE e.on_day <= :until;
