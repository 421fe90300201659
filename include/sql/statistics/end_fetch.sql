-- All pages of a fetch are in.
UPDATE core.statistics_fetch SET state = 'hamtad', complete_at = clock_timestamp() WHERE fetch_id = :fetch_id;
