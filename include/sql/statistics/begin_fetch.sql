-- Begins a fetch and gives its number.
INSERT INTO core.statistics_fetch (run_id, source, selection_sha256, state)
VALUES (:run_id, :source, :selection_sha256, 'hamtar')
RETURNING fetch_id;
