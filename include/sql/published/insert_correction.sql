-- Note that a publication replaces an earlier one, and what has changed.
INSERT INTO published.correction (publication_id, replaces_id, run_id, reason)
VALUES (:publication_id, :replaces_id, :run_id, :reason);
