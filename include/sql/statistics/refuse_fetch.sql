-- Nothing of the fetch is loaded, and why.
UPDATE core.statistics_fetch
SET state = 'avvisad', refusal_rule = :rule, refusal_text = :text, finished_at = clock_timestamp()
WHERE fetch_id = :fetch_id AND state IN ('hamtar', 'hamtad');
