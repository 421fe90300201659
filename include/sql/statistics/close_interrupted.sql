-- Refuses what an earlier fetch of the source left behind when its process was killed; the source's lock is held.
UPDATE core.statistics_fetch
SET state = 'avvisad', refusal_rule = :rule, refusal_text = :text, finished_at = clock_timestamp()
WHERE source = :source AND state = 'hamtar';
