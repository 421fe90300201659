-- Reserve a sender's reminder of the day, unless it already is.
INSERT INTO lineage.reminder (run_id, sender, day, owed, reference)
VALUES (:run_id, :sender, :day, :owed::jsonb, :reference)
ON CONFLICT ON CONSTRAINT reminder_once_a_day DO NOTHING;
